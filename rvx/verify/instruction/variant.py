"""The words that an instruction is tried as: modes, formats, aliasing, immediates, CSRs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from rvx.model.machine import (
    CsrOperand,
    ImmediateOperand,
    Instruction,
    LettersOperand,
    Machine,
    RegisterOperand,
    RoundingOperand,
)
from rvx.verify.exact import Body, NotCovered, Start, Trap
from rvx.verify.instruction.case import PC, Seen
from rvx.verify.instruction.native import COLD, HOT, HOT_SOFT, Engine

_TRIES = 50
_MOST_CHOICES = 8  # values of the mode states that choose formats
_RANDOM_IMMEDIATES = 3


@dataclass(frozen=True)
class Variant:
    """A word with values of mode states. `share` is its part of the random cases; `whole` says
    that it gets every combination where there are few enough."""

    fields: Mapping[str, int]
    modes: Mapping[str, int]
    engines: tuple[Engine, ...]
    share: int = 1
    whole: bool = False


class Variants:
    """Makes those of one instruction."""

    def __init__(self, machine: Machine, instruction: Instruction, random: Random) -> None:
        self._machine, self._instruction, self._random = machine, instruction, random
        long, _ = instruction.expand(self.fields())
        self._rounds = long.rounds and "frm" in machine.states
        self._rm = instruction.rm
        seen = Seen(machine, instruction, self.fields())
        self._selectors = tuple(n for n in seen.footprint.selectors if n != "frm")
        self._legality = seen.footprint.legality
        self.base = self._legal_modes()

    def all(self) -> Iterator[Variant]:
        """Every variant, the plainest first."""
        yield from self._main()
        yield from self._aliased()
        yield from self._immediates()
        yield from self._csrs()
        yield from self._illegal()

    # Fields

    def fields(self, **given: int) -> dict[str, int]:
        """Fields with registers of their own, none of them zero; others in the middle of nowhere.
        Raises ValueError where `given` is not this instruction."""
        for _ in range(_TRIES):
            found = self._draw(given)
            if self._instruction.matches(self._instruction.encode(**found)):
                return found
        raise ValueError(f"{self._instruction.mnemonic} cannot have {given}")

    def _draw(self, given: Mapping[str, int]) -> dict[str, int]:
        found, used = dict(given), set()
        for name, operand in self._instruction.operands.items():
            if name in found:
                continue
            match operand:
                case RegisterOperand():
                    free = [n for n in _numbers(operand) if n != operand.file.zero]
                    free = [n for n in free if (operand.file.name, n) not in used] or free
                    number = self._random.choice(free)
                    used.add((operand.file.name, number))
                    found[name] = number - operand.first
                case RoundingOperand():
                    found[name] = self._dynamic()
                case CsrOperand():
                    found[name] = self._random.choice(list(self._machine.csr_at) or [0])
                case _:
                    field = operand.field
                    found[name] = self._random.randrange(
                        field.low, field.high + 1, 1 << field.lowest
                    )
        return found

    def _dynamic(self) -> int:
        """The rm code that takes frm, or any."""
        codes = self._machine.roundings
        return next((c for c, mode in codes.items() if mode is None), next(iter(codes)))

    # Modes

    def _legal_modes(self) -> dict[str, int]:
        """Values of mode states with which it is legal and changes none: marks have been made."""
        states = self._machine.states
        found = {s.name: s.reset[0] for s in states.values() if s.mode}
        found |= {name: (1 << states[name].width) - 1 for name in self._legality}
        if self._is_legal(found):
            return found
        ranges = [range(1 << min(states[name].width, 4)) for name in self._legality]
        for values in product(*ranges):
            other = found | dict(zip(self._legality, values, strict=True))
            if self._is_legal(other):
                return other
        return found

    def _is_legal(self, modes: Mapping[str, int]) -> bool:
        machine = self._machine
        states = {s.name: list(s.reset) for s in machine.states.values()}
        for name, value in modes.items():
            states[name][0] = value
        registers = {f.name: [0] * f.count for f in machine.files.values()}
        fields = self.fields()
        body = Body(machine, self._instruction, fields, 0)
        try:
            body.run(Start(registers, states, PC, lambda address, size: 0))
        except Trap as trap:
            return trap.cause != 2
        except (NotCovered, AssertionError):
            return True
        return True

    def _choices(self) -> list[dict[str, int]]:
        """Values of the mode states that choose formats."""
        ranges = [range(1 << self._machine.states[n].width) for n in self._selectors]
        every = [dict(zip(self._selectors, v, strict=True)) for v in product(*ranges)]
        return every if len(every) <= _MOST_CHOICES else self._random.sample(every, _MOST_CHOICES)

    def _main(self) -> Iterator[Variant]:
        """Every rounding mode, dynamic and static, and every choice of formats."""
        for i, choice in enumerate(self._choices()):
            modes = self.base | choice
            if not self._rounds:
                engines: tuple[Engine, ...] = (HOT, COLD, HOT_SOFT) if i == 0 else (HOT,)
                yield Variant(self.fields(), modes, engines, 4, whole=True)
                continue
            known = [code for code, mode in self._machine.roundings.items() if mode is not None]
            if i:  # the first choice has all modes, each other one to nearest and two more in turn
                known = list(
                    dict.fromkeys([known[0], *(known[(2 * i + k) % len(known)] for k in (0, 1))])
                )
            for j, code in enumerate(known):
                first = j == 0
                engines = (
                    (HOT, COLD) if first and i == 0 else (HOT,) if first or j == i else (COLD,)
                )
                if self._rm is None and i == 0 and not first:
                    engines = (HOT,)
                yield Variant(self.fields(), modes | {"frm": code}, engines, 4, whole=first)
            if self._rm is not None and i == 0:
                for j, code in enumerate(known):
                    engines = (HOT_SOFT,) if (i + j) % 3 == 2 else (HOT,)
                    frm = self._random.choice(known)
                    yield Variant(self.fields(rm=code), modes | {"frm": frm}, engines, 4)

    def _illegal(self) -> Iterator[Variant]:
        """Where it may not be executed, or changes what is known; and reserved rounding modes."""
        machine = self._machine
        for name in self._legality:
            for value in range(1 << min(machine.states[name].width, 3)):
                if value != self.base[name]:
                    yield Variant(self.fields(), self.base | {name: value}, (COLD,))
        if self._rounds:
            reserved = [c for c in range(8) if machine.roundings.get(c) is None]
            for code in reserved:
                yield Variant(self.fields(), self.base | {"frm": code}, (COLD,))
            if self._rm is not None:
                for code in (c for c in reserved if c not in machine.roundings):
                    yield Variant(self.fields(rm=code), self.base, (COLD,))

    # Registers, immediates, CSRs

    def _aliased(self) -> Iterator[Variant]:
        """Every way in which register operands can be the same, and each as the zero register."""
        operands = [
            (n, o) for n, o in self._instruction.operands.items() if isinstance(o, RegisterOperand)
        ]
        for groups in list(_partitions(operands))[1:]:
            shared = [_common(group) for group in groups]
            if all(shared):
                yield from self._variant(_assigned(groups, shared, self._random))
        zeros = [
            (n, o.file.zero - o.first)
            for n, o in operands
            if o.file.zero is not None and o.file.zero in _numbers(o)
        ]
        for name, value in zeros:
            yield from self._variant({name: value})
        if len(zeros) > 1:
            yield from self._variant(dict(zeros))

    def _immediates(self) -> Iterator[Variant]:
        """Bounds, around zero, and a few others; of several one after the other."""
        for name, operand in self._instruction.operands.items():
            if not isinstance(operand, ImmediateOperand | LettersOperand):
                continue
            field, step = operand.field, 1 << operand.field.lowest
            values = {field.low, field.high, 0, step, field.high - step}
            values |= {-step} if field.low else set()
            values |= {
                self._random.randrange(field.low, field.high + 1, step)
                for _ in range(_RANDOM_IMMEDIATES)
            }
            for i, value in enumerate(sorted(v for v in values if field.low <= v <= field.high)):
                yield from self._variant({name: value}, (HOT,) if i % 4 == 0 else (COLD,))

    def _csrs(self) -> Iterator[Variant]:
        """Every CSR, of those that are alike the first and the last; and one that is not there."""
        operand = next(
            (o for o in self._instruction.operands.values() if isinstance(o, CsrOperand)), None
        )
        if operand is None:
            return
        alike: dict[object, list[int]] = {}
        for csr in self._machine.csrs.values():
            key = csr.value, csr.write, csr.needs, csr.address >> 8
            alike.setdefault(key, []).append(csr.address)
        addresses = dict.fromkeys(a for group in alike.values() for a in (group[0], group[-1]))
        missing = next(n for n in range(0x7FF, 0, -1) if n not in self._machine.csr_at)
        for address in [*addresses, missing]:
            yield from self._variant({operand.name: address})

    def _variant(
        self, given: Mapping[str, int], engines: tuple[Engine, ...] = (COLD,)
    ) -> Iterator[Variant]:
        try:
            fields = self.fields(**given)
        except ValueError:  # `where rd != x0`
            return
        yield Variant(fields, self.base, engines)


def _numbers(operand: RegisterOperand) -> range:
    """The registers that the operand can name."""
    return range(operand.first, min(operand.first + (1 << operand.field.top), operand.file.count))


def _partitions(
    items: Sequence[tuple[str, RegisterOperand]],
) -> Iterator[list[list[tuple[str, RegisterOperand]]]]:
    """All ways to part the operands into groups, of one file each; all apart first."""
    if not items:
        yield []
        return
    first, *rest = items
    for groups in _partitions(rest):
        yield [[first], *groups]
        for i, group in enumerate(groups):
            if group[0][1].file is first[1].file:
                yield [*groups[:i], [first, *group], *groups[i + 1 :]]


def _common(group: Sequence[tuple[str, RegisterOperand]]) -> list[int]:
    """The registers that all of the group can name, but for the zero register."""
    numbers = set(_numbers(group[0][1]))
    for _, operand in group[1:]:
        numbers &= set(_numbers(operand))
    return sorted(numbers - {group[0][1].file.zero})


def _assigned(
    groups: Sequence[Sequence[tuple[str, RegisterOperand]]],
    shared: Sequence[Sequence[int]],
    random: Random,
) -> dict[str, int]:
    found, used = {}, set()
    for group, numbers in zip(groups, shared, strict=True):
        file = group[0][1].file.name
        number = random.choice([n for n in numbers if (file, n) not in used] or list(numbers))
        used.add((file, number))
        for name, operand in group:
            found[name] = number - operand.first
    return found
