"""All lanes of an instruction at once, against the reference lane by lane: values and flags."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from random import Random

import pytest
from number_harness import Site, add
from rule_harness import Row, rounded, without_half
from rule_rows import rows

from rvx.jit.host import this_host
from rvx.jit.native import Code, compile_object
from rvx.jit.number.numbers import Numbers
from rvx.jit.number.shape import Polynomial, Term
from rvx.jit.text import STRICT, Function, Module
from rvx.model import ir
from rvx.number import NX, Float, Format, Rounding

pytestmark = pytest.mark.skipif(not this_host().has_arithmetic, reason="the host has no rules")

FP32, FP16, BF16 = Float(8, 23), Float(5, 10), Float(8, 7)
E5M2, E4M3, NONE = Float(5, 2), Float(4, 3), Float(3, 4, "none")
OCP = Float(4, 3, "ocp")
MODES = (Rounding.RNE, Rounding.RTZ, Rounding.RDN, Rounding.RUP, Rounding.RMM)

Words = tuple[int, ...]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of these the host rounds by itself or by way of single precision, lane by lane, and for
    some that is faster: all at once they are right too."""
    without_half(monkeypatch)
    monkeypatch.setattr("rvx.jit.number.rule_lanes._MOST_SHORT", 5)
    monkeypatch.setattr("rvx.jit.number.rule_host.rounds_as_once", lambda shape, target: False)


