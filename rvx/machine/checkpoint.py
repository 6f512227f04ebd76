"""Checkpoints: a simulator between two runs as bytes, from which another goes on to the same bits,
the same instret and the same cycles.

What is kept is what the guest and its clock can tell apart: RAM, registers, states, counters, what
the past still means to the core's timing (by its content: the numbers of a transducer are a
process's own), the host's side of system calls, and the intervals between marks. Translated code is
not: it is made again, or comes from the cache.

Not kept are open files below a root, nor what a program has half said through HTIF.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Any, Final

from rvx.machine.hazard_text import read_hazard, write_hazard
from rvx.machine.memory import Region
from rvx.machine.simulator import Interval, Simulator

_MAGIC: Final = b"rvx checkpoint 1\n"
_LENGTH: Final = 8  # bytes
_PAGE: Final = 4096
_LEVEL: Final = 1  # of compression: RAM is full of noise


class CheckpointError(Exception):
    """A checkpoint that cannot be made or used: one line for the user."""


class DamagedCheckpoint(CheckpointError):
    """One that is not whole."""


def write_checkpoint(simulator: Simulator, path: Path, about: Mapping[str, Any]) -> None:
    """Keep the simulator in a file, whole or not at all, also where the process or the machine dies
    meanwhile. `about` is for the reader: JSON. Raises CheckpointError, OSError."""
    data = _bytes(simulator, about)
    handle, name = mkstemp(prefix=".checkpoint-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    with suppress(OSError):  # where folders cannot be opened, the rename itself has to do
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read_about(path: Path) -> dict[str, Any]:
    """What the file's writer said about it. Raises DamagedCheckpoint where it is not whole."""
    about: dict[str, Any] = _parts(path)[0]["about"]
    return about


def restore(simulator: Simulator, path: Path) -> dict[str, Any]:
    """Put a simulator that has loaded the same program where the checkpoint was made; what was said
    about it. Raises CheckpointError, DamagedCheckpoint among it: the simulator is as it was."""
    header, pages = _parts(path)
    if header["program"] != _identity(simulator):
        raise CheckpointError(
            f"{path}: is of another program, machine or core; give another folder for this run"
        )
    _put_memory(simulator, header["pages"], pages)
    _put_state(simulator, header["state"])
    about: dict[str, Any] = header["about"]
    return about


# Files: the magic, the length of the header, the header, pages, and the checksum of all that


def _bytes(simulator: Simulator, about: Mapping[str, Any]) -> bytes:
    places, content = [], bytearray()
    for region in simulator.memory.regions:
        for start, stop in _filled(region):
            places.append([region.base + start, stop - start])
            content += region.bytes[start:stop]
    header = json.dumps(
        {
            "program": _identity(simulator),
            "about": dict(about),
            "state": _state(simulator),
            "pages": places,
        }
    ).encode()
    body = b"".join(
        (_MAGIC, len(header).to_bytes(_LENGTH, "little"), header, zlib.compress(content, _LEVEL))
    )
    return body + sha256(body).digest()


def _parts(path: Path) -> tuple[dict[str, Any], bytes]:
    """The header, and the bytes of the pages that it names."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DamagedCheckpoint(f"{path}: {error.strerror}") from None
    body, checksum = data[:-32], data[-32:]
    if not body.startswith(_MAGIC):
        raise DamagedCheckpoint(f"{path}: is no checkpoint of this version of rvx")
    if sha256(body).digest() != checksum:
        raise DamagedCheckpoint(f"{path}: is not whole: its checksum is wrong")
    start = len(_MAGIC) + _LENGTH
    end = start + int.from_bytes(body[len(_MAGIC) : start], "little")
    header: dict[str, Any] = json.loads(body[start:end])
    return header, zlib.decompress(body[end:])


def _identity(simulator: Simulator) -> str:
    """What has to be the same: the program, the machine, the core, RAM."""
    program = simulator.program
    if program is None:
        raise CheckpointError("a checkpoint is of a program: load one first")
    found = sha256()
    for segment in program.segments:
        found.update(b"%x:" % segment.address + bytes(segment.data))
    regions = [f"{region.base:x}+{region.size:x}" for region in simulator.memory.regions]
    core = simulator.core if simulator.timing else "off"
    found.update(repr((simulator.machine.digest, simulator.machine.isa, core, regions)).encode())
    return found.hexdigest()


# RAM


def _filled(region: Region) -> Iterator[tuple[int, int]]:
    """Runs of pages that are not all zeros, as offsets."""
    import numpy as np  # takes longer than most runs

    whole = region.size // _PAGE * _PAGE
    words = np.frombuffer(region.bytes[:whole], np.uint64).reshape(-1, _PAGE // 8)
    filled = np.flatnonzero(words.any(axis=1))
    for run in np.split(filled, np.flatnonzero(np.diff(filled) != 1) + 1):
        if len(run):
            yield int(run[0]) * _PAGE, (int(run[-1]) + 1) * _PAGE
    if whole < region.size:
        yield whole, region.size


def _put_memory(simulator: Simulator, places: list[list[int]], content: bytes) -> None:
    memory = simulator.memory
    for region in memory.regions:
        memory.clear(region.base, region.size)
    done = 0
    for address, length in places:
        memory.write(address, content[done : done + length])
        done += length


# Everything else


def _state(simulator: Simulator) -> dict[str, Any]:
    hart, host = simulator.hart, simulator._host
    assert host is not None
    htif = simulator._htif
    if htif is not None and htif.is_pending:
        raise CheckpointError("no checkpoint between the two halves of a command through tohost")
    return {
        "pc": hart.pc,
        "registers": hart.registers,
        "states": hart.states,
        "instret": simulator.instret,
        "cycle": simulator._clock.cycle,
        "hazard": write_hazard(simulator.pipeline),
        "host": host.state(),
        "kernel": _interval(simulator.kernel),
        "regions": {name: _interval(each) for name, each in simulator.regions.items()},
        "last": [simulator.last_pc, list(simulator._last_trap)],
        "bases": [
            *(simulator._cycle_base, simulator._instret_base, simulator._inhibited),
            *(simulator._time_base,),
        ],
    }


def _put_state(simulator: Simulator, state: dict[str, Any]) -> None:
    hart, host = simulator.hart, simulator._host
    assert host is not None
    hart.pc = state["pc"]
    for kept, now in ((state["registers"], hart.registers), (state["states"], hart.states)):
        for name, values in kept.items():
            now[name][:] = values
    simulator.instret = state["instret"]
    simulator._clock.resume(read_hazard(simulator.pipeline, state["hazard"]), state["cycle"])
    host.resume(state["host"])
    _put_interval(simulator.kernel, state["kernel"])
    for name, interval in state["regions"].items():
        _put_interval(simulator.regions[name], interval)
    simulator.last_pc, trap = state["last"]
    simulator._last_trap = (trap[0], trap[1], trap[2])
    (
        simulator._cycle_base,
        simulator._instret_base,
        simulator._inhibited,
        simulator._time_base,
    ) = state["bases"]
    simulator._horizon = 0  # found anew


def _interval(interval: Interval) -> list[Any]:
    return [interval.instret, interval.cycles, interval.passages, interval.since]


def _put_interval(interval: Interval, kept: list[Any]) -> None:
    interval.instret, interval.cycles, interval.passages, since = kept
    interval.since = None if since is None else (since[0], since[1])
