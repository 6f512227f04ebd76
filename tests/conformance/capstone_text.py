"""What capstone reads in an instruction word, in the canonical spelling of `text`.

Capstone prints pseudo-instructions (but tells the real one's name), ABI names and `dyn` as
nothing; the tables that undo this are the psABI's and the manual's, not the descriptions'.
"""

from __future__ import annotations

import re

import capstone
from riscvmodel import csrnames

# psABI, "Register Convention".
_INTEGER_NAMES = [
    *("zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1"),
    *(f"a{i}" for i in range(8)),
    *(f"s{i}" for i in range(2, 12)),
    *(f"t{i}" for i in range(3, 7)),
]
_FLOAT_NAMES = [
    *(f"ft{i}" for i in range(8)),
    *("fs0", "fs1"),
    *(f"fa{i}" for i in range(8)),
    *(f"fs{i}" for i in range(2, 12)),
    *(f"ft{i}" for i in range(8, 12)),
]
# What capstone spells otherwise than the manual, or wrongly (pmpaddr13 and pmpaddr14 are swapped).
_CAPSTONE_NAMES = {"unknown": "0", "dscratch": "1970", "pmpaddr13": "958", "pmpaddr14": "957"}
NAMES = {
    **{name: str(address) for name, address in vars(csrnames).items() if isinstance(address, int)},
    **{name: f"x{i}" for i, name in enumerate(_INTEGER_NAMES)},
    **{name: f"f{i}" for i, name in enumerate(_FLOAT_NAMES)},
    **_CAPSTONE_NAMES,
}
# Unprivileged manual, "RISC-V assembly programmer's handbook": a mnemonic with a number of
# operands, and the operands of the instruction it stands for. Those that capstone prints.
PSEUDO_INSTRUCTIONS = {
    ("nop", 0): "x0, x0, 0",
    ("mv", 2): "{0}, {1}, 0",
    ("not", 2): "{0}, {1}, -1",
    ("neg", 2): "{0}, x0, {1}",
    ("seqz", 2): "{0}, {1}, 1",
    ("snez", 2): "{0}, x0, {1}",
    ("sltz", 2): "{0}, {1}, x0",
    ("sgtz", 2): "{0}, x0, {1}",
    ("beqz", 2): "{0}, x0, {1}",
    ("bnez", 2): "{0}, x0, {1}",
    ("blez", 2): "x0, {0}, {1}",
    ("bgez", 2): "{0}, x0, {1}",
    ("bltz", 2): "{0}, x0, {1}",
    ("bgtz", 2): "x0, {0}, {1}",
    ("j", 1): "x0, {0}",
    ("jal", 1): "x1, {0}",
    ("jr", 1): "x0, 0({0})",
    ("ret", 0): "x0, 0(x1)",
    ("jalr", 1): "x1, 0({0})",
    ("jalr", 3): "{0}, {2}({1})",
    ("fence", 0): "iorw, iorw",
    ("unimp", 0): "x0, 3072, x0",
    ("csrr", 2): "{0}, {1}, x0",
    ("csrw", 2): "x0, {0}, {1}",
    ("csrs", 2): "x0, {0}, {1}",
    ("csrc", 2): "x0, {0}, {1}",
    ("csrwi", 2): "x0, {0}, {1}",
    ("csrsi", 2): "x0, {0}, {1}",
    ("csrci", 2): "x0, {0}, {1}",
    ("rdcycle", 1): "{0}, 3072, x0",
    ("rdtime", 1): "{0}, 3073, x0",
    ("rdinstret", 1): "{0}, 3074, x0",
    ("rdcycleh", 1): "{0}, 3200, x0",
    ("rdtimeh", 1): "{0}, 3201, x0",
    ("rdinstreth", 1): "{0}, 3202, x0",
    ("frflags", 1): "{0}, 1, x0",
    ("fsflags", 1): "x0, 1, {0}",
    ("fsflags", 2): "{0}, 1, {1}",
    ("fsflagsi", 1): "x0, 1, {0}",
    ("fsflagsi", 2): "{0}, 1, {1}",
    ("frrm", 1): "{0}, 2, x0",
    ("fsrm", 1): "x0, 2, {0}",
    ("fsrm", 2): "{0}, 2, {1}",
    ("fsrmi", 1): "x0, 2, {0}",
    ("fsrmi", 2): "{0}, 2, {1}",
    ("frcsr", 1): "{0}, 3, x0",
    ("fscsr", 1): "x0, 3, {0}",
    ("fscsr", 2): "{0}, 3, {1}",
    ("fmv.s", 2): "{0}, {1}, {1}",
    ("fneg.s", 2): "{0}, {1}, {1}",
    ("fabs.s", 2): "{0}, {1}, {1}",
    ("fmv.d", 2): "{0}, {1}, {1}",
    ("fneg.d", 2): "{0}, {1}, {1}",
    ("fabs.d", 2): "{0}, {1}, {1}",
}


class Disassembler:
    def __init__(self) -> None:
        self.pseudo_instructions: set[tuple[str, int]] = set()  # that it has printed
        self._capstone = capstone.Cs(capstone.CS_ARCH_RISCV, capstone.CS_MODE_RISCV32)

    def read(self, word: int) -> tuple[str, list[str]] | None:
        """The mnemonic and the operands of the instruction, or None where there is none."""
        found = next(self._capstone.disasm(word.to_bytes(4, "little"), 0), None)
        if found is None:
            return None
        texts = [_canonical(text) for text in found.op_str.split(", ")] if found.op_str else []
        spelling = found.mnemonic, len(texts)
        if spelling in PSEUDO_INSTRUCTIONS:
            self.pseudo_instructions.add(spelling)
            texts = PSEUDO_INSTRUCTIONS[spelling].format(*texts).split(", ")
        mnemonic = self._capstone.insn_name(found.id)
        return ("csrrw" if mnemonic == "unimp" else mnemonic), texts


def _canonical(text: str) -> str:
    return re.sub(r"-?[\w.]+", lambda name: _canonical_name(name[0]), text)


def _canonical_name(name: str) -> str:
    if name in NAMES:
        return NAMES[name]
    return str(int(name, 0)) if re.fullmatch(r"-?\d.*", name) else name
