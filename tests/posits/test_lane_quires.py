"""Quires: any order gives one pattern, which is the exact sum; NaR beyond the width."""

from __future__ import annotations

import gzip
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from lane_formats import POSIT16, POSIT32, Lanes, some
from lane_program import ENGINES, ISA, machine_of
from quire_program import QUIRES, LaneQuire, accumulate

DATA = Path(__file__).parents[1] / "data" / "posit32"
WIDTHS = {each.name: each for each in QUIRES}.values()  # one of each quire


def numbers(quire: LaneQuire, size: int, seed: int = 0) -> list[np.ndarray]:
    """Pairs of codes that are numbers, of few different values: the model takes its time."""
    draw, model = np.random.default_rng(seed), quire.of.model
    few = some(quire.of, 500, 1, seed=seed)[0]
    few = few[few != model.nar]
    return [draw.choice(few, size).astype(quire.of.word) for _ in range(2)]


def summed(quire: LaneQuire, first: np.ndarray, second: np.ndarray) -> int:
    """The products, in units of the quire; what is below is dropped, toward minus infinity."""
    value, down = quire.of.model.value, 848 - quire.places
    units = {c: int(value(c) * (1 << 424)) for c in {*first.tolist(), *second.tolist()}}
    pairs, counts = np.unique(first.astype(np.uint64) << np.uint64(32) | second, return_counts=True)
    return sum(
        (units[pair >> 32] * units[pair & 0xFFFFFFFF] >> down) * count
        for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True)
    )


def check_rounded(quire: LaneQuire, code: int, rounded: int) -> None:
    model = quire.of.model
    if code == quire.nar:
        assert rounded == model.nar
    else:
        assert rounded == model.rounded(Fraction(quire.signed(code), 1 << quire.places))


@pytest.mark.parametrize("quire", WIDTHS, ids=str)
def test_products_in_ten_orders(quire: LaneQuire) -> None:
    check_orders(quire, 1 << 13)


@pytest.mark.sweep
@pytest.mark.parametrize("quire", QUIRES, ids=str)
def test_a_million_products_in_ten_orders(quire: LaneQuire) -> None:
    check_orders(quire, 1 << 20)


def check_orders(quire: LaneQuire, size: int) -> None:
    """One pattern, the exact sum, and its rounding."""
    first, second = numbers(quire, size)
    draw, count = np.random.default_rng(1), 4 // quire.of.word().nbytes
    results = set()
    for turn in range(10):
        order = np.arange(len(first)).reshape(-1, count)
        if turn == 1:
            order = order[::-1]
        elif turn > 1:  # words, and the lanes in them too
            draw.shuffle(order)
            order = draw.permuted(order, axis=1)
        order = order.ravel()
        results.add(accumulate(quire, first[order], second[order]))
    assert len(results) == 1
    ((code, rounded),) = results
    assert quire.signed(code) == summed(quire, first, second)
    check_rounded(quire, code, rounded)
    assert rounded not in (0, quire.of.model.nar)


@pytest.mark.parametrize("quire", QUIRES, ids=str)
def test_orders_by_the_reference(quire: LaneQuire) -> None:
    first, second = numbers(quire, 1 << 12, seed=2)
    one = accumulate(quire, first, second, engine="reference")
    assert accumulate(quire, first[::-1], second[::-1], engine="reference") == one
    assert accumulate(quire, first, second) == one
    assert quire.signed(one[0]) == summed(quire, first, second)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("quire", QUIRES, ids=str)
def test_other_sums(quire: LaneQuire, engine: str) -> None:
    first, second = numbers(quire, 64, seed=3)
    start = 12345 << quire.places
    added, _ = accumulate(quire, first, second, start=start, engine=engine)
    taken, _ = accumulate(quire, first, second, start=added, operation="qndot", engine=engine)
    assert taken == start or quire.places == 384
    ones = np.full(64, quire.of.model.nar >> 1, quire.of.word)
    alone = accumulate(quire, first, second, operation="qadd", engine=engine)
    assert alone == accumulate(quire, first, ones, engine=engine)
    negative = accumulate(quire, first, second, last=f"{quire.name}.neg", engine=engine)[0]
    assert quire.signed(negative) == -summed(quire, first, second)
    check_rounded(quire, *alone)
    assert accumulate(quire, first, second, last=f"{quire.name}.clr", engine=engine) == (0, 0)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("quire", WIDTHS, ids=str)
def test_nar_stays(quire: LaneQuire, engine: str) -> None:
    model, word = quire.of.model, quire.of.word
    nar = (quire.nar, model.nar)
    numbers_, none = np.full(8, model.nar >> 1, word), np.full(8, 0, word)
    with_nar = numbers_.copy()
    with_nar[3] = model.nar
    for start, first, second in (
        *((0, with_nar, numbers_), (0, numbers_, with_nar), (0, none, with_nar)),
        *((quire.nar, numbers_, numbers_), (quire.nar, none, none)),
    ):
        for operation in ("qdot", "qndot"):
            how = {"start": start, "operation": operation, "engine": engine}
            assert accumulate(quire, first, second, **how) == nar
    assert accumulate(quire, with_nar, none, operation="qadd", engine=engine) == nar
    negated = accumulate(quire, with_nar, numbers_, last=f"{quire.name}.neg", engine=engine)
    assert negated == nar
    cleared = accumulate(quire, with_nar, numbers_, last=f"{quire.name}.clr", engine=engine)
    assert cleared == (0, 0)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("quire", WIDTHS, ids=str)
