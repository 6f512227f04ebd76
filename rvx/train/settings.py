"""What a user decides of a run, and how the program in `firmware/train` is told."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Final, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

OPTIMIZERS: Final = ("sgd", "adam")
MASTERS: Final = ("none", "real")
SCALINGS: Final = ("none", "tensor")
_BITS: Final = 30  # of a number's significand
DYNAMIC: Final = 200  # good steps after which a scale that follows the gradients is doubled


class TrainError(Exception):
    """A run that cannot be: one line for the user."""


@dataclass(frozen=True)
class Settings:
    """A run's. `loss_scale` is the exponent of two, `dynamic` whether it follows the gradients."""

    seed: int
    epochs: int
    batch: int
    report: int
    optimizer: str
    rate: float
    momentum: float
    decay: float
    second: float
    epsilon: float
    master: str
    scaling: str
    stochastic: bool
    loss_scale: int
    dynamic: bool
    dump: bool = False

    def to_json(self) -> dict[str, Json]:
        found: dict[str, Json] = asdict(self)
        del found["dump"]
        return found

    def with_seed(self, seed: int) -> Settings:
        return replace(self, seed=seed)

    def words(self, train: int, held: int, first_held: int) -> list[int]:
        """`struct settings` of `firmware/train/settings.h`."""
        found = [self.seed, self.epochs, self.batch, train, held, first_held, self.report]
        found += [
            OPTIMIZERS.index(self.optimizer),
            MASTERS.index(self.master),
            SCALINGS.index(self.scaling),
            int(self.stochastic),
            self.loss_scale,
            DYNAMIC if self.dynamic else 0,
            int(self.dump),
        ]
        for number in (self.rate, self.momentum, self.decay, self.second, self.epsilon):
            found += _number(number)
        return found


def _number(value: float) -> tuple[int, int]:
    """Significand and exponent of two, rounded to what every number system can take in."""
    exact = Fraction(value)
    if not exact:
        return 0, 0
    exponent = exact.numerator.bit_length() - exact.denominator.bit_length() - 24
    significand = round(exact / Fraction(2) ** exponent)
    return significand, exponent
