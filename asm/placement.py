"""Where sections go: code and constants first, then, from a page of their own, writable data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from rvx.asm.assembly import Assembly, At, SectionFlag, SectionType
from rvx.asm.executable import OutputSection, Piece
from rvx.asm.position import AssemblyError

# Simulators that translate code treat every store into a page of code as self-modification.
PAGE = 4096

# Input sections called .text.anything become part of .text, and so on; and this is their order.
_NAMES = (
    *(".init", ".text", ".fini", ".rodata", ".srodata"),
    *(".tdata", ".preinit_array", ".init_array", ".fini_array", ".data", ".sdata"),
    *(".tbss", ".sbss", ".bss"),
)
# Start-up code by its usual name goes before all other code.
_FIRST = ".text.init"

_SHAREABLE = SectionFlag.MERGE | SectionFlag.STRINGS


def placed(
    assemblies: Sequence[Assembly], *, text_base: int, data_base: int | None
) -> list[OutputSection]:
    """The output sections with their addresses, in the order of the file."""
    grouped: dict[str, list[Piece]] = {}
    for number, assembly in enumerate(assemblies):
        used = {s.place.section for s in assembly.symbols.values() if isinstance(s.place, At)}
        for index, section in enumerate(assembly.sections):
            # An empty section can still have a label.
            if section.size or index in used:
                name = _output_name(section.name)
                grouped.setdefault(name, []).append(Piece(number, index, section, 0))
    outputs = [_joined(name, pieces) for name, pieces in grouped.items()]
    outputs.sort(key=_rank)
    return _with_addresses(outputs, text_base, data_base)


def _output_name(name: str) -> str:
    return next((known for known in _NAMES if name.startswith(f"{known}.")), name)


def _joined(name: str, pieces: list[Piece]) -> OutputSection:
    """One output section of all pieces, at no address yet."""
    pieces.sort(key=lambda piece: piece.section.name != _FIRST)
    sections = [piece.section for piece in pieces]
    flags = SectionFlag(0)
    for section in sections:
        flags |= section.flags & ~SectionFlag.GROUP
    if len({(s.flags & _SHAREABLE, s.entry_size) for s in sections}) > 1:
        flags &= ~_SHAREABLE
    at, found = 0, []
    for piece in pieces:
        at = _aligned(at, piece.section.alignment)
        found.append(Piece(piece.assembly, piece.index, piece.section, at))
        at += piece.section.size
    types = {section.type for section in sections}
    return OutputSection(
        name=name,
        type=types.pop() if len(types) == 1 else SectionType.PROGBITS,
        flags=flags,
        alignment=max(section.alignment for section in sections),
        entry_size=sections[0].entry_size if flags & _SHAREABLE else 0,
        address=0,
        size=at,
        contents=b"",
        pieces=tuple(found),
    )


def _rank(output: OutputSection) -> tuple[int, int]:
    flags = output.flags
    if SectionFlag.ALLOC not in flags:
        group = 4
    elif SectionFlag.EXECUTE in flags:
        group = 0
    elif SectionFlag.WRITE not in flags:
        group = 1
    else:
        group = 3 if output.type is SectionType.NOBITS else 2
    return group, _NAMES.index(output.name) if output.name in _NAMES else len(_NAMES)


def _with_addresses(
    outputs: list[OutputSection], text_base: int, data_base: int | None
) -> list[OutputSection]:
    at, is_data, found = text_base, False, []
    for output in outputs:
        if SectionFlag.ALLOC not in output.flags:
            found.append(output)
            continue
        if is_data_section(output) and not is_data:
            is_data = True
            if data_base is not None:
                at = data_base
            elif found:
                at = _aligned(at, PAGE)
        at = _aligned(at, output.alignment)
        found.append(replace(output, address=at))
        at += output.size
    return found


def is_data_section(section: OutputSection) -> bool:
    """Whether it belongs to the writable segment, not to the one of code and constants."""
    return SectionFlag.WRITE in section.flags and SectionFlag.EXECUTE not in section.flags


def check_addresses(outputs: Sequence[OutputSection], xlen: int) -> None:
    """Raise where sections overlap or leave the address space."""
    loaded = [output for output in outputs if SectionFlag.ALLOC in output.flags]
    loaded.sort(key=lambda output: output.address)
    for output in loaded:
        if not 0 <= output.address <= output.address + output.size <= 1 << xlen:
            raise AssemblyError(
                f"{output.name} at {output.address:#x} with {output.size} bytes "
                f"is outside the {xlen}-bit address space"
            )
    for before, after in pairwise(loaded):
        if before.address + before.size > after.address:
            raise AssemblyError(
                f"{before.name} at {before.address:#x} with {before.size} bytes overlaps "
                f"{after.name} at {after.address:#x}: put the data elsewhere"
            )


def _aligned(address: int, alignment: int) -> int:
    return -(-address // alignment) * alignment
