"""A failing case made simple: as many zeros, ones and short numbers as still fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rvx.jit.layout import Place
from rvx.model.expression import Named
from rvx.model.machine import ImmediateOperand, Machine
from rvx.number import Fixed, Float, Format, Posit, Rounding, from_integer
from rvx.verify.instruction.case import Case
from rvx.verify.instruction.check import Check, Mismatch, Oracle
from rvx.verify.instruction.footprint import Piece
from rvx.verify.instruction.native import ENGINES

_ROUNDS = 4
_SIMPLE = (0, 1, 2, -1, 3)


def shrunk(machine: Machine, mismatch: Mismatch, oracles: Sequence[Oracle] = ()) -> Mismatch:
    """A mismatch of the same two parties, with simpler operands."""
    shrinker = _Shrinker(machine, mismatch, oracles)
    return shrinker.values(shrinker.immediates(mismatch))


def recheck(
    machine: Machine,
    case: Case,
    engines: Sequence[str],
    oracles: Sequence[Oracle] = (),
) -> Check:
    """What tries cases of this one's word with these engines, by their names."""
    modes = {p.name: v for p, v in case.values.items() if _is_mode(machine, p)}
    return Check(
        machine,
        case.instruction,
        case.fields,
        modes,
        engines=[ENGINES[name] for name in engines],
        oracles=oracles,
    )


def _is_mode(machine: Machine, place: Place) -> bool:
    return place.space == "state" and machine.states[place.name].mode


class _Shrinker:
    def __init__(self, machine: Machine, mismatch: Mismatch, oracles: Sequence[Oracle]) -> None:
        self._machine, self._what, self._against = machine, mismatch.what, mismatch.against
        self._engines = [name for name in ENGINES if mismatch.what == f"the JIT ({name})"]
        self._oracles = [o for o in oracles if o.name == mismatch.against]

    def _check(self, case: Case) -> Check:
        return recheck(self._machine, case, self._engines, self._oracles)

    def _fails(self, check: Check, values: Mapping[Place, int]) -> Mismatch | None:
        found = check.run([tuple(values[place] for place in check.seen.places)])
        same = found is not None and (found.what, found.against) == (self._what, self._against)
        return found if same else None

    def immediates(self, mismatch: Mismatch) -> Mismatch:
        """Smaller immediates, each word compiled anew."""
        best = mismatch
        for name, operand in best.case.instruction.operands.items():
            if not isinstance(operand, ImmediateOperand):
                continue
            step = 1 << operand.field.lowest
            for value in (0, step, 2 * step):
                fields = {**best.case.fields, name: value}
                if value == best.case.fields[name]:
                    break
                if not best.case.instruction.matches(best.case.instruction.encode(**fields)):
                    continue
                case = Case(best.case.instruction, fields, best.case.values)
                if (found := self._fails(self._check(case), case.values)) is not None:
                    best = found
                    break
        return best

    def values(self, mismatch: Mismatch) -> Mismatch:
        """Simpler values, piece by piece, until none gets simpler."""
        check, best = self._check(mismatch.case), mismatch
        if self._fails(check, mismatch.case.values) is None:
            return mismatch  # it is not the same every time
        best = self._together(check, best)
        for _ in range(_ROUNDS):
            before = best
            for place in check.seen.places:
                for candidate in self._background(check, place, best.case.values[place]):
                    found = self._fails(check, best.case.with_value(place, candidate).values)
                    if found is not None:
                        best = found
                        break
            for piece in check.seen.footprint.pieces:
                best = self._piece(check, piece, best)
            if best is before:
                break
        return best

    def _together(self, check: Check, best: Mismatch) -> Mismatch:
        """All operands the same small number: where only equal ones fail, one alone cannot be
        made simpler."""
        pieces = [
            p
            for p in check.seen.footprint.pieces
            if check.seen.place_of[p.source] in check.seen.places
        ]
        for number in _SIMPLE[:2]:
            values = dict(best.case.values)
            for piece in pieces:
                place, code = (
                    check.seen.place_of[piece.source],
                    _code_of(_format(piece), piece.width, number),
                )
                mask = ((1 << piece.width) - 1) << piece.low
                values[place] = values[place] & ~mask | (code or 0) << piece.low
            if (found := self._fails(check, values)) is not None:
                return found
        return best

    def _background(self, check: Check, place: Place, value: int) -> Iterator[int]:
        """The value without the bits that nobody reads."""
        kept, boxed = 0, 0
        for piece in check.seen.footprint.pieces:
            if check.seen.place_of[piece.source] == place:
                kept |= ((1 << piece.width) - 1) << piece.low
                boxed |= -1 << piece.low + piece.width if piece.boxed else 0
        plain = value & kept
        if boxed and (value | boxed) == value | (boxed & value):
            plain |= value & boxed
        if plain != value:
            yield plain
        if not kept and value:
            yield 0

    def _piece(self, check: Check, piece: Piece, best: Mismatch) -> Mismatch:
        place = check.seen.place_of[piece.source]
        if place not in check.seen.places:
            return best
        mask = ((1 << piece.width) - 1) << piece.low
        now = (best.case.values[place] & mask) >> piece.low
        for code in _simpler(_format(piece), piece.width, now):
            value = best.case.values[place] & ~mask | code << piece.low
            found = self._fails(check, best.case.with_value(place, value).values)
            if found is not None:
                return found
        return best


def _format(piece: Piece) -> Format | None:
    return piece.use.format if isinstance(piece.use, Named) else None


def _simpler(format: Format | None, width: int, code: int) -> Iterator[int]:
    """Codes that read more easily, the simplest first; none that is not simpler."""
    seen = {code}
    for number in _SIMPLE:
        found = _code_of(format, width, number)
        if found == code:
            return
        if found is not None and found not in seen:
            seen.add(found)
            yield found
    for bit in range(width):  # fewer ones: the low ones first
        if code >> bit & 1:
            yield code & ~(1 << bit)
    for bit in reversed(range(width)):
        shorter = code & ~((1 << bit) - 1)
        if shorter not in seen:
            seen.add(shorter)
            yield shorter


def _code_of(format: Format | None, width: int, number: int) -> int | None:
    if isinstance(format, Float | Posit | Fixed):
        try:
            return format.encode(from_integer(number), Rounding.RNE)[0]
        except AssertionError:  # out of range
            return None
    return number & (1 << width) - 1