class Lanes:
    """A sum for all lanes, `pairs` products or terms a lane, of the accumulator if there is one:
    `dot` rd[i] +- (rs1[i*n] * rs2[i*n] + ...), `product` rs1[i] * rs2[i], `sum` rd[i] +- rs1[i]."""

    def __init__(
        self, form: str, wide: Format, narrow: Format, count: int, pairs: int, sign: int,
        mode: Rounding, *, host: Rounding | None = None, sticky: bool = False,
    ) -> None:  # fmt: skip
        self.form, self.wide, self.narrow = form, wide, narrow
        self.count, self.pairs = count, pairs
        self.host = mode if host is None else host
        self.width = count * wide.bits
        own = [Term(1, 0, (0,))]
        match form:
            case "dot":
                products = [Term(sign, 0, (1 + 2 * k, 2 + 2 * k)) for k in range(pairs)]
                self.shape = Polynomial((wide, *[narrow] * 2 * pairs), (*own, *products))
            case "product":
                self.shape = Polynomial((narrow, narrow), (Term(sign, 0, (0, 1)),))
            case _:
                self.shape = Polynomial((wide, narrow), (*own, Term(sign, 0, (1,))))
        self.reference = rounded(self.shape, wide, mode)
        module = Module()
        out = Function(module, "lanes", "void", ["ptr", "ptr", "i64"], STRICT, "")
        self._write(out, mode, sign, sticky)
        self.text = module.text()
        self._code = Code([compile_object(self.text, 2)], ["lanes"])
        self._run = self._code.function("lanes", None, *[ctypes.c_void_p] * 2, ctypes.c_int64)

    def _encode(self, lane: int, sign: int) -> ir.Encode:
        narrow, op = self.narrow, "+" if sign > 0 else "-"
        match self.form:
            case "dot":
                found = self._leaf(0, lane, self.wide)
                for at in range(lane * self.pairs, lane * self.pairs + self.pairs):
                    product = add(self._leaf(1, at, narrow), self._leaf(2, at, narrow), "*")
                    found = add(found, product, op)
            case "product":
                found = add(self._leaf(1, lane, narrow), self._leaf(2, lane, narrow), "*")
                if sign < 0:
                    found = ir.NumberFunction("-", found, found.span and found.span.negate(), False)
            case _:
                found = add(self._leaf(0, lane, self.wide), self._leaf(1, lane, narrow), op)
        return ir.Encode(found, ir.Named("", self.wide), None, self.wide.bits)

    def _leaf(self, word: int, lane: int, format: Format) -> ir.Number:
        low = lane * format.bits
        whole = ir.WordLocal(f"w{word}", 64)
        part = ir.WordSlice(whole, low + format.bits - 1, low)
        return ir.Decode(part, ir.Named("", format), format.span, False)

    def _write(self, out: Function, mode: Rounding, sign: int, sticky: bool) -> None:
        saved = this_host().save(out)
        counter, loop, end = out.variable("i64"), out.label("loop"), out.label("end")
        out.store("i64", "0", counter)
        out.jump(loop)
        out.begin(loop)
        i = out.load("i64", counter)
        row = out.value(f"getelementptr [3 x i64], ptr %p0, i64 {i}")
        inputs = {f"w{k}": (out.load("i64", row, 8 * k), 64) for k in range(3)}
        this_host().set_control(out, self.host)
        site = Site(out, Numbers(out.module, this_host()), mode, inputs, self.host, sticky)
        encodes = [self._encode(lane, sign) for lane in range(self.count)]
        codes = site.numbers.lanes(site, encodes)
        assert codes is not None
        flags = out.op("or", 32, out.load("i32", site.cell), this_host().take_flags(out))
        cell = out.value(f"getelementptr [2 x i64], ptr %p1, i64 {i}")
        out.store("i64", out.resize(codes, self.width, 64), cell)
        out.store("i64", out.resize(flags, 32, 64), cell, 8)
        out.store("i32", "0", site.cell)
        following = out.op("add", 64, i, "1")
        out.store("i64", following, counter)
        out.branch(out.compare("ult", 64, following, "%p2"), loop, end)
        out.begin(end)
        this_host().restore(out, saved)
        out.ret()
        out.finish()

    def words(self, lanes: Sequence[Row]) -> Words:
        """The words that hold these operands."""
        found, bits = [0, 0, 0], self.narrow.bits
        for i, row in enumerate(lanes):
            if self.form == "product":
                own, factors = 0, list(row)
            else:
                own, *factors = row
            found[0] |= own << i * self.wide.bits
            if self.form == "sum":
                found[1] |= factors[0] << i * bits
                continue
            for k in range(self.pairs):
                found[1] |= factors[2 * k] << (i * self.pairs + k) * bits
                found[2] |= factors[2 * k + 1] << (i * self.pairs + k) * bits
        return tuple(found)

    def check(self, lanes: Sequence[Sequence[Row]], ignored: int = 0) -> None:
        flat = [word for each in lanes for word in self.words(each)]
        given = (ctypes.c_uint64 * len(flat))(*flat)
        found = (ctypes.c_uint64 * (2 * len(lanes)))()
        self._run(ctypes.addressof(given), ctypes.addressof(found), len(lanes))
        for i, each in enumerate(lanes):
            code = flags = 0
            for lane, operands in enumerate(each):
                its_code, its_flags = self.reference(operands)
                code |= its_code << lane * self.wide.bits
                flags |= its_flags
            result = found[2 * i], found[2 * i + 1] & ~ignored
            assert result == (code, flags & ~ignored), [tuple(map(hex, row)) for row in each]

    def rows(self, size: int, seed: int) -> list[list[Row]]:
        """Operands for every lane: as hard as they come, and the same beside easy ones."""
        chance, single = Random(seed), rows(self.shape, size, seed)
        found = [[chance.choice(single) for _ in range(self.count)] for _ in range(size)]
        easy = tuple(self._one(f) for f in self.shape.formats)
        for place, row in enumerate(single):
            lanes = [easy] * self.count
            lanes[place % self.count] = row
            found.append(lanes)
        return found

    @staticmethod
    def _one(format: Format) -> int:
        assert isinstance(format, Float)
        return 1 - format.emin << format.fraction


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
@pytest.mark.parametrize("narrow", [E5M2, E4M3, NONE, OCP], ids=["e5m2", "fp8alt", "none", "ocp"])
def test_two_products_into_halves(narrow: Format, mode: Rounding) -> None:
    host = Rounding.RNE if mode is Rounding.RMM else mode
    sums = Lanes("dot", FP16, narrow, 2, 2, 1, mode, host=host)
    sums.check(sums.rows(3000, 1))


