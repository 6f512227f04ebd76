"""What is known of a number beyond its span: whether it may be special, whether it raises flags."""

from __future__ import annotations

from collections.abc import Mapping

from rvx.description.values import formats_of
from rvx.model import ir
from rvx.record import record


@record(frozen=True, slots=True)
class Facts:
    """Of one number; `locals` below are those of the locals by their unique names."""

    is_finite: bool  # neither an infinity nor a NaN
    is_silent: bool  # of formats that raise no flags, such as posits, and not a quotient or root


def facts_of(number: ir.Number, locals: Mapping[str, Facts]) -> Facts:
    """What follows from the formats of its operands."""
    match number:
        case ir.NumberLocal(name):
            return locals[name]
        case ir.Decode(format=use) | ir.Rounded(format=use):
            formats = formats_of(use)
            return Facts(
                number.integral or all(format.canonical_nan is None for format in formats),
                not any(format.raises_flags for format in formats),
            )
        case ir.NumberOp(_, left, right) | ir.NumberSelect(_, left, right):
            one, other = facts_of(left, locals), facts_of(right, locals)
            return Facts(one.is_finite and other.is_finite, one.is_silent and other.is_silent)
        case ir.NumberFunction("exponent", value):
            return Facts(True, facts_of(value, locals).is_silent)
        case ir.NumberFunction("log", value):
            return Facts(False, facts_of(value, locals).is_silent)
        case ir.NumberFunction("sqrt") | ir.Quotient():
            return Facts(False, False)
        case ir.NumberFunction(_, value) | ir.Scale(value) | ir.Truncate(value):
            return facts_of(value, locals)
        case ir.Shift(_, value):
            return Facts(True, facts_of(value, locals).is_silent)
    return Facts(True, True)
