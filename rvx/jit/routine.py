"""Instructions as functions of their operands: what first code calls.

A program uses few kinds of instructions many times. So each kind is lowered and compiled once, as
`i1 @name(ptr block, i64 offset of a register's slot, ..., i32 immediate, ...)`, and a word in a
region is a call of one line. The result says that the reference has to execute the instruction;
nothing has happened then. Better code, made later, has no calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from rvx.jit.guest import COUNTERS, FLAGS
from rvx.jit.layout import Layout, Place
from rvx.jit.lowering import Untranslatable
from rvx.jit.standalone import IMMEDIATE_BITS, Parts, Standalone, parts_of
from rvx.jit.text import STRICT, Function, Module
from rvx.model import ir
from rvx.model.machine import Instruction, Machine
from rvx.model.walk import nodes
from rvx.record import record

if TYPE_CHECKING:
    from rvx.jit.direct import DirectGuest
    from rvx.jit.effects import Effects
    from rvx.jit.host import Host
    from rvx.jit.number.numbers import Numbers
    from rvx.jit.timing import Decoded
    from rvx.number import Rounding

# What makes an instruction depend on where it stands, or on more than its operands.
_ELSEWHERE: Final = (ir.SetPc, ir.CsrValue, ir.SetCsr, ir.ProgramCounter, ir.FixedRegister)
_MOST_CALLS: Final = 1 << 14  # that are remembered
_INLINED: Final = f"{STRICT} alwaysinline"  # in the modules of regions (`drafts`)


@record(frozen=True)
class Routine:
    """A function for all words of one kind."""

    name: str
    parameters: str  # their types
    bails: bool  # it may leave the instruction to the reference
    uses_host: bool  # flags of the host, or its rounding mode


@record(frozen=True)
class Call:
    """A word of the guest as a call."""

    routine: Routine
    arguments: str


class Routines:
    """The routines of one machine. New ones gather in a module of their own."""

    def __init__(self, machine: Machine, layout: Layout, host: Host, ram: range | None) -> None:
        self._layout = layout
        self._host = host
        self._standalone = Standalone(machine, layout, host, ram)
        self._known: dict[object, Routine | None] = {}
        self._calls: dict[object, Call] = {}  # by word and situation
        self._module = Module()
        self._numbers: Numbers | None = None  # the module's
        self._new: dict[object, str] = {}  # names in it, by what is known of them

    def call(
        self,
        decoded: Decoded,
        modes: Mapping[Place, int],
        host_mode: Rounding | None,
        *,
        sticky: bool,
    ) -> Call | None:
        """The instruction as a call; None where it is not one."""
        situation = tuple(modes.values()), sticky
        known = self._calls.get((decoded.word, situation))
        if known is None:
            known = self._call(decoded, modes, host_mode, situation)
            if known is not None:
                if len(self._calls) >= _MOST_CALLS:
                    self._calls.clear()
                self._calls[decoded.word, situation] = known
        return known

    def _call(
        self,
        decoded: Decoded,
        modes: Mapping[Place, int],
        host_mode: Rounding | None,
        situation: tuple[tuple[int, ...], bool],
    ) -> Call | None:
        kind = _kind(decoded.instruction)
        if kind is None:
            return None
        fields, places = decoded.fields, []
        registers: list[int | None] = []  # which operands are the same register
        for name, file, first, zero in kind.registers:
            number = first + fields[name]
            if number == zero:
                registers.append(None)
                continue
            place = Place("register", file, number)
            if place not in places:
                places.append(place)
            registers.append(places.index(place))
        literals = tuple([fields[name] for name in kind.literals])
        key = decoded.instruction, tuple(registers), literals, situation
        try:
            routine = self._known[key]
        except KeyError:
            name = _name(decoded.instruction, key[1:])
            routine = self._write(name, decoded, places, modes, host_mode, situation[1])
            self._known[key] = routine
            if routine is not None:
                self._new[key] = name
        if routine is None:
            return None
        slots, most = self._layout.registers, (1 << IMMEDIATE_BITS) - 1
        offsets = [f"i64 {slots[file][number].offset}" for _, file, number in places]
        values = [f"i32 {fields[name] & most}" for name in kind.immediates]
        return Call(routine, ", ".join(["ptr %p0", *offsets, *values]))

    def take(self) -> tuple[tuple[str, ...], str]:
        """The names of those that were written since the last time, and their module's text."""
        taken = tuple(self._new.values()), self._module.text()
        self._new.clear()
        self._module, self._numbers = Module(), None
        return taken

    def _own_numbers(self) -> Numbers:
        if self._numbers is None:
            from rvx.jit.number.numbers import Numbers

            self._numbers = Numbers(self._module, self._host)
        return self._numbers

    def _write(
        self,
        name: str,
        decoded: Decoded,
        places: list[Place],
        modes: Mapping[Place, int],
        host_mode: Rounding | None,
        sticky: bool,
    ) -> Routine | None:
        """Write a function; None where the kind is not to be one."""
        instruction, kind = decoded.instruction, _kind(decoded.instruction)
        assert kind is not None
        types = ["ptr", *["i64"] * len(places), *["i32"] * len(kind.immediates)]
        # Two processes may have made it, each in an object of its own.
        out = Function(self._module, name, "i1", types, _INLINED, linkage="weak ")
        registers = {place: f"%p{1 + index}" for index, place in enumerate(places)}
        symbols = {
            field: f"%p{1 + len(places) + index}" for index, field in enumerate(kind.immediates)
        }

        def finish(guest: DirectGuest, effects: Effects) -> str:
            if effects.target is not None:
                raise Untranslatable
            guest.flush()
            return "0"

        try:
            bails = self._standalone.write(
                out,
                self._own_numbers,
                instruction,
                decoded.fields,
                modes,
                host_mode,
                finish,
                registers=registers,
                symbols=symbols,
                refused="1",
                sticky=sticky,
            )
        except Untranslatable:
            return None
        # The host's status is looked at where its arithmetic may be used, needed or not.
        return Routine(name, ", ".join(types), bails, kind.computes)


@lru_cache(maxsize=4096)
def _kind(instruction: Instruction) -> Parts | None:
    """How the instruction's words differ; None where they are no calls."""
    every = list(nodes((instruction.body, instruction.needs)))
    return parts_of(instruction, every) if all(map(_is_of_operands, every)) else None


def _is_of_operands(node: object) -> bool:
    match node:
        case ir.SetRegister(operand=None):
            return False
        case ir.State(name):
            return name not in COUNTERS
        case ir.SetState(name):
            return name not in COUNTERS and name != FLAGS.name
    return not isinstance(node, _ELSEWHERE)


def _name(instruction: Instruction, key: tuple[object, ...]) -> str:
    """The same in every process, for a machine and what code depends on beside it."""
    text = f"{instruction.extension} {instruction.mnemonic} {key}"
    return f"op.{instruction.mnemonic}.{blake2b(text.encode(), digest_size=8).hexdigest()}"
