"""The checked machine: register files, state, CSRs, instructions. Everything else follows from it.

All of it is frozen and free of syntax; names are resolved and widths are known. The texts kept
(`doc`, `text`) are for the reference pages only.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TypeAlias

from rvx.model.encoding import Encoding, Field
from rvx.model.expression import FormatUse, State, Truth, Word
from rvx.model.statement import Statement
from rvx.model.walk import nodes
from rvx.number import Rounding
from rvx.record import record

# Storage ----------------------------------------------------------------------------------------


@record(frozen=True, eq=False)
class RegisterFile:
    name: str
    count: int
    width: int  # bits
    zero: int | None  # the register that reads as zero
    boxed: bool  # narrower numbers are NaN-boxed
    names: tuple[tuple[str, ...], ...]  # ABI names, by number; the first is the preferred one
    needs: (
        Truth | None
    )  # an instruction that names a register of this file needs this, or is illegal
    marks: tuple[Statement, ...]  # what writing a register of this file also does
    doc: str = ""

    def index_of(self, name: str) -> int | None:
        """The number of a register by any of its names, or None."""
        return self._numbers.get(name)

    def name_of(self, index: int) -> str:
        """The preferred name: the ABI's where there is one."""
        return self.names[index][0] if self.names else f"{self.name}{index}"

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        numbers = {f"{self.name}{i}": i for i in range(self.count)}
        for i, names in enumerate(self.names):
            numbers.update(dict.fromkeys(names, i))
        return numbers


@record(frozen=True)
class StateElement:
    """A declared state (`count` elements of `width` bits); `format` where it holds numbers."""

    name: str
    width: int
    count: int
    reset: tuple[int, ...]
    mode: bool  # code may be specialised on it
    format: FormatUse | None
    extension: str
    doc: str = ""
    marks: tuple[Statement, ...] = ()  # what accruing into it also does (fflags)


@record(frozen=True)
class Csr:
    """A CSR is an expression over state; a write goes to the parts that are state."""

    name: str
    address: int
    value: Word
    write: tuple[Statement, ...]  # over the word local "value"
    needs: Truth | None
    extension: str
    doc: str = ""

    @property
    def is_read_only(self) -> bool:
        return self.address >> 10 == 0b11  # privileged manual 2.1

    @property
    def privilege(self) -> int:
        return self.address >> 8 & 3


@record(frozen=True)
class Port:
    """A register of a device: a word of memory that is an expression over state, as a CSR is."""

    name: str
    address: int
    value: Word
    write: tuple[Statement, ...]  # over the word local "value"
    extension: str
    doc: str = ""


@record(frozen=True)
class Interrupt:
    """Taken before an instruction while the condition holds; nothing else has to happen for it."""

    cause: int  # as mcause has it
    condition: Truth
    extension: str
    doc: str = ""


# Operands ---------------------------------------------------------------------------------------


@record(frozen=True)
class WordView:
    """Plain bits, the whole register."""


@record(frozen=True)
class NumberView:
    """One number, in the low bits of the register."""

    format: FormatUse
    width: int


@record(frozen=True)
class LanesView:
    """`count` numbers, lane 0 in the lowest bits."""

    format: FormatUse
    width: int  # of one lane
    count: int


View: TypeAlias = "WordView | NumberView | LanesView"


@record(frozen=True)
class RegisterOperand:
    field: Field
    file: RegisterFile
    view: View
    first: int = 0  # a subset's field selects registers from here

    @property
    def name(self) -> str:
        return self.field.name


@record(frozen=True)
class ImmediateOperand:
    field: Field
    is_target: bool  # added to pc: assembly writes the address it leads to

    @property
    def name(self) -> str:
        return self.field.name


@record(frozen=True)
class LettersOperand:
    """Bits with letters, most significant first: `fence iorw, rw`."""

    field: Field
    letters: str

    @property
    def name(self) -> str:
        return self.field.name


@record(frozen=True)
class CsrOperand:
    field: Field

    @property
    def name(self) -> str:
        return self.field.name


@record(frozen=True)
class RoundingOperand:
    field: Field

    @property
    def name(self) -> str:
        return self.field.name


Operand: TypeAlias = (
    "RegisterOperand | ImmediateOperand | LettersOperand | CsrOperand | RoundingOperand"
)

# Assembly syntax: the signature's shape. An alias's operands have the same shapes.


@record(frozen=True)
class Plain:
    operand: Operand


@record(frozen=True)
class Address:
    """`offset(base)`, or `(base)` where there is no offset."""

    offset: Operand | None
    base: Operand


@record(frozen=True)
class Optional:
    """May be left out; then the field holds `default`."""

    operand: Operand
    default: int


SyntaxItem: TypeAlias = "Plain | Address | Optional"

# Instructions -----------------------------------------------------------------------------------


