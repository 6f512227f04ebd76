"""All that can be seen of a machine at one moment, and how two of them differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rvx.machine.simulator import Simulator
from rvx.number import flag_names
from rvx.verify import place

# Right only while an instruction sees them executes.
_MOMENTARY = frozenset({"cycle", "instret", "mtime"})
_SHOWN = 12  # differences of one kind in a message


@dataclass(frozen=True)
class Outcome:
    """How far a run came, and what it left. `ended` tells why it stopped."""

    ended: str
    instret: int
    cycles: int
    pc: int
    registers: Mapping[str, tuple[int, ...]]
    states: Mapping[str, tuple[int, ...]]
    memory: bytes = field(repr=False)


def outcome(simulator: Simulator, ended: str) -> Outcome:
    """The simulator as it is."""
    hart = simulator.hart
    return Outcome(
        ended,
        simulator.instret,
        simulator.cycles,
        hart.pc,
        {name: tuple(values) for name, values in hart.registers.items()},
        {name: tuple(v) for name, v in hart.states.items() if name not in _MOMENTARY},
        simulator.memory.read(place.RAM.start, len(place.RAM)),
    )


def differences(ours: Outcome, theirs: Outcome, files: Mapping[str, object]) -> list[str]:
    """What is not the same, a line each: `NAME: ours, theirs`. Empty where nothing differs."""
    if ours == theirs:
        return []
    found = []
    for name in ("ended", "instret", "cycles"):
        a, b = getattr(ours, name), getattr(theirs, name)
        if a != b:
            found.append(f"{name}: {a}, {b}")
    if ours.pc != theirs.pc:
        found.append(f"pc: {ours.pc:#010x}, {theirs.pc:#010x}")
    for kind in ("registers", "states"):
        for name, values in getattr(ours, kind).items():
            pairs = zip(values, getattr(theirs, kind)[name], strict=True)
            for index, (a, b) in enumerate(pairs):
                if a != b:
                    label = f"{name}{index}" if kind == "registers" else name
                    found.append(f"{label}: {_shown(name, a)}, {_shown(name, b)}")
    found += _memory(ours.memory, theirs.memory)
    return found


def _shown(name: str, value: int) -> str:
    return f"{value:#x} ({flag_names(value)})" if name == "fflags" else f"{value:#x}"


def _memory(ours: bytes, theirs: bytes) -> Iterator[str]:
    if ours == theirs:
        return
    words = [at for at in range(0, len(ours), 4) if ours[at : at + 4] != theirs[at : at + 4]]
    for at in words[:_SHOWN]:
        a, b = (int.from_bytes(m[at : at + 4], "little") for m in (ours, theirs))
        yield f"memory[{place.RAM.start + at:#010x}]: {a:#010x}, {b:#010x}"
    if len(words) > _SHOWN:
        yield f"and {len(words) - _SHOWN} other words of memory"
