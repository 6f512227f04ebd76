"""Standard and bounded posits of up to 32 bits, taken apart and put together in 64-bit integers.

No branches. A significand is kept with its leading one in bit 63; digits that are shifted out leave
a one in the last place (they are below every tie: 32 bits suffice).
"""

from __future__ import annotations

from functools import cache
from typing import Final

from rvx.jit.text import Function
from rvx.number import Posit, Rounding, dyadic
from rvx.record import record

_MOST_REGIME: Final = 8  # bits of a regime that is looked up
_LENGTH: Final = 6  # bits of its length in the table
_ONES: Final = (1 << 64) - 1
_TABLE_BITS: Final = 8


@record(frozen=True)
class Unpacked:
    """`2**exponent * significand / 2**63`, as i64."""

    exponent: str
    significand: str


def sign_and_magnitude(out: Function, code: str, width: int) -> tuple[str, str]:
    """The sign as 0 or all ones, and the code of the absolute value."""
    sign = out.op("ashr", width, code, str(width - 1))
    return sign, out.op("sub", width, out.op("xor", width, code, sign), sign)


def room(format: Posit) -> int:
    """How many bits of a significand are to be zeros at the end of it before `packed_sum` adds."""
    return format.es + (format.longest + 1 if _is_bounded(format) and _is_roomy(format) else 3)


def _is_roomy(format: Posit) -> bool:
    """Whether products too have the zeros that the longest regime shifts out of a code."""
    return format.longest <= format.es + 3


def _is_bounded(format: Posit) -> bool:
    return format.longest < format.bits - 1


def unpack(out: Function, magnitude: str, format: Posit) -> Unpacked:
    """Take apart the code of a positive posit."""
    if format.bits <= _TABLE_BITS:
        return _unpack_short(out, magnitude, format)
    if _is_bounded(format):
        return _unpack_bounded(out, magnitude, format)
    width, es = format.bits, format.es
    # The regime at the top; beyond the last bit of the posit all is zero.
    body = out.op("shl", 64, out.resize(magnitude, width, 64), str(65 - width))
    # A run of r ones is the regime r - 1, of r zeros -r, which is ~(r - 1).
    tail = out.op("shl", 64, body, "1")
    regime = out.unary("ctlz", 64, out.op("xor", 64, body, tail))  # r - 1
    tail = out.op("shl", 64, tail, regime)  # from the terminating bit on
    zeros = out.op("xor", 64, out.op("ashr", 64, body, "63"), str(_ONES))
    exponent = out.op("shl", 64, out.op("xor", 64, regime, zeros), str(es))
    if es:
        low = out.op("lshr", 64, tail, str(63 - es))
        low = out.op("and", 64, low, str((1 << es) - 1))
        exponent = out.op("add", 64, exponent, low)
    fraction = out.op("shl", 64, tail, str(es))
    return Unpacked(exponent, out.op("or", 64, fraction, str(1 << 63)))


def pack(out: Function, number: Unpacked, sign: str, format: Posit, *, is_sum: bool = False) -> str:
    """Round to the nearest posit, ties to even as a bit string; the code. `is_sum`: of two posits
    of the format.

    The lowest `room(format) - 1` bits of the significand must be zero.
    """
    if format.bits <= _TABLE_BITS:
        return _pack_short(out, number, sign, format)
    if _is_bounded(format):
        return _pack_bounded(out, number, sign, format)
    width, es = format.bits, format.es
    regime = out.op("ashr", 64, number.exponent, str(es))
    below = out.op("ashr", 64, regime, "63")
    # Two bits of the regime and its terminator, 110 or 001, then exponent and fraction. What the
    # regime has beyond that comes in from the left: copies of the first bit, which no carry of
    # the rounding changes.
    above = out.op("xor", 64, below, str(_ONES))
    start = out.op("xor", 64, out.op("and", 64, above, str(0b111 << 61)), str(0b001 << 61))
    fraction = out.op("and", 64, number.significand, str((1 << 63) - 1))
    string = out.op("or", 64, start, out.op("lshr", 64, fraction, str(2 + es)))
    if es:
        low = out.op("and", 64, number.exponent, str((1 << es) - 1))
        string = out.op("or", 64, string, out.op("shl", 64, low, str(61 - es)))
    more = out.op("xor", 64, regime, below)
    # A sum of posits is no smaller than minpos, of which all are multiples, and has a regime that
    # there is: with exponent bits, twice maxpos has maxpos's.
    is_within = is_sum and es > 0
    if not is_within:
        longest = str(width - 2)  # of which beyond it is maxpos or below minpos
        more = out.select(out.compare("ugt", 64, more, longest), "i64", longest, more)
    # Up if what is dropped is above one half, or is one half and the last bit is set.
    dropped = out.op("add", 64, more, str(64 - width))  # without the regime's first bit
    moved = out.op("ashr", 64, string, dropped)
    rest = out.op("shl", 64, string, out.op("sub", 64, "64", dropped))
    rest = out.op("add", 64, rest, out.op("and", 64, moved, "1"))
    up = out.compare("ugt", 64, rest, str(1 << 63))
    moved = out.op("add", 64, moved, out.resize(up, 1, 64))
    magnitude = out.op("and", width, out.resize(moved, 64, width), str(format.max_code))
    if not is_within:
        is_zero = out.compare("eq", width, magnitude, "0")
        magnitude = out.op("add", width, magnitude, out.resize(is_zero, 1, width))
    return out.op("sub", width, out.op("xor", width, magnitude, sign), sign)


