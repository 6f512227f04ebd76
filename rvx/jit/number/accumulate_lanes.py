"""Products of posits added to a spread quire, eight at once: all lanes of the host's vectors.

A function to be inlined does it where all products fall into the windows of the lanes
(`spread.py`), or are zero. Where one does not, or the quire is one that takes none, each is added
by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rvx.jit.each_lane import EachLane
from rvx.jit.number.callee import COLD
from rvx.jit.number.polynomial import factors
from rvx.jit.number.signed_product import fraction_bits, posit_parts, skips_zero
from rvx.jit.number.site import Shape
from rvx.jit.spread import LANES, LIMB, Spread
from rvx.jit.text import STRICT, Function, Module
from rvx.model import ir
from rvx.number import Format, Posit, Quire
from rvx.record import record

_SIZE: Final = 32  # bits of a factor's integers
_CODES: Final = f"<{2 * LANES} x i{_SIZE}>"


def sum_of_lanes(quire: Quire, minus: tuple[bool, ...], shape: Shape) -> SumOfLanes | None:
    """The rule for so many accumulations as have eight products; None where there is none."""
    spread, format = Spread.of_quire(quire), _format(shape)
    count, surplus = divmod(LANES, len(shape.numbers))
    if format is None or spread.window is None or surplus or len(set(minus)) > 1:
        return None
    found = SumOfLanes(spread, quire, minus[0], format, shape, count)
    return found if found.room > 0 else None


def _format(shape: Shape) -> Posit | None:
    """That of all codes, if each number is a product of two of them, times the same power of two,
    and has a rule here."""
    names = [f"%{i}" for i in range(len(shape.types))]
    found = [_factors(shape, e, names) for e in shape.numbers]
    leaves = [leaf for each in found for leaf in each]
    formats, powers = {format for _, format in leaves}, {_power(e) for e in shape.numbers}
    if [] in found or len(formats) > 1 or len(powers) > 1:
        return None
    if {code for code, _ in leaves} != set(names):
        return None
    (format,) = formats
    return format if isinstance(format, Posit) and skips_zero(format) else None


def _factors(shape: Shape, e: ir.Number, codes: Sequence[str]) -> list[tuple[str, Format]]:
    """The codes in a product of two; none where it is something else."""
    match e:
        case ir.Scale(value):
            return _factors(shape, value, codes)
        case ir.NumberOp("*", ir.Decode(), ir.Decode()):
            return factors(shape, e, codes)
    return []


def _power(e: ir.Number) -> int:
    """Of two, that scales a product."""
    return e.power + _power(e.value) if isinstance(e, ir.Scale) else 0


@record(frozen=True)
class SumOfLanes:
    """Products that all are added, or all subtracted."""

    spread: Spread
    quire: Quire
    minus: bool
    format: Posit
    shape: Shape
    count: int  # accumulations at once

    @property
    def room(self) -> int:
        """How many places a product has in a window, from 1 on."""
        return self.spread.places(2 * (fraction_bits(self.format) + 1))

    def define(self, module: Module, name: str, each: str) -> None:
        """Write `void @name(ptr spread quire, codes..., codes..., ...)`, `each` being the function
        for one accumulation."""
        parameters = ("ptr", *self.shape.types * self.count)
        out = Function(module, name, "void", parameters, f"{STRICT} alwaysinline")
        rare, usual = out.label("rare"), out.label("usual")
        codes = self._gathered(out)
        product, place, is_usual = self._products(out, codes)
        out.branch(is_usual, usual, rare, likely=True)
        out.begin(usual)
        if self.minus:
            product = EachLane(out, LANES).op("sub", LIMB, "0", product)
        self.spread.add_lanes(out, "%p0", product, place)
        out.ret()
        out.begin(rare)
        # The codes as a vector: one by one they would have to be kept for this alone.
        out.call("void", f"{name}.apart", ("ptr", "%p0"), (_CODES, codes))
        out.ret()
        out.finish()
        self._define_apart(module, f"{name}.apart", each)

    def _define_apart(self, module: Module, name: str, each: str) -> None:
        """Write `void @name(ptr spread quire, codes)`, which adds one by one."""
        out, bits = Function(module, name, "void", ("ptr", _CODES), COLD), self.format.bits
        lanes = {code: lane for lane, code in enumerate(self._lanes())}
        way = self.spread.way(out, "%p0", 0)
        for i in range(self.count):
            arguments = []
            for code in self._parameters(i):
                value = out.value(f"extractelement {_CODES} %p1, i32 {lanes[code]}")
                arguments.append((f"i{bits}", out.resize(value, _SIZE, bits)))
            out.call("void", each, ("ptr", way), ("ptr", "%p0"), *arguments)
        out.ret()
        out.finish()

    # Codes

    def _parameters(self, i: int) -> list[str]:
        """The codes of an accumulation."""
        length = len(self.shape.types)
        return [f"%p{1 + i * length + j}" for j in range(length)]

    def _lanes(self) -> list[str]:
        """The code of each lane: all first factors, all second ones."""
        products = [
            _factors(self.shape, e, self._parameters(i))
            for i in range(self.count)
            for e in self.shape.numbers
        ]
        return [product[side][0] for side in range(2) for product in products]

    def _gathered(self, out: Function) -> str:
        codes = "poison"
        for lane, code in enumerate(self._lanes()):
            value = out.resize(code, self.format.bits, _SIZE)
            codes = out.value(f"insertelement {_CODES} {codes}, i{_SIZE} {value}, i32 {lane}")
        return codes

    # Numbers

    def _products(self, out: Function, codes: str) -> tuple[str, str, str]:
        """The products and their places in the windows (both <LANES x i64>), nothing of a zero;
        whether there are such for all (i1)."""
        both, lanes, bits = EachLane(out, 2 * LANES), EachLane(out, LANES), self.format.bits
        above = both.op("shl", _SIZE, codes, str(_SIZE + 1 - bits))
        odd = both.compare("eq", _SIZE, above, "0")  # zero or NaR
        nar = both.compare("eq", _SIZE, codes, str(1 << bits - 1))
        code = both.resize(codes, _SIZE, bits)
        parts = posit_parts(both, self.format, code, _SIZE)
        # A zero is nothing, as large as one.
        value, exponent = (both.select(odd, f"i{_SIZE}", "0", part) for part in parts)
        factors = [
            lanes.resize(half, _SIZE, LIMB, signed=True) for half in both.halves(value, _SIZE)
        ]
        product = lanes.op("mul", LIMB, *factors)
        place = lanes.op("add", _SIZE, *both.halves(exponent, _SIZE))
        place = lanes.op("add", _SIZE, place, str(self._origin & (1 << _SIZE) - 1))
        rare = out.op("or", 2 * LANES, both.joined(nar, 1), self._outside(out, place))
        full = out.compare("eq", LIMB, self.spread.limit(out, "%p0"), "0")
        rare = out.op("or", 1, full, out.compare("ne", 2 * LANES, rare, "0"))
        is_usual = out.compare("eq", 1, rare, "0")
        return product, lanes.resize(place, _SIZE, LIMB), is_usual

    @property
    def _origin(self) -> int:
        """The place in a window of a product whose exponents are zeros."""
        assert self.spread.window is not None
        unit = _power(self.shape.numbers[0]) - 2 * fraction_bits(self.format)
        return unit - self.quire.lsb - self.spread.window

    def _outside(self, out: Function, place: str) -> str:
        """Which lanes have a place that a window has not, as an i{2 * LANES}."""
        lanes = EachLane(out, LANES)
        before = lanes.op("sub", _SIZE, place, "1")
        outside = lanes.compare("uge", _SIZE, before, str(self.room))
        return out.resize(lanes.joined(outside, 1), LANES, 2 * LANES)
