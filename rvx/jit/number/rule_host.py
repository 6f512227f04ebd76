"""Rule: one host operation, rounded once by the host in the mode asked for, flags included.

Language note, part 3.2, rule 3. Only NaNs differ from RISC-V's: the host keeps payloads, and its
fused multiply-add does not raise NV for inf * 0 + a quiet NaN. A predicted branch mends both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final, TypeAlias

from rvx.jit.host import Host, this_host
from rvx.jit.number.rule import Cold, Rule
from rvx.jit.number.rule_carrier import (
    BINARY16,
    BINARY32,
    BINARY64,
    Carrier,
    carrier_of,
    is_ieee,
    is_integer,
)
from rvx.jit.number.rule_half import SINGLE, half_code, half_of, rounds_as_once, single_of_half
from rvx.jit.number.shape import Polynomial
from rvx.jit.text import Function
from rvx.number import Fixed, Float, Format, Rounding
from rvx.number.flags import NV
from rvx.number.real import SIGNALING_NAN
from rvx.record import record

_QUIET_HALVES: Final = "<half 0xH7E00, half 0.0, half 0.0, half 0.0>"
_TABLE_BITS: Final = 8  # of a float whose values come from a table

Operation: TypeAlias = Callable[[Function, list[str]], str]


@record(frozen=True)
class HostOperation:
    """Operands converted exactly, then one operation; `product` are the factors of a fused one.

    `halved`: a result in single precision is rounded to half precision then.
    """

    carrier: Carrier
    formats: tuple[Format, ...]
    operation: Operation
    product: tuple[int, int] | None = None
    halved: bool = False

    sets_host_flags = True
    leaves_specials = False

    def emit(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        carrier = self.carrier
        values = [
            exact_value(out, code, format, carrier)
            for code, format in zip(codes, self.formats, strict=True)
        ]
        result = self.operation(out, values)
        if self.halved:
            type, found, canonical = "<4 x half>", half_of(out, result), _QUIET_HALVES
        else:
            type, found = f"i{carrier.bits}", carrier.to_code(out, result)
            canonical = str(carrier.quiet_nan)
        if all(is_integer(format) for format in self.formats):
            return found, "0"
        rare, done = out.label("nan"), out.label("done")
        out.branch(carrier.is_nan(out, result), rare, done, likely=False)
        ordinary = out.block
        out.begin(rare)
        if self.product is not None:
            first, second = (carrier.to_code(out, values[i]) for i in self.product)
            invalid = _is_invalid_product(out, first, second, carrier)
            Host.raise_flags(out, out.select(invalid, "i32", str(NV), "0"))
        out.jump(done)
        out.begin(done)
        found = out.phi(type, (found, ordinary), (canonical, rare))
        return half_code(out, found) if self.halved else found, "0"


def exact_value(out: Function, code: str, format: Format, carrier: Carrier) -> str:
    """The value of a code in a host's type, exact; a signaling NaN may stay one or raise NV."""
    if is_integer(format):
        return carrier.from_integer(out, code, format.bits, format.span.low < 0)
    own = carrier_of(format)
    if own is not None:
        value = own.from_code(out, code)
        return value if own is carrier else carrier.widen(out, value, own.type, own.bits)
    if (values := _small(format, carrier)) is not None:
        element = f"i{carrier.bits}"
        table = out.module.table(element, values)
        return carrier.from_code(out, out.element(table, len(values), element, code, format.bits))
    if is_ieee(format, 5, 10):
        single = single_of_half(out, code)
        return single if carrier is BINARY32 else carrier.widen(out, single, "float", 32)
    assert is_ieee(format, 8, 7), format
    wide = out.op("shl", 32, out.resize(code, 16, 32), "16")
    single = BINARY32.from_code(out, wide)
    return single if carrier is BINARY32 else carrier.widen(out, single, "float", 32)


