"""C files that include the header of a machine."""

from __future__ import annotations

from pathlib import Path

from rvx.description import load_machine
from rvx.emit import header

ODD = Path(__file__).parent / "odd.isa"


def written(directory: Path, isa: str, extra: tuple[Path, ...] = (), body: str = "") -> Path:
    """A C file that includes the header of the machine."""
    (directory / "rvx.h").write_text(header(load_machine(isa, extra)), encoding="utf-8")
    source = directory / "call.c"
    source.write_text(f'#include "rvx.h"\n#include "rvx.h"\n{body}\n', encoding="utf-8")
    return source
