"""The end of an instruction: what its body collected takes place; nothing can leave any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rvx.jit.effects import Effects, Untranslatable
from rvx.jit.guest import FLAGS
from rvx.jit.layout import Place
from rvx.jit.text import literal
from rvx.model import ir
from rvx.model.machine import Machine

if TYPE_CHECKING:
    from rvx.jit.lowering import Lowering


def commit(to: Lowering) -> Effects:
    """Emit the effects. Raises Untranslatable, with none emitted."""
    guest, pending = to.guest, to.pending
    _check_marks(to)
    if to.facts.raises and to.host_mode is not None:
        guest.uses_host = True
    for s, place in to.accumulations:
        _accumulate(to, s, place)
    guest.accrue(pending.flags)
    modes_unknown = _write(to)
    for pointer, bits, value, condition in pending.stores:
        with to.when(condition):
            to.out.store(f"i{bits}", value, pointer)
    taken = literal(pending.taken)
    return Effects(
        None if taken == 0 else pending.target,
        None if taken is not None else pending.taken,
        modes_unknown,
    )


def _write(to: Lowering) -> bool:
    """Write registers and states; whether a mode becomes something that is not constant."""
    out, guest, unknown = to.out, to.guest, False
    for place, (mask, width, value) in to.pending.pieces.items():
        if kept := (1 << width) - 1 & ~mask:
            old = out.op("and", width, guest.read(place), str(kept))
            value = out.op("or", width, old, value)
        unknown |= place in guest.modes and literal(value) is None
        guest.write(place, value)
    return unknown


def _check_marks(to: Lowering) -> None:
    """Accruing flags may have to change other state. Where that has not been done before, the
    reference does it: the instruction is native as long as it raises none."""
    if not to.facts.raises or is_marked(to.machine, _modes(to)):
        return
    if to.host_mode is not None:
        raise Untranslatable
    to.refuse(to.out.compare("ne", 32, to.pending.flags, "0"))


def is_marked(machine: Machine, modes: Mapping[Place, int]) -> bool:
    """Whether the state that accruing flags sets is known to be set."""
    if FLAGS.name not in machine.states:
        return True
    for mark in machine.states[FLAGS.name].marks:
        match mark:
            case ir.SetState(name, index, 0, ir.Constant(value)):
                if modes.get(Place("state", name, index)) == value:
                    continue
        return False
    return True


def _modes(to: Lowering) -> dict[Place, int]:
    """The modes as the instruction leaves them, as far as they are known."""
    written = {
        place: literal(piece.value)
        for place, piece in to.pending.pieces.items()
        if place in to.guest.modes
    }
    known = {**to.guest.modes, **written}
    return {place: value for place, value in known.items() if value is not None}


def _accumulate(to: Lowering, s: ir.SetState, place: Place) -> None:
    """In place, where there is a rule for it."""
    adding = to.numbers.adding(to, s, is_spread=to.guest.is_spread(place))
    if adding is not None:
        to.guest.add(place, adding)
    else:
        to.guest.settle()
        to.guest.write(place, to.word(s.value))
