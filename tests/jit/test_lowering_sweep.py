"""Many operands for every instruction that computes, in every rounding mode: `pytest -m sweep`."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from one_instruction import Draw, Pair
from operand_rows import agree_on_rows, draw_rows

from rvx.description import load_machine
from rvx.model.machine import Machine

ROWS = 4000
MACHINES = {
    isa: load_machine(isa) for isa in ("rv32imf_zicsr_xdotp_xposit", "rv32imfd_zicsr_xdotp")
}
_LEAVING = frozenset({"load", "store", "csr", "trap", "jump", "branch"})


def modes_of(machine: Machine, mnemonic: str) -> list[dict[str, int]]:
    """Every rounding mode and every choice of formats that makes a difference."""
    instruction = machine.instructions[mnemonic]
    frm = [code for code, mode in machine.roundings.items() if mode]
    fmode = range(4) if instruction.extension == "Xdotp" else range(1)
    modes = product(frm if instruction.rounds else frm[:1], fmode)
    return [{"fs": 3, "frm": one, "fmode": other} for one, other in modes]


@pytest.mark.sweep
@pytest.mark.parametrize("isa", MACHINES)
@pytest.mark.parametrize("use_host", [True, False])
def test_operands(isa: str, use_host: bool) -> None:
    machine = MACHINES[isa]
    for mnemonic, instruction in machine.instructions.items():
        if instruction.classes & _LEAVING or (not use_host and not instruction.rounds):
            continue
        for modes in modes_of(machine, mnemonic):
            random = Random(f"{mnemonic} {modes}")
            draw = Draw(machine, random)
            rm = {"rm": 7} if instruction.rm else {}
            word = instruction.encode(**draw.fields(instruction, **rm))
            pair = Pair(machine, word, modes, use_host=use_host)
            agree_on_rows(pair, draw_rows(draw, pair, ROWS))
