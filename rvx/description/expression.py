"""Expressions: from what was written to typed, exact meaning.

Words are modular and their widths must match; numbers are exact and carry a span; nothing crosses
from number to word but by a format, a slice of an integer, or proof that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rvx.description import syntax, values
from rvx.description.operators import binary, compare, merge, slice_of, to_word_any, unary
from rvx.description.scope import Scope, unknown
from rvx.description.syntax import DescriptionError, Name, Position
from rvx.description.values import (
    ChoiceOf,
    Lanes,
    Value,
    decode,
    is_number,
    is_truth,
    is_word,
    to_integer,
    to_number,
    to_truth,
    to_word,
)
from rvx.model import expression as ir
from rvx.model.machine import (
    CsrOperand,
    LanesView,
    NumberView,
    Operand,
    RegisterOperand,
    WordView,
)
from rvx.number import Rounding

COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}


@dataclass
class Context:
    """Where an expression stands: the names around it, the operands and locals it can see."""

    scope: Scope
    operands: Mapping[str, Operand] = field(default_factory=dict)
    locals: dict[str, Value] = field(default_factory=dict)
    mode: Rounding | None = None  # `with mode` on the assignment
    rounds: bool = False  # set when something rounds by the instruction's own mode
    calls: tuple[str, ...] = ()  # functions being inlined

    @property
    def xlen(self) -> int:
        return self.scope.names.constants["xlen"]


def evaluate(context: Context, e: syntax.Expression) -> Value:
    """The typed meaning of an expression."""
    match e:
        case syntax.Integer(value):
            return value
        case Name():
            return _name(context, e)
        case syntax.Unary(op, operand, at):
            return unary(op, evaluate(context, operand), at)
        case syntax.Binary("and" | "or" as op, left, right):
            return _connect(context, op, left, right)
        case syntax.Binary(op, left, right, at) if op in COMPARISONS:
            return _compare(context, op, left, right, at)
        case syntax.Binary(op, left, right, at):
            return binary(op, evaluate(context, left), evaluate(context, right), at)
        case syntax.Select(condition, then, otherwise, at):
            return _select(context, condition, then, otherwise, at)
        case syntax.Member(value, choices, at):
            return _member(context, value, choices, at)
        case syntax.Index(value, index, size, at):
            return _index(context, value, index, size, at)
        case syntax.Slice(value, high, low, at):
            bounds = [to_integer(evaluate(context, b), at, "a slice's bound") for b in (high, low)]
            return slice_of(evaluate(context, value), bounds[0], bounds[1], at)
        case syntax.Concat(parts):
            return ir.Join(tuple(_part(context, part) for part in parts))
        case syntax.As(value, format, at):
            use = context.scope.format(format)
            return decode(to_word(evaluate(context, value), values.width_of(use), at), use)
        case syntax.Call() | syntax.Fold():
            from rvx.description.primitives import call, fold

            return call(context, e) if isinstance(e, syntax.Call) else fold(context, e)
        case syntax.Aligned(syntax.Index() as access):
            found = evaluate(context, access)
            if isinstance(found, ir.Load):
                return ir.Load(found.address, found.size, aligned=True)
    raise DescriptionError(e.at, "this cannot be used in an instruction's text")


def word_of(context: Context, e: syntax.Expression, width: int) -> ir.Word:
    return to_word(evaluate(context, e), width, e.at)


def truth_of(context: Context, e: syntax.Expression) -> ir.Truth:
    return to_truth(evaluate(context, e), e.at)


# Names ------------------------------------------------------------------------------------------


def _name(context: Context, name: Name) -> Value:
    names = context.scope.names
    if name.id in context.locals:
        return context.locals[name.id]
    if name.id in context.operands:
        return operand_value(context, context.operands[name.id])
    if name.id in context.scope.bindings:
        return evaluate(context, context.scope.bindings[name.id])
    if name.id in names.constants:
        return names.constants[name.id]
    if name.id in names.states:
        return state_value(context, name, 0)
    if name.id in ("pc", "next_pc"):
        return ir.ProgramCounter(name.id == "next_pc", context.xlen)
    if name.id in names.options:
        return ChoiceOf(name.id, names.chosen[name.id])
    if name.id in names.formats or name.id in names.functions:
        raise DescriptionError(name.at, f"'{name.id}' needs an argument: {name.id}(...)")
    raise unknown(
        name, "name", [*context.locals, *context.operands, *names.visible(), "pc", "memory"]
    )


def operand_value(context: Context, operand: Operand) -> Value:
    """What an operand's name means in a body."""
    match operand:
        case RegisterOperand(_, file, view):
            register = ir.Register(operand.name, file.name, file.width)
            match view:
                case WordView():
                    return register
                case NumberView(format):
                    return decode(encoding_of(context, operand), format)
                case LanesView():
                    return Lanes(operand.name, view, register)
        case CsrOperand():
            return ir.CsrValue(context.xlen)
    field = operand.field
    return ir.FieldValue(operand.name, context.xlen if field.sliced else field.top)