# A regime of the full length of a bounded posit is not terminated ---------------------------------


def _unpack_bounded(out: Function, magnitude: str, format: Posit) -> Unpacked:
    if format.longest > _MOST_REGIME:
        return _unpack_long(out, magnitude, format)
    width, es = format.bits, format.es
    body = out.op("shl", 64, out.resize(magnitude, width, 64), str(65 - width))
    # The regime times 2**es and, in the lowest six bits, how long it is with its terminator: a
    # table is faster than counting it, as it may have neither.
    cells = _regimes(format)
    index = out.op("lshr", 64, body, str(64 - format.longest))
    entry = out.element(out.module.table("i64", cells), len(cells), "i64", index, 64)
    tail = out.op("shl", 64, body, out.op("and", 64, entry, str((1 << _LENGTH) - 1)))
    exponent = out.op("ashr", 64, entry, str(_LENGTH))
    if es:
        exponent = out.op("add", 64, exponent, out.op("lshr", 64, tail, str(64 - es)))
    fraction = out.op("lshr", 64, out.op("shl", 64, tail, str(es)), "1")
    return Unpacked(exponent, out.op("or", 64, fraction, str(1 << 63)))


@cache
def _regimes(format: Posit) -> tuple[int, ...]:
    """By the first bits of a magnitude, as many as a regime has at most."""
    cells, longest = [], format.longest
    for bits in range(1 << longest):
        ones = bits >> longest - 1
        run = longest - (bits ^ -ones & (1 << longest) - 1).bit_length()
        regime = run - 1 if ones else -run
        cells.append((regime << format.es + _LENGTH | min(run + 1, longest)) & _ONES)
    return tuple(cells)


def _unpack_long(out: Function, magnitude: str, format: Posit) -> Unpacked:
    width, es, longest = format.bits, format.es, str(format.longest)
    body = out.op("shl", 64, out.resize(magnitude, width, 64), str(65 - width))
    ones = out.op("ashr", 64, body, "63")
    run = out.unary("ctlz", 64, out.op("xor", 64, body, ones))
    run = _least(out, run, longest)
    zeros = out.op("xor", 64, ones, str(_ONES))
    regime = out.op("xor", 64, out.op("add", 64, run, str(_ONES)), zeros)
    tail = out.op("shl", 64, body, _least(out, out.op("add", 64, run, "1"), longest))
    exponent = out.op("shl", 64, regime, str(es))
    if es:
        exponent = out.op("or", 64, exponent, out.op("lshr", 64, tail, str(64 - es)))
    fraction = out.op("lshr", 64, out.op("shl", 64, tail, str(es)), "1")
    return Unpacked(exponent, out.op("or", 64, fraction, str(1 << 63)))


