"""The branch that ends a loop of one block: how often it is taken before, by what it compares."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from rvx.jit.reach import START, Named, Roots, Sum, Values, sum_of
from rvx.jit.text import Function
from rvx.model import ir
from rvx.record import record

if TYPE_CHECKING:
    from rvx.jit.timing import Decoded

_WIDEST: Final = 32  # bits of words whose difference, signed, an i64 has
_SIZE: Final = 64

# Registers, of which the sum is computed, beside a constant: an i{xlen}.
Summed: TypeAlias = Callable[[tuple[Named, ...], int], str]


@record(frozen=True)
class Step:
    """What a turn adds: a constant and registers that no turn writes."""

    constant: int
    registers: tuple[Named, ...]


@record(frozen=True)
class Word:
    """What a branch compares: in the first turn, and what a turn adds."""

    registers: tuple[Named, ...]
    constant: int
    step: int


@record(frozen=True)
class Ending:
    """The branch is taken while `one` and `other` differ, or while `one` is less than `other` plus
    `more`; at most one of them moves then."""

    one: Word
    other: Word
    differ: bool
    signed: bool
    more: int

    def taken(self, out: Function, xlen: int, summed: Summed) -> str:
        """How often it is taken on end, at least (i64)."""
        one, other = (summed(each.registers, each.constant) for each in (self.one, self.other))
        step = self.one.step - self.other.step  # by which they come nearer
        if self.differ:
            return _until_equal(out, out.op("sub", xlen, other, one), xlen, step)
        one, other = (out.resize(each, xlen, _SIZE, signed=self.signed) for each in (one, other))
        left = out.op("add", _SIZE, out.op("sub", _SIZE, other, one), str(self.more))
        return _until_past(out, left, step)


def ending_of(branch: Decoded, values: Values) -> Ending | None:
    """That of a block whose instructions leave `values`; None where nothing is known of it."""
    match branch.instruction.body:
        case (ir.IfElse(condition, (ir.SetPc(),), ()),):
            pass
        case _:
            return None
    match condition:
        case ir.CompareWords(op, left, right):
            signed = False
        case ir.CompareNumbers(
            op, ir.WordNumber(left, signed=True), ir.WordNumber(right, signed=True)
        ):
            signed = True
        case _:
            return None
    if op in (">", ">="):
        op, left, right = {">": "<", ">=": "<="}[op], right, left
    words = [_word(sum_of(each, branch, values), values) for each in (left, right)]
    one, other = words
    if one is None or other is None:
        return None
    nearer = one.step - other.step
    if op == "!=" and nearer:
        return Ending(one, other, True, signed, 0)
    if op in ("<", "<=") and nearer > 0 and left.width <= _WIDEST and not (one.step and other.step):
        return Ending(one, other, False, signed, int(op == "<="))
    return None


def registers_of(roots: Roots) -> tuple[Named, ...] | None:
    """The registers, if the sum is of their values at the beginning."""
    if any(pc != START for pc, _, _ in roots):
        return None
    return tuple((file, number) for _, file, number in roots)


def step_of(registers: tuple[Named, ...], values: Values) -> Step | None:
    """What a turn adds to the registers' sum; None where it does something else."""
    constant, added = 0, tuple[Named, ...]()
    for named in registers:
        if (step := _step(named, values)) is None:
            return None
        constant += step.constant
        added += step.registers
    return Step(constant, added)


def _step(named: Named, values: Values) -> Step | None:
    if named not in values:
        return Step(0, ())
    roots, constant = values[named]
    others = list(roots)
    own = (START, *named)
    if own not in others:
        return None
    others.remove(own)
    added = registers_of(tuple(others))
    if added is None or any(each in values for each in added):
        return None
    return Step(constant, added)


def _word(found: Sum | None, values: Values) -> Word | None:
    """A word at the block's end, which is a sum. By a step that is not constant one would have to
    divide, which takes longer than many turns."""
    registers = None if found is None else registers_of(found[0])
    if found is None or registers is None:
        return None
    step = step_of(registers, values)
    return None if step is None or step.registers else Word(registers, found[1], step.constant)


def _until_equal(out: Function, left: str, xlen: int, step: int) -> str:
    """How many steps it takes to make nothing of what is left (an i{xlen}, modulo 2**xlen), where
    that comes out even before it wraps around; else 0."""
    if step < 0:
        left = out.op("sub", xlen, "0", left)
    left = out.resize(left, xlen, _SIZE)
    steps = out.op("udiv", _SIZE, left, str(abs(step)))
    even = out.compare("eq", _SIZE, out.op("mul", _SIZE, steps, str(abs(step))), left)
    return out.select(even, "i64", steps, "0")


def _until_past(out: Function, left: str, step: int) -> str:
    """How many steps begin while something is left (i64, signed)."""
    steps = out.op("udiv", _SIZE, out.op("add", _SIZE, left, str(step - 1)), str(step))
    return out.select(out.compare("sgt", _SIZE, left, "0"), "i64", steps, "0")
