"""The records of ELF files, as the specification and the RISC-V ELF psABI name them."""

from __future__ import annotations

import struct
from dataclasses import astuple, dataclass

MAGIC = b"\x7fELF\x01\x01\x01".ljust(16, b"\0")  # 32 bits, little-endian, version 1
ET_REL, ET_EXEC, EM_RISCV, EV_CURRENT, PT_LOAD = 1, 2, 243, 1, 1
PF_X, PF_W, PF_R = 1, 2, 4
SHT_SYMTAB, SHT_STRTAB, SHT_RELA, SHT_GROUP, SHT_RISCV_ATTRIBUTES = 2, 3, 4, 17, 0x7000_0003
SHN_UNDEF, SHN_LORESERVE, SHN_ABS, SHN_COMMON = 0, 0xFF00, 0xFFF1, 0xFFF2
SHF_INFO_LINK = 0x40
GRP_COMDAT = 1
EF_RISCV_RVC, EF_RISCV_FLOAT_ABI_SINGLE, EF_RISCV_FLOAT_ABI_DOUBLE = 0x1, 0x2, 0x4
TAG_FILE, TAG_RISCV_ARCH = 1, 5

HEADER = struct.Struct("<16sHHIIIIIHHHHHH")
PROGRAM_HEADER = struct.Struct("<8I")
SECTION_HEADER = struct.Struct("<10I")
SYMBOL = struct.Struct("<IIIBBH")
RELOCATION = struct.Struct("<IIi")


class StringTable:
    """Strings, each there once."""

    def __init__(self) -> None:
        self.contents = bytearray(b"\0")
        self._known: dict[str, int] = {"": 0}

    def add(self, text: str) -> int:
        """The index of the text, which is added if it is new."""
        if text not in self._known:
            self._known[text] = len(self.contents)
            self.contents += text.encode() + b"\0"
        return self._known[text]


@dataclass(frozen=True)
class SectionHeader:
    """In the order of the file. The default is the null section's."""

    name: int = 0
    type: int = 0
    flags: int = 0
    address: int = 0
    offset: int = 0
    size: int = 0
    link: int = 0
    info: int = 0
    alignment: int = 0
    entry_size: int = 0

    def packed(self) -> bytes:
        return SECTION_HEADER.pack(*astuple(self))


@dataclass(frozen=True)
class ProgramHeader:
    """In the order of the file."""

    type: int
    offset: int
    address: int
    physical_address: int
    file_size: int
    memory_size: int
    flags: int
    alignment: int

    def packed(self) -> bytes:
        return PROGRAM_HEADER.pack(*astuple(self))
