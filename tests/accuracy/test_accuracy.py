"""Decimals by magnitude and figures of formats, against numpy and by their definitions."""

from __future__ import annotations

from fractions import Fraction
from math import log, log10
from xml.etree import ElementTree

import ml_dtypes
import numpy as np
import pytest
import universal_dtypes

from rvx.accuracy import curve, drawing, read_format, summary, table
from rvx.accuracy.neighbours import enclosing, power
from rvx.number import Fixed, Float, FormatError, Posit, Quire

FP32, FP16 = Float(exponent=8, fraction=23), Float(exponent=5, fraction=10)


@pytest.mark.parametrize(("format", "dtype"), [(FP16, np.float16), (FP32, np.float32)])
def test_decimals_of_floats_are_those_of_their_neighbours(format, dtype):
    for point in curve(format, -20, 15):
        below = dtype(2.0**point.exponent)
        above = np.nextafter(below, dtype(np.inf))
        half = log10(float(above) / float(below)) / 2
        assert point.decimals == pytest.approx(-log10(half), rel=1e-6)


def test_the_range_is_where_there_are_neighbours():
    points = curve(FP16, -40, 40)
    assert [points[0].exponent, points[-1].exponent] == [-24, 15]
    assert points[0].decimals < 1  # 2^-24 and 2^-23
    assert [p.exponent for p in curve(Posit(bits=8, es=2), -99, 99)] == list(range(-24, 24))


@pytest.mark.parametrize(
    "format",
    [Posit(bits=16, es=2), Posit(bits=16, es=5, regime=6), FP16, Fixed(bits=16, fraction=8)],
    ids=str,
)
def test_counting_codes_up_is_as_listing_them(format, monkeypatch):
    listed = enclosing(format)
    monkeypatch.setattr("rvx.accuracy.neighbours.MOST_LISTED", 0)
    stepped = enclosing(format)
    for exponent in range(-260, 260):
        for factor in (1, Fraction(5, 4), Fraction(4095, 2048)):
            x = factor * power(exponent)
            assert stepped(x) == listed(x), x


def test_figures():
    found = summary(FP32)
    numpys = np.finfo(np.float32)
    assert float(found.largest) == numpys.max
    assert float(found.smallest) == numpys.smallest_subnormal
    assert float(found.epsilon) == numpys.eps
    assert found.lowest == -found.largest
    posit = summary(Posit(bits=32, es=2))
    assert (posit.largest, posit.smallest) == (power(120), power(-120))
    assert posit.epsilon == power(-27)
    assert posit.decades == pytest.approx(240 * log10(2))
    assert posit.at_one == posit.best
    bounded = summary(Posit(bits=32, es=5, regime=6))
    assert bounded.smallest == power(-192) * (1 + power(-20))
    quire = summary(Quire(Posit(bits=8, es=2)))
    assert (quire.smallest, quire.epsilon) == (power(-48), power(-48))
    assert summary(Fixed(bits=8, fraction=0)).epsilon == 1


@pytest.mark.parametrize(
    ("format", "dtype"),
    [
        (Float(exponent=5, fraction=2), ml_dtypes.float8_e5m2),
        (Float(exponent=4, fraction=3, specials="ocp"), ml_dtypes.float8_e4m3fn),
        (Posit(bits=8, es=2), universal_dtypes.posit8),
    ],
    ids=str,
)
def test_every_value(format, dtype):
    codes = table(format)
    assert [each.code for each in codes] == list(range(256))
    values = np.arange(256, dtype=np.uint8).view(dtype).astype(np.float64).tolist()
    for each, value in zip(codes, values, strict=True):
        if value != value:
            assert each.value == ("NaR" if isinstance(format, Posit) else "NaN")
        elif value in (float("inf"), float("-inf")):
            assert each.value == str(value)
        elif value == 0 and str(value) == "-0.0":
            assert each.value == "-0"
        else:
            assert each.value == Fraction(value)


KNOWN = {"fp32": FP32, "posit8": Posit(bits=8, es=2)}


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("fp32", FP32),
        ("float(8, 23)", FP32),
        (" float( fraction : 23 , 8 ) ", FP32),
        ("float(4, 3, specials: ocp)", Float(exponent=4, fraction=3, specials="ocp")),
        ("posit(0x20, 5, regime: 6)", Posit(bits=32, es=5, regime=6)),
        ("quire(posit8)", Quire(Posit(bits=8, es=2))),
        ("quire(posit(16, 2), carry: 4)", Quire(Posit(bits=16, es=2), 4)),
        ("integer(8, signed: no)", Fixed(bits=8, fraction=0, signed=False)),
    ],
)
def test_formats_written_in_a_command(text, format):
    assert read_format(text, KNOWN) == format


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fp23", "there is no format 'fp23': did you mean 'fp32'?"),
        ("nothing", "there is no format 'nothing': `rvx list formats` lists them"),
        ("float", "'float' is a family: give exponent and fraction, as in float(...)"),
        ("double(3)", "double(3): there is no family 'double'; there are float, posit,"),
        ("float(4)", "float(4): float needs the setting 'fraction'"),
        ("float(4, 3, 2)", "float(4, 3, 2): write '2' with its name, as name: 2"),
        ("float(4, 3, exponent: 2)", "float(4, 3, exponent: 2): 'exponent' is set twice"),
        ("float(4,, 3)", "float(4,, 3): a setting is missing between commas"),
        ("posit(8, 99)", "posit(8, 99): 'es' is 99; it may be 0 to 8"),
        ("4(3)", "'4(3)' is no format: write a name, or as in float(4, 3)"),
    ],
)
def test_what_is_no_format(text, message):
    with pytest.raises(FormatError) as error:
        read_format(text, KNOWN)
    assert str(error.value).startswith(message)


def test_a_drawing_has_a_line_and_a_name_for_each():
    formats = {"<a> & b": FP16, "posit16": Posit(bits=16, es=2)}
    curves = {name: summary(format).accuracy for name, format in formats.items()}
    root = ElementTree.fromstring(drawing(curves))
    lines = root.findall("{*}polyline")
    assert len(lines) == 2
    assert len(lines[1].get("points").split()) == len(curves["posit16"])
    texts = [text.text for text in root.findall("{*}text")]
    assert {"<a> & b", "posit16"} <= set(texts)
    assert ElementTree.fromstring(drawing({"none": ()})) is not None


def test_formats_beyond_the_range_of_binary64():
    """What a double cannot hold: values, and distances relative to them."""
    quad = summary(Float(exponent=15, fraction=112))
    assert [quad.accuracy[0].exponent, quad.accuracy[-1].exponent] == [-16494, 16383]
    assert len(quad.accuracy) == 16494 + 16383 + 1
    assert quad.accuracy[-2].decimals == pytest.approx(112 * log10(2) + log10(2 * log(10)))
    quire = summary(Quire(Float(exponent=11, fraction=52)))
    assert quire.accuracy[0].exponent == -2148
    assert quire.best == pytest.approx((2078 + 2148) * log10(2) + log10(2 * log(10)))
    coarse = summary(Posit(bits=4, es=8))  # from one number to the next by 2**256
    assert coarse.accuracy[-1].decimals == pytest.approx(-log10(128 * log10(2)))
