"""All the native code of one program on one machine, as it is kept on disk.

Its name says what it was made for: the machine, the core, rvx itself, the host, the program. What
it was made from, the guest's code, is compared when it is used.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from rvx.store import Store

if TYPE_CHECKING:
    from rvx.jit.host import Host

# Packages whose sources decide what code is made; those that decide what a description becomes
# are part of the machine's identity already.
_MAKERS: Final = ("jit", "jit.number", "timing")
MOST_BYTES: Final = 16 << 20  # of a program's objects
MOST_THREADS: Final = 1 << 14
_MOST_IN_ALL: Final = 256 << 20


@dataclass(frozen=True)
class Kept:
    """A region's code. `image` has the guest's bytes that it was made from."""

    pc: int
    situation: int
    level: int
    longest: int
    instructions: int
    name: str
    code: tuple[range, ...]
    image: tuple[bytes, ...]
    situations: tuple[int, ...]  # that it names
    entries: tuple[tuple[int, int], ...]  # beside its own pc and situation
    object: bytes
    routines: tuple[str, ...] = ()  # that it calls


@dataclass(frozen=True)
class Unit:
    """Routines that were compiled together, with the region that called them first."""

    names: tuple[str, ...]
    object: bytes


class KeptThread(NamedTuple):
    """A thread; what its fields mean says `rvx.jit.thread`."""

    pc: int
    situation: int
    longest: int
    executions: int
    start: int  # of the guest's bytes that it was made from
    image: bytes
    words: bytes


def named(region: Kept) -> set[int]:
    """The numbers of situations that its code and its entries have."""
    return {region.situation, *region.situations, *(number for _, number in region.entries)}


@dataclass
class Pack:
    """What one file holds."""

    trampoline: bytes = b""
    trampoline_level: int = 0
    regions: list[Kept] = field(default_factory=list)
    situations: dict[int, bytes] = field(default_factory=dict)  # pickled, by number
    units: list[Unit] = field(default_factory=list)
    threads: list[KeptThread] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)  # in the order of the threads' table
    operation_objects: list[bytes] = field(default_factory=list)
    thread_situations: set[int] = field(default_factory=set)  # that threads name

    def merge(self, newer: Pack) -> None:
        """Take over another's regions; of two for one thing the better, or else the newer."""
        latest: dict[tuple[object, int], Kept] = {}
        best: dict[object, Kept] = {}
        for region in (*self.regions, *newer.regions):
            key: object = (region.pc, region.situation, region.image)
            latest.pop((key, region.level), None)  # what comes last is the newest
            latest[key, region.level] = region
            if key not in best or region.level >= best[key].level:
                best[key] = region
        self.regions = _newest(
            [
                region
                for (key, _), region in latest.items()
                if region is best[key] or not set(region.entries) <= set(best[key].entries)
            ]
        )
        if newer.trampoline and newer.trampoline_level >= self.trampoline_level:
            self.trampoline, self.trampoline_level = newer.trampoline, newer.trampoline_level
        self._merge_threads(newer)
        known = self.situations | newer.situations
        used = {n for region in self.regions for n in named(region)} | self.thread_situations
        self.situations = {number: known[number] for number in used if number in known}
        self._merge_units(newer.units)

    def _merge_threads(self, newer: Pack) -> None:
        """Threads know operations by number: of two tables one must begin with the other."""
        one, other = self.operations, newer.operations
        if other[: len(one)] == one:
            self.operations, self.operation_objects = other, newer.operation_objects
        elif one[: len(other)] != other:
            self.threads, self.thread_situations = [], set()
            self.operations, self.operation_objects = other, newer.operation_objects
        found = {
            (each.pc, each.situation, each.image): each for each in (*self.threads, *newer.threads)
        }
        self.threads = list(found.values())[-MOST_THREADS:]
        self.thread_situations |= newer.thread_situations

    def _merge_units(self, newer: list[Unit]) -> None:
        """Keep those that a region calls; routines of one name are equal."""
        missing = {name for region in self.regions for name in region.routines}
        kept = []
        for unit in (*self.units, *newer):
            if not missing.isdisjoint(unit.names):
                missing.difference_update(unit.names)
                kept.append(unit)
        self.units = kept


def _newest(regions: list[Kept]) -> list[Kept]:
    """As many as there is room for, the last ones."""
    taken = 0
    for index in range(len(regions) - 1, -1, -1):
        taken += len(regions[index].object)
        if taken > MOST_BYTES:
            return regions[index + 1 :]
    return regions


def store_in(folder: Path | None) -> Store:
    """The packs in a folder; None: nothing is kept."""
    return Store(folder, _MOST_IN_ALL)


def load_pack(store: Store, name: str) -> Pack:
    """What is kept under a name; an empty pack where nothing is, or nothing that can be read."""
    with suppress(Exception):
        content = store.get(name)
        found = pickle.loads(content) if content is not None else None
        if isinstance(found, Pack):
            return found
    return Pack()


def save_pack(store: Store, name: str, pack: Pack) -> None:
    """Add to what is kept under a name."""
    merged = load_pack(store, name)
    merged.merge(pack)
    store.put(name, pickle.dumps(merged, protocol=5))


@dataclass(frozen=True)
class Late:
    """A region that is still being compiled, and where it belongs."""

    folder: Path | None
    name: str
    kept: Kept  # still without its object
    situations: Mapping[int, bytes]

    def with_object(self, object: bytes) -> Kept:
        return replace(self.kept, object=object)

    def keep(self, object: bytes) -> None:
        """Keep it where nobody waits for it any more."""
        pack = Pack(regions=[self.with_object(object)], situations=dict(self.situations))
        save_pack(store_in(self.folder), self.name, pack)


def pack_name(host: Host, identity: str) -> str:
    """The name for a machine and program, by everything that code depends on."""
    return sha256(_makers() + host.key.encode() + b"\n" + identity.encode()).hexdigest()


@cache
def _makers() -> bytes:
    """Changes from version to version, and while somebody works on rvx."""
    found = sha256()
    for package in _MAKERS:
        folder = Path(str(import_module(f"rvx.{package}").__file__)).parent
        for file in sorted(folder.glob("*.py")):
            status = file.stat()
            found.update(f"{package} {file.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return found.digest()
