"""Sums of many products of short codes, in integers: what a block of elements gives before scales.

An integer addition takes a cycle, so that a long sum is no long chain. A product of two codes that
have eight bits together is looked up; other codes are, and are multiplied. What is special leaves
a one in the lowest bit of a cell, and the cells are looked at together, at the end.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from rvx.jit.number.rule_carrier import BINARY64
from rvx.jit.number.rule_round import FRACTION
from rvx.jit.number.rule_summand import Summand, product_span, width
from rvx.jit.number.rule_units import SPECIAL, table_of_units
from rvx.jit.number.shape import Term
from rvx.jit.text import Function
from rvx.number import Fixed, Float, Format, Posit, Power
from rvx.record import record

_TABLE_BITS: Final = 8
_LEAST_TERMS: Final = 4
_NARROW: Final = 64
_WIDE: Final = 128
_ONES: Final = (1 << 64) - 1


@record(frozen=True)
class Cell:
    """A looked up value, and whether its lowest bit is the mark of special codes."""

    value: str
    marked: bool


def is_block(summand: Summand, formats: tuple[Format, ...]) -> bool:
    """Whether a summand has many products of one or two codes that are looked up."""
    if len(summand.terms) < _LEAST_TERMS:
        return False
    for term in summand.terms:
        if not 1 <= len(term.parameters) <= 2:
            return False
        if not all(_is_short(formats[place]) for place in term.parameters):
            return False
    return _bits(summand, formats) < _WIDE


def is_exact(summand: Summand, formats: tuple[Format, ...]) -> bool:
    """Whether the sum of a block, without the common factors, is a double."""
    return width(summand.spans(formats)[-1]) <= FRACTION + 1


def is_nearly_exact(summand: Summand, formats: tuple[Format, ...]) -> bool:
    """Whether a block that is no double errs by at most 2**-52 of itself: where what multiplies
    it are powers of two."""
    return all(isinstance(formats[place], Power) for place in summand.common)


def _is_short(format: Format) -> bool:
    if isinstance(format, Fixed):
        return format.bits <= 2 * _TABLE_BITS
    is_listed = isinstance(format, Float | Posit | Power) and format.bits <= _TABLE_BITS
    return is_listed and width(format.span) < _NARROW - 4


def _bits(summand: Summand, formats: tuple[Format, ...]) -> int:
    """Of an integer that holds the sum, and the marks of two factors."""
    return width(summand.spans(formats)[-1]) + 4


def block_sum(
    out: Function,
    codes: list[str],
    summand: Summand,
    formats: tuple[Format, ...],
    give_up: str,
    may_raise: bool,
) -> str:
    """The double nearest to the sum without its common factors; jumps to `give_up` with a special
    code. Exact where `is_exact`, else by at most 2**-52 of it off; the host rounds to nearest, and
    raises NX. Unless it `may_raise` that, a sum that is no double is left to `give_up` too."""
    size = _NARROW if _bits(summand, formats) < _NARROW else _WIDE
    lsb = min(product_span(term, formats).lsb for term in summand.terms)
    marks = 2 * int(any(_has_specials(format) for format in _formats_of(summand, formats)))
    cells = dict[tuple[int, ...], Cell]()
    total, special = "0", "0"
    for term in summand.terms:
        product, places, used = _product(out, codes, term, formats, size, cells)
        product = out.op("shl", size, product, str(places - lsb + marks - used))
        total = out.op("add", size, total, product)
    for cell in cells.values():
        if cell.marked:
            special = out.op("or", _NARROW, special, cell.value)
    if special != "0":
        finite = out.label("finite")
        out.branch(out.resize(special, _NARROW, 1), give_up, finite, likely=False)
        out.begin(finite)
    if not may_raise and not is_exact(summand, formats):
        total, size = _short(out, total, size, give_up), _NARROW
    return _double(out, total, size, lsb - marks)


def _formats_of(summand: Summand, formats: tuple[Format, ...]) -> list[Format]:
    return [formats[place] for term in summand.terms for place in term.parameters]


def _has_specials(format: Format) -> bool:
    return not isinstance(format, Fixed) and SPECIAL in table_of_units(format)


def _product(
    out: Function,
    codes: list[str],
    term: Term,
    formats: tuple[Format, ...],
    size: int,
    cells: dict[tuple[int, ...], Cell],
) -> tuple[str, int, int]:
    """The product as an i`size`, the exponent of its unit, and how many marks stand below it."""
    places = term.parameters
    known = [formats[place] for place in places]
    lsb = term.power + sum(format.span.lsb for format in known)
    if len(places) == 2 and _are_looked_up(known[0], known[1]):
        value = _pair(out, codes, places, known, cells)
        product, used = out.resize(value, _NARROW, size, signed=True), 0
    else:
        product, used = "", 0
        for place, format in zip(places, known, strict=True):
            cell = _cell(out, codes[place], place, format, cells)
            value, used = out.resize(cell.value, _NARROW, size, signed=True), used + cell.marked
            product = value if not product else out.op("mul", size, product, value)
    if term.factor != 1:
        product = out.op("mul", size, product, str(term.factor & (1 << size) - 1))
    return product, lsb, used


def _cell(
    out: Function, code: str, place: int, format: Format, cells: dict[tuple[int, ...], Cell]
) -> Cell:
    """The units of a code."""
    if (place,) not in cells:
        if isinstance(format, Fixed):
            value = out.resize(code, format.bits, _NARROW, format.signed)
            cells[place,] = Cell(value, False)
        else:
            units = table_of_units(format)
            marked = SPECIAL in units
            if marked:
                units = tuple(1 if cell == SPECIAL else 2 * cell & _ONES for cell in units)
            table = out.module.table("i64", units)
            value = out.element(table, len(units), "i64", code, format.bits)
            cells[place,] = Cell(value, marked)
    return cells[place,]


# Pairs of codes


def _are_looked_up(one: Format, other: Format) -> bool:
    is_short = one.bits + other.bits <= _TABLE_BITS
    return is_short and not (_has_specials(one) or _has_specials(other))


def _pair(
    out: Function,
    codes: list[str],
    places: tuple[int, ...],
    formats: list[Format],
    cells: dict[tuple[int, ...], Cell],
) -> str:
    """The product of two codes in units of both."""
    if places not in cells:
        one, other = formats
        size = one.bits + other.bits
        high = out.op("shl", 32, out.resize(codes[places[0]], one.bits, 32), str(other.bits))
        index = out.op("or", 32, high, out.resize(codes[places[1]], other.bits, 32))
        products = _products(one, other)
        table = out.module.table("i64", products)
        cells[places] = Cell(out.element(table, 1 << size, "i64", index, 32), False)
    return cells[places].value


@cache
def _products(one: Format, other: Format) -> tuple[int, ...]:
    pairs = [(a, b) for a in table_of_units(one) for b in table_of_units(other)]
    return tuple(a * b & _ONES for a, b in pairs)


# The result


def _short(out: Function, total: str, size: int, give_up: str) -> str:
    """The sum as an i64, if a double has room for all of its bits."""
    exact, half = out.label("exact"), 1 << FRACTION
    raised = out.op("add", size, total, str(half))
    fits = out.compare("ult", size, raised, str(2 * half))
    out.branch(fits, exact, give_up, likely=True)
    out.begin(exact)
    return out.resize(total, size, _NARROW)


def _double(out: Function, total: str, size: int, lsb: int) -> str:
    scale = BINARY64.constant(2.0**lsb)
    if size == _NARROW:
        value = BINARY64.from_integer(out, total, _NARROW, signed=True)
        return BINARY64.op(out, "fmul", value, scale)
    # The lower half with a sign, so that it is all there is of a sum that fits it.
    low = out.resize(total, size, _NARROW)
    high = out.resize(out.op("lshr", size, total, str(_NARROW)), size, _NARROW)
    high = out.op("add", _NARROW, high, out.op("lshr", _NARROW, low, str(_NARROW - 1)))
    lower = BINARY64.from_integer(out, low, _NARROW, signed=True)
    lower = BINARY64.op(out, "fmul", lower, scale)
    upper = BINARY64.from_integer(out, high, _NARROW, signed=True)
    upper = BINARY64.op(out, "fmul", upper, BINARY64.constant(2.0 ** (lsb + _NARROW)))
    return BINARY64.op(out, "fadd", upper, lower)
