"""Infinities, NaNs and the signs of zeros: decided on kinds, as `rvx.number.real` has it."""

from __future__ import annotations

from rvx.jit.number.round_float import infinite_float
from rvx.jit.number.round_power import infinite_power
from rvx.jit.text import Function, Module
from rvx.number import Fixed, Float, Format, Posit, Power, Quire
from rvx.number.flags import NV
from rvx.number.real import (
    INFINITE,
    NAN,
    NEG_INF,
    NEG_ZERO,
    NEGATIVE,
    OPEN_ZERO,
    POS_INF,
    _product_kinds,
)

NEGATIVES = NEG_ZERO | NEGATIVE | NEG_INF
_KINDS = 9  # NaNs that a zero or an infinity multiplies included
_FINITE = 4
_SHIFT = 16  # where flags stand beside kinds


def join(out: Function, a: str, b: str) -> str:
    """Both of two masks (i32)."""
    return out.op("or", 32, a, b)


def negated_kinds(out: Function, kinds: str) -> str:
    """The kinds of the number with the other sign."""
    positive = out.op("shl", 32, out.op("and", 32, kinds, "21"), "1")
    negative = out.op("lshr", 32, out.op("and", 32, kinds, "42"), "1")
    rest = out.op("and", 32, kinds, str(-NAN & 0xFFFFFFFF))
    return join(out, join(out, positive, negative), rest)


def finite_product(out: Function, a: str, b: str) -> str:
    """The kinds of a product of numbers that are finite."""
    cells = [_product_kinds(i >> _FINITE, i & 15)[0] for i in range(256)]
    table = out.module.table("i8", cells)
    index = out.op("or", 32, out.op("shl", 32, a, str(_FINITE)), b)
    return out.resize(out.element(table, len(cells), "i8", index, 32), 8, 32)


def any_product(out: Function, a: str, b: str) -> tuple[str, str]:
    """The kinds of a product, and NV where it is invalid."""
    name = "number.product_kinds"
    if name not in out.module:
        _define_product(out.module, name)
    both = out.call("i32", name, ("i32", a), ("i32", b))
    return out.op("and", 32, both, str((1 << _SHIFT) - 1)), out.op("lshr", 32, both, str(_SHIFT))


def _define_product(module: Module, name: str) -> None:
    """Each kind of one number by each of the other, in two loops."""
    out = Function(module, name, "i32", ("i32", "i32"), "strictfp nounwind noinline cold")
    cells = []
    for i in range(_KINDS):
        for j in range(_KINDS):
            kinds, flags = _product_kinds(1 << i, 1 << j)
            cells.append(kinds | flags << _SHIFT)
    table = module.table("i32", cells)
    found, index = out.variable("i32"), out.variable("i32")
    loop, test, add, following, done = (
        out.label(hint) for hint in ("loop", "test", "add", "next", "done")
    )
    out.store("i32", "0", found)
    out.store("i32", "0", index)
    out.jump(loop)
    out.begin(loop)
    at = out.load("i32", index)
    out.branch(out.compare("eq", 32, at, str(_KINDS * _KINDS)), done, test)
    out.begin(test)
    row = out.op("udiv", 32, at, str(_KINDS))
    column = out.op("urem", 32, at, str(_KINDS))
    one = out.op("lshr", 32, "%p0", row)
    other = out.op("lshr", 32, "%p1", column)
    present = out.op("and", 32, out.op("and", 32, one, other), "1")
    out.branch(out.compare("ne", 32, present, "0"), add, following)
    out.begin(add)
    cell = out.element(table, len(cells), "i32", at, 32)
    out.store("i32", join(out, out.load("i32", found), cell), found)
    out.jump(following)
    out.begin(following)
    out.store("i32", out.op("add", 32, at, "1"), index)
    out.jump(loop)
    out.begin(done)
    out.ret(out.load("i32", found))
    out.finish()


def is_not_finite(out: Function, kinds: str) -> str:
    """Whether an infinity or a NaN is among the kinds (i1)."""
    return out.compare("uge", 32, kinds, str(POS_INF))


def resolved(out: Function, kinds: str, flags: str, zero: str, negative: str) -> tuple[str, str]:
    """Decide what a polynomial is: its only kind (or `OPEN_ZERO`), and its flags."""
    kind, invalid = resolved_special(out, kinds)
    number = out.select(negative, "i32", "8", "4")
    known = out.compare("ule", 32, out.op("sub", 32, kinds, "1"), "1")  # zeros of one sign
    of_zero = out.select(known, "i32", kinds, str(OPEN_ZERO))
    finite = out.select(zero, "i32", of_zero, number)
    special = is_not_finite(out, kinds)
    flags = join(out, flags, out.select(invalid, "i32", str(NV), "0"))
    return out.select(special, "i32", kind, finite), flags


def resolved_special(out: Function, kinds: str) -> tuple[str, str]:
    """The kind where an infinity or a NaN is there, and whether opposite infinities are."""
    infinities = out.op("and", 32, kinds, str(INFINITE))
    opposite = out.compare("eq", 32, infinities, str(INFINITE))
    nan = out.compare("uge", 32, kinds, str(NAN))
    invalid = out.op("and", 1, opposite, out.op("xor", 1, nan, "1"))
    no_number = out.op("or", 1, opposite, nan)
    return out.select(no_number, "i32", str(NAN), infinities), invalid


def encode_special(out: Function, format: Format, kinds: str, flags: str) -> tuple[str, str]:
    """The code and flags of a polynomial that is an infinity or a NaN."""
    if isinstance(format, Posit | Quire):
        return str(format.canonical_nan), "0"
    kind, invalid = resolved_special(out, kinds)
    flags = join(out, flags, out.select(invalid, "i32", str(NV), "0"))
    nan = out.compare("eq", 32, kind, str(NAN))
    negative = out.compare("eq", 32, kind, str(NEG_INF))
    if isinstance(format, Fixed):
        return _special_fixed(out, format, nan, negative, flags)
    assert isinstance(format, Float | Power)
    if isinstance(format, Power):
        code, raised = infinite_power(out, format, negative)
    else:
        code, raised = infinite_float(out, format, negative)
    canonical = format.canonical_nan
    of_nan = str(format.max_code if canonical is None else canonical)
    raised = out.select(nan, "i32", str(NV if canonical is None else 0), raised)
    code = out.select(nan, f"i{format.bits}", of_nan, code)
    return code, join(out, flags, raised) if format.raises_flags else "0"


def _special_fixed(
    out: Function, format: Fixed, nan: str, negative: str, flags: str
) -> tuple[str, str]:
    mask = (1 << format.bits) - 1
    bounds = {"maximum": format.high, "minimum": format.low, "zero": 0}
    of_nan, low, high = (str(x & mask) for x in (bounds[format.nan], format.low, format.high))
    word = f"i{format.bits}"
    infinity = of_nan if format.overflow == "wrap" else out.select(negative, word, low, high)
    code = out.select(nan, word, of_nan, infinity)
    return code, join(out, flags, str(NV)) if format.flags else "0"
