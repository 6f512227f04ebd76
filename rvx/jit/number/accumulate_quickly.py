"""Products added to a quire where nothing is rare about them: few instructions, to be inlined.

Numbers are read by the first bits of their codes. Zeros, NaRs, extreme exponents and numbers that
reach beyond either end of the quire are all told by the limb where a product would begin; a quire
that is NaR, or so large that the sum could be too large for it, by its first two bits.
"""

from __future__ import annotations

from rvx.jit.number.limbs import Limbs
from rvx.jit.number.polynomial import leaf
from rvx.jit.number.prefix import number_by_prefix, prefixes
from rvx.jit.number.signed_product import Signed, negative, product_of
from rvx.jit.number.site import Shape
from rvx.jit.text import Function
from rvx.model import ir


def add_quickly(
    out: Function, limbs: Limbs, shape: Shape, codes: list[str], minus: tuple[bool, ...]
) -> bool:
    """Write a function down to where all else is to be done; False: there is no such way."""

    def number(e: ir.Number) -> Signed | None:
        code, format, _ = leaf(shape, e, codes)
        known = prefixes(format)
        return None if known is None else number_by_prefix(out, format, known, code)

    found = [product_of(out, e, number) for e in shape.numbers]
    numbers = [each for each in found if each is not None and limbs.takes(each)]
    if len(numbers) < len(found) or not limbs.can_mend([term.span for term in shape.numbers]):
        return False
    places = [limbs.place(each) for each in numbers]
    usual, rare, inside = out.label("usual"), out.label("rare"), "1"
    for _, limb in places:
        inside = out.op("and", 1, inside, limbs.is_inside(limb))
    test = out.label("inside")
    out.branch(inside, test, rare, likely=True)
    out.begin(test)
    out.branch(limbs.is_large(), rare, usual, likely=False)
    out.begin(usual)
    for each, is_minus, (place, limb) in zip(numbers, minus, places, strict=True):
        limbs.add_inside(negative(out, each) if is_minus else each, place, limb)
    limbs.clear_beyond()
    out.ret()
    out.begin(rare)
    return True
