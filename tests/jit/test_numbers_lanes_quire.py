"""Eight products at once in a quire that is spread: what they add up to."""

from __future__ import annotations

import ctypes
import random

import pytest
from number_formats import POSIT8, POSIT16, POSIT32, QUIRE
from number_harness import Site, add, decode, rows

from rvx import number
from rvx.jit.host import this_host
from rvx.jit.native import Code, compile_object
from rvx.jit.number.numbers import Numbers
from rvx.jit.spread import Spread
from rvx.jit.text import Function, Module
from rvx.model import ir
from rvx.model.machine import StateElement
from rvx.number import Posit, Quire, Rounding

COUNT = 8

if not this_host().has_lanes:
    pytest.skip("this host adds one by one: it has no AVX-512", allow_module_level=True)


class Lanes:
    """A spread quire, `quire = quire op (w0 * w1 + w2 * w3 ...)` several times at once, and its
    code."""

    def __init__(self, quire: Quire, format: Posit, op: str, products: int = 1) -> None:
        state = StateElement("q", quire.bits, 1, (0,), False, ir.Named("quire", quire), "X")
        spread = Spread.of(state)
        assert spread is not None
        bits, module, self.products = quire.bits, Module(), products
        stored = (bits + 63) // 64 * 64
        out = Function(module, "put", "void", ["ptr", "ptr"], linkage="")
        code = out.load(f"i{stored}", "%p1", align=8)
        spread.put(out, "%p0", out.resize(code, stored, bits))
        out.ret()
        out.finish()
        out = Function(module, "get", "void", ["ptr", "ptr"], linkage="")
        code = out.resize(spread.get(out, "%p0"), bits, stored)
        out.store(f"i{stored}", code, "%p1", align=8)
        out.ret()
        out.finish()
        use = ir.Named("quire", quire)
        e: ir.Number = ir.Decode(ir.State("quire", 0, bits), use, quire.span, False)
        for i in range(products):
            e = add(e, add(decode(2 * i, format), decode(2 * i + 1, format), "*"), op)
        statement = ir.SetState("quire", 0, 0, ir.Encode(e, use, None, bits))
        out = Function(module, "add", "void", ["ptr", "ptr"], linkage="")
        numbers, arguments = Numbers(module, this_host()), list[tuple[str, str]]()
        for first in range(0, 2 * COUNT, 2 * products):
            inputs = {}
            for i in range(2 * products):
                wide = out.load("i64", "%p1", 8 * (first + i), align=8)
                inputs[f"w{i}"] = out.resize(wide, 64, format.bits), format.bits
            adding = numbers.adding(
                Site(out, numbers, Rounding.RNE, inputs), statement, is_spread=True
            )
            assert adding is not None
            assert adding.most * products == COUNT
            arguments += adding.arguments
        assert adding.together is not None
        out.call("void", adding.together(), ("ptr", "%p0"), *arguments)
        out.ret()
        out.finish()
        self._code = Code([compile_object(module.text(), 2)], ["put", "get", "add"])
        pointer = ctypes.c_void_p
        self._put, self._get, self._add = (
            self._code.function(name, None, pointer, pointer) for name in ("put", "get", "add")
        )
        self._bytes = ctypes.create_string_buffer(stored // 8)
        self._memory = ctypes.create_string_buffer(8 * spread.cells + 64)
        start = ctypes.addressof(self._memory)
        self._cells = start + -start % 64  # as the function that has it aligns it

    def put(self, code: int) -> None:
        self._bytes.raw = code.to_bytes(len(self._bytes), "little")
        self._put(self._cells, self._bytes)

    def get(self) -> int:
        self._get(self._cells, self._bytes)
        return int.from_bytes(self._bytes.raw, "little")

    def add(self, factors: list[int]) -> None:
        self._add(self._cells, (ctypes.c_uint64 * len(factors))(*factors))


class Expected:
    """The reference's quire."""

    def __init__(self, quire: Quire, format: Posit, op: str) -> None:
        self.quire, self.format, self.code = quire, format, 0
        self.combine = {"+": number.add, "-": number.subtract}[op]

    def add(self, factors: list[int]) -> None:
        for row in zip(factors[::2], factors[1::2], strict=True):
            product = number.multiply(*map(self.format.decode, row))
            total = self.combine(self.quire.decode(self.code), product)
            self.code = self.quire.encode(total, Rounding.RNE)[0]


QUIRES = [
    (QUIRE, POSIT32),
    (Quire(POSIT16), POSIT16),
    (Quire(Posit(20, 1), 60), Posit(20, 1)),
    (Quire(Posit(31, 0), 250), Posit(31, 0)),
    (Quire(POSIT32, 2), POSIT32),
    (Quire(POSIT16, 2, overflow="wrap"), POSIT16),
    (Quire(POSIT32, 40, overflow="wrap"), POSIT32),
    (Quire(POSIT8, 140, overflow="wrap"), POSIT8),
]


def near(format: Posit, chance: random.Random) -> int:
    """A code of magnitude near one, mostly, or of zero."""
    top = 1 << format.bits - 2
    code = top + chance.randrange(-(top // 2), top // 2)
    return chance.choice((0, code, code, code, -code)) & (1 << format.bits) - 1


@pytest.mark.parametrize("op", "+-")
@pytest.mark.parametrize(("quire", "format"), QUIRES, ids=str)
def test_sums(quire: Quire, format: Posit, op: str) -> None:
    """Of products near one, of zeros, and at times of one that is anything; from all kinds of
    quires."""
    native, expected = Lanes(quire, format, op), Expected(quire, format, op)
    chance, nar = random.Random(op), quire.canonical_nan
    edges = [0, nar, nar - 1, nar + 1, nar >> 1, nar + (nar >> 1), (1 << quire.bits) - 1, 1]
    others = iter(rows([format], 5000))
    native.put(0)
    for _ in range(1500):
        if chance.random() < 0.03 or (expected.code == nar and chance.random() < 0.3):
            expected.code = chance.choice([*edges, chance.getrandbits(quire.bits)])
            native.put(expected.code)
            assert native.get() == expected.code
        factors = [near(format, chance) for _ in range(2 * COUNT)]
        for _ in range(chance.choice((0, 0, 0, 1, 2))):
            (factors[chance.randrange(2 * COUNT)],) = next(others)
        native.add(factors)
        expected.add(factors)
        if chance.random() < 0.2:
            assert native.get() == expected.code
    assert native.get() == expected.code


@pytest.mark.parametrize("lane", range(2 * COUNT))
def test_nar_in_any_lane(lane: int) -> None:
    """Times anything, zero and the least magnitude too."""
    native, expected = Lanes(QUIRE, POSIT32, "+"), Expected(QUIRE, POSIT32, "+")
    for other in (0, 1, 0xFFFF_FFFF, 0x4000_0000, 0x7FFF_FFFF, 0x8000_0000):
        factors = [0x4000_0000] * 2 * COUNT
        factors[lane], factors[lane ^ 1] = 0x8000_0000, other
        for quire in (native, expected):
            if isinstance(quire, Lanes):
                quire.put(0)
            else:
                quire.code = 0
            quire.add(factors)
        assert native.get() == expected.code == QUIRE.canonical_nan


@pytest.mark.parametrize("sign", [1, -1])
def test_carries_of_every_size(sign: int) -> None:
    """One lane goes through all powers of two of the window and beyond, up and down."""
    native, expected = Lanes(QUIRE, POSIT32, "+"), Expected(QUIRE, POSIT32, "+")
    native.put(0)
    one = 0x4000_0000
    for power in [*range(-60, 60), *range(60, -60, -1)]:
        code = POSIT32.encode(number.dyadic(sign, power), Rounding.RNE)[0]
        factors = [code, one] * COUNT
        native.add(factors)
        expected.add(factors)
        assert native.get() == expected.code


@pytest.mark.parametrize("products", [2, 4, 8])
def test_several_products_of_an_instruction(products: int) -> None:
    native = Lanes(Quire(POSIT16), POSIT16, "+", products)
    expected, chance = Expected(Quire(POSIT16), POSIT16, "+"), random.Random(products)
    native.put(0)
    for _ in range(300):
        factors = [near(POSIT16, chance) for _ in range(2 * COUNT)]
        if chance.random() < 0.2:
            factors[chance.randrange(2 * COUNT)] = chance.getrandbits(16) & 0x7FFF
        native.add(factors)
        expected.add(factors)
    assert native.get() == expected.code
