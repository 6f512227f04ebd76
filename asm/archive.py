"""Static libraries: archives of object files, of which only those that are needed are linked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rvx.asm.assembly import Assembly, Binding, Undefined
from rvx.asm.object_reader import MAGIC as ELF
from rvx.asm.object_reader import read_object
from rvx.asm.position import AssemblyError
from rvx.model.machine import Machine

MAGIC = b"!<arch>\n"
_HEADER = 60  # bytes


def read_archive(data: bytes, machine: Machine, *, file: str) -> list[Assembly]:
    """All object files of an archive."""
    return [
        read_object(contents, machine, file=f"{file}({name})")
        for name, contents in _members(data, file)
        if contents.startswith(ELF)
    ]


def with_needed(given: Sequence[Assembly], members: Sequence[Assembly]) -> list[Assembly]:
    """The assemblies, and of an archive's members those that define what others lack."""
    found = list(given)
    homes: dict[str, Assembly] = {}  # the first member wins
    for member in reversed(members):
        homes.update(dict.fromkeys(_defines(member), member))
    defined: set[str] = set()
    wanted: set[str] = set()
    for assembly in found:
        _note(assembly, defined, wanted)
    # In the order of the names, so that the program does not depend on how sets are ordered.
    while needed := sorted((wanted - defined) & homes.keys()):
        member = homes[needed[0]]
        found.append(member)
        _note(member, defined, wanted)
    return found


def _defines(assembly: Assembly) -> set[str]:
    return {
        symbol.name
        for symbol in assembly.symbols.values()
        if symbol.binding is not Binding.LOCAL and not isinstance(symbol.place, Undefined)
    }


def _note(assembly: Assembly, defined: set[str], wanted: set[str]) -> None:
    defined |= _defines(assembly)
    wanted |= {
        symbol.name
        for symbol in assembly.symbols.values()
        if symbol.binding is Binding.GLOBAL and isinstance(symbol.place, Undefined)
    }


def _members(data: bytes, file: str) -> Iterator[tuple[str, bytes]]:
    """Names and contents."""
    at, long_names = len(MAGIC), b""
    while at + _HEADER <= len(data):
        header = data[at : at + _HEADER]
        name, size = header[:16].decode("latin-1").rstrip(), header[48:58].strip()
        at += _HEADER
        if header[58:] != b"`\n" or not size.isdigit() or at + int(size) > len(data):
            raise AssemblyError(f"{file}: a damaged archive")
        contents = data[at : at + int(size)]
        at += int(size) + int(size) % 2
        if name == "//":
            long_names = contents
        elif name.startswith("/") and name[1:].isdigit():
            rest = long_names[int(name[1:]) :]
            yield rest.split(b"\n")[0].decode("latin-1").rstrip("/"), contents
        elif name.startswith("#1/") and name[3:].isdigit():
            length = int(name[3:])
            yield contents[:length].rstrip(b"\0").decode("latin-1"), contents[length:]
        elif name not in ("/", "/SYM64/"):
            yield name.rstrip("/"), contents
