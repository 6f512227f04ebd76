"""The host's answers to system calls, one fact a test."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

import pytest

from rvx.machine.console import Console, GuestExit
from rvx.machine.host import Host
from rvx.machine.memory import Memory

RAM = range(0x1000, 0x9000)
HEAP = range(0x4000, 0x8000)
BUFFER = 0x2000
EBADF, EFAULT, EINVAL, ENOENT, ESPIPE, ENOSYS, EIO = -9, -14, -22, -2, -29, -38, -5


class Terminal(io.BytesIO):
    """A stream that says it is a terminal, and remembers what had been flushed."""

    def __init__(self, data: bytes = b"") -> None:
        super().__init__(data)
        self.shown: list[bytes] = []

    def isatty(self) -> bool:
        return True

    def flush(self) -> None:
        self.shown.append(self.getvalue())


class Guest:
    """A memory and a host as a program sees them."""

    def __init__(self, stdin: bytes = b"", stdout: io.BytesIO | None = None) -> None:
        self.memory = Memory([RAM])
        self.stdout = stdout or io.BytesIO()
        self.stderr = io.BytesIO()
        self.stdin = io.BytesIO(stdin)
        self.microseconds = 0
        self.console = Console(self.stdin, self.stdout, self.stderr)
        self.host = Host(
            self.memory, self.console, now=lambda: self.microseconds, heap=HEAP, xlen=32
        )

    def call(self, number: int, *arguments: int) -> int:
        return self.host.call(number, arguments)

    def write(self, file: int, data: bytes) -> int:
        self.memory.write(BUFFER, data)
        return self.call(64, file, BUFFER, len(data))


@pytest.fixture
def guest() -> Guest:
    return Guest()


def status(guest: Guest, number: int, *arguments: int) -> int:
    with pytest.raises(GuestExit) as caught:
        guest.call(number, *arguments)
    return caught.value.status


@pytest.mark.parametrize("number", [93, 94])
def test_exit(guest: Guest, number: int) -> None:
    assert status(guest, number, 42) == 42
    assert status(guest, number, 0xFFFF_FFFF) == -1
    assert [GuestExit(s).code for s in (0, 42, -1, 256, 1 << 40)] == [0, 42, 255, 0, 0]


def test_write_goes_to_two_streams(guest: Guest) -> None:
    assert guest.write(1, b"out\xff") == 4
    assert guest.write(2, b"err") == 3
    assert (guest.stdout.getvalue(), guest.stderr.getvalue()) == (b"out\xff", b"err")


@pytest.mark.parametrize("file", [0, 3, 0xFFFF_FFFF])
def test_write_to_anything_else_is_refused(guest: Guest, file: int) -> None:
    assert guest.write(file, b"x") == EBADF


def test_a_pointer_outside_of_ram_is_a_fault_and_nothing_happens(guest: Guest) -> None:
    outside = RAM.stop - 2
    assert guest.call(64, 1, outside, 3) == EFAULT
    assert guest.call(80, 1, outside) == EFAULT
    assert guest.call(169, outside) == EFAULT
    assert guest.call(403, 0, 0) == EFAULT
    assert guest.call(66, 1, outside, 1) == EFAULT
    assert guest.stdout.getvalue() == b""


def test_no_bytes_may_come_from_anywhere(guest: Guest) -> None:
    assert guest.call(64, 1, 0, 0) == 0
    assert guest.call(63, 0, 0, 0) == 0


def test_read_stops_at_the_end_of_input() -> None:
    guest = Guest(stdin=b"hello\nworld")
    assert guest.call(63, 0, BUFFER, 8) == 8
    assert guest.memory.read(BUFFER, 9) == b"hello\nwo\0"
    assert [guest.call(63, 0, BUFFER, 8) for _ in range(3)] == [3, 0, 0]
    assert guest.memory.read(BUFFER, 4) == b"rldl"


def test_a_read_that_faults_does_not_swallow_input() -> None:
    guest = Guest(stdin=b"abc")
    assert guest.call(63, 0, RAM.stop - 2, 3) == EFAULT
    assert guest.call(63, 0, 0xFFFF_FFFF, 0xFFFF_FFFF) == EFAULT
    assert guest.call(63, 0, BUFFER, 3) == 3


@pytest.mark.parametrize("file", [1, 2, 3])
def test_read_from_an_output_is_refused(guest: Guest, file: int) -> None:
    assert guest.call(63, file, BUFFER, 1) == EBADF


def test_a_terminal_gives_a_line_and_shows_the_prompt_before() -> None:
    guest = Guest(stdout=Terminal())
    guest.console.stdin = Terminal(b"one\ntwo\n")
    guest.write(1, b"? ")
    assert guest.stdout.shown == []
    assert guest.call(63, 0, BUFFER, 100) == 4
    assert guest.stdout.shown == [b"? "]


def test_output_is_flushed_by_the_line_on_a_terminal_and_at_exit() -> None:
    guest = Guest(stdout=Terminal())
    guest.write(1, b"a")
    guest.write(1, b"b\nc")
    assert guest.stdout.shown == [b"ab\nc"]
    guest.write(1, b"d")
    status(guest, 93, 0)
    assert guest.stdout.shown == [b"ab\nc", b"ab\ncd"]


def test_standard_error_comes_after_what_was_written_before_it() -> None:
    guest = Guest(stdout=Terminal())
    guest.write(1, b"first")
    guest.write(2, b"second")
    assert guest.stdout.shown == [b"first"]


class Refusing(io.BytesIO):
    """A stream whose host refuses what it is given, at once or when flushed."""

    def __init__(self, error: OSError, buffered: bool) -> None:
        super().__init__()
        self.error, self.buffered = error, buffered

    def write(self, data: object) -> int:
        if self.buffered:
            return 1
        raise self.error

    def flush(self) -> None:
        raise self.error

    def read(self, size: int | None = -1) -> bytes:
        raise self.error


def test_a_closed_pipe_ends_the_guest_as_its_signal_would() -> None:
    guest = Guest(stdout=Refusing(BrokenPipeError(), buffered=False))
    assert status(guest, 64, 1, BUFFER, 1) == 128 + 13
    guest = Guest(stdout=Refusing(BrokenPipeError(), buffered=True))
    assert guest.write(1, b"x") == 1
    assert status(guest, 93, 0) == 128 + 13


def test_a_full_disk_is_an_error_to_the_guest() -> None:
    full = OSError(28, "No space left on device")
    guest = Guest(stdout=Refusing(full, buffered=False))
    assert guest.write(1, b"x") == EIO
    guest = Guest()
    guest.console.stderr = Refusing(full, buffered=False)
    assert guest.write(2, b"x") == EIO
    guest.console.stdin = Refusing(full, buffered=False)
    assert guest.call(63, 0, BUFFER, 1) == EIO


def test_output_that_gets_lost_at_the_end_is_an_error_of_the_run() -> None:
    guest = Guest(stdout=Refusing(OSError(28, "No space left on device"), buffered=True))
    guest.write(1, b"x")
    with pytest.raises(OSError, match="No space left on device") as caught:
        guest.call(93, 0)
    assert caught.value.filename == "standard output"


def test_writev_joins_its_pieces(guest: Guest) -> None:
    guest.memory.write(BUFFER, b"hello, world")
    vectors = [(BUFFER + 7, 5), (0, 0), (BUFFER, 5)]
    guest.memory.write(0x1000, b"".join(struct.pack("<II", *v) for v in vectors))
    assert guest.call(66, 1, 0x1000, 3) == 10
    assert guest.stdout.getvalue() == b"worldhello"
    assert guest.call(66, 1, 0x1000, 0) == 0
    assert guest.call(66, 1, 0x1000, 1025) == EINVAL


def test_brk_moves_within_the_heap(guest: Guest) -> None:
    assert guest.call(214, 0) == HEAP.start
    assert guest.call(214, HEAP.start + 100) == HEAP.start + 100
    assert guest.call(214, 0) == HEAP.start + 100
    assert guest.call(214, HEAP.stop) == HEAP.stop
    for refused in (HEAP.stop + 1, HEAP.start - 1, 0xFFFF_FFFF):
        assert guest.call(214, refused) == HEAP.stop
    assert guest.call(214, HEAP.start) == HEAP.start


def test_memory_handed_out_again_is_zero_again(guest: Guest) -> None:
    guest.call(214, HEAP.start + 64)
    guest.memory.write(HEAP.start, b"\xff" * 64)
    guest.call(214, HEAP.start + 16)
    guest.call(214, HEAP.start + 64)
    assert guest.memory.read(HEAP.start, 64) == b"\xff" * 16 + bytes(48)


def test_fstat_of_a_stream_is_a_terminal(guest: Guest) -> None:
    # libgloss/riscv/kernel_stat.h: st_mode at 16, st_blksize at 56, 128 bytes in all.
    guest.memory.write(BUFFER, b"\xff" * 136)
    assert guest.call(80, 1, BUFFER) == 0
    stat = guest.memory.read(BUFFER, 136)
    mode, blksize = struct.unpack_from("<I", stat, 16)[0], struct.unpack_from("<i", stat, 56)[0]
    assert mode & 0o170000 == 0o020000
    assert blksize == 1024
    assert stat[128:] == b"\xff" * 8
    assert stat[48:56] == bytes(8)
    assert guest.call(80, 3, BUFFER) == EBADF


def test_a_closed_stream_is_closed(guest: Guest) -> None:
    assert guest.call(57, 1) == 0
    assert guest.call(57, 1) == EBADF
    assert guest.write(1, b"x") == EBADF
    assert guest.call(62, 1, 0, 0) == EBADF
    assert guest.call(62, 0, 0, 0) == ESPIPE
    assert guest.call(57, 7) == EBADF


def test_no_file_of_the_host_exists(guest: Guest) -> None:
    guest.memory.write(BUFFER, b"/etc/passwd\0")
    assert guest.call(56, 0xFFFF_FF9C, BUFFER, 0) == ENOENT
    assert guest.call(1024, BUFFER, 0) == ENOENT


def test_time_is_simulated_time(guest: Guest) -> None:
    guest.microseconds = 5_000_007
    guest.memory.write(BUFFER, b"\xff" * 24)
    assert guest.call(169, BUFFER, 0) == 0
    # struct timeval of newlib for RV32: 64-bit seconds, 32-bit microseconds, padding
    assert struct.unpack("<qi", guest.memory.read(BUFFER, 12)) == (5, 7)
    for number in (113, 403):
        assert guest.call(number, 1, BUFFER) == 0
        assert struct.unpack("<qi", guest.memory.read(BUFFER, 12)) == (5, 7000)
        assert guest.call(number, 99, BUFFER) == EINVAL
    assert guest.memory.read(BUFFER + 16, 8) == b"\xff" * 8


def test_time_after_2038(guest: Guest) -> None:
    guest.microseconds = 10**6 << 33
    assert guest.call(403, 0, BUFFER) == 0
    assert guest.memory.load(BUFFER, 8) == 1 << 33


@pytest.mark.parametrize(
    ("number", "arguments"),
    [(129, (1, 6)), (130, (1, 6)), (131, (1, 1, 6))],
)
def test_a_signal_ends_the_guest_as_a_shell_reports_it(
    guest: Guest, number: int, arguments: Sequence[int]
) -> None:
    assert status(guest, number, *arguments) == 128 + 6


def test_the_guest_is_alone(guest: Guest) -> None:
    assert [guest.call(n) for n in (172, 173, 174, 175, 176, 177, 178)] == [1, 0, 0, 0, 0, 0, 1]
    assert guest.call(129, 1, 0) == 0


@pytest.mark.parametrize("number", [0, 5, 220, 221, 9999, 0xFFFF_FFFF, -1])
def test_an_unknown_number_is_refused_and_does_not_end_the_guest(guest: Guest, number: int) -> None:
    assert guest.call(number, 1, 2, 3, 4, 5, 6) == ENOSYS


def test_every_number_with_every_strange_argument_returns_or_exits(guest: Guest) -> None:
    strange = (0, 1, 2, 3, BUFFER, RAM.stop - 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF)
    for number in [*range(500), *range(1024, 1040)]:
        for a0 in strange:
            for a1 in strange:
                for a2 in (0, 8, 0xFFFF_FFFF):
                    try:
                        result = guest.call(number, a0, a1, a2)
                    except GuestExit:
                        continue
                    assert -4096 < result < 1 << 32
