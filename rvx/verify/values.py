"""Operand values that matter: special ones as often as ordinary ones."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from rvx.model.expression import FormatUse, Named
from rvx.model.machine import LanesView, Machine, NumberView, RegisterFile, RegisterOperand, View
from rvx.number import Float, Format


def special_codes(format: Format) -> tuple[int, ...]:
    """Codes at the edges of what a format can express."""
    if not isinstance(format, Float):
        return corner_words(format.bits)
    one = ((1 << format.exponent - 1) - 1) << format.fraction
    normal, infinity = 1 << format.fraction, ((1 << format.exponent) - 1) << format.fraction
    quiet = infinity | normal >> 1
    magnitudes = (
        *(0, 0, 1, 2, normal - 1, normal, normal + 1, infinity - 2, infinity - 1, infinity),
        *(one - 1, one, one, one + 1, one + normal // 2, quiet, quiet + 1, infinity + 1, quiet - 1),
    )
    sign, mask = 1 << format.bits - 1, (1 << format.bits - 1) - 1
    return tuple(code & mask | s for code in magnitudes for s in (0, sign))


@lru_cache(maxsize=64)
def corner_words(bits: int) -> tuple[int, ...]:
    """Around zero, around the powers of two that types end at, and alternating bits."""
    powers = [1 << n for n in (3, 4, 5, 7, 8, 15, 16, bits - 2, bits - 1) if 0 <= n < bits]
    near = [0, 1, 2, 3, *(power + step for power in powers for step in (-1, 0, 1))]
    words = {word % (1 << bits) for n in near for word in (n, -n)}
    return tuple(sorted(words | {(1 << bits) // 3, (1 << bits) // 3 * 2}))


class Values:
    """Draws words and codes of the formats that a machine's instructions use."""

    def __init__(self, machine: Machine, random: Random) -> None:
        self._random = random
        self._specials: dict[Format, tuple[int, ...]] = {}
        self._views: dict[str, list[View]] = {name: [] for name in machine.files}
        for instruction in machine.instructions.values():
            for operand in instruction.operands.values():
                if isinstance(operand, RegisterOperand):
                    self._views[operand.file.name].append(operand.view)

    def word(self, bits: int) -> int:
        random = self._random
        if random.random() < 0.5:
            return random.choice(corner_words(bits))
        return random.getrandbits(random.randint(1, bits))

    def number(self, use: FormatUse) -> int:
        """A code of the format, or of one that may be chosen."""
        random = self._random
        format = use.format if isinstance(use, Named) else random.choice(use.formats)
        kind = random.random()
        if kind < 0.4:
            if format not in self._specials:
                self._specials[format] = special_codes(format)
            return random.choice(self._specials[format])
        code = random.getrandbits(format.bits)
        if kind < 0.6 or not isinstance(format, Float):
            return code
        # Near one and the integers, so that sums cancel and conversions round.
        middle = (1 << format.exponent - 1) - 1
        field = ((1 << format.exponent) - 1) << format.fraction
        exponent = min(max(middle + random.randint(-3, 34), 0), 2 * middle)
        return code & ~field | exponent << format.fraction

    def register(self, file: RegisterFile) -> int:
        """What a register of the file may hold, as one of its instructions sees it."""
        views = self._views[file.name]
        match self._random.choice(views) if views else None:
            case NumberView(use, width):
                above = -1 << width if file.boxed and self._random.random() < 0.95 else 0
                return (self.number(use) | above) & (1 << file.width) - 1
            case LanesView(use, width, count):
                return sum(self.number(use) << width * i for i in range(count))
        return self.word(file.width)
