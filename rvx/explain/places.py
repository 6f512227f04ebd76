"""Which function and which source line an address belongs to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise

from elftools.common.exceptions import DWARFError, ELFError
from elftools.dwarf.lineprogram import LineProgram
from elftools.elf.elffile import ELFFile

from rvx.asm import Executable
from rvx.machine.program import Program
from rvx.record import record

UNKNOWN = "?"


@record(frozen=True)
class Stretch:
    """Addresses with one name."""

    start: int
    end: int
    name: str


class Places:
    """Names of addresses, each for a stretch of them."""

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self._stretches = sorted(stretches, key=lambda s: s.start)
        self._starts = [stretch.start for stretch in self._stretches]

    def __bool__(self) -> bool:
        return bool(self._stretches)

    def __call__(self, address: int) -> str:
        index = bisect_right(self._starts, address) - 1
        if index >= 0 and address < self._stretches[index].end:
            return self._stretches[index].name
        return UNKNOWN


def functions(program: Program) -> Places:
    """Functions by their sizes; what is in none goes to the label before it."""
    sized, labels = [], []
    for name, symbol in program.symbols.items():
        code = next((c for c in program.code if symbol.address in c), None)
        if code is None or name[0] in "$.":
            continue
        if symbol.type == "function" and symbol.size:
            sized.append(Stretch(symbol.address, symbol.address + symbol.size, name))
        elif symbol.type != "object":
            labels.append(Stretch(symbol.address, code.stop, name))
    inside = Places(sized)
    labels = [label for label in labels if inside(label.start) == UNKNOWN]
    # Behind a function the label before it has nothing to say.
    starts = sorted((*sized, *labels), key=lambda s: (s.start, s.end))
    ends = [after.start for _, after in pairwise(starts)]
    clipped = [
        Stretch(stretch.start, min(stretch.end, end), stretch.name)
        for stretch, end in zip(starts, [*ends, 1 << program.xlen], strict=True)
    ]
    return Places(clipped)


def lines_of_elf(data: bytes) -> Places:
    """The DWARF line table of an ELF file; empty where it has none that can be read."""
    try:
        elf = ELFFile(BytesIO(data))
        if not elf.has_dwarf_info():
            return Places([])
        dwarf = elf.get_dwarf_info(relocate_dwarf_sections=False)
        programs = [dwarf.line_program_for_CU(unit) for unit in dwarf.iter_CUs()]
        return Places([s for program in programs if program for s in _rows(program)])
    except (ELFError, DWARFError, LookupError, ValueError, AttributeError, OverflowError):
        return Places([])  # a damaged table tells nothing; the program itself has been checked


def _rows(program: LineProgram) -> Iterator[Stretch]:
    """The rows of one line program: each holds up to the next one of its sequence."""
    states = [entry.state for entry in program.get_entries() if entry.state is not None]
    # DWARF 5 (6.2.4) counts files from 0, the versions before it from 1.
    first = 0 if program.header.version >= 5 else 1
    files = [entry.name.decode(errors="replace") for entry in program.header.file_entry]
    for state, after in pairwise(states):
        if not state.end_sequence and after.address > state.address:
            name = f"{files[state.file - first]}:{state.line}"
            yield Stretch(state.address, after.address, name)


def lines_of_assembly(executable: Executable) -> Places:
    """The lines that rvx's own assembler has read; of an expansion those of the macro's body."""
    stretches = []
    for section in executable.sections:
        for piece in section.pieces:
            start = section.address + piece.offset
            marks = [(start + m.offset, m.line) for m in piece.section.marks]
            ends = [at for at, _ in marks[1:]] + [start + piece.section.size]
            stretches += [
                Stretch(at, end, f"{line.source.file}:{line.number}")
                for (at, line), end in zip(marks, ends, strict=True)
                if section.address and end > at
            ]
    return Places(stretches)
