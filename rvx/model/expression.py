"""The typed meaning of an instruction: what the reference evaluates and a JIT lowers.

Loops are unrolled, functions inlined, families expanded, lanes turned into slices. Three kinds of
expression: a word (bits of a known width, modular), a number (exact; never rounded) and a truth.
The only ways from a number to a word are `Encode` (one rounding) and `IntegerBits` (the checker
proved that the number is an integer; the slice says which of its two's-complement bits).
"""

from __future__ import annotations

from typing import TypeAlias

from rvx.number import Format, Rounding, Span
from rvx.record import record

# A format, or several among which a state selects at run time.


@record(frozen=True, slots=True)
class Choice:
    """`choose selector { a, b }`: the format at the selector's value; equal widths."""

    name: str
    selector: Word
    names: tuple[str, ...]
    formats: tuple[Format, ...]


@record(frozen=True, slots=True)
class Named:
    """One declared format, with the name it was declared under."""

    name: str
    format: Format


FormatUse: TypeAlias = "Named | Choice"


@record(frozen=True, slots=True)
class Stochastic:
    """Stochastic rounding: away from zero where what is cut off, in 2**-width of the gap and
    rounded down, is above the word drawn."""

    draw: Word


# How a rounding knows its mode: fixed by the text or the format, or the instruction's own (its rm
# field, else frm). None stands for the instruction's.
Mode: TypeAlias = "Rounding | Stochastic | None"

# Words ------------------------------------------------------------------------------------------


@record(frozen=True, slots=True)
class Constant:
    value: int  # 0 <= value < 2**width
    width: int


@record(frozen=True, slots=True)
class FieldValue:
    """An operand's field: an immediate extended to `width`, or a register's number."""

    operand: str
    width: int


@record(frozen=True, slots=True)
class Register:
    """The register an operand names, as it was before the instruction."""

    operand: str
    file: str
    width: int


@record(frozen=True, slots=True)
class FixedRegister:
    """A register named in the text: `x[2]`."""

    file: str
    index: int
    width: int


@record(frozen=True, slots=True)
class State:
    """A state, or one element of an array of states, as it was before the instruction."""

    name: str
    index: int
    width: int


@record(frozen=True, slots=True)
class ProgramCounter:
    """`pc`, or `next_pc` (the address after this instruction)."""

    next: bool
    width: int


@record(frozen=True, slots=True)
class CsrValue:
    """The CSR that the instruction's csr field selects."""

    width: int


@record(frozen=True, slots=True)
class Load:
    address: Word
    size: int  # bytes
    aligned: bool
    atomic: bool = False  # aligned, and it traps where a store would and as one

    @property
    def width(self) -> int:
        return 8 * self.size


@record(frozen=True, slots=True)
class WordLocal:
    name: str
    width: int


@record(frozen=True, slots=True)
class WordSlice:
    value: Word
    high: int
    low: int

    @property
    def width(self) -> int:
        return self.high - self.low + 1


@record(frozen=True, slots=True)
class Join:
    """Concatenation, most significant part first."""

    parts: tuple[Word, ...]

    @property
    def width(self) -> int:
        return sum(part.width for part in self.parts)


@record(frozen=True, slots=True)
class Invert:
    value: Word

    @property
    def width(self) -> int:
        return self.value.width


@record(frozen=True, slots=True)
class WordOp:
    """`+ - * / % & | ^ << >>` modulo 2**width. `/` and `%` are unsigned; x / 0 is all ones and
    x % 0 is x (as divu and remu, unprivileged manual 13.2). Shifts by width or more give 0."""

    op: str
    left: Word
    right: Word

    @property
    def width(self) -> int:
        return self.left.width


@record(frozen=True, slots=True)
class WordSelect:
    condition: Truth
    then: Word
    otherwise: Word

    @property
    def width(self) -> int:
        return self.then.width


@record(frozen=True, slots=True)
class TruthBits:
    """A truth as a word: 0 or 1."""

    truth: Truth
    width: int


@record(frozen=True, slots=True)
class IntegerBits:
    """Bits [low + width - 1 : low] of an integer number in two's complement."""

    number: Number
    low: int
    width: int


@record(frozen=True, slots=True)
class Encode:
    """Round a number into a format: the one place where bits are lost and flags arise."""

    number: Number
    format: FormatUse
    mode: Mode
    width: int


@record(frozen=True, slots=True)
class Classify:
    """The ten-bit class of a floating-point number, as fclass (unprivileged manual 20.9)."""

    value: Word
    format: FormatUse

    @property
    def width(self) -> int:
        return 10


@record(frozen=True, slots=True)
class Unbox:
    """The low `width` bits of a wider NaN-boxed register, or the canonical NaN if it is not
    boxed (unprivileged manual 21.2)."""

    value: Word
    canonical: Word
    width: int


