"""Declarations: from lark's tree to `rvx.description.syntax`, bottom up."""

from __future__ import annotations

import re
from typing import TypeAlias

from lark import Token
from lark.tree import Meta
from lark.visitors import v_args

from rvx.description import syntax
from rvx.description.build_core import CoreBuilder
from rvx.description.build_expression import Block
from rvx.description.syntax import Declaration, DescriptionError, Expression, Name

MOST_NAMES = 4096  # of registers

Names: TypeAlias = tuple[tuple[str, ...], ...]
Slices: TypeAlias = tuple[tuple[int, int], ...]
Settings: TypeAlias = tuple[syntax.Setting, ...]


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

    def start(self, meta: Meta, *items: Declaration) -> tuple[Declaration, ...]:
        return items

    # Formats, encodings, functions

    def setting(self, meta: Meta, name: Name | None, value: Expression) -> syntax.Setting:
        return syntax.Setting(name.id if name else None, value, self._at(meta))

    def settings(self, meta: Meta, *settings: syntax.Setting | None) -> Settings:
        return tuple(s for s in settings if s is not None)

    def format(
        self, meta: Meta, name: Name, family: Name, settings: Settings
    ) -> syntax.FormatDeclaration:
        return syntax.FormatDeclaration(name, family, settings, self._doc(meta), self._at(meta))

    def choice(
        self, meta: Meta, name: Name, selector: Expression, *formats: Name
    ) -> syntax.ChoiceDeclaration:
        return syntax.ChoiceDeclaration(name, selector, formats, self._doc(meta), self._at(meta))

    def code(self, meta: Meta, name: Name, code: Token, kind: Name | None) -> syntax.RoundingCode:
        return syntax.RoundingCode(name, self._integer(code), kind)

    def rounding(self, meta: Meta, *codes: syntax.RoundingCode) -> syntax.RoundingDeclaration:
        return syntax.RoundingDeclaration(codes, self._at(meta))

    def slice(self, meta: Meta, high: Token, low: Token | None) -> tuple[int, int]:
        return self._integer(high), self._integer(low if low is not None else high)

    def whole_field(self, meta: Meta, name: Name, width: Token) -> syntax.EncodingField:
        return syntax.EncodingField(name, ((self._integer(width) - 1, 0),), sliced=False)

    def sliced_field(
        self, meta: Meta, name: Name, *slices: tuple[int, int]
    ) -> syntax.EncodingField:
        return syntax.EncodingField(name, slices, sliced=True)

    def encoding(
        self, meta: Meta, name: Name, *fields: syntax.EncodingField
    ) -> syntax.EncodingDeclaration:
        return syntax.EncodingDeclaration(name, fields, self._at(meta))

    def parameters(self, meta: Meta, *names: Name | None) -> tuple[Name, ...]:
        return tuple(n for n in names if n is not None)

    def function(
        self, meta: Meta, name: Name, parameters: tuple[Name, ...], body: Expression
    ) -> syntax.FunctionDeclaration:
        return syntax.FunctionDeclaration(name, parameters, body, self._at(meta))

    def trap(self, meta: Meta, cause: Name, value: Name, body: Block) -> syntax.TrapDeclaration:
        return syntax.TrapDeclaration(cause, value, body.statements, self._at(meta))

    # Extensions and what they own

    def constant_value(
        self, meta: Meta, name: Name, value: Expression
    ) -> syntax.ConstantDeclaration:
        return syntax.ConstantDeclaration(name, value, self._at(meta))

    def requires(self, meta: Meta, *names: Name) -> tuple[Name, ...]:
        return names

    def joins(self, meta: Meta, *names: Name) -> tuple[Name, ...]:
        return names

    def extension(
        self,
        meta: Meta,
        name: Name,
        requires: tuple[Name, ...] | None,
        joins: tuple[Name, ...] | None,
        *members: Declaration,
    ) -> syntax.ExtensionDeclaration:
        return syntax.ExtensionDeclaration(
            name, requires or (), joins or (), members, self._doc(meta), self._at(meta)
        )

    def subset(
        self, meta: Meta, name: Name, file: Name, first: Token, last: Token
    ) -> syntax.SubsetDeclaration:
        return syntax.SubsetDeclaration(
            name, file, self._integer(first), self._integer(last), self._at(meta)
        )

    def zero(self, meta: Meta, index: Token) -> syntax.Property:
        value = syntax.Integer(self._integer(index), self._at(index))
        return syntax.Property("zero", value, None, (), self._at(meta))

    def one_name(self, meta: Meta, name: Token, other: Token | None) -> Names:
        return ((str(name),) if other is None else (str(name), str(other)),)

    def name_range(self, meta: Meta, first: Token, last: Token) -> Names:
        low, high = re.fullmatch(r"(.*?)(\d{1,4})", first), re.fullmatch(r"(.*?)(\d{1,4})", last)
        if low is None or high is None or low[1] != high[1] or int(low[2]) > int(high[2]):
            raise DescriptionError(
                self._at(first), f"{first}..{last} is no range of names: write for example t0..t2"
            )
        return tuple((f"{low[1]}{i}",) for i in range(int(low[2]), int(high[2]) + 1))

    def register_names(self, meta: Meta, *groups: Names) -> syntax.Property:
        listed = tuple(name for group in groups for name in group)
        return syntax.Property("names", None, None, listed, self._at(meta))

    def names(self, meta: Meta, *variables: Name) -> tuple[Name, ...]:
        return variables  # of a family

    def needs(self, meta: Meta, condition: Expression) -> syntax.Property:
        return syntax.Property("needs", condition, None, (), self._at(meta))

    def marks(self, meta: Meta, target: Name, value: Expression) -> syntax.Property:
        return syntax.Property("marks", target, value, (), self._at(meta))

    def boxed(self, meta: Meta) -> syntax.Property:
        return syntax.Property("boxed", None, None, (), self._at(meta))

    def registers(
        self,
        meta: Meta,
        name: Name,
        count: Token,
        width: Expression,
        *properties: syntax.Property | None,
    ) -> syntax.RegistersDeclaration:
        return syntax.RegistersDeclaration(
            name,
            self._integer(count),
            width,
            tuple(p for p in properties if p is not None),
            self._doc(meta),
            self._at(meta),
        )

    def state(
        self,
        meta: Meta,
        mode: Token | None,
        name: Name,
        count: Token | None,
        kind: Name,
        settings: Settings | None,
        reset: Expression | None,
        element: Name | None,
        *properties: syntax.Property | None,
    ) -> syntax.StateDeclaration:
        return syntax.StateDeclaration(
            name,
            mode is not None,
            self._integer(count) if count is not None else None,
            kind,
            settings or (),
            reset,
            element,
            tuple(p for p in properties if p is not None),
            self._doc(meta),
            self._at(meta),
        )

    def csr(
        self,
        meta: Meta,
        address: Expression,
        name: Token,
        value: Expression | None,
        *properties: syntax.Property | None,
    ) -> syntax.CsrDeclaration:
        owned = tuple(p for p in properties if p is not None)
        return syntax.CsrDeclaration(
            address, str(name), value, owned, self._doc(meta), self._at(meta)
        )

    def port(
        self,
        meta: Meta,
        address: Expression,
        name: Token,
        value: Expression | None,
        *properties: syntax.Property | None,
    ) -> syntax.PortDeclaration:
        owned = tuple(p for p in properties if p is not None)
        return syntax.PortDeclaration(
            address, str(name), value, owned, self._doc(meta), self._at(meta)
        )

    def interrupt(
        self, meta: Meta, cause: Expression, condition: Expression
    ) -> syntax.InterruptDeclaration:
        return syntax.InterruptDeclaration(cause, condition, self._doc(meta), self._at(meta))

    def option(self, meta: Meta, name: Name, *choices: Name) -> syntax.OptionDeclaration:
        *among, default = choices
        return syntax.OptionDeclaration(
            name, tuple(among), default, self._doc(meta), self._at(meta)
        )

    def one_entry(self, meta: Meta, *values: Expression) -> tuple[Expression, ...]:
        return values

    def family(
        self,
        meta: Meta,
        names: tuple[Name, ...],
        *rest: tuple[Expression, ...] | Declaration,
    ) -> syntax.FamilyDeclaration:
        entries = tuple(r for r in rest if isinstance(r, tuple))
        members = tuple(r for r in rest if not isinstance(r, tuple))
        return syntax.FamilyDeclaration(names, entries, members, self._at(meta))

    # Instructions

    def all_lanes(self, meta: Meta) -> str:
        return "*"

    def lanes(self, meta: Meta, count: Expression) -> Expression:
        return count

    def whole_view(self, meta: Meta, file: Name) -> syntax.View:
        return syntax.View(file, None, None)

    def number_view(
        self,
        meta: Meta,
        file: Name,
        _: Token,
        lanes: Expression | str | None,
        format: Name,
        __: Token,
    ) -> syntax.View:
        return syntax.View(file, lanes, format)

    def plain(self, meta: Meta, name: Name, view: syntax.View | None) -> syntax.PlainOperand:
        return syntax.PlainOperand(name, view)

    def letters(self, meta: Meta, name: Name, letters: Token) -> syntax.PlainOperand:
        return syntax.PlainOperand(name, syntax.Letters(str(letters)))

    def plain_operand(self, meta: Meta, operand: syntax.PlainOperand) -> syntax.PlainOperand:
        return operand

    def base_operand(self, meta: Meta, base: syntax.PlainOperand) -> syntax.AddressOperand:
        return syntax.AddressOperand(None, base)

    def address_operand(
        self, meta: Meta, offset: Name, base: syntax.PlainOperand
    ) -> syntax.AddressOperand:
        return syntax.AddressOperand(offset, base)

    def optional_operand(self, meta: Meta, operand: syntax.PlainOperand) -> syntax.OptionalOperand:
        return syntax.OptionalOperand(operand)

    def signature(self, meta: Meta, *operands: syntax.Operand | None) -> tuple[syntax.Operand, ...]:
        return tuple(o for o in operands if o is not None)

    def constant(self, meta: Meta, name: Name, value: Expression) -> tuple[Name, Expression]:
        return name, value

    def pattern(
        self, meta: Meta, encoding: Name, *constants: tuple[Name, Expression] | None
    ) -> syntax.Pattern:
        given = tuple(c for c in constants if c is not None)
        return syntax.Pattern(encoding, given, self._at(meta))

    def conditions(self, meta: Meta, *conditions: Expression) -> tuple[Expression, ...]:
        return conditions

    def instruction(
        self,
        meta: Meta,
        mnemonic: Token,
        operands: tuple[syntax.Operand, ...],
        pattern: syntax.Pattern,
        where: tuple[Expression, ...] | None,
        body: Block,
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

    def short_form(
        self,
        meta: Meta,
        mnemonic: Token,
        operands: tuple[syntax.Operand, ...],
        pattern: syntax.Pattern,
        where: tuple[Expression, ...] | None,
        target: Token,
        *arguments: Expression | None,
    ) -> syntax.ShortFormDeclaration:
        return syntax.ShortFormDeclaration(
            str(mnemonic),
            operands,
            pattern,
            where or (),
            str(target),
            tuple(a for a in arguments if a is not None),
            self._text[target.start_pos : meta.end_pos].rstrip("; "),
            self._doc(meta, meta.end_line),
            self._at(meta),
        )

    def alias(
        self,
        meta: Meta,
        mnemonic: Token,
        operands: tuple[syntax.Operand, ...],
        target: Token,
        *rest: Expression | None,
    ) -> syntax.AliasDeclaration:
        arguments = tuple(r for r in rest if r is not None)
        return syntax.AliasDeclaration(
            str(mnemonic), operands, str(target), arguments, self._doc(meta), self._at(meta)
        )
