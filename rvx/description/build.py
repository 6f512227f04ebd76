"""Declarations: from lark's tree to `rvx.description.syntax`, bottom up."""

from __future__ import annotations

import re
from typing import Any

from lark import Token
from lark.tree import Meta
from lark.visitors import v_args

from rvx.description import syntax
from rvx.description.build_core import CoreBuilder
from rvx.description.build_expression import integer
from rvx.description.syntax import DescriptionError


@v_args(inline=True, meta=True)
class Builder(CoreBuilder):
    """One method a grammar rule; each returns a node of `rvx.description.syntax`."""

    def _doc(self, meta: Meta, end_line: int | None = None) -> str:
        """The comment lines directly above a declaration, or the one that ends its first line."""
        above: list[str] = []
        number = meta.line - 2
        while number >= 0 and (found := re.match(r"\s*//+ ?(.*)", self._lines[number])):
            above.insert(0, found[1])
            number -= 1
        if above:
            return "\n".join(above).strip()
        for line in self._lines[meta.line - 1 : (end_line or meta.line)]:
            if found := re.search(r"//+ ?(.*)", line):
                return found[1].strip()
        return ""

    def start(self, meta: Meta, *items: syntax.Declaration) -> tuple[syntax.Declaration, ...]:
        return items

    # Formats, encodings, functions

    def setting(self, meta: Meta, name: syntax.Name | None, value: Any) -> syntax.Setting:
        return syntax.Setting(name.id if name else None, value, self._at(meta))

    def settings(self, meta: Meta, *settings: Any) -> tuple[syntax.Setting, ...]:
        return tuple(s for s in settings if s is not None)

    def format(self, meta: Meta, name: Any, family: Any, settings: Any) -> Any:
        return syntax.FormatDeclaration(name, family, settings, self._doc(meta), self._at(meta))

    def choice(self, meta: Meta, name: Any, selector: Any, *formats: Any) -> Any:
        return syntax.ChoiceDeclaration(name, selector, formats, self._doc(meta), self._at(meta))

    def code(self, meta: Meta, name: Any, code: Token, kind: Any) -> syntax.RoundingCode:
        return syntax.RoundingCode(name, integer(code), kind)

    def rounding(self, meta: Meta, *codes: Any) -> syntax.RoundingDeclaration:
        return syntax.RoundingDeclaration(codes, self._at(meta))

    def slice(self, meta: Meta, high: Token, low: Token | None) -> tuple[int, int]:
        return integer(high), integer(low if low is not None else high)

    def whole_field(self, meta: Meta, name: Any, width: Token) -> syntax.EncodingField:
        return syntax.EncodingField(name, ((integer(width) - 1, 0),), sliced=False)

    def sliced_field(self, meta: Meta, name: Any, *slices: Any) -> syntax.EncodingField:
        return syntax.EncodingField(name, slices, sliced=True)

    def encoding(self, meta: Meta, name: Any, *fields: Any) -> syntax.EncodingDeclaration:
        return syntax.EncodingDeclaration(name, fields, self._at(meta))

    def function(self, meta: Meta, name: Any, *rest: Any) -> syntax.FunctionDeclaration:
        *parameters, body = rest
        named = tuple(p for p in parameters if p is not None)
        return syntax.FunctionDeclaration(name, named, body, self._at(meta))

    def trap(self, meta: Meta, cause: Any, value: Any, body: Any) -> syntax.TrapDeclaration:
        return syntax.TrapDeclaration(cause, value, body.statements, self._at(meta))

    # Extensions and what they own

    def constant_value(self, meta: Meta, name: Any, value: Any) -> syntax.ConstantDeclaration:
        return syntax.ConstantDeclaration(name, value, self._at(meta))

    def extension(self, meta: Meta, name: Any, *rest: Any) -> syntax.ExtensionDeclaration:
        requires = tuple(r for r in rest if isinstance(r, syntax.Name))
        members = tuple(r for r in rest if r is not None and not isinstance(r, syntax.Name))
        return syntax.ExtensionDeclaration(
            name, requires, members, self._doc(meta), self._at(meta)
        )

    def zero(self, meta: Meta, index: Token) -> syntax.Property:
        value = syntax.Integer(integer(index), self._at(index))
        return syntax.Property("zero", value, None, (), self._at(meta))

    def one_name(self, meta: Meta, name: Token, other: Token | None) -> tuple[tuple[str, ...], ...]:
        return ((str(name),) if other is None else (str(name), str(other)),)

    def name_range(self, meta: Meta, first: Token, last: Token) -> tuple[tuple[str, ...], ...]:
        stem, low = re.fullmatch(r"(.*?)(\d+)", first).groups()  # type: ignore[union-attr]
        other, high = re.fullmatch(r"(.*?)(\d+)", last).groups()  # type: ignore[union-attr]
        if stem != other or int(low) > int(high):
            raise DescriptionError(
                self._at(first), f"{first}..{last} is no range of names; write for example t0..t2"
            )
        return tuple((f"{stem}{i}",) for i in range(int(low), int(high) + 1))

    def register_names(self, meta: Meta, *groups: Any) -> syntax.Property:
        listed = tuple(name for group in groups for name in group)
        return syntax.Property("names", None, None, listed, self._at(meta))

    def names(self, meta: Meta, *variables: Any) -> tuple[Any, ...]:
        return variables  # of a family

    def needs(self, meta: Meta, condition: Any) -> syntax.Property:
        return syntax.Property("needs", condition, None, (), self._at(meta))

    def marks(self, meta: Meta, target: Any, value: Any) -> syntax.Property:
        return syntax.Property("marks", target, value, (), self._at(meta))

    def boxed(self, meta: Meta) -> syntax.Property:
        return syntax.Property("boxed", None, None, (), self._at(meta))

    def registers(self, meta: Meta, name: Any, count: Token, width: Any, *properties: Any) -> Any:
        owned = tuple(p for p in properties if p is not None)
        return syntax.RegistersDeclaration(
            name, integer(count), width, owned, self._doc(meta), self._at(meta)
        )

    def state(
        self, meta: Meta, mode: Any, name: Any, count: Any, kind: Any, settings: Any, reset: Any
    ) -> syntax.StateDeclaration:
        return syntax.StateDeclaration(
            name,
            mode is not None,
            integer(count) if count is not None else None,
            kind,
            settings or (),
            reset,
            self._doc(meta),
            self._at(meta),
        )

    def csr(self, meta: Meta, address: Any, name: Token, value: Any, *properties: Any) -> Any:
        owned = tuple(p for p in properties if p is not None)
        return syntax.CsrDeclaration(
            address, str(name), value, owned, self._doc(meta), self._at(meta)
        )

    def option(self, meta: Meta, name: Any, *choices: Any) -> syntax.OptionDeclaration:
        *among, default = choices
        return syntax.OptionDeclaration(
            name, tuple(among), default, self._doc(meta), self._at(meta)
        )

    def entry(self, meta: Meta, *values: Any) -> tuple[Any, ...]:
        return values

    def family(self, meta: Meta, names: Any, *rest: Any) -> syntax.FamilyDeclaration:
        entries = tuple(r for r in rest if isinstance(r, tuple))
        members = tuple(r for r in rest if not isinstance(r, tuple))
        return syntax.FamilyDeclaration(names, entries, members, self._at(meta))

    # Instructions

    def all_lanes(self, meta: Meta) -> str:
        return "*"

    def lanes(self, meta: Meta, count: Any) -> Any:
        return count

    def view(self, meta: Meta, file: Any, *rest: Any) -> syntax.View:
        _, lanes, format, _ = rest if len(rest) == 4 else (None, None, None, None)
        return syntax.View(file, lanes, format)

    def plain(self, meta: Meta, name: Any, view: Any) -> syntax.PlainOperand:
        return syntax.PlainOperand(name, view)

    def letters(self, meta: Meta, name: Any, letters: Token) -> syntax.PlainOperand:
        return syntax.PlainOperand(name, syntax.Letters(str(letters)))

    def plain_operand(self, meta: Meta, operand: Any) -> syntax.PlainOperand:
        return operand  # type: ignore[no-any-return]

    def base_operand(self, meta: Meta, base: Any) -> syntax.AddressOperand:
        return syntax.AddressOperand(None, base)

    def address_operand(self, meta: Meta, offset: Any, base: Any) -> syntax.AddressOperand:
        return syntax.AddressOperand(offset, base)

    def optional_operand(self, meta: Meta, operand: Any) -> syntax.OptionalOperand:
        return syntax.OptionalOperand(operand)

    def signature(self, meta: Meta, *operands: Any) -> tuple[Any, ...]:
        return tuple(o for o in operands if o is not None)

    def constant(self, meta: Meta, name: Any, value: Any) -> tuple[Any, Any]:
        return name, value

    def pattern(self, meta: Meta, encoding: Any, *constants: Any) -> syntax.Pattern:
        given = tuple(c for c in constants if c is not None)
        return syntax.Pattern(encoding, given, self._at(meta))

    def conditions(self, meta: Meta, *conditions: Any) -> tuple[Any, ...]:
        return conditions

    def instruction(
        self, meta: Meta, mnemonic: Token, operands: Any, pattern: Any, where: Any, body: Any
    ) -> syntax.InstructionDeclaration:
        return syntax.InstructionDeclaration(
            str(mnemonic),
            operands,
            pattern,
            where or (),
            body.statements,
            self._text[body.start : body.end].strip(),
            self._doc(meta, meta.end_line),
            self._at(meta),
        )

    def alias(self, meta: Meta, mnemonic: Token, operands: Any, target: Token, *rest: Any) -> Any:
        arguments = tuple(r for r in rest if r is not None)
        return syntax.AliasDeclaration(
            str(mnemonic), operands, str(target), arguments, self._doc(meta), self._at(meta)
        )
