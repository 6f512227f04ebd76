"""Quires: sums in place, and through the general rules."""

from __future__ import annotations

import ctypes
import random

import pytest
from number_formats import POSIT8, POSIT16, POSIT32, QUIRE
from number_harness import Native, Site, add, decode, encode, rows

from rvx import number
from rvx.jit.host import this_host
from rvx.jit.native import Code, compile_object
from rvx.jit.number.numbers import Numbers
from rvx.jit.text import Function, Module
from rvx.model import ir
from rvx.number import Float, Format, Posit, Quire, Rounding


class InPlace:
    """`quire = quire op w0 * w1 op w2`, on bytes."""

    def __init__(self, quire: Quire, format: Posit, op: str) -> None:
        module = Module()
        out = Function(module, "quire", "void", ["ptr", "i64", "i64", "i64"], linkage="")
        inputs = {
            f"w{i}": (out.resize(f"%p{i + 1}", 64, format.bits), format.bits) for i in range(3)
        }
        numbers = Numbers(module, this_host())
        site = Site(out, numbers, Rounding.RNE, inputs)
        use = ir.Named("quire", quire)
        own = ir.Decode(ir.State("quire", 0, quire.bits), use, quire.span, False)
        product = add(decode(0, format), decode(1, format), "*")
        e = add(add(own, product, op), decode(2, format), op)
        statement = ir.SetState("quire", 0, 0, ir.Encode(e, use, None, quire.bits))
        adding = numbers.adding(site, statement, is_spread=False)
        assert adding is not None
        adding.call(site.out, ["%p0"])
        out.ret()
        out.finish()
        self._code = Code([compile_object(module.text(), 2)], ["quire"])
        words = [ctypes.c_uint64] * 3
        self._run = self._code.function("quire", None, ctypes.c_void_p, *words)
        self._cells = ctypes.create_string_buffer((quire.bits + 63) // 64 * 8)

    def __call__(self, code: int, *factors: int) -> int:
        """The quire after it."""
        self._cells.raw = code.to_bytes(len(self._cells), "little")
        self._run(ctypes.addressof(self._cells), *factors)
        return int.from_bytes(self._cells.raw, "little")


QUIRES = [
    (QUIRE, POSIT32),
    (Quire(POSIT16), POSIT16),
    (Quire(POSIT8, 60), POSIT8),
    (Quire(Posit(32, 5, 6)), Posit(32, 5, 6)),
    (Quire(Posit(20, 1), 3), Posit(20, 1)),
    (Quire(POSIT32, 2), POSIT32),
    (Quire(POSIT16, 2, overflow="wrap"), POSIT16),
    (Quire(Posit(20, 1), 2), Posit(20, 1)),
    (Quire(Posit(32, 5, 6), fraction=384), Posit(32, 5, 6)),
]


@pytest.mark.parametrize("op", "+-")
@pytest.mark.parametrize(("quire", "format"), QUIRES, ids=str)
def test_sums_in_place(quire: Quire, format: Posit, op: str) -> None:
    run, chance = InPlace(quire, format, op), random.Random(op)
    combine = {"+": number.add, "-": number.subtract}[op]
    code, nar = 0, quire.canonical_nan
    edges = [0, nar, nar - 1, nar + 1, (1 << quire.bits) - 1, 1]
    for row in rows([format] * 3, 1500):
        if chance.random() < 0.05 or code == nar:
            code = chance.choice([*edges, chance.getrandbits(quire.bits)])
        a, b, c = map(format.decode, row)
        total = combine(quire.decode(code), number.multiply(a, b))
        expected, _ = quire.encode(combine(total, c), Rounding.RNE)
        assert run(code, *row) == expected, (hex(code), row)
        code = expected


@pytest.mark.parametrize("overflow", ["nar", "wrap", "saturate"])
def test_sums_beyond_the_width(overflow: str) -> None:
    """In place, where that is possible, and by the general rules."""
    edges = [0, 1, 2, 4]
    roomy, narrow = Quire(POSIT8, 4, None, overflow), Quire(POSIT8, 0, None, overflow)
    for quire, in_place in ((roomy, overflow != "saturate"), (narrow, False)):
        own, product = decode(0, quire), add(decode(1, POSIT8), decode(2, POSIT8), "*")
        codes = [quire.canonical_nan + k * x for x in edges for k in (-1, 1)]
        numbers = [0x7F, 0x81, 1, 0xFF, 0x40, 0xC0, 0]
        many = [(code, a, b) for code in codes for a in numbers for b in numbers]
        Native(encode(add(own, product), quire), [quire.bits, 8, 8]).check(many)
        if in_place:
            run = InPlace(quire, POSIT8, "+")
            for code, a, b in many:
                total = number.multiply(POSIT8.decode(a), POSIT8.decode(b))
                total = number.add(quire.decode(code), number.add(total, POSIT8.decode(a)))
                assert run(code, a, b, a) == quire.encode(total, Rounding.RNE)[0]


@pytest.mark.parametrize("quire", [Quire(POSIT8, 0), Quire(POSIT8, 9, None, "saturate")])
def test_what_is_left_to_the_general_rules(quire: Quire) -> None:
    with pytest.raises(AssertionError):
        InPlace(quire, POSIT8, "+")


def test_other_statements_are_left_alone() -> None:
    module = Module()
    numbers = Numbers(module, this_host())
    site = Site(Function(module, "f", "void", []), numbers, Rounding.RNE, {})
    use = ir.Named("quire", QUIRE)
    own = ir.Decode(ir.State("quire", 0, QUIRE.bits), use, QUIRE.span, False)
    for e in (ir.Exact(0, 0), ir.NumberFunction("-", own, None, False), add(own, own)):
        statement = ir.SetState("quire", 0, 0, ir.Encode(e, use, None, QUIRE.bits))
        assert numbers.adding(site, statement, is_spread=False) is None


def test_a_quire_as_a_number() -> None:
    own = decode(0, QUIRE)
    Native(encode(own, POSIT32), [QUIRE.bits]).check(rows([QUIRE], 1500))
    negative = ir.NumberFunction("-", own, QUIRE.span.negate(), False)
    Native(encode(negative, QUIRE), [QUIRE.bits]).check(rows([QUIRE], 500))
    product = add(decode(1, POSIT32), decode(2, POSIT32), "*")
    native = Native(encode(add(own, product), QUIRE), [QUIRE.bits, 32, 32])
    native.check(rows([QUIRE, POSIT32, POSIT32], 500))


@pytest.mark.parametrize("target", [POSIT32, Posit(32, 5, 6), Float(8, 23), Float(8, 7)], ids=str)
def test_a_quire_near_powers_of_two(target: Format) -> None:
    """The leading digit at every place, and what is far below it."""
    codes = [0]
    for place in range(QUIRE.bits - 1):
        for far in (0, 1, -1, 1 << max(place - 30, 0), 3 << max(place - 60, 0)):
            codes += [(1 << place) + far, -(1 << place) + far]
    mask = (1 << QUIRE.bits) - 1
    modes = (Rounding.RNE,) if isinstance(target, Posit) else (Rounding.RNE, Rounding.RDN)
    for mode in modes:
        native = Native(encode(decode(0, QUIRE), target, mode), [QUIRE.bits])
        native.check([(code & mask,) for code in codes])
