"""Lanes of posits at once, against `rvx.number`."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Sequence
from random import Random

import pytest
from rule_harness import Row, rounded
from rule_rows import rows
from test_rules_posit import FUSED, OPERATIONS, beside_ties

from rvx.jit.native import Code, compile_object
from rvx.jit.number import fast
from rvx.jit.number.lane_shape import LaneShape, Place
from rvx.jit.number.rule_posit import PositFused, PositOperation
from rvx.jit.number.rule_posit_lanes import PositLanes, fits
from rvx.jit.number.shape import Polynomial
from rvx.jit.number.site import Shape
from rvx.jit.text import Function, Module
from rvx.number import Posit, Rounding

FORMATS = [
    *(Posit(16, 2), Posit(16, 1), Posit(16, 0), Posit(8, 2), Posit(8, 0), Posit(12, 3)),
    *(Posit(16, 5, regime=6), Posit(8, 5, regime=6), Posit(8, 2, regime=3), Posit(5, 1)),
]
COUNT = 4


class Lanes:
    """Four lanes of an expression on three words, run for many rows."""

    def __init__(self, polynomial: Polynomial) -> None:
        (format, *_) = polynomial.formats
        assert isinstance(format, Posit)
        self.format, self.polynomial = format, polynomial
        rule = fast.fast_rule(polynomial, format, Rounding.RNE, None, False)
        assert isinstance(rule, PositOperation | PositFused)
        self.reference = rounded(polynomial, format, Rounding.RNE)
        number, width = len(polynomial.formats), COUNT * format.bits
        places = tuple(Place(word, 0, format.bits) for word in range(number))
        shape = LaneShape(Shape((), (), ()), COUNT, (64,) * number, places)
        out = Function(Module(), "lanes", "void", ["ptr", "ptr"], "", "")
        words = [out.load("i64", "%p0", 8 * word) for word in range(number)]
        code, flags = PositLanes(rule, shape).emit(out, words)
        assert flags == "0"
        out.store("i64", out.resize(code, width, 64), "%p1")
        out.ret()
        out.finish()
        self._code = Code([compile_object(out.module.text(), 2)], ["lanes"])
        self._run = self._code.function("lanes", None, ctypes.c_void_p, ctypes.c_void_p)

    def check(self, lanes: Sequence[Row]) -> None:
        """The rows four at a time."""
        bits, padded = self.format.bits, [*lanes, *lanes[:COUNT]]
        given = (ctypes.c_uint64 * len(self.polynomial.formats))()
        found = ctypes.c_uint64()
        for first in range(0, len(lanes), COUNT):
            four = padded[first : first + COUNT]
            for place in range(len(given)):
                given[place] = sum(row[place] << i * bits for i, row in enumerate(four))
            self._run(ctypes.addressof(given), ctypes.addressof(found))
            for i, row in enumerate(four):
                code = found.value >> i * bits & (1 << bits) - 1
                assert (code, 0) == self.reference(row), [tuple(map(hex, row)) for row in four]


@pytest.mark.parametrize("text", OPERATIONS)
@pytest.mark.parametrize("format", FORMATS, ids=str)
def test_product_and_sum(format: Posit, text: str) -> None:
    polynomial = Polynomial((format, format), OPERATIONS[text])
    found = rows(polynomial, 3000)
    if format.bits <= 8:
        every = list(itertools.product(range(1 << format.bits), repeat=2))
        found = Random(format.es).sample(every, min(len(every), 8000))
    Lanes(polynomial).check(found)


@pytest.mark.parametrize("text", FUSED)
@pytest.mark.parametrize("format", FORMATS, ids=str)
def test_fused(format: Posit, text: str) -> None:
    polynomial = Polynomial((format,) * 3, FUSED[text])
    Lanes(polynomial).check([*rows(polynomial, 3000), *beside_ties(format, 3000)])


@pytest.mark.sweep
@pytest.mark.parametrize("text", OPERATIONS)
@pytest.mark.parametrize("format", [Posit(9, 0), Posit(9, 2), Posit(8, 2), Posit(8, 5, regime=6)])
def test_all_pairs(format: Posit, text: str) -> None:
    polynomial = Polynomial((format, format), OPERATIONS[text])
    Lanes(polynomial).check(list(itertools.product(range(1 << format.bits), repeat=2)))


def test_what_has_no_room() -> None:
    assert all(map(fits, FORMATS))
    assert not fits(Posit(32, 2))
    assert not fits(Posit(24, 2))
