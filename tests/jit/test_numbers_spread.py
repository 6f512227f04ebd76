"""Sums in a quire that is spread: what the limbs and the words beside them add up to."""

from __future__ import annotations

import ctypes
import random
from dataclasses import replace
from itertools import cycle

import pytest
from number_formats import POSIT8, POSIT16, POSIT32, QUIRE
from number_harness import Site, add, decode, rows

from rvx import number
from rvx.jit import slices, spread
from rvx.jit.host import this_host
from rvx.jit.native import Code, compile_object
from rvx.jit.number.numbers import Numbers
from rvx.jit.spread import WAYS, Spread
from rvx.jit.text import Function, Module
from rvx.model import ir
from rvx.model.machine import StateElement
from rvx.number import Float, Format, Posit, Quire, Rounding

BPOSIT = Posit(32, 5, 6)
FLOAT = Float(6, 5)


class Spreading:
    """A spread quire, `quire = quire op w0 * w1` on it, and its code."""

    def __init__(self, quire: Quire, format: Format, op: str) -> None:
        self.spread = _spread(quire)
        bits, module = quire.bits, Module()
        stored = (bits + 63) // 64 * 64
        out = Function(module, "put", "void", ["ptr", "ptr"], linkage="")
        code = out.load(f"i{stored}", "%p1", align=8)
        self.spread.put(out, "%p0", out.resize(code, stored, bits))
        out.ret()
        out.finish()
        out = Function(module, "get", "void", ["ptr", "ptr"], linkage="")
        code = out.resize(self.spread.get(out, "%p0"), bits, stored)
        out.store(f"i{stored}", code, "%p1", align=8)
        out.ret()
        out.finish()
        use = ir.Named("quire", quire)
        own = ir.Decode(ir.State("quire", 0, bits), use, quire.span, False)
        e = add(own, add(decode(0, format), decode(1, format), "*"), op)
        statement = ir.SetState("quire", 0, 0, ir.Encode(e, use, None, bits))
        numbers, names = Numbers(module, this_host()), [f"add{way}" for way in range(WAYS)]
        for way, name in enumerate(names):
            out = Function(module, name, "void", ["ptr", "i64", "i64"], linkage="")
            inputs = {
                f"w{i}": (out.resize(f"%p{i + 1}", 64, format.bits), format.bits) for i in range(2)
            }
            site = Site(out, numbers, Rounding.RNE, inputs)
            pointers = self.spread.way(out, "%p0", way), "%p0"
            adding = site.numbers.adding(site, statement, is_spread=True)
            assert adding is not None
            adding.call(out, pointers)
            out.ret()
            out.finish()
        self._code = Code([compile_object(module.text(), 2)], ["put", "get", *names])
        pointer = ctypes.c_void_p
        self._put = self._code.function("put", None, pointer, pointer)
        self._get = self._code.function("get", None, pointer, pointer)
        types = pointer, *[ctypes.c_uint64] * 2
        self._ways = cycle([self._code.function(name, None, *types) for name in names])
        self.cells = (ctypes.c_uint64 * self.spread.cells)()
        self._bytes = ctypes.create_string_buffer(stored // 8)

    def put(self, code: int) -> None:
        self._bytes.raw = code.to_bytes(len(self._bytes), "little")
        self._put(self.cells, self._bytes)

    def get(self) -> int:
        self._get(self.cells, self._bytes)
        return int.from_bytes(self._bytes.raw, "little")

    def add(self, *factors: int) -> None:
        next(self._ways)(self.cells, *factors)


def _spread(quire: Quire) -> Spread:
    state = StateElement("q", quire.bits, 1, (0,), False, ir.Named("quire", quire), "X")
    found = Spread.of(state)
    assert found is not None
    return found


QUIRES = [
    (QUIRE, POSIT32),
    (Quire(POSIT16), POSIT16),
    (Quire(Posit(20, 1), 60), Posit(20, 1)),
    (Quire(BPOSIT), BPOSIT),
    (Quire(BPOSIT, fraction=384), BPOSIT),
    (Quire(POSIT32, 2), POSIT32),
    (Quire(POSIT16, 2, overflow="wrap"), POSIT16),
    (Quire(POSIT32, 40, overflow="wrap"), POSIT32),
    (Quire(FLOAT, 90), FLOAT),
    (Quire(POSIT8, 140, overflow="wrap"), POSIT8),
]


class Expected:
    """The reference's quire."""

    def __init__(self, quire: Quire, format: Format, op: str) -> None:
        self.quire, self.format, self.code = quire, format, 0
        self.combine = {"+": number.add, "-": number.subtract}[op]

    def add(self, *factors: int) -> None:
        product = number.multiply(*map(self.format.decode, factors))
        total = self.combine(self.quire.decode(self.code), product)
        self.code = self.quire.encode(total, Rounding.RNE)[0]


@pytest.mark.parametrize("op", "+-")
@pytest.mark.parametrize(("quire", "format"), QUIRES, ids=str)
def test_long_sums(quire: Quire, format: Format, op: str) -> None:
    """Of products of all sizes and signs, looked at now and then; from all kinds of quires."""
    native, expected = Spreading(quire, format, op), Expected(quire, format, op)
    chance, nar = random.Random(op), quire.canonical_nan
    edges = [0, nar, nar - 1, nar + 1, nar >> 1, nar + (nar >> 1), (1 << quire.bits) - 1, 1]
    for row in rows([format] * 2, 3000):
        if chance.random() < 0.03 or (expected.code == nar and chance.random() < 0.3):
            expected.code = chance.choice([*edges, chance.getrandbits(quire.bits)])
            native.put(expected.code)
            assert native.get() == expected.code
        native.add(*row)
        expected.add(*row)
        if chance.random() < 0.1:
            assert native.get() == expected.code
    assert native.get() == expected.code


def test_a_host_without_lanes(monkeypatch) -> None:
    """Has no windows for them; all else is the same."""
    without = replace(this_host(), has_lanes=False)
    monkeypatch.setattr("rvx.jit.spread.this_host", lambda: without)
    for quire, format in QUIRES[:3]:
        assert _spread(quire).window is None
        test_long_sums(quire, format, "+")


@pytest.mark.parametrize(("quire", "format"), QUIRES[:6], ids=str)
def test_signs_change_all_the_time(quire: Quire, format: Format) -> None:
    """Each product carries or borrows through all limbs above it."""
    native, expected = Spreading(quire, format, "+"), Expected(quire, format, "+")
    chance, one = random.Random(1), format.encode(number.from_integer(1), Rounding.RNE)[0]
    for limb in range(quire.bits // 64 + 1):
        for code in (0, 1, (1 << quire.bits) - 1):
            code = (code << 64 * limb) & (1 << quire.bits) - 1
            if code in (quire.canonical_nan, quire.canonical_nan >> 1):
                continue
            expected.code = code
            native.put(code)
            for _ in range(40):
                factor = chance.getrandbits(format.bits - 1)
                flipped = -factor & (1 << format.bits) - 1
                for each in (factor, flipped, flipped, factor)[: chance.randrange(1, 5)]:
                    native.add(each, one)
                    expected.add(each, one)
            assert native.get() == expected.code


@pytest.mark.parametrize("overflow", ["nar", "wrap"])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_products_until_the_width(overflow: str, sign: int) -> None:
    """From just below the width: the sum that first goes beyond it is NaR, or wraps."""
    quire = Quire(POSIT32, 31, overflow=overflow)
    native, expected = Spreading(quire, POSIT32, "+"), Expected(quire, POSIT32, "+")
    largest = POSIT32.max_code
    product = 1 << 240 - quire.lsb  # maxpos squared, in units
    factor = largest if sign > 0 else -largest & 0xFFFF_FFFF
    for distance in (product - 1, product, product + 1, 3 * product, 3 * product + 1):
        expected.code = sign * (quire.canonical_nan - distance) & (1 << quire.bits) - 1
        native.put(expected.code)
        for _ in range(5):
            for row in ((factor, largest), (1, 1), (0, largest), (1, POSIT32.max_code)):
                native.add(*row)
                expected.add(*row)
            assert native.get() == expected.code


def test_what_is_not_spread() -> None:
    """Sums that saturate, and quires of few limbs."""
    saturating = Quire(POSIT32, 31, None, "saturate")
    for quire in (Quire(POSIT8), saturating, Quire(POSIT8, 9)):
        state = StateElement("q", quire.bits, 1, (0,), False, ir.Named("quire", quire), "X")
        assert Spread.of(state) is None
    assert Spread.of(StateElement("w", 512, 1, (0,), False, None, "X")) is None


def test_buckets_have_room_for_a_slice() -> None:
    """Products that are added between two looks at a quire, even 64 by each instruction."""
    assert 64 * slices._MOST < 1 << spread.ROOM
