"""Where unicorn 2.1.4 is known not to do what the manual says."""

from __future__ import annotations

from collections.abc import Mapping

from rvx.number import NV

from .case import Case
from .state import F0, FCSR, State

SIGN, INFINITY, CANONICAL_NAN = 0x80000000, 0x7F800000, 0x7FC00000


def deviation(case: Case, operands: Mapping[str, int], ours: State, theirs: State) -> str | None:
    """The name of the deviation that explains all of the difference, or None.

    `nan-minimum`: minimum and maximum are those of F before version 2.2, where a signaling NaN
    gives the canonical NaN instead of the other operand. `fma-invalid`: an infinity times zero
    plus a quiet NaN does not raise NV (manual 20.6: it must). `csr-zero-mask`: a read-only CSR may
    be "written" from a register that holds zero, where only x0 is no write (manual 6.1).
    """
    fields, words = case.fields, list(ours.words)
    trap, pc = ours.trap, ours.pc
    match case.instruction.mnemonic:
        case "fmin.s" | "fmax.s" if any(map(is_signaling, operands.values())):
            words[F0 + fields["rd"]] = CANONICAL_NAN
            name = "nan-minimum"
        case "fmadd.s" | "fmsub.s" | "fnmadd.s" | "fnmsub.s" if is_invalid_product(operands):
            words[FCSR] &= ~NV
            name = "fma-invalid"
        case "csrrs" | "csrrc" if fields["csr"] >> 10 == 0b11 and operands["rs1"] == 0:
            trap, pc = None, case.pc + case.instruction.length
            words[fields["rd"]] = 0  # what mvendorid and mhartid are
            name = "csr-zero-mask"
        case _:
            return None
    return name if theirs == State(trap, pc, tuple(words)) else None


def is_signaling(code: int) -> bool:
    return INFINITY < code & ~SIGN < CANONICAL_NAN


def is_invalid_product(operands: Mapping[str, int]) -> bool:
    """Infinity times zero, with a quiet NaN for the addend."""
    factors = {operands["rs1"] & ~SIGN, operands["rs2"] & ~SIGN}
    return factors == {0, INFINITY} and operands["rs3"] & ~SIGN >= CANONICAL_NAN
