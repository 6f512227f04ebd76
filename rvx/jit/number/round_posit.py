"""Rounding to a posit: regime, exponent and fraction as one bit string, cut at the width."""

from __future__ import annotations

from rvx.jit.number.decode_posit import significant_bits
from rvx.jit.number.digits import least, normalised_nonzero
from rvx.jit.number.value import Floating, signed, storage
from rvx.jit.text import Function
from rvx.number import Posit


def posit_digits(format: Posit) -> int:
    """The digits, rounded to odd, that rounding to the format needs."""
    return max(significant_bits(format), 2) + 2


def round_posit(out: Function, format: Posit, number: Floating) -> str:
    """Round a finite number to its code. Zero is zero; nothing else becomes zero or NaR."""
    # Two bits of the regime, the exponent and one more stand beside the fraction.
    width = storage(max(number.bits + format.es + 3, format.bits + 3))
    significand = out.resize(number.significand, number.width, width)
    aligned, zeros = normalised_nonzero(out, width, significand)
    power = out.op("sub", 32, number.exponent, zeros)
    power = out.op("add", 32, power, signed(width - 1))
    kept, rest = _cut(out, format, width, aligned, power)
    # `rest` is a fraction of one; its last bit is zero, so that adding to it cannot overflow.
    rest = out.op("add", width, rest, out.op("and", width, kept, "1"))
    up = out.compare("ugt", width, rest, str(1 << width - 1))
    to = storage(format.bits)
    code = out.op("add", to, out.resize(kept, width, to), out.resize(up, 1, to))
    if format.regime is not None:
        code = _saturated(out, format, to, code, power)
    tiny = out.compare("eq", to, code, "0")
    code = out.op("add", to, code, out.resize(tiny, 1, to))
    code = least(out, to, code, str(format.max_code))
    code = out.select(number.sign, f"i{to}", out.op("sub", to, "0", code), code)
    code = out.resize(code, to, format.bits)
    zero = out.compare("eq", width, significand, "0")
    return out.select(zero, f"i{format.bits}", "0", code)


def _cut(out: Function, format: Posit, width: int, aligned: str, power: str) -> tuple[str, str]:
    """The bit string without the sign, cut at the code's width: what is kept, and the rest.

    The string is made of two bits, the regime's last and the bit that ends it, and what follows
    them, moved down with the regime's bits following from the top.
    """
    regime = out.op("ashr", 32, power, str(format.es))
    tail = out.op("shl", width, aligned, "1")  # without the leading one
    if format.es:
        tail = out.op("lshr", width, tail, str(format.es))
        low = out.op("and", 32, power, str((1 << format.es) - 1))
        low = out.op("shl", width, out.resize(low, 32, width), str(width - format.es))
        tail = out.op("or", width, tail, low)
    spread = out.op("ashr", 32, regime, "31")
    steps = out.op("xor", 32, regime, spread)  # regime or -regime - 1
    # With more, or at the full length in a standard posit, the code saturates all the same.
    steps = least(out, 32, steps, str(format.longest - 1))
    below = out.resize(out.op("and", 32, spread, "1"), 32, width)
    mark = out.op("lshr", width, str(1 << width - 1), below)
    body = out.op("or", width, mark, out.op("lshr", width, tail, "2"))
    cut = width - format.bits + 1
    kept, rest = _parted(out, width, body, out.op("add", 32, steps, str(cut)))
    kept = out.op("and", width, kept, str(format.max_code))
    if format.regime is None:
        return kept, rest
    # In a bounded posit nothing ends a regime of the full length.
    length = format.longest
    ones = out.resize(out.op("xor", 32, spread, signed(-1)), 32, width, signed=True)
    prefix = out.op("and", width, ones, str((1 << length) - 1 << format.bits - 1 - length))
    whole, part = _parted(out, width, tail, str(length + cut), "lshr")
    whole = out.op("or", width, whole, prefix)
    full = out.compare("eq", 32, steps, str(length - 1))
    word = f"i{width}"
    return out.select(full, word, whole, kept), out.select(full, word, part, rest)


def _parted(
    out: Function, width: int, value: str, amount: str, shift: str = "ashr"
) -> tuple[str, str]:
    """The value without so many of its last bits (from 1 to the width), and these at the top."""
    kept = out.op(shift, width, value, out.resize(amount, 32, width))
    rest = out.op("sub", 32, str(width), amount)
    return kept, out.op("shl", width, value, out.resize(rest, 32, width))


def _saturated(out: Function, format: Posit, to: int, code: str, power: str) -> str:
    regime = out.op("ashr", 32, power, str(format.es))
    above = out.compare("sge", 32, regime, str(format.longest))
    below = out.compare("slt", 32, regime, signed(-format.longest))
    code = out.select(above, f"i{to}", str(format.max_code), code)
    return out.select(below, f"i{to}", "0", code)
