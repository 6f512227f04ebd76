"""From a random program's tree to words at addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rvx.machine.program import Program, Segment, Symbol
from rvx.model.encoding import FieldError
from rvx.model.machine import Machine
from rvx.verify import place
from rvx.verify.node import Bits, Leaf, Line, Mark, Set, Source, Table, leaves
from rvx.verify.operands import target_of
from rvx.verify.scaffold import scaffold_of

_DATA = {
    "area": place.AREA,
    "log": place.LOG,
    "recovery": place.RECOVERY,
    "tohost": place.TOHOST,
    "fromhost": place.TOHOST + 8,
    "seeds": place.SEEDS,
    "registers": place.REGISTERS,
    "begin_signature": place.SIGNATURE.start,
    "end_signature": place.SIGNATURE.stop,
}


SIZES = {"tohost": 4, "fromhost": 4}  # bytes: one store is a whole command


class LayoutError(Exception):
    """A program with a label that is gone or out of reach: what shrinking may try."""


@dataclass(frozen=True)
class Image:
    """The program in memory: code at `place.BASE`, data at the page behind it."""

    code: bytes
    data: bytes
    addresses: Mapping[str, int]
    lines: tuple[tuple[int, Leaf], ...]  # with their addresses

    @property
    def data_at(self) -> int:
        """Where the data begins."""
        return self.addresses["area"] - place.AREA

    def program(self, machine: Machine) -> Program:
        """As the simulator loads it."""
        code = Segment(place.BASE, self.code, len(self.code), False, True)
        data = Segment(self.data_at, self.data, len(self.data), True, False)
        symbols = {n: Symbol(a, SIZES.get(n, 0), "none") for n, a in self.addresses.items()}
        executable = (range(place.BASE, place.BASE + len(self.code)),)
        return Program(
            "random", machine.xlen, place.BASE, (code, data), symbols, executable, "", ""
        )


def lay_out(machine: Machine, source: Source) -> Image:
    """Give everything an address, then encode. Raises LayoutError."""
    lines: list[tuple[int, Leaf]] = []
    addresses: dict[str, int] = {}
    tables: list[Table] = []
    at = place.BASE
    for leaf in leaves(source.nodes):
        match leaf:
            case Mark(name):
                addresses[name] = at
            case Table():
                tables.append(leaf)
        lines.append((at, leaf))
        at += leaf.size
    data_at = (at + place.PAGE - 1) & -place.PAGE
    addresses |= {name: data_at + offset for name, offset in _DATA.items()}
    table_at = data_at + place.TABLES
    for table in tables:
        addresses[table.name] = table_at
        table_at += 4 * len(table.entries)
    try:
        code = b"".join(_encoded(machine, leaf, at, addresses) for at, leaf in lines)
        data = _data(source, addresses, tables)
    except (KeyError, FieldError) as error:
        raise LayoutError(str(error)) from None
    return Image(code, data, addresses, tuple(lines))


def _encoded(machine: Machine, leaf: Leaf, at: int, addresses: Mapping[str, int]) -> bytes:
    match leaf:
        case Line(instruction, fields, target):
            if target is not None:
                operand = target_of(instruction)
                assert operand is not None
                fields = {**fields, operand.name: addresses[target] - at}
            return instruction.encode(**fields).to_bytes(instruction.length, "little")
        case Set(register, value, offset):
            if isinstance(value, str):
                value = addresses[value] + offset
            return _constant(machine, register, value & 0xFFFF_FFFF)
        case Bits(word, size):
            return word.to_bytes(size, "little")
    return b""


def _constant(machine: Machine, register: int, value: int) -> bytes:
    parts = scaffold_of(machine).parts
    low = (value + 0x800 & 0xFFF) - 0x800
    upper = parts["upper"].encode(rd=register, uimm=value - low >> 12 & 0xFFFFF)
    lower = parts["add"].encode(rd=register, rs1=register, imm=low)
    return upper.to_bytes(4, "little") + lower.to_bytes(4, "little")


def _data(source: Source, addresses: Mapping[str, int], tables: list[Table]) -> bytes:
    entries = b"".join(
        addresses[label].to_bytes(4, "little") for table in tables for label in table.entries
    )
    data = bytearray(place.TABLES) + entries
    data[place.AREA : place.AREA + len(source.data)] = source.data
    data[place.SEEDS : place.SEEDS + len(source.seeds)] = source.seeds
    return bytes(data)
