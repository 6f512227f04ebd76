"""The syntax tree of a description: what was written, and where.

Nothing here is resolved: names are names, families are not yet expanded, no format has a width.
`rvx.description.machine` turns this tree into the checked model.
"""

from __future__ import annotations

from typing import TypeAlias

from rvx.description.core_syntax import (
    ClassRule,
    CoreDeclaration,
    CostRule,
    FetchRule,
    HoldRule,
    IsaRule,
    Kind,
    KindAll,
    KindAny,
    KindNames,
    KindNot,
    KindWrites,
    OverlapRule,
    Parameter,
    RedirectAfter,
    RedirectFrom,
    Rule,
    UnitRule,
)
from rvx.description.expression_syntax import (
    Aligned,
    As,
    Assign,
    Attribute,
    Binary,
    Call,
    Concat,
    DescriptionError,
    Expression,
    Fold,
    For,
    If,
    Index,
    Integer,
    Let,
    Member,
    Name,
    Position,
    Raise,
    Range,
    Relation,
    RoundingUse,
    Select,
    Slice,
    Statement,
    Unary,
    Var,
)
from rvx.record import record

__all__ = [
    "AddressOperand",
    "AliasDeclaration",
    "Aligned",
    "As",
    "Assign",
    "Attribute",
    "Binary",
    "Call",
    "ChoiceDeclaration",
    "ClassRule",
    "Concat",
    "ConstantDeclaration",
    "CoreDeclaration",
    "CostRule",
    "CsrDeclaration",
    "Declaration",
    "Description",
    "DescriptionError",
    "EncodingDeclaration",
    "EncodingField",
    "Expression",
    "ExtensionDeclaration",
    "FamilyDeclaration",
    "FetchRule",
    "Fold",
    "For",
    "FormatDeclaration",
    "FunctionDeclaration",
    "HoldRule",
    "If",
    "Index",
    "InstructionDeclaration",
    "Integer",
    "InterruptDeclaration",
    "IsaRule",
    "Kind",
    "KindAll",
    "KindAny",
    "KindNames",
    "KindNot",
    "KindWrites",
    "Let",
    "Letters",
    "Member",
    "Name",
    "Operand",
    "OptionDeclaration",
    "OptionalOperand",
    "OverlapRule",
    "Parameter",
    "Pattern",
    "PlainOperand",
    "PortDeclaration",
    "Position",
    "Property",
    "Raise",
    "Range",
    "RedirectAfter",
    "RedirectFrom",
    "RegistersDeclaration",
    "Relation",
    "RoundingCode",
    "RoundingDeclaration",
    "RoundingUse",
    "Rule",
    "Select",
    "Setting",
    "Slice",
    "StateDeclaration",
    "Statement",
    "TrapDeclaration",
    "Unary",
    "UnitRule",
    "Var",
    "View",
]


@record(frozen=True, slots=True)
class Setting:
    name: str | None
    value: Expression
    at: Position


@record(frozen=True, slots=True)
class FormatDeclaration:
    """`format name = family(settings);`"""

    name: Name
    family: Name
    settings: tuple[Setting, ...]
    doc: str
    at: Position


@record(frozen=True, slots=True)
class ChoiceDeclaration:
    """`format name = choose selector { a, b };`: one encoding, its format chosen at run time."""

    name: Name
    selector: Expression
    formats: tuple[Name, ...]
    doc: str
    at: Position


@record(frozen=True, slots=True)
class RoundingCode:
    name: Name
    code: int
    kind: Name | None


@record(frozen=True, slots=True)
class RoundingDeclaration:
    codes: tuple[RoundingCode, ...]
    at: Position


@record(frozen=True, slots=True)
class EncodingField:
    """A field as drawn: its name and the value bits it holds, most significant slice first."""

    name: Name
    slices: tuple[tuple[int, int], ...]  # (high, low) of the value
    sliced: bool  # drawn as name[...]: an immediate; otherwise name:width


@record(frozen=True, slots=True)
class EncodingDeclaration:
    name: Name
    fields: tuple[EncodingField, ...]
    at: Position


@record(frozen=True, slots=True)
class FunctionDeclaration:
    name: Name
    parameters: tuple[Name, ...]
    body: Expression
    at: Position


@record(frozen=True, slots=True)
class TrapDeclaration:
    cause: Name
    value: Name
    body: tuple[Statement, ...]
    at: Position


@record(frozen=True, slots=True)
class Property:
    """`zero 0`, `boxed`, `needs fs != 0`, `marks fs = 3`, `names ra sp t0..t2 s0/fp`."""

    name: str
    value: Expression | None
    assigned: Expression | None
    names: tuple[tuple[str, ...], ...]
    at: Position


@record(frozen=True, slots=True)
class RegistersDeclaration:
    name: Name
    count: int
    width: Expression
    properties: tuple[Property, ...]
    doc: str
    at: Position


