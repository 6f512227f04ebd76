"""Numbers in seven bits a byte, the lowest first; the top bit says that more follow (DWARF 7.6)."""

from __future__ import annotations


def leb128(value: int, is_signed: bool) -> bytes:
    """The shortest form."""
    found = bytearray()
    while True:
        low, value = value & 0x7F, value >> 7
        sign = low >> 6 if is_signed else 0
        if value == -sign:
            return bytes((*found, low))
        found.append(low | 0x80)


def unsigned(value: int) -> bytes:
    return leb128(value, False)


def signed(value: int) -> bytes:
    return leb128(value, True)


def padded(found: bytes, size: int, is_negative: bool) -> bytes:
    """The same number in `size` bytes, which are more."""
    more = size - len(found)
    if more <= 0:
        return found
    fill, last = (0xFF, 0x7F) if is_negative else (0x80, 0x00)
    return found[:-1] + bytes((found[-1] | 0x80, *[fill] * (more - 1), last))
