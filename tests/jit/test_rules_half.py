"""Half precision by way of single precision, and codes that are their own rounding."""

from __future__ import annotations

import pytest
from rule_harness import Native, rounded, without_half
from rule_rows import rows
from test_rules_host import BF16, E4M3, E5M2, FP16, FP32, FP64, HOST_MODES, I32, native, shape

from rvx.jit.host import this_host
from rvx.jit.number import fast
from rvx.jit.number.rule_half import rounds_as_once
from rvx.jit.number.rule_host import HostOperation
from rvx.number import Fixed, Float, Format, Posit, Rounding

pytestmark = pytest.mark.skipif(not this_host().has_arithmetic, reason="the host has no rules")

ONCE: tuple[tuple[str, tuple[Format, ...]], ...] = (
    ("a * b", (FP16, FP16)),
    ("a * b", (FP16, E4M3)),
    ("a + b", (FP16, FP16)),
    ("-a - b", (FP16, FP16)),
    ("a - b", (FP16, E5M2)),
    ("a * b + c", (E4M3, E4M3, FP16)),
    ("c - a * b", (E5M2, E4M3, FP16)),
    ("a * b - c", (E5M2, E5M2, FP16)),
)
TWICE: tuple[tuple[str, tuple[Format, ...]], ...] = (
    ("a + b", (FP64, FP16)),  # digits that single precision has not
    ("a + b", (I32, FP16)),
    ("a * b", (BF16, BF16)),  # underflows in single precision
    ("a + b", (BF16, FP16)),  # numbers half way between subnormal ones
    ("a + b", (FP32, FP16)),
    ("a * b + c", (FP16, FP16, FP16)),
)


@pytest.fixture(autouse=True)
def _no_half(monkeypatch: pytest.MonkeyPatch) -> None:
    without_half(monkeypatch)


@pytest.mark.parametrize("mode", HOST_MODES)
@pytest.mark.parametrize(("text", "formats"), ONCE)
def test_as_once(text: str, formats: tuple[Format, ...], mode: Rounding) -> None:
    polynomial = shape(text, *formats)
    tested = native(polynomial, FP16, mode, mode)
    assert isinstance(tested.rule, HostOperation)
    assert tested.rule.halved
    tested.check(rows(polynomial, 6000, seed=4))


@pytest.mark.parametrize(("text", "formats"), TWICE)
def test_what_would_be_rounded_twice(text: str, formats: tuple[Format, ...]) -> None:
    polynomial = shape(text, *formats)
    assert not rounds_as_once(polynomial, FP16)
    if rule := fast.fast_rule(polynomial, FP16, Rounding.RNE, Rounding.RNE, False):
        widths = [format.bits for format in polynomial.formats]
        reference = rounded(polynomial, FP16, Rounding.RNE)
        Native(rule, widths, 16, Rounding.RNE, reference).check(rows(polynomial, 3000))


def test_only_half_precision() -> None:
    assert rounds_as_once(shape("a + b", FP16), FP16)
    assert not rounds_as_once(shape("a + b", FP16), Float(5, 9))
    assert not rounds_as_once(shape("a + b", FP16), Float(5, 10, overflow="saturate"))


@pytest.mark.parametrize("mode", Rounding)
@pytest.mark.parametrize(
    "format", [FP16, E5M2, E4M3, FP32, Float(4, 3, "none"), Posit(16, 2)], ids=str
)
def test_the_same_code(format: Format, mode: Rounding) -> None:
    polynomial = shape("a", format)
    rule = fast.fast_rule(polynomial, format, mode, None, False)
    assert rule is not None
    reference = rounded(polynomial, format, mode)
    tested = Native(rule, [format.bits], format.bits, None, reference)
    limit = 1 << min(format.bits, 16)
    tested.check([(code << format.bits - limit.bit_length() + 1,) for code in range(limit)])


def test_not_the_same_code() -> None:
    """What has a sign of its own, or a bound, is rounded."""
    for text, format in (("-a", FP16), ("a", Fixed(8)), ("a + a", FP16)):
        rule = fast.fast_rule(shape(text, format), format, Rounding.ODD, None, False)
        assert rule is None or type(rule).__name__ != "Same"
