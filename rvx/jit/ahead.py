"""Loading LLVM while something else is done: most of it is the system's work, not Python's."""

from __future__ import annotations

from threading import Thread


def load_llvm() -> None:
    """Begin to load it, for those who will run a guest. The process does not end before it has."""
    Thread(target=_load, name="rvx llvm").start()


def _load() -> None:
    from rvx.jit.native import compile_object

    compile_object("", 0)  # its tables are made when they are needed first
