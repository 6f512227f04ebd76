"""Posits, bounded posits and quires from their definitions, in `Fraction`s, for any width.

Posit Standard (2022), section 3; bounded posits: arXiv 2603.01615. Shares no code with rvx.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isqrt


@dataclass(frozen=True)
class Model:
    """`bits` wide, `es` exponent bits, a regime of at most `regime` (standard: bits - 1)."""

    bits: int
    es: int = 2
    regime: int | None = None

    @property
    def nar(self) -> int:
        return 1 << self.bits - 1

    @cached_property
    def _longest(self) -> int:
        return self.bits - 1 if self.regime is None else self.regime

    def value(self, code: int) -> Fraction | None:
        """The number of a code, None for NaR."""
        return self._values[code] if self.bits <= 16 else self._value(code)

    @cached_property
    def _values(self) -> list[Fraction | None]:
        return [self._value(code) for code in range(1 << self.bits)]

    def _value(self, code: int) -> Fraction | None:
        if code in (0, self.nar):
            return None if code else Fraction(0)
        if code > self.nar:
            return -self._positive(f"{(1 << self.bits) - code:0{self.bits - 1}b}", self._longest)
        return self._positive(f"{code:0{self.bits - 1}b}", self._longest)

    def _positive(self, string: str, longest: int) -> Fraction:
        """The number of a bit string without its sign."""
        run = min(len(string) - len(string.lstrip(string[0])), longest)
        rest = string[run:] if run == longest else string[run + 1 :]
        regime = run - 1 if string[0] == "1" else -run
        exponent, fraction = rest[: self.es].ljust(self.es, "0"), rest[self.es :]
        scale = (regime << self.es) + int(exponent, 2)
        return _power(scale) * (1 + Fraction(int("0" + fraction, 2), 1 << len(fraction)))

    def cut(self, code: int) -> Fraction:
        """What lies between a positive code and the next: the posit of one more bit."""
        longest = self.bits if self.regime is None else self.regime
        return self._positive(f"{2 * code + 1:0{self.bits}b}", longest)

    def rounded(self, number: Fraction | None) -> int:
        """The nearest code; ties to even; never to zero or NaR."""
        if number is None:
            return self.nar
        if not number:
            return 0
        code = self._nearest(abs(number))
        return code if number > 0 else (1 << self.bits) - code

    def _nearest(self, magnitude: Fraction) -> int:
        if self.bits <= 16:
            return self._listed(magnitude)
        code = self._below(magnitude)
        if code in (0, self.nar - 1):
            return max(code, 1)
        cut = self.cut(code)
        return code + 1 if magnitude > cut or (magnitude == cut and code % 2) else code

    def _listed(self, magnitude: Fraction) -> int:
        """Found among all cuts, as integers in units of the finest."""
        places, cuts = self._cuts
        units, rest = divmod(magnitude.numerator << places, magnitude.denominator)
        code = 1 + bisect_left(cuts, units + (rest > 0))
        is_tie = not rest and code <= len(cuts) and cuts[code - 1] == units
        return code + 1 if is_tie and code % 2 else code

    @cached_property
    def _cuts(self) -> tuple[int, list[int]]:
        cuts = [self.cut(code) for code in range(1, self.nar - 1)]
        places = max(cut.denominator for cut in cuts).bit_length()
        return places, [cut.numerator * (1 << places) // cut.denominator for cut in cuts]

    def _below(self, magnitude: Fraction) -> int:
        """The largest code whose number is not above it, 0 if there is none.

        The codes of one scale are evenly spaced: they count the fraction up.
        """
        scale = _floor_log2(magnitude)
        place = bisect_right(self._starts, (scale, self.nar)) - 1
        if place < 0:
            return 0
        its, first = self._starts[place]
        following = self._starts[place + 1][1] if place + 1 < len(self._starts) else self.nar
        if its < scale:
            return following - 1
        if self._number(first) != _power(scale):  # whose place zero has taken
            first -= 1
        return first + int((magnitude / _power(scale) - 1) * (following - first))

    @cached_property
    def _starts(self) -> list[tuple[int, int]]:
        """Scales in ascending order, each with the first code of that scale."""
        found: list[tuple[int, int]] = []
        code = 1
        while code < self.nar:
            scale = _floor_log2(self._number(code))
            found.append((scale, code))
            low, high = code, self.nar
            while high - low > 1:
                middle = (low + high) // 2
                if _floor_log2(self._number(middle)) == scale:
                    low = middle
                else:
                    high = middle
            code = high
        return found

    def _number(self, code: int) -> Fraction:
        found = self.value(code)
        assert found is not None
        return found

    # Operations on codes

    def add(self, a: int, b: int) -> int:
        return self._of(a, b, lambda x, y: x + y)

    def sub(self, a: int, b: int) -> int:
        return self._of(a, b, lambda x, y: x - y)

    def mul(self, a: int, b: int) -> int:
        return self._of(a, b, lambda x, y: x * y)

    def div(self, a: int, b: int) -> int:
        return self._of(a, b, lambda x, y: x / y if y else None)

    def _of(self, a, b, operation) -> int:
        x, y = self.value(a), self.value(b)
        return self.nar if x is None or y is None else self.rounded(operation(x, y))

    def sqrt(self, a: int) -> int:
        """Of the root, so many digits that they and a last one decide."""
        x = self.value(a)
        if x is None or x < 0:
            return self.nar
        scale = 4 * self.bits + 2 * max(0, -_floor_log2(x)) if x else 0
        square = x.numerator * (1 << 2 * scale) // x.denominator
        digits = 2 * isqrt(square)
        exact = (digits // 2) ** 2 == square and square * x.denominator == x.numerator << 2 * scale
        return self.rounded(Fraction(digits + (not exact), 2 << scale))

    def integer(self, a: int, signed: bool) -> int:
        """The nearest integer of the posit's width; 1 followed by zeros where there is none."""
        x, bits = self.value(a), self.bits
        nearest = None if x is None else round(x)  # to even
        low = -(1 << bits - 1) if signed else 0
        high = (1 << bits - 1) - 1 if signed else (1 << bits) - 1
        if nearest is None or not low <= nearest <= high:
            return self.nar
        return nearest & (1 << bits) - 1

    def from_integer(self, word: int, signed: bool) -> int:
        if word == self.nar:
            return self.nar
        value = word - (1 << self.bits) if signed and word > self.nar else word
        return self.rounded(Fraction(value))


def _power(exponent: int) -> Fraction:
    return Fraction(1 << exponent) if exponent >= 0 else Fraction(1, 1 << -exponent)


def _floor_log2(number: Fraction) -> int:
    estimate = number.numerator.bit_length() - number.denominator.bit_length()
    return estimate if number >= _power(estimate) else estimate - 1
