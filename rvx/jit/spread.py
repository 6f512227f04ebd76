"""A quire while code runs that adds to it: limbs that need not be carried into each other.

A product touches two limbs. What goes beyond them, 1, 0 or -1, would go on through all limbs above
wherever the sign of the sum changes, which no branch foresees. So it is counted beside the limbs,
in a word for each pair, and added where the quire is read. Words are biased, so that they are never
below zero.

A limit says how many limbs may be the lower one of such a pair: none where the quire is NaR, or so
large that a sum could go beyond its width. It is found out where the quire is written. Products at
other limbs are for code that looks at the whole quire, so that between two looks the others cannot
become too large: that would take `2**_ROOM` of them.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from rvx.jit.text import Function
from rvx.model import ir
from rvx.model.machine import StateElement
from rvx.number import Quire
from rvx.record import record

LIMB: Final = 64
_BYTES: Final = LIMB // 8
_ROOM: Final = 60
_BIAS: Final = 1 << LIMB - 1


@record(frozen=True)
class Spread:
    """Where the parts of a quire of so many bits are: limbs, then words beside them, the limit."""

    bits: int

    @classmethod
    def of(cls, state: StateElement) -> Spread | None:
        """For a state; None where it is no quire, or none that can be kept so."""
        match state.format:
            case ir.Named(format=Quire(overflow="nar" | "wrap") as quire):
                found = cls(quire.bits)
                return found if quire.bits == state.width and found.pairs > 0 else None
        return None

    @property
    def limbs(self) -> int:
        return (self.bits + LIMB - 1) // LIMB

    @property
    def pairs(self) -> int:
        """How many pairs of limbs there are words for. While sign and first digit agree, products
        at them may come `2**_ROOM` times: they end below limb `pairs + 1`."""
        return (self.bits - 2 - _ROOM) // LIMB - 1

    @property
    def type(self) -> str:
        """What the variable is."""
        return f"[{self.limbs + self.pairs + 1} x i64]"

    @property
    def beside(self) -> int:
        """The offset from the lower limb of a pair to its word, in bytes."""
        return self.limbs * _BYTES

    def limit(self, out: Function, pointer: str) -> str:
        """The lower limb of a pair must be below it (i64)."""
        return out.load("i64", pointer, (self.limbs + self.pairs) * _BYTES, align=_BYTES)

    def put(self, out: Function, pointer: str, value: str) -> None:
        """Write the quire's code, an i{bits}."""
        width = self.limbs * LIMB
        limbs = out.op("sub", width, out.resize(value, self.bits, width), str(self._biases))
        out.store(f"i{width}", limbs, pointer, align=_BYTES)
        words = self.pairs * LIMB
        biases = str(self._biases >> 2 * LIMB)
        out.store(f"i{words}", biases, pointer, self.limbs * _BYTES, align=_BYTES)
        first = out.resize(out.op("lshr", self.bits, value, str(self.bits - 2)), self.bits, 2)
        agree = out.compare("eq", 2, first, "0")
        agree = out.op("or", 1, agree, out.compare("eq", 2, first, "3"))
        limit = out.select(agree, "i64", str(self.pairs), "0")
        out.store("i64", limit, pointer, (self.limbs + self.pairs) * _BYTES, align=_BYTES)

    def get(self, out: Function, pointer: str) -> str:
        """The quire's code, an i{bits}."""
        width, words = self.limbs * LIMB, self.pairs * LIMB
        limbs = out.load(f"i{width}", pointer, align=_BYTES)
        beside = out.load(f"i{words}", pointer, self.limbs * _BYTES, align=_BYTES)
        beside = out.op("shl", width, out.resize(beside, words, width), str(2 * LIMB))
        return out.resize(out.op("add", width, limbs, beside), width, self.bits)

    @cached_property
    def _biases(self) -> int:
        """What all words are more than they count."""
        return sum(_BIAS << LIMB * (pair + 2) for pair in range(self.pairs))

    def add(self, out: Function, pointer: str, limb: str, low: str, high: str) -> None:
        """Add two limbs, a number with a sign, at one that is below the limit."""
        two, three = 2 * LIMB, 3 * LIMB
        pair = out.value(f"getelementptr i64, ptr {pointer}, i64 {limb}")
        word = out.load("i64", pair, self.beside, align=_BYTES)
        word = out.op("shl", three, out.resize(word, LIMB, three), str(two))
        old = out.resize(out.load(f"i{two}", pair, align=_BYTES), two, three)
        old = out.op("or", three, old, word)
        added = out.op("shl", two, out.resize(high, LIMB, two), str(LIMB))
        added = out.op("or", two, added, out.resize(low, LIMB, two))
        added = out.resize(added, two, three, signed=True)
        total = out.op("add", three, old, added)
        out.store(f"i{two}", out.resize(total, three, two), pair, align=_BYTES)
        above = out.resize(out.op("lshr", three, total, str(two)), three, LIMB)
        out.store("i64", above, pair, self.beside, align=_BYTES)
