"""The fields of the standard instruction formats, as assemblers and relocations know them.

They are for `.insn` and for object files of others; the machine's own come from its description.
"""

from __future__ import annotations

from rvx.model.encoding import Field, Placement


def _field(name: str, *placements: tuple[int, int, int]) -> Field:
    """Placements are the lowest bit in the word, the lowest bit of the value, and the width."""
    return Field(name, tuple(Placement(*placement) for placement in placements), sliced=False)


WORD = {
    "opcode": _field("opcode", (0, 0, 7)),
    "rd": _field("rd", (7, 0, 5)),
    "rs1": _field("rs1", (15, 0, 5)),
    "rs2": _field("rs2", (20, 0, 5)),
    "rs3": _field("rs3", (27, 0, 5)),
    "funct2": _field("funct2", (25, 0, 2)),
    "funct3": _field("funct3", (12, 0, 3)),
    "funct7": _field("funct7", (25, 0, 7)),
    "imm": _field("imm", (20, 0, 12)),
    "store": _field("imm", (25, 5, 7), (7, 0, 5)),
    "upper": _field("uimm", (12, 0, 20)),
    "target": _field("imm", (31, 12, 1), (25, 5, 6), (8, 1, 4), (7, 11, 1)),
    "jump": _field("imm", (31, 20, 1), (21, 1, 10), (20, 11, 1), (12, 12, 8)),
}
HALF = {
    "opcode": _field("opcode", (0, 0, 2)),
    "rd": _field("rd", (7, 0, 5)),
    "rs1'": _field("rs1", (7, 0, 3)),
    "rd'": _field("rd", (2, 0, 3)),
    "rd1'": _field("rd", (7, 0, 3)),
    "rs2": _field("rs2", (2, 0, 5)),
    "rs2'": _field("rs2", (2, 0, 3)),
    "funct2": _field("funct2", (5, 0, 2)),
    "funct3": _field("funct3", (13, 0, 3)),
    "funct4": _field("funct4", (12, 0, 4)),
    "funct6": _field("funct6", (10, 0, 6)),
    "imm": _field("imm", (12, 5, 1), (2, 0, 5)),
    "uimm5": _field("uimm", (10, 2, 3), (5, 0, 2)),
    "uimm6": _field("uimm", (7, 0, 6)),
    "uimm8": _field("uimm", (5, 0, 8)),
    "target": _field("imm", (12, 8, 1), (10, 3, 2), (5, 6, 2), (3, 1, 2), (2, 5, 1)),
    "jump": _field(
        "imm",
        *((12, 11, 1), (11, 4, 1), (9, 8, 2), (8, 10, 1)),
        *((7, 6, 1), (6, 7, 1), (3, 1, 3), (2, 5, 1)),
    ),
}
