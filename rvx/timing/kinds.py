"""Which instructions a core's text means: classes, extensions, mnemonics, what is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase

from rvx.description.syntax import (
    ClassRule,
    CoreDeclaration,
    DescriptionError,
    Kind,
    KindAll,
    KindAny,
    KindNames,
    KindNot,
    KindWrites,
    Position,
)
from rvx.model.machine import Instruction, Machine, RegisterOperand
from rvx.timing.outcome import Happened
from rvx.timing.registers import is_floating

# Classes derived from an instruction's behavior, by the model.
_BEHAVIORS = {"load", "store", "branch", "jump", "csr", "trap"}
_FLOATING = "floating"
# Classes that an instruction is in once it has executed, by what happened to it.
_EVENTS: Mapping[str, frozenset[Happened]] = {
    "taken": frozenset({Happened.TAKEN}),
    "trapped": frozenset({Happened.TRAPPED, Happened.ILLEGAL}),
    "illegal": frozenset({Happened.ILLEGAL}),
}
_DERIVED = {*_BEHAVIORS, _FLOATING, *_EVENTS}


class Kinds:
    """The classes of one core, and what they mean for one machine's instructions.

    `known` has the name of every instruction, extension, register file and CSR that any
    description declares: what this machine lacks means no instruction of it.
    """

    def __init__(self, machine: Machine, core: CoreDeclaration, known: Collection[str]) -> None:
        self._machine = machine
        self.known = {*known, *machine.instructions, *(e.name for e in machine.extensions)}
        self._classes: dict[str, ClassRule] = {}
        for rule in core.rules:
            if isinstance(rule, ClassRule):
                self._declare(rule)
        for rule in self._classes.values():
            self._follow(rule, ())

    def has(
        self, kind: Kind, instruction: Instruction | None, how: Happened = Happened.PLAIN
    ) -> bool:
        """Whether the instruction (None: the word is none) is of this kind, after what happened."""
        match kind:
            case KindNames(names):
                return any(self._is_named(name, instruction, how) for name in names)
            case KindWrites(file):
                return instruction is not None and file.id in _files_written(instruction)
            case KindNot(inner):
                return not self.has(inner, instruction, how)
            case KindAll(kinds):
                return all(self.has(inner, instruction, how) for inner in kinds)
            case KindAny(kinds):
                return any(self.has(inner, instruction, how) for inner in kinds)

    def check(self, kind: Kind, events: bool = True) -> None:
        """Raise DescriptionError for a name that nothing declares.

        Without `events`, also for a class that only the outcome of an instruction decides.
        """
        match kind:
            case KindNames(names, at):
                for name in names:
                    self._check_name(name, at, events)
            case KindWrites(file):
                self.check_file(file.id, file.at)
            case KindNot(inner):
                self.check(inner, events)
            case KindAll(kinds) | KindAny(kinds):
                for inner in kinds:
                    self.check(inner, events)

    def check_file(self, name: str, at: Position) -> None:
        """Raise DescriptionError where no description has such a register file."""
        if name not in self._machine.files and name not in self.known:
            near = _near(name, self._machine.files)
            raise DescriptionError(at, f"unknown register file '{name}'{near}")

    def _declare(self, rule: ClassRule) -> None:
        name = rule.name.id
        if name in self._classes:
            first = self._classes[name].at
            raise DescriptionError(rule.name.at, f"class '{name}' is already declared at {first}")
        if name in _DERIVED:
            raise DescriptionError(
                rule.name.at, f"every core has a class '{name}' already; name this one otherwise"
            )
        self._classes[name] = rule

    def _follow(self, rule: ClassRule, path: tuple[str, ...]) -> None:
        """Check a class and those it is made of, noticing a cycle."""
        name = rule.name.id
        if name in path:
            cycle = " -> ".join((*path[path.index(name) :], name))
            raise DescriptionError(rule.at, f"class '{name}' is defined by itself: {cycle}")
        self.check(rule.kind)
        for used in _names(rule.kind):
            if used in self._classes:
                self._follow(self._classes[used], (*path, name))

    def _check_name(self, name: str, at: Position, events: bool) -> None:
        if name in _EVENTS and not events:
            raise DescriptionError(
                at, f"'{name}' is decided when an instruction executes; it cannot be asked for here"
            )
        if name in self._classes:
            if not events:
                self.check(self._classes[name].kind, events=False)
        elif name not in _DERIVED and not self._is_known(name):
            among = [*self._classes, *_DERIVED, *self.known]
            raise DescriptionError(
                at, f"unknown class, extension or instruction '{name}'{_near(name, among)}"
            )

    def _is_known(self, name: str) -> bool:
        if name.endswith("*"):
            return any(fnmatchcase(known, name) for known in self.known)
        return name in self.known

    def _is_named(self, name: str, instruction: Instruction | None, how: Happened) -> bool:
        if name in self._classes:
            return self.has(self._classes[name].kind, instruction, how)
        if name == "taken" and (instruction is None or "branch" not in instruction.classes):
            return False
        if name in _EVENTS:
            return how in _EVENTS[name]
        if instruction is None:
            return False
        if name in _BEHAVIORS:
            return name in instruction.classes
        if name == _FLOATING:
            return is_floating(self._machine, instruction)
        return name == instruction.extension or fnmatchcase(instruction.mnemonic, name)


def _files_written(instruction: Instruction) -> set[str]:
    written = (instruction.operands.get(name) for name in instruction.writes)
    return {operand.file.name for operand in written if isinstance(operand, RegisterOperand)}


def _names(kind: Kind) -> tuple[str, ...]:
    match kind:
        case KindNames(names):
            return names
        case KindNot(inner):
            return _names(inner)
        case KindAll(kinds) | KindAny(kinds):
            return tuple(name for inner in kinds for name in _names(inner))
    return ()


def _near(name: str, among: Collection[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(among), n=1)
    return f": did you mean '{near[0]}'?" if near else ""
