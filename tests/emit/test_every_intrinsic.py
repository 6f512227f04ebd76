"""Every intrinsic of a machine compiled, and its instruction found in the object file."""

from __future__ import annotations

from pathlib import Path

import pytest
from c_compiler import COMPILERS, Compiler, code_of, in_a_sweep
from c_source import ODD, written
from every_call import Call, every_call

from rvx.description import load_machine
from rvx.model.decoder import Decoder
from rvx.model.machine import Machine

SHIPPED = "rv32imf_zicsr_zifencei_xdotp_xposit"


def decoded(machine: Machine, code: bytes, call: Call) -> list[dict[str, int]]:
    """The fields of each word in the function that is the call's instruction."""
    decoder, size = Decoder(machine), call.instruction.length
    words = [
        int.from_bytes(code[at : at + size], "little") for at in range(0, len(code) - size + 1, 2)
    ]
    return [
        call.instruction.decode(word) for word in words if decoder.decode(word) is call.instruction
    ]


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize(
    ("standard", "optimise", "seed", "extra"),
    [("c99", "-O2", 1, (ODD,)), ("c++17", "-O0", 2, ())]
    + [
        in_a_sweep(standard, optimise, 3, (ODD,))
        for standard in ("c99", "c++17")
        for optimise in ("-O0", "-O2", "-Os", "-O3")
    ],
)
def test_every_intrinsic_is_its_instruction(
    compiler: Compiler,
    standard: str,
    optimise: str,
    seed: int,
    extra: tuple[Path, ...],
    tmp_path: Path,
) -> None:
    machine = load_machine(SHIPPED, extra)
    calls = every_call(machine, seed)
    body = "".join(call.text for call in calls)
    if standard.startswith("c++"):
        body = f'extern "C" {{\n{body}}}\n'
    source = written(tmp_path, SHIPPED, extra, body)
    codes = code_of(compiler.compile(source, standard, optimise))
    for call in calls:
        found = decoded(machine, codes[call.symbol], call)
        wanted = call.constants | (call.registers if optimise == "-O2" else {})
        assert any(wanted.items() <= fields.items() for fields in found), (
            f"{call.text}: {wanted}, found {found}"
        )