@record(frozen=True, eq=False)
class Instruction:
    mnemonic: str
    extension: str
    encoding: Encoding
    match: int
    mask: int
    excluded: tuple[tuple[str, int], ...]  # `where field != value`
    syntax: tuple[SyntaxItem, ...]
    body: tuple[Statement, ...]
    needs: tuple[Truth, ...]  # or illegal instruction
    rounds: bool  # uses the dynamic rounding mode: its rm field, else frm
    text: str  # the body as written
    doc: str
    source: str  # file:line:column of the declaration
    classes: frozenset[str]  # load store branch jump csr trap, derived from the body
    reads: tuple[str, ...]  # register operands read, in field order
    writes: tuple[str, ...]  # register operands written
    long: Long | None = None  # what a short form stands for; then the body is the long one's

    @property
    def length(self) -> int:
        """Bytes."""
        return self.encoding.width // 8

    @cached_property
    def operands(self) -> Mapping[str, Operand]:
        """Operands by field name, in assembly order."""
        return {operand.name: operand for operand in operands_of(self.syntax)}

    @property
    def rm(self) -> RoundingOperand | None:
        match self.operands.get("rm"):
            case RoundingOperand() as operand:
                return operand
        return None

    def encode(self, **fields: int) -> int:
        """The instruction word. Values are by field name; raises FieldError where one does not
        fit, KeyError where one is missing (optional operands take their default)."""
        word = self.match
        for item in self.syntax:
            if isinstance(item, Optional):
                fields.setdefault(item.operand.name, item.default)
        for name, operand in self.operands.items():
            word |= operand.field.encode(fields[name])
        return word

    def decode(self, word: int) -> dict[str, int]:
        """The operands' field values, in assembly order."""
        return {name: operand.field.decode(word) for name, operand in self.operands.items()}

    def expand(self, fields: Mapping[str, int]) -> tuple[Instruction, Mapping[str, int]]:
        """The instruction that executes, with its fields: of a short form the long one."""
        if self.long is None:
            return self, fields
        numbers = {
            name: fields[name] + (operand.first if isinstance(operand, RegisterOperand) else 0)
            for name, operand in self.operands.items()
        }
        target = self.long.target
        filled = {
            name: value if isinstance(value, int) else value.of(numbers)
            for name, value in self.long.arguments.items()
        }
        return target, {
            name: value & (1 << operand.field.top) - 1 if value < operand.field.low else value
            for name, operand in target.operands.items()
            for value in (filled[name],)
        }

    def matches(self, word: int) -> bool:
        """Whether the word is this instruction."""
        return word & self.mask == self.match and all(
            self.encoding.by_name[name].decode(word) != value for name, value in self.excluded
        )


def operands_of(syntax: tuple[SyntaxItem, ...]) -> list[Operand]:
    """The operands of a signature, in assembly order."""
    found: list[Operand] = []
    for item in syntax:
        match item:
            case Plain(operand) | Optional(operand):
                found.append(operand)
            case Address(offset, base):
                found += [base] if offset is None else [offset, base]
    return found


# A pseudo-instruction: its own signature, and how each field of the target is filled.


@record(frozen=True)
class FromOperand:
    """The target's field takes the alias operand's value (negated where written `-name`)."""

    name: str
    negated: bool = False

    def of(self, fields: Mapping[str, int]) -> int:
        """The value, from the fields of the alias or short form."""
        return -fields[self.name] if self.negated else fields[self.name]


@record(frozen=True, eq=False)
class Long:
    """The instruction that a short form stands for: `= lw rd, uimm(rs1)`."""

    target: Instruction
    arguments: Mapping[str, int | FromOperand]  # by the target's field name


@record(frozen=True, eq=False)
class Alias:
    mnemonic: str
    target: Instruction
    syntax: tuple[SyntaxItem, ...]
    arguments: Mapping[str, int | FromOperand]  # by the target's field name
    doc: str = ""


@record(frozen=True)
class Trap:
    """What a trap does, over the word locals "cause" and "value"."""

    body: tuple[Statement, ...]


@record(frozen=True)
class Extension:
    name: str
    requires: tuple[str, ...]
    doc: str
    source: str


@record(frozen=True, eq=False)
class Machine:
    """One machine: an ISA string made whole."""

    isa: str  # canonical, as in -march
    xlen: int
    flen: int
    extensions: tuple[Extension, ...]
    files: Mapping[str, RegisterFile]
    states: Mapping[str, StateElement]
    csrs: Mapping[str, Csr]
    instructions: Mapping[str, Instruction]  # by mnemonic
    aliases: tuple[Alias, ...]
    roundings: Mapping[int, Rounding | None]  # rm code -> mode; None: dynamic (frm)
    rounding_names: Mapping[str, int]
    formats: Mapping[str, FormatUse]
    options: Mapping[str, str]
    trap: Trap | None
    ports: tuple[Port, ...]
    interrupts: tuple[Interrupt, ...]  # by priority, the highest first
    scope: object  # the description's names, for texts that are read later: a core's
    digest: str = ""  # of all that has made it: machines of one digest are equal

    @cached_property
    def csr_at(self) -> Mapping[int, Csr]:
        return {csr.address: csr for csr in self.csrs.values()}

    @cached_property
    def interrupt_states(self) -> frozenset[str]:
        """The states that decide whether an interrupt is pending."""
        conditions = tuple(interrupt.condition for interrupt in self.interrupts)
        return frozenset(node.name for node in nodes(conditions) if isinstance(node, State))

    @cached_property
    def ialign(self) -> int:
        """Instruction address alignment in bytes: that of the shortest instruction."""
        return min((i.length for i in self.instructions.values()), default=4)
