"""What the host may round to single and then to half precision, as if it were rounded once.

In a directed mode a number may always be rounded to more digits first. To nearest it must not come
to lie half way between two neighbours. A product that is exact in single precision is not rounded
twice. For a sum let m be half way, 2**e <= |m|, a + b = m + d, |a| >= |b|, and d != 0 what single
precision drops, so that |d| <= 2**(e - 24). Both terms have at most 11 digits, and what is below
the normal numbers of half precision is exact in single precision: m has 12 digits, which a has not,
and a is a multiple of 2**(e - 11). So m - a is none of less than 2**(e - 12), and b = m - a + d has
more than 11 digits from there to those of d: there is no such sum. (Figueroa, When is double
rounding innocuous?, 1995, has the case of two terms of one format.)
"""

from __future__ import annotations

from typing import Final

from rvx.jit.number.rule_carrier import is_ieee, is_integer
from rvx.jit.number.rule_decode import is_decodable, significant_bits
from rvx.jit.number.shape import Polynomial
from rvx.jit.text import Function
from rvx.number import Float, Format

SINGLE: Final = Float(8, 23)
_HALF_DIGITS: Final = 11
_LEAST_NORMAL: Final = -14
_TOP: Final = 2 - SINGLE.emin  # all its numbers are below 2**_TOP


def rounds_as_once(shape: Polynomial, target: Format) -> bool:
    """Whether the target is half precision, and a product or a sum of two terms such a number."""
    if not is_ieee(target, 5, 10) or any(map(is_integer, shape.formats)):
        return False
    if not all(map(is_decodable, shape.formats)) or len(shape.terms) > 2:
        return False
    if sum(len(term.parameters) for term in shape.terms) < 2:
        return False
    most, least = SINGLE.precision, SINGLE.lsb
    if len(shape.terms) == 2:
        most, least = _HALF_DIGITS, _LEAST_NORMAL - SINGLE.precision
    for term in shape.terms:
        formats = [shape.formats[place] for place in term.parameters]
        spans = [format.span for format in formats]
        digits = sum(map(significant_bits, formats))
        top = sum(max(-span.low, span.high).bit_length() + span.lsb for span in spans)
        if not formats or digits > most or sum(s.lsb for s in spans) < least or top > _TOP:
            return False
    return True


def half_of(out: Function, single: str) -> str:
    """A value in single precision rounded in the host's mode: the lowest of four halves, which
    stay in the host's register for vectors."""
    name = "llvm.experimental.constrained.fptrunc.v4f16.v4f32"
    out.module.declare(f"<4 x half> @{name}(<4 x float>, metadata, metadata)")
    how = 'metadata !"round.dynamic", metadata !"fpexcept.strict"'
    four = out.value(f"insertelement <4 x float> zeroinitializer, float {single}, i32 0")
    return out.value(f"call <4 x half> @{name}(<4 x float> {four}, {how}) strictfp")


def half_code(out: Function, halves: str) -> str:
    """The code (i16) of the lowest of four halves."""
    codes = out.value(f"bitcast <4 x half> {halves} to <4 x i16>")
    return out.value(f"extractelement <4 x i16> {codes}, i32 0")


def single_of_half(out: Function, code: str) -> str:
    """The value of a code (i16) in single precision, exactly."""
    name = "llvm.experimental.constrained.fpext.v4f32.v4f16"
    out.module.declare(f"<4 x float> @{name}(<4 x half>, metadata)")
    codes = out.value(f"insertelement <4 x i16> zeroinitializer, i16 {code}, i32 0")
    halves = out.value(f"bitcast <4 x i16> {codes} to <4 x half>")
    how = 'metadata !"fpexcept.strict"'
    four = out.value(f"call <4 x float> @{name}(<4 x half> {halves}, {how}) strictfp")
    return out.value(f"extractelement <4 x float> {four}, i32 0")
