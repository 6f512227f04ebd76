"""Standard and bounded posits of up to 32 bits, taken apart and put together; no branches."""

from __future__ import annotations

from rvx.jit.number.posit_bounded import pack_bounded, unpack_bounded
from rvx.jit.number.posit_fields import Held, Unpacked, is_bounded, least, most, negated_where
from rvx.jit.number.posit_short import MOST_BITS, pack_short, unpack_short
from rvx.jit.text import Arithmetic, Function


def unpack(out: Arithmetic, magnitude: str, held: Held) -> Unpacked:
    """Take apart the code of a positive posit; one at a time by tables, where they are faster."""
    format, width, size = held.format, held.width, held.size
    if isinstance(out, Function) and format.bits <= MOST_BITS:
        return unpack_short(out, magnitude, format)
    if is_bounded(format):
        return unpack_bounded(out, magnitude, held)
    es, ones = format.es, str((1 << size) - 1)
    # The regime at the top; beyond the last bit of the posit all is zero.
    body = out.resize(magnitude, width, size)
    body = out.op("shl", size, body, str(size + 1 - format.bits))
    # A run of r ones is the regime r - 1, of r zeros -r, which is ~(r - 1).
    tail = out.op("shl", size, body, "1")
    regime = out.unary("ctlz", size, out.op("xor", size, body, tail))  # r - 1
    tail = out.op("shl", size, tail, regime)  # from the terminating bit on
    zeros = out.op("xor", size, out.op("ashr", size, body, str(size - 1)), ones)
    exponent = out.op("shl", size, out.op("xor", size, regime, zeros), str(es))
    if es:
        low = out.op("lshr", size, tail, str(size - 1 - es))
        low = out.op("and", size, low, str((1 << es) - 1))
        exponent = out.op("add", size, exponent, low)
    fraction = out.op("shl", size, tail, str(es))
    return Unpacked(exponent, out.op("or", size, fraction, str(1 << size - 1)))


def pack(out: Arithmetic, number: Unpacked, sign: str, held: Held, *, is_sum: bool = False) -> str:
    """Round to the nearest posit, ties to even as a bit string; the code. `is_sum`: of two posits
    of the format.

    The lowest `room(format) - 1` bits of the significand must be zero.
    """
    format, width, size = held.format, held.width, held.size
    if isinstance(out, Function) and format.bits <= MOST_BITS:
        return pack_short(out, number, sign, format)
    if is_bounded(format):
        return pack_bounded(out, number, sign, held)
    bits, es = format.bits, format.es
    regime = out.op("ashr", size, number.exponent, str(es))
    below = out.op("ashr", size, regime, str(size - 1))
    # Two bits of the regime and its terminator, 110 or 001, then exponent and fraction. What the
    # regime has beyond that comes in from the left: copies of the first bit, which no carry of
    # the rounding changes.
    above = out.op("xor", size, below, str((1 << size) - 1))
    start = out.op("and", size, above, str(0b111 << size - 3))
    start = out.op("xor", size, start, str(0b001 << size - 3))
    fraction = out.op("and", size, number.significand, str((1 << size - 1) - 1))
    string = out.op("or", size, start, out.op("lshr", size, fraction, str(2 + es)))
    if es:
        low = out.op("and", size, number.exponent, str((1 << es) - 1))
        string = out.op("or", size, string, out.op("shl", size, low, str(size - 3 - es)))
    more = out.op("xor", size, regime, below)
    # A sum of posits is no smaller than minpos, of which all are multiples, and has a regime that
    # there is: with exponent bits, twice maxpos has maxpos's.
    is_within = is_sum and es > 0
    if not is_within:  # beyond the longest it is maxpos or below minpos
        more = least(out, size, more, str(bits - 2))
    # Up if what is dropped is above one half, or is one half and the last bit is set: the half less
    # one, and that bit, are added first, so that no step waits for what is dropped.
    one_less = out.op("add", size, more, str(size - bits - 1))
    dropped = out.op("add", size, more, str(size - bits))  # without the regime's first bit
    ones = str((1 << size) - 1)
    rounded = out.op(
        "sub", size, out.op("add", size, string, ones), out.op("shl", size, ones, one_less)
    )
    last = out.op("and", size, out.op("lshr", size, string, dropped), "1")
    moved = out.op("ashr", size, out.op("add", size, rounded, last), dropped)
    magnitude = out.op("and", size, moved, str(format.max_code))
    if not is_within:
        magnitude = most(out, size, magnitude, "1")
    magnitude = out.resize(magnitude, size, width)
    return negated_where(out, width, magnitude, sign)
