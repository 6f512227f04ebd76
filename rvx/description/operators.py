"""Operators on typed values: what may meet what, and the span of the result."""

from __future__ import annotations

from rvx.description import values
from rvx.description.syntax import DescriptionError, Position
from rvx.description.values import Value, is_number, is_truth, is_word, to_number, to_truth, to_word
from rvx.model import expression as ir
from rvx.number import Span

BITWISE = {"&", "|", "^"}



def unary(op: str, value: Value, at: Position) -> Value:
    match op, value:
        case "not", _:
            truth = to_truth(value, at)
            return ir.Truthy(not truth.value) if isinstance(truth, ir.Truthy) else ir.Not(truth)
        case "-", int():
            return -value
        case "~", int():
            return ~value
        case "~", _ if is_word(value):
            return ir.Invert(value)
        case "-", _ if is_word(value):
            return ir.WordOp("-", ir.Constant(0, value.width), value)
        case "-", _ if is_number(value):
            span = value.span.negate() if value.span else None
            return ir.NumberFunction("-", value, span, value.integral)
    raise DescriptionError(at, f"'{op}' does not apply to {values.describe(value)}")


def binary(op: str, left: Value, right: Value, at: Position) -> Value:
    """An arithmetic, bitwise or shift operator."""
    if isinstance(left, int) and isinstance(right, int):
        return _fold_integers(op, left, right, at)
    if op in ("<<", ">>"):
        return _shift(op, left, right, at)
    if is_word(left) or is_word(right):
        return _word_operation(op, left, right, at)
    if op in BITWISE:
        raise DescriptionError(at, f"'{op}' works on bits; take bits(...) of a number first")
    return number_operation(op, to_number(left, at), to_number(right, at), at)


def _fold_integers(op: str, left: int, right: int, at: Position) -> int:
    if op in "/%" and (right == 0 or (op == "/" and left % right)):
        raise DescriptionError(at, f"{left} {op} {right} is no integer constant")
    if op in ("<<", ">>") and not 0 <= right <= 4096:
        raise DescriptionError(at, f"a shift by {right} is out of range")
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


def _word_operation(op: str, left: Value, right: Value, at: Position) -> ir.Word:
    width = left.width if is_word(left) else right.width  # type: ignore[union-attr]
    if op in "/%" and not (is_word(left) and is_word(right)) and (
        is_number(left) or is_number(right)
    ):
        raise _mixed(op, left, right, at)
    return ir.WordOp(op, _adapt(op, left, width, right, at), _adapt(op, right, width, left, at))


def _adapt(op: str, value: Value, width: int, other: Value, at: Position) -> ir.Word:
    if is_number(value) and not (value.integral and value.span):  # type: ignore[union-attr]
        raise _mixed(op, value, other, at)
    return to_word(value, width, at)


def _mixed(op: str, left: Value, right: Value, at: Position) -> DescriptionError:
    return DescriptionError(
        at,
        f"'{op}' between {values.describe(left)} and {values.describe(right)}: "
        "say how the bits are to be read: signed(...), unsigned(...) or ... as format",
    )


def _shift(op: str, left: Value, right: Value, at: Position) -> Value:
    if is_word(left):
        if isinstance(right, int):
            if not 0 <= right < 1 << 12:
                raise DescriptionError(at, f"a shift by {right} is out of range")
            right = ir.Constant(right, 12)
        return ir.WordOp(op, left, to_word_any(right, at))
    number = to_number(left, at)
    if not number.integral:
        raise DescriptionError(at, f"'{op}' works on bits and integers; write * or / a power of 2")
    if isinstance(right, int):
        if op == "<<":
            return _scaled(number, right)
        right = ir.Constant(right, 12)
    amount = to_word_any(right, at)
    return ir.Shift(op, number, amount, _shifted_span(op, number.span, amount))


def to_word_any(value: Value, at: Position) -> ir.Word:
    """Bits of whatever width the value has."""
    if is_word(value):
        return value  # type: ignore[return-value]
    number = to_number(value, at)
    if number.integral and number.span and number.span.fits(64, False):
        return ir.IntegerBits(number, 0, max(1, number.span.bits))
    raise DescriptionError(at, "a shift's amount must be bits or a non-negative integer")


