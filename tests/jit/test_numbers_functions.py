"""Quotients, roots, choices, comparisons, logarithms, truncation and inner roundings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from number_formats import FORMATS, FP16, FP32
from number_harness import MODES, Native, add, decode, encode, rows

from rvx.model import ir
from rvx.number import Rounding


def of(op: str, e: ir.Number) -> ir.Number:
    """`op(e)`."""
    return ir.NumberFunction(op, e, None, False)


def less(a: ir.Number, b: ir.Number) -> ir.Truth:
    """`a < b`, which raises NV on a NaN."""
    return ir.CompareNumbers("<", a, b, False)


def select(truth: ir.Truth, a: ir.Number, b: ir.Number) -> ir.Number:
    """`truth ? a : b`."""
    return ir.NumberSelect(truth, a, b, None, False)


def rounded(e: ir.Number, name: str, mode: Rounding | None = None) -> ir.Number:
    """The expression rounded, and a number again."""
    format = FORMATS[name]
    return ir.Rounded(e, ir.Named(name, format), format.mode or mode, format.span, False)


Maker = Callable[[ir.Number, ir.Number, ir.Number], ir.Number]

EXPRESSIONS: Mapping[str, Maker] = {
    "quotient": lambda a, b, c: ir.Quotient(a, b),
    "root": lambda a, b, c: of("sqrt", a),
    "root of a sum of squares": lambda a, b, c: of("sqrt", add(add(a, a, "*"), add(b, b, "*"))),
    "minimum": lambda a, b, c: add(a, b, "minimum"),
    "maximum of sums": lambda a, b, c: add(add(a, b), add(b, c, "*"), "maximum"),
    "larger quotient": lambda a, b, c: add(ir.Quotient(a, b), ir.Quotient(b, c), "maximum"),
    "abs": lambda a, b, c: of("abs", add(a, b)),
    "sign": lambda a, b, c: add(of("sign", a), add(b, c, "*"), "*"),
    "exponent": lambda a, b, c: add(of("exponent", add(a, b)), c),
    "log": lambda a, b, c: of("log", a),
    "antilog": lambda a, b, c: of("antilog", a),
    "approximate quotient": lambda a, b, c: add(
        of("sign", a),
        of("antilog", add(of("log", of("abs", a)), of("log", of("abs", b)), "-")),
        "*",
    ),
    "truncate": lambda a, b, c: ir.Truncate(
        add(a, b, "*"),
        add(add(of("exponent", a), of("exponent", c), "maximum"), ir.Exact(3, 0), "-"),
        add(a, b, "*").span,
    ),
    "inner rounding": lambda a, b, c: add(rounded(add(a, b, "*"), "fp16"), c),
    "inner fixed point": lambda a, b, c: add(rounded(add(a, b, "*"), "fixed"), c, "*"),
    "rounded quotient": lambda a, b, c: add(rounded(ir.Quotient(a, b), "fp32"), c, "-"),
    "selection": lambda a, b, c: select(less(a, b), ir.Quotient(a, b), add(b, c, "*")),
    "selections inside": lambda a, b, c: add(
        select(less(b, a), add(a, b), select(less(b, c), c, ir.Exact(3, -1))), a
    ),
}
KINDS = ("fp32", "fp16", "posit16", "e4m3", "fixed", "bounded", "none34")


@pytest.mark.parametrize("name", EXPRESSIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_expressions(name: str, kind: str) -> None:
    format = FORMATS[kind]
    a, b, c = (decode(i, format) for i in range(3))
    targets = [FORMATS[t] for t in (kind, KINDS[(KINDS.index(kind) + len(name)) % len(KINDS)])]
    mode = MODES[len(name) % len(MODES)]
    for target in targets:
        e = EXPRESSIONS[name](a, b, c)
        native = Native(encode(e, target, target.mode), [format.bits] * 3, mode)
        native.check(rows([format] * 3, 300))


@pytest.mark.parametrize("kind", ["fp32", "posit16", "e5m2", "bounded", "fp64", "ue4m3"])
@pytest.mark.parametrize("op", ["<", "<=", "==", "!=", ">", ">="])
def test_comparisons(op: str, kind: str) -> None:
    format = FORMATS[kind]
    a, b = decode(0, format), decode(1, format)
    for quiet in (False, True):
        native = Native(ir.CompareNumbers(op, a, b, quiet), [format.bits] * 2)
        native.check(rows([format] * 2, 1000))


def test_division_in_every_mode() -> None:
    for mode in MODES:
        quotient = ir.Quotient(decode(0, FP32), decode(1, FP32))
        Native(encode(quotient, FP32), [32, 32], mode).check(rows([FP32] * 2, 1500))
        root = of("sqrt", decode(0, FP16))
        Native(encode(root, FP16), [16], mode).check([(i,) for i in range(0, 1 << 16, 7)])
