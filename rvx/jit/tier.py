"""Better code for what runs long, made by a process of its own while the guest runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final
from weakref import ReferenceType, ref

from rvx.jit.worker import Worker
from rvx.record import record

if TYPE_CHECKING:
    from rvx.jit.host import Host
    from rvx.jit.library import Linked
    from rvx.jit.pack import Kept, Late

BEST: Final = 2  # of the levels of `compile_object`


@record(frozen=True, eq=False)
class Order:
    """A region to be compiled, and who waits for it."""

    text: str
    parts: tuple[str, ...]  # modules that are linked into it
    host: Host
    late: Late
    replaces: Linked
    is_wanted: Callable[[Linked], bool]
    run: ReferenceType[Tier]


@record(frozen=True, eq=False)
class Delivery:
    """A compiled region; None where it has come to nothing."""

    better: Kept | None
    replaces: Linked


class Optimizer:
    """The one thread of this process that has code compiled."""

    def __init__(self) -> None:
        self._orders: SimpleQueue[Order | None] = SimpleQueue()
        self._worker = Worker()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False

    def start(self) -> None:
        """Be ready soon: an order will come."""
        with self._lock:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="rvx jit", daemon=True)
                self._thread.start()

    def submit(self, order: Order) -> None:
        """Put an order at the end of the queue."""
        self.start()
        self._orders.put(order)

    def _work(self) -> None:
        self._worker.start()
        while (order := self._orders.get()) is not None and not self._closed:
            object = None
            if order.is_wanted(order.replaces):
                object = self._worker.compile(order.text, order.parts, order.host, order.late)
            if (run := order.run()) is not None:
                better = None if object is None else order.late.with_object(object)
                run.done.put(Delivery(better, order.replaces))
            elif object is not None:
                order.late.keep(object)

    def close(self) -> None:
        """Take no more orders. What is being compiled the worker keeps, when it is done."""
        self._closed = True
        self._orders.put(None)


OPTIMIZER: Final = Optimizer()


class Tier:
    """One run's orders, one at a time: what is ordered is still hot when its turn comes."""

    def __init__(self, host: Host, is_wanted: Callable[[Linked], bool]) -> None:
        self._host = host
        self._is_wanted = is_wanted
        self.done: SimpleQueue[Delivery] = SimpleQueue()
        self.is_idle = True  # nothing is being compiled

    def order(self, text: str, parts: tuple[str, ...], late: Late, replaces: Linked) -> None:
        """Have a region compiled, with other modules, unless what it replaces is gone by then."""
        self.is_idle = False
        OPTIMIZER.submit(Order(text, parts, self._host, late, replaces, self._is_wanted, ref(self)))

    def delivery(self) -> Delivery | None:
        """What was ordered, if it has been compiled since the last call."""
        with suppress(Empty):
            found = self.done.get_nowait()
            self.is_idle = True
            if found.better is not None:
                return found
        return None