def test_beyond_the_width_a_quire_is_nar(quire: LaneQuire, engine: str) -> None:
    """Posit Standard (2022): it overflows, and neither wraps nor saturates."""
    model, word = quire.of.model, quire.of.word
    lanes, one = 4 // word().nbytes, 1 << quire.places
    ones = np.full(lanes, model.nar >> 1, word)
    largest = quire.nar - 1
    for start, operation, steps in (
        *((largest - one * lanes, "qdot", 1), (-largest + one * lanes, "qndot", -1)),
        *((largest - one * lanes + 1, "qdot", 0), (-largest + one * lanes - 1, "qndot", 0)),
    ):
        code, rounded = accumulate(
            quire, ones, ones, start=start & (1 << quire.bits) - 1, operation=operation,
            engine=engine,
        )  # fmt: skip
        wanted = (steps * largest if steps else quire.nar) & (1 << quire.bits) - 1
        assert code == wanted
        edge = {1: model.nar - 1, -1: model.nar + 1, 0: model.nar}
        assert rounded == edge[steps]


@pytest.mark.parametrize("engine", ENGINES)
def test_rounding_saturates(engine: str) -> None:
    """A quire beyond maxpos is maxpos, one below minpos is minpos: never zero, never NaR."""
    nothing = np.zeros(0, np.uint8)
    for quire in QUIRES:
        model = quire.of.model
        for code, wanted in ((1, 1), (-1, -1), (quire.nar - 1, model.nar - 1),
                             (1 - quire.nar, model.nar + 1), (0, 0)):  # fmt: skip
            start, wanted = code & (1 << quire.bits) - 1, wanted & (1 << model.bits) - 1
            empty = nothing.astype(quire.of.word)
            found = accumulate(quire, empty, empty, start=start, engine=engine)
            assert found == (start, wanted)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("quire", "to"), [(QUIRES[0], POSIT16), (QUIRES[0], POSIT32), (QUIRES[1], POSIT32)], ids=str
)
def test_rounded_to_wider_posits(quire: LaneQuire, to: Lanes, engine: str) -> None:
    nothing, model = np.zeros(0, quire.of.word), to.model
    draw = np.random.default_rng(6)
    near = [n << quire.places - 20 for n in draw.integers(-(1 << 30), 1 << 30, 20).tolist()]
    for start in (0, 1, -1, quire.nar - 1, 1 - quire.nar, quire.nar, *near):
        code = start & (1 << quire.bits) - 1
        found, rounded = accumulate(quire, nothing, nothing, start=code, engine=engine, to=to)
        exact = Fraction(quire.signed(code), 1 << quire.places)
        assert found == code
        assert rounded == (model.nar if code == quire.nar else model.rounded(exact))
    first, second = numbers(quire, 1 << 8, seed=7)
    _, rounded = accumulate(quire, first, second, engine=engine, to=to)
    assert rounded == model.rounded(Fraction(summed(quire, first, second), 1 << quire.places))


# What PERCIVAL's unit was recorded with; tests/number has the same for the formats alone.

ROWS = """
_start: la   s0, operands
        la   s1, quires
        li   s3, {count}
loop:   flw  fa1, 0(s0)
        flw  fa2, 4(s0)
        vpq32.load (s1)
        {line}
        vpq32.store (s1)
        fsw  fa0, 0(s0)
        addi s0, s0, 8
        addi s1, s1, 64
        addi s3, s3, -1
        bnez s3, loop
        li   a0, 0
        li   a7, 93
        ecall
        .data
        .balign 4096
operands: .space 8 * {count}
quires: .space 64 * {count}
"""


def recorded(name: str) -> list[dict[str, int]]:
    with gzip.open(DATA / f"posit32_{name}.jsonl.gz", "rt") as lines:
        header, *rows = map(json.loads, lines)
    names = header["fields"]
    return [dict(zip(names, (int(t, 16) for t in row), strict=True)) for row in rows]


def run_rows(line: str, rows: list[dict[str, int]], engine: str) -> tuple[list[int], list[int]]:
    """fa0 and the quire after each row."""
    machine = machine_of(ISA, engine, ROWS.format(line=line, count=len(rows)))
    operands = np.array([[row.get("a", 0), row.get("b", 0)] for row in rows], np.uint32)
    machine.write("operands", operands)
    quires = b"".join(
        row.get("quire_in", row.get("quire", 0)).to_bytes(64, "little") for row in rows
    )
    machine.write("quires", np.frombuffer(quires, np.uint8))
    assert machine.run().status == 0
    after = machine.read("quires", np.uint8, len(quires)).tobytes()
    codes = [int.from_bytes(after[i : i + 64], "little") for i in range(0, len(after), 64)]
    return machine.read("operands", np.uint32, (len(rows), 2))[:, 0].tolist(), codes


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("name", "line"),
    [("add", "vpadd.s fa0, fa1, fa2"), ("mult", "vpmul.s fa0, fa1, fa2"),
     ("qmadd", "vpqdot.s fa1, fa2"), ("qround", "vpqround.s fa0")],
)  # fmt: skip
def test_recorded_rows(name: str, line: str, engine: str) -> None:
    rows = recorded(name)
    results, quires = run_rows(line, rows, engine)
    if name == "qmadd":
        assert quires == [row["quire_out_exact"] for row in rows]
    else:
        assert results == [row["exact"] for row in rows]
    assert len(rows) == {"add": 5000, "mult": 5000, "qmadd": 1716, "qround": 2501}[name]


def test_the_difference_of_recorded_rows() -> None:
    rows = recorded("qmadd")
    negated = [{**row, "b": -row["b"] & 0xFFFFFFFF} for row in rows]
    _, quires = run_rows("vpqndot.s fa1, fa2", negated, "jit")
    assert quires == [row["quire_out_exact"] for row in rows]
