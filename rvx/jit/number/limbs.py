"""A quire where it lies in memory, in limbs of 64 bits.

A number touches two limbs; what is carried or borrowed beyond them rarely goes on. Only where the
sum comes near the quire's width is it looked at whether it has gone beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rvx.jit.number.signed_product import Signed
from rvx.jit.text import Function
from rvx.number import Quire, Span
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

    def may_be_nar(self) -> str:
        """Whether the half of the top limb with the sign is that of NaR (i1)."""
        half, top, place = self._half_with_sign()
        return self.out.compare("eq", half, top, str(1 << place))

    def is_large(self) -> str:
        """Whether sign and first digit differ (i1): NaR, or a sum may go beyond the width."""
        half, top, place = self._half_with_sign()
        first = self.out.op("xor", half, top, self.out.op("lshr", half, top, "1"))
        return self.out.compare(
            "ne", half, self.out.op("and", half, first, str(1 << place - 1)), "0"
        )

    def _half_with_sign(self) -> tuple[int, str, int]:
        """The upper bits of the quire: how many, their value, and the place of the sign in it."""
        place = self.quire.bits - 1
        half = _LIMB // 2 if place % (_LIMB // 2) else _LIMB
        at = place // half * half // 8
        return half, self.out.load(f"i{half}", self.pointer, at, align=half // 8), place % half

    def leave_if_nar(self, done: str) -> str:
        """A quire that is NaR stays so. Its top limb."""
        out, last = self.out, self.count - 1
        maybe, on = out.label("maybe"), out.label("number")
        top = out.load("i64", self.pointer, last * _BYTES, align=_BYTES)
        out.branch(self.may_be_nar(), maybe, on, likely=False)
        out.begin(maybe)
        below = "0"
        for limb in range(last):
            each = out.load("i64", self.pointer, limb * _BYTES, align=_BYTES)
            below = out.op("or", _LIMB, below, each)
        below = out.op("or", _LIMB, below, out.op("xor", _LIMB, top, str(self._top_bit)))
        out.branch(out.compare("eq", _LIMB, below, "0"), done, on)
        out.begin(on)
        return top

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
        place, limb = self.place(number)
        low, high = self._shifted(number.value, place)
        if number.low < self.quire.lsb or number.high - self.quire.lsb >= _LIMB * (self.count - 1):
            limb, low, high = self._within(number.value, place, (limb, low, high))
        self._add(limb, low, high)

    def place(self, number: Signed) -> tuple[str, str]:
        """The place of its unit and the lower limb, signed (i64 both)."""
        place = self.out.op("sub", _LIMB, number.exponent, str(self.quire.lsb & _ONES))
        return place, self.out.op("ashr", _LIMB, place, str(_PLACES))

    def is_inside(self, limb: str) -> str:
        """Whether there is this limb and another above it (i1)."""
        return self.out.compare("ult", _LIMB, limb, str(self.count - 1))

    def add_inside(self, number: Signed, place: str, limb: str) -> None:
        """Add a number where `is_inside`."""
        self._add(limb, *self._shifted(number.value, place))

    def _shifted(self, value: str, place: str) -> tuple[str, str]:
        """The value in two limbs."""
        out = self.out
        shift = out.op("and", _LIMB, place, str(_LIMB - 1))
        low = out.op("shl", _LIMB, value, shift)
        # The mask last: a host whose shifts do it themselves needs no instruction for it.
        above = out.op("and", _LIMB, out.op("xor", _LIMB, place, str(_ONES)), str(_LIMB - 1))
        return low, out.op("ashr", _LIMB, out.op("ashr", _LIMB, value, "1"), above)

    def _add(self, limb: str, low: str, high: str) -> None:
        out = self.out
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
        out.branch(self.is_inside(usual[0]), on, rare, likely=True)
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

    def trim(self, before: str) -> None:
        """Clear the bits of the top limb beyond the width, and mend a sum beyond it; `before` is
        what the top limb was."""
        self.clear_beyond()
        if self.quire.overflow != "wrap":
            at = (self.count - 1) * _BYTES
            self._mend(before, self.out.load("i64", self.pointer, at, align=_BYTES))

    def clear_beyond(self) -> None:
        """Clear the bits of the top limb beyond the width."""
        out, at, bits = self.out, (self.count - 1) * _BYTES, self.quire.bits % _LIMB
        if bits:
            top = out.load("i64", self.pointer, at, align=_BYTES)
            top = out.op("and", _LIMB, top, str((1 << bits) - 1))
            out.store("i64", top, self.pointer, at, _BYTES)

    def can_mend(self, terms: Sequence[Span | None]) -> bool:
        """Whether `trim` tells a sum beyond the width by its first two bits: what is added is at
        most half of what the quire holds."""
        if self.quire.overflow == "wrap":
            return True
        if self.quire.overflow == "saturate" or self.quire.bits % _LIMB == 1:
            return False
        total = Span.constant(0)
        for span in terms:
            if span is None:
                return False
            total = total.add(span.union(span.negate()))
        half = self.quire.bits - 2 + self.quire.lsb - total.lsb
        return total.high <= 1 << max(half, 0)

    def _mend(self, before: str, top: str) -> None:
        """A sum whose sign and first digit differ is beyond the width if the sign is a new one."""
        out, sign = self.out, (self.quire.bits - 1) % _LIMB
        near, on = out.label("near"), out.label("within")
        first = out.op("xor", _LIMB, top, out.op("lshr", _LIMB, top, "1"))
        differs = out.op("and", _LIMB, first, str(1 << sign - 1))
        out.branch(out.compare("eq", _LIMB, differs, "0"), on, near, likely=True)
        out.begin(near)
        beyond = out.label("beyond")
        turned = out.op("and", _LIMB, out.op("xor", _LIMB, before, top), str(1 << sign))
        out.branch(out.compare("eq", _LIMB, turned, "0"), on, beyond, likely=True)
        out.begin(beyond)
        self.set_nar()
        out.jump(on)
        out.begin(on)
