"""Rule: a sum of products in doubles, exact where the values allow, then one rounding.

Language note, part 3.2, rules 4, 4b, 6 and 7. What is proved exact by the spans is an addition;
where an addition may lose digits, its error is computed too (Knuth's TwoSum), and only if there is
one the sum is made odd: a branch that values of like magnitude never take.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from rvx.jit.host import this_host
from rvx.jit.number import rule_block
from rvx.jit.number.callee import COLD, Native, write
from rvx.jit.number.rule import Cold, Rule
from rvx.jit.number.rule_carrier import BINARY32, BINARY64, is_ieee, is_integer
from rvx.jit.number.rule_decode import double_of, is_decodable, marked_double
from rvx.jit.number.rule_near import (
    is_exact_if_small,
    is_safe_apart,
    leave_if_apart,
    leave_if_near,
    near_mark,
)
from rvx.jit.number.rule_odd import odd_sum
from rvx.jit.number.rule_round import FRACTION, DoubleToFloat, is_rounded_to
from rvx.jit.number.rule_summand import Summand, summands, top
from rvx.jit.number.rule_zero import zero_code
from rvx.jit.number.shape import Polynomial, Term
from rvx.jit.text import Function
from rvx.number import Float, Format, Rounding
from rvx.record import record

_PRECISION: Final = FRACTION + 1
# Terms are multiples of 2**-_RANGE and below 2**_RANGE, so that nothing under- or overflows.
_RANGE: Final = 900
_MOST_ERRORS: Final = 2


@record(frozen=True)
class DoubleSum:
    """`checked[i]`: whether adding summand i to those before it may be inexact, harmfully.

    `wide` says that the first is a block whose sum may itself be inexact; `guarded` that nothing
    may be inexact, so that terms too far apart for that are left to `cold` before they are added.
    """

    shape: Polynomial
    summands: tuple[Summand, ...]
    checked: tuple[bool, ...]
    rounding: DoubleToFloat
    zero_is_host: bool  # the host gives an exact zero the sign that the mode asks for
    host_rounds: bool  # and raises the flags, where the sum is safe
    wide: bool
    guarded: bool = False

    sets_host_flags = False

    @property
    def leaves_specials(self) -> bool:
        """Of a wide block finite sums too are left: those beside a tie, and those that cancel."""
        return not (self.wide or self.guarded)

    def emit(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        if any(self.checked) and not self.guarded and is_safe_apart(self.rounding):
            return self._nearly(out, codes, cold)
        return self._exactly(out, codes, cold)

    def _nearly(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        """From the nearest doubles, where what they lack cannot matter; else by a function that
        looks at it."""
        near, done = out.label("near"), out.label("rounded")
        total = self._safe_sum(out, codes, near)
        if self.host_rounds:
            code, flags = BINARY32.to_code(out, BINARY32.narrow(out, total, "double", 64)), "0"
        else:
            bits = BINARY64.to_code(out, total)
            code, flags = self.rounding.emit_normal(out, bits, near)
        from_easy = out.block
        out.jump(done)
        out.begin(near)
        other, raised = cold(out, codes) if self.wide else self._looked_at(out, codes, cold)
        from_near = out.block
        out.jump(done)
        out.begin(done)
        width = self.rounding.target.bits
        return merged(out, [(code, flags, from_easy), (other, raised, from_near)], width)

    def _looked_at(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        """By a function that computes the errors."""
        width = self.rounding.target.bits
        types = [f"i{format.bits}" for format in self.shape.formats]
        exactly = Native(f"{out.name}.exactly", tuple(types), width, True)
        values = [f"%p{i}" for i in range(len(types))]
        write(out.module, exactly, COLD, lambda its, _: self._exactly(its, values, cold))
        return exactly.call(out, codes)

    def _safe_sum(self, out: Function, codes: list[str], near: str) -> str:
        """The sum, rounded to double as often as there are additions; jumps to `near` where its
        errors could matter, or an operand is special."""
        values = self._values(out, codes, near, self._marked(out, codes))
        partial = self._value(out, self.summands[0], values, codes, near)
        inexact = [partial] if self.wide else []
        for summand, checked in zip(self.summands[1:], self.checked[1:], strict=True):
            partial = self._added(out, partial, summand, values, codes, near)
            if checked:
                inexact.append(partial)
        before = [value for value in inexact if value != partial]
        leave_if_near(out, self.rounding, BINARY64.to_code(out, partial), before, near)
        return partial

    def _marked(self, out: Function, codes: list[str]) -> dict[int, str]:
        """The operands of short codes, so that a special one is told at the end."""
        found: dict[int, str] = {}
        for place, format in enumerate(self.shape.formats):
            if place in self._in_blocks:
                continue
            value = marked_double(out, codes[place], format, near_mark(self.rounding))
            if value is not None:
                found[place] = value
        return found

    def _exactly(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        target, done = self.rounding.target, out.label("rounded")
        give_up, results = out.label("special"), list[tuple[str, str, str]]()
        total = self._sum(out, codes, give_up)
        if not self.zero_is_host:
            zero, nonzero = out.label("zero"), out.label("nonzero")
            is_zero = BINARY64.compare(out, "oeq", total, BINARY64.constant(0.0), quiet=True)
            out.branch(is_zero, zero, nonzero, likely=False)
            out.begin(zero)
            code = zero_code(out, self.shape, codes, target, self.rounding.mode)
            results.append((code, "0", out.block))
            out.jump(done)
            out.begin(nonzero)
        bits = BINARY64.to_code(out, total)
        results.append((*self.rounding.emit(out, bits, give_up), out.block))
        out.jump(done)
        out.begin(give_up)
        results.append((*cold(out, codes), out.block))
        out.jump(done)
        out.begin(done)
        return merged(out, results, target.bits)

    def _values(
        self, out: Function, codes: list[str], give_up: str, known: dict[int, str] | None = None
    ) -> dict[int, str]:
        """The operands; jumps to `give_up` with a special one, or it is no number."""
        values = dict(known or {})
        for summand in self.summands:
            chained = summand in self._chained
            for place in summand.places:
                if place not in values and place not in self._in_blocks:
                    format = self.shape.formats[place]
                    values[place] = double_of(out, codes[place], format, give_up, chained)
        return values

    def _sum(self, out: Function, codes: list[str], give_up: str) -> str:
        values = self._values(out, codes, give_up)
        if self.guarded:
            return self._close_sum(out, values, give_up)
        total = self._value(out, self.summands[0], values, codes, give_up)
        errors = list[str]()
        for summand, checked in zip(self.summands[1:], self.checked[1:], strict=True):
            if not checked:
                total = self._added(out, total, summand, values, codes, give_up)
                continue
            addend = self._value(out, summand, values, codes, give_up)
            before, total = total, BINARY64.op(out, "fadd", total, addend)
            errors.append(two_sum_error(out, before, addend, total))
        return odd_sum(out, total, errors) if errors else total

    def _close_sum(self, out: Function, values: dict[int, str], apart: str) -> str:
        """The exact sum of terms whose digits all have room in one double; else leaves."""
        found = [_value(out, summand, values) for summand in self.summands]
        digits = [summand.digits(self.shape.formats) for summand in self.summands]
        leave_if_apart(out, list(zip(found, digits, strict=True)), apart)
        total = found[0]
        for value in found[1:]:
            total = BINARY64.op(out, "fadd", total, value)
        return total

    @cached_property
    def _chained(self) -> list[Summand]:
        """Those that may be results just made: numbers of the result's format, or the last."""
        formats, target = self.shape.formats, self.rounding.target
        like = [s for s in self.summands if [formats[place] for place in s.places] == [target]]
        return [] if len(self.summands) == 1 else like or [self.summands[-1]]

    @cached_property
    def _in_blocks(self) -> frozenset[int]:
        """The parameters that are looked up as integers."""
        formats = self.shape.formats
        blocks = [each for each in self.summands if rule_block.is_block(each, formats)]
        found = {p for each in blocks for term in each.terms for p in term.parameters}
        others = {p for each in self.summands if each not in blocks for p in each.places}
        common = {p for each in blocks for p in each.common}
        return frozenset(found - others - common)

    def _value(
        self,
        out: Function,
        summand: Summand,
        values: dict[int, str],
        codes: list[str],
        special: str,
    ) -> str:
        """A summand, exact unless it is a wide block."""
        if not rule_block.is_block(summand, self.shape.formats):
            return _value(out, summand, values)
        total = rule_block.block_sum(
            out, codes, summand, self.shape.formats, special, self.rounding.sticky
        )
        for place in summand.common:
            total = BINARY64.op(out, "fmul", total, values[place])
        return total

    def _added(
        self,
        out: Function,
        total: str,
        summand: Summand,
        values: dict[int, str],
        codes: list[str],
        special: str,
    ) -> str:
        if not rule_block.is_block(summand, self.shape.formats):
            return _added(out, total, summand, values)
        value = self._value(out, summand, values, codes, special)
        return BINARY64.op(out, "fadd", total, value)


