"""The host's number formats, and how code in IR text computes with them.

Every operation is a constrained intrinsic in the host's current rounding mode, so that LLVM keeps
it where it stands and its flags exact.
"""

from __future__ import annotations

import struct
from typing import Final

from rvx.jit.host import this_host
from rvx.jit.text import Function
from rvx.number import Fixed, Float, Format
from rvx.record import record

_ROUND: Final = 'metadata !"round.dynamic"'
_EXCEPT: Final = 'metadata !"fpexcept.strict"'
_IGNORE: Final = 'metadata !"fpexcept.ignore"'


@record(frozen=True)
class Carrier:
    """binary16, binary32 or binary64 as the host has it."""

    type: str
    bits: int
    exponent: int
    fraction: int

    @property
    def suffix(self) -> str:
        return f"f{self.bits}"

    @property
    def bias(self) -> int:
        return (1 << self.exponent - 1) - 1

    @property
    def infinity(self) -> int:
        """The code of infinity."""
        return (1 << self.exponent) - 1 << self.fraction

    @property
    def quiet_nan(self) -> int:
        """The code of the canonical NaN."""
        return self.infinity | 1 << self.fraction - 1

    @property
    def sign(self) -> int:
        """The sign bit."""
        return 1 << self.bits - 1

    def from_code(self, out: Function, code: str) -> str:
        """The value that a code (i{bits}) stands for."""
        return out.value(f"bitcast i{self.bits} {code} to {self.type}")

    def to_code(self, out: Function, value: str) -> str:
        """The code of a value."""
        return out.value(f"bitcast {self.type} {value} to i{self.bits}")

    def constant(self, number: float) -> str:
        """A literal of a number that the type holds."""
        if self.bits == 16:
            (code,) = struct.unpack("<H", struct.pack("<e", number))
            return f"0xH{code:04X}"
        (code,) = struct.unpack("<Q", struct.pack("<d", number))
        return f"0x{code:016X}"

    def op(self, out: Function, name: str, *values: str) -> str:
        """`fadd fsub fmul fdiv fma sqrt rint`, rounded once in the host's mode."""
        parameters = ", ".join([self.type] * len(values) + ["metadata", "metadata"])
        arguments = ", ".join([f"{self.type} {value}" for value in values] + [_ROUND, _EXCEPT])
        return _call(out, self.type, f"{name}.{self.suffix}", parameters, arguments)

    def negate(self, out: Function, value: str) -> str:
        """Invert the sign: no arithmetic, no flag."""
        return out.value(f"fneg {self.type} {value}")

    def compare(self, out: Function, predicate: str, left: str, right: str, quiet: bool) -> str:
        """An ordered or equality predicate as an i1; NV as IEEE 754-2019, section 5.11, has it."""
        name = f"{'fcmp' if quiet else 'fcmps'}.{self.suffix}"
        return self._comparison(out, name, predicate, left, right, _EXCEPT)

    def is_nan(self, out: Function, value: str) -> str:
        """Whether a value, which is no signaling NaN, is a NaN; no flag."""
        return self._comparison(out, f"fcmp.{self.suffix}", "uno", value, value, _IGNORE)

    def _comparison(
        self, out: Function, name: str, predicate: str, left: str, right: str, exceptions: str
    ) -> str:
        parameters = f"{self.type}, {self.type}, metadata, metadata"
        how = f'metadata !"{predicate}", {exceptions}'
        return _call(out, "i1", name, parameters, f"{self.type} {left}, {self.type} {right}, {how}")

    def from_integer(self, out: Function, value: str, width: int, signed: bool) -> str:
        """Round an integer (an i`width`, 64 at most; 63 where unsigned) in the host's mode."""
        # Conversions of 32 and 64 signed bits are one instruction; the others take a detour.
        to = 32 if width < 32 or (width == 32 and signed) else 64
        wide = out.resize(value, width, to, signed)
        return _call(
            out,
            self.type,
            f"sitofp.{self.suffix}.i{to}",
            f"i{to}, metadata, metadata",
            f"i{to} {wide}, {_ROUND}, {_EXCEPT}",
        )

    def to_integer(self, out: Function, value: str) -> str:
        """Cut a value toward zero to an i64. It must be in range; inexact raises NX."""
        name = f"fptosi.i64.{self.suffix}"
        return _call(out, "i64", name, f"{self.type}, metadata", f"{self.type} {value}, {_EXCEPT}")

    def widen(self, out: Function, value: str, source: str, bits: int) -> str:
        """Convert from a narrower host type (`half` or `float`), exactly."""
        name = f"fpext.{self.suffix}.f{bits}"
        return _call(out, self.type, name, f"{source}, metadata", f"{source} {value}, {_EXCEPT}")

    def narrow(self, out: Function, value: str, source: str, bits: int) -> str:
        """Round a wider host type (`float` or `double`) to this one in the host's mode."""
        name = f"fptrunc.{self.suffix}.f{bits}"
        arguments = f"{source} {value}, {_ROUND}, {_EXCEPT}"
        return _call(out, self.type, name, f"{source}, metadata, metadata", arguments)


BINARY16: Final = Carrier("half", 16, 5, 10)
BINARY32: Final = Carrier("float", 32, 8, 23)
BINARY64: Final = Carrier("double", 64, 11, 52)


def _call(out: Function, result: str, name: str, parameters: str, arguments: str) -> str:
    full = f"llvm.experimental.constrained.{name}"
    out.module.declare(f"{result} @{full}({parameters})")
    return out.value(f"call {result} @{full}({arguments}) strictfp")


def is_ieee(format: Format, exponent: int, fraction: int) -> bool:
    """Whether a format is the IEEE 754 interchange format of that shape, to the last rule."""
    return format == Float(exponent, fraction) or (
        isinstance(format, Float)
        and format.bias == (1 << exponent - 1) - 1
        and format == Float(exponent, fraction, bias=format.bias)
    )


def carrier_of(format: Format) -> Carrier | None:
    """The host's type that is this format."""
    for carrier in (BINARY16, BINARY32, BINARY64) if this_host().has_half else (BINARY32, BINARY64):
        if is_ieee(format, carrier.exponent, carrier.fraction):
            return carrier
    return None


def is_integer(format: Format) -> bool:
    """Whether the numbers of a format are the integers of its codes."""
    return isinstance(format, Fixed) and format.fraction == 0
