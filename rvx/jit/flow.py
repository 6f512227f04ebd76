"""The two sides of a condition: in blocks of code of their own, or both computed and selected."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from rvx.jit.effects import Choose, Local, Locals, Pending, Untranslatable
from rvx.jit.guest import Snapshot
from rvx.jit.text import Function, literal

if TYPE_CHECKING:
    from rvx.jit.lowering import Lowering

Emit: TypeAlias = Callable[[], None]


class _Side(NamedTuple):
    pending: Pending
    locals: Locals
    snapshot: Snapshot


def select(to: Lowering, condition: str, then: Emit, otherwise: Emit) -> None:
    """Emit both sides here and select between their effects by the condition (an i1)."""
    out, outer, host_mode = to.out, to.condition, to.host_mode
    pending, locals_ = to.pending, to.locals
    to.host_mode = None  # its flags would accrue from both sides
    sides = []
    for holds, emit in ((condition, then), (out.op("xor", 1, condition, "1"), otherwise)):
        to.condition = out.op("and", 1, outer, holds)
        to.pending, to.locals = pending.fork(), dict(locals_)
        emit()
        sides.append((to.pending, to.locals))
    to.condition, to.host_mode = outer, host_mode
    (one, one_locals), (other, other_locals) = sides
    other.widen(out, one, to.guest.read)
    one.widen(out, other, to.guest.read)
    _align(out, one_locals, other_locals)

    def choose(type: str, first: str, second: str) -> str:
        if type == "i1" and (literal(first), literal(second)) == (1, 0):
            return condition
        return out.select(condition, type, first, second)

    pending.join(one, other, to.machine.xlen, choose)
    to.pending = pending
    to.locals = {**other_locals, **one_locals, **_joined(one_locals, other_locals, choose)}


def part(to: Lowering, condition: str, then: Emit, otherwise: Emit) -> Choose | None:
    """As `Lowering.part` says."""
    out, guest = to.out, to.guest
    pending, locals_, start = to.pending, to.locals, guest.snapshot()
    named = frozenset(to.named)

    def side(label: str, emit: Emit) -> _Side | None:
        out.begin(label)
        guest.restore(start)
        to.pending, to.locals, to.named = pending.fork(), dict(locals_), set(named)
        try:
            emit()
        except Untranslatable:
            out.jump(guest.bail())
            return None
        return _Side(to.pending, to.locals, guest.snapshot())

    labels = out.label("then"), out.label("else")
    end, join = out.label("end"), out.label("join")
    out.branch(condition, *labels)
    one = side(labels[0], then)
    if one:
        out.jump(end)
    other = side(labels[1], otherwise)
    to.named = set(named)
    if one and other:
        choose = _meet(to, one, other, end, join)
        guest.restore(start)
        pending.join(one.pending, other.pending, to.machine.xlen, choose)
        to.pending, to.locals = pending, _joined(one.locals, other.locals, choose)
        return choose
    if one:
        out.begin(end)
        guest.restore(one.snapshot)
        to.pending, to.locals = one.pending, one.locals
    elif not other:
        out.begin(join)  # nothing leads here
        guest.restore(start)
        to.pending, to.locals = pending, locals_
        raise Untranslatable
    return None


def _meet(to: Lowering, one: _Side, other: _Side, end: str, join: str) -> Choose:
    """End both sides, with the same bits written, and open the join. The other side is open; the
    first goes on at `end`, because only now is known what it must cover."""
    out, guest = to.out, to.guest
    other.pending.widen(out, one.pending, guest.read)
    _align(out, other.locals, other.locals | one.locals)
    other_end = out.block
    out.jump(join)
    out.begin(end)
    guest.restore(one.snapshot)
    one.pending.widen(out, other.pending, guest.read)
    _align(out, one.locals, one.locals | other.locals)
    one_end = out.block
    out.jump(join)
    out.begin(join)

    def choose(type: str, first: str, second: str) -> str:
        return out.phi(type, (first, one_end), (second, other_end))

    return choose


def _align(out: Function, locals_: Locals, like: Locals) -> None:
    """Widen numbers to the width that they have on the other side, where it is greater."""
    for name, local in locals_.items():
        width = like[name].width if name in like else local.width
        if local.bounds is not None and local.width < width:
            value = out.resize(local.value, local.width, width, signed=True)
            locals_[name] = Local(value, width, local.bounds)


def _joined(one: Locals, other: Locals, choose: Choose) -> Locals:
    """The locals that both sides have."""
    found = {}
    for name, local in one.items():
        if (second := other.get(name)) is None:
            continue
        if local is not second:
            bounds = None
            if local.bounds and second.bounds:
                bounds = (
                    min(local.bounds[0], second.bounds[0]),
                    max(local.bounds[1], second.bounds[1]),
                )
            value = choose(f"i{local.width}", local.value, second.value)
            local = Local(value, local.width, bounds)
        found[name] = local
    return found