def merged(out: Function, results: list[tuple[str, str, str]], width: int) -> tuple[str, str]:
    """Code and flags at the join of blocks: (code, flags, block), ..."""
    code = out.phi(f"i{width}", *((code, block) for code, _, block in results))
    return code, out.phi("i32", *((flags, block) for _, flags, block in results))


def two_sum_error(out: Function, a: str, b: str, total: str) -> str:
    """What `total`, the nearest double to a + b, lacks (Knuth, TAOCP 2, 4.2.2, theorem B)."""
    of_b = BINARY64.op(out, "fsub", total, a)
    of_a = BINARY64.op(out, "fsub", total, of_b)
    rest_a = BINARY64.op(out, "fsub", a, of_a)
    rest_b = BINARY64.op(out, "fsub", b, of_b)
    return BINARY64.op(out, "fadd", rest_a, rest_b)


def _value(out: Function, summand: Summand, values: dict[int, str]) -> str:
    """An exact summand."""
    total = _product(out, summand.terms[0], values)
    for term in summand.terms[1:]:
        total = _added(out, total, Summand((), (term,)), values)
    for place in summand.common:
        total = BINARY64.op(out, "fmul", total, values[place])
    return total


def _product(out: Function, term: Term, values: dict[int, str]) -> str:
    """An exact product with its sign."""
    places, factor = term.parameters, _factor(term)
    product = values[places[0]]
    for place in places[1:]:
        product = BINARY64.op(out, "fmul", product, values[place])
    if factor == -1:
        return BINARY64.negate(out, product)
    if factor != 1:
        product = BINARY64.op(out, "fmul", product, BINARY64.constant(factor))
    return product


