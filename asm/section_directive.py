"""Directives that choose the section, and the place in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rvx.asm.argument import Argument, Call
from rvx.asm.assembly import SectionFlag, SectionType
from rvx.asm.control_directive import Directive
from rvx.asm.section import Alignment, OpenSection, Origin
from rvx.asm.unit import Unit

_ALLOC, _WRITE, _EXECUTE = SectionFlag.ALLOC, SectionFlag.WRITE, SectionFlag.EXECUTE

# What a section is by its name, where no flags are written; also for .name.anything.
_KNOWN = {
    ".text": (SectionType.PROGBITS, _ALLOC | _EXECUTE),
    ".init": (SectionType.PROGBITS, _ALLOC | _EXECUTE),
    ".fini": (SectionType.PROGBITS, _ALLOC | _EXECUTE),
    ".rodata": (SectionType.PROGBITS, _ALLOC),
    ".srodata": (SectionType.PROGBITS, _ALLOC),
    ".data": (SectionType.PROGBITS, _ALLOC | _WRITE),
    ".sdata": (SectionType.PROGBITS, _ALLOC | _WRITE),
    ".bss": (SectionType.NOBITS, _ALLOC | _WRITE),
    ".sbss": (SectionType.NOBITS, _ALLOC | _WRITE),
    ".tdata": (SectionType.PROGBITS, _ALLOC | _WRITE | SectionFlag.TLS),
    ".tbss": (SectionType.NOBITS, _ALLOC | _WRITE | SectionFlag.TLS),
    ".preinit_array": (SectionType.PREINIT_ARRAY, _ALLOC | _WRITE),
    ".init_array": (SectionType.INIT_ARRAY, _ALLOC | _WRITE),
    ".fini_array": (SectionType.FINI_ARRAY, _ALLOC | _WRITE),
    ".note": (SectionType.NOTE, SectionFlag(0)),
}
_TYPES = {
    "progbits": SectionType.PROGBITS,
    "nobits": SectionType.NOBITS,
    "note": SectionType.NOTE,
    "init_array": SectionType.INIT_ARRAY,
    "fini_array": SectionType.FINI_ARRAY,
    "preinit_array": SectionType.PREINIT_ARRAY,
}
_FLAGS = {
    "a": _ALLOC,
    "w": _WRITE,
    "x": _EXECUTE,
    "M": SectionFlag.MERGE,
    "S": SectionFlag.STRINGS,
    "G": SectionFlag.GROUP,
    "T": SectionFlag.TLS,
    "R": SectionFlag(0),  # to be kept by --gc-sections: here nothing is collected
    "o": SectionFlag(0),  # its place follows another section's: here the order is kept anyway
    "?": SectionFlag(0),
}
_USAGE = '.section name, "flags", @type'


def _named(name: str) -> Directive:
    def enter(unit: Unit, call: Call) -> None:
        for argument in call.arguments_between(0, 1, name):
            if unit.constant(argument) != 0:
                raise argument.error("subsections are not supported: use a section of its own name")
        unit.enter(unit.open_section(name, *_KNOWN[name]))

    return enter


def _section(unit: Unit, call: Call) -> None:
    unit.enter(_declared(unit, call))


def _declared(unit: Unit, call: Call) -> OpenSection:
    name, *more = call.arguments_between(1, 6, _USAGE)
    text = _unquoted(name.text)
    root = re.match(r"\.[^.]*", text)
    type, flags = _KNOWN.get(root[0] if root else "", (SectionType.PROGBITS, SectionFlag(0)))
    entry_size, group = 0, ""
    if more:
        flags = _flags(more[0])
        type = _type(more[1]) if len(more) > 1 else type
        rest = more[2:]
        if flags & SectionFlag.MERGE and rest:
            entry_size = unit.constant(rest[0])
            if not 0 < entry_size < 1 << 16:
                raise rest[0].error(f"the size of an entry is {entry_size}, but must be positive")
            rest = rest[1:]
        if flags & SectionFlag.GROUP:
            if not rest or not rest[0].text:
                raise call.error(
                    "a section with flag G needs the name of its group behind the type"
                )
            group = _unquoted(rest[0].text)
    known = unit.sections.get(f"{text} {group}" if group else text)
    if known is not None and more and (known.flags, known.type) != (flags, type):
        raise call.error(f"section {text} already has other flags or another type")
    return unit.open_section(text, type, flags, entry_size, group)


def _flags(argument: Argument) -> SectionFlag:
    flags = SectionFlag(0)
    if len(argument.text) < 2 or argument.text[0] != '"' or argument.text[-1] != '"':
        raise argument.error(f"expected the flags in quotes: write `{_USAGE}`")
    for at, letter in enumerate(argument.text[1:-1], 1):
        if letter not in _FLAGS:
            raise argument.error(f"unknown flag {letter}: the flags are {' '.join(_FLAGS)}", at)
        flags |= _FLAGS[letter]
    return flags


def _type(argument: Argument) -> SectionType:
    name = _unquoted(argument.text).lstrip("@%")
    if name[:2] == "0x" or name.startswith("llvm_"):
        return SectionType.PROGBITS  # a tool's own
    if name not in _TYPES:
        raise argument.error(f"unknown section type: write @{', @'.join(_TYPES)}")
    return _TYPES[name]


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _push(unit: Unit, call: Call) -> None:
    section = _declared(unit, call)
    unit.section_stack.append((unit.section, unit.previous_section))
    unit.enter(section)


def _pop(unit: Unit, call: Call) -> None:
    if not unit.section_stack:
        raise call.error(".popsection without .pushsection")
    unit.section, unit.previous_section = unit.section_stack.pop()


def _previous(unit: Unit, call: Call) -> None:
    unit.enter(unit.previous_section)


_ALIGN = ".align alignment, fill, limit"

# Alignment --------------------------------------------------------------------------------------


def _align(is_power: bool) -> Directive:
    def align(unit: Unit, call: Call) -> None:
        to, *more = call.arguments_between(1, 3, _ALIGN, blanks=True)
        amount = unit.constant(to)
        if is_power and not 0 <= amount <= 31:
            raise to.error(f"the power of two is {amount}, but must be 0 to 31")
        multiple = 1 << amount if is_power else max(amount, 1)
        if multiple & multiple - 1 or not 0 <= amount < 1 << 32:
            raise to.error(f"the alignment is {amount}, but must be a power of two")
        section = unit.section
        limit = unit.constant(more[1]) if len(more) > 1 and more[1].text else None
        if more and more[0].text:
            byte = (unit.constant(more[0]) & 0xFF).to_bytes(1, "little")
            gap = Alignment(multiple, limit, lambda size: byte * size)
        elif section.flags & SectionFlag.EXECUTE:
            gap = Alignment(multiple, limit, unit.padding)
        else:
            gap = Alignment(multiple, limit, bytes)
        section.add_gap(gap, None, call.position())

    return align


def origin(unit: Unit, call: Call) -> None:
    """Move on to an offset in the section: `.org offset`, `. = offset`."""
    to, *fill = call.arguments_between(1, 2, ".org offset, fill")
    pattern = (unit.constant(fill[0]) & 0xFF).to_bytes(1, "little") if fill else b"\0"
    tree = unit.offset_in_section(to)
    offset, end = unit.constant_or_none(tree), unit.section.last.end
    size = None if offset is None or end is None else offset - end
    if size is not None and size < 0:
        raise to.error(f".org goes back to {offset}: the section already has {end} bytes")
    unit.section.add_gap(Origin(tree, pattern), size, to.position())


SECTIONS: Mapping[str, Directive] = {
    ".text": _named(".text"),
    ".data": _named(".data"),
    ".rodata": _named(".rodata"),
    ".bss": _named(".bss"),
    ".section": _section,
    ".pushsection": _push,
    ".popsection": _pop,
    ".previous": _previous,
    ".align": _align(is_power=True),
    ".p2align": _align(is_power=True),
    ".balign": _align(is_power=False),
    ".org": origin,
}