@cache
def _small(format: Format, carrier: Carrier) -> tuple[int, ...] | None:
    """The codes of a small float in the host's type, by its own; None where they are too many, or
    not all exact."""
    if not isinstance(format, Float) or format.bits > _TABLE_BITS:
        return None
    host, values = Float(carrier.exponent, carrier.fraction), []
    for each in range(1 << format.bits):
        number = format.decode(each)
        code, flags = host.encode(number, Rounding.RNE)
        if number == SIGNALING_NAN:
            code, flags = carrier.infinity | 1, 0
        if flags:
            return None
        values.append(code)
    return tuple(values)


def _is_exact_in(format: Format, carrier: Carrier) -> bool:
    """Whether `exact_value` takes the format."""
    if isinstance(format, Fixed):
        return format.fraction == 0 and format.bits - (format.span.low < 0) <= carrier.fraction + 1
    if is_ieee(format, 5, 10) or (is_ieee(format, 8, 7) and carrier is not BINARY16):
        return True
    own = carrier_of(format)
    return _small(format, carrier) is not None or (own is not None and own.bits <= carrier.bits)


def _is_invalid_product(out: Function, first: str, second: str, carrier: Carrier) -> str:
    """Whether one code is an infinity and the other a zero."""
    width, infinity = carrier.bits, str(carrier.infinity)
    a = out.op("and", width, first, str(carrier.sign - 1))
    b = out.op("and", width, second, str(carrier.sign - 1))
    pairs = []
    for one, other in ((a, b), (b, a)):
        is_infinite = out.compare("eq", width, one, infinity)
        pairs.append(out.op("and", 1, is_infinite, out.compare("eq", width, other, "0")))
    return out.op("or", 1, *pairs)


def host_polynomial(
    shape: Polynomial, target: Format, mode: Rounding, host_mode: Rounding | None, sticky: bool
) -> Rule | None:
    """The rule for one product, a sum of two, or a product and a term, of any signs."""
    if any(abs(t.factor) != 1 or t.power for t in shape.terms):
        return None
    carrier = _host_carrier(target, mode, host_mode)
    if carrier is not None and len(shape.terms) == 1 and len(shape.terms[0].parameters) == 1:
        return _conversion(shape, carrier)
    if carrier is not None and (found := _arithmetic(shape, carrier, halved=False)) is not None:
        return found
    if _host_carrier(SINGLE, mode, host_mode) is not None and rounds_as_once(shape, target):
        return _arithmetic(shape, BINARY32, halved=True)
    return None


def _arithmetic(shape: Polynomial, carrier: Carrier, *, halved: bool) -> Rule | None:
    """The rule in a host's type that holds all operands."""
    if not all(_is_exact_in(format, carrier) for format in shape.formats):
        return None
    # Integers only: the sign of an exact zero is another matter (it is an integer's).
    if all(is_integer(format) for format in shape.formats):
        return None
    signs = [term.factor for term in shape.terms]
    places = [term.parameters for term in shape.terms]
    match [len(each) for each in places]:
        case [2]:
            operation = _product(carrier, places[0], signs[0])
            return HostOperation(carrier, shape.formats, operation, halved=halved)
        case [1, 1]:
            operation = _sum(carrier, places[0][0], places[1][0], signs)
            return HostOperation(carrier, shape.formats, operation, halved=halved)
        case [1, 2]:
            signs, places = signs[::-1], places[::-1]
        case [2, 1]:
            pass
        case _:
            return None
    product = places[0][0], places[0][1]
    operation = _fused(carrier, product, places[1][0], signs)
    return HostOperation(carrier, shape.formats, operation, product, halved)


def _host_carrier(target: Format, mode: Rounding, host_mode: Rounding | None) -> Carrier | None:
    if host_mode is not mode or not this_host().rounds_in(mode):
        return None
    return carrier_of(target)


