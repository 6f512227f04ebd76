"""The fixups of a program, filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rvx.asm.assembly import Arithmetic, Bytes, Call, Fixup, InField, Relation, SectionType
from rvx.asm.executable import OutputSection, Piece
from rvx.asm.position import AssemblyError
from rvx.asm.relocation import (
    RelocationProblem,
    data,
    distance_words,
    field_value,
    in_place,
    place,
    signed,
    unreachable,
)
from rvx.asm.resolution import Resolver


class Patcher:
    """Fills in the fixups."""

    def __init__(
        self,
        xlen: int,
        sections: Sequence[OutputSection],
        resolver: Resolver,
        *,
        is_alone: bool = False,
    ) -> None:
        self._is_alone = is_alone  # what does not fit is left as it is
        self._xlen = xlen
        self._sections = sections
        self._resolver = resolver
        # The distance that each %pcrel_hi is from its target, by address: what %pcrel_lo needs.
        self._distances: dict[int, int] = {}

    def patched(self) -> list[OutputSection]:
        """The sections with their final contents."""
        for section in self._sections:
            for piece, address, fixup in _fixups(section):
                match fixup.kind:
                    case InField(relation=Relation.PCREL_HI):
                        self._distances[address] = self._value(piece, fixup) - address
                    case InField(relation=Relation.GOT_HI):
                        slot = self._resolver.slot(piece.assembly, fixup.value)
                        self._distances[address] = slot - address
        return [replace(section, contents=self._contents(section)) for section in self._sections]

    def _contents(self, section: OutputSection) -> bytes:
        if section.type is SectionType.NOBITS:
            return b""
        found = bytearray(section.size)
        for piece in section.pieces:
            found[piece.offset : piece.offset + len(piece.section.contents)] = (
                piece.section.contents
            )
        for piece, address, fixup in _fixups(section):
            try:
                self._patch(found, address - section.address, address, piece, fixup)
            except RelocationProblem as problem:
                if not self._is_alone:
                    raise AssemblyError(str(problem), fixup.position) from None
        return bytes(found)

    def _patch(
        self, contents: bytearray, at: int, address: int, piece: Piece, fixup: Fixup
    ) -> None:
        match fixup.kind:
            case Bytes(size) as kind:
                value = self._value(piece, fixup)
                if 8 * size == self._xlen and fixup.value.plus is not None:
                    value = signed(value, self._xlen)  # addresses wrap
                contents[at : at + size] = data(kind, value)
            case Call() as kind:
                distance = self._value(piece, fixup) - address
                pair = int.from_bytes(contents[at : at + 8], "little")
                contents[at : at + 8] = distance_words(kind, pair, distance).to_bytes(8, "little")
            case Arithmetic() as kind:
                value = self._value(piece, fixup)
                value -= address if kind.operation == "pcrel" else 0
                in_place(kind, contents, at, value)
            case InField(field, length) as kind:
                value = field_value(kind, self._operand(kind, address, piece, fixup), self._xlen)
                word = int.from_bytes(contents[at : at + length], "little") & ~field.mask
                word |= self._placed(kind, value)
                contents[at : at + length] = word.to_bytes(length, "little")

    def _operand(self, kind: InField, address: int, piece: Piece, fixup: Fixup) -> int:
        match kind.relation:
            case Relation.TARGET:
                return self._value(piece, fixup) - address
            case Relation.PCREL_HI | Relation.GOT_HI:
                return self._distances[address]
            case Relation.PCREL_LO:
                upper = self._value(piece, fixup)
                if upper not in self._distances:
                    raise RelocationProblem(
                        "%pcrel_lo needs the label of an auipc with %pcrel_hi, not of its target"
                    )
                return self._distances[upper]
        return self._value(piece, fixup)

    def _placed(self, kind: InField, value: int) -> int:
        try:
            return place(kind.field, value, self._xlen)
        except RelocationProblem as problem:
            match kind.relation:
                case Relation.TARGET:
                    raise RelocationProblem(unreachable(kind.field, value)) from None
                case Relation.ABSOLUTE:
                    raise RelocationProblem(f"{problem}: write %lo() for an address") from None
            raise

    def _value(self, piece: Piece, fixup: Fixup) -> int:
        owner = piece.assembly if fixup.assembly is None else fixup.assembly
        value = fixup.value.addend
        if fixup.value.plus is not None:
            value += self._resolver.reference(owner, fixup.value.plus)
        if fixup.value.minus is not None:
            value -= self._resolver.reference(owner, fixup.value.minus)
        return value


def _fixups(section: OutputSection) -> Iterator[tuple[Piece, int, Fixup]]:
    for piece in section.pieces:
        for fixup in piece.section.fixups:
            yield piece, section.address + piece.offset + fixup.offset, fixup
