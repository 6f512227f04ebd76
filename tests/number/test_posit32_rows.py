"""Every recorded row of PERCIVAL's posit unit: the exact columns, by the Posit Standard (2022)."""

import gzip
import json
from pathlib import Path

import pytest

from rvx.number import Posit, Quire, Rounding, add, multiply

DATA = Path(__file__).parents[1] / "data" / "posit32"
POSIT = Posit(bits=32, es=2)
QUIRE = Quire(POSIT)


def read(name):
    with gzip.open(DATA / f"posit32_{name}.jsonl.gz", "rt") as lines:
        header, *rows = map(json.loads, lines)
    for row in rows:
        yield {name: int(text, 16) for name, text in zip(header["fields"], row, strict=True)}


@pytest.mark.parametrize(("name", "operation"), [("add", add), ("mult", multiply)])
def test_operations(name, operation):
    rows = list(read(name))
    assert len(rows) == 5000
    for row in rows:
        value = operation(POSIT.decode(row["a"]), POSIT.decode(row["b"]))
        assert POSIT.encode(value, Rounding.RNE) == (row["exact"], 0), row


def test_quire_accumulates():
    rows = list(read("qmadd"))
    assert len(rows) == 1716
    for row in rows:
        product = multiply(POSIT.decode(row["a"]), POSIT.decode(row["b"]))
        total = add(QUIRE.decode(row["quire_in"]), product)
        assert QUIRE.encode(total, Rounding.RNE) == (row["quire_out_exact"], 0), row


def test_quire_rounds_to_a_posit():
    rows = list(read("qround"))
    assert len(rows) == 2501
    for row in rows:
        value = QUIRE.decode(row["quire"])
        assert POSIT.encode(value, Rounding.RNE) == (row["exact"], 0), row
