"""Rounding an integer, or a quotient of integers, into an integer or fixed-point format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rvx.jit import integer, quotient
from rvx.jit.bounds import legal, needed
from rvx.model import ir
from rvx.number import NV, Fixed

if TYPE_CHECKING:
    from rvx.jit.lowering import Lowering


def encode(to: Lowering, e: ir.Encode) -> str:
    """The code. What is no integer is the business of `numbers`."""
    number = e.number
    if isinstance(number, ir.NumberSelect) and not number.integral:
        return _chosen(to, e, number)
    if isinstance(number, ir.Rounded) and number.format == e.format:
        # A value of the format is encoded as itself, and raises nothing that it did not before.
        return to.word(ir.Encode(number.number, e.format, number.mode, e.width))
    format = to.choose(e.format)
    if isinstance(format, Fixed) and (code := narrowed(to, number, format, e)) is not None:
        return code
    return to.numbers.encode(to, e)


def _chosen(to: Lowering, e: ir.Encode, number: ir.NumberSelect) -> str:
    """Round the chosen side: flags are those of the condition and of the side."""

    def side(of: ir.Number, holds: bool) -> str:
        with quotient.assuming(to, number.condition, holds):
            return to.word(ir.Encode(of, e.format, e.mode, e.width))

    format = to.choose(e.format)
    light = isinstance(format, Fixed) and all(
        _is_integer(to, of, format, e) for of in (number.then, number.otherwise)
    )
    return to.either(
        to.truth(number.condition),
        f"i{e.width}",
        lambda: side(number.then, True),
        lambda: side(number.otherwise, False),
        heavy=not light,
    )


def _is_integer(to: Lowering, e: ir.Number, format: Fixed, at: ir.Encode | ir.Rounded) -> bool:
    return e.integral or quotient.is_integer(to, e, format, at.mode)


def narrowed(to: Lowering, e: ir.Number, format: Fixed, at: ir.Encode | ir.Rounded) -> str | None:
    """The code of an integer or of a cut quotient; None: it is neither."""
    out = to.out
    if not _is_integer(to, e, format, at):
        return None
    low, high = quotient.bounds_of(to, e)
    low, high = low << format.fraction, high << format.fraction
    fits = format.low <= low and high <= format.high
    wraps = format.overflow != "saturate" and not format.flags
    width = legal(format.bits if fits or wraps else needed(low, high))
    if isinstance(e, ir.Quotient):
        units = quotient.cut(to, e, width)
    else:
        units = out.op("shl", width, integer.bits(to, e, width), str(format.fraction))
    if not (fits or wraps):
        units = _bounded(to, units, width, format, (low, high))
    code = out.resize(units, width, format.bits)
    return quotient.by_zero(to, e, code, format) if isinstance(e, ir.Quotient) else code


def _bounded(to: Lowering, units: str, width: int, format: Fixed, span: tuple[int, int]) -> str:
    """Saturated, and NV where the format raises flags."""
    out, mask = to.out, (1 << width) - 1
    outside = "0"
    for predicate, bound, may in (
        ("slt", format.low, span[0] < format.low),
        ("sgt", format.high, span[1] > format.high),
    ):
        if may:
            beyond = out.compare(predicate, width, units, str(bound & mask))
            outside = out.op("or", 1, outside, beyond)
            if format.overflow == "saturate":
                units = out.select(beyond, f"i{width}", str(bound & mask), units)
    if format.flags:
        to.accrue(out.select(outside, "i32", str(NV), "0"))
    return units
