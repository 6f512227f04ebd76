"""Machines and cores by name, from the descriptions that ship and those the user adds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from rvx.description.isa_string import IsaString, parse_isa_string
from rvx.description.machine import build_machine, expanded
from rvx.description.parse import parse_file, parse_text
from rvx.description.scope import Names, Scope, unknown
from rvx.description.syntax import (
    CoreDeclaration,
    CsrDeclaration,
    Declaration,
    DescriptionError,
    ExtensionDeclaration,
    InstructionDeclaration,
    IsaRule,
    Name,
    Position,
    RegistersDeclaration,
)
from rvx.model.machine import Machine

DEFAULT_ISA = "rv32imf_zicsr_zifencei"


def load_machine(
    isa: str = DEFAULT_ISA,
    extra: Sequence[Path | str] = (),
    options: Mapping[str, str] | None = None,
) -> Machine:
    """The machine of an ISA string. `extra` are description files of the user's own: the
    extensions that they declare are added to the machine. `options` choose declared options."""
    chosen = tuple(sorted((options or {}).items()))
    return _load(isa, tuple(_stamped(Path(path)) for path in extra), chosen)


def _stamped(path: Path) -> tuple[Path, int]:
    """A file and when it last changed, so that an edited description is read again."""
    try:
        return path, path.stat().st_mtime_ns
    except OSError:
        return path, 0


@lru_cache(maxsize=16)
def _load(
    isa: str, extra: tuple[tuple[Path, int], ...], options: tuple[tuple[str, str], ...]
) -> Machine:
    declarations = list(shipped())
    own: list[Declaration] = []
    for path, _ in extra:
        own += parse_file(path).declarations
    string = parse_isa_string(isa)
    added = [d.name.id.lower() for d in own if isinstance(d, ExtensionDeclaration)]
    string = IsaString(string.xlen, tuple(dict.fromkeys((*string.names, *added))))
    _check_unique([*declarations, *own])
    return build_machine([*declarations, *own], string, dict(options))


def load_core(name: str, extra: Sequence[Path | str] = ()) -> CoreDeclaration:
    """The core of that name, among those that ship and those in the user's files."""
    found = {d.name.id: d for d in shipped() if isinstance(d, CoreDeclaration)}
    for path in extra:
        for declared in parse_file(Path(path)).declarations:
            if isinstance(declared, CoreDeclaration):
                found[declared.name.id] = declared
    if name not in found:
        error = unknown(Name(name, Position("", 0, 0)), "core", found)
        raise DescriptionError(None, f"{error.message}; there are {', '.join(sorted(found))}")
    return found[name]


def core_names(extra: Sequence[Path | str] = ()) -> list[str]:
    """The cores that ship and those in the user's files."""
    declared = [*shipped(), *(d for path in extra for d in parse_file(Path(path)).declarations)]
    return [d.name.id for d in declared if isinstance(d, CoreDeclaration)]


def extension_declarations(extra: Sequence[Path | str] = ()) -> list[ExtensionDeclaration]:
    """The extensions that ship and those in the user's files."""
    declared = [*shipped(), *(d for path in extra for d in parse_file(Path(path)).declarations)]
    return [d for d in declared if isinstance(d, ExtensionDeclaration)]


def isa_of_core(core: CoreDeclaration) -> str:
    """The ISA string that the core declares, or the default."""
    return next((r.isa for r in core.rules if isinstance(r, IsaRule)), DEFAULT_ISA)


def known_names(extra: Sequence[Path | str] = ()) -> frozenset[str]:
    """Every instruction, extension, register file and CSR that any description declares: what a
    core's text may name though this machine lacks it."""
    declarations = [*shipped()]
    for path in extra:
        declarations += parse_file(Path(path)).declarations
    found: set[str] = set()
    for declared in declarations:
        if isinstance(declared, ExtensionDeclaration):
            found.add(declared.name.id)
            for placed in expanded(declared.members, "", Scope(Names())):
                match placed.declaration:
                    case InstructionDeclaration(mnemonic, at=at) | CsrDeclaration(
                        _, mnemonic, at=at
                    ):
                        found.add(placed.scope.template(mnemonic, at))
                    case RegistersDeclaration(name):
                        found.add(name.id)
    return frozenset(found)


@lru_cache(maxsize=1)
def shipped() -> tuple[Declaration, ...]:
    """Every declaration of every description that ships with rvx."""
    return tuple(
        declaration
        for file in description_files()
        for declaration in parse_text(
            file.read_text(encoding="utf-8"), f"isa/{file.name}"
        ).declarations
    )


def description_files() -> list[Traversable]:
    """The `.isa` files of the package, cores included."""
    root = files("rvx.isa")
    listed = [*root.iterdir(), *root.joinpath("cores").iterdir()]
    return sorted((f for f in listed if f.name.endswith(".isa")), key=lambda f: f.name)


def _check_unique(declarations: Sequence[Declaration]) -> None:
    """Extensions go by their name in an ISA string, which does not tell capitals from small."""
    seen: dict[tuple[type, str], Position] = {}
    for declared in declarations:
        if isinstance(declared, ExtensionDeclaration | CoreDeclaration):
            name = declared.name
            is_extension = isinstance(declared, ExtensionDeclaration)
            if is_extension and not re.fullmatch("[A-Za-z][A-Za-z0-9]*", name.id):
                raise DescriptionError(
                    name.at, f"'{name.id}' cannot stand in an ISA string: use letters and digits"
                )
            key = type(declared), name.id.lower() if is_extension else name.id
            if key in seen:
                raise DescriptionError(
                    name.at, f"'{name.id}' is already declared at {seen[key]}: use another name"
                )
            seen[key] = name.at
