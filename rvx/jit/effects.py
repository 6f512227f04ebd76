"""What an instruction is going to do: collected while its body is lowered, committed at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from rvx.jit.layout import Place
from rvx.jit.text import Function

# Emits the choice between the values of two sides, a phi or a select: type, then, otherwise.
Choose: TypeAlias = Callable[[str, str, str], str]


class Untranslatable(Exception):
    """The instruction is left to the reference. What was emitted for it so far has no effect; the
    block of code is open."""


@dataclass(frozen=True)
class Effects:
    """Where an instruction goes, once all else is committed."""

    target: str | None  # the next pc where it (maybe) jumps; a literal where constant
    taken: str | None  # i1, whether it goes there; None: always, or never where target is None
    modes_unknown: bool  # a mode state was written with what is not constant: the region ends


@dataclass(frozen=True)
class Local:
    """A word, a truth (width 1) or an integral number of the body."""

    value: str
    width: int
    bounds: tuple[int, int] | None = None  # of a number, both included


Locals: TypeAlias = dict[str, Local]


class Piece(NamedTuple):
    """The bits of a register or state that are written."""

    mask: int
    width: int  # of the register or state
    value: str  # zero outside of the mask


class PendingStore(NamedTuple):
    """A store that has been checked."""

    pointer: str
    bits: int
    value: str
    condition: str  # i1


@dataclass
class Pending:
    """Effects so far, on one way through the body."""

    pieces: dict[Place, Piece] = field(default_factory=dict)
    stores: list[PendingStore] = field(default_factory=list)
    target: str = "0"  # where it goes if it jumps
    taken: str = "0"  # i1, whether it jumps
    flags: str = "0"  # i32

    def fork(self) -> Pending:
        """A copy to go on with on one side of a condition."""
        return Pending(dict(self.pieces), list(self.stores), self.target, self.taken, self.flags)

    def put(self, out: Function, place: Place, piece: Piece) -> None:
        """Write bits, over what is pending for them."""
        old = self.pieces.get(place)
        if old is not None:
            mask, width, value = piece
            kept = old.mask & ~mask
            below = old.value
            if kept != old.mask:
                below = out.op("and", width, below, str(kept))
            piece = Piece(mask | old.mask, width, out.op("or", width, below, value))
        self.pieces[place] = piece

    # Joining the two sides of a condition

    def widen(self, out: Function, other: Pending, read: Callable[[Place], str]) -> None:
        """Cover the bits that another side writes, with what they were before the instruction.
        Emit it at the end of a side."""
        for place, (mask, width, _) in other.pieces.items():
            piece = self.pieces.get(place, Piece(0, width, "0"))
            if missing := mask & ~piece.mask:
                old = out.op("and", width, read(place), str(missing))
                value = out.op("or", width, old, piece.value)
                self.pieces[place] = Piece(mask | piece.mask, width, value)

    def join(self, then: Pending, otherwise: Pending, xlen: int, choose: Choose) -> None:
        """Become what either side is. Both cover the same bits; `self` is as at the fork."""
        for place, (mask, width, value) in then.pieces.items():
            value = choose(f"i{width}", value, otherwise.pieces[place].value)
            self.pieces[place] = Piece(mask, width, value)
        common = len(self.stores)
        self.stores += [_maybe(s, choose) for s in then.stores[common:]]
        self.stores += [_maybe(s, _swapped(choose)) for s in otherwise.stores[common:]]
        if then.flags != otherwise.flags:
            self.flags = choose("i32", then.flags, otherwise.flags)
        self._join_targets(then, otherwise, xlen, choose)

    def _join_targets(self, then: Pending, otherwise: Pending, xlen: int, choose: Choose) -> None:
        """A side that does not jump may have any target, so that a literal stays one."""
        one, other = then.target, otherwise.target
        if then.taken == "0" and other.isdigit():
            one = other
        if otherwise.taken == "0" and one.isdigit():
            other = one
        self.target = one if one == other else choose(f"i{xlen}", one, other)
        self.taken = choose("i1", then.taken, otherwise.taken)


def _maybe(s: PendingStore, choose: Choose) -> PendingStore:
    """A store of the first side, after the join."""
    return PendingStore(
        choose("ptr", s.pointer, "null"),
        s.bits,
        choose(f"i{s.bits}", s.value, "0"),
        choose("i1", s.condition, "0"),
    )


def _swapped(choose: Choose) -> Choose:
    def swapped(type: str, then: str, otherwise: str) -> str:
        return choose(type, otherwise, then)

    return swapped
