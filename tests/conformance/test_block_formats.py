"""OCP MX and NVFP4 blocks, natively, against ml_dtypes with numpy, and against gfloat.

Scales and elements of 10^5 blocks: of every magnitude, zeros, infinities, NaNs, subnormal numbers,
and values that only just are or are not in range.
"""

from __future__ import annotations

import gfloat
import gfloat.formats
import ml_dtypes
import numpy as np
import pytest

from .vectored import Vectored

ISA = "rv32imf_xmx_xnvfp4"
BLOCKS, SIZE = 100_000, 32
BOX = np.uint64(0xFFFF_FFFF_0000_0000)
# Element: its type, largest number, the exponent of that, and its bits.
ELEMENTS = {
    "e5m2": (ml_dtypes.float8_e5m2, 57344.0, 15),
    "e4m3": (ml_dtypes.float8_e4m3fn, 448.0, 8),
    "e3m2": (ml_dtypes.float6_e3m2fn, 28.0, 4),
    "e2m3": (ml_dtypes.float6_e2m3fn, 7.5, 2),
    "e2m1": (ml_dtypes.float4_e2m1fn, 6.0, 2),
    "int8": (None, 127 / 64, 0),
}


def blocks(seed: int, size: int = SIZE) -> np.ndarray:
    """Blocks of single precision."""
    random = np.random.default_rng(seed)
    values = random.standard_normal((BLOCKS, size)).astype(np.float32)
    scales = random.integers(-148, 128, (BLOCKS, 1)).astype(np.float32)
    with np.errstate(over="ignore"):
        values = (values * np.exp2(scales.astype(np.float64))).astype(np.float32)
    values[:1000] = 0
    values[1000:1100, ::2] *= np.float32(0)
    values[1100:1400, 7] = np.nan
    values[1400:1700, 5] = np.inf
    values[1700:1800, 9] = -np.inf
    values[1800:4000] = random.integers(0, 1 << 32, (2200, size), np.uint32).view(np.float32)
    # Halves of the last place and what is near to them: ties, and overflow to the largest.
    values[4000:30000] = random.integers(-4096, 4096, (26000, size)) * np.float32(2.0**-9)
    return values


def bits_of(values: np.ndarray) -> np.ndarray:
    return values.view(np.uint32).astype(np.uint64)


def singles(bits: np.ndarray) -> np.ndarray:
    return bits.astype(np.uint32).view(np.float32)


def largest(values: np.ndarray) -> np.ndarray:
    """The bits of the largest magnitudes, by famax.s, element by element."""
    instruction = Vectored(ISA, "famax.s")
    found = np.zeros(len(values), np.uint64)
    for column in values.T:
        found, flags = instruction(rd=found, rs1=bits_of(column))
        assert not flags.any()
    return found


def expected_scales(values: np.ndarray, emax: int) -> np.ndarray:
    """2^(floor(log2 amax) - emax) as E8M0: OCP MX 1.0, section 6.3."""
    amax = np.abs(values).max(axis=1)
    finite = np.isfinite(amax)
    _, exponents = np.frexp(np.where(finite & (amax > 0), amax, 1).astype(np.float64))
    exponents = np.where(amax == 0, -127, exponents - 1 - emax)
    return np.where(finite, np.clip(exponents, -127, 127) + 127, 255).astype(np.uint64)


def expected_elements(values: np.ndarray, codes: np.ndarray, name: str) -> np.ndarray:
    """The elements' codes; of blocks with a scale that is a number."""
    element, most, _ = ELEMENTS[name]
    scaled = values.astype(np.float64) / np.exp2(codes.astype(np.float64) - 127)[:, None]
    if element is None:
        return np.clip(np.rint(scaled * 64), -128, 127).astype(np.int8).view(np.uint8)
    return np.clip(scaled, -most, most).astype(element).view(np.uint8)


@pytest.fixture(scope="module")
def sample() -> tuple[np.ndarray, np.ndarray]:
    values = blocks(1)
    return values, largest(values)


def test_the_largest_magnitude(sample: tuple[np.ndarray, np.ndarray]) -> None:
    values, amax = sample
    with np.errstate(invalid="ignore"):
        expected = np.abs(values).max(axis=1)
    assert np.array_equal(singles(amax), expected, equal_nan=True)


@pytest.mark.parametrize("name", ELEMENTS)
def test_mx_blocks(name: str, sample: tuple[np.ndarray, np.ndarray]) -> None:
    values, amax = sample
    scales, flags = Vectored(ISA, f"mxscale.{name}")(rs1=amax)
    assert not flags.any()
    with np.errstate(invalid="ignore"):
        assert np.array_equal(scales, expected_scales(values, ELEMENTS[name][2]))
    quantize = Vectored(ISA, f"mxq.{name}", part=0)
    width = 4 if name == "e2m1" else 8
    each = np.repeat(scales, SIZE)
    codes, _ = quantize(rd=np.zeros(len(each), np.uint64), rs1=bits_of(values.ravel()), rs2=each)
    codes = codes.astype(np.uint8).reshape(values.shape) & (1 << width) - 1
    good = scales < 255
    expected = expected_elements(values[good], scales[good], name)
    assert np.array_equal(codes[good], expected)
    # And back: every element times its scale, in single precision.
    restore, element = Vectored(ISA, f"mxdq.{name}", part=0), ELEMENTS[name][0]
    back, _ = restore(rs1=codes[good].ravel(), rs2=np.repeat(scales[good], SIZE))
    exact = expected.view(np.int8) / 64 if element is None else expected.view(element)
    with np.errstate(over="ignore"):
        powers = np.exp2(scales[good].astype(np.float64) - 127)[:, None]
        numbers = (exact.astype(np.float64) * powers).astype(np.float32)
    assert np.array_equal(singles(back).reshape(numbers.shape), numbers, equal_nan=True)
    nan, _ = restore(rs1=np.arange(256), rs2=np.full(256, 255))
    assert (nan == 0x7FC0_0000).all()


