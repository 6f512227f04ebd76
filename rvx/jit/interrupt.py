"""Ctrl-C during a run: noted at once, raised where the machine's state is whole."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class Interrupts:
    """Whether the run shall end, and for whom."""

    def __init__(self, is_waiting: Callable[[], bool]) -> None:
        self._is_waiting = is_waiting  # for the host: the guest's input does not come
        self._previous: Callable[[int, FrameType | None], Any] | None = None
        self._noted: tuple[int, FrameType | None] | None = None

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """Take over SIGINT. Only the main thread gets it, and only a handler in Python is kept
        waiting."""
        previous = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is not threading.main_thread() or not callable(previous):
            yield
            return
        self._previous, self._noted = previous, None
        signal.signal(signal.SIGINT, self._note)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, previous)
            self.check()

    @property
    def is_noted(self) -> bool:
        return self._noted is not None

    def check(self) -> None:
        """Do now what the interrupt would have done: raise KeyboardInterrupt, as a rule."""
        if self._noted is not None:
            (number, frame), self._noted = self._noted, None
            assert self._previous is not None
            self._previous(number, frame)

    def _note(self, number: int, frame: FrameType | None) -> None:
        is_second = self._noted is not None
        self._noted = number, frame
        if is_second:
            self.check()  # no safe place was reached since the first one
        elif self._is_waiting():
            raise InterruptedError(4, "interrupted")  # the guest's call fails; then comes `check`
