"""The rules that use the host's own operations, against `rvx.number`: values and flags."""

from __future__ import annotations

import itertools
import struct

import pytest
from rule_harness import Native, rounded
from rule_rows import rows

from rvx import number
from rvx.jit.host import this_host
from rvx.jit.number import fast
from rvx.jit.number.rule_host import HostNarrowing, HostOperation
from rvx.jit.number.shape import Polynomial, Term
from rvx.number import NV, NX, UF, Fixed, Float, Format, Rounding
from rvx.reference.arithmetic import comparison

pytestmark = pytest.mark.skipif(not this_host().has_arithmetic, reason="the host has no rules")

FP16, BF16, FP32, FP64 = Float(5, 10), Float(8, 7), Float(8, 23), Float(11, 52)
E5M2, E4M3 = Float(5, 2), Float(4, 3, "ocp")
I32, U32 = Fixed(32), Fixed(32, signed=False)
HOST_FORMATS = (FP32, FP64, FP16) if this_host().has_half else (FP32, FP64)
HOST_MODES = (Rounding.RNE, Rounding.RTZ, Rounding.RDN, Rounding.RUP)


def of(*terms: tuple[int, tuple[int, ...]]) -> tuple[Term, ...]:
    return tuple(Term(sign, 0, places) for sign, places in terms)


SHAPES = {
    "a": of((1, (0,))),
    "-a": of((-1, (0,))),
    "a + b": of((1, (0,)), (1, (1,))),
    "a - b": of((1, (0,)), (-1, (1,))),
    "b - a": of((-1, (0,)), (1, (1,))),
    "-a - b": of((-1, (0,)), (-1, (1,))),
    "a - a": of((1, (0,)), (-1, (0,))),
    "a + a": of((1, (0,)), (1, (0,))),
    "a * b": of((1, (0, 1))),
    "-(a * a)": of((-1, (0, 0))),
    "a * b + c": of((1, (0, 1)), (1, (2,))),
    "a * b - c": of((1, (0, 1)), (-1, (2,))),
    "c - a * b": of((1, (2,)), (-1, (0, 1))),
    "-(a * b) - c": of((-1, (0, 1)), (-1, (2,))),
    "a * a + a": of((1, (0, 0)), (1, (0,))),
}


def shape(text: str, *formats: Format) -> Polynomial:
    terms = SHAPES[text]
    count = 1 + max(place for term in terms for place in term.parameters)
    given = formats if len(formats) > 1 else formats * count
    return Polynomial(given[:count], terms)


def native(polynomial: Polynomial, target: Format, mode: Rounding, host: Rounding) -> Native:
    rule = fast.fast_rule(polynomial, target, mode, host, False)
    assert rule is not None
    widths = [format.bits for format in polynomial.formats]
    return Native(rule, widths, target.bits, host, rounded(polynomial, target, mode))


@pytest.mark.parametrize("mode", HOST_MODES)
@pytest.mark.parametrize("text", [text for text in SHAPES if text != "a"])
@pytest.mark.parametrize("format", HOST_FORMATS, ids=str)
def test_one_operation(format: Float, text: str, mode: Rounding) -> None:
    polynomial = shape(text, format)
    native(polynomial, format, mode, mode).check(rows(polynomial, 400))


@pytest.mark.parametrize("mode", HOST_MODES)
@pytest.mark.parametrize(
    ("text", "formats", "target"),
    [
        ("a", (FP32,), FP32),
        ("a", (I32,), FP32),
        ("a", (U32,), FP32),
        ("a", (Fixed(64),), FP32),
        ("a", (FP64,), FP32),
        ("-a", (FP64,), FP32),
        ("a", (FP32,), FP64),
        ("a", (FP16,), FP32),
        ("a", (BF16,), FP32),
        ("-a", (BF16,), FP64),
        ("a + b", (FP16, FP32), FP32),
        ("a * b + c", (FP16, FP16, FP32), FP32),
        ("a * b + c", (BF16, FP16, FP32), FP32),
    ],
)
def test_operands_that_the_host_widens(
    text: str, formats: tuple[Format, ...], target: Float, mode: Rounding
) -> None:
    polynomial = shape(text, *formats)
    native(polynomial, target, mode, mode).check(rows(polynomial, 500))


@pytest.mark.skipif(not this_host().has_half, reason="the host has no half precision")
@pytest.mark.parametrize("mode", HOST_MODES)
@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("a", (FP32,)),
        ("-a", (FP32,)),
        ("-a", (FP64,)),
        ("a", (BF16,)),
        ("a", (E5M2,)),
        ("-a", (E4M3,)),
        ("a", (I32,)),
        ("a", (U32,)),
        ("a", (Fixed(64),)),
        ("a * b", (E4M3, E5M2)),
        ("a + b", (FP16, E4M3)),
        ("a - b", (Fixed(8), FP16)),
        ("a * b + c", (E5M2, E4M3, FP16)),
        ("c - a * b", (FP16, Fixed(4), FP16)),
    ],
)
def test_what_the_host_rounds_to_half_precision(
    text: str, formats: tuple[Format, ...], mode: Rounding
) -> None:
    polynomial = shape(text, *formats)
    tested = native(polynomial, FP16, mode, mode)
    assert isinstance(tested.rule, HostOperation | HostNarrowing)
    tested.check(rows(polynomial, 3000))


