"""A quire while code runs that adds to it: sums of the products of each size, and what it was.

A product ends where its exponent says. In the quire's limbs it would be added to three of them,
and a carry could go on through all above. So there are buckets, of two limbs each, in steps of
half a limb: a product is shifted by less than half a limb and added to one bucket, which has room
for more products than there are between two looks at the quire. Where the quire is read, all
buckets are added up (a small superaccumulator: Neal, "Fast exact summation using small and large
superaccumulators", 2015).

To add is to load, add and store again, where the next addition waits for the store. So there are
two ways, each with all buckets, which code takes in turns.

Where the host has vectors of integers, eight products that come together need no bucket of their
own, if all are near one: each is shifted to its place in a window of two limbs, of which there is
one for every lane.

A limit says how many buckets may be used: none where the quire is NaR, or so large that a sum
could go beyond its width. It is found out where the quire is written. Other products are for code
that looks at the whole quire.
"""

from __future__ import annotations

from typing import Final

from rvx.jit.each_lane import EachLane
from rvx.jit.host import this_host
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
LANES: Final = 8
_BELOW: Final = 74  # bits of a window that are for what is less than one
_BUCKET: Final = 2 * LIMB
_BYTES: Final = LIMB // 8
ALIGN: Final = LANES * _BYTES  # of all, in bytes
_FEWEST: Final = 3  # buckets: the unit of a shorter quire lies above them


@record(frozen=True)
class Spread:
    """Where the parts of a quire of so many bits are, in limbs: what it was, the limit, of each way
    the lower limbs of all buckets, then the upper ones; last the same of all lanes' windows."""

    bits: int
    window: int | None  # the place where those of lanes begin

    @classmethod
    def of(cls, state: StateElement) -> Spread | None:
        """For a state; None where it is no quire, or none that can be kept so."""
        match state.format:
            case ir.Named(format=Quire(overflow="nar" | "wrap") as quire):
                found = cls.of_quire(quire)
                return found if quire.bits == state.width and found.buckets >= _FEWEST else None
        return None

    @classmethod
    def of_quire(cls, quire: Quire) -> Spread:
        """For one that `of` has found."""
        return cls(quire.bits, _window(quire))

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
        return self._ways_end + (0 if self.window is None else 2 * LANES)

    @property
    def _ways_end(self) -> int:
        """Where lanes begin, aligned."""
        end = self.limbs + 1 + WAYS * 2 * self.buckets
        return (end + LANES - 1) // LANES * LANES

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
        sums = (self.cells - self.limbs - 1) * LIMB
        out.store(f"i{sums}", "0", self.way(out, pointer, 0), align=_BYTES)

    def get(self, out: Function, pointer: str) -> str:
        """The quire's code, an i{bits}."""
        width = self.limbs * LIMB
        total = out.load(f"i{width}", pointer, align=_BYTES)
        if self.window is None:
            total = out.op("add", width, total, self._sum_of_buckets(out, pointer))
        else:
            some = out.resize(self._sum_of_lanes(out, pointer), _BUCKET, width, signed=True)
            total = out.op("add", width, total, out.op("shl", width, some, str(self.window)))
            total = self._with_buckets(out, pointer, total)
        return out.resize(total, width, self.bits)

    def _with_buckets(self, out: Function, pointer: str, total: str) -> str:
        """The sum with all buckets, which are empty where all additions were to lanes."""
        width, before = self.limbs * LIMB, out.block
        used, on = out.label("used"), out.label("on")
        out.branch(self._has_buckets(out, pointer), used, on, likely=False)
        out.begin(used)
        more = out.op("add", width, total, self._sum_of_buckets(out, pointer))
        after = out.block
        out.jump(on)
        out.begin(on)
        return out.phi(f"i{width}", (total, before), (more, after))

    def _has_buckets(self, out: Function, pointer: str) -> str:
        """Whether something is in one of them (i1). The host has lanes."""
        lanes, found = EachLane(out, LANES), "0"
        way, limbs = self.way(out, pointer, 0), WAYS * 2 * self.buckets
        for cell in range(0, limbs - LANES + 1, LANES):
            some = out.load(f"<{LANES} x i64>", way, cell * _BYTES, align=_BYTES)
            found = some if found == "0" else lanes.op("or", LIMB, found, some)
        some = out.load(f"<{LANES} x i64>", way, (limbs - LANES) * _BYTES, align=_BYTES)
        return lanes.any(lanes.compare("ne", LIMB, lanes.op("or", LIMB, found, some), "0"))

    def _sum_of_buckets(self, out: Function, pointer: str) -> str:
        """What is in all buckets of all ways (i{limbs * LIMB})."""
        width, total = self.limbs * LIMB, "0"
        for first in range(LIMB // STEP):
            some = out.op("shl", width, self._sum(out, pointer, first), str(first * STEP))
            total = out.op("add", width, total, some)
        return total

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

    # Lanes

    @staticmethod
    def places(bits: int) -> int:
        """To how many places of a window, from 1 on, a product of so many bits may be shifted."""
        return min(_BUCKET - 1 - ROOM - bits, LIMB - 1)

    def add_lanes(self, out: Function, pointer: str, products: str, places: str) -> None:
        """Add to each lane's window its product, shifted to its place (both <LANES x i64>)."""
        lanes, type = EachLane(out, LANES), f"<{LANES} x i64>"
        low = lanes.op("shl", LIMB, products, places)
        high = lanes.op("ashr", LIMB, products, lanes.op("sub", LIMB, str(LIMB), places))
        lower, upper = self._windows(out, pointer)
        total = lanes.op("add", LIMB, low, out.load(type, lower, align=ALIGN))
        high = lanes.op("add", LIMB, high, out.load(type, upper, align=ALIGN))
        carries = lanes.compare("ult", LIMB, total, low)
        high = lanes.select(carries, "i64", lanes.op("add", LIMB, high, "1"), high)
        out.store(type, total, lower, align=ALIGN)
        out.store(type, high, upper, align=ALIGN)

    def _sum_of_lanes(self, out: Function, pointer: str) -> str:
        """What is in all windows (i128)."""
        total, halves = "0", self._windows(out, pointer)
        for lane in range(LANES):
            low, high = (out.load("i64", half, lane * _BYTES, align=_BYTES) for half in halves)
            high = out.op("shl", _BUCKET, out.resize(high, LIMB, _BUCKET), str(LIMB))
            some = out.op("or", _BUCKET, high, out.resize(low, LIMB, _BUCKET))
            total = out.op("add", _BUCKET, total, some)
        return total

    def _windows(self, out: Function, pointer: str) -> tuple[str, str]:
        """Where their lower limbs are, and the upper ones."""
        lower, upper = (
            out.value(f"getelementptr i8, ptr {pointer}, i64 {cell * _BYTES}")
            for cell in (self._ways_end, self._ways_end + LANES)
        )
        return lower, upper


def _window(quire: Quire) -> int | None:
    """Where windows begin, if the host has lanes; all that is ever in them ends below the sign."""
    place = max(-quire.lsb - _BELOW, 0)
    return place if this_host().has_lanes and place + _BUCKET < quire.bits else None
