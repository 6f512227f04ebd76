"""Formats for the tests of numbers: those of the shipped set, and odd ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rvx.number import Fixed, Float, Format, Posit, Power, Quire, Rounding

FP32: Final = Float(8, 23)
FP16: Final = Float(5, 10)
BF16: Final = Float(8, 7)
E5M2: Final = Float(5, 2)
FP8ALT: Final = Float(4, 3)
E4M3: Final = Float(4, 3, "ocp")
FP64: Final = Float(11, 52)
POSIT8: Final = Posit(8, 2)
POSIT16: Final = Posit(16, 2)
POSIT32: Final = Posit(32, 2)
QUIRE: Final = Quire(POSIT32)
W32: Final = Fixed(32, 0, True, "saturate", "maximum", None, True)
FIXED: Final = Fixed(16, 8, True, "saturate", "zero", None, True)
WRAPPING: Final = Fixed(12, 4, True, "wrap", "minimum", None, True)

FORMATS: Final[Mapping[str, Format]] = {
    "fp32": FP32,
    "fp16": FP16,
    "bf16": BF16,
    "e5m2": E5M2,
    "fp8alt": FP8ALT,
    "e4m3": E4M3,
    "fp64": FP64,
    "fp128": Float(15, 112),
    "wide": Float(5, 20),
    "none34": Float(3, 4, "none"),
    "none21": Float(2, 1, "none"),
    "one_exponent_bit": Float(1, 2),
    "scale": Float(8, 0, "nan", False),
    "ue4m3": Float(4, 3, "nan", False),
    "biased": Float(5, 6, bias=3),
    "all_tiny": Float(4, 3, bias=40),
    "all_large": Float(4, 3, bias=-20),
    "saturating": Float(4, 3, "ocp", overflow="saturate"),
    "posit8": POSIT8,
    "posit16": POSIT16,
    "posit32": POSIT32,
    "posit64": Posit(64, 2),
    "posit6": Posit(6, 0),
    "posit5": Posit(5, 3),
    "long_exponent": Posit(16, 3),
    "bounded": Posit(32, 5, 6),
    "bounded16": Posit(16, 1, 4),
    "e8m0": Power(8, -127, nan=True),
    "flagging_e8m0": Power(8, -127, nan=True, flags=True),
    "radix4": Power(4, -6, 4, True, True, flags=True),
    "radix4_odd": Power(4, -5, 4, True, True),
    "radix16": Power(6, -40, 16, True, False, True, "saturate", True),
    "scales": Power(4, -3, 2, False, True),
    "w32": W32,
    "i8": Fixed(8, 0, True, "wrap"),
    "u64": Fixed(64, 0, False, "saturate"),
    "fixed": FIXED,
    "wrapping": WRAPPING,
    "unsigned": Fixed(24, 20, False, "saturate", "maximum", Rounding.RMM),
}
