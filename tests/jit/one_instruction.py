"""One instruction word by both engines: every register, state, byte of RAM and pc must agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

import numpy as np

from rvx.jit.layout import Place
from rvx.jit.region import Reason
from rvx.jit.single import RAM, Single
from rvx.machine.hart import Hart
from rvx.machine.memory import Memory
from rvx.model.machine import CsrOperand, Instruction, Machine, RegisterOperand, RoundingOperand
from rvx.reference.storage import TrapRaised
from rvx.verify.values import Values, corner_words

PC = RAM.start + 0x8000
# Pointers into RAM and near its ends; some are misaligned, some outside.
_POINTERS = (
    *(RAM.start + offset for offset in (0, 4, 0x1000, 0x1FFE, 0x1001, -4, 3)),
    *(RAM.stop - offset for offset in (4, 8, 0x1000, 1, 2, -4)),
)
# States that the machine counts by itself: the engines' own business.
COUNTED = frozenset({"cycle", "instret", "inhibit"})


@dataclass
class Start:
    """What a run starts from: values by file or state, and RAM."""

    registers: dict[str, list[int]]
    states: dict[str, list[int]]
    ram: np.ndarray = field(default_factory=lambda: np.zeros(len(RAM), np.uint8))


class Draw:
    """Draws words of instructions and what they start from."""

    def __init__(self, machine: Machine, random: Random) -> None:
        self.machine, self.random = machine, random
        self.values = Values(machine, random)
        self._ram = np.frombuffer(random.randbytes(len(RAM)), np.uint8)

    def fields(self, instruction: Instruction, **given: int) -> dict[str, int]:
        """Operand fields: registers from a few, so that they are often the same."""
        while True:
            found = self._fields(instruction, given)
            if instruction.matches(instruction.encode(**found)):
                return found

    def _fields(self, instruction: Instruction, given: Mapping[str, int]) -> dict[str, int]:
        found = dict(given)
        few = self.random.sample(range(32), 4)
        for name, operand in instruction.operands.items():
            if name in found:
                continue
            bits = sum(p.width for p in operand.field.placements)
            match operand:
                case RegisterOperand():
                    found[name] = self.random.choice(few) % (1 << bits)
                case CsrOperand():
                    found[name] = self.random.choice([*self.machine.csr_at, 0x7FF])
                case RoundingOperand():
                    found[name] = self.random.choice(list(self.machine.roundings))
                case _:
                    word = self.random.choice([0, self.random.getrandbits(32), 1 << 31, 8, 0x7F])
                    encoded = sum(
                        (word >> p.value_low & (1 << p.width) - 1) << p.word_low
                        for p in operand.field.placements
                    )
                    found[name] = operand.field.decode(encoded)
        return found

    def start(self, modes: Mapping[str, int] = {}) -> Start:
        """Registers, half of x pointers where something may be loaded, and states."""
        machine, random = self.machine, self.random
        registers = {
            file.name: [
                0
                if index == file.zero
                else random.choice(_POINTERS) & (1 << file.width) - 1
                if file.name == "x" and random.random() < 0.3
                else self.values.register(file)
                for index in range(file.count)
            ]
            for file in machine.files.values()
        }
        return Start(registers, self.states(modes), self._ram.copy())

    def states(self, modes: Mapping[str, int] = {}) -> dict[str, list[int]]:
        """States: modes as given or reset, the others anything."""
        states = {}
        for state in self.machine.states.values():
            if state.mode or state.name in COUNTED:
                states[state.name] = list(state.reset)
            else:
                states[state.name] = [self._state(state.width) for _ in range(state.count)]
        for name, value in modes.items():
            states[name][0] = value
        return states

    def _state(self, width: int) -> int:
        if width == 32 and self.random.random() < 0.3:
            return self.random.choice(_POINTERS)
        if self.random.random() < 0.3:
            return self.random.choice(corner_words(width)) & (1 << width) - 1
        return self.random.getrandbits(width)


class Pair:
    """A compiled word and the reference's hart. Raises Untranslatable."""

    def __init__(
        self,
        machine: Machine,
        word: int,
        modes: Mapping[str, int] = {},
        *,
        level: int = 0,
        use_host: bool = True,
        numbers: object = None,
    ) -> None:
        self.machine, self.word, self.modes = machine, word, dict(modes)
        places = {Place("state", name, 0): value for name, value in modes.items()}
        self.single = Single(
            machine,
            word,
            pc=PC,
            modes=places,
            level=level,
            use_host=use_host,
            numbers=numbers,  # type: ignore[arg-type]
        )
        self.memory = Memory([RAM])
        self.hart = Hart(machine, self.memory)
        bound = self.hart.bind(word)
        assert bound is not None, hex(word)
        self.bound = bound

    def agree(self, start: Start) -> Reason:
        """Run both from there; raises AssertionError where they differ."""
        self._set(start)
        try:
            self.hart.execute(self.bound)
            self.hart.commit(self.bound)
            traps = False
        except TrapRaised:
            traps = True
        reason = self.single.run()
        if reason is Reason.BAIL:
            self._check(start, start.registers, start.states, start.ram, None)
            return reason
        assert not traps, "the reference traps"
        ram = np.frombuffer(self.memory.read(RAM.start, len(RAM)), np.uint8)
        self._check(start, self.hart.registers, self.hart.states, ram, self.hart.pc)
        return reason

    def _set(self, start: Start) -> None:
        hart, single = self.hart, self.single
        for name, values in start.registers.items():
            hart.registers[name][:] = values
        for name, values in start.states.items():
            hart.states[name][:] = values
        for place, value in self._values(start.registers, start.states):
            single.set(place, value)
        hart.pc = PC
        single.set_control("pc", PC)
        self.memory.write(RAM.start, start.ram.tobytes())
        single.ram[:] = start.ram

    @staticmethod
    def _values(
        registers: Mapping[str, list[int]], states: Mapping[str, list[int]]
    ) -> list[tuple[Place, int]]:
        return [
            (Place(space, name, index), value)  # type: ignore[arg-type]
            for space, group in (("register", registers), ("state", states))
            for name, values in group.items()
            for index, value in enumerate(values)
        ]

    def _check(
        self,
        start: Start,
        registers: Mapping[str, list[int]],
        states: Mapping[str, list[int]],
        ram: np.ndarray,
        pc: int | None,
    ) -> None:
        single = self.single
        for place, value in self._values(registers, states):
            found = single.get(place)
            assert found == value, f"{place}: {found:#x}, not {value:#x}; {self.inputs(start)}"
        assert pc is None or single.control("pc") == pc, (
            f"pc {single.control('pc'):#x}, not {pc:#x}"
        )
        assert (single.ram == ram).all(), np.flatnonzero(single.ram != ram)

    def inputs(self, start: Start) -> str:
        instruction, fields = self.bound.instruction, self.bound.fields
        shown = {
            name: hex(start.registers[operand.file.name][operand.first + fields[name]])
            for name, operand in instruction.operands.items()
            if isinstance(operand, RegisterOperand)
        }
        return f"{instruction.mnemonic} {dict(fields)} {shown} {self.modes} {start.states}"
