"""Operands that find mistakes: special values, sums that cancel, results beside a tie."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from random import Random

from rule_harness import Row, value

from rvx import number
from rvx.jit.number.shape import Polynomial, Term
from rvx.number import Fixed, Float, Format, Posit, Rounding

_MOST_SPECIALS = 6000


def special_codes(format: Format) -> Iterator[int]:
    """Codes at the limits of a format."""
    top = 1 << format.bits
    if isinstance(format, Float):
        sign = top >> 1 if format.signed else 0
        smallest_normal = 1 << format.fraction
        one = max(1 - format.emin, 0) << format.fraction
        for code in (0, 1, smallest_normal - 1, smallest_normal, one, format.max_code):
            yield from (code, code | sign)
        if format.specials == "ieee":
            infinity = format.max_code + 1
            yield from (infinity, infinity | sign, format.canonical_nan or 0, infinity | 1)
            yield from (infinity | sign | 1, infinity | sign | smallest_normal - 1)
        elif format.canonical_nan is not None:
            yield from (format.canonical_nan, format.canonical_nan | sign)
        return
    yield from (0, 1, 2 % top, top // 2 - 1, top // 2, top // 2 + 1, top - 1, top - 2)
    if isinstance(format, Posit):
        yield from (top // 4, top // 4 + 1, top // 4 * 3, top // 4 * 3 - 1)


def drawn_code(format: Format, random: Random) -> int:
    """Any code, but rather one with few digits, near one or near a limit."""
    code, top = random.getrandbits(format.bits), 1 << format.bits
    if not isinstance(format, Float):
        shape = random.randrange(4)
        if shape == 1:
            code >>= random.randrange(format.bits)
        elif shape == 2:
            code = -(code >> random.randrange(format.bits))
        elif shape == 3:
            code = random.choice((top // 4, top // 4 * 3)) + random.randint(-300, 300)
        return code % top
    if random.random() < 0.4:
        return code
    fields, ones = 1 << format.exponent, (1 << format.fraction) - 1
    around = random.choice((1 - format.emin, 1 - format.emin, 1 - format.emin, 1, fields - 2))
    exponent = (around + random.randint(-3, 3)) % fields
    digits = random.getrandbits(format.fraction) if format.fraction else 0
    few = digits & -(1 << format.fraction // 2)
    fraction = random.choice((0, 1 & ones, ones, ones + 1 >> 1, few, digits)) & ones
    sign = random.getrandbits(1) << format.bits - 1 if format.signed else 0
    return sign | exponent << format.fraction | fraction


def special_rows(formats: tuple[Format, ...], random: Random) -> list[Row]:
    """The cross product of special values, or as much of it as is bearable."""
    each = [list(special_codes(format)) for format in formats]
    if math.prod(map(len, each)) <= _MOST_SPECIALS:
        return list(itertools.product(*each))
    return [tuple(map(random.choice, each)) for _ in range(_MOST_SPECIALS)]


def rows(shape: Polynomial, count: int, seed: int = 1) -> list[Row]:
    """Special values, drawn ones, and such that the first operand nearly cancels the others."""
    random, formats = Random(seed), shape.formats
    found = special_rows(formats, random)
    found += [tuple(drawn_code(f, random) for f in formats) for _ in range(count)]
    alone = [term for term in shape.terms if term.parameters == (0,)]
    others = tuple(term for term in shape.terms if 0 not in term.parameters)
    if len(alone) == 1 and len(others) == len(shape.terms) - 1 and others:
        rest = Polynomial(formats, others)
        found += [_cancelling(alone[0], rest, random) for _ in range(count)]
    return found


def _cancelling(term: Term, rest: Polynomial, random: Random) -> Row:
    """Operands whose sum is about zero, and whose difference is about twice either part."""
    row = [drawn_code(format, random) for format in rest.formats]
    format = rest.formats[0]
    if isinstance(format, Fixed):
        return tuple(row)
    wanted = value(rest, tuple(row))
    if term.factor < 0 or random.random() < 0.3:
        wanted = number.negate(wanted)
    code, _ = format.encode(number.negate(wanted), random.choice((Rounding.RTZ, Rounding.RUP)))
    row[0] = (code + random.randint(-2, 2)) % (1 << format.bits)
    return tuple(row)


def near_one(formats: tuple[Format, ...], count: int, seed: int = 1) -> list[Row]:
    """Ordinary numbers, for measurements."""
    random = Random(seed)
    return [tuple(_ordinary(format, random) for format in formats) for _ in range(count)]


def _ordinary(format: Format, random: Random) -> int:
    draw: Callable[[int], int] = random.getrandbits
    if isinstance(format, Float):
        exponent = 1 - format.emin + random.randint(-2, 1)
        sign = draw(1) << format.bits - 1 if format.signed else 0
        fraction = draw(format.fraction) if format.fraction else 0
        return sign | exponent << format.fraction | fraction
    if isinstance(format, Posit):
        code = (1 << format.bits - 2) + draw(format.bits - 3) - draw(format.bits - 3)
        return code if draw(1) else (1 << format.bits) - code
    return draw(format.bits)
