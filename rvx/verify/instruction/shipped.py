"""Machines that together have every instruction that ships, on registers of every width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rvx.description import DescriptionError, load_machine
from rvx.description.catalogue import declarations
from rvx.description.load import extension_declarations
from rvx.description.syntax import ExtensionDeclaration, OptionDeclaration
from rvx.model.machine import Instruction, Machine, RegisterOperand

_BASE = "rv32i"


@dataclass(frozen=True)
class Target:
    """An ISA string, and the mnemonics to be verified on its machine."""

    isa: str
    mnemonics: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    repeats: bool = False  # what an earlier target has on registers of another width


def targets() -> list[Target]:
    """As few machines as the encodings allow; then, of what has operands in registers that an
    extension widens, the narrow ones; then what an option changes."""
    names = [e.name.id.lower() for e in extension_declarations()]
    wide, narrow = _groups(names), _groups([n for n in names if not _widens(n)])
    done: set[tuple[str, tuple[tuple[str, int], ...]]] = set()
    known: set[str] = set()
    found = []
    for isa in dict.fromkeys((*wide, *narrow)):
        mnemonics = []
        for instruction in load_machine(isa).instructions.values():
            if (key := _key(instruction)) not in done:
                done.add(key)
                mnemonics.append(instruction.mnemonic)
        for repeats in (False, True):
            chosen = tuple(m for m in mnemonics if (m in known) == repeats)
            if chosen:
                found.append(Target(isa, chosen, repeats=repeats))
        known.update(mnemonics)
    return [*found, *_with_options()]


def _with_options() -> Iterator[Target]:
    """Every choice that is not the default, for the instructions that it changes: on a machine of
    its own with what the option's extension is for, which is made sooner than one of all."""
    for extension in declarations(()):
        if not isinstance(extension, ExtensionDeclaration):
            continue
        options = [m for m in extension.members if isinstance(m, OptionDeclaration)]
        if not options:
            continue
        isa = _groups(_concerned(extension.name.id))[0]
        machine = load_machine(isa)
        for option in options:
            for choice in option.choices:
                chosen = (option.name.id, choice.id)
                other = load_machine(isa, (), dict([chosen]))
                changed = tuple(
                    mnemonic
                    for mnemonic, instruction in other.instructions.items()
                    if instruction.body != machine.instructions[mnemonic].body
                )
                if changed:
                    yield Target(isa, changed, (chosen,))


def _concerned(name: str) -> list[str]:
    """An extension first; what cannot be without it, and what widens registers."""
    found = {name}
    for extension in extension_declarations():  # in their order: what is required comes first
        needed = {n.id for n in (*extension.requires, *extension.joins)}
        if needed & found:
            found |= {extension.name.id, *needed}
    wide = [e.name.id for e in extension_declarations() if _widens(e.name.id.lower())]
    return [n.lower() for n in dict.fromkeys((name, *sorted(found), *wide))]


def _groups(names: list[str]) -> list[str]:
    """ISA strings of extensions that fit together; all in one if they do."""
    # What each adds, with what it requires: cheaper than trying machines.
    added = {name: _instructions(name) for name in names}
    groups: list[list[str]] = []
    for name, own in added.items():
        fitting = (g for g in groups if not any(_conflict(own, added[other]) for other in g))
        if (group := next(fitting, None)) is not None:
            group.append(name)
        else:
            groups.append([name])
    return [_isa(group) for group in groups if _machine(group) is not None]


@cache
def _instructions(name: str) -> list[Instruction]:
    machine, base = _machine([name]), _machine([])
    assert base is not None
    if machine is None:
        return []
    return [i for m, i in machine.instructions.items() if m not in base.instructions]


def _conflict(some: list[Instruction], others: list[Instruction]) -> bool:
    """Whether two extensions declare one mnemonic, or words that overlap."""
    return any(
        a.mnemonic == b.mnemonic or (a.match ^ b.match) & a.mask & b.mask == 0
        for a in some
        for b in others
        if a.extension != b.extension
    )


def _isa(names: list[str]) -> str:
    return "_".join([_BASE, *(n for n in names if n != "i")])


def _machine(names: list[str]) -> Machine | None:
    try:
        return load_machine(_isa(names))
    except DescriptionError:
        return None


@cache
def _widens(name: str) -> bool:
    """Whether the extension makes floating-point registers wider than single precision."""
    machine = _machine([name])
    return machine is not None and machine.flen > 32


def _key(instruction: Instruction) -> tuple[str, tuple[tuple[str, int], ...]]:
    """An instruction is another one where its operands' registers are wider."""
    long = instruction if instruction.long is None else instruction.long.target
    files = {
        (o.file.name, o.file.width)
        for o in long.operands.values()
        if isinstance(o, RegisterOperand)
    }
    return instruction.mnemonic, tuple(sorted(files))
