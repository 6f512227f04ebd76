"""Instructions verified by several processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from rvx.description import load_machine
from rvx.verify.instruction.check import Mismatch, Oracle
from rvx.verify.instruction.oracle import oracle_of
from rvx.verify.instruction.round_trip import RoundTripFault
from rvx.verify.instruction.show import case_text, fault_text
from rvx.verify.instruction.verifier import Settings, Verdict, Verifier


@dataclass(frozen=True)
class Task:
    """One instruction of one machine."""

    mnemonic: str
    isa: str
    extra: tuple[Path, ...]
    options: tuple[tuple[str, str], ...]
    settings: Settings
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """A verdict as text and numbers."""

    task: Task
    extension: str
    kind: str
    coverage: str
    words: int
    round_trips: int
    cases: int
    exact: int
    native: int
    left: int
    oracle: int
    not_covered: str
    seconds: float
    fault: str | None  # the counter-example
    case: str | None  # for --case


def verify(task: Task) -> Result:
    """Verify one instruction in this process."""
    machine = load_machine(task.isa, task.extra, dict(task.options))
    verifier = Verifier(machine, task.settings, _oracles(task.against))
    return result_of(task, verifier, verifier.verify(task.mnemonic))


@lru_cache(maxsize=4)
def _oracles(names: tuple[str, ...]) -> tuple[Oracle, ...]:
    return tuple(oracle_of(name) for name in names)


def result_of(task: Task, verifier: Verifier, verdict: Verdict) -> Result:
    """The verdict, with what has to be shown of it."""
    machine, tally, fault = verifier.machine, verdict.tally, verdict.fault
    instruction = machine.instructions[verdict.mnemonic]
    long = instruction if instruction.long is None else instruction.long.target
    return Result(
        task=task,
        extension=verdict.extension,
        kind=" ".join(sorted(long.classes)) or "computes",
        coverage=verdict.coverage,
        words=tally.words,
        round_trips=verdict.round_trips,
        cases=tally.cases,
        exact=tally.exact,
        native=tally.native,
        left=tally.left,
        oracle=tally.oracle,
        not_covered=tally.not_covered,
        seconds=verdict.seconds,
        fault=None if fault is None else fault_text(machine, fault),
        case=case_text(machine, fault.case) if isinstance(fault, Mismatch) else None,
    )


def verify_all(tasks: Sequence[Task], jobs: int) -> Iterator[Result]:
    """The results as they come."""
    if jobs == 1 or len(tasks) < 2:
        yield from map(verify, tasks)
        return
    # Not forked: LLVM and its locks would be copied in whatever state they are.
    context, workers = get_context("spawn"), min(jobs, len(tasks))
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts) as pool:
        futures = [pool.submit(verify, task) for task in tasks]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _leave_interrupts() -> None:
    """An interrupt is for the process that has started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def default_jobs() -> int:
    """As many as there are processors for this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


__all__ = ["Result", "RoundTripFault", "Task", "default_jobs", "result_of", "verify", "verify_all"]
