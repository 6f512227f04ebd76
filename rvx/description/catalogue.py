"""What all descriptions declare together, before anything is chosen for a machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from rvx.description.cache import kept
from rvx.description.syntax import (
    CoreDeclaration,
    CsrDeclaration,
    Declaration,
    ExtensionDeclaration,
    InstructionDeclaration,
    RegistersDeclaration,
)
from rvx.description.texts import Text, key, shipped_texts
from rvx.record import record


@record(frozen=True, eq=False)
class Catalogue:
    """Names, and what is used without a machine."""

    cores: Mapping[str, CoreDeclaration]  # of several with one name the last
    extensions: tuple[ExtensionDeclaration, ...]  # without their members
    known: frozenset[str]  # every instruction, extension, register file and CSR


@lru_cache(maxsize=16)
def catalogue(own: tuple[Text, ...]) -> Catalogue:
    """Of the descriptions that ship and the user's own."""
    name = f"catalogue-{key(texts=(*shipped_texts(), *own))}"
    return kept(name, Catalogue, lambda: _catalogue(declarations(own)))


def _catalogue(declared: Sequence[Declaration]) -> Catalogue:
    extensions = [d for d in declared if isinstance(d, ExtensionDeclaration)]
    return Catalogue(
        cores={d.name.id: d for d in declared if isinstance(d, CoreDeclaration)},
        extensions=tuple(replace(extension, members=()) for extension in extensions),
        known=frozenset(name for extension in extensions for name in _names(extension)),
    )


def _names(extension: ExtensionDeclaration) -> list[str]:
    from rvx.description.machine import expanded  # needed where nothing is in the cache
    from rvx.description.scope import Names, Scope

    found = [extension.name.id]
    for placed in expanded(extension.members, "", Scope(Names())):
        match placed.declaration:
            case InstructionDeclaration(mnemonic, at=at) | CsrDeclaration(_, mnemonic, at=at):
                found.append(placed.scope.template(mnemonic, at))
            case RegistersDeclaration(name):
                found.append(name.id)
    return found


def declarations(own: Sequence[Text]) -> list[Declaration]:
    """Everything that ships and that the user's own descriptions declare."""
    return [d for text in (*shipped_texts(), *own) for d in _parsed(text)]


@lru_cache(maxsize=64)
def _parsed(text: Text) -> tuple[Declaration, ...]:
    return kept(f"text-{key(texts=[text])}", tuple, lambda: _parse(text))


def _parse(text: Text) -> tuple[Declaration, ...]:
    from rvx.description.parse import parse_text

    name, content = text
    return parse_text(content, name).declarations