Word: TypeAlias = (
    Constant
    | FieldValue
    | Register
    | FixedRegister
    | State
    | ProgramCounter
    | CsrValue
    | Load
    | WordLocal
    | WordSlice
    | Join
    | Invert
    | WordOp
    | WordSelect
    | TruthBits
    | IntegerBits
    | Encode
    | Classify
    | Unbox
)

# Numbers ----------------------------------------------------------------------------------------
# `span` bounds the finite values; None where the checker cannot bound them. `integral` numbers are
# integers without specials: they come from words and integer formats only.


@record(frozen=True, slots=True)
class Exact:
    """The number significand * 2**exponent."""

    significand: int
    exponent: int

    @property
    def span(self) -> Span | None:
        return Span(self.exponent, self.significand, self.significand)

    @property
    def integral(self) -> bool:
        return self.exponent >= 0


@record(frozen=True, slots=True)
class Decode:
    """The number that a word encodes."""

    word: Word
    format: FormatUse
    span: Span | None
    integral: bool


@record(frozen=True, slots=True)
class WordNumber:
    """`signed(word)` or `unsigned(word)`."""

    word: Word
    signed: bool

    @property
    def span(self) -> Span | None:
        bits = self.word.width
        return (
            Span(0, -(1 << bits - 1), (1 << bits - 1) - 1)
            if self.signed
            else Span(0, 0, (1 << bits) - 1)
        )

    @property
    def integral(self) -> bool:
        return True


@record(frozen=True, slots=True)
class BitCount:
    """`clz`, `ctz` or `popcount` of a word; clz and ctz of 0 are its width."""

    op: str
    word: Word

    @property
    def span(self) -> Span | None:
        return Span(0, 0, self.word.width)

    @property
    def integral(self) -> bool:
        return True


@record(frozen=True, slots=True)
class NumberLocal:
    name: str
    span: Span | None
    integral: bool


@record(frozen=True, slots=True)
class NumberOp:
    """An exact operation: `+ - *`, `minimum maximum`. All but the last two keep monomials."""

    op: str
    left: Number
    right: Number
    span: Span | None
    integral: bool


@record(frozen=True, slots=True)
class NumberFunction:
    """`- abs sign sqrt exponent log antilog`, of one number."""

    op: str
    value: Number
    span: Span | None
    integral: bool


@record(frozen=True, slots=True)
class Quotient:
    """`a / b`: it may only be rounded, negated, scaled or compared (the checker sees to it)."""

    left: Number
    right: Number

    @property
    def span(self) -> Span | None:
        return None

    @property
    def integral(self) -> bool:
        return False


@record(frozen=True, slots=True)
class Scale:
    """`value * 2**power`, exact, with a constant power."""

    value: Number
    power: int
    span: Span | None
    integral: bool


@record(frozen=True, slots=True)
class Shift:
    """`integer << word` (exact) or `integer >> word` (floor), for integral numbers."""

    op: str
    value: Number
    amount: Word
    span: Span | None

    @property
    def integral(self) -> bool:
        return True


@record(frozen=True, slots=True)
class Truncate:
    """The number without its bits below 2**exponent, toward zero."""

    value: Number
    exponent: Number
    span: Span | None

    @property
    def integral(self) -> bool:
        return False


@record(frozen=True, slots=True)
class Rounded:
    """`format(number)`: rounded once and a number again; its flags travel with it."""

    number: Number
    format: FormatUse
    mode: Mode
    span: Span | None
    integral: bool


@record(frozen=True, slots=True)
class NumberSelect:
    condition: Truth
    then: Number
    otherwise: Number
    span: Span | None
    integral: bool


Number: TypeAlias = (
    Exact
    | Decode
    | WordNumber
    | BitCount
    | NumberLocal
    | NumberOp
    | NumberFunction
    | Quotient
    | Scale
    | Shift
    | Truncate
    | Rounded
    | NumberSelect
)

# Truths -----------------------------------------------------------------------------------------


@record(frozen=True, slots=True)
class CompareWords:
    op: str  # == != < <= > >=, unsigned
    left: Word
    right: Word


@record(frozen=True, slots=True)
class CompareNumbers:
    """Ordered comparisons raise NV on a NaN unless `quiet`; == and != are always quiet."""

    op: str
    left: Number
    right: Number
    quiet: bool


@record(frozen=True, slots=True)
class Truthy:
    """A constant, where the checker has already decided."""

    value: bool


@record(frozen=True, slots=True)
class Not:
    truth: Truth


@record(frozen=True, slots=True)
class Both:
    left: Truth
    right: Truth


@record(frozen=True, slots=True)
class Either:
    left: Truth
    right: Truth


@record(frozen=True, slots=True)
class TruthLocal:
    name: str


Truth: TypeAlias = CompareWords | CompareNumbers | Truthy | Not | Both | Either | TruthLocal