def _added(out: Function, total: str, summand: Summand, values: dict[int, str]) -> str:
    """`total` + summand, fused where that is a product of two."""
    if len(summand.terms) == 1 and len(summand.places) == 2:
        (term,) = summand.terms
        if not summand.common and abs(_factor(term)) == 1:
            a, b = (values[place] for place in term.parameters)
            a = BINARY64.negate(out, a) if term.factor < 0 else a
            return BINARY64.op(out, "fma", a, b, total)
    return BINARY64.op(out, "fadd", total, _value(out, summand, values))


def _factor(term: Term) -> float:
    return term.factor * 2.0**term.power


def double_sum(
    shape: Polynomial, target: Format, mode: Rounding, host_mode: Rounding | None, sticky: bool
) -> Rule | None:
    """The rule where terms are exact in double, and at most two additions are not."""
    return _double_sum(shape, target, mode, host_mode, sticky)


def guarded_sum(
    shape: Polynomial, target: Format, mode: Rounding, host_mode: Rounding | None, sticky: bool
) -> Rule | None:
    """The same for any number of additions that may be inexact, in any mode: terms so far apart
    that they would be are left to the generic rule."""
    return _double_sum(shape, target, mode, host_mode, sticky, guarded=True)


def _double_sum(
    shape: Polynomial,
    target: Format,
    mode: Rounding,
    host_mode: Rounding | None,
    sticky: bool,
    guarded: bool = False,
) -> Rule | None:
    if host_mode is None or not this_host().has_arithmetic:
        return None
    if not isinstance(target, Float) or not is_rounded_to(target) or not _are_exact(shape):
        return None
    parts = summands(shape)
    checked = _checked(shape.formats, parts, target)
    if guarded and any(rule_block.is_block(part, shape.formats) for part in parts):
        return None
    if sum(checked) > _MOST_ERRORS and not guarded:
        return None
    may_raise = sticky or _raises_rightly(checked)
    if any(checked) and not guarded and not (may_raise and host_mode is Rounding.RNE):
        return None
    # A zero that a negative common factor multiplies has the sign of no bracketing.
    blocks = [part for part in parts if rule_block.is_block(part, shape.formats)]
    is_plain = not blocks and all(not part.common for part in parts)
    same_zero = (host_mode is Rounding.RDN) == (mode is Rounding.RDN)
    zero_is_host = (is_plain and same_zero) or len(shape.terms) == 1
    rounding = DoubleToFloat(target, mode, sticky)
    lsb = min(part.span(shape.formats).lsb for part in parts)
    host_rounds = mode is host_mode and zero_is_host and is_ieee(target, 8, 23)
    host_rounds = host_rounds and is_exact_if_small(rounding, lsb)
    wide = any(not rule_block.is_exact(part, shape.formats) for part in blocks)
    if wide and not (parts[0] in blocks and len(blocks) == 1 and host_mode is Rounding.RNE):
        return None
    if wide and not (any(checked) and sum(checked) < _MOST_ERRORS and is_safe_apart(rounding)):
        return None
    return DoubleSum(shape, parts, checked, rounding, zero_is_host, host_rounds, wide, guarded)


