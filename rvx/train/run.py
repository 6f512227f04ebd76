"""A run of the training program on the simulator, with checkpoints and progress as it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from time import perf_counter, process_time
from typing import Any, Final, Protocol

import numpy as np

from rvx.bench.system import System
from rvx.machine.elf import read_elf
from rvx.machine.simulator import Interval, Simulator
from rvx.train.checkpoints import Checkpoints
from rvx.train.data import DataSet
from rvx.train.event import Event, Spent, parse_line
from rvx.train.program import build_program
from rvx.train.settings import Settings, TrainError
from rvx.train.workload import Workload

_REGION: Final = "train"
_FIRST_SLICE: Final = 1_000_000  # instructions
_LEAST_SLICE: Final = 100_000
_SLICE: Final = 0.5  # seconds between two looks at the clock on the wall


@dataclass(frozen=True)
class Plan:
    """What is to be run."""

    workload: Workload
    system: System
    core: str
    settings: Settings


@dataclass(frozen=True)
class Done:
    """What a run found."""

    plan: Plan
    events: tuple[Event, ...]
    weights: bytes
    instret: int
    cycles: int
    seconds: float
    """Of wall time, over all processes that the run was spread on."""
    cpu_seconds: float
    translation_seconds: float
    code_bytes: int
    data_bytes: int
    """Of the data set."""

    @property
    def epochs(self) -> list[Event]:
        return [event for event in self.events if event.kind == "epoch"]

    @property
    def start(self) -> Event:
        return self.events[0]

    @property
    def digest(self) -> str:
        """Of the parameters, masters where there are some."""
        return sha256(self.weights).hexdigest()


class Watcher(Protocol):
    """Is told how a run goes."""

    def on_event(self, event: Event, training: Training) -> None:
        """The guest has written a line."""

    def on_slice(self, training: Training) -> None:
        """Half a second has passed."""

    def on_resume(self, message: str) -> None:
        """The run goes on from a checkpoint, or a checkpoint was refused."""


class Silent:
    """Watches nothing."""

    def on_event(self, event: Event, training: Training) -> None:
        pass

    def on_slice(self, training: Training) -> None:
        pass

    def on_resume(self, message: str) -> None:
        pass


class Training:
    """A run that can be stopped and gone on with."""

    def __init__(
        self,
        plan: Plan,
        data: DataSet,
        *,
        checkpoints: Checkpoints | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        self.plan = plan
        self.events: list[Event] = []
        self._data = data
        self._checkpoints = checkpoints
        self._watcher: Watcher = watcher or Silent()
        self._seconds = self._cpu_seconds = 0.0  # of earlier processes
        self._started = perf_counter()
        self._cpu_started = process_time()
        self._line = b""
        self.simulator = Simulator(
            isa=plan.system.isa,
            core=plan.core,
            stdin=BytesIO(),
            stdout=_Lines(self._take),  # type: ignore[arg-type]
            stderr=BytesIO(),
        )

    @property
    def seconds(self) -> float:
        return self._seconds + perf_counter() - self._started

    @property
    def cpu_seconds(self) -> float:
        return self._cpu_seconds + process_time() - self._cpu_started

    @property
    def mips(self) -> float:
        """Million simulated instructions a second of wall time, over the whole run."""
        return self.simulator.instret / self.seconds / 1e6

    def run(self) -> Done:
        """Run from the last checkpoint, or from the start, to the end. Raises TrainError,
        CompilerError, OSError."""
        plan, simulator = self.plan, self.simulator
        elf = build_program(
            simulator.machine, plan.system, plan.workload, plan.settings, self._data
        )
        program = simulator.load(read_elf(elf, name="training", xlen=simulator.machine.xlen))
        self._started, self._cpu_started = perf_counter(), process_time()
        if self._checkpoints is not None:
            self._resume(self._checkpoints)
        length = _FIRST_SLICE
        while True:
            before, started = simulator.instret, perf_counter()
            ended = simulator.run(length)
            if ended.status is not None:
                break
            taken = max(perf_counter() - started, 1e-6)
            speed = (simulator.instret - before) / taken
            length = max(int(speed * min(_SLICE, self._patience)), _LEAST_SLICE)
            self._watcher.on_slice(self)
            if self._checkpoints is not None and self._checkpoints.are_due(self.seconds):
                self._checkpoints.write(simulator, self.seconds, self._about())
        if ended.status != 0 or not self.events or self.events[-1].kind != "end":
            raise TrainError(f"the training program ended with status {ended.status}")
        native = simulator.native
        code = sum(segment.end - segment.address for segment in program.segments[:1])
        return Done(
            plan,
            tuple(self.events),
            self._weights(self.events[-1]),
            ended.instret,
            ended.cycles,
            self.seconds,
            self.cpu_seconds,
            0.0 if native is None else native.translation,
            code,
            len(self._data.data),
        )

    @property
    def _patience(self) -> float:
        return _SLICE if self._checkpoints is None else max(self._checkpoints.every / 2, 0.01)

    def _weights(self, end: Event) -> bytes:
        simulator = self.simulator
        return simulator.read(end.whole("address"), np.uint8, end.whole("bytes")).tobytes()

    # Checkpoints

    def _about(self) -> dict[str, Any]:
        return {
            "events": [event.to_json() for event in self.events],
            "seconds": self.seconds,
            "cpu_seconds": self.cpu_seconds,
        }

    def _resume(self, checkpoints: Checkpoints) -> None:
        about = checkpoints.restore(self.simulator, self._watcher.on_resume)
        if about is not None:
            self.events = [Event.from_json(event) for event in about["events"]]
            self._seconds, self._cpu_seconds = about["seconds"], about["cpu_seconds"]

    # What the guest writes

    def _take(self, data: bytes) -> None:
        *lines, self._line = (self._line + data).split(b"\n")
        for line in lines:
            event = parse_line(line.decode("ascii", "replace"), self._spent())
            self.events.append(event)
            self._watcher.on_event(event, self)

    def _spent(self) -> Spent:
        simulator = self.simulator
        instret, cycles = simulator.instret, simulator.cycles
        training = simulator.regions.get(_REGION, Interval())
        since = training.since or (instret, cycles - 1)
        return Spent(
            instret,
            cycles,
            training.instret + instret - since[0],
            training.cycles + cycles - 1 - since[1],
        )


class _Lines:
    """A stream for the guest's standard output."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take

    def write(self, data: bytes) -> int:
        self._take(data)
        return len(data)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False
