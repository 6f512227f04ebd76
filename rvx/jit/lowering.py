"""One instruction at one pc as native code: the twin of `rvx.reference.binding`.

`word`, `integer`, `truth` and `statement` take the nodes that the reference's take, and return what
holds their value instead of what computes it. What is known at translation is folded: operand
fields, pc, modes, the number of a CSR. Reads see the guest as before the instruction; effects are
collected and committed by `run`, after everything that might leave native code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rvx.jit import flow, integer, statement, truth, word
from rvx.jit.commit import commit, is_marked
from rvx.jit.effects import Choose, Effects, Locals, Pending, Untranslatable
from rvx.jit.facts import facts_of, is_heavy, is_long
from rvx.jit.guest import Guest
from rvx.jit.lanes import together
from rvx.jit.layout import Place
from rvx.jit.text import Function, literal
from rvx.model import ir
from rvx.model.machine import Instruction, Machine, RegisterOperand
from rvx.number import Format, Rounding

if TYPE_CHECKING:
    from rvx.jit.number.numbers import Numbers

__all__ = ["Effects", "Lowering", "Untranslatable", "rounding_mode"]


class Lowering:
    """Emits one instruction. `mode` is its rounding mode; `host_mode` that of the host, None: do
    not use the host's arithmetic; `sticky`: NX is set already, a spurious one does no harm."""

    def __init__(
        self,
        guest: Guest,
        numbers: Callable[[], Numbers],
        machine: Machine,
        instruction: Instruction,
        fields: Mapping[str, int],
        *,
        pc: int,
        length: int,
        mode: Rounding,
        host_mode: Rounding | None,
        sticky: bool,
        symbols: Mapping[str, str] | None = None,
        here: str | None = None,
    ) -> None:
        self.guest = guest
        self.out: Function = guest.out
        self._numbers = numbers  # asked for late: many programs have none
        self.machine = machine
        self.instruction = instruction
        self.fields = fields
        self.symbols = symbols or {}  # fields (i32) that only the run knows
        self.pc = pc
        self.here = here  # the pc (an i{xlen}) where only the run knows it
        self.length = length
        self.mode = mode
        self._sticky = sticky
        self.asked_sticky = False
        self.rounded: dict[ir.Encode, str] = {}  # codes of what was certainly rounded
        self.facts = facts_of(instruction)
        # The host's flags cannot be taken back where the instruction is left to the reference.
        may_leave = self.facts.leaves or not is_marked(machine, guest.modes)
        self.host_mode = None if may_leave else host_mode
        self.pending = Pending()
        self.locals: Locals = {}
        self.named: set[str] = set()  # locals that Numbers keeps
        self.condition = "1"  # i1: under which the current statement takes effect in this block
        self.nonzero: list[ir.Number] = []  # what cannot be 0 where code is being emitted
        self.csr_value: str | None = None
        self.accumulations: list[tuple[ir.SetState, Place]] = []
        self._depth = 0  # of control flow inside the instruction
        self._inlining = False  # nodes are a CSR's, not the instruction's

    @property
    def numbers(self) -> Numbers:
        """What computes exact number expressions."""
        return self._numbers()

    @property
    def sticky(self) -> bool:
        """Whether NX is set already. Who asks makes code that differs by it."""
        self.asked_sticky = True
        return self._sticky

    def quiet(self) -> Lowering:
        """A site for expressions of a core's text over the operands, which raise no flags. What
        the body has rounded already is at hand."""
        found = _Quiet(
            self.guest,
            self._numbers,
            self.machine,
            self.instruction,
            self.fields,
            pc=self.pc,
            length=self.length,
            mode=self.mode,
            host_mode=None,
            sticky=True,
        )
        found.rounded = self.rounded
        return found

    # The whole

    def run(self, before_commit: Callable[[], None] | None = None) -> Effects:
        """Emit everything; `before_commit` what needs the operands as they were, and can use what
        the body has computed. Raises Untranslatable, with no effect emitted."""
        for need in self.instruction.needs:
            self.refuse(self.out.op("xor", 1, self.truth(need), "1"))
        self.body(self.instruction.body)
        if before_commit is not None:
            before_commit()
        return commit(self)

    def body(self, statements: Sequence[ir.Statement]) -> None:
        """Emit the statements in order."""
        for s in together(self, statements):
            self.statement(s)

    # Nodes

    def word(self, e: ir.Word) -> str:
        """The word, an i{width}."""
        value = word.lower(self, e)
        if isinstance(e, ir.Encode) and self.is_certain:
            self.rounded[e] = value
        return value

    def truth(self, e: ir.Truth) -> str:
        """The truth, an i1. The flags of comparisons accrue."""
        return truth.lower(self, e)

    def integer(self, e: ir.Number) -> tuple[str, int]:
        """An integral number in two's complement, and its width; exact."""
        return integer.lower(self, e)

    def statement(self, s: ir.Statement) -> None:
        """Carry out the statement: set a local or note an effect."""
        statement.lower(self, s)

    # What nodes use

    def accrue(self, flags: str) -> None:
        """OR flags (an i32) into those that the instruction raises."""
        flags = self.out.select(self.condition, "i32", flags, "0")
        self.pending.flags = self.out.op("or", 32, self.pending.flags, flags)

    def choose(self, use: ir.FormatUse) -> Format | None:
        """The format in force; None: only the run can tell."""
        if isinstance(use, ir.Named):
            return use.format
        selected = literal(self.word(use.selector))
        return None if selected is None else use.formats[selected]

    def place(self, operand: str, file: str) -> Place:
        """The register that the operand's field selects."""
        found = self.instruction.operands[operand]
        assert isinstance(found, RegisterOperand)
        return Place("register", file, found.first + self.fields[operand])

    def is_heavy(self, node: object) -> bool:
        """Whether it deserves control flow where it lies under a condition."""
        return id(node) in self.facts.heavy or (self._inlining and is_heavy(node))

    def refuse(self, condition: str = "1") -> None:
        """Leave the instruction to the reference where the condition (an i1) holds here."""
        condition = self.out.op("and", 1, self.condition, condition)
        if condition == "1":
            raise Untranslatable
        self.guest.bail_if(condition)

    @contextmanager
    def inlined(self, values: Locals) -> Iterator[None]:
        """Lower nodes that are not the instruction's own, with locals of their own."""
        own, was, self.locals, self._inlining = self.locals, self._inlining, values, True
        try:
            yield
        finally:
            self.locals, self._inlining = own, was

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """Emit what has no result only where the condition (an i1) holds."""
        if condition == "1":
            yield
            return
        then, on = self.out.label("then"), self.out.label("on")
        self.out.branch(condition, then, on)
        self.out.begin(then)
        yield
        self.out.jump(on)
        self.out.begin(on)

    @contextmanager
    def without_host(self, applies: bool) -> Iterator[None]:
        """Emit what may be for nothing, so that the host must not raise its flags."""
        own, self.host_mode = self.host_mode, None if applies else self.host_mode
        try:
            yield
        finally:
            self.host_mode = own

    @property
    def is_certain(self) -> bool:
        """Whether what is emitted here is always executed."""
        return self._depth == 0 and self.condition == "1"

    def either(
        self,
        condition: str,
        type: str,
        then: Callable[[], str],
        otherwise: Callable[[], str],
        *,
        heavy: bool,
    ) -> str:
        """A value of one side of a condition (an i1). Heavy sides are executed only if chosen."""
        known = literal(condition)
        if known is not None:
            return then() if known else otherwise()
        if not heavy:
            return self.out.select(condition, type, then(), otherwise())
        values: list[str] = []

        def side(value: Callable[[], str]) -> Callable[[], None]:
            return lambda: values.append(value())

        choose = self.part(condition, side(then), side(otherwise))
        return choose(type, *values) if choose else values[0]

    def part(
        self, condition: str, then: Callable[[], None], otherwise: Callable[[], None]
    ) -> Choose | None:
        """Control flow: emit each side in a block of code of its own and join their effects.

        Returns what chooses between values of the sides, while nothing else has been emitted;
        None where only one side reaches the join. Raises Untranslatable where none does.
        """
        self._depth += 1
        try:
            return flow.part(self, condition, then, otherwise)
        finally:
            self._depth -= 1


class _Quiet(Lowering):
    """Raises no flags, and rounds nothing twice. A core's text tests first what is most often so:
    the rest of a long expression is not computed then."""

    def is_heavy(self, node: object) -> bool:
        """Whether it deserves control flow where it lies under a condition."""
        return is_long(node) or super().is_heavy(node)

    def word(self, e: ir.Word) -> str:
        """The word, an i{width}."""
        known = self.rounded.get(e) if isinstance(e, ir.Encode) else None
        return super().word(e) if known is None else known

    def accrue(self, flags: str) -> None:
        """Forget them."""


def rounding_mode(
    machine: Machine,
    instruction: Instruction,
    fields: Mapping[str, int],
    modes: Mapping[Place, int],
) -> Rounding:
    """The mode of the (expanded) instruction. Raises Untranslatable where it has none: illegal."""
    mode: Rounding | None = Rounding.RNE
    if instruction.rm is not None:
        if fields["rm"] not in machine.roundings:
            raise Untranslatable
        mode = machine.roundings[fields["rm"]]
    elif instruction.rounds and "frm" in machine.states:
        mode = None
    if mode is None:
        mode = machine.roundings.get(modes[Place("state", "frm", 0)])
    if mode is None:
        raise Untranslatable
    return mode
