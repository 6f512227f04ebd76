"""Instructions as operations of threaded code: functions `i64 @name(ptr block, ptr record)`.

The record has the pc, the offsets of the operands' registers in the block and their immediates. The
result is how far away the next record is, in bytes; 0 leaves native code before the instruction,
which nothing has happened of then. Whatever registers a word names, equal or not, the operation is
the same: an instruction reads all its operands before it writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from rvx.jit.guest import COUNTERS, FLAGS
from rvx.jit.layout import SLOT, Layout, Place
from rvx.jit.lowering import Untranslatable
from rvx.jit.standalone import IMMEDIATE_BITS, Parts, Standalone, parts_of
from rvx.jit.text import Function, Module
from rvx.jit.thread import MOST_OPERANDS, MOST_OPERATIONS, OPERANDS, PC, RECORD
from rvx.model import ir
from rvx.model.machine import Instruction, Machine, RegisterOperand
from rvx.model.walk import nodes
from rvx.record import record

if TYPE_CHECKING:
    from rvx.jit.direct import DirectGuest
    from rvx.jit.effects import Effects
    from rvx.jit.host import Host
    from rvx.jit.number.numbers import Numbers
    from rvx.jit.timing import Decoded
    from rvx.number import Rounding

# What depends on more than operands and pc.
_ELSEWHERE: Final = (ir.CsrValue, ir.SetCsr, ir.FixedRegister, ir.RaiseTrap)
# What the target of a jump consists of where its word and pc decide it.
_STATIC: Final = (
    *(ir.SetPc, ir.ProgramCounter, ir.FieldValue, ir.Constant),
    *(ir.WordOp, ir.Join, ir.WordSlice),
)
_WIDE: Final = 128  # bits of a register beyond which it is worked on in place


@record(frozen=True)
class Operation:
    """A function for all words of one kind."""

    number: int  # in the table
    uses_host: bool  # flags of the host, or its rounding mode
    jumps: bool
    always: bool  # one record is behind, where it jumps to; not: first where it does not
    is_indirect: bool  # its target is in the block
    leaves: bool  # it may have to leave native code


class Operations:
    """The operations of one machine, by kind. `defined` has the names of those that there are in
    the table already; what is new is in a module until `take`."""

    def __init__(
        self,
        machine: Machine,
        layout: Layout,
        host: Host,
        ram: range | None,
        defined: Mapping[str, int],
    ) -> None:
        self._machine = machine
        self._layout = layout
        self._host = host
        self._standalone = Standalone(machine, layout, host, ram)
        self._defined = dict(defined)
        self._next = 1 + len(self._defined)
        self._known: dict[object, Operation | None] = {}
        self._sink = layout.control["sink"].offset
        self._begin()

    def _begin(self) -> None:
        self._module = Module()
        self._numbers: Numbers | None = None
        self._new: list[str] = []

    def take(self) -> tuple[list[str], str]:
        """The names of what is new, and the module."""
        names, text = self._new, self._module.text()
        self._begin()
        return names, text

    @property
    def has_new(self) -> bool:
        return bool(self._new)

    def find(
        self, decoded: Decoded, modes: Mapping[Place, int], host_mode: Rounding | None
    ) -> tuple[Operation, tuple[int, ...]] | None:
        """The operation of a word and its operands; None where the word is not for threads."""
        instruction, fields = decoded.instruction, decoded.fields
        kind = _kind(instruction)
        if kind is None:
            return None
        operands = []
        slots = self._layout.registers
        written: set[tuple[str, int]] = set()
        for name, file, first, zero in kind.parts.registers:
            number = first + fields[name]
            is_written = name in kind.writes
            if is_written and ((file, number) in written):
                return None  # which comes last is not the operation's to know
            if is_written and number == zero:
                if name in kind.reads:
                    return None
                operands.append(self._sink)
            else:
                operands.append(slots[file][number].offset)
                if is_written:
                    written.add((file, number))
        mask = (1 << IMMEDIATE_BITS) - 1
        operands += [fields[name] & mask for name in kind.parts.immediates]
        if len(operands) > MOST_OPERANDS:
            return None
        key = (
            instruction,
            tuple([fields[name] for name in kind.parts.literals]),
            decoded.length if kind.asks_pc else 0,
            tuple(modes.values()) if kind.asks_modes else (),
        )
        if key not in self._known:
            self._known[key] = self._make(kind, key, decoded, modes, host_mode)
        operation = self._known[key]
        return None if operation is None else (operation, tuple(operands))

    def _make(
        self,
        kind: _Kind,
        key: tuple[object, ...],
        decoded: Decoded,
        modes: Mapping[Place, int],
        host_mode: Rounding | None,
    ) -> Operation | None:
        instruction = decoded.instruction
        text = f"{instruction.extension} {instruction.mnemonic} {key[1:]}"
        name = f"do.{instruction.mnemonic}.{blake2b(text.encode(), digest_size=8).hexdigest()}"
        leaves = True
        if (number := self._defined.get(name)) is None:
            if self._next >= MOST_OPERATIONS:
                return None
            try:
                leaves = self._write(kind, name, decoded, modes, host_mode)
            except Untranslatable:
                return None
            number = self._defined[name] = self._next
            self._next += 1
            self._new.append(name)
        computes, jumps = kind.parts.computes, kind.jumps
        return Operation(number, computes, jumps, kind.always, kind.is_indirect, leaves)

    def _numbers_of(self) -> Numbers:
        if self._numbers is None:
            from rvx.jit.number.numbers import Numbers

            self._numbers = Numbers(self._module, self._host)
        return self._numbers

    def _write(
        self,
        kind: _Kind,
        name: str,
        decoded: Decoded,
        modes: Mapping[Place, int],
        host_mode: Rounding | None,
    ) -> bool:
        """Write a function; whether it may leave native code. Raises Untranslatable."""
        out = Function(self._module, name, "i64", ["ptr", "ptr"], linkage="")
        registers, fields = self._stand_ins(kind, decoded.fields)
        at = OPERANDS * SLOT

        def operand(type: str) -> str:
            nonlocal at
            pointer = out.early(f"getelementptr inbounds i8, ptr %p1, i64 {at}")
            at += SLOT
            return out.early(f"load {type}, ptr {pointer}, align 8")

        offsets = {place: operand("i64") for place in registers}
        symbols = {name: operand("i32") for name in kind.parts.immediates}
        here = None
        if kind.asks_pc:
            pointer = out.early(f"getelementptr inbounds i8, ptr %p1, i64 {PC * SLOT}")
            here = out.early(f"load i{self._machine.xlen}, ptr {pointer}, align 8")

        def finish(guest: DirectGuest, effects: Effects) -> str:
            if (effects.target is None) == kind.jumps:
                raise Untranslatable
            if kind.jumps and (effects.taken is None) != kind.always:
                raise Untranslatable
            guest.flush()
            if not guest.registers_used <= set(registers):
                raise Untranslatable
            if kind.is_indirect:
                assert effects.target is not None
                wide = out.resize(effects.target, self._machine.xlen, 64)
                out.store("i64", wide, "%p0", self._layout.control["pc"].offset, align=8)
            step = RECORD * SLOT
            if effects.taken is None:
                return str(step)
            return out.select(effects.taken, "i64", str(2 * step), str(step))

        return self._standalone.write(
            out,
            self._numbers_of,
            decoded.instruction,
            fields,
            modes,
            host_mode,
            finish,
            registers=offsets,
            symbols=symbols,
            refused="0",
            length=decoded.length,
            here=here,
        )

    def _stand_ins(
        self, kind: _Kind, fields: Mapping[str, int]
    ) -> tuple[list[Place], dict[str, int]]:
        """A register of its own for each operand, none of them zero, and the fields that name
        them."""
        places: list[Place] = []
        found = dict(fields)
        for name, file, first, zero in kind.parts.registers:
            count = self._machine.files[file].count
            free = (
                number
                for number in range(first, count)
                if number != zero and Place("register", file, number) not in places
            )
            if (number := next(free, None)) is None:
                raise Untranslatable
            places.append(Place("register", file, number))
            found[name] = number - first
        return places, found


@record(frozen=True)
class _Kind:
    parts: Parts
    reads: frozenset[str]
    writes: frozenset[str]
    asks_pc: bool
    asks_modes: bool
    jumps: bool
    always: bool
    is_indirect: bool  # its target is in the block afterwards


@lru_cache(maxsize=4096)
def _kind(instruction: Instruction) -> _Kind | None:
    """How the instruction's words differ; None where they are not for threads."""
    every = list(nodes((instruction.body, instruction.needs)))
    if not all(map(_is_of_operands, every)):
        return None
    jumps = [node for node in every if isinstance(node, ir.SetPc)]
    if len(jumps) > 1:
        return None
    parts = parts_of(instruction, every)
    files = [o.file for o in instruction.operands.values() if isinstance(o, RegisterOperand)]
    named = {name for name, *_ in parts.registers}
    if named & parts.fields or any(file.width > _WIDE for file in files):
        return None
    return _Kind(
        parts,
        frozenset(node.operand for node in every if isinstance(node, ir.Register)),
        frozenset(
            node.operand
            for node in every
            if isinstance(node, ir.SetRegister) and node.operand is not None
        ),
        any(isinstance(node, ir.ProgramCounter) for node in every),
        parts.computes or any(isinstance(node, ir.State | ir.SetState) for node in every),
        bool(jumps),
        bool(jumps) and any(isinstance(s, ir.SetPc) for s in instruction.body),
        not all(isinstance(node, _STATIC) for node in nodes(tuple(jumps))),
    )


def _is_of_operands(node: object) -> bool:
    match node:
        case ir.SetRegister(operand=None):
            return False
        case ir.State(name) | ir.SetState(name):
            return name not in COUNTERS and name != FLAGS.name
    return not isinstance(node, _ELSEWHERE)