def encoding_of(context: Context, operand: RegisterOperand) -> ir.Word:
    """The bits of a single number in a register: unboxed where the file is boxed."""
    assert isinstance(operand.view, NumberView)
    register = ir.Register(operand.name, operand.file.name, operand.file.width)
    width = operand.view.width
    if width == operand.file.width:
        return register
    low = ir.WordSlice(register, width - 1, 0)
    if not operand.file.boxed:
        return low
    return ir.Unbox(register, canonical_nan(operand.view.format, width), width)


def canonical_nan(format: ir.FormatUse, width: int) -> ir.Word:
    """What an operand that is not boxed reads as."""
    match format:
        case ir.Named(_, actual):
            return ir.Constant(actual.canonical_nan or 0, width)
        case ir.Choice(_, selector, _, formats):
            nans = [ir.Constant(f.canonical_nan or 0, width) for f in formats]
            chosen: ir.Word = nans[-1]
            for code in reversed(range(len(nans) - 1)):
                here = ir.CompareWords("==", selector, ir.Constant(code, selector.width))
                chosen = ir.WordSelect(here, nans[code], chosen)
            return chosen


def state_value(context: Context, name: Name, index: int) -> Value:
    state = context.scope.names.states[name.id]
    if not 0 <= index < state.count:
        raise DescriptionError(
            name.at, f"{name.id} has {state.count} element(s); [{index}] is out of range"
        )
    word = ir.State(state.name, index, state.width)
    return decode(word, state.format) if state.format else word


# Truths -----------------------------------------------------------------------------------------


def _connect(context: Context, op: str, left: syntax.Expression, right: syntax.Expression) -> Value:
    first = truth_of(context, left)
    if isinstance(first, ir.Truthy) and first.value == (op == "or"):
        return first
    second = truth_of(context, right)
    if isinstance(first, ir.Truthy):
        return second
    return ir.Both(first, second) if op == "and" else ir.Either(first, second)


def _compare(
    context: Context, op: str, left: syntax.Expression, right: syntax.Expression, at: Position
) -> ir.Truth:
    first = evaluate(context, left)
    if isinstance(first, ChoiceOf):
        return _compare_option(context, op, first, right, at)
    return compare(op, first, evaluate(context, right), at)


def _compare_option(
    context: Context, op: str, option: ChoiceOf, right: syntax.Expression, at: Position
) -> ir.Truth:
    declared = context.scope.names.options[option.option]
    choices = [choice.id for choice in declared.choices]
    if not isinstance(right, Name) or right.id not in choices or op not in ("==", "!="):
        raise DescriptionError(
            at, f"compare {option.option} by == or != with one of {', '.join(choices)}"
        )
    return ir.Truthy((option.chosen == right.id) == (op == "=="))


def _member(
    context: Context, value: syntax.Expression, choices: tuple[syntax.Expression, ...], at: Position
) -> ir.Truth:
    found: ir.Truth = ir.Truthy(False)
    for choice in choices:
        same = _compare(context, "==", value, choice, at)
        found = same if isinstance(found, ir.Truthy) and not found.value else ir.Either(found, same)
    return found


def _select(
    context: Context,
    condition: syntax.Expression,
    then: syntax.Expression,
    otherwise: syntax.Expression,
    at: Position,
) -> Value:
    truth = truth_of(context, condition)
    if isinstance(truth, ir.Truthy):
        return evaluate(context, then if truth.value else otherwise)
    return merge(truth, evaluate(context, then), evaluate(context, otherwise), at)


# Parts ------------------------------------------------------------------------------------------


