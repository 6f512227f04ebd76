"""How a field follows from the value it refers to: the RISC-V ELF psABI's relations."""

from __future__ import annotations

from rvx.asm.assembly import Bytes, InField, Relation
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
        case Relation.HI | Relation.PCREL_HI:
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


def data(kind: Bytes, value: int) -> bytes:
    """The value as little-endian data, signed or unsigned."""
    bits = 8 * kind.size
    if not -(1 << bits - 1) <= value < 1 << bits:
        raise RelocationProblem(
            f"{value} does not fit {kind.size} byte{'s' * (kind.size > 1)}: "
            f"{-(1 << bits - 1)} to {(1 << bits) - 1} do"
        )
    return (value & (1 << bits) - 1).to_bytes(kind.size, "little")
