"""A machine that runs programs: hart, memory, host and the core's clock together."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TextIO

from rvx.description import isa_of_core, known_names, load_core, load_machine
from rvx.jit.engine import JitEngine
from rvx.machine.clock import Clock, CoreClock, InstructionClock
from rvx.machine.console import Console, GuestExit
from rvx.machine.device import map_ports
from rvx.machine.elf import load_elf, read_elf
from rvx.machine.hart import ILLEGAL, Bound, Hart
from rvx.machine.host import Host
from rvx.machine.htif import Htif
from rvx.machine.interrupts import Interrupts
from rvx.machine.memory import AccessFault, Memory
from rvx.machine.placement import parse_ram, ram_for
from rvx.machine.port import ExitPort
from rvx.machine.program import Program, ProgramError
from rvx.machine.report import UnhandledTrap, describe_trap
from rvx.machine.root import Root
from rvx.machine.stack import place_arguments
from rvx.machine.watch import WatchedClock, Watcher
from rvx.model.machine import Machine
from rvx.record import record
from rvx.reference.storage import TrapRaised
from rvx.timing import Pipeline

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

DEFAULT_RAM = range(0x8000_0000, 0x8000_0000 + (64 << 20))
DEFAULT_CORE = "single"
_POLL = 4096  # instructions between two looks at a pending HTIF command
_ECALL = range(8, 12)  # exception codes of ecall, by privilege
_NEVER = 1 << 64  # cycles
_SLOWEST = 1024  # cycles beyond what a core's text names that no instruction reaches


@record()
class Interval:
    """What passed between the markers rvx_begin and rvx_end, summed over all passages. One starts
    at the first rvx_begin, wherever else the program meets it before rvx_end."""

    instret: int = 0
    cycles: int = 0
    passages: int = 0
    since: tuple[int, int] | None = None  # instret and cycle at the open rvx_begin


@record(frozen=True)
class RunResult:
    """How a run ended. `status` is the guest's exit status, None where the budget was used up."""

    status: int | None
    instret: int
    cycles: int


@record(frozen=True)
class NativeShare:
    """What the JIT engine has done since the program was loaded."""

    instret: int  # retired by native code
    translated: int  # regions; those that the cache had are not
    translation: float  # seconds for which the guest waited for code


class CoreTextError(ValueError):
    """A core that is not written NAME[,PARAMETER=VALUE...]: one line for the user."""


