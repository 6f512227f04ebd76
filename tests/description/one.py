"""One invented instruction, run once: what the tests of the language are made of.

`one("rd: x, rs1: x", "rd = rs1 + 1;")` is an extension with the instruction `t.t`; fields that the
signature leaves out are zero. `run(machine, "t.t", x={1: 5}, rd=3, rs1=1)` runs it on a new hart.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

from rvx.description import load_machine
from rvx.machine.hart import Hart
from rvx.machine.memory import Memory
from rvx.model.machine import Machine

RAM = 0x8000_0000
PC = RAM + 0x1000
DATA = RAM + 0x8000

_FIELDS = {
    "R": ("rd", "rs1", "rs2"),
    "RF": ("rd", "rs1", "rs2", "rm"),
    "R4": ("rd", "rs1", "rs2", "rs3", "rm"),
    "I": ("rd", "rs1", "imm"),
    "SH": ("rd", "rs1", "shamt"),
    "S": ("rs1", "rs2", "imm"),
    "B": ("rs1", "rs2", "imm"),
    "U": ("rd", "uimm"),
    "J": ("rd", "imm"),
    "CSR": ("rd", "csr", "rs1"),
}
_FIXED = {
    "R": "funct3 = 0, funct7 = 0",
    "RF": "funct7 = 0",
    "R4": "fmt = 0",
    "I": "funct3 = 0",
    "SH": "funct3 = 0, funct7 = 0",
    "S": "funct3 = 0",
    "B": "funct3 = 0",
    "U": "",
    "J": "",
    "CSR": "funct3 = 0",
}


def one(
    signature: str, body: str, *, encoding: str = "R", before: str = "", members: str = ""
) -> Machine:
    """RV32IMF with the instruction `t.t`, declared after `before` and beside `members`."""
    named = signature.replace("(", " ").replace("[", " ").replace("]", " ").replace(":", " ")
    given = set(named.replace(",", " ").split())
    fixed = ["opcode = 11", *filter(None, [_FIXED[encoding]])]
    fixed += [f"{field} = 0" for field in _FIELDS[encoding] if field not in given]
    return machine(
        f"{before}\nextension Xt {{\n{members}\n"
        f"instruction t.t {signature} is {encoding}({', '.join(fixed)}) {{ {body} }}\n}}"
    )


def machine(text: str, isa: str = "rv32imf", **options: str) -> Machine:
    """The machine with a description of one's own."""
    path = Path(mkdtemp()) / "t.isa"
    path.write_text(text, encoding="utf-8")
    return load_machine(isa, extra=[path], options=options)


def run(
    of: Machine,
    mnemonic: str = "t.t",
    *,
    x: Mapping[int, int] | None = None,
    f: Mapping[int, int] | None = None,
    files: Mapping[str, Mapping[int, int]] | None = None,
    states: Mapping[str, int | list[int]] | None = None,
    memory: Mapping[int, bytes] | None = None,
    **fields: int,
) -> Hart:
    """The hart after the instruction; register operands default to x0, f0 and so on."""
    hart = Hart(of, Memory([range(RAM, RAM + 0x10000)]))
    hart.pc = PC
    for name, values in {"x": x or {}, "f": f or {}, **(files or {})}.items():
        for index, value in values.items():
            hart.registers[name][index] = value
    for name, value in (states or {}).items():
        hart.states[name] = value if isinstance(value, list) else [value]
    for address, data in (memory or {}).items():
        hart.memory.write(address, data)
    instruction = of.instructions[mnemonic]
    word = instruction.encode(**dict.fromkeys(instruction.operands, 0) | fields)
    hart.memory.store(hart.pc, instruction.length, word)
    bound = hart.fetch()
    assert bound is not None, "the word decodes to no instruction"
    assert bound.instruction.mnemonic == mnemonic
    hart.execute(bound)
    hart.commit(bound)
    return hart


def rd(hart: Hart, file: str = "x", index: int = 3) -> int:
    """The register that the tests write, by habit number 3."""
    return hart.registers[file][index]
