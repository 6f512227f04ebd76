"""What packed matrices hold in four-bit training: `firmware/numbers/four_bits.h`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from rvx.bench.golden.answer import Role, Values
from rvx.bench.matrix import decode, encode
from rvx.bench.panel import Layout, Packed
from rvx.bench.single import fused, single, single_bits
from rvx.number import Format, build

_LAYOUT: Final = Layout(lanes=8, block=8, scaled=False)
_INTEGERS, _UNSIGNED, _GRADIENTS, _TRANSPOSED = range(4)
_SIGNED_MOST: Final = 7
_UNSIGNED_MOST: Final = 15
_POWERS_OF_FOUR: Final = tuple(
    build("power", {"bits": 4, "radix": 4, "least": least, "signed": "yes", "zero": "yes"})
    for least in (-6, -5)
)
_POWERS_OF_TWO: Final = build("power", {"bits": 4, "least": -3, "signed": "yes", "zero": "yes"})


@dataclass(frozen=True)
class FourBits:
    """INT4 activations and weights; gradients are powers of four by phase, or of two."""

    stochastic: bool

    def __call__(self, values: Values, role: Role, element: Format) -> Packed:
        match role:
            case Role.WEIGHT | Role.KEPT_WEIGHT:
                return _signed(values, _sawb_clip(values))
            case Role.GRADIENT | Role.GRADIENT_TRANSPOSED if self.stochastic:
                return _stochastic(values, role)
            case Role.GRADIENT | Role.GRADIENT_TRANSPOSED:
                return _radix_four(values, role)
            case Role.ACTIVATION | Role.KEPT_ACTIVATION if values.min() >= 0.0:
                return _integers(values, _most(values), _UNSIGNED, 0, _UNSIGNED_MOST)
        return _signed(values, _most(values))


def _most(values: Values) -> float:
    return float(np.abs(values).max())


def _signed(values: Values, clip: float) -> Packed:
    return _integers(values, clip, _INTEGERS, -_SIGNED_MOST, _SIGNED_MOST)


def _integers(values: Values, clip: float, kind: int, least: int, most: int) -> Packed:
    quotients = most * values / clip if clip else np.zeros_like(values)
    integers = np.clip(np.rint(quotients), least, most)
    unit = float(single(clip / most))
    codes = integers.astype(np.int64).astype(np.uint32) & np.uint32(15)
    return _packed(integers * unit, codes, unit, kind)


def _packed(values: Values, codes: np.ndarray, unit: float, kind: int) -> Packed:
    nothing = np.zeros((len(codes), 0), np.uint32)
    return Packed(_LAYOUT, values, codes, nothing, (single_bits(unit), kind))


def _sawb_clip(values: Values) -> float:
    """12.68 sqrt(mean w^2) - 12.8 mean |w|, both means summed in fp32 in the order of memory."""
    magnitudes = squares = 0.0
    for value in values.ravel(order="K").tolist():
        magnitudes = float(single(magnitudes + abs(value)))
        squares = fused(value, value, squares)
    root = float(single(math.sqrt(float(single(squares / values.size)))))
    clip = float(single((12680 * root - 12800 * float(single(magnitudes / values.size))) / 1000))
    return clip if clip > 0.0 else _most(values)


def _radix_four(values: Values, role: Role) -> Packed:
    """By the power of two that takes the largest to (2^5, 2^6]; odd powers where transposed."""
    most = _most(values)
    exponent = min(6 - math.ceil(math.log2(most)), 126) if most else 0
    odd = role is Role.GRADIENT_TRANSPOSED
    format, unit = _POWERS_OF_FOUR[odd], 2.0**-exponent
    codes = encode(format, values / unit)
    return _packed(decode(format, codes) * unit, codes, unit, _TRANSPOSED if odd else _GRADIENTS)


def _stochastic(values: Values, role: Role) -> Packed:
    """The largest to 2^3; a draw of 24 bits an element, in the order of packing."""
    most = max(_most(values), float(single(1e-30)))
    scaled = values * float(single(8.0 / most))
    unit = float(single(most / 8.0))
    magnitude = np.abs(scaled)
    with np.errstate(divide="ignore"):
        powers = np.exp2(np.floor(np.log2(magnitude)))
    below = np.where(magnitude < 2.0**-3, 0.0, powers)
    gap = np.where(magnitude < 2.0**-3, 2.0**-3, powers)
    cut_off = np.floor((magnitude - below) / gap * 2.0**24)
    up = cut_off > _draws(values.size).reshape(values.shape)
    rounded = np.copysign(np.minimum(below + gap * up, 8.0), values)
    codes = encode(_POWERS_OF_TWO, rounded)
    kind = _TRANSPOSED if role is Role.GRADIENT_TRANSPOSED else _GRADIENTS
    return _packed(rounded * unit, codes, unit, kind)


def _draws(count: int) -> Values:
    """The generator of lane 0 from its reset on: Galois, 0x80000EA6; drawn before it steps."""
    state, drawn = 0xFFFFFFFF, np.empty(count)
    for i in range(count):
        drawn[i] = state & 0xFFFFFF
        state = state >> 1 ^ (0x80000EA6 if state & 1 else 0)
    return drawn
