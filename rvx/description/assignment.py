"""Assignments: to registers, lanes, state, memory, pc and CSRs. This is where numbers round."""

from __future__ import annotations

from collections.abc import Callable

from rvx.description import syntax
from rvx.description.expression import (
    Context,
    Things,
    access_size,
    bound,
    check_index,
    evaluate,
    index_word,
    no_width,
    truth_of,
    word_of,
)
from rvx.description.operators import check_slice, slice_of
from rvx.description.rounding import rounding_of
from rvx.description.scope import unknown
from rvx.description.syntax import DescriptionError, Name, Position
from rvx.description.values import (
    Value,
    formats_of,
    is_truth,
    is_word,
    to_integer,
    to_number,
    to_word,
    width_of,
)
from rvx.model import ir
from rvx.model.machine import (
    CsrOperand,
    ImmediateOperand,
    LanesView,
    NumberView,
    RegisterOperand,
    StateElement,
    WordView,
)
from rvx.number import Fixed


def assign(
    context: Context, target: syntax.Expression, value: Value, at: Position
) -> list[ir.Statement]:
    """The effects of `target = value`, where the value stands `at`."""
    match target:
        case Name():
            return _to_name(context, target, value, at)
        case syntax.Index(Name("memory"), address, size) if size is not None:
            return [_store(context, address, size, value, at, aligned=False)]
        case syntax.Aligned(syntax.Index(Name("memory"), address, size)) if size is not None:
            return [_store(context, address, size, value, at, aligned=True)]
        case syntax.Index(Name() as name, index, None):
            return _to_element(context, name, index, value, at)
        case syntax.Index(whole, index, None):
            bit = to_integer(evaluate(context, index), index.at, "the number of a bit")
            return _to_bits(context, whole, bit, bit, value, at)
        case syntax.Slice(whole, high, low):
            first, last = bound(context, high), bound(context, low)
            return _to_bits(context, whole, first, last, value, at)
        case syntax.Concat(parts):
            return _to_parts(context, parts, value, at)
        case syntax.Select(condition, then, otherwise) if isinstance(
            known := truth_of(context, condition), ir.Truthy
        ):
            return assign(context, then if known.value else otherwise, value, at)
        case syntax.Call(Name("legal"), (guarded, *values)):
            return assign(context, guarded, _legalized(context, guarded, values, value, at), at)
        case syntax.Call(Name("bits"), (Name() as name,)):
            return _to_encoding(context, name, None, value, at)
        case syntax.Call(Name("bits"), (syntax.Index(Name() as name, index, None),)):
            return _to_encoding(context, name, index, value, at)
    raise DescriptionError(
        target.at, "this cannot be assigned: write a register, a state, memory or pc"
    )


def _legalized(
    context: Context,
    guarded: syntax.Expression,
    values: list[syntax.Expression],
    value: Value,
    at: Position,
) -> ir.Word:
    """The value where it is one of those listed, else the first of them."""
    old = evaluate(context, guarded)
    if not is_word(old):
        raise DescriptionError(guarded.at, "legal(...) guards bits: a state, or some bits of one")
    word = to_word(value, old.width, at)
    first, *others = [word_of(context, each, old.width) for each in values]
    found = first
    for other in others:
        found = ir.WordSelect(ir.CompareWords("==", word, other), other, found)
    return found


# Whole registers and states ---------------------------------------------------------------------


def _meant(context: Context, name: Name) -> Name:
    """What a family's variable stands for, unless an operand or a local has its name."""
    is_own = name.id in context.locals or name.id in context.operands
    return name if is_own else context.scope.name(name)


def _to_name(context: Context, name: Name, value: Value, at: Position) -> list[ir.Statement]:
    name, states = _meant(context, name), context.scope.names.states
    if name.id in context.locals:
        cure = "assign it by itself" if name.id in context.formats else "declare it with var"
        raise DescriptionError(name.at, f"'{name.id}' cannot be assigned here: {cure}")
    if name.id in context.operands:
        match context.operands[name.id]:
            case RegisterOperand() as operand:
                return _to_register(context, operand, name, value, at)
            case CsrOperand():
                return [ir.SetCsr(to_word(value, context.xlen, at))]
            case ImmediateOperand(field) if not field.sliced:
                cure = f"for a register write its file, as {name.id}: x, in the signature"
                raise DescriptionError(name.at, f"{name.id} is an immediate: {cure}")
        raise DescriptionError(name.at, f"{name.id} is an immediate, which cannot be assigned")
    if name.id in states:
        _check_single(states[name.id], name.at)
        return _to_state(context, states[name.id], 0, value, at)
    if name.id == "pc":
        return [ir.SetPc(to_word(value, context.xlen, at))]
    raise _unknown(context, name)


def _unknown(context: Context, name: Name) -> DescriptionError:
    names = context.scope.names
    if name.id in ("next_pc", "memory") or name.id in (*names.formats, *names.constants):
        cure = "write a register, a state, memory[address, size] or pc"
        return DescriptionError(name.at, f"'{name.id}' cannot be assigned: {cure}")
    return unknown(name, "target", [*context.operands, *context.formats, *names.states, "pc"])


