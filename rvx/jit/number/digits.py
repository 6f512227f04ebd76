"""Steps on digits that several rules share: shifting with a sticky bit, rounding up or not."""

from __future__ import annotations

from typing import TypeAlias

from rvx.jit.text import Function
from rvx.number import Rounding
from rvx.record import record


@record(frozen=True)
class Drawn:
    """Stochastic rounding by a number drawn (`rvx.number.Draw`): its value, an i`bits`."""

    number: str
    bits: int


Mode: TypeAlias = Rounding | Drawn


def drawn_bits(mode: Mode) -> int:
    """The digits behind those kept that the mode looks at, beside a bit to round by and a sticky
    one."""
    return mode.bits if isinstance(mode, Drawn) else 0


def least(out: Function, width: int, value: str, most: str) -> str:
    """The smaller of two unsigned integers."""
    return out.select(out.compare("ult", width, value, most), f"i{width}", value, most)


def shift_jamming(out: Function, width: int, value: str, amount: str) -> str:
    """Shift right by an unsigned i32 of any size; lost ones make the last bit one."""
    by = out.resize(least(out, 32, amount, str(width - 1)), 32, width)
    kept = out.op("lshr", width, value, by)
    lost = out.compare("ne", width, out.op("shl", width, kept, by), value)
    return out.op("or", width, kept, out.resize(lost, 1, width))


def normalised(out: Function, width: int, value: str) -> tuple[str, str]:
    """Shift the leading one to the top: the value and the shift (i32). Zero stays zero."""
    zeros = out.unary("ctlz", width, value)
    if width & width - 1:
        zeros = least(out, width, zeros, str(width - 1))
    else:
        zeros = out.op("and", width, zeros, str(width - 1))
    return out.op("shl", width, value, zeros), out.resize(zeros, width, 32)


def normalised_nonzero(out: Function, width: int, value: str) -> tuple[str, str]:
    """The same; of zero, nothing that may be looked at."""
    zeros = out.unary("ctlz", width, value)
    return out.op("shl", width, value, zeros), out.resize(zeros, width, 32)


def rounds_up(
    out: Function, width: int, kept: str, rest: str, bits: int, mode: Mode, negative: str
) -> tuple[str, str]:
    """Whether to add one to `kept`, and whether `rest`, `bits` (at least 1) bits, is inexact."""
    if isinstance(mode, Drawn):
        return _drawn_above(out, width, rest, bits, mode), out.compare("ne", width, rest, "0")
    half = str(1 << bits - 1)
    inexact = out.compare("ne", width, rest, "0")
    match mode:
        case Rounding.RNE:
            odd = out.op("and", width, kept, "1")
            return out.compare("ugt", width, out.op("add", width, rest, odd), half), inexact
        case Rounding.RTZ:
            return "0", inexact
        case Rounding.RDN:
            return out.op("and", 1, inexact, negative), inexact
        case Rounding.RUP:
            return out.op("and", 1, inexact, out.op("xor", 1, negative, "1")), inexact
        case Rounding.RMM:
            return out.compare("uge", width, rest, half), inexact
        case Rounding.ODD:
            even = out.compare("eq", width, out.op("and", width, kept, "1"), "0")
            return out.op("and", 1, inexact, even), inexact


def _drawn_above(out: Function, width: int, rest: str, bits: int, mode: Drawn) -> str:
    """Whether the first bits of `rest` are above the number drawn; of an exact number never."""
    if bits >= mode.bits:
        first = out.op("lshr", width, rest, str(bits - mode.bits))
        return out.compare("ugt", width, first, out.resize(mode.number, mode.bits, width))
    wide = width + mode.bits
    first = out.op("shl", wide, out.resize(rest, width, wide), str(mode.bits - bits))
    return out.compare("ugt", wide, first, out.resize(mode.number, mode.bits, wide))
