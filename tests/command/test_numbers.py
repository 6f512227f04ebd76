"""`rvx numbers`."""

from __future__ import annotations

import json
import sys

import pytest
from calling import Rvx


def test_one_format_with_its_values(rvx: Rvx) -> None:
    done = rvx("numbers", "e4m3")
    assert done.succeeded
    lines = [line.split() for line in done.out.splitlines()]
    assert ["largest", "448"] in lines
    assert ["epsilon", "2^-3"] in lines
    assert ["2^0", "1.59", "█" * 24] in lines
    (row,) = [words for words in lines if words[:1] == ["08"]]
    assert row[1] == "0.015625"
    words = done.out.split()
    assert words[words.index("7f") + 1] == "NaN"


def test_several_side_by_side(rvx: Rvx) -> None:
    done = rvx("numbers", "posit16", "fp16", "float(6, 9)")
    assert done.succeeded
    lines = [line.split() for line in done.out.splitlines()]
    assert ["posit16", "fp16", "float(6,", "9)"] in lines
    assert ["epsilon", "2^-11", "2^-10", "2^-9"] in lines
    assert ["2^-24", "2.47", "0.82", "3.37"] in lines
    assert "the values of" not in done.out
    many = rvx("numbers", "posit32", "bposit32", "fp32", "posit16").out
    assert "fp32 32 2^128 - 2^104 2^-149 2^-23 83.4 7.59 7.59" in " ".join(many.split())
    both = rvx("numbers", "e4m3", "e5m2", "--values").out
    assert both.count("the values of") == 2


def test_json(rvx: Rvx) -> None:
    found = json.loads(rvx("numbers", "posit8", "bposit32", "--json").out)
    posit8, bounded = found["formats"]
    assert (found["schema"], posit8["declared"]) == (1, "posit(bits: 8, es: 2)")
    assert posit8["largest"] == {"significand": 1, "exponent": 24}
    assert len(posit8["values"]) == 256
    assert posit8["values"][0x80] == {"code": 128, "value": "NaR"}
    assert {"exponent": 0, "decimals": posit8["decimals_at_one"]} in posit8["accuracy"]
    assert bounded["smallest"] == {"significand": (1 << 20) + 1, "exponent": -212}
    assert "values" not in bounded


def test_a_format_of_the_user(rvx: Rvx) -> None:
    rvx.write("mine.isa", "format tiny = float(exponent: 3, fraction: 2, specials: none);\n")
    one, other = (
        json.loads(rvx("numbers", *words, "--json").out)["formats"][0]
        for words in (("tiny", "-x", "mine.isa"), ("float(3, 2, specials: none)",))
    )
    assert one.pop("name") == "tiny"
    assert other.pop("name") == "float(3, 2, specials: none)"
    assert one == other


def test_drawings(rvx: Rvx) -> None:
    assert rvx("numbers", "posit16", "fp16", "--plot", "a.svg").succeeded
    assert rvx.files()["a.svg"].startswith(b"<svg ")
    pytest.importorskip("matplotlib")
    assert rvx("numbers", "posit16", "fp16", "--plot", "a.png").succeeded
    assert rvx.files()["a.png"].startswith(b"\x89PNG")


def test_without_matplotlib(rvx: Rvx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = rvx("numbers", "fp16", "--plot", "a.png")
    assert done.refused(1, "pip install 'rvx[plot]', or name a .svg")
    assert not rvx.files()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["fp17"], "there is no format 'fp17': did you mean 'fp16'?"),
        (["luq4"], "'luq4' is a format of Xluq: add --isa rv32imf_zicsr_zifencei_xluq"),
        (["float(1)"], "float(1): float needs the setting 'fraction'"),
        (["fp16", "--plot", "a.pdf"], "a.pdf: a drawing's name ends in .svg or .png"),
        (["fp16", "e4m3", "--values"], "--values: fp16 has more than 8 bits"),
        (["fp16", "--plot", "no/a.svg"], "no/a.svg"),
        (["byte", "--isa", "rv32imf_xdotp"], "byte is chosen at run time: name e5m2 or fp8alt"),
    ],
)
def test_refusals(rvx: Rvx, words: list[str], message: str) -> None:
    assert rvx("numbers", *words).refused(1, message)
    assert not rvx.files()
