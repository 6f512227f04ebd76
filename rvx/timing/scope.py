"""What names mean in the cost expressions of a core's text, for one instruction word."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

from rvx.description import syntax
from rvx.description.syntax import DescriptionError, Expression
from rvx.model.machine import CsrOperand, Instruction, Machine
from rvx.record import record
from rvx.timing.outcome import Outcome
from rvx.timing.state import Register
from rvx.timing.terms import Term, compile_term, names_in

# Compiles an expression over an instruction's operands, given the constants that it may name. The
# result reads the hart's frame (`Outcome.frame`) and gives an integer; a truth is 0 or 1.
CompileExpression: TypeAlias = Callable[
    [Instruction, Expression, Mapping[str, int]], Callable[[Any], int]
]

_OF_OUTCOME = ("address", "taken", "writes_csr")
# Names to which a core's text gives a meaning. An expression that has one of them is evaluated
# here; one that has operands and none of them means what it would in the instruction's body.
_OWN_NAMES = {*_OF_OUTCOME, "csr", "word", "straddles"}


@record(frozen=True, slots=True, eq=False)
class OfOutcome:
    """What the outcome says itself, by its name there."""

    name: str

    def __call__(self, outcome: Outcome) -> int:
        return int(getattr(outcome, self.name))


@record(frozen=True, slots=True, eq=False)
class Straddles:
    """Whether the memory access crosses a line of so many bytes."""

    line: int

    def __call__(self, outcome: Outcome) -> int:
        return straddles(outcome.address, outcome.size, self.line)


@record(frozen=True, slots=True, eq=False)
class OverOperands:
    """An expression over the instruction's operands, as the hart's `evaluate` computes it."""

    evaluate: Callable[[Any], int]

    def __call__(self, outcome: Outcome) -> int:
        return self.evaluate(outcome.frame)


@record(frozen=True, slots=True, eq=False)
class Checked:
    """A number of cycles of which fewer than `least` make no sense."""

    value: Callable[[Outcome], int]
    least: int
    e: Expression

    def __call__(self, outcome: Outcome) -> int:
        return _checked(self.value(outcome), self.least, self.e)


class Vocabulary:
    """What is the same for all words: parameters, CSRs, and expressions over operands."""

    def __init__(
        self,
        machine: Machine,
        parameters: Mapping[str, int],
        known: Collection[str],
        compile_operands: CompileExpression,
    ) -> None:
        self.parameters = parameters
        self.line = machine.xlen // 8  # bytes that one access can get
        self._csrs = machine.csrs
        self._known = known
        self._compile = compile_operands
        # By the identity of the text's nodes, which live as long as the core.
        self._compiled: dict[tuple[str, int], Callable[[Any], int]] = {}
        self._names: dict[int, frozenset[str]] = {}

    def names(self, e: Expression) -> frozenset[str]:
        """Every name in an expression."""
        if id(e) not in self._names:
            self._names[id(e)] = frozenset(name.id for name in names_in(e))
        return self._names[id(e)]

    def over_operands(self, instruction: Instruction, e: Expression) -> Callable[[Outcome], int]:
        """An expression that means what it would in the instruction's body."""
        key = (instruction.mnemonic, id(e))
        if key not in self._compiled:
            self._compiled[key] = self._compile(instruction, e, self.parameters)
        return OverOperands(self._compiled[key])

    def csr(self, name: str) -> int | None:
        """A CSR's number; -1 if only other machines have it, None if none has."""
        if name in self._csrs:
            return self._csrs[name].address
        return -1 if name in self._known else None


class Scope:
    """One word: an instruction with its operands' field values, or none."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        instruction: Instruction | None,
        fields: Mapping[str, int],
        word: int,
    ) -> None:
        self._vocabulary = vocabulary
        self._instruction = instruction
        self._word = word
        operands = instruction.operands if instruction else {}
        self._operands = operands.keys()
        csrs = [fields[n] for n, operand in operands.items() if isinstance(operand, CsrOperand)]
        self._csr = csrs[0] if csrs else None
        self.was_asked = False  # for what another word of the instruction may answer otherwise

    def term(self, e: Expression) -> Term[Outcome]:
        """The expression's value for this word, or how to get it from the outcome."""
        return compile_term(e, self._leaf)

    def cycles(self, e: Expression, least: int) -> Term[Outcome]:
        """As `term`, for a number of cycles of which fewer than `least` make no sense."""
        term = self.term(e)
        if isinstance(term, int):
            return _checked(term, least, e)
        return Checked(term, least, e)

    def register(self, e: Expression) -> Register:
        """A register that the text names, as `f[word[24:20]]`."""
        assert isinstance(e, syntax.Index)
        assert isinstance(e.value, syntax.Name)
        return (e.value.id, self._constant(e.index))

    def _constant(self, e: Expression) -> int:
        found = self.term(e)
        if isinstance(found, int):
            return found
        raise DescriptionError(e.at, "only the instruction word can decide this")

    def _leaf(self, e: Expression) -> Term[Outcome] | None:
        match e:
            case syntax.Name(id) if id in self._vocabulary.parameters:
                return self._vocabulary.parameters[id]
            case syntax.Name(id) if id in _OF_OUTCOME:
                return OfOutcome(id)
            case syntax.Name("csr" | "word" as id):
                self.was_asked = True
                return self._csr if id == "csr" else self._word
            case syntax.Slice(syntax.Name("word"), high, low):
                self.was_asked = True
                first = self._constant(low)
                return self._word >> first & (1 << self._constant(high) - first + 1) - 1
            case syntax.Index(syntax.Name("word"), bit, None):
                self.was_asked = True
                return self._word >> self._constant(bit) & 1
            case syntax.Call(syntax.Name("straddles"), (syntax.Name("address"),)):
                return Straddles(self._vocabulary.line)
            case syntax.Call(syntax.Name("straddles")):
                raise DescriptionError(e.at, "only straddles(address) means something here")
            case syntax.Integer():
                return None
        names = self._vocabulary.names(e)
        is_call = isinstance(e, syntax.Call)
        if self._instruction and (is_call or names & self._operands) and not names & _OWN_NAMES:
            return self._vocabulary.over_operands(self._instruction, e)
        if isinstance(e, syntax.Name):
            return self._named(e)
        return None

    def _named(self, name: syntax.Name) -> int:
        if (number := self._vocabulary.csr(name.id)) is not None:
            return number
        who = self._instruction.mnemonic if self._instruction else "an illegal word"
        raise DescriptionError(
            name.at, f"'{name.id}' is no parameter, no CSR and no operand of {who}"
        )


def straddles(address: int, size: int, line: int) -> bool:
    """Whether `size` bytes from this address do not all lie in one line of so many bytes."""
    return address % line + size > line


def _checked(cycles: int, least: int, e: Expression) -> int:
    if cycles < least:
        raise DescriptionError(e.at, f"this is {cycles} cycles; the least possible is {least}")
    return int(cycles)
