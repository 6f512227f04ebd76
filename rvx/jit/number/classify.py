"""The ten classes of a code, as fclass has them."""

from __future__ import annotations

from rvx.jit.number.polynomial import kinds_of
from rvx.jit.number.special import join
from rvx.jit.text import Function
from rvx.number import Float, Format
from rvx.number.real import NAN, NEG_INF, NEG_ZERO, NEGATIVE, POS_INF, POS_ZERO, POSITIVE

# A bit of the class for each kind; the last are what a subnormal number has instead.
_CLASSES = ((NEG_INF, 0), (NEGATIVE, 1), (NEG_ZERO, 3), (POS_ZERO, 4), (POSITIVE, 6), (POS_INF, 7))
_SUBNORMAL = ((NEGATIVE, 2), (POSITIVE, 5))
_SIGNALING, _QUIET = 8, 9


def classified(out: Function, format: Format, code: str) -> str:
    """The class (i10): one bit."""
    kinds, flags = kinds_of(out, format, code)
    nan = out.select(
        out.compare("eq", 32, flags, "0"), "i32", str(1 << _QUIET), str(1 << _SIGNALING)
    )
    found = out.select(out.compare("eq", 32, kinds, str(NAN)), "i32", nan, "0")
    for kind, bit in _CLASSES:
        found = join(out, found, _bit(out, kinds, kind, bit))
    if isinstance(format, Float):
        subnormal = "0"
        for kind, bit in _SUBNORMAL:
            subnormal = join(out, subnormal, _bit(out, kinds, kind, bit))
        finite = join(out, _bit(out, kinds, NEGATIVE, 0), _bit(out, kinds, POSITIVE, 0))
        small = _is_below_normal(out, format, code)
        small = out.op("and", 1, small, out.compare("ne", 32, finite, "0"))
        found = out.select(small, "i32", subnormal, found)
    return out.resize(found, 32, 10)


def _bit(out: Function, kinds: str, kind: int, bit: int) -> str:
    here = out.op("lshr", 32, kinds, str(kind.bit_length() - 1))
    return out.op("shl", 32, out.op("and", 32, here, "1"), str(bit))


def _is_below_normal(out: Function, format: Float, code: str) -> str:
    field = (1 << format.exponent) - 1 << format.fraction
    return out.compare("eq", format.bits, out.op("and", format.bits, code, str(field)), "0")
