"""The registers of devices that descriptions declare: words of memory over the hart's state."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from rvx.machine.hart import Hart
from rvx.machine.memory import Memory, MemoryMapError
from rvx.reference.binding import Binding, Effect


def map_ports(
    hart: Hart,
    memory: Memory,
    before: Callable[[], None],
    after: Callable[[list[list[int]]], None],
) -> None:
    """Let every declared port answer, but where RAM or another device was asked for.

    `before()` brings counters up to date; `after(states)` is told which states a store has written.
    """
    for port in hart.machine.ports:
        binding = Binding(hart, hart.machine, {}, {})
        read, write = binding.word(port.value), binding.body(port.write)
        load = partial(_load, before, read)
        store = partial(_store, hart, binding, write, before, after)
        try:
            size = hart.machine.xlen // 8
            memory.add_port(port.address, size, size, store, load)
        except MemoryMapError:
            continue


def _load(before: Callable[[], None], read: Callable[[], int], offset: int) -> int:
    before()
    return read()


def _store(
    hart: Hart,
    binding: Binding,
    write: Effect,
    before: Callable[[], None],
    after: Callable[[list[list[int]]], None],
    offset: int,
    value: int,
) -> None:
    before()
    binding.set_local("value", value)
    write()
    after(hart.apply())