def _part(context: Context, e: syntax.Expression) -> ir.Word:
    value = evaluate(context, e)
    if is_truth(value) or value in (0, 1):
        return to_word(value, 1, e.at)
    if is_word(value):
        return value  # type: ignore[return-value]
    raise DescriptionError(
        e.at, f"{values.describe(value)} has no width here: write bits, zero(n) or ones(n)"
    )


def _index(
    context: Context,
    value: syntax.Expression,
    index: syntax.Expression,
    size: syntax.Expression | None,
    at: Position,
) -> Value:
    names = context.scope.names
    if isinstance(value, Name) and value.id == "memory" and size is not None:
        return _load(context, index, size, at)
    if size is not None:
        raise DescriptionError(at, "only memory takes two indices: memory[address, bytes]")
    found = evaluate(context, index)
    if isinstance(value, Name) and value.id not in context.locals:
        if value.id in names.states and names.states[value.id].count > 1:
            count = names.states[value.id].count
            return indexed(found, count, lambda i: state_value(context, value, i), value.id, at)
        if value.id in names.files and value.id not in context.operands:
            file = names.files[value.id]
            number = to_integer(found, at, f"the number of a register of {file.name}")
            if not 0 <= number < file.count:
                raise DescriptionError(at, f"{file.name} has {file.count} registers")
            return ir.FixedRegister(file.name, number, file.width)
    whole = evaluate(context, value)
    if isinstance(whole, Lanes):
        return indexed(found, whole.view.count, lambda i: lane(whole, i), whole.operand, at)
    if isinstance(found, int):
        return slice_of(whole, found, found, at)
    if is_word(whole):
        shifted = ir.WordOp(">>", whole, to_word_any(found, at))  # type: ignore[arg-type]
        return ir.WordSlice(shifted, 0, 0)
    raise DescriptionError(at, f"{values.describe(whole)} cannot be indexed")


def lane(lanes: Lanes, index: int) -> ir.Decode:
    """One lane of an operand, as a number."""
    low = index * lanes.view.width
    return decode(ir.WordSlice(lanes.register, low + lanes.view.width - 1, low), lanes.view.format)


def indexed(index: Value, count: int, element, what: str, at: Position) -> Value:  # type: ignore[no-untyped-def]
    """Element `index`: known now, or selected at run time where the index cannot be too large."""
    if isinstance(index, int):
        indexed_range(index, count, what, at)
        return element(index)  # type: ignore[no-any-return]
    word = to_word_any(index, at)
    most = (1 << word.width) - 1
    indexed_range(most, count, what, at)
    found: Value = element(most)
    for i in reversed(range(most)):
        here = ir.CompareWords("==", word, ir.Constant(i, word.width))
        found = merge(here, element(i), found, at)
    return found


def indexed_range(index: int, count: int, what: str, at: Position) -> None:
    """Refuse an index that is, or whose bits could be, out of range."""
    if not 0 <= index < count:
        raise DescriptionError(
            at,
            f"{what} has {count}, numbered 0 to {count - 1}; [{index}] is out of range: "
            "correct the index, or take a slice of it that cannot be so large",
        )


def _load(
    context: Context, address: syntax.Expression, size: syntax.Expression, at: Position
) -> ir.Load:
    size_in_bytes = access_size(context, size)
    return ir.Load(word_of(context, address, context.xlen), size_in_bytes, aligned=False)


def access_size(context: Context, size: syntax.Expression) -> int:
    """The bytes of a memory access."""
    found = to_integer(evaluate(context, size), size.at, "the size of an access")
    if found not in (1, 2, 4, 8):
        raise DescriptionError(size.at, f"an access of {found} bytes: use 1, 2, 4 or 8")
    return found


def evaluate_range(context: Context, range_: syntax.Range) -> range:
    """The indices of `in rd` (its lanes) or `in 0..8`."""
    at = range_.start.at
    if range_.stop is None:
        found = evaluate(context, range_.start)
        if not isinstance(found, Lanes):
            raise DescriptionError(at, "'in' takes an operand that has lanes, or a range 0..n")
        return range(found.view.count)
    start = to_integer(evaluate(context, range_.start), at, "the start of a range")
    stop = to_integer(evaluate(context, range_.stop), at, "the end of a range")
    if not 0 <= stop - start <= 1024:
        raise DescriptionError(at, f"the range {start}..{stop} is empty or too long")
    return range(start, stop)
