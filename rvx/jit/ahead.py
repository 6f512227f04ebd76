"""Loading LLVM while something else is done: most of it is the system's work, not Python's."""

from __future__ import annotations

from threading import Thread


def load_llvm(*, translator: bool = False) -> None:
    """Begin to load it, for those who will run a guest; and what makes code, for those who run for
    long. The process does not end before it has."""
    Thread(target=_load, args=(translator,), name="rvx llvm").start()


def _load(translator: bool) -> None:
    from rvx.jit.native import compile_object

    compile_object("", 0)  # its tables are made when they are needed first
    if translator:
        import rvx.jit.number.numbers
        import rvx.jit.threader
        import rvx.jit.translate  # noqa: F401 -- for those who import it then
