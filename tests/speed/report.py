"""Tables of what was measured, with the targets of issue 4 beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, log
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from .engines import NATIVE, QEMU, RVX, SINGLE, SPIKE, UNICORN
from .measure import COLD, Result

# Guest: least million instructions a second, and least times the speed of its emulation.
SPEEDS = {"fp8": 300, "fp8_tile": 300, "posit": 100}
EMULATED = 20
QEMU_EACH, QEMU_MEAN, UNICORN_MEAN, SPIKE_MEAN, NATIVE_MEAN = 0.95, 1.5, 4, 5, 2


def show(results: Sequence[Result], missing: dict[str, str], console: Console) -> None:
    console.print(_steady(results), _whole(results))
    for line in goals(results):
        console.print(line, highlight=False, markup=False)
    for name, reason in missing.items():
        console.print(f"not measured: {name}: {reason}", highlight=False, markup=False)
    for result in results:
        for name, reason in result.failures.items():
            text = f"FAILED: {result.guest.name} on {name}: {reason}"
            console.print(text, highlight=False, markup=False)


def brief(result: Result) -> str:
    """A line on one guest, while others are still to be measured."""
    speeds = [f"{name} {_mips(result, name)}" for name in result.steady]
    return f"{result.guest.name}: {', '.join(speeds)} MIPS"


def _steady(results: Sequence[Result]) -> Table:
    table = Table(
        title="Steady state: million guest instructions per CPU second, and rvx against others",
        caption="rvx on core cv32e40p; single: on core single; native: rvx's time in native times",
    )
    table.add_column("guest")
    columns = ("rvx", "single", "natively", "cyc/inst", "qemu", "unicorn", "Spike")
    for name in (*columns, "x qemu", "x unicorn", "x Spike", "native", "single: native"):
        table.add_column(name, justify="right")
    for result in results:
        share = "" if result.share is None else f"{result.share:.1f} %"
        per_instruction = result.cycles / result.instructions if result.instructions else 0.0
        engines = [_mips(result, name) for name in (QEMU, UNICORN, SPIKE)]
        ratios = [_times(result.times(name)) for name in (QEMU, UNICORN, SPIKE)]
        natives = [_times(slowdown(result, core)) for core in (RVX, SINGLE)]
        table.add_row(
            result.guest.name,
            *(_mips(result, RVX), _mips(result, SINGLE), share, f"{per_instruction:.2f}"),
            *engines,
            *ratios,
            *natives,
        )
    return table


def _whole(results: Sequence[Result]) -> Table:
    names = (RVX, COLD, SINGLE, QEMU, UNICORN, SPIKE, NATIVE)
    table = Table(title="Whole process: CPU seconds (wall) of one run, start to end")
    table.add_column("guest")
    table.add_column("million instr.", justify="right")
    for name in names:
        table.add_column(name, justify="right")
    for result in results:
        cells = [
            f"{median(result.whole[name]):.2f} ({median(result.wall[name]):.2f})"
            if name in result.whole
            else ""
            for name in names
        ]
        table.add_row(result.guest.name, f"{result.whole_instructions / 1e6:.1f}", *cells)
    return table


def slowdown(result: Result, core: str = RVX) -> float | None:
    """rvx's time in native times."""
    faster = result.times(NATIVE, core)
    return 1 / faster if faster else None


def goals(results: Sequence[Result]) -> list[str]:
    """A line a target: what was measured, what is wanted. Emulations do not count in means."""
    plain = [r for r in results if r.guest.is_plain and r.guest.emulates is None]
    lines = []
    for core in (RVX, SINGLE):
        label = f"{core}:"
        each = {r.guest.name: x for r in plain if (x := r.times(QEMU, core))}
        if each:
            least = min(each, key=lambda name: each[name])
            lines.append(_goal(f"{label} least of qemu ({least})", each[least], QEMU_EACH))
            lines.append(_goal(f"{label} mean of qemu", _mean(each.values()), QEMU_MEAN))
        for name, wanted in ((UNICORN, UNICORN_MEAN), (SPIKE, SPIKE_MEAN)):
            if ratios := [x for r in plain if (x := r.times(name, core))]:
                lines.append(_goal(f"{label} mean of {name}", _mean(ratios), wanted))
        if slow := [x for r in plain if (x := slowdown(r, core))]:
            mean = _mean(slow)
            lines.append(_line(f"{label} mean time in native times", mean, "<=", NATIVE_MEAN))
        by_name = {r.guest.name: r for r in results}
        for name, wanted in SPEEDS.items():
            if (own := by_name.get(name)) and core in own.steady:
                lines.append(_goal(f"{label} {name}, million a second", own.mips(core), wanted))
        for soft in results:
            hard = by_name.get(soft.guest.emulates or "")
            if hard and core in soft.steady and core in hard.steady:
                pair = {"soft": soft.steady[core], "hard": hard.steady[core]}
                times = median(a / b for a, b in zip(pair["soft"], pair["hard"], strict=True))
                text = f"{label} {hard.guest.name} against {soft.guest.name}"
                lines.append(_goal(text, times, EMULATED))
    return lines


def _goal(what: str, value: float, least: float) -> str:
    return _line(what, value, ">=", least)


def _line(what: str, value: float, relation: str, wanted: float) -> str:
    is_met = value >= wanted if relation == ">=" else value <= wanted
    return f"{'met   ' if is_met else 'MISSED'} {what}: {value:.2f} (wanted {relation} {wanted})"


def _mean(values: Iterable[float]) -> float:
    logarithms = [log(value) for value in values]
    return exp(sum(logarithms) / len(logarithms))


def _mips(result: Result, engine: str) -> str:
    return f"{result.mips(engine):.0f}" if result.steady.get(engine) else ""


def _times(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def as_json(results: Sequence[Result], missing: dict[str, str]) -> dict[str, Any]:
    return {
        "guests": {
            r.guest.name: {
                "instructions_per_repetition": r.instructions,
                "cycles_per_repetition": r.cycles,
                "native_share": r.share,
                "seconds_per_repetition": r.steady,
                "whole_process": {
                    "instructions": r.whole_instructions,
                    "cpu_seconds": r.whole,
                    "wall_seconds": r.wall,
                },
                "failures": r.failures,
                "statistics": r.statistics,
            }
            for r in results
        },
        "goals": goals(results),
        "missing": missing,
    }
