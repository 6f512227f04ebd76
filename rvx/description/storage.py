"""Formats, register files and state: the names that hold values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rvx.description import syntax, values
from rvx.description.assignment import assign
from rvx.description.expression import Context, evaluate
from rvx.description.scope import Names, Scope, Subset, find, unknown
from rvx.description.syntax import Declaration, DescriptionError, Name
from rvx.description.values import is_word, show, to_integer, to_number, to_truth, to_word
from rvx.model import ir
from rvx.model.machine import RegisterFile, StateElement
from rvx.number import Format, FormatError, Rounding, Span, build, compare, dyadic

MOST_BITS = 4096  # of a register or a state
MOST_ELEMENTS = 4096


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
                if isinstance(value, str) and isinstance(setting.value, Name):
                    raise unknown(setting.value, "format", self._formats)
                if not isinstance(value, Format) or "format" in settings:
                    raise DescriptionError(setting.at, "write the setting as name: value")
                key = "format"
            if key in settings:
                raise DescriptionError(setting.at, f"'{key}' is set twice: leave one out")
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

    def registers_and_states(self, declarations: Sequence[tuple[Declaration, str, Scope]]) -> None:
        """States, the choices that they select, states of such a choice, then files, whose
        properties name states."""
        chosen = {d.name.id for d, _, _ in declarations if isinstance(d, syntax.ChoiceDeclaration)}
        late: list[tuple[syntax.StateDeclaration, str, Scope]] = []
        for declaration, extension, scope in declarations:
            if isinstance(declaration, syntax.StateDeclaration):
                if declaration.type.id in chosen:
                    late.append((declaration, extension, scope))
                else:
                    self._state(declaration, extension, scope)
        for declaration, _, scope in declarations:
            if isinstance(declaration, syntax.ChoiceDeclaration):
                self._choice(declaration, scope)
        for state, extension, scope in late:
            self._state(state, extension, scope)
        for declaration, _, scope in declarations:
            if isinstance(declaration, syntax.StateDeclaration):
                self._state_marks(declaration, scope)
        for declaration, _, scope in declarations:
            if isinstance(declaration, syntax.RegistersDeclaration):
                self._registers(declaration, scope)
        for declaration, _, scope in declarations:
            if isinstance(declaration, syntax.SubsetDeclaration):
                self._subset(declaration, scope)

    def _state(self, declared: syntax.StateDeclaration, extension: str, scope: Scope) -> None:
        names, name = self._names, declared.name
        names.declare(name)
        if declared.settings and declared.type.id != "bits":
            raise DescriptionError(
                declared.type.at, "a state is bits(n) or a number format by its name alone"
            )
        format = None if declared.type.id == "bits" else scope.format(declared.type)
        width = self._bits(declared, scope) if format is None else values.width_of(format)
        count = 1 if declared.count is None else declared.count
        if declared.count is not None and not 2 <= count <= MOST_ELEMENTS:
            cure = "leave [1] out" if count == 1 else f"use 2 to {MOST_ELEMENTS}"
            raise DescriptionError(name.at, f"{name.id} has {show(count)} elements: {cure}")
        reset = tuple(self._reset(declared, scope, width, format, i) for i in range(count))
        names.states[name.id] = StateElement(
            name.id, width, count, reset, declared.mode, format, extension, declared.doc
        )

    def _state_marks(self, declared: syntax.StateDeclaration, scope: Scope) -> None:
        """What accruing into the state also does; only marks are properties of a state."""
        marks: tuple[ir.Statement, ...] = ()
        for owned in declared.properties:
            match owned:
                case syntax.Property("marks", target, value) if target and value:
                    context = Context(scope)
                    marks += tuple(assign(context, target, evaluate(context, value), value.at))
                case _:
                    raise DescriptionError(owned.at, f"a state has no property '{owned.name}'")
        name = declared.name.id
        self._names.states[name] = replace(self._names.states[name], marks=marks)

    def _bits(self, declared: syntax.StateDeclaration, scope: Scope) -> int:
        if len(declared.settings) != 1 or declared.settings[0].name is not None:
            raise DescriptionError(declared.type.at, "write the width of the state, as bits(32)")
        (setting,) = declared.settings
        width = to_integer(evaluate(Context(scope), setting.value), setting.at, "a width")
        if not 0 < width <= MOST_BITS:
            raise DescriptionError(
                setting.at, f"a width of {show(width)} is out of range: 1 to {MOST_BITS}"
            )
        return width

    def _reset(
        self,
        declared: syntax.StateDeclaration,
        scope: Scope,
        width: int,
        format: ir.FormatUse | None,
        element: int,
    ) -> int:
        """The bits of an element at reset: a constant, or the encoding of a constant number."""
        if declared.reset is None:
            return 0
        at = declared.reset.at
        locals_: dict[str, values.Value] = {}
        if declared.element is not None:
            if declared.count is None:
                raise DescriptionError(
                    declared.element.at, f"{declared.name.id} has one element: leave 'for' out"
                )
            locals_[declared.element.id] = element
        value = evaluate(Context(scope, locals=locals_), declared.reset)
        if format is None:
            word = to_word(value, width, at)
            if isinstance(word, ir.Constant):
                return word.value
        else:
            match to_number(value, at), format:
                case ir.Exact(significand, exponent), ir.Named(name, actual):
                    return _code(significand, exponent, name, actual, at)
                case ir.Decode(ir.Constant(code)), ir.Named():
                    return code
                case _, ir.Choice(name):
                    raise DescriptionError(
                        at, f"{name} is chosen at run time, so its state resets to 0: leave it out"
                    )
        raise DescriptionError(at, "the value at reset must be a constant")

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
        at = declared.selector.at
        if not is_word(selector):
            raise DescriptionError(
                at, f"the selector must be bits, not {values.describe(selector)}"
            )
        if 1 << min(selector.width, 16) != len(uses):
            raise DescriptionError(
                at,
                f"{len(uses)} formats to choose from by {values.describe(selector)}: "
                "list one for each value of the selector",
            )
        named = [use for use in uses if isinstance(use, ir.Named)]
        self._names.formats[declared.name.id] = ir.Choice(
            declared.name.id,
            selector,
            tuple(use.name for use in named),
            tuple(use.format for use in named),
        )

    def _subset(self, declared: syntax.SubsetDeclaration, scope: Scope) -> None:
        names = self._names
        names.declare(declared.name)
        file = find(scope.name(declared.file), names.files, "register file")
        if not declared.first <= declared.last < file.count:
            raise DescriptionError(
                declared.at,
                f"{file.name} has registers 0 to {file.count - 1}: write first..last of them",
            )
        names.subsets[declared.name.id] = Subset(
            file, declared.first, declared.last - declared.first + 1
        )

    def _registers(self, declared: syntax.RegistersDeclaration, scope: Scope) -> None:
        name, count, at = declared.name.id, declared.count, declared.name.at
        self._names.declare(declared.name)
        context = Context(scope)
        width = to_integer(evaluate(context, declared.width), at, "a register's width")
        if not 0 < width <= MOST_BITS:
            raise DescriptionError(at, f"registers of {show(width)} bits: use 1 to {MOST_BITS}")
        if not 0 < count <= MOST_ELEMENTS:
            raise DescriptionError(at, f"{show(count)} registers: use 1 to {MOST_ELEMENTS}")
        zero: int | None = None
        boxed = False
        names: tuple[tuple[str, ...], ...] = ()
        needs: ir.Truth | None = None
        marks: tuple[ir.Statement, ...] = ()
        for owned in declared.properties:
            match owned:
                case syntax.Property("zero", syntax.Integer(number)):
                    if number >= count:
                        raise DescriptionError(
                            owned.at, f"{name} has no register {show(number)}: {count} are declared"
                        )
                    zero = number
                case syntax.Property("boxed"):
                    boxed = True
                case syntax.Property("names", names=listed):
                    names = listed
                    _check_names(name, count, listed, owned.at)
                case syntax.Property("needs", condition) if condition is not None:
                    needs = to_truth(evaluate(context, condition), owned.at)
                case syntax.Property("marks", target, value) if target and value:
                    marks += tuple(assign(context, target, evaluate(context, value), value.at))
        self._names.files[name] = RegisterFile(
            name, count, width, zero, boxed, names, needs, marks, declared.doc
        )


def _code(significand: int, exponent: int, name: str, format: Format, at: syntax.Position) -> int:
    """The encoding of a number that the format has."""
    number = dyadic(significand, exponent)
    if format.span.contains(Span(exponent, significand, significand)):
        code, _ = format.encode(number, Rounding.RNE)
        if compare(format.decode(code), number) == 0:
            return code
    raise DescriptionError(at, f"{name} does not have this number: reset to one that it has")


def _check_names(
    file: str, count: int, names: tuple[tuple[str, ...], ...], at: syntax.Position
) -> None:
    if len(names) != count:
        raise DescriptionError(at, f"{len(names)} names for {count} registers: name each")
    owner = {f"{file}{number}": number for number in range(count)}
    for number, own in enumerate(names):
        for name in own:
            if owner.setdefault(name, number) != number:
                raise DescriptionError(
                    at, f"{name} is both {file}{owner[name]} and {file}{number}: use another name"
                )
