"""The sections that the assembler makes itself: the line table and the call frames."""

from __future__ import annotations

from rvx.asm import call_frame, debug_unit, line_table
from rvx.asm.assembly import Bytes, SectionFlag, SectionType
from rvx.asm.call_frame import Reference
from rvx.asm.expression import Binary, Tree
from rvx.asm.layout import size
from rvx.asm.position import AssemblyError, Line, Position, Source
from rvx.asm.section import OpenFixup, OpenSection
from rvx.asm.symbol import Label, Symbol
from rvx.asm.unit import Unit

_INFO, _ABBREVIATIONS = ".debug_info", ".debug_abbrev"
_ADDRESS = 4  # bytes in call frame information


def open_debug_sections(unit: Unit) -> None:
    """Open the sections, before all sections are laid out."""
    if unit.frame is not None:
        raise AssemblyError(".cfi_startproc has no .cfi_endproc", _nowhere(unit))
    if unit.lines.rows:
        unit.open_section(line_table.SECTION, SectionType.PROGBITS, SectionFlag(0))
        if _INFO not in unit.sections:
            unit.open_section(_INFO, SectionType.PROGBITS, SectionFlag(0))
            unit.open_section(_ABBREVIATIONS, SectionType.PROGBITS, SectionFlag(0))
    if unit.frames:
        for name in unit.frame_sections:
            flags = SectionFlag.ALLOC if name == ".eh_frame" else SectionFlag(0)
            section = unit.open_section(name, SectionType.PROGBITS, flags)
            section.alignment = max(section.alignment, _ADDRESS)


def fill_debug_sections(unit: Unit) -> None:
    """Fill them, when every offset is known."""
    where = _nowhere(unit)
    if unit.lines.rows:
        ends = [(section, size(section)) for section in unit.sections.values()]
        width = unit.xlen // 8
        contents, addresses = line_table.encoded(unit.lines, ends, width)
        section = unit.open_section(line_table.SECTION, SectionType.PROGBITS, SectionFlag(0))
        last = section.last
        for at, fragment in addresses:
            tree: Tree = Symbol("", where, Label(fragment, 0))
            section.fixups.append(OpenFixup(last, len(last.data) + at, Bytes(width), tree, where))
        last.data += contents
        if not size(unit.sections[_INFO]) and _ABBREVIATIONS in unit.sections:
            _describe(unit, where)
    if unit.frames:
        for name in unit.frame_sections:
            encode = call_frame.eh_frame if name == ".eh_frame" else call_frame.debug_frame
            section = unit.sections[name]
            contents, references = encode(unit.frames)
            for reference in references:
                _refer(section, reference, where)
            section.last.data += contents


def _describe(unit: Unit, where: Position) -> None:
    """Name the line table in a compilation unit, where the source has none."""
    code = unit.lines.rows[0].place.fragment.section
    name = unit.source_name or unit.file
    contents, places = debug_unit.unit(name, size(code), unit.xlen // 8)
    unit.sections[_ABBREVIATIONS].last.data += debug_unit.ABBREVIATIONS
    info = unit.sections[_INFO]
    lines = unit.sections[line_table.SECTION]
    targets = {
        "abbreviations": (unit.sections[_ABBREVIATIONS], _ADDRESS),
        "lines": (lines, _ADDRESS),
        "code": (code, unit.xlen // 8),
    }
    for part, (section, width) in targets.items():
        tree: Tree = Symbol("", where, Label(section.fragments[0], 0))
        info.fixups.append(OpenFixup(info.last, places[part], Bytes(width), tree, where))
    info.last.data += contents


def _refer(section: OpenSection, reference: Reference, where: Position) -> None:
    last = section.last
    start = len(last.data)
    if isinstance(reference.target, int):
        place = Label(last, start + reference.target)
    else:
        place = reference.target
    tree: Tree = Symbol("", where, place)
    at = start + reference.at
    if reference.is_relative:
        tree = Binary("-", tree, Symbol("", where, Label(last, at)))
    section.fixups.append(OpenFixup(last, at, Bytes(_ADDRESS), tree, where))


def _nowhere(unit: Unit) -> Position:
    return Position(Line("", 1, 0, Source(unit.file)), 0)
