"""Assignments: to registers, lanes, state, memory, pc and CSRs. This is where numbers round."""

from __future__ import annotations

from rvx.description import syntax, values
from rvx.description.expression import Context, access_size, evaluate, indexed_range, word_of
from rvx.description.operators import slice_of, to_word_any
from rvx.description.primitives import rounding_of
from rvx.description.scope import unknown
from rvx.description.syntax import DescriptionError, Name, Position
from rvx.description.values import Value, to_integer, to_number, to_word
from rvx.model import expression as ir
from rvx.model.machine import (
    CsrOperand,
    LanesView,
    NumberView,
    RegisterOperand,
    StateElement,
    WordView,
)


def assign(
    context: Context, target: syntax.Expression, value: Value, at: Position
) -> list[ir.Statement]:
    """The effects of `target = value`."""
    match target:
        case Name():
            return _to_name(context, target, value, at)
        case syntax.Index(Name("memory"), address, size) if size is not None:
            return [_store(context, address, size, value, aligned=False)]
        case syntax.Aligned(syntax.Index(Name("memory"), address, size)) if size is not None:
            return [_store(context, address, size, value, aligned=True)]
        case syntax.Index(Name() as name, index, None):
            return _to_element(context, name, index, value, at)
        case syntax.Slice(Name() as name, high, low):
            bounds = [to_integer(evaluate(context, b), at, "a slice's bound") for b in (high, low)]
            return _to_slice(context, name, bounds[0], bounds[1], value, at)
        case syntax.Concat(parts):
            return _to_parts(context, parts, value, at)
        case syntax.Call(Name("bits"), (Name() as name,)):
            return _to_encoding(context, name, None, value, at)
        case syntax.Call(Name("bits"), (syntax.Index(Name() as name, index, None),)):
            return _to_encoding(context, name, index, value, at)
    raise DescriptionError(at, "this cannot be assigned: write a register, a state, memory or pc")


def _to_name(context: Context, name: Name, value: Value, at: Position) -> list[ir.Statement]:
    names = context.scope.names
    if name.id in context.operands:
        match context.operands[name.id]:
            case RegisterOperand() as operand:
                return _to_register(context, operand, value, at)
            case CsrOperand():
                return [ir.SetCsr(to_word(value, context.xlen, at))]
        raise DescriptionError(at, f"{name.id} is an immediate; it cannot be assigned")
    if name.id in context.locals:
        raise DescriptionError(at, f"'{name.id}' is not a var: declare it so, or use another name")
    if name.id in names.states:
        return _to_state(context, names.states[name.id], 0, value, at)
    if name.id == "pc":
        return [ir.SetPc(to_word(value, context.xlen, at))]
    raise unknown(name, "target", [*context.operands, *context.locals, *names.states, "pc"])


def _to_register(
    context: Context, operand: RegisterOperand, value: Value, at: Position
) -> list[ir.Statement]:
    match operand.view:
        case WordView():
            word = to_word(value, operand.file.width, at)
            return [ir.SetRegister(operand.name, operand.file.name, 0, 0, word, None)]
        case NumberView(format):
            return [_number_to_register(operand, encoded(context, value, format, at))]
        case LanesView(_, _, count):
            raise DescriptionError(
                at, f"{operand.name} has {count} lanes; assign one, as {operand.name}[0]"
            )


def _number_to_register(operand: RegisterOperand, word: ir.Word) -> ir.Statement:
    """One number, and what becomes of the bits above it."""
    assert isinstance(operand.view, NumberView)
    fill = None
    if operand.view.width < operand.file.width:
        if operand.file.boxed:
            fill = "ones"
        else:
            fill = "sign" if _is_signed_integer(operand.view.format) else "zeros"
    return ir.SetRegister(operand.name, operand.file.name, 0, 0, word, fill)


def _is_signed_integer(format: ir.FormatUse) -> bool:
    return (
        values.is_integer_format(format)
        and isinstance(format, ir.Named)
        and format.format.span.low < 0
    )


def encoded(context: Context, value: Value, format: ir.FormatUse, at: Position) -> ir.Word:
    """The value rounded into the format: the one rounding of an assignment."""
    number = to_number(value, at)
    mode = rounding_of(context, number, format, at)
    return ir.Encode(number, format, mode, values.width_of(format))


def _to_state(
    context: Context, state: StateElement, index: int, value: Value, at: Position
) -> list[ir.Statement]:
    if state.format is not None:
        word = encoded(context, value, state.format, at)
    else:
        word = to_word(value, state.width, at)
    return [ir.SetState(state.name, index, 0, word)]


