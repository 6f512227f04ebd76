"""The engine: the reference steps through what is cold, native code runs what is hot."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from rvx.jit.heat import Heat
from rvx.jit.interrupt import Interrupts
from rvx.jit.surroundings import Reference
from rvx.store import Store

if TYPE_CHECKING:
    from rvx.jit.run import Native


# Instructions by the reference before native code is made, whatever they are: each takes the
# reference longer, for the first time, than native code.
_PATIENCE: Final = 64


class JitEngine:
    """Runs a reference's guest. Between runs, and wherever one of them raises, everything is in the
    reference.

    `store` is where compiled code is kept.
    """

    def __init__(self, reference: Reference, store: Store) -> None:
        self._reference = reference
        self._store = store
        self._heat = Heat()
        self._interrupts = Interrupts(lambda: reference.is_waiting)
        self._is_leader = True  # where the run begins

    @property
    def native_instret(self) -> int:
        """Instructions that native code has retired."""
        return self._native.instret if self._has_native else 0

    @property
    def translation_seconds(self) -> float:
        """How long the guest has waited for translation."""
        return self._native.seconds if self._has_native else 0.0

    @property
    def translated(self) -> int:
        """Regions translated: those of the cache are not."""
        return self._native.translated if self._has_native else 0

    def run(self, limit: int | None) -> None:
        """Run until so many instructions have retired in all, or the reference raises."""
        with self._interrupts.deferred():
            self._take_observer()
            if self._has_native:
                self._native.revalidate()
            try:
                self._run(limit)
            except BaseException:
                self._keep(ends=True)
                raise
            self._keep()

    def _take_observer(self) -> None:
        """Code that tells of every instruction is other code."""
        if self._has_native and self._native.is_observed != (self._reference.on_stamp is not None):
            self._keep(ends=True)
            del self._native

    def _run(self, limit: int | None) -> None:
        reference, hart, heat = self._reference, self._reference.hart, self._heat
        while limit is None or reference.instret < limit:
            pc, before = hart.pc, reference.instret
            has_native = self._has_native
            is_late = not has_native and reference.instret > _PATIENCE
            if self._is_leader or is_late or (has_native and pc in self._native):
                self._is_leader = False
                if has_native or is_late or heat.is_warm(pc):
                    self._is_leader = self._native.run(limit)
                    if reference.instret != before:
                        self._interrupts.check()
                        continue
            reference.advance()
            self._is_leader = heat.moved(pc, hart.pc) or self._is_leader
            self._interrupts.check()

    def _keep(self, ends: bool = False) -> None:
        if self._has_native:
            self._native.keep(ends)

    @property
    def _has_native(self) -> bool:
        return "_native" in self.__dict__

    @cached_property
    def _native(self) -> Native:
        from rvx.jit.run import Native  # LLVM takes a while

        return Native(self._reference, self._heat, self._interrupts, self._store)
