"""What `rvx train` shows while it runs: a line for each epoch, and on a terminal a bar."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from rvx.train.event import Event
from rvx.train.result import accuracy
from rvx.train.run import Done, Plan, Training


class Shown:
    """A run on the terminal. `is_quiet` prints nothing, `is_short` one line for the whole run."""

    def __init__(self, plan: Plan, *, is_quiet: bool, is_short: bool) -> None:
        self._plan = plan
        self._is_quiet, self._is_short = is_quiet, is_short
        self._out = Console(highlight=False, soft_wrap=True)
        self._error = Console(stderr=True, highlight=False, soft_wrap=True)
        self._name = f"{plan.workload.name} {plan.system.name} seed {plan.settings.seed}"
        self._progress: Progress | None = None
        self._task = TaskID(0)
        self._epoch = 0

    def __enter__(self) -> Self:
        if self._error.is_terminal and not self._is_quiet:
            columns = BarColumn(), TextColumn("{task.description}")
            self._progress = Progress(*columns, console=self._error, transient=True)
            self._task = self._progress.add_task(self._name, total=self._plan.settings.epochs)
            self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    # What `Training` tells

    def on_event(self, event: Event, training: Training) -> None:
        if event.kind == "epoch":
            self._epoch = event.whole("epoch")
            if not self._is_quiet and not self._is_short:
                self._say(self._line(event, training))
        self.on_slice(training, event.real("train") if event.kind == "step" else None)

    def on_slice(self, training: Training, loss: float | None = None) -> None:
        if self._progress is None:
            return
        simulator = training.simulator
        text = f"{self._name}: {simulator.cycles / 1e6:.0f} Mcycles, {training.mips:.0f} MIPS"
        if loss is not None:
            text += f", loss {loss:.4f}"
        self._progress.update(self._task, completed=self._epoch, description=text)

    def on_resume(self, message: str) -> None:
        self._error.print(f"rvx: {message}", markup=False)

    def finished(self, done: Done) -> Done:
        """Says how it ended."""
        if not self._is_quiet:
            last = done.epochs[-1]
            self._say(
                f"{self._name}: {_result(last)}, {done.instret} instructions, "
                f"{done.cycles} cycles, {done.seconds:.1f} s, "
                f"{done.instret / done.seconds / 1e6:.0f} MIPS, "
                f"digest {done.events[-1].words['digest']}"
            )
        return done

    def _line(self, event: Event, training: Training) -> str:
        epoch = event.whole("epoch")
        learned = f"train {event.real('train'):8.4f}  " if epoch else " " * 16
        spent = event.spent
        return (
            f"epoch {epoch:3}  {learned}{_result(event)}  "
            f"{spent.train_cycles / 1e6:9.1f} Mcycles  {training.mips:5.0f} MIPS"
            + (f"  {event.whole('skipped')} skipped" if event.whole("skipped") else "")
        )

    def _say(self, line: str) -> None:
        if self._progress is not None and self._out.is_terminal:
            self._progress.print(line, markup=False)  # above the bar
        else:
            self._out.print(line, markup=False)
            self._out.file.flush()


def _result(event: Event) -> str:
    found = accuracy(event)
    text = f"held out {event.real('held'):8.4f}"
    return text if found is None else f"{text}  {100 * found:6.2f} % right"
