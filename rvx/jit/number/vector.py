"""Vectors of 64-bit elements: what a rule computes for all lanes of an instruction at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rvx.jit.number.rule_carrier import BINARY64
from rvx.jit.text import Function
from rvx.record import record

_EXCEPT: Final = 'metadata !"fpexcept.strict"'
_ROUND: Final = 'metadata !"round.dynamic"'
_IGNORE: Final = 'metadata !"fpexcept.ignore"'
_LEAST: Final = 4  # halves that the host converts at once


@record(frozen=True)
class Vector:
    """Writes operations on `count` elements at a time; constants are in every element."""

    out: Function
    count: int

    @property
    def integers(self) -> str:
        return f"<{self.count} x i64>"

    @property
    def doubles(self) -> str:
        return f"<{self.count} x double>"

    # Integers

    def constant(self, value: int) -> str:
        """The same integer in every element."""
        return f"splat (i64 {value & (1 << 64) - 1})"

    def op(self, name: str, left: str, right: str) -> str:
        """`add sub and or xor shl lshr`."""
        return self.out.value(f"{name} {self.integers} {left}, {right}")

    def extreme(self, predicate: str, left: str, right: str) -> str:
        """The left one where the predicate (`sgt`, `slt`) holds, elsewhere the right one."""
        holds = self.out.value(f"icmp {predicate} {self.integers} {left}, {right}")
        given = f"{self.integers} {left}, {self.integers} {right}"
        return self.out.value(f"select <{self.count} x i1> {holds}, {given}")

    def any_negative(self, value: str) -> str:
        """Whether an element has its top bit set (i1)."""
        negative = self.out.value(f"icmp slt {self.integers} {value}, zeroinitializer")
        return self._any(negative)

    def any_nonzero(self, value: str) -> str:
        """Whether an element is not zero (i1)."""
        differs = self.out.value(f"icmp ne {self.integers} {value}, zeroinitializer")
        return self._any(differs)

    def _any(self, truths: str) -> str:
        mask = self.out.value(f"bitcast <{self.count} x i1> {truths} to i{self.count}")
        return self.out.compare("ne", self.count, mask, "0")

    def widened(self, word: str, width: int, bits: int) -> str:
        """The elements of `bits` bits that an i`width` holds, from its lowest."""
        narrow = f"<{width // bits} x i{bits}>"
        value = self.out.value(f"bitcast i{width} {word} to {narrow}")
        return self.out.value(f"zext {narrow} {value} to {self.integers}")

    def narrowed(self, value: str, bits: int) -> str:
        """The lowest `bits` bits of each element, as one integer."""
        narrow = f"<{self.count} x i{bits}>"
        short = self.out.value(f"trunc {self.integers} {value} to {narrow}")
        return self.out.value(f"bitcast {narrow} {short} to i{self.count * bits}")

    # Doubles

    def gathered(self, values: Sequence[str]) -> str:
        """A double for each element."""
        found = "poison"
        for i, value in enumerate(values):
            found = self.out.value(f"insertelement {self.doubles} {found}, double {value}, i32 {i}")
        return found

    def all(self, number: float) -> str:
        """The same double in every element."""
        return f"splat (double {BINARY64.constant(number)})"

    def from_bits(self, value: str) -> str:
        return self.out.value(f"bitcast {self.integers} {value} to {self.doubles}")

    def to_bits(self, value: str) -> str:
        return self.out.value(f"bitcast {self.doubles} {value} to {self.integers}")

    def negate(self, value: str) -> str:
        return self.out.value(f"fneg {self.doubles} {value}")

    def float_op(self, name: str, *values: str) -> str:
        """`fadd fmul fma`, each element rounded once in the host's mode."""
        types = ", ".join([self.doubles] * len(values))
        given = ", ".join(f"{self.doubles} {value}" for value in values)
        full = f"llvm.experimental.constrained.{name}.v{self.count}f64"
        self.out.module.declare(f"{self.doubles} @{full}({types}, metadata, metadata)")
        return self.out.value(f"call {self.doubles} @{full}({given}, {_ROUND}, {_EXCEPT}) strictfp")

    def any_nan(self, value: str) -> str:
        """Whether an element is a NaN, of which none is signaling (i1); no flag."""
        types = f"{self.doubles}, {self.doubles}, metadata, metadata"
        full = f"llvm.experimental.constrained.fcmp.v{self.count}f64"
        self.out.module.declare(f"<{self.count} x i1> @{full}({types})")
        given = f"{self.doubles} {value}, {self.doubles} {value}"
        return self._any(
            self.out.value(
                f'call <{self.count} x i1> @{full}({given}, metadata !"uno", {_IGNORE}) strictfp'
            )
        )

    # Halves and floats: the host converts them

    def halves_to_floats(self, word: str, count: int) -> str:
        """`count` binary16 numbers that an integer holds, exactly, as a vector of floats."""
        bits, most = count * 16, max(count, _LEAST)
        if most == count:
            halves = self.out.value(f"bitcast i{bits} {word} to <{most} x half>")
            return self._convert("fpext", halves, ("half", 16), ("float", 32), most)
        # The host converts four at least.
        padded = f"<{most // count} x i{bits}>"
        whole = self.out.value(f"insertelement {padded} zeroinitializer, i{bits} {word}, i32 0")
        halves = self.out.value(f"bitcast {padded} {whole} to <{most} x half>")
        wide = self._convert("fpext", halves, ("half", 16), ("float", 32), most)
        return self._picked(wide, most, range(count))

    def from_floats(self, floats: str, count: int, every: int, first: int) -> str:
        """Each `every`-th of `count` floats, beginning with one of them, exactly."""
        if every > 1:
            floats = self._picked(floats, count, range(first, count, every))
        return self._convert("fpext", floats, ("float", 32), ("double", 64), self.count)

    def _picked(self, floats: str, count: int, places: range) -> str:
        mask, kind = ", ".join(f"i32 {i}" for i in places), f"<{count} x float>"
        masks = f"<{len(places)} x i32> <{mask}>"
        return self.out.value(f"shufflevector {kind} {floats}, {kind} poison, {masks}")

    def to_floats(self, value: str) -> str:
        """Round doubles to binary32, as the host's mode says: one integer."""
        count = self.count
        floats = self._convert("fptrunc", value, ("double", 64), ("float", 32), count)
        return self.out.value(f"bitcast <{count} x float> {floats} to i{count * 32}")

    def to_halves(self, value: str) -> str:
        """Round doubles that are floats to binary16, as the host's mode says: one integer."""
        count = self.count
        floats = self._convert("fptrunc", value, ("double", 64), ("float", 32), count)
        halves = self._convert("fptrunc", floats, ("float", 32), ("half", 16), count)
        return self.out.value(f"bitcast <{count} x half> {halves} to i{count * 16}")

    def _convert(
        self, how: str, value: str, source: tuple[str, int], to: tuple[str, int], count: int
    ) -> str:
        given, result = f"<{count} x {source[0]}>", f"<{count} x {to[0]}>"
        full = f"llvm.experimental.constrained.{how}.v{count}f{to[1]}.v{count}f{source[1]}"
        types, rounding = f"{given}, metadata", f"{_EXCEPT}"
        if how == "fptrunc":
            types, rounding = f"{types}, metadata", f"{_ROUND}, {_EXCEPT}"
        self.out.module.declare(f"{result} @{full}({types})")
        return self.out.value(f"call {result} @{full}({given} {value}, {rounding}) strictfp")
