"""What an expression of a description turns out to be, and the few lossless conversions.

A plain int is a literal: it takes the width of what it meets. Everything lossy is an error here,
with the words that make it explicit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from rvx.description.syntax import DescriptionError, Position
from rvx.model import ir
from rvx.model.machine import LanesView
from rvx.number import Fixed, Format
from rvx.record import record

if TYPE_CHECKING:
    from typing_extensions import TypeIs


@record(frozen=True, slots=True)
class Lanes:
    """An operand seen as several numbers; only indexing it gives a number."""

    operand: str
    view: LanesView
    register: ir.Word


@record(frozen=True, slots=True)
class ChoiceOf:
    """A word of the text that is no value: an option's choice."""

    option: str
    chosen: str


Value: TypeAlias = "int | ir.Word | ir.Number | ir.Truth | Lanes | ChoiceOf"


def is_word(value: Value) -> TypeIs[ir.Word]:
    return isinstance(value, ir.Word)


def is_number(value: Value) -> TypeIs[ir.Number]:
    return isinstance(value, ir.Number)


def is_truth(value: Value) -> TypeIs[ir.Truth]:
    return isinstance(value, ir.Truth)


def describe(value: Value) -> str:
    """The kind of a value, for messages."""
    if isinstance(value, int):
        return f"the integer {show(value)}"
    if isinstance(value, Lanes):
        return f"{value.operand}, which has {value.view.count} lanes,"
    if isinstance(value, ChoiceOf):
        return f"the option {value.option}"
    if is_word(value):
        return f"{value.width} bit{'s' if value.width > 1 else ''}"
    if is_truth(value):
        return "a truth"
    return "an integer number" if value.integral else "a number"


def show(value: int) -> str:
    """An integer for a message: decimal, or hexadecimal where that would be long."""
    return str(value) if abs(value) < 1 << 32 else f"{value:#x}"


def constant_word(value: int, width: int, at: Position) -> ir.Constant:
    if not -(1 << width - 1) <= value < 1 << width:
        raise DescriptionError(
            at, f"{show(value)} does not fit {width} bits: take a smaller value or more bits"
        )
    return ir.Constant(value & (1 << width) - 1, width)


def to_word(value: Value, width: int, at: Position) -> ir.Word:
    """The value as `width` bits, where nothing is lost."""
    if isinstance(value, int):
        return constant_word(value, width, at)
    if isinstance(value, ir.Truthy):
        return ir.Constant(int(value.value), width)
    if is_truth(value):
        return ir.TruthBits(value, width)
    if is_word(value):
        if value.width == width:
            return value
        if value.width < width:
            cure = "write signed(...) or unsigned(...) to extend it"
        else:
            cure = f"take a slice, for example [{width - 1}:0]"
        raise DescriptionError(
            at, f"width mismatch: {describe(value)} where {width} are needed: {cure}"
        )
    if is_number(value):
        return _fitting_bits(value, width, at)
    raise _no_value(value, at)


def _no_value(value: Lanes | ChoiceOf, at: Position) -> DescriptionError:
    match value:
        case Lanes(operand, view):
            cure = f"index one, as {operand}[0], or take bits({operand}) of all"
            return DescriptionError(at, f"{operand} has {view.count} lanes: {cure}")
        case ChoiceOf(option):
            return DescriptionError(
                at, f"the option {option} is no value: compare it, as {option} == {value.chosen}"
            )


def _fitting_bits(number: ir.Number, width: int, at: Position) -> ir.Word:
    span = number.span
    if not number.integral:
        raise DescriptionError(
            at,
            "an exact number cannot become bits without rounding: give the target a format, "
            "or name one around the expression and take bits(...) of it",
        )
    if span is None:
        raise DescriptionError(
            at,
            f"an exact integer of unknown size does not fit {width} bits: "
            f"take a slice, for example (...)[{width - 1}:0]",
        )
    if not (span.fits(width, True) or span.fits(width, False)):
        raise DescriptionError(
            at,
            f"an exact integer of {span.bits} bits does not fit {width} bits: "
            f"take a slice, for example (...)[{width - 1}:0], or name an integer format "
            "that wraps or saturates",
        )
    return ir.IntegerBits(number, 0, width)


def to_number(value: Value, at: Position) -> ir.Number:
    """The value as an exact number; bits must say how they are to be read."""
    if isinstance(value, int):
        return ir.Exact(value, 0)
    if is_number(value):
        return value
    if is_truth(value):
        return ir.WordNumber(ir.TruthBits(value, 1), signed=False)
    if is_word(value):
        raise DescriptionError(
            at,
            f"{describe(value)} where a number is needed: say how to read them: "
            "signed(...), unsigned(...) or ... as format",
        )
    raise _no_value(value, at)


def to_truth(value: Value, at: Position) -> ir.Truth:
    """The value as a condition."""
    if isinstance(value, int):
        return ir.Truthy(bool(value))
    if is_truth(value):
        return value
    if is_word(value) and value.width == 1:
        return ir.CompareWords("!=", value, ir.Constant(0, 1))
    raise DescriptionError(
        at, f"{describe(value)} where a condition is needed: compare it, as ... != 0"
    )


def to_integer(value: Value, at: Position, what: str) -> int:
    """A constant known when the description is read."""
    if isinstance(value, int):
        return value
    raise DescriptionError(at, f"{what} must be a constant, not {describe(value)}")


def is_integer_format(format: ir.FormatUse) -> bool:
    """Whether all its values are integers and none is special."""
    return all(isinstance(f, Fixed) and f.fraction == 0 for f in formats_of(format))


def formats_of(use: ir.FormatUse) -> tuple[Format, ...]:
    """The format, or all that may be chosen."""
    match use:
        case ir.Named(_, format):
            return (format,)
        case ir.Choice(formats=formats):
            return formats


def width_of(use: ir.FormatUse) -> int:
    """Bits of a code."""
    return formats_of(use)[0].bits


def decode(word: ir.Word, use: ir.FormatUse) -> ir.Decode:
    """The number that the word encodes, with its span."""
    first, *others = formats_of(use)
    span = first.span
    for other in others:
        span = span.union(other.span)
    return ir.Decode(word, use, span, is_integer_format(use))
