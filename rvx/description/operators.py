"""Operators on typed values: what may meet what, and the span of the result."""

from __future__ import annotations

from rvx.description.syntax import DescriptionError, Position
from rvx.description.values import (
    Lanes,
    Value,
    describe,
    is_number,
    is_truth,
    is_word,
    show,
    to_number,
    to_truth,
    to_word,
)
from rvx.model import ir
from rvx.number import Span

BITWISE = {"&", "|", "^"}
ORDERED = {"<", "<=", ">", ">="}

MOST_CONSTANT_BITS = 4096
MOST_EXACT_BITS = 1 << 16


def unary(op: str, value: Value, at: Position) -> Value:
    if op == "not":
        truth = to_truth(value, at)
        return ir.Truthy(not truth.value) if isinstance(truth, ir.Truthy) else ir.Not(truth)
    if isinstance(value, int):
        return -value if op == "-" else ~value
    if op == "-" and is_word(value):
        return ir.WordOp("-", ir.Constant(0, value.width), value)
    if op == "-" and (is_number(value) or is_truth(value)):
        number = to_number(value, at)
        span = number.span.negate() if number.span else None
        return ir.NumberFunction("-", number, span, number.integral)
    if op == "~" and is_word(value):
        return ir.Invert(value)
    cure = "use 'not'" if is_truth(value) else "take bits(...) of a number"
    raise DescriptionError(at, f"'{op}' does not apply to {describe(value)}: {cure}")


def binary(op: str, left: Value, right: Value, at: Position) -> Value:
    """An arithmetic, bitwise or shift operator."""
    if isinstance(left, int) and isinstance(right, int):
        return _of_constants(op, left, right, at)
    if op in ("<<", ">>"):
        return _shift(op, left, right, at)
    if is_word(left):
        return ir.WordOp(op, left, _beside(op, left, right, left.width, at))
    if is_word(right):
        return ir.WordOp(op, _beside(op, right, left, right.width, at), right)
    if op in BITWISE:
        cure = "write and, or, !=" if is_truth(left) or is_truth(right) else "take bits(...) first"
        raise DescriptionError(at, f"'{op}' works on bits: {cure}")
    return number_operation(op, to_number(left, at), to_number(right, at), at)


def _of_constants(op: str, left: int, right: int, at: Position) -> Value:
    if op in ("<<", ">>"):
        _check_amount(right, at)
    if op in "/%" and right == 0:
        raise DescriptionError(at, f"{show(left)} {op} 0 has no value")
    if op == "/" and left % right:
        if right & (right - 1):
            raise DescriptionError(
                at, f"{show(left)} / {show(right)} is no constant: divide a number by it, as x / 3"
            )
        return _scaled(ir.Exact(left, 0), 1 - right.bit_length())
    found = _integer(op, left, right)
    if found.bit_length() > MOST_CONSTANT_BITS:
        raise DescriptionError(at, f"a constant of more than {MOST_CONSTANT_BITS} bits")
    return found


def _integer(op: str, left: int, right: int) -> int:
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left // right
        case "%":
            return left % right
        case "&":
            return left & right
        case "|":
            return left | right
        case "^":
            return left ^ right
        case "<<":
            return left << right
        case _:
            return left >> right


def _beside(op: str, word: ir.Word, value: Value, width: int, at: Position) -> ir.Word:
    """What stands beside a word in an operation: bits of its width, or an integer that fits.

    Bits divide and are ordered as unsigned, so a number beside them may not be negative there.
    """
    if is_number(value):
        span = value.span
        if not (value.integral and span):
            raise _mixed(op, word, value, at)
        if (op in ("/", "%") or op in ORDERED) and not span.fits(width, False):
            raise _mixed(op, word, value, at)
    return to_word(value, width, at)


def _mixed(op: str, left: Value, right: Value, at: Position) -> DescriptionError:
    return DescriptionError(
        at,
        f"'{op}' between {describe(left)} and {describe(right)}: "
        "say how the bits are to be read: signed(...), unsigned(...) or ... as format",
    )


# Shifts -----------------------------------------------------------------------------------------


