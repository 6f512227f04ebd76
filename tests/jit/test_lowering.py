"""Every instruction by its lowering and by the reference, on random and special operands."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest
from one_instruction import COUNTED, Draw, Pair

from rvx.description import load_machine
from rvx.jit.effects import Untranslatable
from rvx.jit.region import Reason
from rvx.model import ir
from rvx.model.machine import Instruction, Machine, RegisterOperand
from rvx.model.walk import nodes

INVENTIONS = Path(__file__).parent.parent / "description" / "inventions"
MACHINES = {
    "single": ("rv32imfc_zicsr_zifencei_xdotp_xposit", ()),
    "double": ("rv32imfdc_zicsr", ()),
    "small": ("rv32i", ()),
    "posits": ("rv32im_xposit", ()),
    **{name: ("rv32imf", (INVENTIONS / f"{name}.isa",)) for name in ("block", "coding", "nibble")},
    **{name: ("rv32imf", (INVENTIONS / f"{name}.isa",)) for name in ("search", "signal")},
}
WORDS, STARTS = 3, 30


@cache
def machine(name: str) -> Machine:
    isa, extra = MACHINES[name]
    return load_machine(isa, extra=list(extra))


def each_instruction() -> list[object]:
    """Each instruction on the first machine that has it; on wider registers those of f again."""
    found: dict[object, object] = {}
    for name in MACHINES:
        of = machine(name)
        for mnemonic, instruction in of.instructions.items():
            files = {
                o.file for o in instruction.operands.values() if isinstance(o, RegisterOperand)
            }
            key = mnemonic, max((file.width for file in files), default=32)
            found.setdefault(key, pytest.param(name, mnemonic, id=f"{name}-{mnemonic}"))
    return list(found.values())


def draw_modes(of: Machine, random: Random) -> dict[str, int]:
    """Values of the mode states under which most instructions are legal."""
    modes = {"fs": random.choice([1, 3, 3])}
    if "frm" in of.states:
        modes["frm"] = random.choice([code for code, mode in of.roundings.items() if mode])
    for state in of.states.values():
        if state.mode and state.name not in ("fs", "frm", "privilege"):
            modes[state.name] = random.getrandbits(state.width)
    return modes


def may_be_left_out(of: Machine, instruction: Instruction, fields: dict[str, int]) -> bool:
    """What native code always leaves to the reference: traps, and writes to counters and to what
    interrupts depend on, and reads of the CLINT's clock."""
    left = COUNTED | of.interrupt_states
    if any(isinstance(n, ir.SetState) and n.name in left for n in nodes(instruction.body)):
        return True
    if "trap" in instruction.classes or (
        instruction.long and "trap" in instruction.long.target.classes
    ):
        return True
    if "csr" in instruction.classes:
        csr = of.csr_at.get(fields["csr"])
        return (
            csr is None
            or csr.is_read_only
            or any(isinstance(n, ir.State) and n.name == "mtime" for n in nodes(csr.value))
            or any(isinstance(node, ir.SetState) and node.name in left for node in nodes(csr.write))
        )
    return False


@pytest.mark.parametrize(("name", "mnemonic"), each_instruction())
def test_instruction(name: str, mnemonic: str) -> None:
    of, random = machine(name), Random(mnemonic)
    instruction, draw = of.instructions[mnemonic], Draw(of, random)
    native = left_out = 0
    for turn in range(WORDS):
        fields, modes = draw.fields(instruction), draw_modes(of, random)
        word, level = instruction.encode(**fields), 2 if turn == 2 else 0
        try:
            pair = Pair(of, word, modes, level=level, use_host=random.random() < 0.7)
        except Untranslatable:
            # Raising flags would also change fs, or the target is misaligned.
            known = modes["fs"] != 3 or "branch" in instruction.classes or mnemonic == "jal"
            assert known or may_be_left_out(of, instruction, fields)
            left_out += 1
            continue
        native += sum(pair.agree(draw.start(modes)) is not Reason.BAIL for _ in range(STARTS))
    assert native or left_out


@pytest.mark.parametrize("fs", [0, 1, 3])
def test_every_csr(fs: int) -> None:
    of, random = machine("single"), Random(fs)
    draw, modes = Draw(of, random), {"fs": fs, "frm": 2}
    for address, csr in of.csr_at.items():
        if csr.name.startswith("mhpm") and address % 8:
            continue  # they are all alike
        for mnemonic in ("csrrw", "csrrs", "csrrci"):
            instruction = of.instructions[mnemonic]
            fields = draw.fields(instruction, csr=address)
            try:
                pair = Pair(of, instruction.encode(**fields), modes)
            except Untranslatable:
                assert may_be_left_out(of, instruction, fields) or (csr.needs and not fs)
                continue
            for _ in range(4):
                assert pair.agree(draw.start(modes)) is not Reason.BAIL
