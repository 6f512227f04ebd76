"""Statements: locals are set, effects are noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from rvx.jit import csr, flow, integer, word
from rvx.jit.effects import Local, PendingStore, Piece
from rvx.jit.guest import COUNTERS, INHIBIT
from rvx.jit.layout import Place
from rvx.jit.text import literal
from rvx.model import ir
from rvx.model.walk import nodes

if TYPE_CHECKING:
    from rvx.jit.lowering import Lowering

_WORDS: Final = frozenset(get_args(ir.Word))
_TRUTHS: Final = frozenset(get_args(ir.Truth))
# A truth of the instruction's own, which no description can name.
_CONDITION: Final = "condition of the statement"


def lower(to: Lowering, s: ir.Statement) -> None:
    """Carry out the statement, under `to.condition`."""
    match s:
        case ir.SetRegister():
            _set_register(to, s)
        case ir.Store(address, size, _, value):
            pointer = to.guest.check_store(to.word(address), size)
            stored = to.out.resize(to.word(value), value.width, 8 * size)
            to.pending.stores.append(PendingStore(pointer, 8 * size, stored, "1"))
        case ir.IfElse():
            _if_else(to, s)
        case ir.SetPc(value):
            _set_pc(to, value)
        case ir.SetState():
            _set_state(to, s)
        case ir.SetLocal(name, value):
            _set_local(to, name, value)
        case ir.SetCsr(value):
            csr.write(to, to.word(value), value.width)
        case ir.RaiseTrap():
            to.refuse()


def _set_register(to: Lowering, s: ir.SetRegister) -> None:
    out, file = to.out, to.machine.files[s.file]
    place = Place("register", s.file, s.index)
    if s.operand is not None:
        place = to.place(s.operand, s.file)
    _, _, number = place
    if number == file.zero:
        if to.is_heavy(s.value):
            to.word(s.value)  # for what it may raise
        return
    end = s.low + s.value.width
    mask = (1 << end) - (1 << s.low)
    above = (1 << file.width) - (1 << end) if s.fill else 0
    if s.fill == "sign":
        narrow = out.resize(to.word(s.value), s.value.width, file.width - s.low, signed=True)
        value = out.resize(narrow, file.width - s.low, file.width)
        value = out.op("shl", file.width, value, str(s.low))
    else:
        value = word.placed(to, s.value, s.low, file.width)
        if s.fill == "ones":
            value = out.op("or", file.width, value, str(above))
    to.pending.put(out, place, Piece(mask | above, file.width, value))


def _set_state(to: Lowering, s: ir.SetState) -> None:
    place = Place("state", s.name, s.index)
    if s.name in COUNTERS or s.name == INHIBIT.name or s.name in to.machine.interrupt_states:
        to.refuse()  # the machine counts and looks for interrupts, and has to be told
        return
    width = to.machine.states[s.name].width
    if _is_accumulation(to, s, place):
        to.accumulations.append((s, place))
        return
    value = word.placed(to, s.value, s.low, width)
    mask = (1 << s.value.width) - 1 << s.low
    to.pending.put(to.out, place, Piece(mask, width, value))


def _is_accumulation(to: Lowering, s: ir.SetState, place: Place) -> bool:
    """Whether a state in the block may be worked on in place, before all other effects: nothing
    else writes it, and what is computed can neither be left nor depends on locals."""
    if not (isinstance(s.value, ir.Encode) and to.is_certain and to.guest.is_wide(place)):
        return False
    if to.accumulations:  # it might read what the other one has changed
        return False
    every = list(nodes(to.instruction.body))
    writes = [n for n in every if isinstance(n, ir.SetState) and n.name == s.name]
    lasting = (ir.Load, ir.Store, ir.IfElse, ir.SetLocal, ir.SetCsr)
    return writes == [s] and not any(isinstance(n, lasting) for n in every)


def _set_pc(to: Lowering, value: ir.Word) -> None:
    target, pending = to.word(value), to.pending
    surplus = to.machine.ialign - 1
    if literal(target) is not None or not _is_aligned(value, surplus):
        xlen = to.machine.xlen
        low = to.out.op("and", xlen, target, str(surplus))
        to.refuse(to.out.compare("ne", xlen, low, "0"))
    pending.target, pending.taken = target, "1"


def _branch(to: Lowering, condition: str, target: ir.Word) -> None:
    """The only jump so far, and the condition's only effect: no need to fork."""
    outer, to.condition = to.condition, to.out.op("and", 1, to.condition, condition)
    _set_pc(to, target)
    to.condition, to.pending.taken = outer, condition


def _is_aligned(e: ir.Word, surplus: int) -> bool:
    """Whether the bits of `surplus` are zero whatever the operands."""
    match e:
        case ir.WordOp("&", left, right):
            return _is_aligned(left, surplus) or _is_aligned(right, surplus)
        case ir.Constant(value):
            return not value & surplus
        case ir.Join((*_, ir.Constant(value, width))):
            return not value & surplus and surplus < 1 << width
    return False


def _set_local(to: Lowering, name: str, value: ir.Word | ir.Number | ir.Truth) -> None:
    if type(value) in _WORDS:
        assert isinstance(value, ir.Word)
        to.locals[name] = Local(to.word(value), value.width)
    elif type(value) in _TRUTHS:
        assert isinstance(value, ir.Truth)
        to.locals[name] = Local(to.truth(value), 1)
    else:
        assert isinstance(value, ir.Number)
        if value.integral:
            found, width = to.integer(value)
            to.locals[name] = Local(found, width, integer.bounds(to, value))
        else:
            _set_number(to, name, value)


def _set_number(to: Lowering, name: str, value: ir.Number) -> None:
    """A local that Numbers keeps. Where it has a value and the statement is conditional, it takes
    the new one or keeps its own."""
    may_be_lost = not (to.is_certain and id(value) in to.facts.sure)
    if name in to.named and to.condition != "1":
        to.locals[_CONDITION] = Local(to.condition, 1)
        own = ir.NumberLocal(name, None, False)
        value = ir.NumberSelect(ir.TruthLocal(_CONDITION), value, own, None, False)
    elif name in to.named and not to.is_certain:
        to.refuse()
        return
    to.named.add(name)
    with to.without_host(may_be_lost):
        to.numbers.local(to, name, value)


def _if_else(to: Lowering, s: ir.IfElse) -> None:
    condition = to.truth(s.condition)
    if (known := literal(condition)) is not None:
        to.body(s.then if known else s.otherwise)
        return
    match s:
        case ir.IfElse(_, (ir.SetPc(value),), ()) if to.pending.taken == "0":
            _branch(to, condition, value)
            return
    heavy = to.is_heavy(s.then) or to.is_heavy(s.otherwise)

    def then() -> None:
        to.body(s.then)

    def otherwise() -> None:
        to.body(s.otherwise)

    if heavy and not _sets_numbers(s):
        to.part(condition, then, otherwise)
    else:
        flow.select(to, condition, then, otherwise)


def _sets_numbers(s: ir.IfElse) -> bool:
    """Whether a local that Numbers keeps is set, and no memory is accessed: such a condition is
    computed on both sides."""
    every = list(nodes(s))
    return any(
        isinstance(n, ir.SetLocal) and isinstance(n.value, ir.Number) and not n.value.integral
        for n in every
    ) and not any(isinstance(n, ir.Load | ir.Store | ir.CsrValue | ir.SetCsr) for n in every)
