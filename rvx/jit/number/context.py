"""How an expression is evaluated: on finite numbers, or on any."""

from __future__ import annotations

from dataclasses import replace

from rvx.jit.number.special import resolved
from rvx.jit.number.value import Finite, FixedPoint, Value, is_negative, is_zero, signed
from rvx.jit.text import Function
from rvx.record import record


@record(frozen=True)
class Context:
    """The function that is written, and the label to leave the finite evaluation for, if it is."""

    out: Function
    cold: str | None

    @property
    def is_finite(self) -> bool:
        """Whether there are neither infinities nor NaNs."""
        return self.cold is not None

    def leave_if(self, condition: str) -> None:
        """Leave the finite evaluation where the condition (i1) holds; the full one goes on."""
        if self.cold is None or condition == "0":
            return
        further = self.out.label("finite")
        self.out.branch(condition, self.cold, further, likely=False)
        self.out.begin(further)

    def resolved(self, value: Value) -> Value:
        """Close a polynomial. Its finite part counts only if the kind is that of a number."""
        out = self.out
        zero, negative = is_zero(out, value.finite), is_negative(out, value.finite)
        if self.is_finite:
            return replace(
                value, kinds=lambda: resolved(out, value.kinds(), "0", zero, negative)[0]
            )
        kind, flags = resolved(out, value.kinds(), value.flags, zero, negative)
        return Value(value.finite, lambda: kind, flags)

    def has(self, kinds: str, mask: int) -> str:
        """Whether any of these kinds is there (i1)."""
        return self.out.compare("ne", 32, self.out.op("and", 32, kinds, str(mask)), "0")


def zero_if(out: Function, condition: str, number: Finite) -> Finite:
    """Zero where the condition holds, with the least exponent."""
    if isinstance(number, FixedPoint):
        return replace(number, value=out.select(condition, f"i{number.width}", "0", number.value))
    return replace(
        number,
        exponent=out.select(condition, "i32", signed(number.low), number.exponent),
        significand=out.select(condition, f"i{number.width}", "0", number.significand),
    )