def _pack_bounded(out: Function, number: Unpacked, sign: str, format: Posit) -> str:
    width, es, longest = format.bits, format.es, format.longest
    regime = out.op("ashr", 64, number.exponent, str(es))
    below = out.op("ashr", 64, regime, "63")
    more = out.op("xor", 64, regime, below)  # bits of the regime beyond the first
    too_long = out.compare("ugt", 64, more, str(longest - 1))
    length = _least(out, out.op("add", 64, more, "2"), str(longest))
    more = _least(out, more, str(longest - 1))
    # 10 or 01 with copies of the first bit from the left, and no terminator at the full length.
    start = out.op("xor", 64, str(0b10 << 62), out.op("and", 64, below, str(0b11 << 62)))
    start = out.op("ashr", 64, start, more)
    inside = out.op("xor", 64, out.op("lshr", 64, str(_ONES), length), str(_ONES))
    # From here on with a place for the sign, and for the carry of rounding.
    start = out.op("lshr", 64, out.op("and", 64, start, inside), "1")
    tail = out.op("and", 64, number.significand, str((1 << 63) - 1))
    tail = out.op("lshr", 64, tail, str(es))
    if es:
        low = out.op("and", 64, number.exponent, str((1 << es) - 1))
        tail = out.op("or", 64, tail, out.op("shl", 64, low, str(63 - es)))
    string = out.op("or", 64, start, out.op("lshr", 64, tail, length))
    if not _is_roomy(format):  # what is shifted out leaves a one in the last place
        lost = out.op("shl", 64, tail, out.op("sub", 64, "64", length))
        some = out.resize(out.compare("ne", 64, lost, "0"), 1, 64)
        string = out.op("or", 64, string, some)
    last = out.op("and", 64, out.op("lshr", 64, string, str(64 - width)), "1")
    ties = out.op("add", 64, last, str((1 << 63 - width) - 1))
    code = out.op("lshr", 64, out.op("add", 64, string, ties), str(64 - width))
    # Bounds that are found meanwhile: of what is too long they are the same.
    limit = out.select(out.compare("ne", 64, below, "0"), "i64", "1", str(format.max_code))
    lowest = out.select(too_long, "i64", limit, "1")
    highest = out.select(too_long, "i64", limit, str(format.max_code))
    code = out.select(out.compare("ugt", 64, code, lowest), "i64", code, lowest)
    code = _least(out, code, highest)
    magnitude = out.resize(code, 64, width)
    return out.op("sub", width, out.op("xor", width, magnitude, sign), sign)


def _least(out: Function, value: str, limit: str) -> str:
    """The smaller of two unsigned i64."""
    return out.select(out.compare("ult", 64, value, limit), "i64", value, limit)


# Few bits: tables ---------------------------------------------------------------------------------


def _unpack_short(out: Function, magnitude: str, format: Posit) -> Unpacked:
    exponents, significands = _unpacked(format)
    # One table, so that its address takes one register.
    table, size = out.module.table("i64", exponents + significands), len(exponents)
    index = out.resize(magnitude, format.bits, 64)
    exponent = out.element(table, 2 * size, "i64", index, 64)
    index = out.op("add", 64, index, str(size))
    return Unpacked(exponent, out.element(table, 2 * size, "i64", index, 64))


@cache
def _unpacked(format: Posit) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The exponents and the significands of all magnitudes; zero and NaR have any."""
    exponents, significands = [], []
    for code in range(format.canonical_nan + 1):
        value = format.decode(code)
        length = max(value.significand.bit_length(), 1)
        exponents.append(value.exponent + length - 1 & _ONES)
        significands.append(value.significand << 64 - length)
    return tuple(exponents), tuple(significands)


def _pack_short(out: Function, number: Unpacked, sign: str, format: Posit) -> str:
    """By the exponent, the digits that ties have, and whether there are more."""
    digits, limit = _tie_digits(format), _limit(format)
    cells = _packed(format)
    exponent = out.op("add", 64, number.exponent, str(limit))
    negative = out.compare("slt", 64, exponent, "0")
    exponent = out.select(negative, "i64", "0", exponent)
    exponent = _least(out, exponent, str(2 * limit))
    # The leading one adds one to the exponent.
    top = out.op("lshr", 64, number.significand, str(63 - digits))
    index = out.op("add", 64, out.op("shl", 64, exponent, str(digits)), top)
    rest = out.op("shl", 64, number.significand, str(digits + 1))
    some = out.resize(out.compare("ne", 64, rest, "0"), 1, 64)
    index = out.op("or", 64, out.op("shl", 64, index, "1"), some)
    magnitude = out.element(out.module.table("i8", cells), len(cells), "i8", index, 64)
    magnitude = out.resize(magnitude, 8, format.bits)
    return out.op("sub", format.bits, out.op("xor", format.bits, magnitude, sign), sign)


def _tie_digits(format: Posit) -> int:
    """Of the numbers halfway between two codes, behind the leading one."""
    return max(format.bits - 3 - format.es, 0) + 1


def _limit(format: Posit) -> int:
    """A number with this exponent is above all codes, one with its negative below."""
    return (format.longest + 1) << format.es


@cache
def _packed(format: Posit) -> tuple[int, ...]:
    """The magnitudes; the first exponent's place is left out by the leading one of the next."""
    digits, limit = _tie_digits(format), _limit(format)
    cells = [0] * (2 << digits)
    for exponent in range(-limit, limit + 1):
        for significand in range(2 << digits, 4 << digits):
            number = dyadic(significand, exponent - digits - 1)
            cells.append(format.encode(number, Rounding.RNE)[0])
    return tuple(cells)
