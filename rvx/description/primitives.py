"""The functions of the language: its closed list of primitives, formats, and the text's own.

What the language cannot say becomes one named primitive here, with one meaning in the reference
and one lowering in a JIT. There is never a Python body for one instruction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from rvx.description import operators, syntax
from rvx.description.expression import (
    Context,
    evaluate,
    evaluate_range,
)
from rvx.description.rounding import rounded
from rvx.description.scope import unknown
from rvx.description.syntax import DescriptionError, Name, Position
from rvx.description.values import (
    Lanes,
    Value,
    describe,
    is_number,
    is_word,
    show,
    to_integer,
    to_number,
    width_of,
)
from rvx.model import ir
from rvx.number import Rounding, Span

# What other languages call some primitives.
HABITS: Mapping[str, str] = {
    "min": "minimum(a, b)",
    "max": "maximum(a, b)",
    "sext": "signed(...)",
    "zext": "unsigned(...)",
    "float": "... as fp32, or fp32(...) to round",
    "fma": "a * b + c: it is rounded once",
    "len": "lanes(...)",
}


def call(context: Context, e: syntax.Call) -> Value:
    """A primitive, a format's name (it rounds) or a function of the text (it is inlined)."""
    if isinstance(e.function, syntax.Integer):
        raise DescriptionError(e.at, "an integer cannot be called")
    name = context.scope.name(e.function)
    names = context.scope.names
    if name.id in names.formats:
        (argument,) = _arguments(e, name.id, 1)
        number = to_number(evaluate(context, argument), e.at)
        return rounded(context, number, names.formats[name.id], e.at)
    if (function := names.function(name)) is not None:
        return _inline(context, function, e)
    if name.id in SYNTACTIC:
        count, make = SYNTACTIC[name.id]
        if count is None and len(e.arguments) < 2:
            raise DescriptionError(e.at, f"{name.id} takes a state and the values it may have")
        given = e.arguments if count is None else _arguments(e, name.id, count)
        return make(context, *given)
    if name.id in PRIMITIVES:
        count, apply = PRIMITIVES[name.id]
        found = [evaluate(context, a) for a in _arguments(e, name.id, count)]
        return apply(*found, e.at)
    if name.id in HABITS:
        raise DescriptionError(name.at, f"unknown function '{name.id}': write {HABITS[name.id]}")
    own = names.functions_in(name.at.file)
    raise unknown(name, "function", [*SYNTACTIC, *PRIMITIVES, *FOLDS, *own, *names.formats])


def _arguments(e: syntax.Call, name: str, count: int) -> tuple[syntax.Expression, ...]:
    if len(e.arguments) != count:
        raise DescriptionError(
            e.at, f"{name} takes {count} argument(s), {len(e.arguments)} are given"
        )
    return e.arguments


def _inline(context: Context, function: syntax.FunctionDeclaration, e: syntax.Call) -> Value:
    name = function.name.id
    if name in context.calls:
        chain = " -> ".join((*context.calls, name))
        raise DescriptionError(e.at, f"a cycle of functions: {chain}; recursion is not possible")
    arguments = _arguments(e, name, len(function.parameters))
    inner = Context(
        replace(context.scope, bindings={}),
        locals={
            p.id: evaluate(context, a) for p, a in zip(function.parameters, arguments, strict=True)
        },
        calls=(*context.calls, name),
        facts=context.facts,
    )
    found = evaluate(inner, function.body)
    context.rounds |= inner.rounds
    return found


def fold(context: Context, e: syntax.Fold) -> Value:
    """`sum`, `minimum` or `maximum` over a range, unrolled."""
    if e.function.id not in FOLDS:
        raise DescriptionError(e.at, "only sum, minimum and maximum go over a range")
    operation = FOLDS[e.function.id]
    found: Value | None = None
    for i in evaluate_range(context, e.range):
        inner = replace(context, locals={**context.locals, e.index.id: i})
        term = evaluate(inner, e.body)
        context.rounds |= inner.rounds
        found = term if found is None else operation(found, term, e.at)
    if found is None:
        raise DescriptionError(e.at, "the range is empty")
    return found


# Primitives that look at how their argument is written ------------------------------------------


def _bits(context: Context, argument: syntax.Expression) -> Value:
    """The encoding of a number: of an operand, a lane, a state, a var with a format, a rounding."""
    found = evaluate(context, argument)
    if isinstance(argument, Name) and argument.id in context.locals:
        use = context.formats.get(argument.id)
        if use is not None and is_number(found):  # already rounded: no mode matters
            return ir.Encode(found, use, Rounding.RNE, width_of(use))
    match found:
        case Lanes():
            return found.register
        case ir.Decode(word):
            return word
        case ir.Rounded(number, format, mode):
            return ir.Encode(number, format, mode, width_of(format))
        case ir.WordNumber(word):
            return word
    if is_word(found):
        return found
    cure = "take a slice, as (...)[7:0], or name a format around it, as bits(fp32(...))"
    raise DescriptionError(argument.at, f"{describe(found)} has no encoding: {cure}")


def _field(context: Context, argument: syntax.Expression) -> Value:
    if isinstance(argument, Name) and argument.id in context.operands:
        operand = context.operands[argument.id]
        return ir.FieldValue(operand.name, operand.field.top)
    raise DescriptionError(argument.at, "field(...) takes the name of an operand")


def _quiet(context: Context, argument: syntax.Expression) -> Value:
    found = evaluate(context, argument)
    if isinstance(found, ir.CompareNumbers):
        return replace(found, quiet=True)
    raise DescriptionError(argument.at, "quiet(...) takes a comparison of numbers")


