"""What was measured: the cycles of consecutive instructions, from files of stamps."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from rvx.record import record


class StampError(Exception):
    """Stamps that cannot be used: one line for the user."""


@record(frozen=True)
class Measured:
    """Consecutive instructions of one run, each with the cycle in which it left decode."""

    name: str
    pcs: Sequence[int]
    cycles: Sequence[int]


def read_stamps(path: Path) -> Measured:
    """Lines of pc (hexadecimal) and cycle, as `rvx run --stamps` writes them; also gzipped."""
    text = _read(path)
    pcs, cycles = [], []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            pc, cycle = line.split()
            pcs.append(int(pc, 16))
            cycles.append(int(cycle))
        except ValueError:
            raise StampError(f"{path}:{number}: not a pc and a cycle: {line[:40]!r}") from None
    if not pcs:
        raise StampError(f"{path}: has no stamps")
    return Measured(path.name, pcs, cycles)


def _read(path: Path) -> str:
    data = path.read_bytes()
    try:
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode(errors="replace")
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise StampError(f"{path}: is a damaged gzip file") from None


def is_records(path: Path) -> bool:
    """Whether the file has records of many programs."""
    return path.suffix == ".json"


def read_records(
    path: Path, programs: Sequence[Path], config: Mapping[str, int]
) -> Mapping[Path, Measured]:
    """The records of those programs that have one, from a JSON file: `records`, each with `elf`,
    `config` and `cycles`, and `pcs` with `id_exit_deltas`, or a `stamp_file` of lines with pc and
    delta. `config` chooses among the records of a program.
    """
    try:
        records = json.loads(path.read_text())["records"]
        fitting = {
            Path(found["elf"]).name: found
            for found in records
            if all(found["config"].get(name) == value for name, value in config.items())
        }
        found = {p: _measured(fitting[p.name], path.parent) for p in programs if p.name in fitting}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise StampError(f"{path}: is not a file of records: {error!r}") from None
    if not found:
        settings = ", ".join(f"{name}={value}" for name, value in config.items())
        raise StampError(f"{path}: has no record of these programs {settings}".rstrip())
    return found


def _measured(found: Mapping[str, Any], folder: Path) -> Measured:
    if "stamp_file" in found:
        rows = _read(folder / found["stamp_file"]).split()
        # The delta of a line is the time until the next line's instruction; the last has none.
        pcs = [int(pc, 16) for pc in rows[::2]]
        deltas = [int(delta) for delta in rows[1::2]][:-1]
    else:
        pcs, deltas = found["pcs"], found["id_exit_deltas"]
    return Measured(found["name"], pcs, list(accumulate(deltas, initial=0)))
