"""The global offset table: words with the addresses that position-independent code loads."""

from __future__ import annotations

from collections.abc import Sequence

from rvx.asm.assembly import (
    Assembly,
    Bytes,
    Fixup,
    InField,
    Reference,
    Relation,
    Section,
    SectionFlag,
    SectionType,
    Value,
)

NAME = ".got"

# Whose reference (-1: a global name is everybody's), to what, plus what.
Slot = tuple[int, "Reference | None", int]


def slot_of(assembly: int, value: Value) -> Slot:
    """The slot that holds this value of that assembly's."""
    return (-1 if isinstance(value.plus, str) else assembly, value.plus, value.addend)


def offset_table(assemblies: Sequence[Assembly]) -> tuple[Assembly | None, dict[Slot, int]]:
    """The table as one more assembly, if any code wants one, and the offset of each slot."""
    slots: dict[Slot, int] = {}
    fixups: list[Fixup] = []
    size = assemblies[0].machine.xlen // 8
    for number, assembly in enumerate(assemblies):
        for section in assembly.sections:
            for fixup in section.fixups:
                match fixup.kind:
                    case InField(relation=Relation.GOT_HI):
                        slot = slot_of(number, fixup.value)
                        if slot not in slots:
                            slots[slot] = size * len(slots)
                            fixups.append(
                                Fixup(slots[slot], Bytes(size), fixup.value, fixup.position, number)
                            )
    if not slots:
        return None, slots
    section = Section(
        name=NAME,
        type=SectionType.PROGBITS,
        flags=SectionFlag.ALLOC | SectionFlag.WRITE,
        alignment=size,
        entry_size=size,
        size=size * len(slots),
        contents=bytes(size * len(slots)),
        fixups=tuple(fixups),
        marks=(),
    )
    table = Assembly(
        file="global offset table",
        machine=assemblies[0].machine,
        sections=(section,),
        symbols={},
        texts={},
        warnings=(),
    )
    return table, slots
