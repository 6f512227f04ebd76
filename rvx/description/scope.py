"""The names of one machine: what each stands for, found when asked for, and cycles noticed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import TypeVar

from rvx.description import syntax
from rvx.description.syntax import DescriptionError, Name, Position
from rvx.model.encoding import Encoding
from rvx.model.expression import FormatUse
from rvx.model.machine import RegisterFile, StateElement
from rvx.number import Rounding
from rvx.record import record

T = TypeVar("T")


@record(frozen=True)
class Subset:
    """`count` registers of a file from `first` on: all of them, or those a subset names."""

    file: RegisterFile
    first: int
    count: int


@record()
class Names:
    """Everything declared, shared by all scopes of a machine."""

    constants: dict[str, int] = field(default_factory=dict)
    formats: dict[str, FormatUse] = field(default_factory=dict)
    encodings: dict[str, dict[str, Encoding]] = field(default_factory=dict)  # by name and file
    functions: dict[tuple[str, str], syntax.FunctionDeclaration] = field(default_factory=dict)
    files: dict[str, RegisterFile] = field(default_factory=dict)
    subsets: dict[str, Subset] = field(default_factory=dict)
    states: dict[str, StateElement] = field(default_factory=dict)
    extensions: frozenset[str] = frozenset()  # of the machine
    known_extensions: frozenset[str] = frozenset()  # that any description declares
    options: dict[str, syntax.OptionDeclaration] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)  # option -> its choice
    roundings: dict[int, Rounding | None] = field(default_factory=dict)
    rounding_names: dict[str, int] = field(default_factory=dict)
    declared_at: dict[str, Position] = field(default_factory=dict)
    encoding_at: dict[tuple[str, str], Position] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()  # what the language itself calls something

    def declare(self, name: Name) -> None:
        """Note a name's one declaration; a second is an error."""
        self._check_reserved(name)
        if name.id in self.constants:
            raise DescriptionError(name.at, f"'{name.id}' is a constant: use another name")
        if name.id in self.declared_at:
            raise _declared_twice(name, self.declared_at[name.id])
        self.declared_at[name.id] = name.at

    def declare_constant(self, name: Name, value: int) -> None:
        """Note a constant; of several declarations the largest counts."""
        self._check_reserved(name)
        if name.id in self.declared_at:
            raise _declared_twice(name, self.declared_at[name.id])
        self.constants[name.id] = max(value, self.constants.get(name.id, value))

    def declare_encoding(self, name: Name, encoding: Encoding) -> None:
        """Note an encoding. Files may have one of the same name, each its own."""
        declared = self.encodings.setdefault(name.id, {})
        if name.at.file in declared:
            raise _declared_twice(name, self.encoding_at[name.at.file, name.id])
        declared[name.at.file] = encoding
        self.encoding_at[name.at.file, name.id] = name.at

    def declare_function(self, function: syntax.FunctionDeclaration, extension: str) -> None:
        """Note a function: an extension's is known everywhere, any other in its own file."""
        name = function.name
        self._check_reserved(name)
        known = self.function(name)
        if known is not None:
            raise _declared_twice(name, known.name.at)
        self.functions["" if extension else name.at.file, name.id] = function

    def function(self, name: Name) -> syntax.FunctionDeclaration | None:
        """The function that a name means where it stands."""
        return self.functions.get((name.at.file, name.id)) or self.functions.get(("", name.id))

    def functions_in(self, file: str) -> Iterable[str]:
        """The names of the functions known in a file."""
        return [name for where, name in self.functions if where in ("", file)]

    def _check_reserved(self, name: Name) -> None:
        if name.id in self.reserved:
            raise DescriptionError(
                name.at, f"'{name.id}' is a word of the language: use another name"
            )

    def visible(self) -> Iterable[str]:
        return [
            *self.constants,
            *self.formats,
            *self.files,
            *self.states,
            *self.options,
        ]


