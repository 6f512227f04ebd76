"""Products added to a spread quire (`spread.py`): no carry goes further than its bucket.

Where all is usual a function to be inlined does it, with few instructions and one branch: codes
that prefixes do not know, and NaR, are told by the bucket where a product would begin, and a limit
that is zero tells the rest. Another function takes codes apart that prefixes do not know. All else
is done to the whole quire, by the function for one in place.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from rvx.jit.number import decode
from rvx.jit.number.callee import COLD
from rvx.jit.number.polynomial import factors, leaf
from rvx.jit.number.prefix import Prefixes, number_by_prefix, prefixes
from rvx.jit.number.signed_product import (
    Signed,
    moved,
    multiplied,
    negative,
    product_of,
    signed_number,
    skips_zero,
)
from rvx.jit.number.site import Shape
from rvx.jit.spread import LIMB, PRODUCT, STEP, Spread
from rvx.jit.text import STRICT, Function, Module
from rvx.model import ir
from rvx.number import Format, Quire
from rvx.record import record

_BUCKET: Final = 2 * LIMB
_PLACES: Final = STEP.bit_length() - 1  # bits of a place within a bucket
_SHORT: Final = LIMB - 1 - STEP  # bits of a number that may be shifted so far within a limb
_LONG: Final = PRODUCT + 1 - STEP  # bits of a product that may be shifted so far


@record(frozen=True)
class _Product:
    """`one * other * 2**exponent`, all i64; without the other, "", if it has been multiplied."""

    one: str
    other: str
    exponent: str


def define_spread(
    module: Module, name: str, in_place: str, quire: Quire, minus: tuple[bool, ...], shape: Shape
) -> bool:
    """Write `void @name(ptr way, ptr spread quire, codes...)`, `in_place` being the function for a
    quire in place; False: a product is too long."""
    types, spread = ("ptr", "ptr", *shape.types), Spread.of_quire(quire)
    codes = [f"%p{i}" for i in range(2, len(types))]
    inlined = Function(module, name, "void", types, f"{STRICT} alwaysinline")
    apart = Function(module, f"{name}.apart", "void", types, f"{STRICT} noinline")
    for out, by_prefix, otherwise in ((inlined, True, "apart"), (apart, False, "any")):
        writer = _Writer(out, spread, quire, shape, codes, by_prefix)
        if not writer.function(minus, f"{name}.{otherwise}"):
            return False
    _define_any(module, f"{name}.any", in_place, spread, types)
    return True


def _define_any(
    module: Module, name: str, in_place: str, spread: Spread, types: tuple[str, ...]
) -> None:
    """Gather the quire, add to it in place, and spread it again."""
    out = Function(module, name, "void", types, COLD)
    stored = spread.limbs * LIMB
    cell = out.variable(f"i{stored}")
    code = out.resize(spread.get(out, "%p1"), spread.bits, stored)
    out.store(f"i{stored}", code, cell, align=8)
    codes = [(type, f"%p{i}") for i, type in enumerate(types)][2:]
    out.call("void", in_place, ("ptr", cell), *codes)
    code = out.resize(out.load(f"i{stored}", cell, align=8), stored, spread.bits)
    spread.put(out, "%p1", code)
    out.ret()
    out.finish()


@record()
class _Writer:
    out: Function
    spread: Spread
    quire: Quire
    shape: Shape
    codes: list[str]
    by_prefix: bool

    def function(self, minus: tuple[bool, ...], otherwise: str) -> bool:
        """Write it, and a call of the function for what is rare; False: not possible."""
        out, rare, usual = self.out, self.out.label("rare"), self.out.label("usual")
        self._leave_rare_codes(rare)
        limit, inside = self.spread.limit(out, "%p1"), "1"
        placed = list[tuple[str, _Product]]()
        for e, is_minus in zip(self.shape.numbers, minus, strict=True):
            if (product := self._product(e, is_minus)) is None:
                return False
            bucket = out.op("ashr", LIMB, product.exponent, str(_PLACES))
            inside = out.op("and", 1, inside, out.compare("ult", LIMB, bucket, limit))
            placed.append((bucket, product))
        out.branch(inside, usual, rare, likely=True)
        out.begin(usual)
        for bucket, product in placed:
            self.spread.add(out, "%p0", bucket, self._shifted(product))
        out.ret()
        out.begin(rare)
        types = "ptr", "ptr", *self.shape.types
        out.call("void", otherwise, *[(type, f"%p{i}") for i, type in enumerate(types)])
        out.ret()
        out.finish()
        return True

    def _shifted(self, product: _Product) -> str:
        """The product (i128) as its bucket has it. A factor is shifted first, within a limb, so
        that one multiplication gives both limbs."""
        out = self.out
        place = out.op("and", LIMB, product.exponent, str(STEP - 1))
        wide = out.resize(product.one, LIMB, _BUCKET, signed=True)
        if not product.other:
            return out.op("shl", _BUCKET, wide, out.resize(place, LIMB, _BUCKET))
        shifted = out.op("shl", LIMB, product.other, place)
        return out.op("mul", _BUCKET, wide, out.resize(shifted, LIMB, _BUCKET, signed=True))

    # Numbers, their exponents in places of the quire

    def _product(self, e: ir.Number, is_minus: bool) -> _Product | None:
        """A product whose exponent is its place; None: it is too long. Each factor has its share
        of the unit's exponent, so that tables have it already."""
        leaves, lsb = factors(self.shape, e, self.codes), self.quire.lsb
        share, rest = divmod(-lsb, max(len(leaves), 1))
        shares = [share] * len(leaves)

        def number(e: ir.Number) -> Signed:
            code, format, _ = leaf(self.shape, e, self.codes)
            known, power = self._known(format), shares.pop()
            if known is not None:
                return number_by_prefix(self.out, format, known, code, power)
            return moved(self.out, signed_number(self.out, format, code), power)

        power = -lsb if not leaves else rest
        while isinstance(e, ir.Scale):
            power += e.power
            e = e.value
        parts = (e.left, e.right) if isinstance(e, ir.NumberOp) else (e,)
        found = [product_of(self.out, part, number) for part in parts]
        known = [each for each in found if each is not None]
        return self._joined(known, power, is_minus) if len(known) == len(found) else None

    def _joined(self, parts: list[Signed], power: int, is_minus: bool) -> _Product | None:
        """The product of one or two numbers, times a power of two."""
        out, (first, *others) = self.out, sorted(parts, key=attrgetter("bits"), reverse=True)
        if is_minus:
            first = negative(out, first)
        if others and (others[0].bits > _SHORT or first.bits + others[0].bits > _LONG):
            first, others = multiplied(out, first, others[0]), []
        if not first.fits:
            return None
        exponent, other = first.exponent, ""
        for each in others:
            exponent, other = out.op("add", LIMB, exponent, each.exponent), each.value
        exponent = out.op("add", LIMB, exponent, str(power & (1 << LIMB) - 1))
        return _Product(first.value, other, exponent)

    def _known(self, format: Format) -> Prefixes | None:
        return prefixes(format) if self.by_prefix else None

    def _leave_rare_codes(self, rare: str) -> None:
        """NaRs, and zeros, with which a product is no addition at all."""
        out, special, zero = self.out, "0", "0"
        leaves = dict.fromkeys(
            each for e in self.shape.numbers for each in factors(self.shape, e, self.codes)
        )
        for code, format in leaves:
            if self._known(format) is None:
                special = out.op("or", 1, special, decode.is_special(out, format, code))
                if skips_zero(format):
                    zero = out.op("or", 1, zero, out.compare("eq", format.bits, code, "0"))
        on = out.label("number")
        out.branch(special, rare, on, likely=False)
        out.begin(on)
        if zero == "0":
            return
        on, nothing = out.label("nonzero"), out.label("nothing")
        alone = len(self.shape.numbers) == 1
        out.branch(zero, nothing if alone else rare, on, likely=False)
        if alone:
            out.begin(nothing)
            out.ret()
        out.begin(on)
