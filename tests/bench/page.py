"""docs/bench.md, from what recorded/ keeps: all of it has to be there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from recording import CORES, READ, WIDE, Row, read, reading_of
from rivals import SIZE, UNROLLED, compared

from rvx.bench import KERNELS, SYSTEMS
from rvx.bench.reading import CLASSES, LOSSES

PAGE = Path(__file__).parents[2] / "docs" / "bench.md"
CUBES = ("16x16x16", "64x64x64", "128x128x128", "64x64x256")
BASELINE = SYSTEMS[0].name

INTRODUCTION = """# Kernels: cycles and errors

Written by `python tests/bench/record.py` from `tests/bench/recorded/`, which has every kernel in
every number system, at its default size and at one that is a multiple of nothing. Cycles are exact:
a test compares them for equality. `rvx bench --list` names kernels and systems; `rvx bench KERNEL
--roofline` measures again.

Speedup is over RV32IMF at the same size. Errors are relative, root mean square, against float64:
*before* for the inputs as drawn, *after* for the inputs as the system rounded them. Every element
of every result was within the bound derived from its formats, or the run would have ended there.
"""


def page() -> str:
    """The whole text."""
    parts = (INTRODUCTION, *_products(), _reading(), _rivals(), *_kernels())
    return "\n".join(parts)


def _products() -> Iterator[str]:
    _, runs = read("gemm")
    yield "## Matrix product, C = A B\n"
    heads = [f"{core}: cycles / MAC | speedup" for core in CORES]
    header = ("system", "operands", "results", *" | ".join(heads).split(" | "), "before", "after")
    for size in CUBES:
        rows = []
        for system in SYSTEMS:
            if (row := runs[size].get(system.name)) is not None:
                first = runs[size][BASELINE]["cycles"]
                cells = [system.name, system.operand, system.wide, *_cycles(row, CORES, first)]
                rows.append([*cells, *(f"{error:.1e}" for error in row["error"])])
                if WIDE in row["cycles"]:
                    ported = _cycles(row, (CORES[0], WIDE), first)
                    rows.append([f"{system.name}, 64-bit port", "", "", *ported, "", ""])
        yield f"### {size}\n\n{_table(header, rows, left=3)}"


def _cycles(row: Row, cores: Sequence[str], first: dict[str, int]) -> Iterator[str]:
    """A MAC, and over the baseline's, which a wider port does not change."""
    for core in cores:
        cycles = row["cycles"][core]
        yield f"{cycles / row['work']:.3f}"
        yield f"{first[READ if core == WIDE else core] / cycles:.2f}"


def _reading() -> str:
    size = CUBES[1]
    _, runs = read("gemm")
    counts, shares = [], []
    for system, row in runs[size].items():
        each = (row["instructions"][name] / row["work"] for name in CLASSES)
        counts.append([system, *(f"{count:.3f}" for count in each)])
        reading = reading_of(row)
        of_peak = (reading.share_of_peak, *reading.lost_to().values())
        shares.append([system, str(reading.widest), *(f"{share:.1%}" for share in of_peak)])
    return "\n".join(
        (
            f"## Where the cycles go: matrix product {size} on {READ}\n",
            "Instructions per MAC:\n",
            _table(("system", *CLASSES), counts, left=1),
            "The peak is as many products every cycle as the widest instruction forms. What cycles"
            " went into:\nproducts at the peak, narrower ones, loads, stores, addresses and jumps,"
            " sums and conversions without\na product, cycles that issued nothing.\n",
            _table(("system", "peak", "of peak", *LOSSES), shares, left=1),
        )
    )


def _rivals() -> str:
    _, runs = read("gemm")
    work = runs[CUBES[1]][BASELINE]["work"]
    ours = runs[CUBES[1]][BASELINE]["cycles"][READ] / work
    rows = [
        [found["version"], found["level"], *(f"{cycles / work:.3f}" for cycles in found["cycles"])]
        for found in compared()
    ]
    best = min(cycles for found in compared() for cycles in found["cycles"]) / work
    header = ("compiler", "", *(f"by {count}" for count in UNROLLED))
    return "\n".join(
        (
            "## The baseline against compilers\n",
            "Cycles per MAC of the same 4x4 blocking in C, in the style of PULP-TrainLib\n"
            f"(`firmware/kernels/gemm/fp32_c.c`), {SIZE} on {READ}, the loop over k unrolled by 1"
            f" to {UNROLLED[-1]}.\nThe best is {best:.3f}; `fp32.S`, the baseline of all"
            f" speedups, is {ours:.3f}, {best / ours:.2f} times as fast.\n",
            _table(header, rows, left=2),
        )
    )


def _kernels() -> Iterator[str]:
    """Of those in C, in the systems that have them."""
    systems = [system.name for system in SYSTEMS if system.header]
    speedups, errors, readings = [], [], []
    for kernel in KERNELS.values():
        _, runs = read(kernel.name)
        rows = runs[str(kernel.default_size)]
        if not kernel.sources or BASELINE not in rows:
            continue
        cycles = rows[BASELINE]["cycles"][READ]
        first = f"{cycles / rows[BASELINE]['work']:.2f}"
        title = [kernel.name, str(kernel.default_size)]
        speedups.append([*title, first, *(_speedup(rows, s) for s in systems if s != BASELINE)])
        errors.append([kernel.name, *(_error(rows, s) for s in systems)])
        readings.append([kernel.name, *_shares(rows[BASELINE])])
    others = [system for system in systems if system != BASELINE]
    yield f"## The other kernels on {READ}\n\nSpeedup, packing of operands included.\n"
    header = ("kernel", "size", f"{BASELINE}: cycles / MAC or element", *others)
    yield _table(header, speedups, left=2)
    yield "Errors, after the inputs were rounded.\n"
    yield _table(("kernel", *systems), errors, left=1)
    yield f"Where the cycles go in {BASELINE}.\n"
    yield _table(("kernel", "of peak", *LOSSES), readings, left=1)


def _speedup(rows: dict[str, Row], system: str) -> str:
    if system not in rows:
        return ""
    return f"{rows[BASELINE]['cycles'][READ] / rows[system]['cycles'][READ]:.2f}"


def _error(rows: dict[str, Row], system: str) -> str:
    return f"{rows[system]['error'][1]:.0e}" if system in rows else ""


def _shares(row: Row) -> Iterator[str]:
    reading = reading_of(row)
    for share in (reading.share_of_peak, *reading.lost_to().values()):
        yield f"{share:.0%}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> str:
    """In Markdown; the first `left` columns on the left, the others on the right."""
    rules = ["---"] * left + ["---:"] * (len(header) - left)
    lines = (header, rules, *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
