"""Operand values that matter: special ones as often as ordinary ones."""

from __future__ import annotations

from random import Random

from rvx.model.expression import FormatUse, Named
from rvx.number import Float, Format


def special_classes(format: Float) -> list[list[int]]:
    """Zeros, subnormals, normals at the edges, normals around one, infinities, quiet and
    signaling NaNs."""
    one = ((1 << format.exponent - 1) - 1) << format.fraction
    normal, infinity = 1 << format.fraction, ((1 << format.exponent) - 1) << format.fraction
    quiet = infinity | normal >> 1
    magnitudes = [
        [0],
        [1, 2, normal - 1],
        [normal, normal + 1, infinity - 2, infinity - 1],
        [one - 1, one, one + 1, one + normal // 2],
        [infinity],
        [quiet, quiet + 1],
        [infinity + 1, quiet - 1],
    ]
    sign = 1 << format.bits - 1
    return [[*codes, *(sign | code for code in codes)] for codes in magnitudes]


def corner_words(bits: int) -> list[int]:
    """Around zero, around the powers of two that types end at, and alternating bits."""
    powers = [1 << n for n in (3, 4, 5, 7, 8, 15, 16, bits - 2, bits - 1)]
    near = [0, 1, 2, 3, *(power + step for power in powers for step in (-1, 0, 1))]
    alternating = [(1 << bits) // 3, (1 << bits) // 3 * 2]
    return sorted({word % (1 << bits) for n in near for word in (n, -n)} | set(alternating))


class Values:
    """Draws values; those drawn together are related, so that sums cancel and branches meet."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._specials: dict[Format, list[list[int]]] = {}
        self._corners: dict[int, list[int]] = {}

    def words(self, bits: int, count: int) -> list[int]:
        random = self._random
        corners = self._corners.get(bits) or self._corners.setdefault(bits, corner_words(bits))
        words = [
            random.choice(corners)
            if random.random() < 0.5
            else random.getrandbits(random.randint(1, bits))
            for _ in range(count)
        ]
        return words[:1] * count if random.random() < 0.2 else words

    def numbers(self, use: FormatUse, count: int) -> list[int]:
        format = use.format if isinstance(use, Named) else use.formats[0]
        if not isinstance(format, Float):
            return self.words(format.bits, count)
        random, kind = self._random, self._random.random()
        if kind < 0.5:
            if format not in self._specials:
                self._specials[format] = special_classes(format)
            classes = random.choices(self._specials[format], k=count)
            return [random.choice(codes) for codes in classes]
        codes = [random.getrandbits(format.bits) for _ in range(count)]
        if kind < 0.65:
            return codes
        # Near in exponent; a third of them near one and the integers.
        top = (1 << format.exponent) - 2
        low, high = (0, top) if kind < 0.85 else (top // 2 - 4, top // 2 + 36)
        middle = random.randint(low, high)
        field = top + 1 << format.fraction
        return [
            code & ~field | min(max(middle + random.randint(-2, 2), 0), top) << format.fraction
            for code in codes
        ]
