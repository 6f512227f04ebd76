"""Formats from settings, and the messages when the settings are wrong."""

import dataclasses

import pytest

from rvx.number import (
    FAMILIES,
    Fixed,
    Float,
    Format,
    FormatError,
    Posit,
    Quire,
    Rounding,
    build,
)

POSIT32 = Posit(bits=32, es=2)


@pytest.mark.parametrize(
    ("family", "settings", "format"),
    [
        ("float", {"exponent": 8, "fraction": 23}, Float(8, 23)),
        ("float", {"exponent": 4, "fraction": 3, "specials": "ocp"}, Float(4, 3, "ocp")),
        ("float", {"exponent": 4, "fraction": 3, "signed": "no", "specials": "nan"},
         Float(4, 3, "nan", signed=False)),
        ("float", {"exponent": 3, "fraction": 4, "specials": "finite"}, Float(3, 4, "none")),
        ("float", {"exponent": 4, "fraction": 3, "bias": 8}, Float(4, 3, bias=8)),
        ("float", {"exponent": 5, "fraction": 2, "overflow": "saturate"},
         Float(5, 2, overflow="saturate")),
        ("posit", {"bits": 32, "es": 2}, POSIT32),
        ("posit", {"bits": 32, "es": 5, "regime": 6}, Posit(32, 5, 6)),
        ("integer", {"bits": 32, "overflow": "saturate", "nan": "maximum", "flags": "yes"},
         Fixed(32, overflow="saturate", flags=True)),
        ("integer", {"bits": 4, "signed": "no", "rounding": "rtz"},
         Fixed(4, signed=False, rounding=Rounding.RTZ)),
        ("fixed", {"bits": 8, "fraction": 6, "overflow": "wrap"}, Fixed(8, 6, overflow="wrap")),
        ("quire", {"format": POSIT32}, Quire(POSIT32)),
        ("quire", {"format": POSIT32, "carry": 4}, Quire(POSIT32, 4)),
    ],
)  # fmt: skip
def test_build(family, settings, format):
    assert build(family, settings) == format
    assert hash(build(family, settings)) == hash(format)
    assert isinstance(format, Format)


@pytest.mark.parametrize(
    ("family", "settings", "setting", "message"),
    [
        ("flaot", {}, None,
         "there is no format family 'flaot'; "
         "the families are float, posit, integer, fixed, quire and power"),
        ("float", {"exponent": 8, "mantissa": 23}, "mantissa",
         "float has no setting 'mantissa'; "
         "it takes exponent, fraction, specials, signed, bias and overflow"),
        ("float", {"exponent": 8}, "fraction",
         "float needs the setting 'fraction'; "
         "it takes exponent, fraction, specials, signed, bias and overflow"),
        ("float", {"exponent": 16, "fraction": 3}, "exponent",
         "'exponent' is 16; it may be 1 to 15"),
        ("float", {"exponent": "ocp", "fraction": 3}, "exponent",
         "'exponent' is 'ocp'; it may be 1 to 15"),
        ("float", {"exponent": 8, "fraction": 0}, "fraction",
         "without a fraction a NaN is no different from an infinity; "
         "'specials: ieee' needs a fraction of at least 1"),
        ("float", {"exponent": 4, "fraction": 3, "specials": "fn"}, "specials",
         "'specials' is 'fn'; it may be ieee, ocp, nan, finite or none"),
        ("float", {"exponent": 4, "fraction": 3, "signed": 1}, "signed",
         "'signed' is 1; it may be yes or no"),
        ("float", {"exponent": 4, "fraction": 3, "specials": "ocp", "overflow": "infinity"},
         "overflow",
         "'overflow' is 'infinity'; with 'specials: ocp' it may be nan or saturate"),
        ("float", {"exponent": 2, "fraction": 1, "specials": "none", "overflow": "nan"},
         "overflow", "'overflow' is 'nan'; with 'specials: none' it may be saturate"),
        ("posit", {"bits": 2, "es": 2}, "bits", "'bits' is 2; it may be 3 to 64"),
        ("posit", {"bits": 8, "es": 2, "regime": 8}, "regime",
         "a regime of 8 bits does not fit beside the sign in 8 bits; 'regime' may be 2 to 7"),
        ("integer", {"bits": 8, "fraction": 3}, "fraction",
         "integer has no setting 'fraction'; "
         "it takes bits, signed, overflow, nan, rounding and flags"),
        ("integer", {"bits": 8, "rounding": "rsr"}, "rounding",
         "'rounding' is 'rsr'; it may be rne, rtz, rdn, rup, rmm or odd"),
        ("fixed", {"fraction": 3}, "bits",
         "fixed needs the setting 'bits'; "
         "it takes bits, fraction, signed, overflow, nan, rounding and flags"),
        ("quire", {"format": 32}, "format", "'format' is 32; it must be a number format"),
        ("quire", {"format": "posit32"}, "format",
         "'format' is 'posit32'; it must be a number format"),
        ("quire", {}, "format", "quire needs the setting 'format'; "
             "it takes format, carry, fraction and overflow"),
    ],
)  # fmt: skip
def test_messages(family, settings, setting, message):
    with pytest.raises(FormatError) as error:
        build(family, settings)
    assert str(error.value) == message
    assert error.value.setting == setting


@pytest.mark.parametrize("name", FAMILIES)
def test_every_field_of_a_class_is_a_setting_or_given(name):
    family = FAMILIES[name]
    fields = {field.name for field in dataclasses.fields(family.make)}
    assert fields == {*family.settings, *family.given}
    assert any(family.settings.values())


@pytest.mark.parametrize(
    "format", [Float(8, 23), POSIT32, Fixed(8), Quire(POSIT32), Float(4, 3, "nan", signed=False)]
)
def test_codes_are_as_wide_as_declared(format):
    for code in (0, 1, (1 << format.bits) - 1):
        bits, _ = format.encode(format.decode(code), Rounding.RNE)
        assert 0 <= bits < 1 << format.bits