def _classify(context: Context, argument: syntax.Expression) -> Value:
    found = evaluate(context, argument)
    if isinstance(found, ir.Decode):
        return ir.Classify(found.word, found.format)
    raise DescriptionError(argument.at, "classify(...) takes an operand that is a number")


def _lanes(context: Context, argument: syntax.Expression) -> Value:
    found = evaluate(context, argument)
    if isinstance(found, Lanes):
        return found.view.count
    raise DescriptionError(argument.at, "lanes(...) takes an operand that has lanes")


def _has(context: Context, argument: syntax.Expression) -> Value:
    """Whether an extension is in the machine; of X, whether one is that is not standard."""
    names = context.scope.names
    if not isinstance(argument, Name):
        raise DescriptionError(argument.at, "has(...) takes the name of an extension")
    name = context.scope.name(argument)
    if name.id == "X":
        return ir.Truthy(any(extension.startswith("X") for extension in names.extensions))
    if name.id not in names.known_extensions:
        raise unknown(name, "extension", names.known_extensions)
    return ir.Truthy(name.id in names.extensions)


def _legal(context: Context, *arguments: syntax.Expression) -> Value:
    """Reads as what it guards; `rvx.description.assignment` says what may be written."""
    return evaluate(context, arguments[0])


SYNTACTIC: Mapping[str, tuple[int | None, Callable[..., Value]]] = {
    "bits": (1, _bits),
    "field": (1, _field),
    "quiet": (1, _quiet),
    "classify": (1, _classify),
    "lanes": (1, _lanes),
    "has": (1, _has),
    "legal": (None, _legal),
}

# Primitives on values ---------------------------------------------------------------------------


def _read_word(signed: bool) -> Callable[[Value, Position], Value]:
    def read(value: Value, at: Position) -> Value:
        if isinstance(value, int):
            return value
        if is_word(value):
            return ir.WordNumber(value, signed)
        what = "signed" if signed else "unsigned"
        raise DescriptionError(at, f"{what}(...) takes bits, not {describe(value)}")

    return read


def _filled(ones: bool) -> Callable[[Value, Position], Value]:
    def fill(value: Value, at: Position) -> Value:
        width = to_integer(value, at, "a width")
        if not 0 < width <= operators.MOST_CONSTANT_BITS:
            most = operators.MOST_CONSTANT_BITS
            raise DescriptionError(at, f"a width of {show(width)} is out of range: 1 to {most}")
        return ir.Constant((1 << width) - 1 if ones else 0, width)

    return fill


def _count(op: str) -> Callable[[Value, Position], Value]:
    def count(value: Value, at: Position) -> Value:
        if is_word(value):
            return ir.BitCount(op, value)
        raise DescriptionError(at, f"{op}(...) takes bits, not {describe(value)}")

    return count


def _function(op: str) -> Callable[[Value, Position], Value]:
    def apply(value: Value, at: Position) -> Value:
        number = to_number(value, at)
        if operators.is_open(number):
            raise DescriptionError(at, f"{op}(...) of a quotient or a root: round it first")
        return ir.NumberFunction(op, number, _span_of(op, number), _stays_integral(op, number))

    return apply


def _span_of(op: str, number: ir.Number) -> Span | None:
    span = number.span
    match op:
        case "abs" if span:
            most = max(abs(span.low), abs(span.high))
            return Span(span.lsb, max(0, span.low, -span.high), most)
        case "sign":
            return Span(0, -1, 1)
    return None


def _stays_integral(op: str, number: ir.Number) -> bool:
    return op in ("abs", "sign") and number.integral


def _extreme(op: str) -> Callable[[Value, Value, Position], Value]:
    def pick(left: Value, right: Value, at: Position) -> Value:
        if is_word(left) or is_word(right):
            raise DescriptionError(at, f"{op} of bits: write signed(...) or unsigned(...) first")
        first, second = to_number(left, at), to_number(right, at)
        span = first.span.union(second.span) if first.span and second.span else None
        return ir.NumberOp(op, first, second, span, first.integral and second.integral)

    return pick


def _truncate(value: Value, exponent: Value, at: Position) -> Value:
    number, least = to_number(value, at), to_number(exponent, at)
    if operators.is_open(number) or operators.is_open(least):
        raise DescriptionError(at, "truncate(...) of a quotient or a root: round it first")
    span = number.span
    if span is not None:  # toward zero: what is left may be anything in between
        span = Span(span.lsb, min(span.low, 0), max(span.high, 0))
    return ir.Truncate(number, least, span)


def _add(left: Value, right: Value, at: Position) -> Value:
    return operators.binary("+", left, right, at)


PRIMITIVES: Mapping[str, tuple[int, Callable[..., Value]]] = {
    "signed": (1, _read_word(signed=True)),
    "unsigned": (1, _read_word(signed=False)),
    "zero": (1, _filled(ones=False)),
    "ones": (1, _filled(ones=True)),
    "clz": (1, _count("clz")),
    "ctz": (1, _count("ctz")),
    "popcount": (1, _count("popcount")),
    "abs": (1, _function("abs")),
    "sign": (1, _function("sign")),
    "sqrt": (1, _function("sqrt")),
    "exponent": (1, _function("exponent")),
    "log": (1, _function("log")),
    "antilog": (1, _function("antilog")),
    "minimum": (2, _extreme("minimum")),
    "maximum": (2, _extreme("maximum")),
    "truncate": (2, _truncate),
}

FOLDS: Mapping[str, Callable[[Value, Value, Position], Value]] = {
    "sum": _add,
    "minimum": _extreme("minimum"),
    "maximum": _extreme("maximum"),
}
