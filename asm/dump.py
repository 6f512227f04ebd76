"""The disassembly of a whole ELF file, with its symbols."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from elftools.elf.constants import P_FLAGS, SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import Symbol, SymbolTableSection

from rvx.asm.disassembler import disassemble
from rvx.asm.position import AssemblyError
from rvx.model.decoder import length_of
from rvx.model.machine import Machine


@dataclass(frozen=True)
class _Code:
    name: str
    address: int
    contents: bytes


def disassemble_elf(path: Path, machine: Machine, *, aliases: bool = True) -> Iterator[str]:
    """The lines of a listing of all executable sections. What is no instruction of the machine
    is shown as data. Raises AssemblyError where the file cannot be used."""
    codes, names = _read(path, machine)
    labels = _Labels(names, codes)
    for code in codes:
        yield f"Disassembly of {code.name}:"
        yield from _lines(code, labels, machine, aliases)
        yield ""


class _Labels:
    """The symbols in the code."""

    def __init__(self, names: dict[int, str], codes: list[_Code]) -> None:
        self._codes = codes
        self.names = names
        self.addresses = sorted(a for a in names if self._is_code(a))

    def near(self, address: int) -> str | None:
        """`symbol+4` for an address in the code."""
        at = bisect_right(self.addresses, address) - 1
        if at < 0 or not self._is_code(address):
            return None
        distance = address - self.addresses[at]
        name = self.names[self.addresses[at]]
        return f"{name}+{distance:#x}" if distance else name

    def after(self, address: int) -> int | None:
        """The first label behind the address."""
        at = bisect_right(self.addresses, address)
        return self.addresses[at] if at < len(self.addresses) else None

    def _is_code(self, address: int) -> bool:
        return any(0 <= address - c.address < len(c.contents) for c in self._codes)


def _lines(code: _Code, labels: _Labels, machine: Machine, aliases: bool) -> Iterator[str]:
    at, end = 0, len(code.contents)
    while at < end:
        pc = code.address + at
        if pc in labels.names:
            yield ""
            yield f"{pc:08x} <{labels.names[pc]}>:"
        length = length_of(code.contents[at]) if machine.ialign == 2 else 4
        label = labels.after(pc)
        room = min(end - at, length if label is None else label - pc)
        if room < length:  # the end, or a label, in the middle of what could be an instruction
            for byte in code.contents[at : at + room]:
                yield f"{code.address + at:8x}:  {byte:02x}        .byte {byte:#04x}"
                at += 1
            continue
        word = int.from_bytes(code.contents[at : at + length], "little")
        text = disassemble(word, pc, machine, aliases=aliases, symbols=labels.near)
        yield f"{pc:8x}:  {word:0{2 * length}x}{'' if length == 4 else '    '}  {text}"
        at += length


# Reading ----------------------------------------------------------------------------------------


def _read(path: Path, machine: Machine) -> tuple[list[_Code], dict[int, str]]:
    try:
        contents = path.read_bytes()
    except OSError as error:
        raise AssemblyError(f"{path}: cannot read this file: {error.strerror}") from None
    try:
        elf = ELFFile(BytesIO(contents))
        kind = elf["e_machine"], elf.elfclass
        codes, names = _codes(elf), _names(elf)
    except Exception as error:  # a damaged file makes pyelftools raise nearly anything
        raise AssemblyError(f"{path}: not a readable ELF file: {error}") from None
    if kind != ("EM_RISCV", machine.xlen):
        raise AssemblyError(
            f"{path}: a {kind[1]}-bit file for {kind[0]}, but {machine.isa} needs a "
            f"{machine.xlen}-bit one for EM_RISCV"
        )
    return codes, names


def _codes(elf: ELFFile) -> list[_Code]:
    """The executable sections, or segments where there are no sections."""
    codes = [
        _Code(f"section {section.name}", section["sh_addr"], section.data())
        for section in elf.iter_sections("SHT_PROGBITS")
        if section["sh_flags"] & SH_FLAGS.SHF_EXECINSTR
    ]
    return codes or [
        _Code(f"segment {number}", segment["p_vaddr"], segment.data())
        for number, segment in enumerate(elf.iter_segments("PT_LOAD"))
        if segment["p_flags"] & P_FLAGS.PF_X
    ]


def _names(elf: ELFFile) -> dict[int, str]:
    """The name of each address; a global one where there are several."""
    found: dict[int, str] = {}
    for table in elf.iter_sections():
        if not isinstance(table, SymbolTableSection):
            continue
        for symbol in table.iter_symbols():
            if _is_shown(symbol):
                is_global = symbol["st_info"]["bind"] != "STB_LOCAL"
                if is_global or symbol["st_value"] not in found:
                    found[symbol["st_value"]] = symbol.name
    return found


def _is_shown(symbol: Symbol) -> bool:
    return (
        symbol["st_info"]["type"] in ("STT_NOTYPE", "STT_FUNC", "STT_OBJECT")
        and symbol["st_shndx"] not in ("SHN_UNDEF", "SHN_ABS")
        and symbol.name != ""
        and not symbol.name.startswith(("$", ".L"))  # mapping symbols, and the compiler's own
    )
