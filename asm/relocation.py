"""How a field follows from the value it refers to: the RISC-V ELF psABI's relations."""

from __future__ import annotations

from rvx.asm.assembly import Arithmetic, Bytes, Call, InField, Relation
from rvx.model.encoding import Field, FieldError

# lui and auipc hold the upper bits; the lower belong to the second instruction.
_LOW_BITS = 12
_HIGH_BITS = 20


class RelocationProblem(Exception):
    """A value that a field or datum cannot hold."""


def signed(value: int, bits: int) -> int:
    """The low bits of the value, as two's complement."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> bits - 1 else value


def low_part(value: int) -> int:
    """What `%lo` gives: the low 12 bits, signed."""
    return signed(value, _LOW_BITS)


def high_part(value: int) -> int:
    """What `%hi` gives: the upper 20 bits, plus one where the low part is negative."""
    return value - low_part(value) >> _LOW_BITS & (1 << _HIGH_BITS) - 1


def field_value(kind: InField, value: int, xlen: int) -> int:
    """The field's value; for pc-relative relations `value` is the distance."""
    match kind.relation:
        case Relation.HI | Relation.PCREL_HI | Relation.GOT_HI:
            found = high_part(value)
        case Relation.LO | Relation.PCREL_LO:
            found = low_part(value)
        case Relation.TARGET:
            found = signed(value, xlen)
        case _:
            found = value
    return -found if kind.negated else found


def place(field: Field, value: int, xlen: int) -> int:
    """The bits of the value in the word. A signed field also takes the unsigned spelling of a
    negative number: `andi a0, a0, 0xfffffff0`."""
    if field.is_signed and field.high < value < 1 << xlen and value - (1 << xlen) >= field.low:
        value -= 1 << xlen
    try:
        return field.encode(value)
    except FieldError as error:
        raise RelocationProblem(str(error)) from None


def distance_words(kind: Call, pair: int, distance: int) -> int:
    """Two instruction words, the first in the low half, with the distance in both."""
    first, second = pair & 0xFFFF_FFFF, pair >> 32
    first = first & ~kind.high.mask | kind.high.place(high_part(distance))
    second = second & ~kind.low.mask | kind.low.place(low_part(distance))
    return second << 32 | first


def in_place(kind: Arithmetic, contents: bytearray, at: int, value: int) -> None:
    """Apply the value to the data that stands there; it wraps."""
    size = -(-kind.bits // 8) or _leb128_size(contents, at)
    old = int.from_bytes(contents[at : at + size], "little")
    bits = kind.bits
    if not bits:
        bits = 7 * size
        old = sum((old >> 8 * i & 0x7F) << 7 * i for i in range(size))
    mask = (1 << bits) - 1
    match kind.operation:
        case "add":
            new = old + value
        case "sub":
            new = (old & mask) - value
        case _:
            new = value
    new = new & mask | old & ~mask if kind.bits else new & mask
    if not kind.bits:
        more = (1 << 8 * (size - 1)) - 1 & int.from_bytes(b"\x80" * size, "little")
        new = sum((new >> 7 * i & 0x7F) << 8 * i for i in range(size)) | more
    contents[at : at + size] = new.to_bytes(size, "little")


def _leb128_size(contents: bytearray, at: int) -> int:
    end = at
    while end < len(contents) and contents[end] & 0x80:
        end += 1
    return end + 1 - at


def unreachable(field: Field, distance: int) -> str:
    """What to say of a target that the field cannot hold."""
    if not field.low <= distance <= field.high:
        return (
            f"the target is {distance} bytes away, and {field.low} to {field.high} can be "
            "reached: branch around a j, or use call or jump"
        )
    return f"the target is {distance} bytes away, which must be a multiple of {1 << field.lowest}"


def data(kind: Bytes, value: int) -> bytes:
    """The value as little-endian data, signed or unsigned."""
    bits = 8 * kind.size
    if not -(1 << bits - 1) <= value < 1 << bits:
        raise RelocationProblem(
            f"{value} does not fit {kind.size} byte{'s' * (kind.size > 1)}: "
            f"{-(1 << bits - 1)} to {(1 << bits) - 1} do"
        )
    return (value & (1 << bits) - 1).to_bytes(kind.size, "little")
