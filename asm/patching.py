"""The fixups of a program, filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rvx.asm.assembly import Bytes, Fixup, InField, Relation, SectionType
from rvx.asm.executable import OutputSection, Piece
from rvx.asm.position import AssemblyError
from rvx.asm.relocation import RelocationProblem, data, field_value, place, signed
from rvx.asm.resolution import Resolver


class Patcher:
    """Fills in the fixups."""

    def __init__(self, xlen: int, sections: Sequence[OutputSection], resolver: Resolver) -> None:
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
            case InField(field, length) as kind:
                value = field_value(kind, self._operand(kind, address, piece, fixup), self._xlen)
                word = int.from_bytes(contents[at : at + length], "little") & ~field.mask
                word |= self._placed(kind, value)
                contents[at : at + length] = word.to_bytes(length, "little")

    def _operand(self, kind: InField, address: int, piece: Piece, fixup: Fixup) -> int:
        match kind.relation:
            case Relation.TARGET:
                return self._value(piece, fixup) - address
            case Relation.PCREL_HI:
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
            low, high = kind.field.low, kind.field.high
            match kind.relation:
                case Relation.TARGET if not low <= value <= high:
                    raise RelocationProblem(
                        f"the target is {value} bytes away, and {low} to {high} can be reached: "
                        "branch around a j, or use call or jump"
                    ) from None
                case Relation.TARGET:
                    raise RelocationProblem(
                        f"the target is {value} bytes away, which must be a multiple of "
                        f"{1 << kind.field.lowest}"
                    ) from None
                case Relation.ABSOLUTE:
                    raise RelocationProblem(f"{problem}: write %lo() for an address") from None
            raise

    def _value(self, piece: Piece, fixup: Fixup) -> int:
        value = fixup.value.addend
        if fixup.value.plus is not None:
            value += self._resolver.reference(piece.assembly, fixup.value.plus)
        if fixup.value.minus is not None:
            value -= self._resolver.reference(piece.assembly, fixup.value.minus)
        return value


def _fixups(section: OutputSection) -> Iterator[tuple[Piece, int, Fixup]]:
    for piece in section.pieces:
        for fixup in piece.section.fixups:
            yield piece, section.address + piece.offset + fixup.offset, fixup
