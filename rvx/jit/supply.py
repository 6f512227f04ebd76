"""Where regions come from: the cache, the translator, and the thread that makes better ones."""

from __future__ import annotations

import atexit
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

from rvx.jit.dispatch import Trampoline, linked, trampoline_object
from rvx.jit.drafts import QUICK, Drafts
from rvx.jit.heat import Heat
from rvx.jit.host import this_host
from rvx.jit.layout import Layout
from rvx.jit.library import Library, Linked
from rvx.jit.native import compile_object
from rvx.jit.pack import Kept, Late, Pack, Unit, load_pack, named, pack_name, save_pack
from rvx.jit.situation import Situation, Situations
from rvx.jit.surroundings import Reference
from rvx.jit.thread import EXECUTIONS, LEFT, NEVER, Thread, Threads
from rvx.jit.tier import BEST, OPTIMIZER, Tier
from rvx.store import Store

if TYPE_CHECKING:
    from rvx.jit.region import Region
    from rvx.jit.threader import Threader
    from rvx.jit.translate import Translator

# Instructions of a region: few where the guest waits for it, many where it will be fast.
_FEW: Final = 250
_MANY: Final = 600
_FIRST: Final = 0  # the level of what the guest waits for
# Seconds that a region has run before it is compiled again: as it is, with its routines inlined,
# which costs the guest nothing; or written again, where that has been done, or cannot be.
_WARM: Final = 0.006
_HOT: Final = {QUICK: 0.1, _FIRST: 0.05}
_MOST_REFUSED: Final = 1 << 16
_MOST_NEW: Final = 2048  # regions that wait for being kept
_SHARED: Final = 1  # the level of what many regions call
_SOON: Final = 0.01  # seconds after which better code will be wanted: shorter runs do without
_LONG: Final = 0.04  # seconds after which the trampoline is worth being compiled again
_SELDOM: Final = 5.0  # seconds between two writes of the cache


# Whoever has run a guest in pieces has its code kept at the end.
_SUPPLIES: Final[WeakSet[Supply]] = WeakSet()


@atexit.register
def _keep_all() -> None:
    OPTIMIZER.close()
    for supply in list(_SUPPLIES):
        supply.keep_rest()