def _check_single(state: StateElement, at: Position) -> None:
    if state.count > 1:
        raise DescriptionError(
            at, f"{state.name} has {state.count} elements: assign one, as {state.name}[0]"
        )


def _to_register(
    context: Context, operand: RegisterOperand, name: Name, value: Value, at: Position
) -> list[ir.Statement]:
    match operand.view:
        case WordView():
            word = to_word(value, operand.file.width, at)
            return [ir.SetRegister(operand.name, operand.file.name, 0, 0, word, None)]
        case NumberView(format):
            return [_number_to_register(operand, encoded(context, value, format, at))]
        case LanesView(_, _, count):
            raise DescriptionError(
                name.at, f"{operand.name} has {count} lanes: assign one, as {operand.name}[0]"
            )


def _number_to_register(operand: RegisterOperand, word: ir.Word) -> ir.Statement:
    """One number, and what becomes of the bits above it."""
    assert isinstance(operand.view, NumberView)
    fill = None
    if operand.view.width < operand.file.width:
        if operand.file.boxed:
            fill = "ones"
        else:
            fill = "sign" if _is_twos_complement(operand.view.format) else "zeros"
    return ir.SetRegister(operand.name, operand.file.name, 0, 0, word, fill)


def _is_twos_complement(format: ir.FormatUse) -> bool:
    return all(isinstance(f, Fixed) and f.signed for f in formats_of(format))


def encoded(context: Context, value: Value, format: ir.FormatUse, at: Position) -> ir.Word:
    """The value rounded into the format: the one rounding of an assignment."""
    number = to_number(value, at)
    mode = rounding_of(context, number, format, at)
    return ir.Encode(number, format, mode, width_of(format))


def _to_state(
    context: Context, state: StateElement, index: int, value: Value, at: Position
) -> list[ir.Statement]:
    if state.format is not None:
        word = encoded(context, value, state.format, at)
    else:
        word = to_word(value, state.width, at)
    return [ir.SetState(state.name, index, 0, word)]


# Lanes, elements and bits -----------------------------------------------------------------------


def _to_element(
    context: Context, name: Name, index: syntax.Expression, value: Value, at: Position
) -> list[ir.Statement]:
    """One lane of an operand, one element or bit of a state, or one register by number."""
    name, names = _meant(context, name), context.scope.names
    found = evaluate(context, index)
    operand = context.operands.get(name.id)
    if isinstance(operand, RegisterOperand) and isinstance(operand.view, LanesView):
        word = encoded(context, value, operand.view.format, at)
        return _each(found, _lanes(operand), lambda i: _lane(operand, i, word), name.at)
    if operand is None and name.id not in context.locals:
        state, file = names.states.get(name.id), names.files.get(name.id)
        if state is not None and state.count > 1:
            return _each(
                found, _elements(state), lambda i: _to_state(context, state, i, value, at), name.at
            )
        if file is not None:
            number = to_integer(found, name.at, f"the number of a register of {file.name}")
            check_index(number, (f"{file.name} has", file.count, "registers"), name.at)
            word = to_word(value, file.width, at)
            return [ir.SetRegister(None, file.name, number, 0, word, None)]
    bit = to_integer(found, index.at, f"the index of {name.id} on the left")
    return _to_bits(context, name, bit, bit, value, at)


def _lanes(operand: RegisterOperand) -> Things:
    assert isinstance(operand.view, LanesView)
    return f"{operand.name} has", operand.view.count, "lanes"


def _elements(state: StateElement) -> Things:
    return f"{state.name} has", state.count, "elements"


def _each(
    index: Value, things: Things, effect: Callable[[int], list[ir.Statement]], at: Position
) -> list[ir.Statement]:
    """The effect at an index that is known, or at the one that it turns out to be."""
    if isinstance(index, int):
        check_index(index, things, at)
        return effect(index)
    word, most = index_word(index, things, at)

    def among(low: int, high: int) -> list[ir.Statement]:
        if low == high:
            return effect(low)
        middle = (low + high + 1) // 2
        below = ir.CompareWords("<", word, ir.Constant(middle, word.width))
        return [ir.IfElse(below, tuple(among(low, middle - 1)), tuple(among(middle, high)))]

    return among(0, most)


def _lane(operand: RegisterOperand, index: int, word: ir.Word) -> list[ir.Statement]:
    """One lane; the last also fills what lies above a view that leaves bits over."""
    view = operand.view
    assert isinstance(view, LanesView)
    fill = None
    if index == view.count - 1 and view.count * view.width < operand.file.width:
        fill = "ones" if operand.file.boxed else "zeros"
    low = index * view.width
    return [ir.SetRegister(operand.name, operand.file.name, 0, low, word, fill)]