@dataclass
class Simulator:
    """A loaded program on a machine.

    `isa` is an ISA string (None: the core's own), `core` a core's name with optional parameters
    (`cv32e40p,FPU_ADDMUL_LAT=1`), `extra` description files of the user's own, `timing` False
    counts every instruction as one cycle. `ram` gives address ranges, or BASE:SIZE as text; by
    default 64 MiB at 0x80000000, or where the program needs it. `engine` says what executes: they
    differ in nothing but speed. `arguments` are the program's, behind its name; `root` is the
    directory that it sees as `/`, and without one it sees no file.
    """

    isa: str | None = None
    core: str = DEFAULT_CORE
    extra: Sequence[str | Path] | str | Path = ()
    options: Mapping[str, str] = field(default_factory=dict)
    timing: bool = True
    ram: Sequence[range | str] | range | str | None = None
    exit_port: int | None = None
    engine: Literal["jit", "reference"] = "jit"
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    root: str | Path | None = None
    stdin: BinaryIO | None = None
    stdout: BinaryIO | None = None
    stderr: BinaryIO | None = None

    def __post_init__(self) -> None:
        if self.engine not in ("jit", "reference"):
            raise ValueError(f"engine is '{self.engine}'; it may be jit or reference")
        self._files = [self.extra] if isinstance(self.extra, str | Path) else self.extra
        name, parameters = parse_core(self.core)
        declared = load_core(name, self._files)
        self.machine: Machine = load_machine(
            isa_of_core(declared) if self.isa is None else self.isa, self._files, self.options
        )
        self._core, self._parameters = declared, parameters
        self.program: Program | None = None
        self.instret = 0
        self.kernel = Interval()
        self.regions: dict[str, Interval] = {}  # by the names of rvx_begin$NAME$... marks
        # Told pc and cycle of every instruction that retires: `on_retire` before its effects take
        # place, which only the reference can do; `on_stamp` soon after, by any engine.
        self.on_retire: Callable[[int, int], None] | None = None
        self.on_stamp: Callable[[int, int], None] | None = None
        self.watcher: Watcher | None = None  # of the clock, while the reference executes
        xlen = self.machine.xlen
        ram = [self.ram] if isinstance(self.ram, range | str) else self.ram or ()
        self._ram = tuple(parse_ram(r, xlen=xlen) if isinstance(r, str) else r for r in ram)
        self._prepare(self._ram or (DEFAULT_RAM,))

    def _prepare(self, ram: tuple[range, ...]) -> None:
        self.memory = Memory(ram)
        self.hart = Hart(self.machine, self.memory)
        self.__dict__.pop("_clock", None)
        self.__dict__.pop("_jit", None)
        # By address: intervals, and whether they open there. Ends come first.
        self._marks: dict[int, list[tuple[Interval, bool]]] = {}
        self._htif: Htif | None = None
        self._console = Console(
            self.stdin or _bytes_of(sys.stdin, sys.__stdin__),
            self.stdout or _bytes_of(sys.stdout, sys.__stdout__),
            self.stderr or _bytes_of(sys.stderr, sys.__stderr__),
        )
        self._host: Host | None = None
        self.last_pc: int | None = None  # of the instruction that led to this one
        self._last_trap = -1, -1, -1  # pc, cause, instret
        self._cycle_base = self._instret_base = 0  # where the counters started
        self._inhibited = 0  # counters that the instruction finds standing still
        self._time_base = 0  # the cycle at which mtime was zero
        self._interrupts = Interrupts(self.hart)
        self._horizon = 0  # the cycle from which on there may be an interrupt
        states = self.hart.states
        self._decisive = [states[name] for name in self.machine.interrupt_states]
        if self.exit_port is not None:
            ExitPort(self.exit_port, self.memory, self._console)
        map_ports(
            self.hart,
            self.memory,
            lambda: self._counters_in(self._clock.cycle),
            lambda written: self._counters_out(self._clock.cycle, written),
        )

    @cached_property
    def _clock(self) -> Clock:
        """Made for the hart when it is first asked for: compiling a core's text takes a while."""
        clock: Clock = InstructionClock()
        if self.timing:
            names = known_names(self._files)
            clock = CoreClock(self.hart, self._core, self._parameters, names)
        return clock if self.watcher is None else WatchedClock(clock, self.watcher)

    def load(self, program: Program | bytes | str | PathLike[str]) -> Program:
        """Put a program (or the bytes of an ELF file, or its path) into memory and the hart at its
        entry. Raises ProgramError, and OSError where the root cannot be used."""
        if isinstance(program, bytes):
            program = read_elf(program, name="program", xlen=self.machine.xlen)
        if not isinstance(program, Program):
            program = load_elf(program, xlen=self.machine.xlen)
        ram = self._ram or ram_for(program, DEFAULT_RAM)
        self._prepare(ram)
        program.load_into(self.memory)
        self.program = program
        self.instret, self.kernel, self.regions = 0, Interval(), {}
        top = ram[0].stop & -16
        self.hart.pc = program.entry
        # sp and gp, for programs without start-up code.
        arguments = [argument.encode("utf-8", "surrogateescape") for argument in self.arguments]
        environment = [
            f"{name}={value}".encode("utf-8", "surrogateescape")
            for name, value in self.environment.items()
        ]
        try:
            pointer = place_arguments(self.memory, top, program, arguments, environment)
        except AccessFault:
            raise ProgramError(f"{program.name}: there is no room for its arguments") from None
        self.hart.registers["x"][2] = pointer
        if (symbol := program.symbols.get("__global_pointer$")) is not None:
            self.hart.registers["x"][3] = symbol.address
        heap = range((program.end + 15) & -16, max(top - (1 << 20), program.end + 16))
        self._host = Host(
            self.memory,
            self._console,
            now=self._now,
            heap=heap,
            xlen=self.machine.xlen,
            root=None if self.root is None else Root(self.root),
        )
        if program.tohost is not None:
            self._htif = Htif(program, program.tohost, self.memory, self._host, self._console)
        self._find_marks(program)
        return program

    def _find_marks(self, program: Program) -> None:
        """The symbols rvx_begin and rvx_end mark the kernel; rvx_begin$NAME and rvx_end$NAME, with
        anything behind another $, a region of that name."""
        for symbol, place in program.symbols.items():
            mark, _, name = symbol.partition("$")
            if mark not in ("rvx_begin", "rvx_end"):
                continue
            name = name.partition("$")[0]
            interval = self.regions.setdefault(name, Interval()) if name else self.kernel
            here = self._marks.setdefault(place.address, [])
            here.append((interval, mark == "rvx_begin"))
            here.sort(key=lambda mark: mark[1])

    def _now(self) -> int:
        """Simulated microseconds, at a nominal 100 MHz."""
        return self._clock.cycles // 100

    @property
    def cycles(self) -> int:
        """Cycles so far: T(last) - T(first) + 1, with T the cycle of leaving decode."""
        return self._clock.cycles

    @property
    def pipeline(self) -> Pipeline | None:
        """The core's, while the reference executes; None with timing off."""
        return self._clock.pipeline

    # Running

    def run(self, max_instructions: int | None = None) -> RunResult:
        """Run until the guest exits or that many more instructions have retired.

        Raises UnhandledTrap where a trap has no handler, ProgramError where the program misuses
        HTIF, OSError where the host does not take its output.
        """
        limit = None if max_instructions is None else self.instret + max_instructions
        try:
            if self.engine == "jit" and self.on_retire is None:
                self._jit.run(limit)
            else:
                while limit is None or self.instret < limit:
                    self.step()
                    self._poll()
            self._console.flush()
        except GuestExit as end:
            return RunResult(end.code, self.instret, self.cycles)
        return RunResult(None, self.instret, self.cycles)

    @property
    def native(self) -> NativeShare | None:
        """What native code had to do with the run; None where the reference did it all."""
        if self.engine != "jit" or self.on_retire is not None:
            return None
        jit = self._jit
        return NativeShare(jit.native_instret, jit.translated, jit.translation_seconds)

    def step(self) -> None:
        """Execute one instruction, or enter the handler of its trap. Raises as `run` does, and
        GuestExit where the guest ends."""
        hart, clock = self.hart, self._clock
        pc = hart.pc
        try:
            word = hart.fetch_word(pc)
        except TrapRaised as trap:
            cycle = clock.issue(None, pc, 0)
            self._trapped(None, self._interrupt(cycle) or trap)
            return
        bound = hart.bind(word)
        cycle = clock.issue(bound, pc, word)
        if bound is None:
            self._trapped(None, self._interrupt(cycle) or TrapRaised(ILLEGAL, word))
            return
        self._execute(bound, pc, cycle)

    def finish(self) -> None:
        """Execute the instruction at pc, which the clock has issued already. Raises as `step`."""
        hart = self.hart
        bound = hart.fetch()
        assert bound is not None
        self._execute(bound, hart.pc, self._clock.cycle)

    def _execute(self, bound: Bound, pc: int, cycle: int) -> None:
        hart = self.hart
        if cycle >= self._horizon and (interrupt := self._interrupt(cycle)) is not None:
            self._trapped(bound, interrupt)
            return
        if bound.sees_counters:
            self._counters_in(cycle)
        try:
            hart.execute(bound)
        except TrapRaised as trap:
            self._trapped(bound, trap)
            return
        self._retire(bound, pc, cycle)

    def _poll(self) -> None:
        if self._htif is not None and self.instret % _POLL == 0:
            self._htif.poll()

    def _runs_to(self, instret: int, cycle: int) -> int | None:
        """The instret up to which, from there, there is nothing to poll, and no interrupt."""
        ends = []
        if self._htif is not None and self._htif.is_pending:
            ends.append(instret // _POLL * _POLL + _POLL - 1)
        if (horizon := self.interrupt_horizon()) is not None:
            ends.append(instret + max(horizon - 1 - cycle, 0) // self._slowest)
        return min(ends, default=None)

    @cached_property
    def _slowest(self) -> int:
        """More cycles than an instruction takes: what the core's text names (in decimal, as cycles
        are; masks are not), all together, with room for what it counts in operands."""
        if not self.timing:
            return 1
        named = re.findall(r"\b\d+\b", self._core.text)
        return _SLOWEST + sum(self._parameters.values()) + sum(map(int, named))

    @cached_property
    def _jit(self) -> JitEngine:
        from rvx.machine.driven import Driven, objects

        return JitEngine(Driven(self), objects())

    def _retire(self, bound: Bound, pc: int, cycle: int) -> None:
        """Count, note marks and commit. Counts come first: the store of an exit retires too."""
        hart = self.hart
        if pc in self._marks:
            self._mark(pc, cycle)
        self._clock.retire(bound)
        self.instret += 1
        self.last_pc = pc
        if self.on_retire is not None:
            self.on_retire(pc, cycle)
        if self.on_stamp is not None:
            self.on_stamp(pc, cycle)
        if bound.sees_counters:
            written = [values for values, _, _, _ in hart.writes]
            hart.commit(bound)
            self._counters_out(cycle, written)
        else:
            hart.commit(bound)

    def _mark(self, pc: int, cycle: int) -> None:
        for interval, opens in self._marks[pc]:
            if opens:
                interval.since = interval.since or (self.instret, cycle)
            elif interval.since is not None:
                interval.instret += self.instret - interval.since[0]
                interval.cycles += cycle - interval.since[1]
                interval.passages += 1
                interval.since = None

    # Traps and interrupts

    def interrupt_horizon(self) -> int | None:
        """The first cycle from the next one on in which an instruction may find an interrupt
        pending, if none changes what interrupts depend on; None: never."""
        cycle = self._clock.cycle + 1
        if self._horizon <= cycle:
            now = cycle - self._time_base & (1 << 64) - 1
            first = self._interrupts.first(now)
            self._horizon = _NEVER if first is None else cycle + first - now
        return self._horizon if self._horizon < _NEVER else None

    def _interrupt(self, cycle: int) -> TrapRaised | None:
        """The interrupt that the instruction which leaves decode in that cycle finds pending: it is
        taken in its place."""
        if cycle < self._horizon:
            return None
        now = cycle - self._time_base & (1 << 64) - 1
        cause = self._interrupts.pending(now)
        if cause is not None:
            return TrapRaised(cause, 0)
        first = self._interrupts.first(now)
        self._horizon = _NEVER if first is None else cycle + first - now
        return None

    def _trapped(self, bound: Bound | None, trap: TrapRaised) -> None:
        hart = self.hart
        cause, value = trap.cause, trap.value
        vector = hart.states["mtvec"][0]
        is_written = vector != self.machine.states["mtvec"].reset[0]
        is_call = cause in _ECALL and not is_written and self.exit_port is None
        if is_call and bound is not None and self._host is not None:
            self._host_call(bound)
            return
        if not is_written and not self._is_loaded(vector):
            reason = "the program has no trap handler"
            raise UnhandledTrap(f"{describe_trap(self, cause, value)}; {reason}")
        state = hart.pc, cause, self.instret
        if state == self._last_trap:
            reason = "the trap handler begins with this, and would trap forever"
            raise UnhandledTrap(f"{describe_trap(self, cause, value)}; {reason}")
        self._last_trap, self.last_pc = state, None
        self._clock.trap(bound, cause)
        hart.trap(cause, value)
        self._horizon = 0

    def _is_loaded(self, address: int) -> bool:
        segments = self.program.segments if self.program else ()
        return any(segment.address <= address < segment.end for segment in segments)

    def _host_call(self, bound: Bound) -> None:
        """newlib's ecall: a7 the number, a0 to a5 the arguments, a0 the result."""
        hart, x = self.hart, self.hart.registers["x"]
        assert self._host is not None
        pc, number, arguments = hart.pc, x[17], x[10:16]
        self._retire(bound, pc, self._clock.cycle)
        x[10] = self._host.call(number, arguments) & (1 << self.machine.xlen) - 1

    # Counters: states that are right only while an instruction that sees them executes

    def _counters_in(self, cycle: int) -> None:
        states = self.hart.states
        self._inhibited = states["inhibit"][0]
        mask = (1 << 64) - 1
        states["mtime"][0] = cycle - self._time_base & mask
        if not self._inhibited & 1:
            states["cycle"][0] = cycle - self._cycle_base & mask
        if not self._inhibited & 4:
            states["instret"][0] = self.instret - self._instret_base & mask

    def _counters_out(self, cycle: int, written: list[list[int]]) -> None:
        """A counter that was written, or starts again, goes on from the next instruction: the
        write wins over the increment (privileged manual 3.1.10)."""
        states = self.hart.states
        if any(values is states["mtime"] for values in written):
            self._time_base = cycle + 1 - states["mtime"][0]
        if any(values is decisive for values in written for decisive in self._decisive):
            self._horizon = 0
        released = self._inhibited & ~states["inhibit"][0]
        if released & 1 or any(values is states["cycle"] for values in written):
            self._cycle_base = cycle + 1 - states["cycle"][0]
        if released & 4 or any(values is states["instret"] for values in written):
            self._instret_base = self.instret - states["instret"][0]

    # Arrays

    def address_of(self, symbol: str | int) -> int:
        """The address of a symbol of the program. Raises KeyError with the name."""
        if isinstance(symbol, int):
            return symbol
        if self.program is None or symbol not in self.program.symbols:
            raise KeyError(f"the program has no symbol '{symbol}'")
        return self.program.symbols[symbol].address

    def read(
        self, symbol: str | int, dtype: DTypeLike, shape: int | tuple[int, ...]
    ) -> NDArray[Any]:
        """A copy of an array in memory, by symbol or address."""
        found: NDArray[Any] = self.memory.view(self.address_of(symbol), dtype, shape).copy()
        return found

    def write(self, symbol: str | int, values: NDArray[Any]) -> None:
        """Put an array into memory, by symbol or address, row-major and little-endian."""
        import numpy as np  # takes longer than most runs

        if not isinstance(values, np.ndarray | np.generic):
            raise TypeError("give a numpy array: its dtype says how wide an element is")
        little = values.astype(values.dtype.newbyteorder("<"), order="C")
        self.memory.write(self.address_of(symbol), little.tobytes())


def _bytes_of(stream: TextIO, original: TextIO | None) -> BinaryIO:
    """The bytes below a text stream. One of a notebook has none; then the process's own."""
    return getattr(stream, "buffer", None) or (original or stream).buffer


def parse_core(text: str) -> tuple[str, dict[str, int]]:
    """`NAME[,PARAMETER=VALUE...]`. Raises CoreTextError."""
    name, *settings = text.split(",")
    parameters: dict[str, int] = {}
    for setting in settings:
        form = re.fullmatch(r"(\w+)=(-?[0-9]+)", setting)
        if form is None:
            raise CoreTextError(f"'{setting}' in core '{text}' is not PARAMETER=VALUE")
        if form[1] in parameters:
            raise CoreTextError(f"core '{text}' sets {form[1]} twice")
        parameters[form[1]] = int(form[2])
    return name, parameters
