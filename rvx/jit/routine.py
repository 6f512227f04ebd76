"""Instructions as functions of their operands: what first code calls.

A program uses few kinds of instructions many times. So each kind is lowered and compiled once, as
`i1 @name(ptr block, i64 offset of a register's slot, ..., i32 immediate, ...)`, and a word in a
region is a call of one line. The result says that the reference has to execute the instruction;
nothing has happened then. Better code, made later, has no calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from rvx.jit.direct import DirectGuest
from rvx.jit.guest import COUNTERS, FLAGS
from rvx.jit.layout import Layout, Place
from rvx.jit.lowering import Lowering, Untranslatable, rounding_mode
from rvx.jit.number.numbers import Numbers
from rvx.jit.text import Function, Module
from rvx.model import ir
from rvx.model.machine import ImmediateOperand, Instruction, Machine, RegisterOperand
from rvx.model.walk import nodes

if TYPE_CHECKING:
    from rvx.jit.host import Host
    from rvx.jit.timing import Decoded
    from rvx.number import Rounding

# What makes an instruction depend on where it stands, or on more than its operands.
_ELSEWHERE: Final = (ir.SetPc, ir.CsrValue, ir.SetCsr, ir.ProgramCounter, ir.FixedRegister)
# What is computed by rules that look at values which translation knows.
_NUMBERS: Final = (ir.Decode, ir.Encode, ir.Rounded, ir.Classify, ir.Choice)
_WIDEST: Final = 32  # bits of an immediate that is passed


@dataclass(frozen=True)
class Routine:
    """A function for all words of one kind."""

    name: str
    parameters: str  # their types
    bails: bool  # it may leave the instruction to the reference
    uses_host: bool  # flags of the host, or its rounding mode


@dataclass(frozen=True)
class Call:
    """A word of the guest as a call."""

    routine: Routine
    arguments: str


class Routines:
    """The routines of one machine. Those that are asked for first are written, to be taken."""

    def __init__(self, machine: Machine, layout: Layout, host: Host, ram: range | None) -> None:
        self._machine = machine
        self._layout = layout
        self._host = host
        self._ram = ram
        self._known: dict[object, Routine | None] = {}
        self._module = Module()
        self._numbers = Numbers(self._module, host)
        self._new: list[str] = []

    def call(
        self,
        decoded: Decoded,
        modes: Mapping[Place, int],
        host_mode: Rounding | None,
        *,
        sticky: bool,
    ) -> Call | None:
        """The instruction as a call; None where it is not one."""
        kind = _kind(decoded.instruction)
        if kind is None:
            return None
        fields, places = decoded.fields, []
        registers: list[tuple[str, int | None]] = []  # which operands are the same register
        for name, file, first, zero in kind.registers:
            number = first + fields[name]
            place = Place("register", file, number)
            if number == zero:
                registers.append((name, None))
                continue
            if place not in places:
                places.append(place)
            registers.append((name, places.index(place)))
        literals = tuple([fields[name] for name in kind.literals])
        key = decoded.instruction, tuple(registers), literals, tuple(modes.values()), sticky
        try:
            routine = self._known[key]
        except KeyError:
            name = _name(decoded.instruction, key[1:])
            routine = self._write(name, decoded, places, modes, host_mode, sticky)
            self._known[key] = routine
        if routine is None:
            return None
        slots = self._layout.registers
        mask = (1 << _WIDEST) - 1
        arguments = [
            "ptr %p0",
            *[f"i64 {slots[file][number].offset}" for _, file, number in places],
            *[f"i32 {fields[name] & mask}" for name in kind.immediates],
        ]
        return Call(routine, ", ".join(arguments))

    def take(self) -> tuple[tuple[str, ...], str] | None:
        """The names and the module of what was written since the last time."""
        if not self._new:
            return None
        taken = tuple(self._new), self._module.text()
        self._new = []
        self._module = Module()
        self._numbers = Numbers(self._module, self._host)
        return taken

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
        out = Function(self._module, name, "i1", types, linkage="")
        registers = {place: f"%p{1 + index}" for index, place in enumerate(places)}
        symbols = {
            field: f"%p{1 + len(places) + index}" for index, field in enumerate(kind.immediates)
        }
        bails: list[str] = []

        def bail() -> str:
            bails.append("bail")
            return "bail"

        guest = DirectGuest(
            out,
            self._layout,
            "%p0",
            dict(modes),
            bail,
            host=self._host,
            ram=self._ram,
            registers=registers,
        )
        lowering = Lowering(
            guest,
            self._numbers,
            self._machine,
            instruction,
            decoded.fields,
            pc=0,
            length=0,
            mode=rounding_mode(self._machine, instruction, decoded.fields, modes),
            host_mode=host_mode,
            sticky=sticky,
            symbols=symbols,
        )
        out.jump("prologue")
        out.begin("start")
        try:
            effects = lowering.run()
        except Untranslatable:
            return None
        if effects.target is not None or guest.modes != modes:
            return None
        guest.flush()
        out.ret("0")
        if bails:
            out.begin("bail")
            out.ret("1")
        out.begin("prologue")
        guest.entry()
        out.jump("start")
        out.finish()
        self._new.append(name)
        return Routine(name, ", ".join(types), bool(bails), kind.uses_host)


@dataclass(frozen=True)
class _Kind:
    registers: tuple[tuple[str, str, int, int | None], ...]  # name, file, first, zero
    immediates: tuple[str, ...]  # that are passed
    literals: tuple[str, ...]  # that are not
    uses_host: bool


@lru_cache(maxsize=4096)
def _kind(instruction: Instruction) -> _Kind | None:
    """How the instruction's words differ; None where they are no calls."""
    every = list(nodes((instruction.body, instruction.needs)))
    if not all(_is_of_operands(node) for node in every):
        return None
    computes = any(isinstance(node, _NUMBERS) for node in every)
    widths = {node.operand: node.width for node in every if isinstance(node, ir.FieldValue)}
    registers, immediates, literals = [], [], []
    for name, operand in instruction.operands.items():
        match operand:
            case RegisterOperand():
                registers.append((name, operand.file.name, operand.first, operand.file.zero))
            case ImmediateOperand() if not computes and widths.get(name, 99) <= _WIDEST:
                immediates.append(name)
            case _:
                literals.append(name)
    # The host's status is looked at where its arithmetic may be used, needed or not.
    return _Kind(tuple(registers), tuple(immediates), tuple(literals), computes)


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
