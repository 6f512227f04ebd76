"""Models kept from run to run, as tests see them."""

from __future__ import annotations

from pathlib import Path

from rvx.description import catalogue, load
from rvx.model.machine import Machine

ISA = "rv32imf_xdotp"
OWN = """extension Xown {
    instruction own.add rd: x, rs1: x, rs2: x
        is R(funct7 = 0b0000001, funct3 = 0, opcode = 0b0001011) {
        rd = rs1 + rs2;
    }
}
"""


def forget() -> None:
    """Be as a process that has just started."""
    for remembered in (load._machine, catalogue.catalogue, catalogue._parsed):
        remembered.cache_clear()


def own(folder: Path, text: str = OWN) -> Path:
    """Write a description of the user's own."""
    path = folder / "own.isa"
    path.write_text(text, encoding="utf-8")
    return path


def names(folder: Path) -> set[str]:
    """The entries."""
    return {path.name for path in folder.iterdir()}


def shown(machine: Machine) -> dict[str, str]:
    """All that it says, but for the scope, which says the same in another way."""
    parts = vars(machine).keys() - {"scope", "csr_at", "ialign"}
    return {part: str(vars(machine)[part]) for part in parts}