def _to_element(
    context: Context, name: Name, index: syntax.Expression, value: Value, at: Position
) -> list[ir.Statement]:
    """One lane of an operand, one element or bit of a state, or one register by number."""
    names = context.scope.names
    found = evaluate(context, index)
    operand = context.operands.get(name.id)
    if isinstance(operand, RegisterOperand) and isinstance(operand.view, LanesView):
        word = encoded(context, value, operand.view.format, at)
        return _each(found, operand.view.count, lambda i: _lane(operand, i, word), name.id, at)
    if operand is None and name.id in names.states and names.states[name.id].count > 1:
        state = names.states[name.id]
        return _each(
            found, state.count, lambda i: _to_state(context, state, i, value, at), name.id, at
        )
    number = to_integer(found, at, f"the index of {name.id} on the left")
    if operand is None and name.id in names.files:
        file = names.files[name.id]
        if not 0 <= number < file.count:
            raise DescriptionError(at, f"{file.name} has {file.count} registers")
        return [
            ir.SetRegister(None, file.name, number, 0, to_word(value, file.width, at), None)
        ]
    return _to_slice(context, name, number, number, value, at)


def _each(index: Value, count: int, effect, what: str, at: Position) -> list[ir.Statement]:  # type: ignore[no-untyped-def]
    """The effect at an index that is known, or at each that it may be."""
    if isinstance(index, int):
        indexed_range(index, count, what, at)
        return effect(index)  # type: ignore[no-any-return]
    word = to_word_any(index, at)
    indexed_range((1 << word.width) - 1, count, what, at)
    return [
        ir.IfElse(ir.CompareWords("==", word, ir.Constant(i, word.width)), tuple(effect(i)), ())
        for i in range(1 << word.width)
    ]


def _lane(operand: RegisterOperand, index: int, word: ir.Word) -> list[ir.Statement]:
    """One lane; the last also fills what lies above a view that leaves bits over."""
    view = operand.view
    assert isinstance(view, LanesView)
    fill = None
    if index == view.count - 1 and view.count * view.width < operand.file.width:
        fill = "ones" if operand.file.boxed else "zeros"
    low = index * view.width
    return [ir.SetRegister(operand.name, operand.file.name, 0, low, word, fill)]


def _to_slice(
    context: Context, name: Name, high: int, low: int, value: Value, at: Position
) -> list[ir.Statement]:
    if not 0 <= low <= high:
        raise DescriptionError(at, f"[{high}:{low}] is no slice: write [high:low]")
    word = to_word(value, high - low + 1, at)
    operand = context.operands.get(name.id)
    if isinstance(operand, RegisterOperand) and isinstance(operand.view, WordView):
        width, effect = operand.file.width, ir.SetRegister(
            operand.name, operand.file.name, 0, low, word, None
        )
    elif operand is None and name.id in context.scope.names.states:
        state = context.scope.names.states[name.id]
        width, effect = state.width, ir.SetState(state.name, 0, low, word)  # type: ignore[assignment]
    else:
        raise DescriptionError(at, f"{name.id} has no bits that can be assigned")
    if high >= width:
        raise DescriptionError(at, f"[{high}:{low}] is out of range: {name.id} has {width} bits")
    return [effect]


def _to_parts(
    context: Context, parts: tuple[syntax.Expression, ...], value: Value, at: Position
) -> list[ir.Statement]:
    """Each part that can be assigned takes its bits; constants and comparisons are kept."""
    widths = [_width_of_part(context, part) for part in parts]
    word = to_word(value, sum(widths), at)
    found: list[ir.Statement] = []
    low = sum(widths)
    for part, width in zip(parts, widths, strict=True):
        low -= width
        if _is_assignable(context, part):
            found += assign(context, part, slice_of(word, low + width - 1, low, at), part.at)
    return found


def _width_of_part(context: Context, part: syntax.Expression) -> int:
    value = evaluate(context, part)
    if values.is_truth(value) or value in (0, 1):
        return 1
    if values.is_word(value):
        return value.width  # type: ignore[union-attr]
    raise DescriptionError(part.at, f"{values.describe(value)} has no width here")


def _is_assignable(context: Context, part: syntax.Expression) -> bool:
    match part:
        case Name(id) | syntax.Slice(Name(id)) | syntax.Index(Name(id)):
            return id in context.scope.names.states or id in context.operands
        case syntax.Concat():
            return True
    return False


def _to_encoding(
    context: Context, name: Name, index: syntax.Expression | None, value: Value, at: Position
) -> list[ir.Statement]:
    """`bits(rd) = word`: the encoding as it is, nothing rounds."""
    operand = context.operands.get(name.id)
    if not isinstance(operand, RegisterOperand):
        raise DescriptionError(at, "bits(...) on the left takes an operand or a lane of one")
    match operand.view:
        case NumberView(_, width) if index is None:
            return [_number_to_register(operand, to_word(value, width, at))]
        case LanesView(_, width, count) if index is not None:
            word = to_word(value, width, at)
            found = evaluate(context, index)
            return _each(found, count, lambda i: _lane(operand, i, word), name.id, at)
        case LanesView() | WordView() if index is None:
            word = to_word(value, operand.file.width, at)
            return [ir.SetRegister(operand.name, operand.file.name, 0, 0, word, None)]
    raise DescriptionError(at, f"{name.id} cannot be assigned so; look at its view")


def _store(
    context: Context,
    address: syntax.Expression,
    size: syntax.Expression,
    value: Value,
    *,
    aligned: bool,
) -> ir.Store:
    count = access_size(context, size)
    word = to_word(value, 8 * count, address.at)
    return ir.Store(word_of(context, address, context.xlen), count, aligned, word)
