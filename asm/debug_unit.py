"""The least that debuggers want beside a line table: one compilation unit that names it.

Compilers write theirs; sources by hand with `.loc` have none (DWARF 5, 7.5).
"""

from __future__ import annotations

# Declaration 1: a compilation unit without children, and its attributes with their forms.
ABBREVIATIONS = bytes(
    (
        *(1, 0x11, 0),
        *(0x10, 0x17),  # statement list: an offset in .debug_line
        *(0x11, 0x01),  # low pc: an address
        *(0x12, 0x06),  # high pc: four bytes more
        *(0x03, 0x08),  # name: a string
        *(0, 0, 0),
    )
)


def unit(name: str, size: int, address_size: int) -> tuple[bytes, dict[str, int]]:
    """The unit, and where in it the offsets of the abbreviations and of the line table, and the
    address of the code stand. `size` is of the code in bytes."""
    version, abbreviations = (4).to_bytes(2, "little"), bytes(4)
    head = version + abbreviations + bytes((address_size,))
    body = bytes((1,)) + bytes(4) + bytes(address_size) + size.to_bytes(4, "little")
    body += name.encode(errors="replace") + b"\0"
    length = (len(head) + len(body)).to_bytes(4, "little")
    places = {"abbreviations": 6, "lines": 12, "code": 16}
    return length + head + body, places
