"""ELF files byte by byte, for what no linker would write."""

from __future__ import annotations

from dataclasses import dataclass
from struct import pack

EM_RISCV, EM_X86_64 = 243, 62
ET_REL, ET_EXEC, ET_DYN = 1, 2, 3
PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
R, W, X = 4, 2, 1
NOP = b"\x13\x00\x00\x00"


@dataclass(frozen=True)
class Load:
    """One program header; `size` and `physical` are as the linker sets them where not given."""

    address: int
    data: bytes = NOP * 4
    flags: int = R | X
    size: int | None = None
    physical: int | None = None
    type: int = PT_LOAD


def elf_image(
    *loads: Load,
    entry: int | None = None,
    machine: int = EM_RISCV,
    type: int = ET_EXEC,
    bits: int = 32,
    order: str = "<",
    flags: int = 0,
    symbols: tuple[tuple[str, int, int, int], ...] = (),
) -> bytes:
    """A file with these segments and symbols (name, value, size, info) and the sections for them.

    `bits` and `order` change the header only as far as a reader looks before refusing.
    """
    contents = b"".join(load.data for load in loads)
    header, entry_size = 52, 32
    at = header + entry_size * len(loads)
    headers = b""
    for load in loads:
        size = len(load.data) if load.size is None else load.size
        physical = load.address if load.physical is None else load.physical
        fields = (load.type, at, load.address, physical, len(load.data), size, load.flags, 4096)
        headers += pack("<8I", *fields)
        at += len(load.data)
    names, table = b"\0", bytes(16)
    for name, value, symbol_size, info in symbols:
        table += pack("<IIIBBH", len(names), value, symbol_size, info, 0, 0xFFF1)
        names += name.encode() + b"\0"
    sections = [
        (0,) * 10,
        (0, 2, 0, 0, at, len(table), 2, 0, 4, 16),
        (0, 3, 0, 0, at + len(table), len(names), 0, 0, 1, 0),
    ]
    start = loads[0].address if entry is None and loads else entry or 0
    identification = b"\x7fELF" + bytes([bits // 32, 1 if order == "<" else 2, 1]) + bytes(9)
    section_start = at + len(table) + len(names)
    rest = (start, header, section_start, flags, header, entry_size, len(loads), 40, 3, 2)
    fixed = pack(order + "HHIIIIIHHHHHH", type, machine, 1, *rest)
    body = headers + contents + table + names + b"".join(pack("<10I", *s) for s in sections)
    return identification + fixed + body + (bytes(12) if bits == 64 else b"")