def _conversion(shape: Polynomial, carrier: Carrier) -> Rule | None:
    """From an integer or what another of the host's types holds, rounded or exact."""
    (format,), (term,) = shape.formats, shape.terms
    if is_integer(format):
        if term.factor < 0 or format.bits > (64 if format.span.low < 0 else 63):
            return None
        return HostOperation(carrier, shape.formats, lambda out, values: values[0])
    if not _is_exact_in(format, carrier):
        for wide in (BINARY32, BINARY64):
            if wide.bits > carrier.bits and _is_exact_in(format, wide):
                return HostNarrowing(format, wide, carrier, negate=term.factor < 0)
        return None

    def convert(out: Function, values: list[str]) -> str:
        value = carrier.negate(out, values[0]) if term.factor < 0 else values[0]
        # Times one: a signaling NaN has been moved so far, which raises nothing.
        return carrier.op(out, "fmul", value, carrier.constant(1.0))

    return HostOperation(carrier, shape.formats, convert)


@record(frozen=True)
class HostNarrowing:
    """A number that a wider type of the host holds exactly."""

    source: Format
    wide: Carrier
    carrier: Carrier
    negate: bool

    sets_host_flags = True
    leaves_specials = False

    def emit(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        wide, carrier = self.wide, self.carrier
        value = exact_value(out, codes[0], self.source, wide)
        value = wide.negate(out, value) if self.negate else value
        result = carrier.narrow(out, value, wide.type, wide.bits)
        code, unordered = carrier.to_code(out, result), carrier.is_nan(out, result)
        return out.select(unordered, f"i{carrier.bits}", str(carrier.quiet_nan), code), "0"


def _product(carrier: Carrier, places: tuple[int, ...], sign: int) -> Operation:
    def operation(out: Function, values: list[str]) -> str:
        a, b = (values[i] for i in places)
        return carrier.op(out, "fmul", carrier.negate(out, a) if sign < 0 else a, b)

    return operation


def _sum(carrier: Carrier, left: int, right: int, signs: list[int]) -> Operation:
    def operation(out: Function, values: list[str]) -> str:
        a, b = values[left], values[right]
        match signs:
            case [1, 1]:
                return carrier.op(out, "fadd", a, b)
            case [1, _]:
                return carrier.op(out, "fsub", a, b)
            case [_, 1]:
                return carrier.op(out, "fsub", b, a)
        return carrier.op(out, "fsub", carrier.negate(out, a), b)

    return operation


def _fused(carrier: Carrier, product: tuple[int, int], addend: int, signs: list[int]) -> Operation:
    def operation(out: Function, values: list[str]) -> str:
        a, b, c = values[product[0]], values[product[1]], values[addend]
        a = carrier.negate(out, a) if signs[0] < 0 else a
        c = carrier.negate(out, c) if signs[1] < 0 else c
        return carrier.op(out, "fma", a, b, c)

    return operation


def host_quotient(
    dividend: Format, divisor: Format, target: Format, mode: Rounding, host_mode: Rounding | None
) -> Rule | None:
    """The rule for a quotient of numbers that the host's type holds exactly."""
    carrier = _host_carrier(target, mode, host_mode)
    formats = dividend, divisor
    if carrier is None or not all(_is_exact_in(format, carrier) for format in formats):
        return None
    if all(is_integer(format) for format in formats):
        return None  # 0 / 0 is a NaN although both are integers
    return HostOperation(carrier, formats, lambda out, values: carrier.op(out, "fdiv", *values))


def host_root(
    radicand: Format, target: Format, mode: Rounding, host_mode: Rounding | None
) -> Rule | None:
    """The rule for a root of a number that the host's type holds exactly."""
    carrier = _host_carrier(target, mode, host_mode)
    if carrier is None or not _is_exact_in(radicand, carrier) or is_integer(radicand):
        return None
    return HostOperation(carrier, (radicand,), lambda out, values: carrier.op(out, "sqrt", *values))