@pytest.mark.parametrize(
    ("text", "row", "code", "flags"),
    [
        ("a * b", (0x3F7FFFFF, 0x00800000), 0x00800000, UF | NX),
        ("a * b", (0x3F7FF800, 0x00800400), 0x00800000, NX),
        ("a * b + c", (0x7F800000, 0, 0x7FC00000), 0x7FC00000, NV),
        ("a * b + c", (0, 0xFF800000, 0xFFC12345), 0x7FC00000, NV),
        ("a * b + c", (0x7FC00001, 0x3F800000, 0), 0x7FC00000, 0),
        ("a + b", (0x7F800000, 0xFF800000), 0x7FC00000, NV),
        ("a + b", (0x80000000, 0x80000000), 0x80000000, 0),
        ("a * b + c", (0, 0xBF800000, 0x80000000), 0x80000000, 0),
    ],
)
def test_pitfalls_of_fp32(text: str, row: tuple[int, ...], code: int, flags: int) -> None:
    polynomial = shape(text, FP32)
    tested = native(polynomial, FP32, Rounding.RNE, Rounding.RNE)
    assert tested.results([row]) == [(code, flags)]
    tested.check([row])


def test_a_difference_of_equals_is_negative_zero_rounding_down() -> None:
    tested = native(shape("a - a", FP32), FP32, Rounding.RDN, Rounding.RDN)
    assert tested.results([(0x3F800000,)]) == [(0x80000000, 0)]


@pytest.mark.parametrize("mode", HOST_MODES)
@pytest.mark.parametrize("format", HOST_FORMATS, ids=str)
def test_quotient_and_root(format: Float, mode: Rounding) -> None:
    def quotient(row: tuple[int, ...]) -> tuple[int, int]:
        return format.encode(number.quotient(*map(format.decode, row)), mode)

    def root(row: tuple[int, ...]) -> tuple[int, int]:
        return format.encode(number.root(format.decode(row[0])), mode)

    rule = fast.fast_quotient(format, format, format, mode, mode, False)
    assert rule is not None
    tested = Native(rule, [format.bits] * 2, format.bits, mode, quotient)
    tested.check(rows(shape("a * b", format), 1000))
    rule = fast.fast_root(format, format, mode, mode, False)
    assert rule is not None
    Native(rule, [format.bits], format.bits, mode, root).check(rows(shape("a", format), 1000))


@pytest.mark.parametrize("quiet", [False, True])
@pytest.mark.parametrize("op", ["==", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("format", HOST_FORMATS, ids=str)
def test_comparison(format: Float, op: str, quiet: bool) -> None:
    compare = comparison(op, quiet)

    def expected(row: tuple[int, ...]) -> tuple[int, int]:
        truth, flags = compare(*map(format.decode, row))
        return int(truth), flags

    rule = fast.fast_comparison(op, quiet, format, format, Rounding.RNE)
    assert rule is not None
    tested = Native(rule, [format.bits] * 2, 1, Rounding.RNE, expected)
    tested.check(rows(shape("a - b", format), 300))


@pytest.mark.parametrize("op", ["minimum", "maximum"])
@pytest.mark.parametrize(
    "format", [FP32, FP64, FP16, Float(4, 3), Float(4, 3, "ocp"), Float(3, 2, "none")], ids=str
)
def test_choice(format: Float, op: str) -> None:
    choose = {"minimum": number.minimum, "maximum": number.maximum}[op]

    def expected(row: tuple[int, ...]) -> tuple[int, int]:
        return format.encode(choose(*map(format.decode, row)), Rounding.RNE)

    rule = fast.fast_choice(op, format)
    assert rule is not None
    tested = Native(rule, [format.bits] * 2, format.bits, None, expected)
    tested.check(rows(shape("a - b", format), 500))
    if format.bits <= 8:
        tested.check(list(itertools.product(range(1 << format.bits), repeat=2))[::7])


TO_INTEGER = [
    *(-1.0, -0.5, -0.75, 0.5, 1.5, 2.5, -1.5, -2.5, 127.5, 127.4, 128.0, -128.4, -128.5, -129.0),
    *(255.4, 255.5, 256.0, 2.0**31, 2.0**31 - 128, 2.0**32, 2.0**32 - 256, -(2.0**31)),
    *(-(2.0**31) - 256, 2.0**31 - 0.5, 2.0**32 - 0.5, -(2.0**31) - 0.5, 2.0**63, -(2.0**63)),
]


@pytest.mark.parametrize("mode", HOST_MODES)
@pytest.mark.parametrize("source", HOST_FORMATS, ids=str)
@pytest.mark.parametrize(
    "target",
    [
        Fixed(32, overflow="saturate", flags=True),
        Fixed(32, signed=False, overflow="saturate", flags=True),
        Fixed(8, overflow="saturate", flags=True, nan="zero"),
        Fixed(16, overflow="wrap", flags=True),
    ],
    ids=str,
)
def test_to_integer(target: Fixed, source: Float, mode: Rounding) -> None:
    polynomial = shape("a", source)
    tested = native(polynomial, target, mode, mode)
    codes = [(source.encode(_number(value), Rounding.RNE)[0],) for value in TO_INTEGER]
    tested.check(rows(polynomial, 500) + codes)
    if mode is Rounding.RTZ:
        native(polynomial, target, mode, Rounding.RUP).check(codes)


def _number(value: float) -> number.Number:
    (code,) = struct.unpack("<Q", struct.pack("<d", value))
    return FP64.decode(code)


def test_no_rule_where_the_host_rounds_otherwise() -> None:
    polynomial = shape("a * b", FP64)
    for mode, host in ((Rounding.RMM, Rounding.RNE), (Rounding.RTZ, Rounding.RNE)):
        assert fast.fast_rule(polynomial, FP64, mode, host, True) is None
    assert fast.fast_rule(polynomial, FP64, Rounding.RNE, None, True) is None
