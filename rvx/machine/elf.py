"""Reading ELF executables.

Everything a header claims is checked against the length of the file before it is followed, so
that a truncated or damaged file is one clear ProgramError and costs no more than its size.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import Final

from rvx.machine.elf_header import (
    EM_RISCV,
    ET_EXEC,
    PF_W,
    PF_X,
    PT_DYNAMIC,
    PT_INTERP,
    PT_LOAD,
    SHT_NOBITS,
    SHT_NULL,
    Header,
    read,
    structure,
)
from rvx.machine.program import HeaderTable, Program, ProgramError, Segment
from rvx.machine.section import Sections

_MAGIC: Final = b"\x7fELF"
_MACHINE_END: Final = 20  # the identification, e_type and e_machine: where every ELF agrees
# psABI, "File Header": e_flags
_RVE: Final = 0x8
_INTEGER_ABI: Final = {32: "ilp32", 64: "lp64"}
_FLOAT_ABI: Final = {0x0: "", 0x2: "f", 0x4: "d", 0x6: "q"}
_NOT_EXECUTABLE: Final = {
    1: "is a relocatable object, not a program: link it first",
    3: "is position-independent: link it with -static and -no-pie",
    4: "is a core dump, not a program",
}


def load_elf(path: str | PathLike[str], *, xlen: int) -> Program:
    """Read the program for a machine of that register width. Raises ProgramError."""
    name, path = str(path), Path(path)
    try:
        # A device or a pipe has no length, and reading it may never end.
        if path.exists() and not path.is_file():
            raise ProgramError(f"{name}: is not a regular file")
        data = path.read_bytes()
    except OSError as error:
        raise ProgramError(f"{name}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise ProgramError(f"{name!r}: is not a file name") from None
    return read_elf(data, name=name, xlen=xlen)


def read_elf(data: bytes, *, name: str, xlen: int) -> Program:
    """As `load_elf`, from the bytes of a file called `name`."""
    return _Reader(data, name, xlen).program()


class _Reader:
    """One ELF file while it is read."""

    def __init__(self, data: bytes, name: str, xlen: int) -> None:
        self.data, self.name, self.xlen = data, name, xlen

    def program(self) -> Program:
        self.check_identification()
        self.check_machine()
        return self.checked_program()

    def error(self, what: str) -> ProgramError:
        return ProgramError(f"{self.name}: {what}")

    # The header --------------------------------------------------------------------------------

    def check_identification(self) -> None:
        start = self.data[: len(_MAGIC)]
        if not start:
            raise self.error("is empty")
        if not _MAGIC.startswith(start):
            raise self.error("is not an ELF file")
        self.check_present(_MACHINE_END, "the ELF header")
        elf_class, byte_order = self.data[4:6]
        if elf_class not in {1, 2} or byte_order not in {1, 2}:
            raise self.error("is a damaged ELF file: its class and byte order are unknown")
        self.check_present(52 if elf_class == 1 else 64, "the ELF header")
        self.width = 32 * elf_class
        self.is_little = byte_order == 1
        self.header = read("header", self.data, 0, self.width, "<" if self.is_little else ">")

    def check_machine(self) -> None:
        header = self.header
        if header["e_machine"] != EM_RISCV:
            machine = _machine_name(header["e_machine"])
            raise self.error(f"is a program for machine {machine}, not for RISC-V")
        if not self.is_little:
            raise self.error("is a big-endian ELF; this machine is little-endian")
        if self.width != self.xlen:
            raise self.error(f"is a {self.width}-bit ELF; this machine is RV{self.xlen}")
        if header["e_type"] != ET_EXEC:
            raise self.error(
                _NOT_EXECUTABLE.get(header["e_type"], f"has unknown ELF type {header['e_type']}")
            )

    # What the header leads to ------------------------------------------------------------------

    def checked_program(self) -> Program:
        header = self.header
        headers = list(self.table("program", header["e_phnum"]))
        if any(h["p_type"] in (PT_INTERP, PT_DYNAMIC) for h in headers):
            raise self.error("is dynamically linked: link it with -static")
        loaded = [h for h in headers if h["p_type"] == PT_LOAD and h["p_memsz"]]
        if not loaded:
            raise self.error("has no segment to load")
        executable = [h for h in loaded if h["p_flags"] & PF_X]
        segments = self.placed(loaded, self.address_field(executable))
        sections = Sections(self.data, tuple(self.section_headers()), self.xlen)
        code = sections.code() or [_addresses(h) for h in executable]
        flags: int = header["e_flags"]
        return Program(
            name=self.name,
            xlen=self.xlen,
            entry=header["e_entry"],
            segments=tuple(segments),
            symbols=sections.symbols(),
            code=tuple(sorted(code, key=lambda addresses: addresses.start)),
            arch=sections.arch(),
            abi=_INTEGER_ABI[self.xlen] + ("e" if flags & _RVE else _FLOAT_ABI[flags & 0x6]),
            headers=self.loaded_headers(loaded),
        )

    def loaded_headers(self, loaded: list[Header]) -> HeaderTable | None:
        """Where the program headers are in memory, if they are."""
        offset, count = self.header["e_phoff"], self.header["e_phnum"]
        size = self.header["e_phentsize"]
        for header in loaded:
            into = offset - header["p_offset"]
            if into >= 0 and into + count * size <= header["p_filesz"]:
                return HeaderTable(header["p_vaddr"] + into, count, size)
        return None

    def table(self, kind: str, count: int) -> Iterator[Header]:
        """The headers of one kind: program or section."""
        letter = {"program": "ph", "section": "sh"}[kind]
        layout, _ = structure(kind, self.xlen, "<")
        offset, size = self.header[f"e_{letter}off"], self.header[f"e_{letter}entsize"]
        if count and size != layout.size:
            raise self.error(f"is a damaged ELF file: a {kind} header has {size} bytes")
        self.check_present(offset + count * size, f"the table of {kind} headers")
        for i in range(count):
            yield read(kind, self.data, offset + i * size, self.xlen)

    def address_field(self, executable: list[Header]) -> str:
        """The field that says where contents go: physical or virtual address.

        A boot loader copies to the physical address, from where the start-up code of a program in
        ROM takes what belongs elsewhere. Where the entry itself is not at its physical address,
        these were not meant for a bare machine, or some tool left them zero.
        """
        entry = self.header["e_entry"]
        for header in executable:
            if entry in _addresses(header):
                return "p_paddr" if header["p_paddr"] == header["p_vaddr"] else "p_vaddr"
        raise self.error(
            f"starts at {entry:#x}, which is not in an executable segment; "
            "name the entry point in the linker script or with -e"
        )

    def placed(self, headers: list[Header], field: str) -> list[Segment]:
        segments = [segment for header in headers for segment in self.segments(header, field)]
        segments.sort(key=lambda segment: segment.address)
        for below, above in pairwise(segments):
            if above.address < below.end:
                raise self.error(f"has two segments that overlap at {above.address:#x}")
        return segments

    def segments(self, header: Header, field: str) -> Iterator[Segment]:
        """What one header loads: its contents where the field says, and zeros behind them at the
        virtual address, since nobody copies zeros."""
        virtual, target = header["p_vaddr"], header[field]
        offset, file_size, size = header["p_offset"], header["p_filesz"], header["p_memsz"]
        self.check_present(offset + file_size, f"the segment at {virtual:#x}")
        if file_size > size:
            raise self.error(f"is a damaged ELF file: the segment at {virtual:#x} overflows")
        if max(virtual, target) + size > 1 << self.xlen:
            raise self.error(
                f"the segment at {virtual:#x} ends beyond the {self.xlen}-bit address space"
            )
        data = self.data[offset : offset + file_size]
        flags = {
            "is_writable": bool(header["p_flags"] & PF_W),
            "is_executable": bool(header["p_flags"] & PF_X),
        }
        if virtual == target:
            yield Segment(virtual, data, size, **flags)
            return
        if data:
            yield Segment(target, data, file_size, **flags)
        if size > file_size:
            yield Segment(virtual + file_size, b"", size - file_size, **flags)

    def section_headers(self) -> Iterator[Header]:
        offset, count = self.header["e_shoff"], self.header["e_shnum"]
        if not offset:
            return
        layout, _ = structure("section", self.xlen, "<")
        self.check_present(offset + layout.size, "the table of section headers")
        if not count:  # more than there is room for: the first section says it
            count = read("section", self.data, offset, self.xlen)["sh_size"]
        for header in self.table("section", count):
            if header["sh_type"] not in (SHT_NOBITS, SHT_NULL):
                self.check_present(header["sh_offset"] + header["sh_size"], "a section")
            yield header

    def check_present(self, end: int, what: str) -> None:
        if end > len(self.data):
            raise self.error(
                f"is a truncated ELF file: {what} ends at byte {end}, the file at {len(self.data)}"
            )


def _machine_name(number: int) -> str:
    from elftools.elf.enums import ENUM_E_MACHINE  # slow to load, and seldom asked for

    names = {value: name for name, value in ENUM_E_MACHINE.items() if name.startswith("EM_")}
    return str(names.get(number, number)).removeprefix("EM_")


def _addresses(segment: Header) -> range:
    return range(segment["p_vaddr"], segment["p_vaddr"] + segment["p_memsz"])
