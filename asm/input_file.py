"""What a user names to be linked: sources, object files and archives, told apart by contents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rvx.asm import archive, object_reader
from rvx.asm.assembler import assemble_file
from rvx.asm.assembly import Assembly
from rvx.asm.position import AssemblyError
from rvx.model.machine import Machine


class InputFiles:
    """The files of one program, in their order."""

    def __init__(self, paths: Sequence[Path], machine: Machine, include: Sequence[Path]) -> None:
        """Read them. Raises AssemblyError."""
        self._assemblies: list[Assembly] = []
        self._members: list[Assembly] = []
        for path in paths:
            start = _start(path)
            if start.startswith(object_reader.MAGIC):
                contents = path.read_bytes()
                found = object_reader.read_object(contents, machine, file=str(path))
                self._assemblies.append(found)
            elif start.startswith(archive.MAGIC):
                self._members += archive.read_archive(path.read_bytes(), machine, file=str(path))
            else:
                self._assemblies.append(assemble_file(path, machine, include=include))

    def needed(self) -> list[Assembly]:
        """What to link: all files, and of archives the members that others need."""
        return archive.with_needed(self._assemblies, self._members)


def is_source(path: Path) -> bool:
    """Whether the file is text to be assembled."""
    return not _start(path).startswith((object_reader.MAGIC, archive.MAGIC))


def _start(path: Path) -> bytes:
    """The first bytes; none where there is no such file, which the assembler will say."""
    if not path.is_file():
        return b""
    try:
        with path.open("rb") as file:
            return file.read(8)
    except OSError as error:
        raise AssemblyError(f"{path}: cannot read this file: {error.strerror}") from None