@record(frozen=True)
class Scope:
    """The names of a machine, and above them what the surrounding families bind."""

    names: Names
    bindings: Mapping[str, syntax.Expression] = field(default_factory=dict)

    def bound(self, names: tuple[Name, ...], values: tuple[syntax.Expression, ...]) -> Scope:
        """This scope with a family's variables bound to one entry."""
        resolved = (self.resolve(value) for value in values)
        return replace(
            self,
            bindings={**self.bindings, **dict(zip((n.id for n in names), resolved, strict=True))},
        )

    def resolve(self, expression: syntax.Expression) -> syntax.Expression:
        """A family variable's value, or the expression itself."""
        if isinstance(expression, Name):
            return self.bindings.get(expression.id, expression)
        return expression

    def name(self, name: Name) -> Name:
        """As `resolve`, for places where only a name will do; the position stays the use's."""
        found = self.resolve(name)
        if not isinstance(found, Name):
            raise DescriptionError(name.at, f"'{name.id}' must stand for a name here")
        return Name(found.id, name.at)

    def template(self, text: str, at: Position) -> str:
        """Fill the `{name}` parts of a mnemonic or CSR name."""
        for key, value in self.bindings.items():
            if "{" + key + "}" not in text:
                continue
            match value:
                case Name(id):
                    text = text.replace("{" + key + "}", id)
                case syntax.Integer(number):
                    text = text.replace("{" + key + "}", str(number))
                case syntax.Attribute(Name(id), suffix):
                    text = text.replace("{" + key + "}", f"{id}.{suffix}")
                case _:
                    raise DescriptionError(at, f"'{{{key}}}' must stand for a name or an integer")
        if "{" in text:
            raise DescriptionError(at, f"'{text}' has a {{...}} that no surrounding 'for' binds")
        return text

    def shown(self, text: str) -> str:
        """The text of a body as the reference pages show it: a family's variables filled in."""
        for key, value in self.bindings.items():
            match value:
                case Name(id):
                    text = re.sub(rf"\b{key}\b", id, text)
                case syntax.Integer(number):
                    text = re.sub(rf"\b{key}\b", str(number), text)
        return text

    def format(self, name: Name) -> FormatUse:
        name = self.name(name)
        return find(name, self.names.formats, "format")

    def encoding(self, name: Name) -> Encoding:
        """The encoding of the file where the name stands, else the first of that name: files that
        ship come before others."""
        name = self.name(name)
        declared = find(name, self.names.encodings, "encoding")
        return declared.get(name.at.file) or next(iter(declared.values()))

    def registers(self, name: Name) -> Subset:
        """The registers of a file or of a subset."""
        name = self.name(name)
        if name.id in self.names.subsets:
            return self.names.subsets[name.id]
        file = find(name, self.names.files, "register file")
        return Subset(file, 0, file.count)

    def rounding(self, name: Name) -> Rounding:
        name = self.name(name)
        code = find(name, self.names.rounding_names, "rounding")
        mode = self.names.roundings[code]
        if mode is None:
            raise DescriptionError(name.at, f"'{name.id}' is no rounding of its own; name another")
        return mode


def _declared_twice(name: Name, at: Position) -> DescriptionError:
    return DescriptionError(name.at, f"'{name.id}' is already declared at {at}: use another name")


def find(name: Name, among: Mapping[str, T], kind: str) -> T:
    """What the name stands for, or an error that names the nearest."""
    if name.id not in among:
        raise unknown(name, kind, among)
    return among[name.id]


def unknown(name: Name, kind: str, among: Iterable[str]) -> DescriptionError:
    """The error for a name that nothing declares, with the nearest that something does."""
    from difflib import get_close_matches

    near = get_close_matches(name.id, list(among), n=1)
    hint = f"did you mean '{near[0]}'?" if near else "declare it or correct the name"
    return DescriptionError(name.at, f"unknown {kind} '{name.id}': {hint}")
