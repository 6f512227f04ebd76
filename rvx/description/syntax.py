"""The syntax tree of a description: what was written, and where.

Nothing here is resolved: names are names, families are not yet expanded, no format has a width.
`rvx.description.elaborate` turns this tree into the checked model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a description: file name, line and column, both from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class DescriptionError(Exception):
    """A description that cannot be accepted: `file:line:column: what is wrong, what to do`."""

    def __init__(self, at: Position | None, message: str) -> None:
        super().__init__(f"{at}: {message}" if at else message)
        self.at = at
        self.message = message


# Expressions ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name:
    id: str
    at: Position


@dataclass(frozen=True, slots=True)
class Integer:
    value: int
    at: Position


@dataclass(frozen=True, slots=True)
class Unary:
    op: str  # - ~ not
    operand: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class Binary:
    op: str  # + - * / % & | ^ << >> == != < <= > >= and or
    left: Expression
    right: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class Select:
    condition: Expression
    then: Expression
    otherwise: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class Member:
    """`value in [a, b, c]`."""

    value: Expression
    choices: tuple[Expression, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Call:
    function: Name | Integer  # an integer where the text is an address: `0(rs1)`
    arguments: tuple[Expression, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Fold:
    """`sum(body for index in range)`, and likewise minimum and maximum."""

    function: Name
    body: Expression
    index: Name
    range: Range
    at: Position


@dataclass(frozen=True, slots=True)
class Index:
    """`value[index]`, or `memory[address, bytes]`."""

    value: Expression
    index: Expression
    size: Expression | None
    at: Position


@dataclass(frozen=True, slots=True)
class Slice:
    """`value[high:low]`, both inclusive."""

    value: Expression
    high: Expression
    low: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class Concat:
    """`{a, b}`, most significant first."""

    parts: tuple[Expression, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class As:
    """`word as format`: reinterpret the bits."""

    value: Expression
    format: Name
    at: Position


@dataclass(frozen=True, slots=True)
class Aligned:
    """`aligned memory[...]`: trap where misaligned, whatever the machine does otherwise."""

    value: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class Attribute:
    """`stage.property`, in the text of a core."""

    value: Expression
    name: str
    at: Position


@dataclass(frozen=True, slots=True)
class Relation:
    """`execute is load`, `decode reads execute.rd`, `fpu owes decode`, in the text of a core."""

    op: str  # is reads owes
    left: Expression
    right: Expression
    at: Position


Expression: TypeAlias = (
    "Name | Integer | Unary | Binary | Select | Member | Call | Fold | Index | Slice"
    " | Concat | As | Aligned | Attribute | Relation"
)


@dataclass(frozen=True, slots=True)
class Range:
    """`in rd` (its lanes, stop is None) or `in 0..8`."""

    start: Expression
    stop: Expression | None


# Statements -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Let:
    name: Name
    value: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class Var:
    name: Name
    format: Name | None
    value: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class Assign:
    target: Expression
    value: Expression
    rounding: Name | None
    at: Position


@dataclass(frozen=True, slots=True)
class For:
    index: Name
    range: Range
    body: tuple[Statement, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class If:
    condition: Expression
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Raise:
    cause: Expression
    value: Expression | None
    at: Position


Statement: TypeAlias = "Let | Var | Assign | For | If | Raise"

# Declarations -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Setting:
    name: str | None
    value: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class FormatDeclaration:
    """`format name = family(settings);`"""

    name: Name
    family: Name
    settings: tuple[Setting, ...]
    doc: str
    at: Position


@dataclass(frozen=True, slots=True)
class ChoiceDeclaration:
    """`format name = choose selector { a, b };`: one encoding, its format chosen at run time."""

    name: Name
    selector: Expression
    formats: tuple[Name, ...]
    doc: str
    at: Position


@dataclass(frozen=True, slots=True)
class RoundingCode:
    name: Name
    code: int
    kind: Name | None


@dataclass(frozen=True, slots=True)
class RoundingDeclaration:
    codes: tuple[RoundingCode, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class EncodingField:
    """A field as drawn: its name and the value bits it holds, most significant slice first."""

    name: Name
    slices: tuple[tuple[int, int], ...]  # (high, low) of the value
    sliced: bool  # drawn as name[...]: an immediate; otherwise name:width


@dataclass(frozen=True, slots=True)
class EncodingDeclaration:
    name: Name
    fields: tuple[EncodingField, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class FunctionDeclaration:
    name: Name
    parameters: tuple[Name, ...]
    body: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class TrapDeclaration:
    cause: Name
    value: Name
    body: tuple[Statement, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Property:
    """`zero 0`, `boxed`, `needs fs != 0`, `marks fs = 3`, `names ra sp t0..t2 s0/fp`."""

    name: str
    value: Expression | None
    assigned: Expression | None
    names: tuple[tuple[str, ...], ...]
    at: Position


@dataclass(frozen=True, slots=True)
class RegistersDeclaration:
    name: Name
    count: int
    width: Expression
    properties: tuple[Property, ...]
    doc: str
    at: Position


@dataclass(frozen=True, slots=True)
class StateDeclaration:
    name: Name
    mode: bool
    count: int | None
    type: Name
    settings: tuple[Setting, ...]
    reset: Expression | None
    doc: str
    at: Position


@dataclass(frozen=True, slots=True)
class CsrDeclaration:
    address: Expression
    name: str
    value: Expression | None
    properties: tuple[Property, ...]
    doc: str
    at: Position


@dataclass(frozen=True, slots=True)
class OptionDeclaration:
    name: Name
    choices: tuple[Name, ...]
    default: Name
    doc: str
    at: Position


@dataclass(frozen=True, slots=True)
class ConstantDeclaration:
    """`constant flen = 32;`: where several extensions declare it, the largest counts."""

    name: Name
    value: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class FamilyDeclaration:
    names: tuple[Name, ...]
    entries: tuple[tuple[Expression, ...], ...]
    members: tuple[Declaration, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class View:
    """`x`, `f<fp32>`, `f<4 x e5m2>`, `f<* x half>`: lanes None means no `N x` was written."""

    file: Name
    lanes: Expression | str | None  # "*": as many as the register holds
    format: Name | None


@dataclass(frozen=True, slots=True)
class Letters:
    """An operand whose bits have letters, most significant first: `pred: letters iorw`."""

    letters: str


@dataclass(frozen=True, slots=True)
class PlainOperand:
    name: Name
    type: View | Letters | None  # None: an immediate, csr or rm, by its field


@dataclass(frozen=True, slots=True)
class AddressOperand:
    """`imm(rs1: x)`, or `(rs1: x)` with no offset."""

    offset: Name | None
    base: PlainOperand


@dataclass(frozen=True, slots=True)
class OptionalOperand:
    operand: PlainOperand


Operand: TypeAlias = "PlainOperand | AddressOperand | OptionalOperand"


@dataclass(frozen=True, slots=True)
class Pattern:
    encoding: Name
    constants: tuple[tuple[Name, Expression], ...]
    at: Position


@dataclass(frozen=True, slots=True)
class InstructionDeclaration:
    mnemonic: str
    operands: tuple[Operand, ...]
    pattern: Pattern
    conditions: tuple[Expression, ...]
    body: tuple[Statement, ...]
    text: str  # the body as written, for the reference pages
    doc: str
    at: Position


@dataclass(frozen=True, slots=True)
class AliasDeclaration:
    """`alias mv rd: x, rs1: x = addi rd, rs1, 0;`"""

    mnemonic: str
    operands: tuple[Operand, ...]
    target: str
    arguments: tuple[Expression, ...]
    doc: str
    at: Position


@dataclass(frozen=True, slots=True)
class ExtensionDeclaration:
    name: Name
    requires: tuple[Name, ...]
    members: tuple[Declaration, ...]
    doc: str
    at: Position


Declaration: TypeAlias = (
    "FormatDeclaration | ChoiceDeclaration | RoundingDeclaration"
    " | EncodingDeclaration | FunctionDeclaration | TrapDeclaration"
    " | RegistersDeclaration | StateDeclaration | CsrDeclaration | OptionDeclaration"
    " | ConstantDeclaration | FamilyDeclaration | InstructionDeclaration | AliasDeclaration"
    " | ExtensionDeclaration | CoreDeclaration"
)

# Cores ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KindNames:
    """Instructions by mnemonic (`fcvt.*` with a star), extension or class."""

    names: tuple[str, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class KindWrites:
    """Instructions that write a register of a file: `writes x`."""

    file: Name
    at: Position


@dataclass(frozen=True, slots=True)
class KindNot:
    kind: Kind


@dataclass(frozen=True, slots=True)
class KindAll:
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class KindAny:
    kinds: tuple[Kind, ...]


Kind: TypeAlias = "KindNames | KindWrites | KindNot | KindAll | KindAny"


@dataclass(frozen=True, slots=True)
class ClassRule:
    name: Name
    kind: Kind
    at: Position


@dataclass(frozen=True, slots=True)
class CostRule:
    """`execute`, `result`, `latency`, `accept`, `every`, `reads` or `resume`, for a kind."""

    what: str
    kind: Kind
    guard: Expression | None
    values: tuple[Expression, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class RedirectFrom:
    """`redirect jalr from decode unless ...`."""

    kind: Kind
    stage: Name
    unless: Expression | None
    at: Position


@dataclass(frozen=True, slots=True)
class RedirectAfter:
    """`redirect taken: 3`: cycles from leaving decode to the target leaving decode."""

    kind: Kind
    cycles: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class FetchRule:
    cycles: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class HoldRule:
    reason: Name | None
    stage: Name
    guard: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class OverlapRule:
    guard: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class SharesRule:
    stage: Name
    guard: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class UnitRule:
    name: Name
    kind: Kind
    rules: tuple[CostRule | OverlapRule | SharesRule, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Parameter:
    name: Name
    low: int
    high: int
    default: int


@dataclass(frozen=True, slots=True)
class IsaRule:
    """`isa rv32imf_zicsr;`: the machine of the core, unless the user names another."""

    isa: str
    at: Position


Rule: TypeAlias = (
    "IsaRule | ClassRule | CostRule | RedirectFrom | RedirectAfter | FetchRule"
    " | HoldRule | UnitRule"
)


@dataclass(frozen=True, slots=True)
class CoreDeclaration:
    name: Name
    parameters: tuple[Parameter, ...]
    rules: tuple[Rule, ...]
    doc: str
    at: Position


@dataclass(frozen=True, slots=True)
class Description:
    """One file: its declarations in order."""

    file: str
    declarations: tuple[Declaration, ...]
