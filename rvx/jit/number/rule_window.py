"""Rule: a sum of products in 64-bit integers, exact by its span, then one rounding.

Language note, part 3.2, rules 4 and 8: for small formats and fixed point, in every mode, without
the host's floating-point unit and whatever its flags are.
"""

from __future__ import annotations

from typing import Final

from rvx.jit.number.rule import Cold, Rule
from rvx.jit.number.rule_carrier import BINARY64
from rvx.jit.number.rule_round import FRACTION, DoubleToFloat, is_rounded_to
from rvx.jit.number.rule_sum import is_integer_sum, merged
from rvx.jit.number.rule_summand import Summand, summands, width
from rvx.jit.number.rule_units import is_decodable, units_of
from rvx.jit.number.rule_zero import zero_code
from rvx.jit.number.shape import Polynomial, Term
from rvx.jit.text import Function
from rvx.number import Fixed, Float, Format, Rounding
from rvx.number.flags import NV, NX
from rvx.record import record

_BITS: Final = 64
_ONES: Final = (1 << 64) - 1


@record(frozen=True)
class IntegerSum:
    """Operands in units of their formats' LSBs, the sum in units of `2**lsb`."""

    shape: Polynomial
    summands: tuple[Summand, ...]
    lsb: int
    target: Format
    mode: Rounding
    sticky: bool

    sets_host_flags = False
    leaves_specials = True

    def emit(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        give_up, done = out.label("special"), out.label("rounded")
        results = list[tuple[str, str, str]]()
        units = self._sum(out, codes, give_up)
        if isinstance(self.target, Fixed):
            rounded = fixed_of(out, units, self.lsb, self.target, self.mode)
        else:
            assert isinstance(self.target, Float)
            zero, nonzero = out.label("zero"), out.label("nonzero")
            out.branch(out.compare("eq", _BITS, units, "0"), zero, nonzero, likely=False)
            out.begin(zero)
            code = zero_code(out, self.shape, codes, self.target, self.mode)
            results.append((code, "0", out.block))
            out.jump(done)
            out.begin(nonzero)
            rounding = DoubleToFloat(self.target, self.mode, self.sticky)
            rounded = rounding.emit(out, odd_double(out, units, self.lsb), give_up)
        results.append((*rounded, out.block))
        out.jump(done)
        out.begin(give_up)
        results.append((*cold(out, codes), out.block))
        out.jump(done)
        out.begin(done)
        return merged(out, results, self.target.bits)

    def _sum(self, out: Function, codes: list[str], give_up: str) -> str:
        values = {
            place: units_of(out, codes[place], self.shape.formats[place], give_up)
            for place in dict.fromkeys(p for each in self.summands for p in each.places)
        }
        total = "0"
        for summand in self.summands:
            base = min(span.lsb for span in summand.spans(self.shape.formats))
            inner = "0"
            for term in summand.terms:
                inner = out.op("add", _BITS, inner, self._product(out, term, values, base))
            for place in summand.common:
                inner = out.op("mul", _BITS, inner, values[place])
                base += self.shape.formats[place].span.lsb
            inner = out.op("shl", _BITS, inner, str(base - self.lsb))
            total = out.op("add", _BITS, total, inner)
        return total

    def _product(self, out: Function, term: Term, values: dict[int, str], base: int) -> str:
        product, lsb = str(term.factor & _ONES), term.power
        for i, place in enumerate(term.parameters):
            value = values[place]
            lsb += self.shape.formats[place].span.lsb
            if i == 0 and term.factor == -1:
                product = out.op("sub", _BITS, "0", value)
            else:
                one = i == 0 and term.factor == 1
                product = value if one else out.op("mul", _BITS, product, value)
        return out.op("shl", _BITS, product, str(lsb - base))


def odd_double(out: Function, units: str, lsb: int) -> str:
    """A number that is not zero, in units of `2**lsb`, as the bits of a double rounded to odd."""
    sign = out.op("ashr", _BITS, units, "63")
    magnitude = out.op("sub", _BITS, out.op("xor", _BITS, units, sign), sign)
    zeros = out.unary("ctlz", _BITS, magnitude)
    placed = out.op("shl", _BITS, magnitude, zeros)
    below = _BITS - 1 - FRACTION
    lost = out.op("and", _BITS, placed, str((1 << below) - 1))
    some = out.resize(out.compare("ne", _BITS, lost, "0"), 1, _BITS)
    fraction = out.op("or", _BITS, out.op("lshr", _BITS, placed, str(below)), some)
    # The leading one adds one to the exponent field.
    exponent = out.op("sub", _BITS, str(BINARY64.bias + _BITS - 2 + lsb), zeros)
    bits = out.op("add", _BITS, out.op("shl", _BITS, exponent, str(FRACTION)), fraction)
    return out.op("or", _BITS, bits, out.op("and", _BITS, sign, str(BINARY64.sign)))


def fixed_of(out: Function, units: str, lsb: int, target: Fixed, mode: Rounding) -> tuple[str, str]:
    """Round units of `2**lsb` to a fixed-point format: code and flags."""
    dropped, inexact = -target.fraction - lsb, "0"
    if dropped > 0:
        rest = out.op("and", _BITS, units, str((1 << dropped) - 1))
        inexact = out.compare("ne", _BITS, rest, "0")
        units = _rounded(out, units, dropped, inexact, mode)
    else:
        units = out.op("shl", _BITS, units, str(-dropped))
    flags = out.select(inexact, "i32", str(NX), "0")
    if target.bits < _BITS:
        low, high = str(target.low & _ONES), str(target.high)
        is_low = out.compare("slt", _BITS, units, low)
        is_high = out.compare("sgt", _BITS, units, high)
        flags = out.select(out.op("or", 1, is_low, is_high), "i32", str(NV), flags)
        if target.overflow == "saturate":
            units = out.select(is_high, "i64", high, out.select(is_low, "i64", low, units))
    return out.resize(units, _BITS, target.bits), flags if target.flags else "0"


def _rounded(out: Function, units: str, dropped: int, inexact: str, mode: Rounding) -> str:
    """Divide by `2**dropped`, a two's complement number."""
    half, ones = 1 << dropped - 1, (1 << dropped) - 1
    below = out.op("ashr", _BITS, units, str(dropped))
    match mode:
        case Rounding.RDN:
            return below
        case Rounding.ODD:
            return out.op("or", _BITS, below, out.resize(inexact, 1, _BITS))
        case Rounding.RUP:
            more = str(ones)
        case Rounding.RTZ:
            negative = out.op("ashr", _BITS, units, "63")
            more = out.op("and", _BITS, negative, str(ones))
        case Rounding.RNE:
            more = out.op("add", _BITS, out.op("and", _BITS, below, "1"), str(half - 1))
        case Rounding.RMM:
            negative = out.op("lshr", _BITS, units, "63")
            more = out.op("sub", _BITS, str(half), negative)
    return out.op("ashr", _BITS, out.op("add", _BITS, units, more), str(dropped))


def integer_sum(
    shape: Polynomial, target: Format, mode: Rounding, host_mode: Rounding | None, sticky: bool
) -> Rule | None:
    """The rule where every partial result, in units of the sum's LSB, fits 63 bits."""
    mode = target.mode or mode
    if not shape.terms or any(not term.parameters for term in shape.terms):
        return None
    if not all(is_decodable(format) for format in shape.formats):
        return None
    match target:
        case Fixed(bits=bits):
            if bits > _BITS:
                return None
        case Float():
            if not is_rounded_to(target) or is_integer_sum(shape):
                return None
        case _:
            return None
    parts = summands(shape)
    spans = [part.span(shape.formats) for part in parts]
    total = spans[0]
    for span in spans[1:]:
        total = total.add(span)
    # Sums that wrap on the way come back: only whole results need to fit. A rounding needs two
    # more bits, to add its half and to carry.
    room = max(0, total.lsb + target.fraction) if isinstance(target, Fixed) else 0
    inner = max(width(part.spans(shape.formats)[-1]) for part in parts)
    if max(width(total) + room, inner) > _BITS - 2 or abs(total.lsb) > 900:
        return None
    if isinstance(target, Fixed) and not 0 <= -target.fraction - total.lsb + room < _BITS - 1:
        return None
    return IntegerSum(shape, parts, total.lsb, target, mode, sticky)
