"""What an expression of a description turns out to be, and the few lossless conversions.

A plain int is a literal: it takes the width of what it meets. Everything lossy is an error here,
with the words that make it explicit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from rvx.description.syntax import DescriptionError, Position
from rvx.model import expression as ir
from rvx.model.machine import LanesView
from rvx.number import Fixed

WORD: tuple[type, ...] = tuple(getattr(ir, n.strip()) for n in ir.Word.split("|"))
NUMBER: tuple[type, ...] = tuple(getattr(ir, n.strip()) for n in ir.Number.split("|"))
TRUTH: tuple[type, ...] = tuple(getattr(ir, n.strip()) for n in ir.Truth.split("|"))


@dataclass(frozen=True, slots=True)
class Lanes:
    """An operand seen as several numbers; only indexing it gives a number."""

    operand: str
    view: LanesView
    register: ir.Word


@dataclass(frozen=True, slots=True)
class ChoiceOf:
    """A word of the text that is no value: an option's choice."""

    option: str
    chosen: str


Value: TypeAlias = "int | ir.Word | ir.Number | ir.Truth | Lanes | ChoiceOf"


def describe(value: Value) -> str:
    """The kind of a value, for messages."""
    match value:
        case int():
            return f"the integer {value}"
        case Lanes():
            return f"{value.view.count} lanes"
        case ChoiceOf():
            return f"the option {value.option}"
    if isinstance(value, WORD):
        return f"{value.width} bits"
    if isinstance(value, TRUTH):
        return "a truth"
    return "an integer number" if value.integral else "a number"


def is_word(value: Value) -> bool:
    return isinstance(value, WORD)


def is_number(value: Value) -> bool:
    return isinstance(value, NUMBER)


def is_truth(value: Value) -> bool:
    return isinstance(value, TRUTH)


def constant_word(value: int, width: int, at: Position) -> ir.Constant:
    if not -(1 << width - 1) <= value < 1 << width:
        raise DescriptionError(at, f"{value} does not fit {width} bits")
    return ir.Constant(value & (1 << width) - 1, width)


def to_word(value: Value, width: int, at: Position) -> ir.Word:
    """The value as `width` bits, where nothing is lost."""
    if isinstance(value, int):
        return constant_word(value, width, at)
    if isinstance(value, ir.Truthy):
        return ir.Constant(int(value.value), width)
    if isinstance(value, TRUTH):
        return ir.TruthBits(value, width)
    if isinstance(value, WORD):
        if value.width != width:
            raise DescriptionError(
                at,
                f"width mismatch: {value.width} bits where {width} are needed; "
                + (
                    "write signed(...) or unsigned(...) to extend"
                    if value.width < width
                    else f"take a slice, for example [{width - 1}:0]"
                ),
            )
        return value
    if isinstance(value, NUMBER):
        return _fitting_bits(value, width, at)
    if isinstance(value, Lanes):
        raise DescriptionError(
            at, f"{value.operand} has {value.view.count} lanes; index one, as {value.operand}[0]"
        )
    raise DescriptionError(at, f"{describe(value)} is no value")


def _fitting_bits(number: ir.Number, width: int, at: Position) -> ir.Word:
    span = number.span
    if number.integral and span and (span.fits(width, True) or span.fits(width, False)):
        return ir.IntegerBits(number, 0, width)
    if number.integral and span:
        raise DescriptionError(
            at,
            f"an exact integer of {span.bits} bits does not fit {width} bits: "
            f"take a slice, for example (...)[{width - 1}:0], or name an integer format "
            "that wraps or saturates",
        )
    raise DescriptionError(
        at,
        "an exact number cannot become bits without rounding: give the target a format, "
        "or name one around the expression and take bits(...) of it",
    )


def to_number(value: Value, at: Position) -> ir.Number:
    """The value as an exact number; bits must say how they are to be read."""
    if isinstance(value, bool):
        raise TypeError(value)
    if isinstance(value, int):
        return ir.Exact(value, 0)
    if isinstance(value, NUMBER):
        return value
    if isinstance(value, TRUTH):
        return ir.WordNumber(ir.TruthBits(value, 1), signed=False)
    if isinstance(value, WORD):
        raise DescriptionError(
            at,
            f"{value.width} bits where a number is needed: say how to read them: "
            "signed(...), unsigned(...) or ... as format",
        )
    if isinstance(value, Lanes):
        raise DescriptionError(
            at, f"{value.operand} has {value.view.count} lanes; index one, as {value.operand}[0]"
        )
    raise DescriptionError(at, f"{describe(value)} is no number")


def to_truth(value: Value, at: Position) -> ir.Truth:
    """The value as a condition."""
    if isinstance(value, int):
        return ir.Truthy(bool(value))
    if isinstance(value, TRUTH):
        return value
    if isinstance(value, WORD) and value.width == 1:
        return ir.CompareWords("!=", value, ir.Constant(0, 1))
    raise DescriptionError(at, f"{describe(value)} where a condition is needed: compare it")


def to_integer(value: Value, at: Position, what: str) -> int:
    """A constant known when the description is read."""
    if isinstance(value, int):
        return value
    raise DescriptionError(at, f"{what} must be a constant, not {describe(value)}")


def is_integer_format(format: ir.FormatUse) -> bool:
    """Whether all its values are integers and none is special."""
    match format:
        case ir.Named(_, Fixed(fraction=0)):
            return True
        case ir.Choice():
            return all(isinstance(f, Fixed) and f.fraction == 0 for f in format.formats)
    return False


def width_of(format: ir.FormatUse) -> int:
    """Bits of a code."""
    match format:
        case ir.Named():
            return format.format.bits
        case ir.Choice():
            return format.formats[0].bits


def decode(word: ir.Word, format: ir.FormatUse) -> ir.Decode:
    """The number that the word encodes, with its span."""
    match format:
        case ir.Named():
            span = format.format.span
        case ir.Choice():
            span = format.formats[0].span
            for other in format.formats[1:]:
                span = span.union(other.span)
    return ir.Decode(word, format, span, is_integer_format(format))
