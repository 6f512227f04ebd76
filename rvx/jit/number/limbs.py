"""A quire where it lies in memory, in limbs of 64 bits.

A number touches two limbs; what is carried or borrowed beyond them rarely goes on. The sum wraps
at the quire's width.
"""

from __future__ import annotations

from typing import Final

from rvx.jit.number.signed_product import Signed
from rvx.jit.text import Function
from rvx.number import Quire
from rvx.record import record

_LIMB: Final = 64
_BYTES: Final = _LIMB // 8
_PLACES: Final = 6  # bits of a place within a limb
_ONES: Final = (1 << _LIMB) - 1
_THREE: Final = 3 * _LIMB


@record(frozen=True)
class Limbs:
    """The quire at the host pointer."""

    out: Function
    pointer: str
    quire: Quire

    @property
    def count(self) -> int:
        return (self.quire.bits + _LIMB - 1) // _LIMB

    # NaR

    @property
    def _top_bit(self) -> int:
        """NaR's top limb."""
        return 1 << (self.quire.bits - 1) % _LIMB

    def leave_if_nar(self, done: str) -> None:
        """A quire that is NaR stays so."""
        out, last = self.out, self.count - 1
        maybe, on = out.label("maybe"), out.label("number")
        top = out.load("i64", self.pointer, last * _BYTES, align=_BYTES)
        out.branch(out.compare("eq", _LIMB, top, str(self._top_bit)), maybe, on, likely=False)
        out.begin(maybe)
        below = "0"
        for limb in range(last):
            each = out.load("i64", self.pointer, limb * _BYTES, align=_BYTES)
            below = out.op("or", _LIMB, below, each)
        out.branch(out.compare("eq", _LIMB, below, "0"), done, on)
        out.begin(on)

    def set_nar(self) -> None:
        """One bit, followed by zeros."""
        out = self.out
        for limb in range(self.count - 1):
            out.store("i64", "0", self.pointer, limb * _BYTES, align=_BYTES)
        top = str(self._top_bit)
        out.store("i64", top, self.pointer, (self.count - 1) * _BYTES, align=_BYTES)

    # Adding

    def takes(self, number: Signed) -> bool:
        """Whether `add` does."""
        low, high = number.low - self.quire.lsb, number.high - self.quire.lsb
        return self.count > 1 and low > -_LIMB and high < _LIMB * self.count

    def add(self, number: Signed) -> None:
        """Add a number: shifted to its place in two limbs, then what goes beyond them."""
        out = self.out
        place = out.op("sub", _LIMB, number.exponent, str(self.quire.lsb & _ONES))
        limb = out.op("ashr", _LIMB, place, str(_PLACES))
        shift = out.op("and", _LIMB, place, str(_LIMB - 1))
        low = out.op("shl", _LIMB, number.value, shift)
        above = out.op("xor", _LIMB, shift, str(_LIMB - 1))
        high = out.op("ashr", _LIMB, out.op("ashr", _LIMB, number.value, "1"), above)
        if number.low < self.quire.lsb or number.high - self.quire.lsb >= _LIMB * (self.count - 1):
            limb, low, high = self._within(number.value, place, (limb, low, high))
        pointer = out.value(f"getelementptr i64, ptr {self.pointer}, i64 {limb}")
        # Three limbs, of which the last says what goes on from there: 1, 0 or -1.
        old = out.resize(out.load("i128", pointer, align=_BYTES), 2 * _LIMB, _THREE)
        added = out.op("shl", _THREE, out.resize(high, _LIMB, _THREE, signed=True), str(_LIMB))
        added = out.op("or", _THREE, added, out.resize(low, _LIMB, _THREE))
        total = out.op("add", _THREE, old, added)
        out.store("i128", out.resize(total, _THREE, 2 * _LIMB), pointer, align=_BYTES)
        beyond = out.resize(out.op("lshr", _THREE, total, str(2 * _LIMB)), _THREE, _LIMB)
        self._carry(limb, beyond)

    def _within(self, value: str, place: str, usual: tuple[str, str, str]) -> tuple[str, str, str]:
        """The lower limb and the values of both, for numbers that reach beyond either end: the
        bits below the quire's unit are zeros, those above its width do not count."""
        out, start, last = self.out, self.out.block, str(self.count - 2)
        rare, on = out.label("end"), out.label("placed")
        inside = out.compare("ult", _LIMB, usual[0], str(self.count - 1))
        out.branch(inside, on, rare, likely=True)
        out.begin(rare)
        below = out.compare("slt", _LIMB, place, "0")
        down = out.op("and", _LIMB, out.op("sub", _LIMB, "0", place), str(_LIMB - 1))
        limb = out.select(below, "i64", "0", last)
        low = out.select(below, "i64", out.op("ashr", _LIMB, value, down), "0")
        sign = out.op("ashr", _LIMB, value, str(_LIMB - 1))
        high = out.select(below, "i64", sign, usual[1])
        out.jump(on)
        out.begin(on)
        one, other, another = (
            out.phi("i64", (a, start), (b, rare))
            for a, b in zip(usual, (limb, low, high), strict=True)
        )
        return one, other, another

    def _carry(self, limb: str, beyond: str) -> None:
        """Add 1, 0 or -1 to the limbs from two above."""
        out = self.out
        index = out.variable("i64")
        loop, test, on = out.label("carry"), out.label("limb"), out.label("added")
        start = out.label("beyond")
        out.branch(out.compare("eq", _LIMB, beyond, "0"), on, start, likely=True)
        out.begin(start)
        out.store("i64", out.op("add", _LIMB, limb, "2"), index, align=_BYTES)
        out.jump(loop)
        out.begin(loop)
        at = out.load("i64", index, align=_BYTES)
        out.branch(out.compare("ult", _LIMB, at, str(self.count)), test, on)
        out.begin(test)
        pointer = out.value(f"getelementptr i64, ptr {self.pointer}, i64 {at}")
        old = out.load("i64", pointer, align=_BYTES)
        total = out.op("add", _LIMB, old, beyond)
        out.store("i64", total, pointer, align=_BYTES)
        out.store("i64", out.op("add", _LIMB, at, "1"), index, align=_BYTES)
        # A carry goes on where the limb was all ones, a borrow where it was zero.
        carries = out.compare("eq", _LIMB, beyond, "1")
        last = out.select(carries, "i64", total, old)
        out.branch(out.compare("eq", _LIMB, last, "0"), loop, on)
        out.begin(on)

    def trim(self) -> None:
        """Clear the bits of the top limb beyond the width."""
        bits = self.quire.bits % _LIMB
        if bits:
            out, at = self.out, (self.count - 1) * _BYTES
            top = out.load("i64", self.pointer, at, align=_BYTES)
            top = out.op("and", _LIMB, top, str((1 << bits) - 1))
            out.store("i64", top, self.pointer, at, _BYTES)
