"""Standard and bounded posits of up to 32 bits, taken apart and put together in integers.

No branches. The integers have 64 bits, or 32 for lanes of short posits: `size`. A significand is
kept with its leading one in the top bit; digits that are shifted out leave a one in the last place
(they are below every tie).
"""

from __future__ import annotations

from functools import cache, reduce
from typing import Final

from rvx.jit.each_lane import EachLane
from rvx.jit.text import Arithmetic, Function
from rvx.number import Posit, Rounding, dyadic
from rvx.record import record

_MOST_REGIME: Final = 8  # bits of a regime that is looked up
_LENGTH: Final = 6  # bits of its length in the table
_TABLE_BITS: Final = 8


@record(frozen=True)
class Held:
    """Codes of a format in integers of `width` bits, extended by their signs, and numbers that are
    taken apart in integers of `size` bits."""

    format: Posit
    width: int
    size: int

    @property
    def nan(self) -> str:
        """NaR."""
        return str((1 << self.width) - (1 << self.format.bits - 1))

    def extended(self, out: Arithmetic, code: str) -> str:
        """A code of the format's own bits."""
        return out.resize(code, self.format.bits, self.width, signed=True)

    def is_nan(self, out: Arithmetic, code: str) -> str:
        """Whether it is NaR."""
        return out.compare("eq", self.width, code, self.nan)

    def is_zero(self, out: Arithmetic, code: str) -> str:
        """Whether it is zero."""
        return out.compare("eq", self.width, code, "0")

    def any_nan(self, out: Arithmetic, *codes: str) -> str:
        """Whether one of them is NaR."""
        if isinstance(out, EachLane):  # whose comparisons cost more than all else
            sizes = [sign_and_magnitude(out, code, self.width)[1] for code in codes]
            largest = reduce(lambda a, b: most(out, self.width, a, b), sizes)
            return out.compare("eq", self.width, largest, str(1 << self.format.bits - 1))
        return reduce(lambda a, b: out.op("or", 1, a, b), (self.is_nan(out, c) for c in codes))

    def any_zero(self, out: Arithmetic, *codes: str) -> str:
        """Whether one of them is zero."""
        if isinstance(out, EachLane):
            sizes = [sign_and_magnitude(out, code, self.width)[1] for code in codes]
            return self.is_zero(out, reduce(lambda a, b: least(out, self.width, a, b), sizes))
        return reduce(lambda a, b: out.op("or", 1, a, b), (self.is_zero(out, c) for c in codes))


@record(frozen=True)
class Unpacked:
    """`2**exponent * significand / 2**(size - 1)`, both of `size` bits."""

    exponent: str
    significand: str


def sign_and_magnitude(out: Arithmetic, code: str, width: int) -> tuple[str, str]:
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


def unpack(out: Arithmetic, magnitude: str, held: Held) -> Unpacked:
    """Take apart the code of a positive posit; one at a time by tables, where they are faster."""
    format, width, size = held.format, held.width, held.size
    if isinstance(out, Function) and format.bits <= _TABLE_BITS:
        return _unpack_short(out, magnitude, format)
    if _is_bounded(format):
        if isinstance(out, Function) and format.longest <= _MOST_REGIME:
            return _unpack_bounded(out, magnitude, format)
        return _unpack_long(out, out.resize(magnitude, width, size), format, size)
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
    if isinstance(out, Function) and format.bits <= _TABLE_BITS:
        return _pack_short(out, number, sign, format)
    if _is_bounded(format):
        return _pack_bounded(out, number, sign, held)
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
    return out.op("sub", width, out.op("xor", width, magnitude, sign), sign)


# A regime of the full length of a bounded posit is not terminated ---------------------------------


def _unpack_bounded(out: Function, magnitude: str, format: Posit) -> Unpacked:
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
        cells.append((regime << format.es + _LENGTH | min(run + 1, longest)) & (1 << 64) - 1)
    return tuple(cells)


def _unpack_long(out: Arithmetic, magnitude: str, format: Posit, size: int) -> Unpacked:
    es, longest = format.es, format.longest
    body = out.op("shl", size, magnitude, str(size + 1 - format.bits))
    ones = out.op("ashr", size, body, str(size - 1))
    differs = out.op("xor", size, body, ones)
    # A bit ends the run where it may not be longer; the length has the terminator that follows a
    # run short of the longest one.
    run, short = (
        out.unary("ctlz", size, out.op("or", size, differs, str(1 << size - 1 - most)))
        for most in (longest, longest - 1)
    )
    regime = out.op("xor", size, out.op("sub", size, "0", run), ones)
    tail = out.op("shl", size, out.op("shl", size, body, "1"), short)
    exponent = out.op("shl", size, regime, str(es))
    if es:
        exponent = out.op("or", size, exponent, out.op("lshr", size, tail, str(size - es)))
    fraction = out.op("lshr", size, out.op("shl", size, tail, str(es)), "1")
    return Unpacked(exponent, out.op("or", size, fraction, str(1 << size - 1)))


