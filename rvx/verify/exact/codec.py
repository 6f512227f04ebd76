"""What codes mean, and which code a number rounds to: by the definitions of the formats.

A number lies between two neighbours that are written down from the definition; comparing it with
them and with the cut between them, exactly, decides. Sources: IEEE 754-2019 sections 3.4, 4.3, 6
and 7; the RISC-V unprivileged manual, F (tininess after rounding, canonical NaN); OCP OFP8 and MX;
Posit Standard (2022); bounded posits as arXiv 2603.01615.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields
from functools import lru_cache

from rvx.number import Fixed, Float, Format, Mode, Posit, Power, Quire
from rvx.verify.exact import codec_float, codec_posit, codec_power, codec_units
from rvx.verify.exact.number import Number

_SETTINGS = {
    Float: {"exponent", "fraction", "specials", "signed", "bias", "overflow"},
    Posit: {"bits", "es", "regime"},
    Fixed: {"bits", "fraction", "signed", "overflow", "nan", "rounding", "flags"},
    Power: {"bits", "least", "radix", "signed", "zero", "nan", "overflow", "flags"},
    Quire: {"format", "carry", "fraction", "overflow"},
}


class NotCovered(Exception):
    """Something of the language that the exact evaluation does not know."""


def decode(format: Format, code: int) -> Number:
    """The number that the code is. Raises NotCovered."""
    return _decode(format, code)


def encode(format: Format, number: Number, mode: Mode) -> tuple[int, int]:
    """The code that the number rounds to, and all flags. Raises NotCovered."""
    _check(format)
    match format:
        case Float():
            return codec_float.encode(format, number, mode)
        case Posit():
            return codec_posit.encode(format, number)
        case Fixed():
            return codec_units.encode_fixed(format, number, mode)
        case Power():
            return codec_power.encode(format, number, mode)
        case Quire():
            return codec_units.encode_quire(format, number)
    raise AssertionError(format)


@lru_cache(maxsize=512)
def _check(format: Hashable) -> None:
    """Raise NotCovered for a family or a setting that is not known."""
    known = _SETTINGS.get(type(format))
    if known is None:
        raise NotCovered(f"formats of the family {type(format).__name__}")
    for setting in fields(format):  # type: ignore[arg-type]  # a class of records
        if setting.name not in known:
            raise NotCovered(f"the setting '{setting.name}' of {type(format).__name__}")


@lru_cache(maxsize=1 << 15)
def _decode(format: Hashable, code: int) -> Number:
    _check(format)
    match format:
        case Float():
            return codec_float.decode(format, code)
        case Posit():
            return codec_posit.decode(format, code)
        case Fixed():
            return codec_units.decode_fixed(format, code)
        case Power():
            return codec_power.decode(format, code)
        case Quire():
            return codec_units.decode_quire(format, code)
    raise AssertionError(format)
