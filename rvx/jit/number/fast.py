"""The fast rules: what is exact for some shapes only, chosen from the shape and never from a name.

Each entry point gives a rule, or None where no fast rule is proved exact: the generic one, which
takes everything, then serves. `host_mode` is the rounding mode that the host's unit is set to
(None: it must not be used), `sticky` says that NX is set already, so that raising it is no harm.
"""

from __future__ import annotations

from typing import Final

from rvx.jit.number.rule import Cold, Rule
from rvx.jit.number.rule_host import host_polynomial, host_quotient, host_root
from rvx.jit.number.rule_integer import host_to_integer
from rvx.jit.number.rule_order import host_choice, host_comparison
from rvx.jit.number.rule_posit import posit_polynomial, posit_quotient
from rvx.jit.number.rule_quotient import odd_division
from rvx.jit.number.rule_same import same_code
from rvx.jit.number.rule_sum import double_sum, guarded_sum
from rvx.jit.number.rule_window import integer_sum
from rvx.jit.number.shape import Polynomial
from rvx.number import Format, Rounding

__all__ = [
    "Cold",
    "Rule",
    "fast_choice",
    "fast_comparison",
    "fast_quotient",
    "fast_root",
    "fast_rule",
]


# The fastest first.
_RULES: Final = (
    same_code,
    host_polynomial,
    host_to_integer,
    posit_polynomial,
    double_sum,
    integer_sum,
    guarded_sum,
)


def fast_rule(
    shape: Polynomial, target: Format, mode: Rounding, host_mode: Rounding | None, sticky: bool
) -> Rule | None:
    """Round a sum of products: the parameters' codes to the target's."""
    for rule_of in _RULES:
        rule = rule_of(shape, target, mode, host_mode, sticky)
        if rule is not None:
            return rule
    return None


def fast_quotient(
    dividend: Format,
    divisor: Format,
    target: Format,
    mode: Rounding,
    host_mode: Rounding | None,
    sticky: bool,
) -> Rule | None:
    """Round `a / b`; the codes are those of a and b."""
    return (
        host_quotient(dividend, divisor, target, mode, host_mode)
        or posit_quotient(dividend, divisor, target)
        or odd_division((dividend, divisor), target, mode, host_mode, sticky)
    )


def fast_root(
    radicand: Format, target: Format, mode: Rounding, host_mode: Rounding | None, sticky: bool
) -> Rule | None:
    """Round `sqrt(a)`."""
    found = host_root(radicand, target, mode, host_mode)
    return found or odd_division((radicand,), target, mode, host_mode, sticky)


def fast_choice(op: str, format: Format) -> Rule | None:
    """Encode `minimum(a, b)` or `maximum(a, b)` in the format of both; any mode, no host mode."""
    return host_choice(op, format)


def fast_comparison(
    op: str, quiet: bool, left: Format, right: Format, host_mode: Rounding | None
) -> Rule | None:
    """Decide `a op b`: the result's "code" is an i1."""
    return host_comparison(op, quiet, left, right, host_mode)
