"""Where an operand is an infinity or a NaN, or a finite evaluation does not go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rvx.jit.number import closed, decode
from rvx.jit.number.callee import COLD, Coded, Key, Native, Writer, write
from rvx.jit.number.evaluate import Evaluator
from rvx.jit.number.monomial import monomials, special_sum
from rvx.jit.number.polynomial import is_polynomial, leaf, polynomial_kinds
from rvx.jit.number.site import Shape
from rvx.jit.number.special import encode_special
from rvx.jit.text import STRICT, Function
from rvx.model import ir
from rvx.model.walk import nodes
from rvx.number import Format, Posit, Quire, Rounding

# Loops of guests run through here once an accumulator is infinite: not to be made small.
_OFTEN: Final = f"{STRICT} noinline"


def is_short(key: Key) -> bool:
    """Whether the way is short: tables rather than the evaluation of any number."""
    if key.target.format is None:
        return closed.is_closed(key.shape)
    return closed.is_closed(key.shape) or all(map(is_polynomial, key.shape.numbers))


def call(out: Function, name: str, key: Key, values: list[str]) -> Coded:
    """The code and flags, by a function `name`.special."""
    format = key.target.format
    if format is not None and all(map(is_polynomial, key.shape.numbers)):
        if isinstance(format, Posit | Quire):
            return str(format.canonical_nan), "0"
        if not any(True for _ in leaves(key.shape, values)):
            return "0", "0"  # nothing leads here
    native = Native(f"{name}.special", key.shape.types, key.target.width, key.target.raises)
    attributes = _OFTEN if is_short(key) else COLD
    return write(out.module, native, attributes, _body(key)).call(out, values)


def _body(key: Key) -> Writer:
    target, shape = key.target, key.shape
    format = target.format
    if closed.is_closed(shape):
        operation = closed.compared(target.op, target.quiet)
        if format is not None:
            operation = closed.encoded(format, _mode(key))
        return lambda out, values: closed.special_closed(out, shape, values, operation, target)
    if format is not None and all(map(is_polynomial, shape.numbers)):
        return lambda out, values: _sum(out, key, values, format)
    return lambda out, values: Evaluator(out, shape, values, None).target(target, key.mode)


def _sum(out: Function, key: Key, values: list[str], format: Format) -> Coded:
    (number,) = key.shape.numbers
    if (terms := monomials(number)) is not None:
        return special_sum(out, key.shape, terms, values, format, _mode(key))
    kinds, flags = polynomial_kinds(out, key.shape, number, values)
    return encode_special(out, format, kinds, flags)


def _mode(key: Key) -> Rounding:
    """What decides the sign of an exact zero; nothing is drawn for what is no number."""
    return Rounding.RNE if isinstance(key.mode, ir.Stochastic) else key.mode


def leaves(shape: Shape, values: list[str]) -> Iterator[tuple[str, Format]]:
    """The codes that may be special, with their formats."""
    for number in shape.numbers:
        for node in nodes(number):
            match node:
                case ir.Decode() | ir.NumberLocal():
                    code, format, _ = leaf(shape, node, values)
                    if decode.has_specials(format):
                        yield code, format
