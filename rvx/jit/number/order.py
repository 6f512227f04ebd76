"""The order of two numbers, and choosing one of them."""

from __future__ import annotations

from typing import NamedTuple

from rvx.jit.number.special import join
from rvx.jit.number.sum import difference
from rvx.jit.number.value import (
    Finite,
    FixedPoint,
    Floating,
    Value,
    floating,
    is_negative,
    is_zero,
    on_grid,
    storage,
)
from rvx.jit.text import Function
from rvx.number.real import INFINITE, NAN, NEG_INF, NEG_ZERO, POS_INF, POS_ZERO

_WIDEST_FIXED = 256


class Order(NamedTuple):
    """Which holds (i1 each); `unordered`: one is a NaN."""

    less: str
    greater: str
    unordered: str


def order(out: Function, a: Value, b: Value, *, finite: bool) -> Order:
    """Compare two numbers; kinds that are not `finite` must be resolved."""
    less, greater = _finite_order(out, a.finite, b.finite)
    if finite:
        return Order(less, greater, "0")
    one, other = a.kinds(), b.kinds()
    both = join(out, one, other)
    unordered = _among(out, both, NAN)
    infinite = _among(out, both, INFINITE)
    left, right = _infinite_sign(out, one), _infinite_sign(out, other)
    less = out.select(infinite, "i1", out.compare("slt", 32, left, right), less)
    greater = out.select(infinite, "i1", out.compare("sgt", 32, left, right), greater)
    return Order(less, greater, unordered)


def _finite_order(out: Function, a: Finite, b: Finite) -> tuple[str, str]:
    """Whether a < b and whether a > b (i1 each)."""
    like = common(a, b)
    if isinstance(like, FixedPoint):
        assert isinstance(a, FixedPoint)
        assert isinstance(b, FixedPoint)
        one, other = (on_grid(out, x, like.lsb, like.width) for x in (a, b))
        less, greater = (out.compare(how, like.width, one, other) for how in ("slt", "sgt"))
        return less, greater
    apart = difference(out, a, b)
    unequal, negative = out.op("xor", 1, is_zero(out, apart), "1"), is_negative(out, apart)
    less = out.op("and", 1, unequal, negative)
    return less, out.op("and", 1, unequal, out.op("xor", 1, negative, "1"))


def holds(out: Function, op: str, found: Order) -> str:
    """Whether `a op b` (i1), by the order of a and b."""
    ordered = out.op("xor", 1, found.unordered, "1")
    differ = out.op("or", 1, found.less, found.greater)
    match op:
        case "==":
            truth = out.op("xor", 1, differ, "1")
        case "!=":
            return out.op("or", 1, differ, found.unordered)
        case "<":
            truth = found.less
        case "<=":
            truth = out.op("xor", 1, found.greater, "1")
        case ">":
            truth = found.greater
        case _:
            truth = out.op("xor", 1, found.less, "1")
    return out.op("and", 1, truth, ordered)


def extreme(out: Function, op: str, a: Value, b: Value, *, finite: bool) -> Value:
    """`minimum` or `maximum` of resolved numbers: -0 is below +0, a NaN gives the other one."""
    found = order(out, a, b, finite=finite)
    one, other = a.kinds(), b.kinds()
    beyond = wrong = found.greater if op == "minimum" else found.less
    equal = out.op("xor", 1, out.op("or", 1, found.less, found.greater), "1")
    first, second = (one, other) if op == "minimum" else (other, one)
    # Zeros: `first` is above `second`. For other kinds their signs are both 0.
    above = out.compare("sgt", 32, _zero_sign(out, first), _zero_sign(out, second))
    wrong = out.op("or", 1, wrong, out.op("and", 1, equal, above))
    if not finite:
        nan = out.compare("eq", 32, one, str(NAN))
        wrong = out.select(found.unordered, "i1", nan, wrong)
    # In fixed point all zeros are one.
    is_fixed = finite and isinstance(common(a.finite, b.finite), FixedPoint)
    chosen = select_finite(out, beyond if is_fixed else wrong, b.finite, a.finite)
    kinds = out.select(wrong, "i32", other, one)
    return Value(chosen, lambda: kinds, join(out, a.flags, b.flags))


def _among(out: Function, kinds: str, mask: int) -> str:
    return out.compare("ne", 32, out.op("and", 32, kinds, str(mask)), "0")


def _infinite_sign(out: Function, kinds: str) -> str:
    return _sign(out, kinds, POS_INF, NEG_INF)


def _zero_sign(out: Function, kinds: str) -> str:
    return _sign(out, kinds, POS_ZERO, NEG_ZERO)


def _sign(out: Function, kinds: str, positive: int, negative: int) -> str:
    """1, -1 or 0 (i32): kinds equal to the one, the other, or neither."""
    one = out.resize(out.compare("eq", 32, kinds, str(positive)), 1, 32)
    other = out.resize(out.compare("eq", 32, kinds, str(negative)), 1, 32)
    return out.op("sub", 32, one, other)


# Common representations -------------------------------------------------------------------------


def common(a: Finite, b: Finite) -> FixedPoint | Floating:
    """A representation of either: the bounds count, values and the exponent are to be filled in."""
    if isinstance(a, FixedPoint) and isinstance(b, FixedPoint):
        lsb = min(a.lsb, b.lsb)
        bound = max(a.bound << a.lsb - lsb, b.bound << b.lsb - lsb)
        width = storage(bound.bit_length() + 1)
        if width <= max(_WIDEST_FIXED, a.width, b.width):
            return FixedPoint("", width, lsb, bound)
    one, other = _bounds(a), _bounds(b)
    bits = max(one[0], other[0])
    return Floating(
        "", "", storage(bits), bits, "",
        min(one[1], other[1]), max(one[2], other[2]), min(a.lsb, b.lsb), max(a.top, b.top),
    )  # fmt: skip


def _bounds(x: Finite) -> tuple[int, int, int]:
    if isinstance(x, Floating):
        return x.bits, x.low, x.high
    return x.bound.bit_length(), x.lsb, x.lsb


def parts(out: Function, x: Finite, like: Finite) -> list[tuple[str, str]]:
    """The (type, value) that make the number in the representation of `like`."""
    if isinstance(like, FixedPoint):
        assert isinstance(x, FixedPoint)
        return [(f"i{like.width}", on_grid(out, x, like.lsb, like.width))]
    it = floating(out, x)
    wide = out.resize(it.significand, it.width, like.width)
    return [("i1", it.sign), (f"i{like.width}", wide), ("i32", it.exponent)]


def made_of(like: Finite, values: list[str]) -> Finite:
    """The number of these parts."""
    if isinstance(like, FixedPoint):
        return FixedPoint(values[0], like.width, like.lsb, like.bound)
    sign, significand, exponent = values
    return Floating(
        sign, significand, like.width, like.bits, exponent,
        like.low, like.high, like.lsb, like.top,
    )  # fmt: skip


def select_finite(out: Function, condition: str, then: Finite, otherwise: Finite) -> Finite:
    """`condition ? then : otherwise`, both evaluated."""
    like = common(then, otherwise)
    pairs = zip(parts(out, then, like), parts(out, otherwise, like), strict=True)
    return made_of(like, [out.select(condition, t, one, other) for (t, one), (_, other) in pairs])
