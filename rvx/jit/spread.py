"""A quire while code runs that adds to it: sums of the products of each size, and what it was.

A product ends where its exponent says. In the quire's limbs it would be added to three of them,
and a carry could go on through all above. So there are buckets, of two limbs each, in steps of
half a limb: a product is shifted by less than half a limb and added to one bucket, which has room
for more products than there are between two looks at the quire. Where the quire is read, all
buckets are added up (a small superaccumulator: Neal, "Fast exact summation using small and large
superaccumulators", 2015).

To add is to load, add and store again, where the next addition waits for the store. So there are
two ways, each with all buckets, which code takes in turns.

A limit says how many buckets may be used: none where the quire is NaR, or so large that a sum
could go beyond its width. It is found out where the quire is written. Other products are for code
that looks at the whole quire.
"""

from __future__ import annotations

from typing import Final

from rvx.jit.text import Function
from rvx.model import ir
from rvx.model.machine import StateElement
from rvx.number import Quire
from rvx.record import record

LIMB: Final = 64
STEP: Final = 32  # bits from one bucket to the next
PRODUCT: Final = 93
"""A product shifted into its bucket is 2**PRODUCT at most."""
WAYS: Final = 2
ROOM: Final = 32
"""Products may be added 2**ROOM times between two looks: native code is left before that."""
_BUCKET: Final = 2 * LIMB
_BYTES: Final = LIMB // 8
_FEWEST: Final = 3  # buckets: the unit of a shorter quire lies above them


@record(frozen=True)
class Spread:
    """Where the parts of a quire of so many bits are, in limbs: what it was, the limit, and of
    each way the lower limbs of all buckets, then the upper ones."""

    bits: int

    @classmethod
    def of(cls, state: StateElement) -> Spread | None:
        """For a state; None where it is no quire, or none that can be kept so."""
        match state.format:
            case ir.Named(format=Quire(overflow="nar" | "wrap") as quire):
                found = cls(quire.bits)
                return found if quire.bits == state.width and found.buckets >= _FEWEST else None
        return None

    @property
    def limbs(self) -> int:
        """Those of the code."""
        return (self.bits + LIMB - 1) // LIMB

    @property
    def buckets(self) -> int:
        """While sign and first digit agree, all that is ever in them ends below the sign."""
        return (self.bits - 2 - PRODUCT - ROOM - 1) // STEP + 1

    @property
    def cells(self) -> int:
        """How many limbs there are."""
        return self.limbs + 1 + WAYS * 2 * self.buckets

    @property
    def type(self) -> str:
        """What the variable is."""
        return f"[{self.cells} x i64]"

    def way(self, out: Function, pointer: str, number: int) -> str:
        """Where the buckets of a way are."""
        offset = (self.limbs + 1 + number * 2 * self.buckets) * _BYTES
        return out.value(f"getelementptr i8, ptr {pointer}, i64 {offset}")

    def limit(self, out: Function, pointer: str) -> str:
        """A product's bucket must be below it (i64)."""
        return out.load("i64", pointer, self.limbs * _BYTES, align=_BYTES)

    def put(self, out: Function, pointer: str, value: str) -> None:
        """Write the quire's code, an i{bits}."""
        width = self.limbs * LIMB
        out.store(f"i{width}", out.resize(value, self.bits, width), pointer, align=_BYTES)
        first = out.resize(out.op("lshr", self.bits, value, str(self.bits - 2)), self.bits, 2)
        agree = out.compare("eq", 2, first, "0")
        agree = out.op("or", 1, agree, out.compare("eq", 2, first, "3"))
        limit = out.select(agree, "i64", str(self.buckets), "0")
        out.store("i64", limit, pointer, self.limbs * _BYTES, align=_BYTES)
        ways = self.way(out, pointer, 0)
        out.store(f"i{WAYS * self.buckets * _BUCKET}", "0", ways, align=_BYTES)

    def get(self, out: Function, pointer: str) -> str:
        """The quire's code, an i{bits}."""
        width = self.limbs * LIMB
        total = out.load(f"i{width}", pointer, align=_BYTES)
        for first in range(LIMB // STEP):
            some = out.op("shl", width, self._sum(out, pointer, first), str(first * STEP))
            total = out.op("add", width, total, some)
        return out.resize(total, width, self.bits)

    def _sum(self, out: Function, pointer: str, first: int) -> str:
        """Of the buckets that begin where the first does in some limb, from there on (i{limbs *
        LIMB}). They overlap by whole limbs."""
        width, ways = self.limbs * LIMB, [self.way(out, pointer, each) for each in range(WAYS)]
        buckets, carry, limbs = range(first, self.buckets, LIMB // STEP), "0", "0"
        for limb, bucket in enumerate(buckets):
            for way in ways:
                carry = out.op("add", _BUCKET, carry, self._load(out, way, str(bucket)))
            low = out.resize(out.resize(carry, _BUCKET, LIMB), LIMB, width)
            limbs = out.op("or", width, limbs, out.op("shl", width, low, str(limb * LIMB)))
            carry = out.op("ashr", _BUCKET, carry, str(LIMB))
        above = out.resize(carry, _BUCKET, width, signed=True)
        return out.op("or", width, limbs, out.op("shl", width, above, str(len(buckets) * LIMB)))

    def add(self, out: Function, way: str, bucket: str, product: str) -> None:
        """Add a product (i128), shifted to where the bucket has it, at one below the limit."""
        total = out.op("add", _BUCKET, self._load(out, way, bucket), product)
        cell = out.value(f"getelementptr i64, ptr {way}, i64 {bucket}")
        out.store("i64", out.resize(total, _BUCKET, LIMB), cell, align=_BYTES)
        upper = out.resize(out.op("lshr", _BUCKET, total, str(LIMB)), _BUCKET, LIMB)
        out.store("i64", upper, cell, self.buckets * _BYTES, align=_BYTES)

    def _load(self, out: Function, way: str, bucket: str) -> str:
        cell = out.value(f"getelementptr i64, ptr {way}, i64 {bucket}")
        lower = out.resize(out.load("i64", cell, align=_BYTES), LIMB, _BUCKET)
        upper = out.load("i64", cell, self.buckets * _BYTES, align=_BYTES)
        upper = out.op("shl", _BUCKET, out.resize(upper, LIMB, _BUCKET), str(LIMB))
        return out.op("or", _BUCKET, upper, lower)