def _raises_rightly(checked: tuple[bool, ...]) -> bool:
    """Whether an addition that is inexact says that the result is: if no other may be, and none
    comes after it. What is no double is no number of the target either."""
    return sum(checked) == 1 and checked[-1]


def _are_exact(shape: Polynomial) -> bool:
    """Whether every operand and every summand is a double, and so are its partial results."""
    formats = shape.formats
    if is_integer_sum(shape) or any(not term.parameters for term in shape.terms):
        return False
    for summand in summands(shape):
        if rule_block.is_block(summand, formats):
            decoded, is_near = summand.common, rule_block.is_nearly_exact(summand, formats)
        else:
            decoded, is_near = summand.places, False
        if not all(is_decodable(formats[place]) for place in decoded):
            return False
        if summand.digits(formats) > _PRECISION and not is_near:
            return False
        span, inner = summand.span(formats), summand.spans(formats)[-1]
        if min(span.lsb, inner.lsb) < -_RANGE or max(top(span), top(inner)) > _RANGE:
            return False
    return True


def is_integer_sum(shape: Polynomial) -> bool:
    """Whether a part is made of several integers only: then the sign of a zero is an integer's."""
    groups = [[shape.formats[place] for place in term.parameters] for term in shape.terms]
    alone = len(groups) == 1 and len(groups[0]) == 1
    integral = [all(is_integer(format) for format in group) for group in groups]
    products = any(each and len(group) > 1 for each, group in zip(integral, groups, strict=True))
    return not alone and (products or all(integral))


def _checked(
    formats: tuple[Format, ...], parts: tuple[Summand, ...], target: Float
) -> tuple[bool, ...]:
    """For each summand whether adding it may lose digits of a result that does not overflow.

    A sum that reaches 2**(lsb + 53) may be inexact; where what is still to come cannot bring it
    back from there to the numbers of the target, that is an overflow all the same.
    """
    spans = [part.span(formats) for part in parts]
    total, checked = spans[0], [False]
    limit = top(target.span)
    for i, span in enumerate(spans[1:], start=1):
        total = total.add(span)
        exact_below = total.lsb + _PRECISION
        rest = max([top(other) for other in spans[i + 1 :]], default=-_RANGE)
        # Twice over: the limit and the remaining terms together, and their roundings.
        room = max(limit, rest + len(spans)) + 2
        checked.append(top(total) > exact_below and room > exact_below)
    return tuple(checked)