class Supply:
    """The native code of one run."""

    worthwhile = 10_000  # instructions still to run before code is made for where a run stopped
    calls_routines = True  # not: first code too is lowered whole, as better code is, at once
    executions = EXECUTIONS  # of a thread before it is compiled

    def __init__(
        self,
        reference: Reference,
        layout: Layout,
        situations: Situations,
        heat: Heat,
        store: Store,
    ) -> None:
        self._reference = reference
        self._situations = situations
        self._heat = heat
        self._host = this_host()
        self._layout = layout
        self._refused: set[tuple[int, int]] = set()
        self._new: dict[tuple[int, int, int], Kept] = {}  # not kept on disk yet
        self._drafts = Drafts()
        self.seconds = 0.0
        self.translated = 0  # regions
        self.library = Library(reference.memory)
        self._tier = Tier(self._host, self.library.has)
        reference.memory.on_write = self._written
        self._store = store
        self._observed = reference.on_stamp is not None
        ram = reference.memory.regions[0]
        self._ram = range(ram.base, ram.base + ram.size)
        marks = f"{sorted(reference.stops)} {self._observed} {self._ram}"
        self._name = pack_name(self._host, f"{reference.identity} {marks}")
        self._has_threads = self.calls_routines and not self._observed
        self._has_new_threads = False
        self._passed = 0.0  # seconds in native code
        self._kept_at = monotonic()
        _SUPPLIES.add(self)
        with self._timed():
            self.trampoline = self._start()

    def _start(self) -> Trampoline:
        """Link what the cache has for this program."""
        pack = load_pack(self._store, self._name)
        self._foreign = pack.situations
        current = {
            (kept.pc, kept.situation, kept.level): kept
            for kept in pack.regions
            if self.library.guard.is_current(kept)
        }
        known = {name for unit in pack.units for name in unit.names}
        complete = [kept for kept in current.values() if known.issuperset(kept.routines)]
        self.library.add(complete, pack.units)
        self._trampoline_level = pack.trampoline_level if pack.trampoline else 0
        self._trampoline_object = pack.trampoline or trampoline_object(self._layout, self._host, 0)
        trampoline = linked(self._trampoline_object)
        library = self.library
        self.threads = Threads(library.table, library.guard, trampoline.threads, library.entries)
        if self._has_threads:
            self.threads.define(pack.operations[1:], *pack.operation_objects)
            for each in pack.threads:
                self.threads.admit(each, self.executions)
        return trampoline

    def code(self, pc: int, situation: int, surely: bool = False) -> Linked | Thread | None:
        """The code for a pc in a situation. A thread is made now; a region where there are to be
        none, if it is hot, or `surely`."""
        found = self.library.find(pc, situation) or self.threads.find(pc, situation)
        key = pc, situation
        if found is not None or key in self._refused:
            return found
        heat, known = self._heat, pc in self.library
        if self._has_threads and heat.is_fresh(pc):
            return self._thread(key)
        if surely:
            is_hot = not heat.is_hopeless(pc)
        else:
            is_hot = (known or heat.is_warm(pc)) and heat.is_hot(key, known)
        return self._make(key) if is_hot else None

    def better(self, pc: int, situation: int) -> Linked | Thread | None:
        """The code for a pc and situation for which a thread has been executed often."""
        self._heat.observe(self.library.table.origins())
        made = self._make((pc, situation))
        if made is None:
            self._refused.discard((pc, situation))
            thread = self.threads.find(pc, situation)
            if thread is not None:
                thread.words[LEFT] = NEVER
            return thread
        return made

    def _thread(self, key: tuple[int, int]) -> Thread | None:
        with self._timed():
            self.situation(key[1])
            made = self._threader.thread(*key, self.executions)
            if made is None:
                self._refuse(key)
                return None
            self.threads.add(made)
            self.translated += 1
            self._has_new_threads = True
        return made

    @cached_property
    def _threader(self) -> Threader:
        from rvx.jit.threader import Threader

        reference = self._reference
        return Threader(self._translator, self.threads, reference.stops, reference.memory.peek)

    def situation(self, number: int) -> Situation:
        """What a number means, also one from the cache."""
        try:
            return self._situations[number]
        except KeyError:
            self._situations.admit([pickle.loads(self._foreign[number])])
            return self._situations[number]

    def _pickled(self, number: int) -> bytes:
        """What a number means as it is kept."""
        found = self._foreign.get(number)
        if found is None:
            content = self._situations.portable(self.situation(number))
            found = self._foreign[number] = pickle.dumps(content)
        return found

    def _make(self, key: tuple[int, int]) -> Linked | None:
        with self._timed():
            serves = self.library.serves if self.calls_routines else None
            region = self._translate(key, _FEW, serves)
            if region is None:
                return None
            names, text = self._translator.routines.take()
            units = [Unit(names, compile_object(text, _SHARED, self._host))] if names else []
            self._drafts.note_routines(names, text)
            self._drafts.note(region.name, region.text)
            object = compile_object(region.text, _FIRST, self._host)
            (made,) = self._add([self._described(key, region, _FIRST, object)], units)
            if self._passed > _SOON and self._tier.is_idle:
                self._inline(made)
        return made

    @cached_property
    def _translator(self) -> Translator:
        """Made when the cache does not have it all: importing it takes as long as LLVM does."""
        from rvx.jit.timing import CoreTiming, OneCycle
        from rvx.jit.translate import Translator

        reference = self._reference
        pipeline = reference.clock.pipeline
        return Translator(
            reference.machine,
            self._layout,
            self._situations,
            CoreTiming(pipeline) if pipeline else OneCycle(),
            reference.fetch,
            reference.stops,
            self._host,
            observed=self._observed,
            ram=self._ram,
        )

    def _translate(
        self,
        key: tuple[int, int],
        most: int,
        serves: Callable[[int, int], bool] | None = None,
    ) -> Region | None:
        from rvx.jit.lowering import Untranslatable

        try:
            self.situation(key[1])
            is_done = None if serves is None else self.library.__contains__
            region = self._translator.region(*key, self._heat.targets, most, serves, is_done)
            self.translated += 1
            return region
        except Untranslatable:
            self._refuse(key)
            return None

    def _refuse(self, key: tuple[int, int]) -> None:
        """Note that the reference has to execute what is there."""
        if len(self._refused) >= _MOST_REFUSED:
            self._refused.clear()
        self._refused.add(key)

    def _described(
        self,
        key: tuple[int, int],
        region: Region,
        level: int,
        object: bytes,
    ) -> Kept:
        peek = self._reference.memory.peek
        return Kept(
            *key,
            level,
            region.longest,
            region.instructions,
            region.name,
            region.code,
            tuple(peek(code.start, len(code)) for code in region.code),
            region.situations,
            region.entries,
            object,
            region.routines,
        )

    def _add(self, regions: list[Kept], units: list[Unit] | None = None) -> list[Linked]:
        self._new.update({(kept.pc, kept.situation, kept.level): kept for kept in regions})
        while len(self._new) > _MOST_NEW:
            del self._new[next(iter(self._new))]
        return self.library.add(regions, units or ())

    # Better code

    def sample(self, entry: int, seconds: float) -> bool:
        """Note that the run, so many seconds after the last look, is in the region of an entry of
        the trampoline's table. Whether there is something to improve."""
        self._passed += seconds
        with self._timed():
            self._add(self._delivered())
            if self._passed > _SOON:
                OPTIMIZER.start()
            if self._passed > _LONG and not self._trampoline_level:
                self._improve_trampoline()
        key = self.library.table.key(entry)
        found = self.library.find(*key) if key else None
        if key is None or found is None:
            return key is not None
        found.heat += seconds
        if found.kept.level >= BEST:
            return False
        heat = found.heats[key] = found.heats.get(key, 0.0) + seconds
        if not self._tier.is_idle or key in found.waiting or found.heat < _WARM:
            return True
        if not self._inline(found) and heat > _HOT[found.kept.level]:
            self._order(key, found)
        return True

    def _inline(self, found: Linked) -> bool:
        """Have first code compiled again with its routines inlined, if that is possible."""
        if (draft := self._drafts.take(found.kept)) is None:
            return False
        self._tier.order(draft.text, draft.parts, self._late(draft.kept), found)
        return True

    def _improve_trampoline(self) -> None:
        """It has been made in a hurry."""
        self._trampoline_level = 1
        self._trampoline_object = trampoline_object(self._layout, self._host, 1)
        self.trampoline = linked(self._trampoline_object)
        self.threads.move(self.trampoline.threads)
        self._has_new_threads = True  # the trampoline is worth being kept

    def _order(self, key: tuple[int, int], found: Linked) -> None:
        """Have what an entry leads to compiled again, with what is known of jumps by now."""
        found.waiting.add(key)
        self._heat.observe(self.library.table.origins())
        with self._timed():
            region = self._translate(key, _MANY)
        if region is not None:
            better = self._described(key, region, BEST, b"")
            self._tier.order(region.text, (), self._late(better), found)

    def _late(self, better: Kept) -> Late:
        situations = {n: self._pickled(n) for n in named(better)}
        return Late(self._store.folder, self._name, better, situations)

    def _delivered(self) -> list[Kept]:
        """What has been compiled again since the last look, if it is still right."""
        delivery = self._tier.delivery()
        if delivery is None or (better := delivery.better) is None:
            return []
        if self.library.has(delivery.replaces) and self.library.guard.is_current(better):
            return [better]
        delivery.replaces.waiting.discard((better.pc, better.situation))
        return []

    # Changes of the guest's code

    def _written(self, address: int, size: int) -> None:
        """The reference, or the host, has written to memory."""
        self._drop(self.library.guard.touched(address, size))

    def revalidate(self) -> None:
        """Drop what was made from code that somebody has changed unseen."""
        self._drop(self.library.stale())
        self._drop(self.threads.stale())

    def _drop(self, stale: Iterable[Linked | Thread]) -> None:
        stale = list(stale)
        for each in stale:
            if isinstance(each, Thread):
                self.threads.drop(each)
                self._heat.fail(each.key)
                continue
            self.library.drop(each)
            if not each.heat:  # else it has run so long that it was worth it
                self._heat.fail(each.key)
            self._new.pop((*each.key, each.kept.level), None)
        if stale:
            self._refused.clear()

    # The cache

    def keep(self, ends: bool = True) -> None:
        """Put what is new into the cache: at the end, and now and then."""
        is_early = not ends and monotonic() - self._kept_at < _SELDOM
        if not (self._new or self._has_new_threads) or self._store.folder is None or is_early:
            return
        self._kept_at = monotonic()
        kept = list(self._new.values())
        threads = list(self.threads)
        named_there = {n for thread in threads for n in thread.situations}
        numbers = {n for each in kept for n in named(each)} | named_there
        situations = {n: self._pickled(n) for n in numbers}
        pack = Pack(
            self._trampoline_object,
            self._trampoline_level,
            kept,
            situations,
            self.library.units,
            [thread.kept for thread in threads],
            self.threads.operations,
            self.threads.objects,
            named_there,
        )
        save_pack(self._store, self._name, pack)
        self._new.clear()
        self._has_new_threads = False

    def keep_rest(self) -> None:
        """At the end of the process: what has been compiled but not linked is worth keeping too."""
        delivered = {(kept.pc, kept.situation, kept.level): kept for kept in self._delivered()}
        self._new.update(delivered)
        self.keep()

    @contextmanager
    def _timed(self) -> Iterator[None]:
        started = perf_counter()
        try:
            yield
        finally:
            self.seconds += perf_counter() - started
