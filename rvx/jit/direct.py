"""The guest inside functions that share it while they run: all values lie in the block."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rvx.jit.guest import FLAGS, Guest
from rvx.jit.host import Host
from rvx.jit.layout import Layout, Place
from rvx.jit.text import Function


class DirectGuest(Guest):
    """Variables are the block's own slots, so that nothing is to be filled or stored around calls.

    `registers` are those whose offset in the block is a value of the function (i64).
    """

    def __init__(
        self,
        out: Function,
        layout: Layout,
        block: str,
        modes: dict[Place, int],
        bail: Callable[[], str],
        *,
        host: Host | None = None,
        counter: Callable[[str], str] | None = None,
        ram: range | None = None,
        registers: Mapping[Place, str] | None = None,
    ) -> None:
        super().__init__(out, layout, block, modes, bail, host=host, counter=counter, ram=ram)
        self._offsets = registers or {}

    @property
    def registers_used(self) -> set[Place]:
        """The registers that are read or written."""
        return {place for place in self._variables if place.space == "register"}

    def entry(self) -> None:
        """Prepare what the function uses; it must dominate it."""
        self._ram.entry()

    def exit(self) -> None:
        """Add the host's flags to those of the block."""
        if self.uses_host and self._has_flags:
            before = self.out.resize(self._load(FLAGS), self.layout.slot(FLAGS).width, 32)
            flags = self.out.op("or", 32, before, self.host.take_flags(self.out))
            self._store_flags(flags)

    def _flags(self) -> str:
        if (known := self._values.get(FLAGS)) is None:
            known = self.out.resize(self._load(FLAGS), self.layout.slot(FLAGS).width, 32)
            self._values[FLAGS] = known
        return known

    def _spread(self, place: Place) -> None:
        """The block's own slots are not."""

    def _store_flags(self, value: str) -> None:
        self._store(FLAGS, self.out.resize(value, 32, self.layout.slot(FLAGS).width))

    def _variable(self, place: Place) -> str:
        if (variable := self._variables.get(place)) is None:
            pointer, offset = self._where(place)
            variable = self.out.early(f"getelementptr inbounds i8, ptr {pointer}, i64 {offset}")
            self._variables[place] = variable
        return variable

    def _where(self, place: Place) -> tuple[str, int | str]:
        return self.block, self._offsets.get(place, self.layout.slot(place).offset)
