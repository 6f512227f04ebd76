"""Rule: a quotient or a root in doubles, made odd by the sign of what is left over.

Language note, part 3.2, rule 6: the host rounds to nearest even; the residual of its quotient or
root is exact in a fused multiply-add and says on which side of the exact value it lies.
"""

from __future__ import annotations

from typing import Final

from rvx.jit.host import this_host
from rvx.jit.number.rule import Cold, Rule
from rvx.jit.number.rule_carrier import BINARY64
from rvx.jit.number.rule_decode import double_of, is_decodable, significant_bits
from rvx.jit.number.rule_odd import made_odd
from rvx.jit.number.rule_round import DoubleToFloat, is_rounded_to
from rvx.jit.number.rule_sum import merged
from rvx.jit.number.rule_summand import top
from rvx.jit.text import Function
from rvx.number import Fixed, Float, Format, Rounding
from rvx.record import record

_MOST_DIGITS: Final = 53
# Operands are multiples of 2**-_RANGE and below 2**_RANGE: nothing under- or overflows.
_RANGE: Final = 300


@record(frozen=True)
class OddDivision:
    """`a / b`, or `sqrt(a)` of one operand."""

    formats: tuple[Format, ...]
    rounding: DoubleToFloat

    sets_host_flags = False
    leaves_specials = True

    def emit(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        give_up, done = out.label("special"), out.label("rounded")
        values = [
            double_of(out, code, format, give_up, chained=False)
            for code, format in zip(codes, self.formats, strict=True)
        ]
        # Division by zero and roots of negative numbers would raise the host's flags.
        usual, zero = out.label("usual"), BINARY64.constant(0.0)
        predicate = "une" if len(values) == 2 else "ogt"
        is_usual = BINARY64.compare(out, predicate, values[-1], zero, quiet=True)
        out.branch(is_usual, usual, give_up, likely=True)
        out.begin(usual)
        if len(values) == 2:
            odd = _quotient(out, *values)
        else:
            odd = _root(out, values[0])
        bits = BINARY64.to_code(out, odd)
        results = [(*self.rounding.emit(out, bits, give_up), out.block)]
        out.jump(done)
        out.begin(give_up)
        results.append((*cold(out, codes), out.block))
        out.jump(done)
        out.begin(done)
        return merged(out, results, self.rounding.target.bits)


def _quotient(out: Function, a: str, b: str) -> str:
    nearest = BINARY64.op(out, "fdiv", a, b)
    rest = BINARY64.op(out, "fma", BINARY64.negate(out, nearest), b, a)
    # The error has the sign of rest / b.
    sign = out.op("and", 64, BINARY64.to_code(out, b), str(BINARY64.sign))
    error = out.op("xor", 64, BINARY64.to_code(out, rest), sign)
    return made_odd(out, nearest, BINARY64.from_code(out, error))


def _root(out: Function, a: str) -> str:
    nearest = BINARY64.op(out, "sqrt", a)
    rest = BINARY64.op(out, "fma", BINARY64.negate(out, nearest), nearest, a)
    return made_odd(out, nearest, rest)


def odd_division(
    formats: tuple[Format, ...],
    target: Format,
    mode: Rounding,
    host_mode: Rounding | None,
    sticky: bool,
) -> Rule | None:
    """The rule for a float target of at most 51 bits of precision."""
    if not sticky or host_mode is not Rounding.RNE or not this_host().has_arithmetic:
        return None
    if not isinstance(target, Float) or not is_rounded_to(target):
        return None
    for format in formats:
        if not is_decodable(format) or significant_bits(format) > _MOST_DIGITS:
            return None
        if format.span.lsb < -_RANGE or top(format.span) > _RANGE:
            return None
    if all(isinstance(format, Fixed) for format in formats):
        return None
    return OddDivision(formats, DoubleToFloat(target, mode, sticky))