@pytest.mark.parametrize("mode", [Rounding.RNE, Rounding.RDN], ids=lambda mode: mode.name)
@pytest.mark.parametrize("sticky", [False, True])
@pytest.mark.parametrize(
    ("form", "wide", "narrow", "count", "pairs", "sign"),
    [
        ("dot", FP16, E5M2, 2, 2, -1),
        ("dot", FP16, E5M2, 4, 2, 1),
        ("dot", FP16, E5M2, 4, 1, -1),
        ("dot", FP16, OCP, 4, 1, 1),
        ("product", FP16, FP16, 2, 1, 1),
        ("product", FP16, FP16, 4, 1, -1),
        ("product", BF16, BF16, 2, 1, 1),
        ("sum", FP16, FP16, 2, 1, -1),
        ("sum", FP16, E5M2, 4, 1, 1),
        ("sum", E5M2, FP16, 4, 1, 1),
    ],
)
def test_other_shapes(
    form: str, wide: Format, narrow: Format, count: int, pairs: int, sign: int, sticky: bool,
    mode: Rounding,
) -> None:  # fmt: skip
    sums = Lanes(form, wide, narrow, count, pairs, sign, mode, sticky=sticky)
    sums.check(sums.rows(2000, 2), NX if sticky else 0)


@pytest.mark.parametrize(
    ("form", "wide", "narrow", "count", "pairs", "sign", "sticky"),
    [
        ("dot", FP16, FP16, 4, 1, 1, False),
        ("dot", FP16, FP16, 4, 1, 1, True),
        ("dot", FP16, FP16, 2, 1, -1, False),
        ("dot", FP32, FP16, 2, 2, 1, True),
        ("dot", FP32, BF16, 2, 2, -1, True),
        ("dot", BF16, BF16, 4, 1, 1, False),
        ("sum", BF16, FP16, 4, 1, -1, False),
    ],
)
def test_sums_with_errors(
    form: str, wide: Format, narrow: Format, count: int, pairs: int, sign: int, sticky: bool
) -> None:
    """Additions may be inexact in double: near ties all lanes go apart. Of two in a row the flags
    are not the sum's, so that NX has to be set already."""
    sums = Lanes(form, wide, narrow, count, pairs, sign, Rounding.RNE, sticky=sticky)
    sums.check(sums.rows(10_000, 4), NX if sticky else 0)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
@pytest.mark.parametrize(("wide", "narrow", "sign"), [(FP32, FP16, 1), (FP32, BF16, -1)])
def test_sums_of_what_lies_close(wide: Format, narrow: Format, sign: int, mode: Rounding) -> None:
    """With NX clear, and in other modes, terms too far apart to be added exactly go apart."""
    host = Rounding.RNE if mode is Rounding.RMM else mode
    sums = Lanes("dot", wide, narrow, 2, 2, sign, mode, host=host)
    sums.check(sums.rows(10_000, 5))


@pytest.mark.parametrize("form", ["dot", "sum"])
def test_other_modes_than_the_host_has(form: str) -> None:
    """The host rounds to nearest, the instruction otherwise: integers round then."""
    for mode in MODES:
        narrow = E5M2 if form == "dot" else FP16
        sums = Lanes(form, FP16, narrow, 2, 2, 1, mode, host=Rounding.RNE)
        sums.check(sums.rows(1500, 3))


@pytest.mark.parametrize(
    ("wide", "narrow", "mode"),
    [(BF16, E5M2, Rounding.RDN), (E4M3, E4M3, Rounding.RNE)],
    ids=["more than a double", "tables alone"],
)
def test_sums_that_are_left_alone(
    wide: Format, narrow: Format, mode: Rounding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    module = Module()
    inputs = {f"w{i}": (f"%p{i}", 64) for i in range(2)}
    out = Function(module, "f", "void", ["i64", "i64"])
    site = Site(out, Numbers(module, this_host()), mode, inputs, mode)

    def leaf(word: int, lane: int, format: Format) -> ir.Number:
        low = lane * format.bits
        part = ir.WordSlice(ir.WordLocal(f"w{word}", 64), low + format.bits - 1, low)
        return ir.Decode(part, ir.Named("", format), format.span, False)

    encodes = [
        ir.Encode(add(leaf(0, i, wide), leaf(1, i, narrow)), ir.Named("", wide), None, wide.bits)
        for i in range(2)
    ]
    assert site.numbers.lanes(site, encodes) is None
