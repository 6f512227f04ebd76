"""From region to region in native code: a table of entries, and the trampoline that follows it.

An entry is found by pc and situation. What is not in the table goes back to Python, a thousand
times slower, and is usually in it the next time.
"""

from __future__ import annotations

import ctypes
from array import array
from typing import TYPE_CHECKING, Final

from rvx.jit.layout import Layout
from rvx.jit.region import Reason

if TYPE_CHECKING:
    from rvx.jit.host import Host
    from rvx.jit.native import Code
    from rvx.jit.text import Function


# Beside the reasons of regions: the table has no entry.
MISS: Final = 4

ENTRIES: Final = 1 << 15
WAYS: Final = 4  # places for an entry: one where its hash points, three behind it
_ENTRY: Final = 64  # bytes, a line of the host's cache
# Offsets in an entry, 8 bytes each.
_PC, _SITUATION, _CODE, _LONGEST, _THREAD, _ORIGIN = 0, 8, 16, 24, 32, 40
_REASON: Final = _ENTRY - 1  # bits of the trampoline's result; the rest is the entry's address
_NAME: Final = "dispatch"
_THREADS: Final = "thread"


class Table:
    """The trampoline's table, in memory of the host. Situation 0 marks a free entry."""

    def __init__(self) -> None:
        size = (ENTRIES + WAYS) * _ENTRY
        self._memory = (ctypes.c_char * (size + _ENTRY))()
        start = -ctypes.addressof(self._memory) % _ENTRY
        self.address = ctypes.addressof(self._memory) + start
        self._words = memoryview(self._memory).cast("B")[start : start + size].cast("Q")
        self._places: dict[tuple[int, int], int] = {}  # number of the entry of a pc and situation
        self._keys: dict[int, tuple[int, int]] = {}

    def enter(self, pc: int, situation: int, code: int, longest: int, thread: int = 0) -> None:
        """Let the trampoline find a region's code, in place of another's if need be; `thread` is
        the host address of the thread that it is to execute."""
        place = self._places.get((pc, situation))
        if place is None:
            first = (pc >> 1) + situation & ENTRIES - 1
            places = range(first, first + WAYS)
            place = next((p for p in places if p not in self._keys), None)
            if place is None:
                place = places[pc // 2 % WAYS]
                del self._places[self._keys[place]]
            self._places[pc, situation] = place
            self._keys[place] = pc, situation
        at = place * _ENTRY // 8
        self._words[at : at + 5] = memoryview(array("Q", (pc, situation, code, longest, thread)))

    def remove(self, pc: int, situation: int) -> None:
        """Forget an entry, if it is there."""
        place = self._places.pop((pc, situation), None)
        if place is not None:
            del self._keys[place]
            at = place * _ENTRY // 8
            self._words[at + _SITUATION // 8] = 0
            self._words[at + _ORIGIN // 8] = 0

    def key(self, address: int) -> tuple[int, int] | None:
        """The pc and situation of the entry at an address, as `Trampoline.run` gives it."""
        return self._keys.get((address - self.address) // _ENTRY) if address else None

    def origins(self) -> list[tuple[int, int]]:
        """From where entries were reached last: pc of the instruction before, and of the entry."""
        found = []
        for place, (pc, _) in self._keys.items():
            if origin := self._words[place * _ENTRY // 8 + _ORIGIN // 8]:
                found.append((origin, pc))
        return found


class Trampoline:
    """The compiled trampoline for one layout."""

    def __init__(self, code: Code) -> None:
        self._code = code  # keeps it alive
        self._function = code.function(_NAME, ctypes.c_uint64, ctypes.c_void_p)
        self.threads = code.address(_THREADS)  # of what executes a thread

    def run(self, block: int) -> tuple[int, int]:
        """Run from the state at `block`: a Reason or MISS, and the address of the entry that was
        run last, or 0. The GIL is free meanwhile."""
        found = self._function(block)
        return found & _REASON, found & ~_REASON


def trampoline_object(layout: Layout, host: Host, level: int = 1) -> bytes:
    """The trampoline, compiled: at level 1 five times as fast as at 0, and ten times as long in
    the making."""
    from rvx.jit.native import compile_object

    return compile_object(trampoline_text(layout, host), level, host)


def linked(object: bytes) -> Trampoline:
    """The trampoline of an object file."""
    from rvx.jit.native import Code

    return Trampoline(Code([object], [_NAME, _THREADS]))


def trampoline_text(layout: Layout, host: Host) -> str:
    """`i64 @dispatch(ptr block)`: enter regions until one is left for a reason; and what executes
    threads."""
    from rvx.jit.text import Function, Module
    from rvx.jit.thread_text import write_threads

    module = Module()
    write_threads(module, _THREADS, layout, host)
    out = Function(module, _NAME, "i64", ["ptr"], linkage="")
    saved = host.save(out)
    last = out.variable("i64")
    out.store("i64", "0", last)
    table, limit = _load(out, layout, "regions"), _load(out, layout, "limit")
    look, missed, full, enter, left = map(out.label, ("look", "missed", "full", "enter", "left"))
    out.jump(look)
    out.begin(look)
    entry = _find(out, layout, table, missed)
    out.branch(_fits(out, layout, entry, limit), enter, full, likely=True)
    out.begin(enter)
    code = out.load("ptr", entry, _CODE)
    out.store("i64", _load(out, layout, "region"), entry, _ORIGIN)
    thread = out.load("i64", entry, _THREAD)
    out.store("i64", thread, "%p0", layout.control["thread"].offset, align=8)
    out.store("i64", out.value(f"ptrtoint ptr {entry} to i64"), last)
    out.line(f"call void {code}(ptr %p0)")
    reason = _load(out, layout, "reason")
    again = out.compare("eq", 64, reason, str(int(Reason.CONTINUE)))
    out.branch(again, look, left, likely=True)
    ends = (left, reason), (full, str(int(Reason.BUDGET))), (missed, str(MISS))
    for label, why in ends:
        out.begin(label)
        host.restore(out, saved)
        out.ret(out.op("or", 64, out.load("i64", last), why))
    out.finish()
    return out.module.text()


def _find(out: Function, layout: Layout, table: str, missed: str) -> str:
    """The entry (a ptr) of pc and situation, in the block that is open then; otherwise `missed`."""
    pc, situation = _load(out, layout, "pc"), _load(out, layout, "hazard")
    hash = out.op("add", 64, out.op("lshr", 64, pc, "1"), situation)
    place = out.op("and", 64, hash, str(ENTRIES - 1))
    offset = out.op("mul", 64, place, str(_ENTRY))
    start = out.value(f"inttoptr i64 {table} to ptr")
    first = out.value(f"getelementptr i8, ptr {start}, i64 {offset}")
    found, incoming = out.label("found"), []
    for way in range(WAYS):
        entry = out.value(f"getelementptr i8, ptr {first}, i64 {way * _ENTRY}")
        is_pc = out.compare("eq", 64, out.load("i64", entry, _PC), pc)
        is_situation = out.compare("eq", 64, out.load("i64", entry, _SITUATION), situation)
        incoming.append((entry, out.block))
        otherwise = out.label("way") if way < WAYS - 1 else missed
        out.branch(out.op("and", 1, is_pc, is_situation), found, otherwise, likely=True)
        out.begin(otherwise if way < WAYS - 1 else found)
    return out.phi("ptr", *incoming)


def _fits(out: Function, layout: Layout, entry: str, limit: str) -> str:
    """Whether the region of an entry may be entered (an i1)."""
    most = out.op("add", 64, _load(out, layout, "instret"), out.load("i64", entry, _LONGEST))
    in_budget = out.compare("sle", 64, most, limit)
    goes_on = out.compare("eq", 64, _load(out, layout, "stop"), "0")
    return out.op("and", 1, in_budget, goes_on)


def _load(out: Function, layout: Layout, name: str) -> str:
    return out.load("i64", "%p0", layout.control[name].offset, align=8)