def _shift(op: str, left: Value, right: Value, at: Position) -> Value:
    if isinstance(right, int):
        _check_amount(right, at)
    amount = ir.Constant(right, 13) if isinstance(right, int) else to_word_any(right, at)
    if is_word(left):
        return ir.WordOp(op, left, amount)
    number = to_number(left, at)
    if not number.integral:
        raise DescriptionError(at, f"'{op}' works on bits and integers; write * or / a power of 2")
    if op == "<<" and isinstance(right, int):
        return _bounded(_scaled(number, right), at)
    if op == "<<" and amount.width > 8:
        raise DescriptionError(
            at, f"an exact shift by {amount.width} bits: take a slice of the amount, as [4:0]"
        )
    return _bounded(ir.Shift(op, number, amount, _shifted_span(op, number.span, amount)), at)


def _check_amount(amount: int, at: Position) -> None:
    if not 0 <= amount <= MOST_CONSTANT_BITS:
        raise DescriptionError(
            at, f"a shift by {show(amount)} is out of range: 0 to {MOST_CONSTANT_BITS}"
        )


def to_word_any(value: Value, at: Position) -> ir.Word:
    """Bits of whatever width the value has: an index, or the amount of a shift."""
    if is_word(value):
        return value
    if not (is_number(value) or is_truth(value)):
        raise DescriptionError(at, f"{describe(value)} cannot be an index or an amount")
    number = to_number(value, at)
    span = number.span
    if number.integral and span and span.fits(64, False):
        return ir.IntegerBits(number, 0, max(1, _bounds(span)[1].bit_length()))
    raise DescriptionError(
        at, "an index or a shift's amount must be bits or an integer that is never negative"
    )


def _bounds(span: Span) -> tuple[int, int]:
    """The least and the largest integer of the span of an integral number."""
    if span.lsb >= 0:
        return span.low << span.lsb, span.high << span.lsb
    return span.low >> -span.lsb, span.high >> -span.lsb


def _shifted_span(op: str, span: Span | None, amount: ir.Word) -> Span | None:
    if span is None:
        return None
    low, high = _bounds(span)
    if isinstance(amount, ir.Constant):
        least = most = min(amount.value, MOST_CONSTANT_BITS)
    else:
        least, most = 0, (1 << min(amount.width, 12)) - 1
    if op == "<<":
        return Span(0, min(low << least, low << most), max(high << least, high << most))
    return Span(0, min(low >> least, low >> most), max(high >> least, high >> most))


# Numbers ----------------------------------------------------------------------------------------


def number_operation(op: str, left: ir.Number, right: ir.Number, at: Position) -> ir.Number:
    """`+ - * /` on exact numbers."""
    if op == "%":
        raise DescriptionError(at, "'%' works on bits; for numbers write a - b * format(a / b)")
    if op == "/" and (power := _power_of_two(right)) is not None:
        return _scaled(left, -power)
    if op == "*":
        for side, factor in ((left, right), (right, left)):
            if is_open(side) and (power := _power_of_two(factor)) is not None:
                return _scaled(side, power)
    if is_open(left) or is_open(right):
        raise DescriptionError(
            at,
            "a quotient or a root may only be rounded, negated, scaled by a power of 2 or "
            "compared: round it first, as fp32(...)",
        )
    if op == "/":
        return ir.Quotient(left, right)
    span = None
    if left.span and right.span:
        match op:
            case "+":
                span = left.span.add(right.span)
            case "-":
                span = left.span.subtract(right.span)
            case _:
                span = left.span.multiply(right.span)
    return _bounded(ir.NumberOp(op, left, right, span, left.integral and right.integral), at)


def _bounded(number: ir.Number, at: Position) -> ir.Number:
    """The number, if the exact value cannot have absurdly many bits."""
    span = number.span
    if span is not None and span.bits > MOST_EXACT_BITS:
        raise DescriptionError(
            at, f"this may take {span.bits} bits to be exact: round a part of it, as fp32(...)"
        )
    return number


def _power_of_two(number: ir.Number) -> int | None:
    """k where the number is the constant 2**k."""
    match number:
        case ir.Exact(significand, exponent) if significand > 0:
            if significand & (significand - 1) == 0:
                return exponent + significand.bit_length() - 1
    return None


