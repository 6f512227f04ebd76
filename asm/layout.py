"""The offsets of what follows gaps of unknown size, and the contents of a finished section."""

from __future__ import annotations

from collections.abc import Collection

from rvx.asm.assembly import Binding, SectionType
from rvx.asm.evaluation import Linear, Unresolvable, constant, linear
from rvx.asm.expression import Tree
from rvx.asm.leb128 import leb128, padded
from rvx.asm.position import AssemblyError, Position, first_word
from rvx.asm.section import (
    Alignment,
    Choice,
    Fragment,
    Leb128,
    OpenSection,
    Origin,
    Space,
    filler,
)
from rvx.asm.symbol import Label, Symbol

# A size may depend on a label behind it, whose offset depends on the size: measure again until
# nothing moves, but not for ever.
_PASSES = 64


def lay_out(sections: Collection[OpenSection]) -> None:
    """Give every fragment its start and every gap its size."""
    gaps = [f for section in sections for f in section.fragments if f.gap is not None]
    if all(fragment.start is not None for s in sections for fragment in s.fragments):
        return
    _place(sections)
    for attempt in range(_PASSES):
        # Jumps that do not settle are long from then on.
        sizes = [_measured(fragment, grow=attempt > _PASSES // 2) for fragment in gaps]
        if sizes == [fragment.gap_size for fragment in gaps]:
            return
        for fragment, size in zip(gaps, sizes, strict=True):
            fragment.gap_size = size
        _place(sections)
    raise AssemblyError("this size depends on itself: use a constant", gaps[-1].gap_at)


def _place(sections: Collection[OpenSection]) -> None:
    for section in sections:
        at = 0
        for fragment in section.fragments:
            fragment.start = at
            at += len(fragment.data) + max(fragment.gap_size, 0)


def _measured(fragment: Fragment, *, grow: bool) -> int:
    """The size of the gap with the offsets found so far; it may still be negative."""
    end = fragment.end or 0
    match fragment.gap:
        case Choice() as gap:
            size = gap.size_for(distance(gap.target, fragment, end))
            return max(size, fragment.gap_size) if grow else size
        case Leb128() as gap:
            return _variable_length(fragment, gap)
        case Alignment() as gap:
            return gap.size_at(end)
        case Space(count, pattern):
            return _value(count, fragment.gap_at) * len(pattern)
        case Origin(offset, _):
            return _value(offset, fragment.gap_at) - end
    return 0


def distance(target: Tree, fragment: Fragment, offset: int) -> int | None:
    """From a place in the fragment's section to the target, where both lie in it and no other
    source has a say."""
    try:
        found = linear(target)
    except Unresolvable:
        return None  # what is wrong with it is said where the fixup is made
    match found:
        case Linear(addend, Symbol(place=Label(there)) as symbol, None):
            inside = there.section is fragment.section and symbol.binding is not Binding.WEAK
            if inside and symbol.offset is not None:
                return symbol.offset + addend - offset
    return None


def _variable_length(fragment: Fragment, gap: Leb128) -> int:
    value = _value(gap.value, fragment.gap_at)
    if value < 0 and not gap.is_signed:
        raise AssemblyError(f"{value} is negative: write .sleb128", fragment.gap_at)
    # It may only grow, so that the layout settles.
    found = padded(leb128(value, gap.is_signed), fragment.gap_size, value < 0)
    gap.found[""] = found
    return len(found)


def _value(tree: Tree, position: Position | None) -> int:
    try:
        return constant(tree)
    except Unresolvable as problem:
        raise AssemblyError(f"{problem}, but a constant is needed", position) from None


def size(section: OpenSection) -> int:
    """The size of a section that is laid out."""
    last = section.last
    return (last.end or 0) + last.gap_size


def contents(section: OpenSection) -> bytes:
    """The bytes of a section that is laid out; none for NOBITS."""
    for fragment in section.fragments:
        if fragment.gap_size < 0:
            raise AssemblyError("the section is already past this place", fragment.gap_at)
    if section.type is SectionType.NOBITS:
        _check_zero(section)
        return b""
    found = bytearray()
    for fragment in section.fragments:
        found += fragment.data
        if fragment.gap is not None:
            section.budget.take(fragment.gap_size, fragment.gap_at)
            found += filler(fragment.gap, fragment.gap_size)
    return bytes(found)


def _check_zero(section: OpenSection) -> None:
    for fragment in section.fragments:
        if not any(fragment.data):
            continue
        first = next(at for at, byte in enumerate(fragment.data) if byte)
        # The last line that was marked at or before the byte is at fault.
        line = [ln for f, at, ln in section.marks if f is fragment and at <= first][-1]
        raise AssemblyError(
            f"{section.name} holds zeros only: put this into .data", first_word(line)
        )
