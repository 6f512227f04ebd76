"""A process of its own that makes better code: nobody waits for it, and it need not be ended.

llvmlite lets one thread at a time into LLVM, so that a thread that optimises would keep waiting the
one that runs the guest, and the end of the process, for as long as a region takes.
"""

from __future__ import annotations

import pickle
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    import subprocess

    from rvx.jit.host import Host
    from rvx.jit.pack import Late

_START: Final = "import sys; sys.path = {path!r}; from rvx.jit.worker import serve; serve()"


class Worker:
    """The process, for one thread. It starts with the first text, if not before, and again if it
    has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Have the process there when the first text comes."""
        with suppress(OSError):  # which the first text meets again
            self._process = started()

    def compile(self, text: str, parts: tuple[str, ...], host: Host, late: Late) -> bytes | None:
        """An object file for `late`, of the module with others; None where the process has ended
        meanwhile, or failed. Where it is this process that ends meanwhile, the worker keeps it.
        """
        try:
            if self._process is None or self._process.poll() is not None:
                self._process = started()
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            pickle.dump((text, parts, host, late), self._process.stdin)
            self._process.stdin.flush()
            found = pickle.load(self._process.stdout)  # from our own process
        except (OSError, EOFError, pickle.UnpicklingError, ValueError):
            return None
        return found if isinstance(found, bytes) else None


def started() -> subprocess.Popen[bytes]:
    """A process that serves. It ends when its input does, or nobody reads its answers."""
    import subprocess  # seldom needed, and slow to import

    return subprocess.Popen(
        [sys.executable, "-c", _START.format(path=sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is not for it
    )


def serve() -> None:
    """Compile what comes in, until nothing more can come."""
    from rvx.jit.native import compile_object

    source: BinaryIO = sys.stdin.buffer
    compile_object("", 1)  # LLVM's tables are made when they are needed first
    with suppress(EOFError, BrokenPipeError):
        while True:
            text, parts, host, late = pickle.load(source)
            try:
                answer = compile_object(text, late.kept.level, host, parts)
            except RuntimeError:
                answer = None
            try:
                pickle.dump(answer, sys.stdout.buffer)
                sys.stdout.buffer.flush()
            except BrokenPipeError:
                if answer is not None:
                    late.keep(answer)
                raise