def _pack_bounded(out: Arithmetic, number: Unpacked, sign: str, held: Held) -> str:
    format, width, size = held.format, held.width, held.size
    bits, es = format.bits, format.es
    regime = out.op("ashr", size, number.exponent, str(es))
    if isinstance(out, Function) and format.longest <= _MOST_REGIME:
        start, length = _start_by_table(out, regime, format)
        lowest, highest = "1", str(format.max_code)
    else:
        start, length, lowest, highest = _start(out, regime, format, size)
    # Here and in `start` with a place for the sign, and for the carry of rounding.
    tail = out.op("and", size, number.significand, str((1 << size - 1) - 1))
    tail = out.op("lshr", size, tail, str(es))
    if es:
        low = out.op("and", size, number.exponent, str((1 << es) - 1))
        tail = out.op("or", size, tail, out.op("shl", size, low, str(size - 1 - es)))
    string = out.op("or", size, start, out.op("lshr", size, tail, length))
    if not _is_roomy(format):  # what is shifted out leaves a one in the last place
        lost = out.op("shl", size, tail, out.op("sub", size, str(size), length))
        some = out.resize(out.compare("ne", size, lost, "0"), 1, size)
        string = out.op("or", size, string, some)
    last = out.op("and", size, out.op("lshr", size, string, str(size - bits)), "1")
    ties = out.op("add", size, string, str((1 << size - 1 - bits) - 1))
    code = out.op("lshr", size, out.op("add", size, ties, last), str(size - bits))
    code = least(out, size, most(out, size, code, lowest), highest)
    magnitude = out.resize(code, size, width)
    return out.op("sub", width, out.op("xor", width, magnitude, sign), sign)


def _start(out: Arithmetic, regime: str, format: Posit, size: int) -> tuple[str, str, str, str]:
    """The regime's bits below the top bit, how many there are with the terminator, and the least
    and the largest code that there may be then: of a regime that is too long they are the same."""
    longest = format.longest
    below = out.op("ashr", size, regime, str(size - 1))
    more = out.op("xor", size, regime, below)  # bits of the regime beyond the first
    too_long = out.compare("ugt", size, more, str(longest - 1))
    length = least(out, size, out.op("add", size, more, "2"), str(longest))
    more = least(out, size, more, str(longest - 1))
    # 10 or 01 below copies of the first bit, of which one is the place of the sign, and no
    # terminator at the full length.
    start = out.op("and", size, below, str(0b111 << size - 3))
    start = out.op("ashr", size, out.op("xor", size, str(0b110 << size - 3), start), more)
    ones = str((1 << size - 1) - 1)
    inside = out.op("xor", size, out.op("lshr", size, ones, length), ones)
    start = out.op("and", size, start, inside)
    most, kind = str(format.max_code), f"i{size}"
    limit = out.select(out.compare("ne", size, below, "0"), kind, "1", most)
    lowest = out.select(too_long, kind, limit, "1")
    return start, length, lowest, out.select(too_long, kind, limit, most)


def _start_by_table(out: Function, regime: str, format: Posit) -> tuple[str, str]:
    """As `_start`; of a regime that is too long the whole code, with a length that leaves none of
    what follows."""
    least, cells = _starts(format)
    index = out.op("sub", 64, regime, str(least))
    entry = out.element(out.module.table("i64", cells), len(cells), "i64", index, 64)
    mask = (1 << _LENGTH) - 1
    start = out.op("and", 64, entry, str((1 << 64) - 1 - mask))
    return start, out.op("and", 64, entry, str(mask))


@cache
def _starts(format: Posit) -> tuple[int, tuple[int, ...]]:
    """The least regime that there is before rounding, and from it on what its bits are and, in the
    lowest six, how many. Products have twice the range; what cancels in sums is less than a
    significand, of zeros too."""
    longest, place = format.longest, 64 - format.bits
    span = 2 * longest + (64 + room(format) >> format.es) + 1
    cells = []
    for regime in range(-span, span + 1):
        is_large = regime >= 0
        run = regime + 1 if is_large else -regime
        if run > longest:
            code = format.max_code if is_large else 1
            cells.append(code << place | (1 << _LENGTH) - 1)
            continue
        length = min(run + 1, longest)
        bits = ((2 << run) - 2 if is_large else 1) >> run + 1 - length  # the last may be left out
        cells.append(bits << 63 - length | length)
    return -span, tuple(cells)


def least(out: Arithmetic, size: int, value: str, limit: str) -> str:
    """The smaller of two unsigned integers."""
    return out.select(out.compare("ult", size, value, limit), f"i{size}", value, limit)


def most(out: Arithmetic, size: int, value: str, limit: str) -> str:
    """The larger of two unsigned integers."""
    return out.select(out.compare("ugt", size, value, limit), f"i{size}", value, limit)


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
        exponents.append(value.exponent + length - 1 & (1 << 64) - 1)
        significands.append(value.significand << 64 - length)
    return tuple(exponents), tuple(significands)


def _pack_short(out: Function, number: Unpacked, sign: str, format: Posit) -> str:
    """By the exponent, the digits that ties have, and whether there are more."""
    digits, limit = _tie_digits(format), _limit(format)
    cells = _packed(format)
    exponent = out.op("add", 64, number.exponent, str(limit))
    negative = out.compare("slt", 64, exponent, "0")
    exponent = out.select(negative, "i64", "0", exponent)
    exponent = least(out, 64, exponent, str(2 * limit))
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