@pytest.mark.parametrize("name", ELEMENTS)
def test_mx_blocks_as_gfloat_has_them(name: str, sample: tuple[np.ndarray, np.ndarray]) -> None:
    values, _ = sample
    format = next(
        f for f in gfloat.formats.all_block_formats if f.etype.name.split("_")[-1] == name
    )
    finite = np.flatnonzero(np.isfinite(values).all(axis=1))
    chosen = [*range(0, 40), *range(4000, 4200), *finite[-200:]]
    rows = values[chosen].astype(np.float64)
    scales, _ = Vectored(ISA, f"mxscale.{name}")(rs1=largest(values[chosen]))
    quantize = Vectored(ISA, f"mxq.{name}", part=0)
    for row, single, scale in zip(rows, values[chosen], scales, strict=True):
        power = gfloat.compute_scale_amax(format.etype.emax, row)
        code, *elements = gfloat.encode_block(format, power, row / power)
        found, _ = quantize(
            rd=np.zeros(SIZE, np.uint64), rs1=bits_of(single), rs2=np.full(SIZE, scale)
        )
        assert code == scale
        mask = 15 if name == "e2m1" else 255
        assert [int(x) & mask for x in found] == [int(x) for x in elements]


def nearest(values: np.ndarray, element: type, most: int) -> np.ndarray:
    """The codes of the nearest elements, ties to the even code, at most `most`: ml_dtypes rounds a
    double first to single precision, so its values are taken and their middles compared."""
    grid = np.arange(most + 1, dtype=np.uint8).view(element).astype(np.longdouble)
    middles = (grid[1:] + grid[:-1]) / 2
    magnitude = np.abs(values)
    below = np.searchsorted(middles, magnitude, "left")
    above = np.searchsorted(middles, magnitude, "right")
    return np.where(below % 2 == 0, below, above).astype(np.uint8)


def test_nvfp4_blocks() -> None:
    values = blocks(2, 16)
    values[1100:4000] = 1  # no infinities and NaNs: the elements have none
    values = np.where(np.isfinite(values) & (np.abs(values) < 1e30), values, np.float32(1))
    amax = largest(values)
    peak = singles(amax).reshape(-1, 100).max(axis=1)  # of a tensor
    tensor = np.repeat((peak.astype(np.float64) / (6 * 448)).astype(np.float32), 100)
    tensor = np.where(tensor > 1e-30, tensor, np.float32(1))
    scales, _ = Vectored(ISA, "nvscale.s")(rs1=amax, rs2=bits_of(tensor) | BOX)
    exact = singles(amax).astype(np.longdouble) / (6 * tensor.astype(np.longdouble))
    assert np.array_equal(scales, nearest(exact, ml_dtypes.float8_e4m3fn, 0x7E))
    assert (scales == 0).any()
    assert (scales == 0x7E).any()
    step, _ = Vectored(ISA, "nvstep.s")(rs1=scales, rs2=bits_of(tensor) | BOX)
    product = scales.astype(np.uint8).view(ml_dtypes.float8_e4m3fn).astype(np.float32) * tensor
    assert np.array_equal(singles(step), product)
    quantize = Vectored(ISA, "nvq.e2m1", part=0)
    codes, _ = quantize(
        rd=np.zeros(values.size, np.uint64),
        rs1=bits_of(values.ravel()),
        rs2=np.repeat(step, 16) | BOX,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = values.astype(np.longdouble) / product.astype(np.longdouble)[:, None]
    quotient = np.where(product[:, None] == 0, 0, quotient)
    elements = nearest(quotient, ml_dtypes.float4_e2m1fn, 7)
    negative = np.signbit(values) & (product[:, None] != 0)
    assert np.array_equal(
        codes.reshape(values.shape) & 15, elements | negative.astype(np.uint8) * 8
    )


def test_mx_dot_products_round_once() -> None:
    """A block's sum is exact in the accumulator's double: one rounding to single precision."""
    random = np.random.default_rng(3)
    count = 20_000
    codes = random.integers(0, 256, (2, count, 4), np.uint8)
    numbers = codes.view(ml_dtypes.float8_e4m3fn).astype(np.float64)
    scales = random.integers(120, 136, (2, count))
    start = random.standard_normal(count).astype(np.float32)
    exact = (numbers[0] * numbers[1]).sum(axis=1) * np.exp2(scales.sum(axis=0) - 254.0)
    found, _ = Vectored(ISA, "mxdot.s.e4m3")(
        rd=bits_of(start),
        rs1=codes[0].copy().view(np.uint32)[:, 0],
        rs2=codes[1].copy().view(np.uint32)[:, 0],
        rs3=scales[0] | scales[1] << 8,
    )
    # The sum of two doubles rounded to odd and then to single precision is the exact one rounded.
    total = exact + start.astype(np.float64)
    error = np.where(
        np.abs(exact) > np.abs(start), start - (total - exact), exact - (total - start)
    )
    raw = total.view(np.int64)
    inexact = (error != 0) & (raw % 2 == 0) & np.isfinite(total)
    toward = np.where((error > 0) == (total > 0), 1, -1)
    odd = np.where(inexact, raw + toward * (toward > 0) - (toward < 0), raw)
    expected = odd.view(np.float64).astype(np.float32)
    assert np.array_equal(singles(found), expected, equal_nan=True)
