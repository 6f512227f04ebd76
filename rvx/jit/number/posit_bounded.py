"""Bounded posits: a regime of the full length is not terminated. Taken apart and put together."""

from __future__ import annotations

from functools import cache
from typing import Final

from rvx.jit.number.posit_fields import Held, Unpacked, is_roomy, least, most, negated_where, room
from rvx.jit.text import Arithmetic, Function
from rvx.number import Posit

_MOST_REGIME: Final = 8  # bits of a regime that is looked up
_LENGTH: Final = 6  # bits of its length in the table


def unpack_bounded(out: Arithmetic, magnitude: str, held: Held) -> Unpacked:
    """Take apart the code of a positive bounded posit."""
    format, size = held.format, held.size
    if isinstance(out, Function) and format.longest <= _MOST_REGIME:
        return _by_regime(out, magnitude, format)
    return _by_counting(out, out.resize(magnitude, held.width, size), format, size)


def _by_regime(out: Function, magnitude: str, format: Posit) -> Unpacked:
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


def _by_counting(out: Arithmetic, magnitude: str, format: Posit, size: int) -> Unpacked:
    es, longest = format.es, format.longest
    body = out.op("shl", size, magnitude, str(size + 1 - format.bits))
    ones = out.op("ashr", size, body, str(size - 1))
    differs = out.op("xor", size, body, ones)
    # A bit ends the run where it may not be longer; the length has the terminator that follows a
    # run short of the longest one.
    run, short = (
        out.unary("ctlz", size, out.op("or", size, differs, str(1 << size - 1 - end)))
        for end in (longest, longest - 1)
    )
    regime = out.op("xor", size, out.op("sub", size, "0", run), ones)
    tail = out.op("shl", size, out.op("shl", size, body, "1"), short)
    exponent = out.op("shl", size, regime, str(es))
    if es:
        exponent = out.op("or", size, exponent, out.op("lshr", size, tail, str(size - es)))
    fraction = out.op("lshr", size, out.op("shl", size, tail, str(es)), "1")
    return Unpacked(exponent, out.op("or", size, fraction, str(1 << size - 1)))


def pack_bounded(out: Arithmetic, number: Unpacked, sign: str, held: Held) -> str:
    """As `pack`."""
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
    if not is_roomy(format):  # what is shifted out leaves a one in the last place
        lost = out.op("shl", size, tail, out.op("sub", size, str(size), length))
        some = out.resize(out.compare("ne", size, lost, "0"), 1, size)
        string = out.op("or", size, string, some)
    last = out.op("and", size, out.op("lshr", size, string, str(size - bits)), "1")
    ties = out.op("add", size, string, str((1 << size - 1 - bits) - 1))
    code = out.op("lshr", size, out.op("add", size, ties, last), str(size - bits))
    code = least(out, size, most(out, size, code, lowest), highest)
    magnitude = out.resize(code, size, width)
    return negated_where(out, width, magnitude, sign)


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
    largest, kind = str(format.max_code), f"i{size}"
    limit = out.select(out.compare("ne", size, below, "0"), kind, "1", largest)
    lowest = out.select(too_long, kind, limit, "1")
    return start, length, lowest, out.select(too_long, kind, limit, largest)


def _start_by_table(out: Function, regime: str, format: Posit) -> tuple[str, str]:
    """As `_start`; of a regime that is too long the whole code, with a length that leaves none of
    what follows."""
    first, cells = _starts(format)
    index = out.op("sub", 64, regime, str(first))
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
