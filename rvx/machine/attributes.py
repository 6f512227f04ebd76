"""The RISC-V attributes section: the ISA string a program was compiled for.

pyelftools reads it too, but does not end on a damaged one (a length of zero).
"""

from __future__ import annotations

_FILE = 1  # psABI, "Attributes": only file attributes are defined for RISC-V
_ARCH = 5
_LONGEST = 1 << 14  # bytes; real ones have some hundred


def arch_attribute(section: bytes) -> str:
    """The value of Tag_RISCV_arch, or "" where there is none or the section is damaged."""
    try:
        return _arch(section)
    except (IndexError, ValueError):
        return ""


def _arch(section: bytes) -> str:
    if section[:1] != b"A" or len(section) > _LONGEST:
        raise ValueError("not attributes")
    rest = section[1:]
    while rest:
        length = int.from_bytes(rest[:4], "little")
        vendor, contents = _string(rest[4:length])
        if vendor == "riscv" and contents[0] == _FILE:
            return _file_arch(contents[5 : int.from_bytes(contents[1:5], "little")])
        rest = rest[max(length, 4) :]
    return ""


def _file_arch(attributes: bytes) -> str:
    while attributes:
        tag, attributes = _number(attributes)
        # An odd tag has a string, an even one a number.
        if tag % 2 == 0:
            _, attributes = _number(attributes)
            continue
        value, attributes = _string(attributes)
        if tag == _ARCH and value.isprintable():
            return value
    return ""


def _string(data: bytes) -> tuple[str, bytes]:
    end = data.index(0)
    return data[:end].decode("ascii"), data[end + 1 :]


def _number(data: bytes) -> tuple[int, bytes]:
    """An unsigned LEB128 number and what follows it."""
    value = 0
    for i, byte in enumerate(data):
        value |= (byte & 0x7F) << 7 * i
        if byte < 0x80:
            return value, data[i + 1 :]
    raise ValueError("a number without end")
