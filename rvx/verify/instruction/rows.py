"""Rows of operand values: every combination, products of special values, random ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from random import Random
from typing import TypeAlias

from rvx.jit.single import RAM
from rvx.model.expression import Choice, Named
from rvx.number import Format
from rvx.verify.instruction.footprint import Footprint, Piece, Source
from rvx.verify.instruction.special import Codes, core_codes, is_special_kind, special_codes

Row: TypeAlias = "dict[Source, int]"
EXHAUSTIVE_BITS = 20
# Around the ends of memory, and where there is none.
_EDGES = (RAM.start, RAM.start - 1, RAM.start - 4, *(RAM.stop - n for n in (8, 4, 2, 1, 0)), 0)
_LANE_BITS = 16


@dataclass(frozen=True)
class Coverage:
    """How rows are chosen; `combinations` where all of them are there."""

    name: str
    combinations: int | None


class Rows:
    """Draws the values of a footprint's sources, whose bits `widths` gives. `offset` is what
    the instruction adds to an address."""

    def __init__(
        self,
        footprint: Footprint,
        widths: Mapping[Source, int],
        random: Random,
        offset: int = 0,
    ) -> None:
        self._footprint, self._widths, self._random = footprint, widths, random
        self._offset = offset
        self._codes = Codes(random)
        groups: dict[Source, list[Piece]] = {}
        for piece in footprint.pieces:
            groups.setdefault(piece.source, []).append(piece)
        self._groups = list(groups.values())
        self._lanes = max(map(len, self._groups), default=1)
        # What lies in one source but is of several formats, as a scale beside an accumulator, has
        # special values of its own.
        kinds: dict[object, list[Piece]] = {}
        for piece in footprint.pieces:
            kinds.setdefault((piece.source, piece.use, piece.width), []).append(piece)
        self._kinds = list(kinds.values())

    @property
    def coverage(self) -> Coverage:
        """What all these rows amount to."""
        bits = self._footprint.bits
        if bits <= EXHAUSTIVE_BITS:
            return Coverage("exhaustive", 1 << bits)
        lane = self._lane_bits()
        if lane is not None:
            return Coverage("exhaustive by lane", -(-(1 << lane) // self._lanes))
        return Coverage("special and random", None)

    def _lane_bits(self) -> int | None:
        """The bits of one lane of each operand, where all have as many lanes of one width."""
        if self._lanes < 2 or any(len(group) != self._lanes for group in self._groups):
            return None
        if any(piece.width != group[0].width for group in self._groups for piece in group):
            return None
        bits = sum(group[0].width for group in self._groups)
        return bits if bits <= _LANE_BITS else None

    def everything(self, step: int = 1) -> Iterator[Row]:
        """Every combination, or each `step`-th."""
        first = self._random.randrange(step)
        if self._footprint.bits <= EXHAUSTIVE_BITS:
            for number in range(first, 1 << self._footprint.bits, step):
                yield self._row(self._split(number), always_boxed=True)
            return
        lane = self._lane_bits()
        assert lane is not None
        numbers = list(range(first, 1 << lane, step))
        self._random.shuffle(numbers)
        numbers += numbers[: -len(numbers) % self._lanes]
        widths = [group[0].width for group in self._groups]
        for at in range(0, len(numbers), self._lanes):
            codes: dict[Piece, int] = {}
            for i, number in enumerate(numbers[at : at + self._lanes]):
                for group, width in zip(self._groups, widths, strict=True):
                    codes[group[i]] = number & (1 << width) - 1
                    number >>= width
            yield self._row(codes, always_boxed=True)

    def _split(self, number: int) -> dict[Piece, int]:
        codes = {}
        for piece in self._footprint.pieces:
            codes[piece] = number & (1 << piece.width) - 1
            number >>= piece.width
        return codes

    def some(self, count: int) -> Iterator[Row]:
        """Products of special values, then random ones: half each, unless there are fewer."""
        special = list(islice(self._specials(count // 2), count // 2)) if self._groups else []
        yield from special
        for _ in range(count - len(special) if self._groups else min(count, 4)):
            self._codes.begin_row()
            yield self._row(
                {p: self._codes.draw(self._format(p), p.width) for p in self._footprint.pieces}
            )

    def _specials(self, count: int) -> Iterator[Row]:
        """The lanes of a row take combinations one after the other. Where not all are tried, zeros,
        ones, infinities and NaNs with each other are, as far as there is room, and others; in
        half of the rows NaNs and infinities are in the same operands, most often in none, since
        one decides a whole sum; in an eighth all lanes have the same combination, in another one
        operand is nothing but zeros."""
        formats = [self._format(group[0]) for group in self._kinds]
        lists = [
            special_codes(format, group[0].width)
            for format, group in zip(formats, self._kinds, strict=True)
        ]
        if is_whole := prod(map(len, lists)) <= count * self._lanes:
            combinations = list(product(*lists))
        else:
            room = count * self._lanes
            core = list(product(*map(core_codes, formats, lists)))
            combinations = self._random.sample(core, min(len(core), room // 2))
            combinations += [
                tuple(self._random.choice(codes) for codes in lists)
                for _ in range(room - len(combinations))
            ]
        self._random.shuffle(combinations)
        combinations += combinations[: -len(combinations) % self._lanes]
        half = len(combinations) // (2 * self._lanes) * self._lanes
        if self._lanes > 1 and not is_whole:
            combinations[:half] = sorted(
                combinations[:half],
                key=lambda codes: tuple(map(is_special_kind, formats, codes)),
            )
        rows = [
            combinations[at : at + self._lanes] for at in range(0, len(combinations), self._lanes)
        ]
        self._random.shuffle(rows)
        blocks = [n for n, group in enumerate(self._kinds) if len(group) > 1 and not is_whole]
        for number, lanes in enumerate(rows):
            is_alike = number % 8 == 7 and not is_whole
            zeros = self._random.choice(blocks) if blocks and number % 8 == 3 else None
            yield self._row(
                {
                    piece: 0 if operand == zeros else lanes[0 if is_alike else i][operand]
                    for operand, group in enumerate(self._kinds)
                    for i, piece in enumerate(group)
                }
            )

    def _format(self, piece: Piece) -> Format | None:
        match piece.use:
            case Named(_, format):
                return format
            case Choice(_, _, _, formats):
                return self._random.choice(formats)
        return None

    def _row(self, codes: Mapping[Piece, int], always_boxed: bool = False) -> Row:
        """The sources with these pieces; their other bits are random, or ones above a boxed
        number, which is seldom not boxed."""
        random, row = self._random, {}
        for source, width in self._widths.items():
            is_clear = source.kind == "state" and random.random() < 0.5
            row[source] = 0 if is_clear else random.getrandbits(width)
        for piece, code in codes.items():
            source, low = piece.source, piece.low
            if source not in row:  # the zero register
                continue
            mask = ((1 << piece.width) - 1) << low
            value = row[source] & ~mask | code << low
            if piece.boxed and (always_boxed or random.random() < 0.97):
                value |= (1 << self._widths[source]) - (1 << low + piece.width)
            row[source] = value
        if self._footprint.uses_memory:
            self._point(row)
        return row

    def _point(self, row: Row) -> None:
        """Make addresses lead into memory: mostly aligned, some not, some at its ends or beyond."""
        random, first = self._random, True
        for source in sorted(self._footprint.addresses & row.keys()):
            mask = (1 << self._widths[source]) - 1
            if not first and random.random() < 0.5:  # an index, or else another address
                row[source] = random.randrange(0, 64) & mask
                continue
            first, kind = False, random.random()
            address = RAM.start + 8 * random.randrange(len(RAM) // 8)
            if kind > 0.9:
                address = random.choice(_EDGES)
            elif kind > 0.7:
                address += random.randrange(8)
            row[source] = address - self._offset & mask