def _to_bits(
    context: Context, whole: syntax.Expression, high: int, low: int, value: Value, at: Position
) -> list[ir.Statement]:
    """Some bits of a register, of a state or of one element; the others stay as they are."""
    here = whole.at
    check_slice(high, low, here)
    word = to_word(value, high - low + 1, at)
    match whole:
        case syntax.Call(Name("bits"), (Name() as name,)):
            state = _state(context, name)
            _check_single(state, here)
            return [_bits_of_state(state, 0, high, low, word, here)]
        case Name() as name if isinstance(
            operand := context.operands.get(name.id), RegisterOperand
        ):
            if not isinstance(operand.view, WordView):
                raise DescriptionError(
                    here, f"{name.id} is no plain register: assign it as a whole"
                )
            _check_bits(name.id, operand.file.width, high, low, here)
            return [ir.SetRegister(name.id, operand.file.name, 0, low, word, None)]
        case Name() as name:
            state = _state(context, name)
            _check_single(state, here)
            if state.format is not None:
                cure = f"write bits({name.id})[{high}:{low}] = ..."
                raise DescriptionError(here, f"{name.id} is a number: {cure}")
            return [_bits_of_state(state, 0, high, low, word, here)]
        case syntax.Index(Name() as name, index, None):
            state = _array(context, name)
            found = evaluate(context, index)
            return _each(
                found,
                _elements(state),
                lambda i: [_bits_of_state(state, i, high, low, word, here)],
                here,
            )
    raise DescriptionError(here, "only the bits of a register or a state can be assigned")


def _state(context: Context, name: Name) -> StateElement:
    if name.id in context.locals or name.id in context.operands:
        raise DescriptionError(name.at, f"'{name.id}' has no bits to assign: assign it as a whole")
    name = _meant(context, name)
    if name.id not in context.scope.names.states:
        raise _unknown(context, name)
    return context.scope.names.states[name.id]


def _array(context: Context, name: Name) -> StateElement:
    state = _state(context, name)
    if state.count == 1:
        raise DescriptionError(name.at, f"{name.id} is one state, not several: leave the index out")
    return state


def _bits_of_state(
    state: StateElement, index: int, high: int, low: int, word: ir.Word, at: Position
) -> ir.Statement:
    _check_bits(state.name, state.width, high, low, at)
    return ir.SetState(state.name, index, low, word)


def _check_bits(name: str, width: int, high: int, low: int, at: Position) -> None:
    if high >= width:
        raise DescriptionError(
            at, f"[{high}:{low}] is out of range: {name} has {width} bits, numbered from 0"
        )


def _to_encoding(
    context: Context, name: Name, index: syntax.Expression | None, value: Value, at: Position
) -> list[ir.Statement]:
    """`bits(rd) = word`: the encoding as it is, nothing rounds."""
    operand = context.operands.get(name.id)
    if not isinstance(operand, RegisterOperand):
        return _to_state_encoding(context, name, index, value, at)
    match operand.view:
        case NumberView(_, width) if index is None:
            return [_number_to_register(operand, to_word(value, width, at))]
        case LanesView(_, width) if index is not None:
            word = to_word(value, width, at)
            found = evaluate(context, index)
            return _each(found, _lanes(operand), lambda i: _lane(operand, i, word), name.at)
        case LanesView() | WordView() if index is None:
            word = to_word(value, operand.file.width, at)
            return [ir.SetRegister(operand.name, operand.file.name, 0, 0, word, None)]
    raise DescriptionError(name.at, f"{name.id} has no lanes: write bits({name.id}) = ...")


def _to_state_encoding(
    context: Context, name: Name, index: syntax.Expression | None, value: Value, at: Position
) -> list[ir.Statement]:
    if index is None:
        state = _state(context, name)
        _check_single(state, name.at)
        return [ir.SetState(state.name, 0, 0, to_word(value, state.width, at))]
    state = _array(context, name)
    word, found = to_word(value, state.width, at), evaluate(context, index)
    return _each(found, _elements(state), lambda i: [ir.SetState(state.name, i, 0, word)], name.at)


# Concatenations and memory ----------------------------------------------------------------------


def _to_parts(
    context: Context, parts: tuple[syntax.Expression, ...], value: Value, at: Position
) -> list[ir.Statement]:
    """Each part that can be assigned takes its bits; constants and comparisons are kept."""
    found: list[ir.Statement] = []
    values = [evaluate(context, part) for part in parts]
    widths = [_width_of_part(v, part) for v, part in zip(values, parts, strict=True)]
    word = to_word(value, sum(widths), at)
    low = sum(widths)
    for part, old, width in zip(parts, values, widths, strict=True):
        low -= width
        if not (isinstance(old, int | ir.Constant) or is_truth(old)):
            found += assign(context, part, slice_of(word, low + width - 1, low, at), at)
    return found


def _width_of_part(value: Value, part: syntax.Expression) -> int:
    if is_truth(value) or value in (0, 1):
        return 1
    if is_word(value):
        return value.width
    raise no_width(value, part.at)


def _store(
    context: Context,
    address: syntax.Expression,
    size: syntax.Expression,
    value: Value,
    at: Position,
    *,
    aligned: bool,
) -> ir.Store:
    count = access_size(context, size)
    word = to_word(value, 8 * count, at)
    return ir.Store(word_of(context, address, context.xlen), count, aligned, word)
