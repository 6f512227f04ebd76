"""The recordings of the CV32E40P as the user of `rvx calibrate` would have them: ELF files, and for
each a file of stamps, written as `rvx run --stamps` writes them."""

from __future__ import annotations

import io
import json
import lzma
import sys
import tarfile
from collections.abc import Collection, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from rvx.command.main import main

DATA = Path(__file__).parents[1] / "data" / "cv32e40p"
CORE = Path(__file__).parent / "unknown.isa"
MACHINE = ("--ram", "0:576K", "--exit-port", "0xF0000000")


def _read(name: str) -> Any:
    return json.loads(lzma.decompress((DATA / name).read_bytes()))


def write_recordings(
    folder: Path, parameters: Sequence[int], programs: Collection[str] | None, group: str = ""
) -> tuple[list[Path], list[Path]]:
    """Programs and stamps of one configuration: those named, or a whole group."""
    archive = io.BytesIO(lzma.decompress((DATA / "programs.tar.xz").read_bytes()))
    with tarfile.open(fileobj=archive) as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", None)  # none before 3.11.4
        tar.extractall(folder)
    traces, elves, stamps = _read("traces.json.xz"), [], []
    for record in _read("records.json.xz"):
        name = record["program"]
        is_wanted = record["group"] == group if programs is None else name in programs
        if list(record["parameters"].values()) != list(parameters) or not is_wanted:
            continue
        start, deltas = record["start"], record["deltas"]
        path = traces[name]["path"][start : start + len(deltas) + 1]
        lines = zip(path, accumulate(deltas, initial=1000), strict=True)
        elves.append(folder / f"{name}.elf")
        stamps.append(folder / f"{name}.txt")
        stamps[-1].write_text("".join(f"{pc:08x} {cycle}\n" for pc, cycle in lines))
    return elves, stamps


def calibrated(capture: Any, *words: object) -> dict[str, Any]:
    """What `rvx calibrate --json` says."""
    capture.readouterr()
    assert main(["calibrate", *map(str, words), "--json"]) == 0
    sys.stdout.flush()
    found: dict[str, Any] = json.loads(capture.readouterr().out)
    return found
