"""What is compared after an instruction."""

from __future__ import annotations

from dataclasses import dataclass

CSRS = {"fcsr": 0x003, "mscratch": 0x340, "mepc": 0x341, "mstatus": 0x300}
# Of mstatus MPIE and MIE. Unicorn's also has a user mode to return to, and FS is dirty or off.
MSTATUS_MIE, MSTATUS_MPIE = 1 << 3, 1 << 7
# The words of a state, in this order.
NAMES = [*(f"x{i}" for i in range(32)), *(f"f{i}" for i in range(32)), *CSRS]
F0, FCSR = NAMES.index("f0"), NAMES.index("fcsr")


@dataclass(frozen=True, slots=True)
class State:
    """How an instruction ended, and every register then."""

    trap: int | None
    pc: int | None  # None where it trapped
    words: tuple[int, ...]


def difference(ours: State, theirs: State) -> str:
    """A line for each difference."""
    pairs = [
        ("trap", ours.trap, theirs.trap),
        ("pc", ours.pc, theirs.pc),
        *zip(NAMES, ours.words, theirs.words, strict=True),
    ]
    return "\n".join(
        f"{what}: rvx {a if a is None else hex(a)}, unicorn {b if b is None else hex(b)}"
        for what, a, b in pairs
        if a != b
    )
