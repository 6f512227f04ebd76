"""The assembly of an intrinsic: an instruction word around registers that the compiler chooses.

Three ways, the most legible first. `.insn i` and `.insn s` say what the manual's I and S layouts
are. `.insn r` and `.insn r4` express every 32-bit layout whose registers lie where the manual has
them, whatever the other bits mean. Everything else is a plain word, in which assembler symbols
stand for the numbers of the registers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rvx.emit.intrinsic import Constant, Intrinsic, Placed, Value
from rvx.model.encoding import Placement

RD, RS1, RS2, RS3 = 7, 15, 20, 27  # where the registers of the standard layouts begin
_I_IMMEDIATE = (Placement(20, 0, 12),)
_S_IMMEDIATE = (Placement(25, 5, 7), Placement(7, 0, 5))
_REGISTER_BITS = 5


@dataclass
class Assembly:
    """The text of an `asm`, and the C expressions of its constant operands. Operands are numbered:
    the values that are written, the values only read, then the constants."""

    values: Sequence[Value]
    text: str = ""
    constants: list[str] = field(default_factory=list)
    needs_numbers: bool = False  # the symbols that stand for the numbers of registers

    def value(self, value: Value) -> str:
        return f"%{self.values.index(value)}"

    def constant(self, expression: str) -> str:
        if expression not in self.constants:
            self.constants.append(expression)
        return f"%{len(self.values) + self.constants.index(expression)}"


def assembly_of(intrinsic: Intrinsic) -> Assembly:
    """How the intrinsic's instruction is written."""
    written = [v for v in intrinsic.values if v.is_written]
    read = [v for v in intrinsic.values if not v.is_written]
    layout = _Layout(intrinsic, Assembly([*written, *read]))
    layout.write()
    return layout.assembly


class _Layout:
    def __init__(self, intrinsic: Intrinsic, assembly: Assembly) -> None:
        self._intrinsic = intrinsic
        self._registers = [p for p in intrinsic.placed if isinstance(p.parameter, Value)]
        self._constants = [p for p in intrinsic.placed if isinstance(p.parameter, Constant)]
        self.assembly = assembly

    def write(self) -> None:
        places = {p.field.placements[0].word_low for p in self._registers if _is_standard(p)}
        if self._intrinsic.instruction.encoding.width != 32 or not all(
            map(_is_standard, self._registers)
        ):
            text = self._word()
        elif places <= {RD, RS1} and (immediate := self._only(_I_IMMEDIATE)):
            text = f".insn i {self._head()}, {self._slot(RD)}, {self._slot(RS1)}, {immediate}"
        elif places <= {RS1, RS2} and (immediate := self._only(_S_IMMEDIATE)):
            text = f".insn s {self._head()}, {self._slot(RS2)}, {immediate}({self._slot(RS1)})"
        elif RS3 in places:
            slots = ", ".join(self._slot(low) for low in (RD, RS1, RS2, RS3))
            text = f".insn r4 {self._head()}, {self._bits(25, 2)}, {slots}"
        else:
            slots = ", ".join(self._slot(low) for low in (RD, RS1, RS2))
            text = f".insn r {self._head()}, {self._bits(25, 7)}, {slots}"
        self.assembly.text = text

    def _head(self) -> str:
        return f"{self._bits(0, 7)}, {self._bits(12, 3)}"

    def _only(self, placements: tuple[Placement, ...]) -> str | None:
        """The one constant, where it is a signed immediate in these bits."""
        match self._constants:
            case [Placed(_, field) as placed] if field.placements == placements and field.is_signed:
                return self.assembly.constant(f"(int)({_value(placed)})")
        return None

    def _slot(self, low: int) -> str:
        """A register, or bits in the place of one."""
        for placed in self._registers:
            if placed.field.placements[0].word_low == low:
                assert isinstance(placed.parameter, Value)
                return self.assembly.value(placed.parameter)
        return f"x{self._bits(low, _REGISTER_BITS, literal='d')}"

    def _bits(self, low: int, width: int, literal: str = "#x") -> str:
        """Bits of the word that no register decides: a number, or an operand that C computes."""
        fixed = self._intrinsic.word >> low & (1 << width) - 1
        parts = [
            part
            for placed in self._constants
            for p in placed.field.placements
            if (part := _part(placed, p, low, width))
        ]
        if not parts:
            return format(fixed, literal)
        terms = [f"{fixed:#x}u"] if fixed else []
        return self.assembly.constant(" | ".join([*terms, *parts]))

    def _word(self) -> str:
        """The whole word, as data."""
        width = self._intrinsic.instruction.encoding.width
        terms = [self._bits(0, width)]
        for placed in self._registers:
            assert isinstance(placed.parameter, Value)
            number = f".Lrvx_{self.assembly.value(placed.parameter)}"
            if placed.first:
                number = f"({number} - {placed.first})"
            for p in placed.field.placements:
                bits = f"({number} >> {p.value_low})" if p.value_low else number
                if p.value_low + p.width < placed.field.top or placed.field.top < _REGISTER_BITS:
                    bits = f"({bits} & {(1 << p.width) - 1:#x})"
                terms.append(f"({bits} << {p.word_low})")
        self.assembly.needs_numbers = bool(self._registers)
        return f".{width // 8}byte {' | '.join(terms)}"


def _is_standard(placed: Placed) -> bool:
    match placed.field.placements:
        case (Placement(low, 0, 5),):
            return low in (RD, RS1, RS2, RS3) and not placed.first
    return False


def _part(placed: Placed, p: Placement, low: int, width: int) -> str | None:
    """The C expression for what a constant's placement puts into some bits of the word."""
    start, end = max(low, p.word_low), min(low + width, p.word_low + p.width)
    if start >= end:
        return None
    bits = f"(uint32_t)({_value(placed)})"
    if shift := p.value_low + start - p.word_low:
        bits = f"({bits} >> {shift})"
    bits = f"({bits} & {(1 << end - start) - 1:#x}u)"
    return f"({bits} << {start - low})" if start > low else bits


def _value(placed: Placed) -> str:
    """The field's value, from the argument."""
    name = placed.parameter.name
    if placed.negated:
        return f"-({name})"
    return f"({name}) - {placed.first}" if placed.first else name
