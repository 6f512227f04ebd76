"""The sign of a sum that is exactly zero, from the codes of its operands.

Zeros of one sign sum to a zero of that sign; otherwise the mode chooses (IEEE 754-2019, section
6.3). The kinds of the products decide, not the order of the additions.
"""

from __future__ import annotations

from rvx.jit.number.shape import Polynomial
from rvx.jit.text import Function
from rvx.number import Fixed, Float, Format, Power, Rounding


def zero_code(
    out: Function, shape: Polynomial, codes: list[str], target: Float, mode: Rounding
) -> str:
    """The code of the zero that a sum of finite operands is."""
    zeros = [_is_zero(out, c, f) for c, f in zip(codes, shape.formats, strict=True)]
    signs = [_sign(out, c, f) for c, f in zip(codes, shape.formats, strict=True)]
    all_zero, all_negative, any_negative = "1", "1", "0"
    for term in shape.terms:
        is_zero, sign = "0", str(int(term.factor < 0))
        for place in term.parameters:
            is_zero = out.op("or", 1, is_zero, zeros[place])
            sign = out.op("xor", 1, sign, signs[place])
        all_zero = out.op("and", 1, all_zero, is_zero)
        all_negative = out.op("and", 1, all_negative, sign)
        any_negative = out.op("or", 1, any_negative, sign)
    if mode is Rounding.RDN:
        all_positive = out.op("xor", 1, any_negative, "1")
        negative = out.op("xor", 1, out.op("and", 1, all_zero, all_positive), "1")
    else:
        negative = out.op("and", 1, all_zero, all_negative)
    return out.op("shl", target.bits, out.resize(negative, 1, target.bits), str(target.bits - 1))


def _is_zero(out: Function, code: str, format: Format) -> str:
    if isinstance(format, Power) and not format.zero:
        return "0"
    if isinstance(format, Float | Power) and format.signed:
        code = out.op("and", format.bits, code, str((1 << format.bits - 1) - 1))
    return out.compare("eq", format.bits, code, "0")


def _sign(out: Function, code: str, format: Format) -> str:
    if isinstance(format, Fixed | Float | Power) and not format.signed:
        return "0"
    top = 1 << format.bits - 1
    return out.compare("uge", format.bits, code, str(top))
