"""The operations behind the nodes, one table a family."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from rvx import number
from rvx.model import ir
from rvx.number import NV, Float, Format, Real
from rvx.number.real import NAN, NEG_INF, NEG_ZERO, NEGATIVE, POS_INF, POS_ZERO

Words: TypeAlias = Callable[[], int]

# Words: modulo 2**width -------------------------------------------------------------------------


def _modular(operation: Callable[[int, int], int]) -> Callable[[Words, Words, int], Words]:
    def bind(left: Words, right: Words, width: int) -> Words:
        mask = (1 << width) - 1
        return lambda: operation(left(), right()) & mask

    return bind


def _add(left: Words, right: Words, width: int) -> Words:
    mask = (1 << width) - 1
    return lambda: left() + right() & mask


def _divide(left: Words, right: Words, width: int) -> Words:
    ones = (1 << width) - 1
    return lambda: left() // d if (d := right()) else ones


def _remainder(left: Words, right: Words, width: int) -> Words:
    return lambda: left() % d if (d := right()) else left()


def _shift_left(left: Words, right: Words, width: int) -> Words:
    mask = (1 << width) - 1
    return lambda: left() << min(right(), width) & mask


WORD: Mapping[str, Callable[[Words, Words, int], Words]] = {
    "+": _add,
    "-": _modular(lambda a, b: a - b),
    "*": _modular(lambda a, b: a * b),
    "/": _divide,
    "%": _remainder,
    "&": lambda left, right, width: lambda: left() & right(),
    "|": lambda left, right, width: lambda: left() | right(),
    "^": lambda left, right, width: lambda: left() ^ right(),
    "<<": _shift_left,
    ">>": lambda left, right, width: lambda: left() >> right(),
}

COMPARE_WORDS: Mapping[str, Callable[[Words, Words], Callable[[], bool]]] = {
    "==": lambda left, right: lambda: left() == right(),
    "!=": lambda left, right: lambda: left() != right(),
    "<": lambda left, right: lambda: left() < right(),
    "<=": lambda left, right: lambda: left() <= right(),
    ">": lambda left, right: lambda: left() > right(),
    ">=": lambda left, right: lambda: left() >= right(),
}

COUNT: Mapping[str, Callable[[Words, int], Words]] = {
    "clz": lambda word, width: lambda: width - word().bit_length(),
    "ctz": lambda word, width: lambda: (w & -w).bit_length() - 1 if (w := word()) else width,
    "popcount": lambda word, width: lambda: word().bit_count(),
}

# Integers ---------------------------------------------------------------------------------------

INTEGER: Mapping[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "minimum": min,
    "maximum": max,
}

INTEGER_FUNCTION: Mapping[str, Callable[[int], int]] = {
    "-": lambda a: -a,
    "abs": abs,
    "sign": lambda a: (a > 0) - (a < 0),
}

# Exact numbers ----------------------------------------------------------------------------------

NUMBER: Mapping[str, Callable[[Real, Real], Real]] = {
    "+": number.add,
    "-": number.subtract,
    "*": number.multiply,
    "minimum": number.minimum,
    "maximum": number.maximum,
}

quotient = number.quotient
scale = number.scale
exact = number.dyadic


def _sign(a: Real) -> Real:
    """-1, 0 or 1; a NaN stays one."""
    value = number.resolve(a)
    match value.kinds:
        case k if k == NAN:
            return value
        case k if k in (NEGATIVE, NEG_INF):
            return number.from_integer(-1)._replace(flags=value.flags)
        case k if k in (POS_ZERO, NEG_ZERO):
            return value
    if value.significand == 0 and value.kinds != POS_INF:
        return value
    return number.from_integer(1)._replace(flags=value.flags)


def _exponent(a: Real) -> Real:
    return number.from_integer(number.exponent(a))._replace(flags=a.flags)


def _log(a: Real) -> Real:
    """Mitchell's logarithm of a positive number 2**e * (1 + f): e + f; of zero -inf."""
    value = number.resolve(a)
    if value.kinds == NAN or value.kinds == POS_INF:
        return value
    if value.significand == 0:
        return number.infinity(True)
    if value.significand < 0:
        return number.QUIET_NAN
    e = number.exponent(value)
    fraction = number.subtract(number.scale(value, -e), number.from_integer(1))
    return number.add(number.from_integer(e), fraction)


# Beyond 2**(2**20) every format has overflowed or underflowed; nothing is built that is larger.
_MOST_EXPONENT = 20


def _antilog(a: Real) -> Real:
    """The inverse of Mitchell's logarithm: e + f gives 2**e * (1 + f)."""
    value = number.resolve(a)
    if value.kinds == NAN or value.kinds == POS_INF:
        return value
    if value.kinds == NEG_INF:
        return number.zero(False)
    s, at = value.significand, value.exponent
    if value.significand and number.exponent(value) >= _MOST_EXPONENT:
        return number.scale(number.from_integer(1), -(1 << 20) if s < 0 else 1 << 20)
    e = s >> -at if at < 0 else s << at
    fraction = number.subtract(number.dyadic(s, at), number.from_integer(e))
    return number.scale(number.add(number.from_integer(1), fraction), e)


FUNCTION: Mapping[str, Callable[[Real], Real]] = {
    "-": number.negate,
    "abs": number.absolute,
    "sqrt": number.root,
    "sign": _sign,
    "exponent": _exponent,
    "log": _log,
    "antilog": _antilog,
}


def truncate_at(a: Real, least: Real) -> Real:
    """Drop what lies below 2**least, toward zero."""
    e = (
        least.significand << least.exponent
        if least.exponent >= 0
        else (least.significand >> -least.exponent)
    )
    return number.truncate(a, e)


def comparison(op: str, quiet: bool) -> Callable[[Real, Real], tuple[bool, int]]:
    """Decide `a op b` and the flags: an ordered comparison with a NaN raises NV unless quiet."""
    signaling = 0 if quiet or op in ("==", "!=") else NV
    tests: Mapping[str, Callable[[int], bool]] = {
        "==": lambda c: c == 0,
        "!=": lambda c: c != 0,
        "<": lambda c: c < 0,
        "<=": lambda c: c <= 0,
        ">": lambda c: c > 0,
        ">=": lambda c: c >= 0,
    }
    holds = tests[op]

    def compare(a: Real, b: Real) -> tuple[bool, int]:
        order = number.compare(a, b)
        flags = number.resolve(a).flags | number.resolve(b).flags
        if order is None:
            return op == "!=", flags | signaling
        return holds(order), flags

    return compare


def classifier(format: Format) -> Callable[[int], int]:
    """The ten classes of a code, as fclass (unprivileged manual 20.9)."""
    smallest_normal = format.emin if isinstance(format, Float) else None

    def classify(code: int) -> int:
        value = format.decode(code)
        kinds, significand = value.kinds, value.significand
        if kinds == NAN:
            return 1 << 8 if value.flags & NV else 1 << 9
        if kinds in (NEG_INF, POS_INF):
            return 1 << 0 if kinds == NEG_INF else 1 << 7
        if significand == 0:
            return 1 << 3 if kinds == NEG_ZERO else 1 << 4
        subnormal = smallest_normal is not None and number.exponent(value) < smallest_normal
        if significand < 0:
            return 1 << 2 if subnormal else 1 << 1
        return 1 << 5 if subnormal else 1 << 6

    return classify


def width_of(use: ir.FormatUse) -> int:
    """Bits of a code."""
    return use.format.bits if isinstance(use, ir.Named) else use.formats[0].bits