def _scaled(number: ir.Number, power: int) -> ir.Number:
    if isinstance(number, ir.Exact):
        return ir.Exact(number.significand, number.exponent + power)
    span = number.span.shift(power) if number.span else None
    integral = number.integral and (power >= 0 or bool(span and span.is_integer))
    return ir.Scale(number, power, span, integral)


def is_open(number: ir.Number) -> bool:
    """Whether it is a quotient or a root that has not been rounded."""
    match number:
        case ir.Quotient() | ir.NumberFunction("sqrt"):
            return True
        case ir.Scale(value) | ir.NumberFunction("-", value):
            return is_open(value)
        case ir.NumberSelect(_, one, other) | ir.NumberOp("minimum" | "maximum", one, other):
            return is_open(one) or is_open(other)
    return False


# Comparison and choice --------------------------------------------------------------------------


def compare(op: str, left: Value, right: Value, at: Position, quiet: bool = False) -> ir.Truth:
    """A comparison of two integers, two words or two numbers."""
    if isinstance(left, int) and isinstance(right, int):
        answers = {"==": left == right, "!=": left != right, "<": left < right}
        answers |= {"<=": left <= right, ">": left > right, ">=": left >= right}
        return ir.Truthy(answers[op])
    if is_word(left) or is_word(right):
        return _compare_words(op, left, right, at)
    if is_truth(left) and is_truth(right):
        return ir.CompareWords(op, to_word(left, 1, at), to_word(right, 1, at))
    return ir.CompareNumbers(op, to_number(left, at), to_number(right, at), quiet)


def _compare_words(op: str, left: Value, right: Value, at: Position) -> ir.Truth:
    for side in (left, right):
        if op in ORDERED and isinstance(side, int) and side <= 0:
            raise DescriptionError(
                at,
                f"bits are compared as unsigned: for '{op}' with {show(side)} write signed(...) "
                "around them, or == or !=",
            )
    if is_word(left):
        return ir.CompareWords(op, left, _compared(op, left, right, at))
    assert is_word(right)
    return ir.CompareWords(op, _compared(op, right, left, at), right)


def _compared(op: str, word: ir.Word, value: Value, at: Position) -> ir.Word:
    """What a word is compared with: bits, or an integer that is never negative."""
    if is_number(value):
        span = value.span
        if not (value.integral and span and span.fits(word.width, False)):
            raise _mixed(op, word, value, at)
    return to_word(value, word.width, at)


def merge(truth: ir.Truth, then: Value, otherwise: Value, at: Position) -> Value:
    """`truth ? then : otherwise`, both of one kind."""
    if is_word(then):
        return ir.WordSelect(truth, then, to_word(otherwise, then.width, at))
    if is_word(otherwise):
        return ir.WordSelect(truth, to_word(then, otherwise.width, at), otherwise)
    if is_truth(then) and is_truth(otherwise):
        return ir.Either(ir.Both(truth, then), ir.Both(ir.Not(truth), otherwise))
    first, second = to_number(then, at), to_number(otherwise, at)
    span = first.span.union(second.span) if first.span and second.span else None
    return ir.NumberSelect(truth, first, second, span, first.integral and second.integral)


def slice_of(value: Value, high: int, low: int, at: Position) -> ir.Word:
    """`value[high:low]` of bits or of an exact integer."""
    check_slice(high, low, at)
    if isinstance(value, int):
        return ir.Constant(value >> low & (1 << high - low + 1) - 1, high - low + 1)
    if is_number(value):
        if not value.integral:
            raise DescriptionError(at, "a number has no bits to slice: take bits(...) of it first")
        return ir.IntegerBits(value, low, high - low + 1)
    if not is_word(value):
        cure = f": index one, as {value.operand}[0]" if isinstance(value, Lanes) else ""
        raise DescriptionError(at, f"{describe(value)} cannot be sliced{cure}")
    if high >= value.width:
        raise DescriptionError(
            at, f"[{high}:{low}] is out of range: there are {describe(value)}, numbered from 0"
        )
    return ir.WordSlice(value, high, low)


def check_slice(high: int, low: int, at: Position) -> None:
    if not 0 <= low <= high < MOST_CONSTANT_BITS:
        raise DescriptionError(
            at,
            f"[{show(high)}:{show(low)}] is no slice: write [high:low], "
            f"both from 0 to {MOST_CONSTANT_BITS - 1}",
        )