@record(frozen=True, slots=True)
class StateDeclaration:
    name: Name
    mode: bool
    count: int | None
    type: Name
    settings: tuple[Setting, ...]
    reset: Expression | None
    element: Name | None  # what the number of the element is called in `reset`
    properties: tuple[Property, ...]
    doc: str
    at: Position


@record(frozen=True, slots=True)
class CsrDeclaration:
    address: Expression
    name: str
    value: Expression | None
    properties: tuple[Property, ...]
    doc: str
    at: Position


@record(frozen=True, slots=True)
class PortDeclaration:
    """A word of memory that is a register of a device; written as a CSR is."""

    address: Expression
    name: str
    value: Expression | None
    properties: tuple[Property, ...]
    doc: str
    at: Position


@record(frozen=True, slots=True)
class InterruptDeclaration:
    cause: Expression
    condition: Expression
    doc: str
    at: Position


@record(frozen=True, slots=True)
class OptionDeclaration:
    name: Name
    choices: tuple[Name, ...]
    default: Name
    doc: str
    at: Position


@record(frozen=True, slots=True)
class ConstantDeclaration:
    """`constant flen = 32;`: where several extensions declare it, the largest counts."""

    name: Name
    value: Expression
    at: Position


@record(frozen=True, slots=True)
class FamilyDeclaration:
    names: tuple[Name, ...]
    entries: tuple[tuple[Expression, ...], ...]
    members: tuple[Declaration, ...]
    at: Position


@record(frozen=True, slots=True)
class View:
    """`x`, `f<fp32>`, `f<4 x e5m2>`, `f<* x half>`: lanes None means no `N x` was written."""

    file: Name
    lanes: Expression | str | None  # "*": as many as the register holds
    format: Name | None


@record(frozen=True, slots=True)
class Letters:
    """An operand whose bits have letters, most significant first: `pred: letters iorw`."""

    letters: str


@record(frozen=True, slots=True)
class PlainOperand:
    name: Name
    type: View | Letters | None  # None: an immediate, csr or rm, by its field


@record(frozen=True, slots=True)
class AddressOperand:
    """`imm(rs1: x)`, or `(rs1: x)` with no offset."""

    offset: Name | None
    base: PlainOperand


@record(frozen=True, slots=True)
class OptionalOperand:
    operand: PlainOperand


Operand: TypeAlias = "PlainOperand | AddressOperand | OptionalOperand"


@record(frozen=True, slots=True)
class Pattern:
    encoding: Name
    constants: tuple[tuple[Name, Expression], ...]
    at: Position


@record(frozen=True, slots=True)
class InstructionDeclaration:
    mnemonic: str
    operands: tuple[Operand, ...]
    pattern: Pattern
    conditions: tuple[Expression, ...]
    body: tuple[Statement, ...]
    text: str  # the body as written, for the reference pages
    doc: str
    at: Position


@record(frozen=True, slots=True)
class AliasDeclaration:
    """`alias mv rd: x, rs1: x = addi rd, rs1, 0;`"""

    mnemonic: str
    operands: tuple[Operand, ...]
    target: str
    arguments: tuple[Expression, ...]
    doc: str
    at: Position


@record(frozen=True, slots=True)
class ShortFormDeclaration:
    """`instruction c.lw rd: xc, uimm(rs1: xc) is CL(...) = lw rd, uimm(rs1);`"""

    mnemonic: str
    operands: tuple[Operand, ...]
    pattern: Pattern
    conditions: tuple[Expression, ...]
    target: str
    arguments: tuple[Expression, ...]
    text: str  # what it stands for, as written
    doc: str
    at: Position


@record(frozen=True, slots=True)
class SubsetDeclaration:
    """`subset xc = x[8..15];`: the registers that a narrow field selects."""

    name: Name
    file: Name
    first: int
    last: int
    at: Position


@record(frozen=True, slots=True)
class ExtensionDeclaration:
    name: Name
    requires: tuple[Name, ...]
    joins: tuple[Name, ...]  # it is in every machine that has all of these
    members: tuple[Declaration, ...]
    doc: str
    at: Position


Declaration: TypeAlias = (
    "FormatDeclaration | ChoiceDeclaration | RoundingDeclaration"
    " | EncodingDeclaration | FunctionDeclaration | TrapDeclaration"
    " | RegistersDeclaration | StateDeclaration | CsrDeclaration | OptionDeclaration"
    " | PortDeclaration | InterruptDeclaration"
    " | ConstantDeclaration | FamilyDeclaration | InstructionDeclaration | AliasDeclaration"
    " | ShortFormDeclaration | SubsetDeclaration | ExtensionDeclaration | CoreDeclaration"
)


@record(frozen=True, slots=True)
class Description:
    """One file: its declarations in order."""

    file: str
    declarations: tuple[Declaration, ...]
