"""The guest's standard streams, and how a guest ends."""

from __future__ import annotations

from typing import BinaryIO, Final

SIGNALED: Final = 128  # plus the signal that ended a process: the status a shell reports
_SIGPIPE: Final = 13


class GuestExit(Exception):
    """The guest ends."""

    def __init__(self, status: int) -> None:
        super().__init__(f"exit status {status}")
        self.status = status  # as the guest gave it, which may be negative or large

    @property
    def code(self) -> int:
        """The exit status as a process of the host can have it: the low 8 bits."""
        return self.status & 0xFF


class Console:
    """Three streams of the host, of which the second and third are buffered as libc does it:
    standard output by the line on a terminal, standard error not at all."""

    def __init__(self, stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr
        self._is_interactive = stdout.isatty()
        self.is_waiting = False  # for standard input

    def read(self, count: int) -> bytes:
        """Up to `count` bytes from standard input; none at its end. Raises OSError.

        Waits for all of them, so that a run does not depend on how a pipe was filled; on a
        terminal, for a line.
        """
        self.flush()  # a prompt has no newline
        self.is_waiting = True
        try:
            return self.stdin.readline(count) if self.stdin.isatty() else self.stdin.read(count)
        finally:
            self.is_waiting = False

    def write(self, data: bytes) -> None:
        """Write to standard output. Raises as `flush` does."""
        try:
            self.stdout.write(data)
        except OSError as error:
            raise _refused(error) from None
        if self._is_interactive and b"\n" in data:
            self.flush()

    def write_error(self, data: bytes) -> None:
        """Write to standard error. Raises OSError."""
        if self._is_interactive:
            self.flush()  # one terminal shows both in the order of writing
        self.stderr.write(data)
        self.stderr.flush()

    def flush(self) -> None:
        """Give the host what is buffered. Raises OSError, with the stream as its file, and
        GuestExit where nobody reads it any more."""
        try:
            self.stdout.flush()
        except OSError as error:
            raise _refused(error) from None

    def exit(self, status: int) -> GuestExit:
        """The end of the guest, to be raised, with its output flushed. Raises as `flush` does."""
        self.flush()
        return GuestExit(status)


def _refused(error: OSError) -> Exception:
    if isinstance(error, BrokenPipeError):
        # What SIGPIPE does to a process that does not expect it: `rvx run yes.elf | head`.
        return GuestExit(SIGNALED + _SIGPIPE)
    return OSError(error.errno, error.strerror, "standard output")
