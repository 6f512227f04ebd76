"""What the host's processor offers: its features, and its floating-point control and status.

On x86-64 with FMA the host's own arithmetic is IEEE 754's, flags included (tininess is detected
after rounding, as RISC-V has it), so that single and double precision map to it, and with
AVX512-FP16 half precision too. Elsewhere the integer rules compute everything: slower, never
different. An aarch64 host works that way; it has not been tested.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import llvmlite.binding as llvm

from rvx.jit.text import Function
from rvx.number import Rounding
from rvx.number.flags import DZ, NV, NX, OF, UF
from rvx.record import record

# Code is made for these only, so that one cache serves machines that differ in the rest.
_X86_FEATURES: Final = ("avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "popcnt", "sse4.2")
# Those of wide vectors, and half precision.
_X86_WIDE: Final = ("avx512vl", "avx512bw", "avx512cd", "avx512dq")
_X86_HALF: Final = "avx512fp16"

# MXCSR (Intel SDM volume 1, 10.2.3): flags in bits 5:0, masks in 12:7, rounding control in 14:13;
# DAZ (6) and FTZ (15) stay off.
_MASKED: Final = 0x1F80
_CONTROL: Final[Mapping[Rounding, int]] = {
    Rounding.RNE: 0 << 13,
    Rounding.RDN: 1 << 13,
    Rounding.RUP: 2 << 13,
    Rounding.RTZ: 3 << 13,
}
# Bits 0, 2, 3, 4, 5: IE, ZE, OE, UE, PE. (Bit 1 is the denormal operand.)
_FLAGS: Final = ((0, NV), (2, DZ), (3, OF), (4, UF), (5, NX))


@record(frozen=True)
class Host:
    """The processor that code is made for."""

    triple: str
    cpu: str
    features: str
    has_arithmetic: bool  # fp32 and fp64 by the host, with flags, in the modes of `rounds_in`
    wide_features: str = ""  # for code that needs one of the two below; "" where it has none
    has_half: bool = False  # fp16 too, of `has_arithmetic`
    has_lanes: bool = False  # vectors of integers are shifted, and their zeros counted, at once

    @property
    def key(self) -> str:
        """What compiled code depends on, as text."""
        version = ".".join(map(str, llvm.llvm_version_info))
        return f"{self.triple} {self.cpu} {self.wide_features or self.features} {version}"

    def rounds_in(self, mode: Rounding) -> bool:
        """Whether the host's arithmetic has this rounding mode."""
        return self.has_arithmetic and mode in _CONTROL

    # Emitting access to MXCSR; nothing where the host's arithmetic is not used

    def set_control(self, out: Function, mode: Rounding | None) -> None:
        """Clear the host's flags and set its rounding mode (None: to nearest)."""
        self.set_control_to(out, str(self.control(mode)))

    def control(self, mode: Rounding | None) -> int:
        """What `set_control_to` takes for `set_control`; 0 where there is nothing to set."""
        return _MASKED | _CONTROL.get(mode or Rounding.RNE, 0) if self.has_arithmetic else 0

    def set_control_to(self, out: Function, value: str) -> None:
        """As `set_control`, by a value (i32) of `control` that is not 0."""
        if self.has_arithmetic:
            self._write(out, value)

    def take_flags(self, out: Function) -> str:
        """The host's flags as fflags (i32). They stay set."""
        if not self.has_arithmetic:
            return "0"
        status, flags = self._read(out), "0"
        for bit, flag in _FLAGS:
            shifted = out.op("lshr", 32, status, str(bit))
            one = out.op("and", 32, shifted, "1")
            place = flag.bit_length() - 1
            flags = out.op("or", 32, flags, out.op("shl", 32, one, str(place)))
        return flags

    def clear_flags(self, out: Function) -> None:
        """Clear the host's flags; its rounding mode stays."""
        if self.has_arithmetic:
            kept = (1 << 32) - 1 - 0x3F
            self._write(out, out.op("and", 32, self._read(out), str(kept)))

    def save(self, out: Function) -> str:
        """The host's control and flags, for `restore` (i32)."""
        return self._read(out) if self.has_arithmetic else "0"

    def restore(self, out: Function, saved: str) -> None:
        """Undo what happened since `save`."""
        if self.has_arithmetic:
            self._write(out, saved)

    @classmethod
    def raise_flags(cls, out: Function, flags: str) -> None:
        """Set the host's flags for fflags (i32): slow, for cold code where there is arithmetic."""
        status = cls._read(out)
        for bit, flag in _FLAGS:
            shifted = out.op("lshr", 32, flags, str(flag.bit_length() - 1))
            one = out.op("and", 32, shifted, "1")
            status = out.op("or", 32, status, out.op("shl", 32, one, str(bit)))
        cls._write(out, status)

    @staticmethod
    def _write(out: Function, value: str) -> None:
        out.module.declare("void @llvm.x86.sse.ldmxcsr(ptr)")
        cell = out.variable("i32")
        out.store("i32", value, cell, align=4)
        # LLVM knows no more than that it may write anywhere. Arithmetic in strict functions too
        # reads and writes what cannot be accessed, so that the order stays.
        effects = "memory(argmem: read, inaccessiblemem: readwrite)"
        out.line(f"call void @llvm.x86.sse.ldmxcsr(ptr {cell}) {effects}")

    @staticmethod
    def _read(out: Function) -> str:
        out.module.declare("void @llvm.x86.sse.stmxcsr(ptr)")
        cell = out.variable("i32")
        out.call("void", "llvm.x86.sse.stmxcsr", ("ptr", cell))
        return out.load("i32", cell, align=4)


@lru_cache(maxsize=1)
def this_host() -> Host:
    """The machine that rvx runs on."""
    triple = llvm.get_process_triple()
    found = llvm.get_host_cpu_features()
    if platform.machine().lower() in ("x86_64", "amd64") and all(
        found.get(feature) for feature in _X86_FEATURES
    ):
        features = ",".join(f"+{feature}" for feature in _X86_FEATURES)
        if not all(found.get(feature) for feature in _X86_WIDE):
            return Host(triple, "x86-64", features, has_arithmetic=True)
        has_half = bool(found.get(_X86_HALF))
        more = (*_X86_WIDE, _X86_HALF) if has_half else _X86_WIDE
        wide = ",".join([features, *(f"+{feature}" for feature in more)])
        return Host(triple, "x86-64", features, True, wide, has_half, has_lanes=True)
    return Host(triple, "", "", has_arithmetic=False)
