"""Better code for what runs long, made by a process of its own while the guest runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from rvx.jit.worker import Worker
from rvx.record import record

if TYPE_CHECKING:
    from rvx.jit.host import Host
    from rvx.jit.library import Linked
    from rvx.jit.pack import Kept

LEVEL: Final = 2
_PATIENCE: Final = 1.0  # seconds, for the thread to see that its process has ended


@record(frozen=True, eq=False)
class Order:
    """A region to be compiled, and who waits for it."""

    text: str
    host: Host
    better: Kept  # what is to be delivered, still without its object
    replaces: Linked
    is_wanted: Callable[[Linked], bool]
    done: SimpleQueue[Delivery]


@record(frozen=True, eq=False)
class Delivery:
    """A compiled region."""

    better: Kept
    replaces: Linked


class Optimizer:
    """The one thread of this process that has code compiled. It starts with the first order."""

    def __init__(self) -> None:
        self._orders: SimpleQueue[Order | None] = SimpleQueue()
        self._worker = Worker()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, order: Order) -> None:
        """Put an order at the end of the queue."""
        with self._lock:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="rvx jit", daemon=True)
                self._thread.start()
        self._orders.put(order)

    def _work(self) -> None:
        while (order := self._orders.get()) is not None and not self._closed:
            if not order.is_wanted(order.replaces):
                continue
            object = self._worker.compile(order.text, LEVEL, order.host)
            if object is not None:
                order.done.put(Delivery(replace(order.better, object=object), order.replaces))

    def close(self) -> None:
        """Give up what is being compiled, and take no more orders."""
        self._closed = True
        self._orders.put(None)
        self._worker.end()
        if self._thread is not None:
            self._thread.join(_PATIENCE)


OPTIMIZER: Final = Optimizer()


class Tier:
    """One run's orders."""

    def __init__(self, host: Host, is_wanted: Callable[[Linked], bool]) -> None:
        self._host = host
        self._is_wanted = is_wanted
        self._done: SimpleQueue[Delivery] = SimpleQueue()

    def order(self, text: str, better: Kept, replaces: Linked) -> None:
        """Have a region compiled, unless what it replaces is gone when its turn comes."""
        OPTIMIZER.submit(Order(text, self._host, better, replaces, self._is_wanted, self._done))

    def deliveries(self) -> list[Delivery]:
        """What has been compiled since the last call."""
        found = []
        try:
            while True:
                found.append(self._done.get_nowait())
        except Empty:
            return found
