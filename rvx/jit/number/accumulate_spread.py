"""Products added to a spread quire (`spread.py`): no carry goes further than its word.

Where all is usual a function to be inlined does it, with few instructions and one branch: codes
that prefixes do not know, and NaR, are told by the limb where a product would begin, and a limit
that is zero tells the rest. Another function takes codes apart that prefixes do not know. All else
is done to the whole quire, by the function for one in place.
"""

from __future__ import annotations

from typing import Final

from rvx.jit.number import decode
from rvx.jit.number.callee import COLD
from rvx.jit.number.polynomial import factors, leaf
from rvx.jit.number.prefix import Prefixes, number_by_prefix, prefixes
from rvx.jit.number.signed_product import (
    Signed,
    moved,
    negative,
    product_of,
    signed_number,
    skips_zero,
)
from rvx.jit.number.site import Shape
from rvx.jit.spread import LIMB, Spread
from rvx.jit.text import STRICT, Function, Module
from rvx.model import ir
from rvx.number import Format, Quire
from rvx.record import record

_PLACES: Final = LIMB.bit_length() - 1  # bits of a place within a limb
_ONES: Final = (1 << LIMB) - 1


def define_spread(
    module: Module, name: str, in_place: str, quire: Quire, minus: tuple[bool, ...], shape: Shape
) -> bool:
    """Write `void @name(ptr spread quire, codes...)`, `in_place` being the function for a quire in
    place; False: a product is too long."""
    types, spread = ("ptr", *shape.types), Spread(quire.bits)
    codes = [f"%p{i}" for i in range(1, len(types))]
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
    code = out.resize(spread.get(out, "%p0"), spread.bits, stored)
    out.store(f"i{stored}", code, cell, align=8)
    codes = [(type, f"%p{i}") for i, type in enumerate(types)]
    out.call("void", in_place, ("ptr", cell), *codes[1:])
    code = out.resize(out.load(f"i{stored}", cell, align=8), stored, spread.bits)
    spread.put(out, "%p0", code)
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
        numbers = [self._product(e) for e in self.shape.numbers]
        limit, inside = self.spread.limit(out, "%p0"), "1"
        placed = list[tuple[Signed, str]]()
        for each, is_minus in zip(numbers, minus, strict=True):
            if each is None:
                return False
            limb = out.op("ashr", LIMB, each.exponent, str(_PLACES))
            inside = out.op("and", 1, inside, out.compare("ult", LIMB, limb, limit))
            placed.append((negative(out, each) if is_minus else each, limb))
        out.branch(inside, usual, rare, likely=True)
        out.begin(usual)
        for each, limb in placed:
            self._add(each, limb)
        out.ret()
        out.begin(rare)
        out.call(
            "void", otherwise, *[(t, f"%p{i}") for i, t in enumerate(("ptr", *self.shape.types))]
        )
        out.ret()
        out.finish()
        return True

    def _add(self, number: Signed, limb: str) -> None:
        """The number shifted to its place in two limbs."""
        out, place = self.out, number.exponent
        low = out.op("shl", LIMB, number.value, out.op("and", LIMB, place, str(LIMB - 1)))
        # The mask last: a host whose shifts do it themselves needs no instruction for it.
        above = out.op("and", LIMB, out.op("xor", LIMB, place, str(_ONES)), str(LIMB - 1))
        high = out.op("ashr", LIMB, out.op("ashr", LIMB, number.value, "1"), above)
        self.spread.add(out, "%p0", limb, low, high)

    # Numbers, their exponents in places of the quire

    def _product(self, e: ir.Number) -> Signed | None:
        """A product whose exponent is its place. Each factor has its share of the unit's, so that
        tables have it already."""
        leaves, lsb = factors(self.shape, e, self.codes), self.quire.lsb
        share, rest = divmod(-lsb, max(len(leaves), 1))
        shares = [share] * len(leaves)

        def number(e: ir.Number) -> Signed:
            code, format, _ = leaf(self.shape, e, self.codes)
            known, power = self._known(format), shares.pop()
            if known is not None:
                return number_by_prefix(self.out, format, known, code, power)
            return moved(self.out, signed_number(self.out, format, code), power)

        found = product_of(self.out, e, number)
        return None if found is None else moved(self.out, found, -lsb if not leaves else rest)

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
