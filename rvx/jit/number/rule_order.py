"""Rules: comparisons by the host, and minimum and maximum by the order of the codes."""

from __future__ import annotations

from typing import Final

from rvx.jit.host import this_host
from rvx.jit.number.rule import Cold, Rule
from rvx.jit.number.rule_carrier import Carrier, carrier_of
from rvx.jit.text import Function
from rvx.number import Float, Format, Rounding
from rvx.number.flags import NV
from rvx.record import record

_PREDICATE: Final = {"==": "oeq", "!=": "une", "<": "olt", "<=": "ole", ">": "ogt", ">=": "oge"}


@record(frozen=True)
class HostComparison:
    """The host's own comparison of one of its formats."""

    carrier: Carrier
    predicate: str
    quiet: bool

    sets_host_flags = True
    leaves_specials = False

    def emit(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        left, right = (self.carrier.from_code(out, code) for code in codes)
        return self.carrier.compare(out, self.predicate, left, right, self.quiet), "0"


def host_comparison(
    op: str, quiet: bool, left: Format, right: Format, host_mode: Rounding | None
) -> Rule | None:
    """The rule for two numbers of one of the host's formats."""
    carrier = carrier_of(left)
    if carrier is None or carrier_of(right) is not carrier:
        return None
    if host_mode is None or not this_host().has_arithmetic:
        return None
    return HostComparison(carrier, _PREDICATE[op], quiet or op in ("==", "!="))


@record(frozen=True)
class CodeChoice:
    """The smaller or larger of two numbers, as integers: the order of a float's codes.

    A code is turned into two's complement, which puts -0 below +0 as minimumNumber wants it.
    """

    format: Float
    smaller: bool

    sets_host_flags = False
    leaves_specials = False

    def emit(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        width = self.format.bits
        # In two's complement the NaNs lie beyond both infinities.
        top = self.format.max_code + (self.format.specials == "ieee")
        a, b = (_ordered(out, code, width) for code in codes)
        rare, done = out.label("nan"), out.label("done")
        test = out.op("or", 1, *(_is_beyond(out, code, width, top) for code in codes))
        a_wins = out.compare("slt" if self.smaller else "sgt", width, a, b)
        code = out.select(a_wins, f"i{width}", codes[0], codes[1])
        if self.format.canonical_nan is None:
            return code, "0"
        ordinary = out.block
        out.branch(test, rare, done, likely=False)
        out.begin(rare)
        other, flags = self._with_nan(out, codes, top)
        out.jump(done)
        out.begin(done)
        found = out.phi(f"i{width}", (code, ordinary), (other, rare))
        return found, out.phi("i32", ("0", ordinary), (flags, rare))

    def _with_nan(self, out: Function, codes: list[str], top: int) -> tuple[str, str]:
        """The operand that is no NaN, or the canonical one; NV for a signaling one."""
        width = self.format.bits
        first, second = (_is_beyond(out, code, width, top) for code in codes)
        nan = str(self.format.canonical_nan)
        code = out.select(first, f"i{width}", codes[1], codes[0])
        code = out.select(out.op("and", 1, first, second), f"i{width}", nan, code)
        if self.format.specials != "ieee":
            return code, "0"
        quiet = str(1 << self.format.fraction - 1)
        invalid = []
        for each, is_nan in zip(codes, (first, second), strict=True):
            is_signaling = out.compare("eq", width, out.op("and", width, each, quiet), "0")
            invalid.append(out.op("and", 1, is_nan, is_signaling))
        flags = out.select(out.op("or", 1, *invalid), "i32", str(NV), "0")
        return code, flags


def _ordered(out: Function, code: str, width: int) -> str:
    """Sign and magnitude as two's complement, -0 as -1: the order of the numbers."""
    sign = out.op("ashr", width, code, str(width - 1))
    return out.op("xor", width, code, out.op("lshr", width, sign, "1"))


def _is_beyond(out: Function, code: str, width: int, top: int) -> str:
    """Whether the magnitude is that of a NaN."""
    magnitude = out.op("and", width, code, str((1 << width - 1) - 1))
    return out.compare("ugt", width, magnitude, str(top))


def host_choice(op: str, format: Format) -> Rule | None:
    """The rule for numbers of one float format, into that format."""
    if not isinstance(format, Float) or not format.signed or format.overflow == "saturate":
        return None
    return CodeChoice(format, smaller=op == "minimum")
