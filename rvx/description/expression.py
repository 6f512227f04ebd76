"""Expressions: from what was written to typed, exact meaning.

Words are modular and their widths must match; numbers are exact and carry a span; nothing crosses
from number to word but by a format, a slice of an integer, or proof that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import TypeAlias

from rvx.description import syntax
from rvx.description.facts import Facts, facts_of
from rvx.description.operators import binary, compare, merge, slice_of, to_word_any, unary
from rvx.description.scope import Scope, unknown
from rvx.description.syntax import DescriptionError, Name, Position
from rvx.description.values import (
    ChoiceOf,
    Lanes,
    Value,
    decode,
    describe,
    is_number,
    is_truth,
    is_word,
    show,
    to_integer,
    to_truth,
    to_word,
    width_of,
)
from rvx.model import ir
from rvx.model.machine import (
    CsrOperand,
    LanesView,
    NumberView,
    Operand,
    RegisterOperand,
    WordView,
)
from rvx.record import record

COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}
MOST_TURNS = 1024  # of a loop, which is unrolled


@record()
class Context:
    """Where an expression stands: the names around it, the operands and locals it can see."""

    scope: Scope
    operands: Mapping[str, Operand] = field(default_factory=dict)
    locals: dict[str, Value] = field(default_factory=dict)
    mode: ir.Mode = None  # `with mode` on the assignment
    rounds: bool = False  # set when something rounds by the instruction's own mode
    calls: tuple[str, ...] = ()  # functions being inlined
    formats: dict[str, ir.FormatUse | None] = field(default_factory=dict)  # of each var
    facts: dict[str, Facts] = field(default_factory=dict)  # of each local that is a number

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
            first, last = bound(context, high), bound(context, low)
            return slice_of(evaluate(context, value), first, last, at)
        case syntax.Concat(parts):
            return ir.Join(tuple(_part(context, part) for part in parts))
        case syntax.As(value, format, at):
            use = context.scope.format(format)
            return decode(to_word(evaluate(context, value), width_of(use), at), use)
        case syntax.Call() | syntax.Fold():
            from rvx.description.primitives import call, fold

            return call(context, e) if isinstance(e, syntax.Call) else fold(context, e)
        case syntax.Aligned(access, is_atomic):
            load = evaluate(context, access)
            assert isinstance(load, ir.Load)
            return ir.Load(load.address, load.size, aligned=True, atomic=is_atomic)
        case syntax.Attribute() | syntax.Relation():
            raise DescriptionError(e.at, "this belongs in the text of a core, not here")


def bound(context: Context, e: syntax.Expression) -> int:
    """One end of a slice."""
    value = evaluate(context, e)
    if isinstance(value, int):
        return value
    raise DescriptionError(
        e.at, "a slice's bounds are constants: to read others shift first, as (a >> b[4:0])[7:0]"
    )


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
        count = names.states[name.id].count
        if count > 1:
            raise DescriptionError(
                name.at, f"{name.id} has {count} elements: index one, as {name.id}[0]"
            )
        return state_value(context, name, 0)
    if name.id in ("pc", "next_pc"):
        return ir.ProgramCounter(name.id == "next_pc", context.xlen)
    if name.id in names.options:
        return ChoiceOf(name.id, names.chosen[name.id])
    if name.id == "memory":
        raise DescriptionError(name.at, "memory takes an address and a size: memory[address, 4]")
    if name.id in names.files:
        file = names.files[name.id]
        raise DescriptionError(
            name.at, f"{name.id} has {file.count} registers: name an operand, or one, as x[1]"
        )
    if name.id in names.formats or names.function(name) is not None:
        raise DescriptionError(name.at, f"'{name.id}' needs an argument: {name.id}(...)")
    raise unknown(
        name, "name", [*context.locals, *context.operands, *names.visible(), "pc", "next_pc"]
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
    found = compare(op, first, evaluate(context, right), at)
    match found:
        case ir.CompareNumbers(_, one, other) if not (one.integral and other.integral):
            if all(facts_of(side, context.facts).is_silent for side in (one, other)):
                return replace(found, quiet=True)  # of posits: NaR raises nothing
    return found


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
        return value
    raise no_width(value, e.at)


def no_width(value: Value, at: Position) -> DescriptionError:
    """The error for a part of a concatenation that is not bits."""
    if isinstance(value, int):
        cure = f"take as many of its bits as you mean, as ({show(value)})[7:0]"
    elif isinstance(value, Lanes):
        cure = f"take bits({value.operand}) or bits({value.operand}[0])"
    else:
        cure = "take its bits, as (...)[7:0] of an integer or bits(fp32(...))"
    return DescriptionError(at, f"{describe(value)} has no width in {{...}}: {cure}")


def _index(
    context: Context,
    value: syntax.Expression,
    index: syntax.Expression,
    size: syntax.Expression | None,
    at: Position,
) -> Value:
    names = context.scope.names
    if size is not None:
        if isinstance(value, Name) and value.id == "memory":
            return _load(context, index, size)
        raise DescriptionError(at, "only memory takes two indices: memory[address, bytes]")
    found = evaluate(context, index)
    if isinstance(value, Name) and not is_local(context, value):
        if value.id in names.states and names.states[value.id].count > 1:
            elements = f"{value.id} has", names.states[value.id].count, "elements"
            return indexed(found, elements, lambda i: state_value(context, value, i), at)
        if value.id in names.files:
            file = names.files[value.id]
            number = to_integer(found, at, f"the number of a register of {file.name}")
            check_index(number, (f"{file.name} has", file.count, "registers"), at)
            return ir.FixedRegister(file.name, number, file.width)
    whole = evaluate(context, value)
    if isinstance(whole, Lanes):
        lanes = f"{whole.operand} has", whole.view.count, "lanes"
        return indexed(found, lanes, lambda i: lane(whole, i), at)
    if isinstance(found, int):
        return slice_of(whole, found, found, at)
    if is_word(whole):
        shifted = ir.WordOp(">>", whole, to_word_any(found, at))
        return ir.WordSlice(shifted, 0, 0)
    raise DescriptionError(at, f"{describe(whole)} cannot be indexed: take bits(...) of it")


def is_local(context: Context, name: Name) -> bool:
    """Whether an operand or a local of that name hides what the machine has."""
    return name.id in context.locals or name.id in context.operands


def lane(lanes: Lanes, index: int) -> ir.Decode:
    """One lane of an operand, as a number."""
    low = index * lanes.view.width
    return decode(ir.WordSlice(lanes.register, low + lanes.view.width - 1, low), lanes.view.format)


Things: TypeAlias = "tuple[str, int, str]"
"""What is indexed, for messages: `rs1 has`, 4, `lanes`."""


def indexed(index: Value, things: Things, element: Callable[[int], Value], at: Position) -> Value:
    """Element `index`: known now, or selected at run time where the index cannot be too large."""
    if isinstance(index, int):
        check_index(index, things, at)
        return element(index)
    word, most = index_word(index, things, at)

    def among(low: int, high: int) -> Value:
        if low == high:
            return element(low)
        middle = (low + high + 1) // 2
        below = ir.CompareWords("<", word, ir.Constant(middle, word.width))
        return merge(below, among(low, middle - 1), among(middle, high), at)

    return among(0, most)


def index_word(index: Value, things: Things, at: Position) -> tuple[ir.Word, int]:
    """The bits of an index that is known at run time, and the most that it can be."""
    word = to_word_any(index, at)
    most = (1 << word.width) - 1
    if is_number(index) and index.span:
        most = min(most, index.span.high << max(index.span.lsb, 0))
    whose, count, what = things
    if most >= count:
        raise DescriptionError(
            at,
            f"{whose} {count} {what}, numbered 0 to {count - 1}, but the index may be {most}: "
            "take a slice of it that cannot",
        )
    return word, most


def check_index(index: int, things: Things, at: Position) -> None:
    """Refuse an index that is out of range."""
    whose, count, what = things
    if not 0 <= index < count:
        raise DescriptionError(
            at, f"{whose} {count} {what}, numbered 0 to {count - 1}: there is no [{show(index)}]"
        )


def _load(context: Context, address: syntax.Expression, size: syntax.Expression) -> ir.Load:
    size_in_bytes = access_size(context, size)
    return ir.Load(word_of(context, address, context.xlen), size_in_bytes, aligned=False)


def access_size(context: Context, size: syntax.Expression) -> int:
    """The bytes of a memory access."""
    found = to_integer(evaluate(context, size), size.at, "the size of an access")
    if found not in (1, 2, 4, 8):
        raise DescriptionError(size.at, f"an access of {show(found)} bytes: use 1, 2, 4 or 8")
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
    if not 0 <= stop - start <= MOST_TURNS:
        raise DescriptionError(
            at,
            f"the range {show(start)}..{show(stop)} runs backwards or is longer than {MOST_TURNS}: "
            "it goes up from the first to before the last",
        )
    return range(start, stop)
