"""The summands of a polynomial: its products, those with common factors put back together.

A scaled block sum, `s * t * (a*b + c*d + ...) + e`, comes as products of four. Its inner sum is
exact far more often than the products are narrow, so the factors that all the long products share
are taken out again. Only values are computed so; the kinds are those of the products.
"""

from __future__ import annotations

from typing import Final

from rvx.jit.number.rule_decode import significant_bits
from rvx.jit.number.shape import Polynomial, Term
from rvx.number import Format, Span
from rvx.record import record

_MANY: Final = 4  # products of codes of few bits
_SHORT: Final = 8


@record(frozen=True)
class Summand:
    """`common[0] * common[1] * ... * (terms[0] + terms[1] + ...)`."""

    common: tuple[int, ...]  # positions of parameters
    terms: tuple[Term, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """The parameters in it."""
        return *self.common, *(place for term in self.terms for place in term.parameters)

    def spans(self, formats: tuple[Format, ...]) -> list[Span]:
        """The spans of the partial sums of the terms, without the common factors."""
        found: list[Span] = []
        for term in self.terms:
            span = product_span(term, formats)
            found.append(found[-1].add(span) if found else span)
        return found

    def span(self, formats: tuple[Format, ...]) -> Span:
        """The span of the values."""
        span = self.spans(formats)[-1]
        for place in self.common:
            span = span.multiply(formats[place].span)
        return span

    def digits(self, formats: tuple[Format, ...]) -> int:
        """The most significant bits of a value, computed from the inside out."""
        common = sum(significant_bits(formats[place]) for place in self.common)
        if len(self.terms) == 1:
            (term,) = self.terms
            own = sum(significant_bits(formats[place]) for place in term.parameters)
            factor = abs(term.factor)
            return common + own + (factor.bit_length() if factor != 1 else 0)
        return common + max(width(span) for span in self.spans(formats))


def product_span(term: Term, formats: tuple[Format, ...]) -> Span:
    """The span of a product with its factor."""
    span = Span.constant(term.factor).shift(term.power)
    for place in term.parameters:
        span = span.multiply(formats[place].span)
    return span


def width(span: Span) -> int:
    """The bits of the largest magnitude in units of the least."""
    return max(-span.low, span.high).bit_length()


def top(span: Span) -> int:
    """The exponent of a power of two that all values stay below."""
    return width(span) + span.lsb


def summands(shape: Polynomial) -> tuple[Summand, ...]:
    """Long products first: what is added last may be on a dependent chain.

    Many products of two short codes are one summand too, without a common factor.
    """
    long = [term for term in shape.terms if len(term.parameters) > 2]
    short = [term for term in shape.terms if len(term.parameters) <= 2]
    short.sort(key=lambda term: -len(term.parameters))
    common = _common([term.parameters for term in long]) if len(long) > 1 else ()
    if common:
        inner = tuple(Term(t.factor, t.power, _without(t.parameters, common)) for t in long)
        return Summand(common, inner), *(Summand((), (term,)) for term in short)
    many = [] if long else [term for term in short if _is_short_product(term, shape.formats)]
    if len(many) < _MANY:
        return tuple(Summand((), (term,)) for term in [*long, *short])
    rest = [term for term in short if term not in many]
    return Summand((), tuple(many)), *(Summand((), (term,)) for term in rest)


def _is_short_product(term: Term, formats: tuple[Format, ...]) -> bool:
    return len(term.parameters) == 2 and all(formats[i].bits <= _SHORT for i in term.parameters)


def _common(products: list[tuple[int, ...]]) -> tuple[int, ...]:
    """The factors that all products have; at least one is left to each."""
    found = []
    rest = [list(product) for product in products]
    for place in products[0]:
        if all(place in each for each in rest) and min(map(len, rest)) > 1:
            found.append(place)
            for each in rest:
                each.remove(place)
    return tuple(found)


def _without(places: tuple[int, ...], common: tuple[int, ...]) -> tuple[int, ...]:
    rest = list(places)
    for place in common:
        rest.remove(place)
    return tuple(rest)
