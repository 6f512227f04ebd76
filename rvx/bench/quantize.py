"""What packed matrices hold: the definitions of block-scaled formats, in float64.

Nothing here rounds but elements and scales: float64 holds quotients of numbers of so few bits
closely enough that rounding them once more is rounding once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from rvx.bench.four_bits import FourBits
from rvx.bench.golden.answer import Role, Values
from rvx.bench.matrix import Codes, decode, encode
from rvx.bench.panel import InRows, Layout, Packed
from rvx.bench.single import single, single_bits
from rvx.number import Format, build

Quantize: TypeAlias = "Callable[[Values, Role, Format], Packed]"
"""Of a matrix with blocks along its rows, to elements of a format."""

_MX_BLOCK: Final = 32
_MX_SCALE_BIAS: Final = 127
_E2M1_MOST: Final = 6.0
_UE4M3_MOST: Final = 448.0
_UE4M3: Final = build(
    "float",
    {"exponent": 4, "fraction": 3, "signed": "no", "specials": "nan", "overflow": "saturate"},
)


@dataclass(frozen=True)
class Microscaling:
    """OCP Microscaling Formats 1.0: blocks of 32 share 2^(floor(log2 of the largest) - emax)."""

    lanes: int
    emax: int
    in_panels: bool = True
    """As the instructions want it, or rows of bytes, then rows of scales, as software does."""

    def __call__(self, values: Values, role: Role, element: Format) -> Packed:
        most = _greatest(values, _MX_BLOCK)
        with np.errstate(divide="ignore"):
            exponents = np.floor(np.log2(most)) - self.emax
        exponents = np.maximum(exponents, -_MX_SCALE_BIAS)
        scales = _spread(np.exp2(exponents), values, _MX_BLOCK)
        codes = encode(element, values / scales)
        words = (exponents + _MX_SCALE_BIAS).astype(np.uint32) * np.uint32(0x01000001)
        layout = Layout(self.lanes, _MX_BLOCK)
        packed = Packed(layout, decode(element, codes) * scales, codes, words)
        return packed if self.in_panels else InRows(**vars(packed))


@dataclass(frozen=True)
class Nvfp4:
    """Blocks of 16 E2M1 share a scale UE4M3, the whole matrix one in fp32."""

    def __call__(self, values: Values, role: Role, element: Format) -> Packed:
        whole = float(single(np.abs(values).max() / (_E2M1_MOST * _UE4M3_MOST))) or 1.0
        codes = encode(_UE4M3, _greatest(values, 16) / (_E2M1_MOST * whole))
        scales = decode(_UE4M3, codes)
        elements = _rounded(values, _spread(single(scales * whole), values, 16), element)
        stands_for = decode(element, elements) * _spread(scales, values, 16) * whole
        words = codes.astype(np.uint32) * np.uint32(0x01000001)
        return Packed(Layout(8, 16), stands_for, elements, words, (single_bits(whole),))


@dataclass(frozen=True)
class VsQuant:
    """Vectors share an unsigned integer scale, the whole matrix one in fp32. What a backward
    product takes is left in fp32."""

    lanes: int
    vector: int
    most: int
    scale_most: int
    scale_rounds: np.ufunc

    def __call__(self, values: Values, role: Role, element: Format) -> Packed:
        layout = Layout(self.lanes, self.vector)
        if role not in (Role.ACTIVATION, Role.WEIGHT, Role.SECOND_ACTIVATION):
            nothing = np.zeros((len(values), 0), np.uint32)
            return Packed(layout, values, nothing, nothing)
        unit = float(single(np.abs(values).max() / (self.most * self.scale_most))) or 1.0
        wanted = _greatest(values, self.vector) / (self.most * unit)
        scales = np.minimum(self.scale_rounds(wanted), self.scale_most)
        steps = _spread(single(scales * unit), values, self.vector)
        quotients = np.divide(values, steps, out=np.zeros_like(values), where=steps != 0.0)
        integers = np.clip(np.rint(quotients), -self.most, self.most)
        codes = encode(element, integers)
        words = scales.astype(np.uint32) << np.uint32(16)
        stands_for = integers * _spread(scales, values, self.vector) * unit
        return Packed(layout, stands_for, codes, words, (single_bits(unit),))


def _rounded(values: Values, steps: Values, element: Format) -> Codes:
    """Values in units of their steps; where a step is zero, zero."""
    quotients = np.divide(values, steps, out=np.zeros_like(values), where=steps != 0.0)
    return encode(element, quotients)


def _greatest(values: Values, block: int) -> Values:
    """The largest magnitude of each block along the rows: (rows, blocks)."""
    padded = np.pad(np.abs(values), ((0, 0), (0, -values.shape[1] % block)))
    most: Values = padded.reshape(len(values), -1, block).max(axis=-1)
    return most


def _spread(scales: Values, values: Values, block: int) -> Values:
    """The scale of each element."""
    return np.repeat(scales, block, axis=1)[:, : values.shape[1]]


QUANTIZE: Final[Mapping[str, Quantize]] = {
    "mxfp8": Microscaling(lanes=4, emax=8),
    "mxfp8e5m2": Microscaling(lanes=4, emax=15),
    "mxfp6": Microscaling(lanes=4, emax=2),
    "mxfp6e3m2": Microscaling(lanes=4, emax=4),
    "mxfp4": Microscaling(lanes=8, emax=2),
    **dict.fromkeys(("mx_table", "mx_bits", "mx_blocks"), Microscaling(4, emax=8, in_panels=False)),
    "nvfp4": Nvfp4(),
    "ibm4": FourBits(stochastic=False),
    "luq4": FourBits(stochastic=True),
    "vsq4": VsQuant(lanes=8, vector=16, most=7, scale_most=63, scale_rounds=np.rint),
    "vsq8": VsQuant(lanes=4, vector=64, most=127, scale_most=15, scale_rounds=np.ceil),
}
"""By number system."""
