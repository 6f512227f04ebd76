"""Formats, register files and state: the names that hold values."""

from __future__ import annotations

from collections.abc import Sequence

from rvx.description import syntax, values
from rvx.description.assignment import assign
from rvx.description.expression import Context, evaluate, word_of
from rvx.description.scope import Names, Scope
from rvx.description.syntax import Declaration, DescriptionError, Name
from rvx.description.values import to_integer, to_truth
from rvx.model import expression as ir
from rvx.model.machine import RegisterFile, StateElement
from rvx.number import Format, FormatError, build


class Storage:
    """Declares the formats, files and states of a machine, each after what it refers to."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._formats: dict[str, tuple[Declaration, Scope]] = {}

    # Formats

    def formats(self, declarations: Sequence[tuple[Declaration, Scope]]) -> None:
        """All formats but choices, which need the states that select."""
        for declaration, scope in declarations:
            if isinstance(declaration, syntax.FormatDeclaration):
                self._names.declare(declaration.name)
                self._formats[declaration.name.id] = (declaration, scope)
        for name in self._formats:
            self._format(name, ())

    def _format(self, name: str, path: tuple[str, ...]) -> Format:
        if name in self._names.formats:
            use = self._names.formats[name]
            assert isinstance(use, ir.Named)
            return use.format
        declaration, scope = self._formats[name]
        assert isinstance(declaration, syntax.FormatDeclaration)
        if name in path:
            raise DescriptionError(
                declaration.at, f"a cycle of formats: {' uses '.join((*path, name))}"
            )
        settings: dict[str, int | str | Format] = {}
        places: dict[str | None, syntax.Position] = {None: declaration.at}
        for setting in declaration.settings:
            key = setting.name
            value = self._setting(setting, scope, (*path, name))
            if key is None:
                if not isinstance(value, Format):
                    raise DescriptionError(setting.at, "write the setting as name: value")
                key = "format"
            settings[key] = value
            places[key] = setting.at
        try:
            found = build(scope.name(declaration.family).id, settings)
        except FormatError as error:
            at = places.get(error.setting, declaration.at)
            raise DescriptionError(at, str(error)) from None
        self._names.formats[name] = ir.Named(name, found)
        return found

    def _setting(
        self, setting: syntax.Setting, scope: Scope, path: tuple[str, ...]
    ) -> int | str | Format:
        value = scope.resolve(setting.value)
        if isinstance(value, Name):
            if value.id in self._formats:
                return self._format(value.id, path)
            if value.id not in self._names.constants:
                return value.id
        return to_integer(evaluate(Context(scope), value), setting.at, "a setting")

    # Register files and state

    def registers_and_states(
        self, declarations: Sequence[tuple[Declaration, str, Scope]]
    ) -> None:
        """States, then the choices they select, then files, whose properties name states."""
        for declaration, extension, scope in declarations:
            if isinstance(declaration, syntax.StateDeclaration):
                self._state(declaration, extension, scope)
        for declaration, _, scope in declarations:
            if isinstance(declaration, syntax.ChoiceDeclaration):
                self._choice(declaration, scope)
        for declaration, _, scope in declarations:
            if isinstance(declaration, syntax.RegistersDeclaration):
                self._registers(declaration, scope)

    def _state(self, declared: syntax.StateDeclaration, extension: str, scope: Scope) -> None:
        names, name = self._names, declared.name
        names.declare(name)
        format: ir.FormatUse | None = None
        if declared.type.id == "bits":
            if len(declared.settings) != 1:
                raise DescriptionError(declared.type.at, "write bits(n)")
            at = declared.settings[0].at
            width = to_integer(
                evaluate(Context(scope), declared.settings[0].value), at, "a width"
            )
            if not 0 < width <= 4096:
                raise DescriptionError(at, f"a width of {width} is out of range: 1 to 4096")
        else:
            format = scope.format(declared.type)
            width = values.width_of(format)
        count = declared.count or 1
        reset = self._reset(declared, scope, width)
        names.states[name.id] = StateElement(
            name.id, width, count, (reset,) * count, declared.mode, format, extension, declared.doc
        )

    def _reset(self, declared: syntax.StateDeclaration, scope: Scope, width: int) -> int:
        """The bits at reset: a constant, for a number format its encoding."""
        if declared.reset is None:
            return 0
        word = word_of(Context(scope), declared.reset, width)
        if not isinstance(word, ir.Constant):
            raise DescriptionError(declared.reset.at, "the value at reset must be a constant")
        return word.value

    def _choice(self, declared: syntax.ChoiceDeclaration, scope: Scope) -> None:
        self._names.declare(declared.name)
        uses = [scope.format(name) for name in declared.formats]
        for name, use in zip(declared.formats, uses, strict=True):
            if not isinstance(use, ir.Named):
                raise DescriptionError(name.at, f"{name.id} is itself a choice: list its formats")
            if use.format.bits != values.width_of(uses[0]):
                raise DescriptionError(
                    name.at,
                    f"{name.id} has {use.format.bits} bits, {declared.formats[0].id} "
                    f"{values.width_of(uses[0])}: formats to choose from have one width",
                )
        selector = evaluate(Context(scope), declared.selector)
        if not values.is_word(selector) or 1 << selector.width != len(uses):  # type: ignore[union-attr]
            raise DescriptionError(
                declared.at, f"{len(uses)} formats need a selector with as many values"
            )
        named = [use for use in uses if isinstance(use, ir.Named)]
        self._names.formats[declared.name.id] = ir.Choice(
            declared.name.id,
            selector,  # type: ignore[arg-type]
            tuple(use.name for use in named),
            tuple(use.format for use in named),
        )

    def _registers(self, declared: syntax.RegistersDeclaration, scope: Scope) -> None:
        self._names.declare(declared.name)
        context = Context(scope)
        width = to_integer(evaluate(context, declared.width), declared.at, "a register's width")
        if not 0 < width <= 4096:
            raise DescriptionError(declared.at, f"registers of {width} bits: use 1 to 4096")
        zero: int | None = None
        boxed = False
        names: tuple[tuple[str, ...], ...] = ()
        needs: ir.Truth | None = None
        marks: tuple[ir.Statement, ...] = ()
        for owned in declared.properties:
            match owned:
                case syntax.Property("zero", syntax.Integer(number)):
                    zero = number
                case syntax.Property("boxed"):
                    boxed = True
                case syntax.Property("names", names=listed):
                    names = listed
                case syntax.Property("needs", condition) if condition is not None:
                    needs = to_truth(evaluate(context, condition), owned.at)
                case syntax.Property("marks", target, value) if target and value:
                    marks += tuple(assign(context, target, evaluate(context, value), owned.at))
        if names and len(names) != declared.count:
            raise DescriptionError(
                declared.at, f"{len(names)} names for {declared.count} registers"
            )
        self._names.files[declared.name.id] = RegisterFile(
            declared.name.id, declared.count, width, zero, boxed, names, needs, marks, declared.doc
        )