def _shifted_span(op: str, span: Span | None, amount: ir.Word) -> Span | None:
    if span is None:
        return None
    fixed = amount.value if isinstance(amount, ir.Constant) else None
    if fixed is None and amount.width > 8 and op == "<<":
        return None
    low, high = span.low << max(span.lsb, 0), span.high << max(span.lsb, 0)
    if op == "<<":
        top = (1 << amount.width) - 1 if fixed is None else fixed
        return Span(0, min(low, low << top), max(high, high << top))
    least = 0 if fixed is None else fixed
    most = (1 << min(amount.width, 12)) - 1 if fixed is None else fixed
    return Span(0, min(low >> least, low >> most), max(high >> least, high >> most))


def number_operation(op: str, left: ir.Number, right: ir.Number, at: Position) -> ir.Number:
    """`+ - * /` on exact numbers."""
    if op == "%":
        raise DescriptionError(at, "'%' works on bits; for numbers write a - b * format(a / b)")
    if op == "/":
        return _divided(left, right)
    for side in (left, right):
        if is_open(side):
            raise DescriptionError(
                at,
                "a quotient or a root may only be rounded, negated, scaled by a power of 2 or "
                "compared: round it first, as fp32(...)",
            )
    span = None
    if left.span and right.span:
        match op:
            case "+":
                span = left.span.add(right.span)
            case "-":
                span = left.span.subtract(right.span)
            case _:
                span = left.span.multiply(right.span)
    return ir.NumberOp(op, left, right, span, left.integral and right.integral)


def _divided(left: ir.Number, right: ir.Number) -> ir.Number:
    match right:
        case ir.Exact(significand, exponent) if significand > 0 and not significand & (
            significand - 1
        ):
            return _scaled(left, -(exponent + significand.bit_length() - 1))
    return ir.Quotient(left, right)


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
        case ir.NumberSelect(_, then, otherwise):
            return is_open(then) or is_open(otherwise)
    return False


def compare(op: str, left: Value, right: Value, at: Position, quiet: bool = False) -> ir.Truth:
    """A comparison of two integers, two words or two numbers."""
    if isinstance(left, int) and isinstance(right, int):
        answers = {"==": left == right, "!=": left != right, "<": left < right}
        answers |= {"<=": left <= right, ">": left > right, ">=": left >= right}
        return ir.Truthy(answers[op])
    if is_word(left) or is_word(right):
        if is_number(left) or is_number(right):
            raise _mixed(op, left, right, at)
        width = left.width if is_word(left) else right.width  # type: ignore[union-attr]
        if op not in ("==", "!="):
            for side in (left, right):
                if isinstance(side, int) and side <= 0:
                    raise DescriptionError(
                        at, f"bits are compared as unsigned: write signed(...) {op} {side}"
                    )
        return ir.CompareWords(op, to_word(left, width, at), to_word(right, width, at))
    if is_truth(left) and is_truth(right):
        return ir.CompareWords(op, to_word(left, 1, at), to_word(right, 1, at))
    return ir.CompareNumbers(op, to_number(left, at), to_number(right, at), quiet)


def merge(truth: ir.Truth, then: Value, otherwise: Value, at: Position) -> Value:
    """`truth ? then : otherwise`, both of one kind."""
    if is_word(then) or is_word(otherwise):
        width = then.width if is_word(then) else otherwise.width  # type: ignore[union-attr]
        return ir.WordSelect(truth, to_word(then, width, at), to_word(otherwise, width, at))
    if is_truth(then) and is_truth(otherwise):
        return ir.Either(ir.Both(truth, then), ir.Both(ir.Not(truth), otherwise))
    first, second = to_number(then, at), to_number(otherwise, at)
    span = first.span.union(second.span) if first.span and second.span else None
    return ir.NumberSelect(truth, first, second, span, first.integral and second.integral)


def slice_of(value: Value, high: int, low: int, at: Position) -> ir.Word:
    """`value[high:low]` of bits or of an exact integer."""
    if not 0 <= low <= high:
        raise DescriptionError(at, f"[{high}:{low}] is no slice: write [high:low]")
    if isinstance(value, int):
        return ir.Constant(value >> low & (1 << high - low + 1) - 1, high - low + 1)
    if is_number(value):
        if not value.integral:  # type: ignore[union-attr]
            raise DescriptionError(at, "a number has no bits to slice: take bits(...) of it first")
        return ir.IntegerBits(value, low, high - low + 1)  # type: ignore[arg-type]
    if not is_word(value):
        raise DescriptionError(at, f"{values.describe(value)} cannot be sliced")
    if high >= value.width:  # type: ignore[union-attr]
        raise DescriptionError(
            at, f"[{high}:{low}] is out of range: there are {value.width} bits"  # type: ignore[union-attr]
        )
    return ir.WordSlice(value, high, low)  # type: ignore[arg-type]
