"""Rows on both sides of where flags begin: one operand is bisected between two rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from random import Random

from rvx.jit.layout import Place
from rvx.verify.instruction.case import Seen
from rvx.verify.instruction.footprint import Piece

Row = tuple[int, ...]
_TRIES = 4  # pairs of rows looked at for one that has a boundary between them


def boundary_rows(
    seen: Seen,
    rows: Sequence[Row],
    sign: Callable[[Row], Hashable],
    random: Random,
    count: int,
) -> list[Row]:
    """Up to so many rows: neighbours in the codes of one operand, the other ones being equal, of
    which `sign` tells one from the other. For what rounds, `sign` is the flags that are raised."""
    pieces = [p for p in seen.footprint.pieces if seen.place_of[p.source] in seen.places]
    found: list[Row] = []
    if not pieces or len(rows) < 2:
        return found
    for _ in range(count // 2 * _TRIES):
        if len(found) + 2 > count:
            break
        one, other = _without_flags(seen, random.choice(rows)), random.choice(rows)
        piece = random.choice(pieces)
        found += _between(seen, piece, one, other, sign)
    return found


def _between(
    seen: Seen, piece: Piece, row: Row, other: Row, sign: Callable[[Row], Hashable]
) -> list[Row]:
    """The neighbours between the row with its own code and with the other's."""
    at = seen.places.index(seen.place_of[piece.source])
    mask = ((1 << piece.width) - 1) << piece.low

    def with_code(code: int) -> Row:
        return (*row[:at], row[at] & ~mask | code << piece.low, *row[at + 1 :])

    low, high = sorted((r[at] & mask) >> piece.low for r in (row, other))
    of_low = sign(with_code(low))
    if of_low == sign(with_code(high)):
        return []
    while high - low > 1:
        middle = (low + high) // 2
        if sign(with_code(middle)) == of_low:
            low = middle
        else:
            high = middle
    return [with_code(low), with_code(high)]


def _without_flags(seen: Seen, row: Row) -> Row:
    """The row with no flag raised before, so that those that are can be seen."""
    accrued = Place("state", "fflags", 0)
    return tuple(0 if p == accrued else v for p, v in zip(seen.places, row, strict=True))
