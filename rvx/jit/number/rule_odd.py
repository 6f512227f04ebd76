"""Sums rounded to odd: the digits that a double has not room for leave a trace in its last bit.

Rounding to odd and then to a format of less precision is rounding once (Boldo and Melquiond,
"Emulation of FMA and correctly rounded sums", IEEE Trans. Computers 57 (2008)).
"""

from __future__ import annotations

from rvx.jit.number.rule_carrier import BINARY64
from rvx.jit.text import STRICT, Function, Module

_ZERO = BINARY64.constant(0.0)


def odd_sum(out: Function, total: str, errors: list[str]) -> str:
    """`total` plus its one or two errors, rounded to odd; the host rounds to nearest even.

    The errors are those of two additions in a row, the later one's last.
    """
    inexact = "0"
    for error in errors:
        some = BINARY64.compare(out, "une", error, _ZERO, quiet=True)
        inexact = out.op("or", 1, inexact, some)
    odd, done = out.label("odd"), out.label("summed")
    out.branch(inexact, odd, done, likely=False)
    before = out.block
    out.begin(odd)
    name = _function(out.module)
    last = errors[0] if len(errors) == 1 else out.call("double", name, *_typed(errors))
    corrected = out.call("double", name, ("double", total), ("double", last))
    out.jump(done)
    out.begin(done)
    return out.phi("double", (total, before), (corrected, odd))


def _typed(values: list[str]) -> list[tuple[str, str]]:
    return [("double", value) for value in values]


def _function(module: Module) -> str:
    """The name of a function that adds two doubles and rounds to odd."""
    name = "odd.sum"
    if name in module:
        return name
    out = Function(module, name, "double", ["double", "double"], f"noinline {STRICT}")
    total = BINARY64.op(out, "fadd", "%p0", "%p1")
    of_b = BINARY64.op(out, "fsub", total, "%p0")
    of_a = BINARY64.op(out, "fsub", total, of_b)
    rest_a = BINARY64.op(out, "fsub", "%p0", of_a)
    rest_b = BINARY64.op(out, "fsub", "%p1", of_b)
    error = BINARY64.op(out, "fadd", rest_a, rest_b)
    out.ret(made_odd(out, total, error))
    out.finish()
    return name


def made_odd(out: Function, nearest: str, error: str) -> str:
    """The nearest double one step toward its error, if there is one and it is even."""
    bits, towards = BINARY64.to_code(out, nearest), BINARY64.to_code(out, error)
    is_exact = BINARY64.compare(out, "oeq", error, _ZERO, quiet=True)
    differs = out.op("ashr", 64, out.op("xor", 64, bits, towards), "63")
    step = out.op("or", 64, differs, "1")  # away from zero 1, toward it -1
    stepped = out.op("add", 64, bits, step)
    is_odd = out.resize(bits, 64, 1)
    stays = out.op("or", 1, is_exact, is_odd)
    return BINARY64.from_code(out, out.select(stays, "i64", bits, stepped))
