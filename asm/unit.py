"""One source while it is assembled: what instructions and directives read and change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rvx.asm.argument import Argument, Call
from rvx.asm.assembly import (
    Binding,
    Bytes,
    Common,
    FixupKind,
    InField,
    Relation,
    SectionFlag,
    SectionType,
)
from rvx.asm.call_frame import Frame
from rvx.asm.compression import compressor
from rvx.asm.evaluation import Unresolvable, constant, linear
from rvx.asm.expression import Binary, Here, Name, Numeric, Tree, Unary
from rvx.asm.form import forms_of
from rvx.asm.line_table import LineTable
from rvx.asm.macro import Macro
from rvx.asm.parser import Operand, SyntaxProblem, parse_expression, parse_operand, plain_operand
from rvx.asm.position import Position
from rvx.asm.reader import Reader
from rvx.asm.relocation import RelocationProblem, data
from rvx.asm.section import (
    Alignment,
    Budget,
    Choice,
    Encoded,
    Fragment,
    OpenFixup,
    OpenSection,
    Space,
)
from rvx.asm.symbol import Label, Symbol, SymbolTable, Variable
from rvx.model.decoder import length_of
from rvx.model.machine import Machine


@dataclass(frozen=True)
class Options:
    """What `.option push` saves."""

    is_compressed: bool  # instructions may become short forms
    is_pic: bool = False  # `la` loads addresses from the global offset table


class Unit:
    """The sections, symbols and options of one source."""

    def __init__(
        self, machine: Machine, file: str, include: Sequence[Path], *, compress: bool
    ) -> None:
        self.machine = machine
        self.ialign = machine.ialign
        self.file = file
        self.include = include
        self.forms = forms_of(machine)
        self.symbols = SymbolTable()
        self.budget = Budget()
        self.sections: dict[str, OpenSection] = {}
        self.section = self.open_section(
            ".text", SectionType.PROGBITS, SectionFlag.ALLOC | SectionFlag.EXECUTE
        )
        self.previous_section = self.section
        self.section_stack: list[tuple[OpenSection, OpenSection]] = []
        self.source_name = ""
        self.lines = LineTable()
        self.view = 0  # of the last row at its address
        self.frame: Frame | None = None  # that is open
        self.frames: list[Frame] = []
        self.frame_sections: tuple[str, ...] = (".eh_frame",)
        self.reader = Reader()
        self.texts: dict[str, str] = {}
        self.warnings: list[str] = []
        self.macros: dict[str, Macro] = {}
        self.macro_calls = 0
        self.compressor = compressor(machine)
        self.options = Options(is_compressed=compress and self.compressor is not None)
        self.option_stack: list[Options] = []
        self._operands: dict[str, Operand] = {}

    # Sections -----------------------------------------------------------------------------------

    def open_section(
        self,
        name: str,
        type: SectionType,
        flags: SectionFlag,
        entry_size: int = 0,
        group: str = "",
    ) -> OpenSection:
        """The section of this name and group, made if it is new."""
        key = f"{name} {group}" if group else name
        if key not in self.sections:
            alignment = self.machine.ialign if flags & SectionFlag.EXECUTE else 1
            self.sections[key] = OpenSection(
                len(self.sections),
                name,
                type,
                flags,
                entry_size=entry_size,
                alignment=alignment,
                budget=self.budget,
                group=group,
            )
        return self.sections[key]

    def enter(self, section: OpenSection) -> None:
        """Continue in this section."""
        self.previous_section, self.section = self.section, section

    def here(self) -> Label:
        """The end of the current section."""
        last = self.section.last
        return Label(last, len(last.data))

    def emit(self, contents: bytes) -> None:
        """Append bytes to the current section."""
        self.section.last.data += contents

    def emit_word(self, word: int, length: int, call: Call) -> None:
        """Append an instruction."""
        last = self.section.last
        if (len(last.data) + (last.start or 0)) % self.ialign:
            raise call.error(
                f"an instruction must be at a multiple of {self.ialign} bytes: "
                f"write .balign {self.ialign} before it"
            )
        last.data += word.to_bytes(length, "little")

    def emit_instruction(self, word: int, length: int, call: Call) -> None:
        """Append an instruction, as its short form where there is one."""
        compressor = self.compressor if self.options.is_compressed else None
        if compressor is not None and (short := compressor.short(word)) is not None:
            word, length = short, length_of(short)
        self.emit_word(word, length, call)

    def emit_jump(self, word: int, fixup: tuple[InField, Tree, Position]) -> bool:
        """Append a jump or branch as a short form, if it has one; else return False."""
        kind, tree, position = fixup
        if (
            kind.relation is not Relation.TARGET
            or not self.options.is_compressed
            or self.compressor is None
            or (found := self.compressor.branch(word)) is None
        ):
            return False
        half, short = found
        field = short.instruction.operands[short.target or ""].field
        length = short.instruction.length
        choice = Choice(
            tree,
            Encoded(half.to_bytes(length, "little"), InField(field, length, Relation.TARGET)),
            Encoded(word.to_bytes(kind.length, "little"), kind),
        )
        self._emit_choice(choice, position)
        return True

    def _emit_choice(self, choice: Choice, position: Position) -> None:
        """Append a choice now if the distance is known, else leave it to the layout."""
        last = self.section.last
        known = _distance_in(last, choice.target)
        if known is None:
            self.section.add_open_gap(choice, position)
            return
        chosen = choice.of_size(choice.size_for(known))
        self.fix(chosen.kind, choice.target, position)
        self.emit(chosen.contents)

    def padding(self, size: int) -> bytes:
        """No-operations for a gap in code: short ones first, as few as fit."""
        found = b""
        for mnemonic in ("nop", "c.nop"):
            forms = self.forms[mnemonic].by_count if mnemonic in self.forms else {}
            for form in forms.get(0, ()):
                count, size = divmod(size, form.length)
                found = form.word.to_bytes(form.length, "little") * count + found
        return bytes(size) + found

    def emit_data(self, argument: Argument, size: int) -> None:
        """Append the value of an expression."""
        tree = self.expression(argument)
        kind = Bytes(size)
        if not isinstance(tree, int):
            self.fix(kind, tree, argument.position())
            tree = 0
        try:
            self.emit(data(kind, tree))
        except RelocationProblem as problem:
            raise argument.error(str(problem)) from None

    def fix(self, kind: FixupKind, value: Tree, position: Position) -> None:
        """Leave what is appended next to be filled in later."""
        last = self.section.last
        self.section.fixups.append(OpenFixup(last, len(last.data), kind, value, position))

    # Expressions --------------------------------------------------------------------------------

    @property
    def xlen(self) -> int:
        return self.machine.xlen

    def operand(self, argument: Argument) -> Operand:
        """The parsed operand of an instruction."""
        text = argument.text
        if (found := self._operands.get(text)) is None:
            if not text:
                raise argument.error("an operand is missing")
            try:
                found = plain_operand(text) or parse_operand(text)
            except SyntaxProblem as problem:
                raise argument.error(str(problem), problem.at) from None
            self._operands[text] = found
        return found

    def expression(self, argument: Argument) -> Tree:
        """The value of an expression as far as it is known."""
        if not argument.text:
            raise argument.error("a value is missing")
        try:
            return self.resolve(parse_expression(argument.text), argument)
        except SyntaxProblem as problem:
            raise argument.error(str(problem), problem.at) from None

    def constant(self, argument: Argument) -> int:
        """The value of an expression that must be known at this point."""
        try:
            return constant(self.expression(argument))
        except Unresolvable as problem:
            raise argument.error(f"{problem}, but a constant is needed") from None

    def constant_of_any_width(self, argument: Argument) -> int:
        """The value of a number of up to 128 bits, in digits."""
        try:
            value = int(argument.text, 0)
        except ValueError:
            raise argument.error("expected a number") from None
        if not 0 <= value < 1 << 128:
            raise argument.error("the number has more than 128 bits")
        return value

    def constant_or_none(self, tree: Tree) -> int | None:
        """The value of a resolved tree if it is known already."""
        try:
            return constant(tree)
        except Unresolvable:
            return None

    def offset_in_section(self, argument: Argument) -> Tree:
        """The value of an expression that may also name a label of the current section."""
        tree = self.expression(argument)
        if self.constant_or_none(tree) is not None:
            return tree
        start = Symbol(self.section.name, argument.position(), Label(self.section.fragments[0], 0))
        return _folded(Binary("-", tree, start))

    def resolve(self, tree: Tree, argument: Argument) -> Tree:
        """The tree with symbols for names, folded as far as values are known."""
        match tree:
            case Name(text, at):
                symbol = self.symbols.get(text, argument.position(at))
                if symbol.used_at is None:
                    symbol.used_at = argument.position(at)
                match symbol.place:
                    case Variable(value) if symbol.binding is not Binding.WEAK:
                        return value
                return symbol
            case Numeric(number, forward, at):
                return self.symbols.numeric(number, argument.position(at), forward=forward)
            case Here():
                return Symbol(".", argument.position(), self.here())
            case Unary(op, value):
                return _folded(Unary(op, self.resolve(value, argument)))
            case Binary(op, left, right):
                return _folded(
                    Binary(op, self.resolve(left, argument), self.resolve(right, argument))
                )
        return tree

    def is_register(self, name: str) -> bool:
        """Whether the name is a register's and no symbol's."""
        if (symbol := self.symbols.by_name.get(name)) is not None and symbol.place is not None:
            return False
        return any(file.index_of(name) is not None for file in self.machine.files.values())


def allocate(unit: Unit, symbol: Symbol, extent: Common) -> None:
    """Define the symbol as zeroed memory of this source alone."""
    flags = SectionFlag.ALLOC | SectionFlag.WRITE
    before, previous = unit.section, unit.previous_section
    unit.enter(unit.open_section(".bss", SectionType.NOBITS, flags))
    unit.section.add_gap(Alignment(extent.alignment, None, bytes), None, symbol.position)
    symbol.place = None
    unit.symbols.define(symbol.name, unit.here(), symbol.position)
    symbol.size = extent.size
    unit.section.add_gap(Space(extent.size, b"\0"), extent.size, symbol.position)
    unit.section, unit.previous_section = before, previous


def _distance_in(last: Fragment, target: Tree) -> int | None:
    """How far the target is from the end of the fragment, if it lies in it."""
    match target:
        case Symbol(place=Label(fragment, offset), binding=binding):
            if fragment is last and binding is not Binding.WEAK:
                return offset - len(last.data)
    return None


def _folded(tree: Tree) -> Tree:
    try:
        found = linear(tree)
    except Unresolvable:
        return tree  # perhaps later
    if found.is_constant:
        return found.addend
    return found.plus if found.plus and not found.addend and not found.minus else tree
