"""Where unicorn 2.1.4 is known not to do what the manual says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rvx.number import NV

from .case import Case
from .state import F0, FCSR, State


class Codes(NamedTuple):
    """Of one width: the sign, infinity, the canonical NaN."""

    sign: int
    infinity: int
    nan: int


SINGLE = Codes(1 << 31, 0x7F800000, 0x7FC00000)
AMO_CAUSES = {6: 4, 7: 5}
DOUBLE = Codes(1 << 63, 0x7FF << 52, 0xFFF << 51)


def deviation(case: Case, operands: Mapping[str, int], ours: State, theirs: State) -> str | None:
    """The name of the deviation that explains all of the difference, or None.

    `nan-minimum`: minimum and maximum are those of F before version 2.2, where a signaling NaN
    gives the canonical NaN instead of the other operand. `fma-invalid`: an infinity times zero
    plus a quiet NaN does not raise NV (manual 20.6: it must). `csr-zero-mask`: a read-only CSR may
    be "written" from a register that holds zero, where only x0 is no write (manual 6.1).
    `sc-unchecked`: an sc.w that fails never traps. `sc-reservation`: it succeeds where the word is
    what lr.w read, and a trap ends the reservation (14.2 and the privileged manual let both).
    `amo-cause`: an atomic operation traps as the load that it begins with (privileged manual
    3.1.15: it must be the cause of a store).
    """
    fields, words = case.fields, list(ours.words)
    trap, pc = ours.trap, ours.pc
    operation, _, suffix = case.instruction.mnemonic.partition(".")
    codes = DOUBLE if suffix == "d" else SINGLE
    match operation:
        case "fmin" | "fmax" if any(is_signaling(codes, code) for code in operands.values()):
            words[F0 + fields["rd"]] = codes.nan
            name = "nan-minimum"
        case "fmadd" | "fmsub" | "fnmadd" | "fnmsub" if is_invalid_product(codes, operands):
            words[FCSR] &= ~NV
            name = "fma-invalid"
        case "csrrs" | "csrrc" if fields["csr"] >> 10 == 0b11 and operands["rs1"] == 0:
            trap, pc = None, case.pc + case.instruction.length
            words[fields["rd"]] = 0  # what mvendorid and mhartid are
            name = "csr-zero-mask"
        case "sc" if trap is not None:
            trap, pc = None, case.pc + case.instruction.length
            if fields["rd"]:
                words[fields["rd"]] = 1
            name = "sc-unchecked"
        case "sc":
            if fields["rd"]:
                words[fields["rd"]] = theirs.words[fields["rd"]] & 1
            name = "sc-reservation"
        case _ if operation.startswith("amo") and trap in AMO_CAUSES:
            trap = AMO_CAUSES[trap]
            name = "amo-cause"
        case _:
            return None
    return name if theirs == State(trap, pc, tuple(words)) else None


def is_signaling(codes: Codes, code: int) -> bool:
    return codes.infinity < code & ~codes.sign < codes.nan


def is_invalid_product(codes: Codes, operands: Mapping[str, int]) -> bool:
    """Infinity times zero, with a quiet NaN for the addend."""
    factors = {operands["rs1"] & ~codes.sign, operands["rs2"] & ~codes.sign}
    return factors == {0, codes.infinity} and operands["rs3"] & ~codes.sign >= codes.nan
