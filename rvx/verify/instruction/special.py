"""Codes worth trying: the edges of a format, and random ones that round, tie and cancel."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import lru_cache
from itertools import product
from random import Random

from rvx.number import Float, Format, Posit, Power, Quire
from rvx.number.real import INFINITE, NAN
from rvx.verify.values import corner_words

_ALL = 4  # bits of formats of which every code is special


def special_codes(format: Format | None, width: int) -> tuple[int, ...]:
    """Zeros, subnormals, extremes, ones and their neighbours, infinities, NaNs, NaR. Without a
    format a word's corners."""
    return _special_codes(format, width)


@lru_cache(maxsize=256)
def _special_codes(format: Hashable, width: int) -> tuple[int, ...]:
    if width <= _ALL:
        return tuple(range(1 << width))
    match format:
        case Float():
            return _float_codes(format)
        case Posit():
            one = 1 << width - 2
            near = [0, 1, 2, 3, one - 1, one, one + 1, one | one >> 1, 2 * one - 2, 2 * one - 1]
            return _both_signs(near, width)
        case Power():
            return _power_codes(format)
        case Quire():
            one = 1 << width // 2
            top = 1 << width - 1
            return _both_signs([0, 1, 2, one, one + 1, one - 1, top - 1, top >> 1], width)
    return corner_words(width)


def _both_signs(codes: Sequence[int], width: int) -> tuple[int, ...]:
    """Codes and their negatives in two's complement, and NaR."""
    signed = (sign * code % (1 << width) for code in codes for sign in (1, -1))
    return (*dict.fromkeys(signed), 1 << width - 1)


def _float_codes(format: Float) -> tuple[int, ...]:
    bias = (1 << format.exponent - 1) - 1 if format.bias is None else format.bias
    top, ones = (1 << format.exponent) - 1, (1 << format.fraction) - 1
    fields = [n for n in (0, 1, bias, bias + 1, top - 1, top) if 0 <= n <= top]
    digits = {0, 1 & ones, ones >> 1, ones + 1 >> 1, ones, ones & ~1}
    codes = [f << format.fraction | d for f, d in product(dict.fromkeys(fields), sorted(digits))]
    signs = (0, 1 << format.exponent + format.fraction) if format.signed else (0,)
    return tuple(code | sign for code in codes for sign in signs)


def _power_codes(format: Power) -> tuple[int, ...]:
    """Zero or the least, what is around one, the largest, the NaN."""
    one, top = _power_of_one(format), format.max_code
    codes = {0, 1, 2, top - 2, top - 1, top, *(one + n for n in (-2, -1, 0, 1, 2))}
    codes |= {one // 2, (one + top) // 2, top + format.nan}
    signs = (0, 1 << format.bits - 1) if format.signed else (0,)
    return tuple(c | sign for c in sorted(codes) if 0 <= c <= top + format.nan for sign in signs)


def _power_of_one(format: Power) -> int:
    """The code of one, or of what is nearest to it."""
    code = -format.least // format.step + format.zero
    return min(max(code, 0), format.max_code)


@lru_cache(maxsize=1 << 12)
def _is_special_kind(format: Format, code: int) -> bool:
    return bool(format.decode(code).kinds & (NAN | INFINITE))


def is_special_kind(format: Format | None, code: int) -> bool:
    """Whether the code is a NaN, NaR or an infinity."""
    return format is not None and _is_special_kind(format, code)


def core_codes(format: Format | None, codes: Sequence[int]) -> tuple[int, ...]:
    """Of special codes one zero, one and infinity of each sign, and a NaN; the least and the
    largest scale; of words none."""
    if format is None:
        return ()
    found: dict[object, int] = {}
    for code in codes:
        value = format.decode(code)
        is_one = abs(value.significand) << max(value.exponent, 0) == 1 << max(-value.exponent, 0)
        if is_one or not value.significand:
            found.setdefault((value.kinds, value.significand < 0), code)
        elif isinstance(format, Power) and code in (0, format.max_code):
            found[code] = code
    return tuple(found.values())


class Codes:
    """Draws codes. The pieces of one row share where in the range they lie, so that sums cancel
    and products meet what they are added to, near one as near the ends."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._where = 0.0

    def begin_row(self) -> None:
        self._where = self._random.choice((-1.0, -0.5, 0.0, 0.0, 0.0, 0.5, 1.0))

    def draw(self, format: Format | None, width: int) -> int:
        """A code of the format, or a word."""
        random = self._random
        kind = random.random()
        if kind < 0.1:
            return random.choice(special_codes(format, width))
        if kind < 0.25:
            return random.getrandbits(width)
        match format:
            case Float():
                return self._float(format)
            case Posit():
                sign = random.choice((1, -1))
                near = (1 << width - 2) + self._signed_digits(width - 2) // (
                    1 << random.randrange(3)
                )
                return sign * near % (1 << width)
            case Power():
                return self._power(format)
            case Quire():
                return self._signed_digits(random.randrange(2, width)) % (1 << width)
        return random.getrandbits(random.randint(1, width)) * random.choice((1, -1)) % (1 << width)

    def _float(self, format: Float) -> int:
        random = self._random
        bias = (1 << format.exponent - 1) - 1 if format.bias is None else format.bias
        top = (1 << format.exponent) - 1
        room = top - bias if self._where > 0 else bias
        spread = random.choice((1, 3, format.fraction + 2))
        field = bias + int(self._where * room) + random.randint(-spread, spread)
        sign = random.getrandbits(1) if format.signed else 0
        field = min(max(field, 0), top)
        return (sign << format.exponent | field) << format.fraction | self._digits(format.fraction)

    def _power(self, format: Power) -> int:
        random, one, top = self._random, _power_of_one(format), format.max_code
        room, spread = (top - one if self._where > 0 else one), random.choice((1, 3, 10))
        code = one + int(self._where * room) + random.randint(-spread, spread)
        sign = random.getrandbits(1) << format.bits - 1 if format.signed else 0
        return min(max(code, 0), top) | sign

    def _digits(self, width: int) -> int:
        """Often few ones, which make ties, or nearly all ones, which carry."""
        random, mask = self._random, (1 << width) - 1
        kind = random.random()
        if not width or kind < 0.4:
            return random.getrandbits(width) if width else 0
        few = 0
        for _ in range(random.randrange(3)):
            few |= 1 << random.randrange(width)
        return few if kind < 0.8 else mask & ~few

    def _signed_digits(self, width: int) -> int:
        found = self._digits(max(width, 1))
        return found if self._random.random() < 0.5 else -found
