"""What goes into a format: which rounding it takes, and what must be proved before it may."""

from __future__ import annotations

from rvx.description.expression import Context
from rvx.description.facts import facts_of
from rvx.description.syntax import DescriptionError, Position
from rvx.description.values import decode, formats_of, is_integer_format, width_of
from rvx.model import ir
from rvx.number import Fixed, Float, Format, Span


def rounded(context: Context, number: ir.Number, use: ir.FormatUse, at: Position) -> ir.Number:
    """`format(number)`: the number after one rounding."""
    mode = rounding_of(context, number, use, at)
    shape = decode(ir.Constant(0, width_of(use)), use)
    return ir.Rounded(number, use, mode, shape.span, shape.integral)


def rounding_of(context: Context, number: ir.Number, use: ir.FormatUse, at: Position) -> ir.Mode:
    """The mode by which the number goes into the format, or an error where it cannot."""
    formats = formats_of(use)
    for format in formats:
        _check_exact(number.span, use, format, at)
        if isinstance(format, Fixed) and format.overflow == "none":
            _check_range(context, number, use, format, at)
    if context.mode is not None:
        if any(format.is_exact or format.mode is not None for format in formats):
            raise DescriptionError(at, f"{use.name} rounds in its own way: leave 'with' out")
        return context.mode
    own = {format.mode for format in formats}
    if len(own) == 1 and None not in own:
        return own.pop()
    if all(format.is_exact for format in formats):
        return None
    if number.integral and is_integer_format(use):
        return None
    if not all(_has_every_value(format, number) for format in formats):
        context.rounds = True
    return None


def _check_exact(span: Span | None, use: ir.FormatUse, format: Format, at: Position) -> None:
    if format.is_exact and not (span and span.lsb >= format.span.lsb):
        raise DescriptionError(
            at, f"{use.name} never rounds, but this may lie between its values: round it first"
        )


def _check_range(
    context: Context, number: ir.Number, use: ir.FormatUse, format: Fixed, at: Position
) -> None:
    cure = "declare the format with overflow: wrap or overflow: saturate"
    if not (number.span and _in_range(format.span, number.span)):
        raise DescriptionError(at, f"this may be out of {use.name}'s range: {cure}")
    if not facts_of(number, context.facts).is_finite:
        raise DescriptionError(at, f"this may be infinite or NaN, which {use.name} lacks: {cure}")


def _in_range(format: Span, span: Span) -> bool:
    lsb = min(format.lsb, span.lsb)
    return (
        format.low << format.lsb - lsb <= span.low << span.lsb - lsb
        and span.high << span.lsb - lsb <= format.high << format.lsb - lsb
    )


def _has_every_value(format: Format, number: ir.Number) -> bool:
    """Whether the format provably has every value of the number, so that nothing rounds."""
    match number:
        case ir.Decode(_, use) | ir.Rounded(_, use) if isinstance(format, Float):
            return all(_includes(format, other) for other in formats_of(use))
        case ir.NumberOp("minimum" | "maximum", one, other) | ir.NumberSelect(_, one, other):
            return _has_every_value(format, one) and _has_every_value(format, other)
        case ir.NumberFunction("-" | "abs", value) if isinstance(format, Float) and format.signed:
            return _has_every_value(format, value)
    span = number.span
    if span is None:
        return False
    if isinstance(format, Float):
        digits = max(abs(span.low), abs(span.high)).bit_length()
        return digits <= format.precision and format.span.contains(span)
    return isinstance(format, Fixed) and format.span.contains(span)


def _includes(format: Float, other: Format) -> bool:
    """Whether every number of the other format is one of this."""
    if isinstance(other, Float):
        return other.precision <= format.precision and format.span.contains(other.span)
    digits = max(abs(other.span.low), abs(other.span.high)).bit_length()
    return digits <= format.precision and format.span.contains(other.span)
