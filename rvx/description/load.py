"""Machines and cores by name, from the descriptions that ship and those the user adds.

What they become is kept (`rvx.description.cache`). Only where it is not are they read: everything
that parses and checks is imported then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from rvx.description.cache import kept
from rvx.description.catalogue import catalogue, declarations
from rvx.description.isa_string import IsaString, parse_isa_string
from rvx.description.syntax import (
    CoreDeclaration,
    Declaration,
    DescriptionError,
    ExtensionDeclaration,
    IsaRule,
    Name,
    Position,
)
from rvx.description.texts import Text, key, own_text, shipped_texts
from rvx.model.machine import Machine

DEFAULT_ISA = "rv32imf_zicsr_zifencei"


def load_machine(
    isa: str = DEFAULT_ISA,
    extra: Sequence[Path | str] = (),
    options: Mapping[str, str] | None = None,
) -> Machine:
    """The machine of an ISA string. `extra` are description files of the user's own: the
    extensions that they declare are added to the machine. `options` choose declared options."""
    return _machine(isa, _own(extra), tuple(sorted((options or {}).items())))


def _own(extra: Sequence[Path | str]) -> tuple[Text, ...]:
    return tuple(own_text(Path(path)) for path in extra)


@lru_cache(maxsize=16)
def _machine(isa: str, own: tuple[Text, ...], options: tuple[tuple[str, str], ...]) -> Machine:
    chosen = (part for option in options for part in option)
    counts = f"{len(options)} options, {len(own)} texts"
    name = key(isa, counts, *chosen, texts=(*shipped_texts(), *own))
    return kept(
        f"machine-{name}", Machine, lambda: replace(_build(isa, own, dict(options)), digest=name)
    )


def _build(isa: str, own: tuple[Text, ...], options: dict[str, str]) -> Machine:
    from rvx.description.machine import build_machine

    declared = declarations(own)
    string = parse_isa_string(isa)
    added = [
        d.name.id.lower()
        for d in declared[len(declarations(())) :]
        if isinstance(d, ExtensionDeclaration)
    ]
    string = IsaString(string.xlen, tuple(dict.fromkeys((*string.names, *added))))
    _check_unique(declared)
    return build_machine(declared, string, options)


def load_core(name: str, extra: Sequence[Path | str] = ()) -> CoreDeclaration:
    """The core of that name, among those that ship and those in the user's files."""
    found = catalogue(_own(extra)).cores
    if name not in found:
        from rvx.description.scope import unknown

        error = unknown(Name(name, Position("", 0, 0)), "core", found)
        raise DescriptionError(None, f"{error.message}; there are {', '.join(sorted(found))}")
    return found[name]


def core_names(extra: Sequence[Path | str] = ()) -> list[str]:
    """The cores that ship and those in the user's files."""
    return list(catalogue(_own(extra)).cores)


def extension_declarations(extra: Sequence[Path | str] = ()) -> tuple[ExtensionDeclaration, ...]:
    """The extensions that ship and those in the user's files, without their members."""
    return catalogue(_own(extra)).extensions


def isa_of_core(core: CoreDeclaration) -> str:
    """The ISA string that the core declares, or the default."""
    return next((r.isa for r in core.rules if isinstance(r, IsaRule)), DEFAULT_ISA)


def known_names(extra: Sequence[Path | str] = ()) -> frozenset[str]:
    """Every instruction, extension, register file and CSR that any description declares: what a
    core's text may name though this machine lacks it."""
    return catalogue(_own(extra)).known


def _check_unique(declared: Sequence[Declaration]) -> None:
    """Extensions go by their name in an ISA string, which does not tell capitals from small."""
    seen: dict[tuple[type, str], Position] = {}
    for one in declared:
        if isinstance(one, ExtensionDeclaration | CoreDeclaration):
            name = one.name
            is_extension = isinstance(one, ExtensionDeclaration)
            if is_extension and not re.fullmatch("[A-Za-z][A-Za-z0-9]*", name.id):
                raise DescriptionError(
                    name.at, f"'{name.id}' cannot stand in an ISA string: use letters and digits"
                )
            place = type(one), name.id.lower() if is_extension else name.id
            if place in seen:
                raise DescriptionError(
                    name.at, f"'{name.id}' is already declared at {seen[place]}: use another name"
                )
            seen[place] = name.at
