"""Posits: the run of the regime is counted, what follows is shifted to the top and read."""

from __future__ import annotations

from rvx.jit.number.digits import least
from rvx.jit.number.value import Floating, signed, storage
from rvx.jit.text import Function
from rvx.number import Posit


def significant_bits(format: Posit) -> int:
    """The most significant bits of a number: with the shortest regime, a run of one and its end."""
    return max(format.bits - 3 - format.es, 0) + 1


def posit_number(out: Function, format: Posit, code: str) -> Floating:
    """The number that a code is, with a significand of full length; NaR is any number."""
    bits, width = format.bits, storage(format.bits)
    aligned = out.op("shl", width, out.resize(code, bits, width), str(width - bits))
    sign = out.compare("slt", width, aligned, "0")
    aligned = out.select(sign, f"i{width}", out.op("sub", width, "0", aligned), aligned)
    string = out.op("shl", width, aligned, "1")
    ones = out.compare("slt", width, string, "0")
    spread = out.op("ashr", width, string, str(width - 1))
    flipped = out.op("xor", width, string, spread)
    # A bit below the code's last ends every run, that of zero too.
    flipped = out.op("or", width, flipped, str(1 << width - bits))
    run = out.unary("ctlz", width, flipped)
    rest = _after(out, format, width, string, run)
    if format.regime is not None:
        run = least(out, width, run, str(format.longest))
    run = out.resize(run, width, 32)
    # One less than the run of ones; the run of zeros negated, which is the complement of that.
    zeros = out.resize(out.op("xor", 1, ones, "1"), 1, 32, signed=True)
    regime = out.op("xor", 32, out.op("sub", 32, run, "1"), zeros)
    power = out.op("shl", 32, regime, str(format.es))
    if format.es:
        tail = out.op("lshr", width, rest, str(width - format.es))
        power = out.op("add", 32, power, out.resize(tail, width, 32))
        rest = out.op("shl", width, rest, str(format.es))
    return _assembled(out, format, width, sign, code, power, rest)


def _after(out: Function, format: Posit, width: int, string: str, run: str) -> str:
    """What follows the regime, at the top."""
    if format.regime is None:  # the bit after a run of the full length is zero
        return out.op("shl", width, out.op("shl", width, string, run), "1")
    longest = str(format.longest)
    ended = out.resize(out.compare("ult", width, run, longest), 1, width)
    capped = least(out, width, run, longest)
    return out.op("shl", width, out.op("shl", width, string, capped), ended)


def _assembled(
    out: Function, format: Posit, width: int, sign: str, code: str, power: str, fraction: str
) -> Floating:
    precision = significant_bits(format)
    significand = str(1 << precision - 1)
    if precision > 1:
        below = out.op("lshr", width, fraction, str(width - precision + 1))
        significand = out.op("or", width, below, significand)
    zero = out.compare("eq", format.bits, code, "0")
    significand = out.select(zero, f"i{width}", "0", significand)
    kept = storage(precision)
    significand = out.resize(significand, width, kept)
    exponent = out.op("add", 32, power, signed(1 - precision))
    low = -(format.longest << format.es) - (precision - 1)
    high = (format.longest << format.es) - precision
    span = format.span
    top = span.lsb + span.high.bit_length()
    return Floating(sign, significand, kept, precision, exponent, low, high, span.lsb, top, True)
