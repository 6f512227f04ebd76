"""HTIF: commands through tohost, whichever way a program stores them."""

from __future__ import annotations

import io
import struct

import pytest
from elf_image import Load, R, W, X, elf_image

from rvx.machine.console import Console, GuestExit
from rvx.machine.elf import read_elf
from rvx.machine.host import Host
from rvx.machine.htif import Htif
from rvx.machine.memory import Memory
from rvx.machine.program import ProgramError

TOHOST, FROMHOST, BLOCK = 0x1100, 0x1140, 0x1200


class Guest:
    def __init__(self, stdin: bytes = b"", size: int = 8, tohost: int = TOHOST) -> None:
        symbols = (("tohost", tohost, size, 0x11), ("fromhost", FROMHOST, 8, 0x11))
        image = elf_image(Load(0x1000, flags=R | W | X), symbols=symbols)
        program = read_elf(image, name="prog.elf", xlen=32)
        assert program.tohost is not None
        self.memory = Memory([range(0x1000, 0x2000)])
        self.stdout = io.BytesIO()
        console = Console(io.BytesIO(stdin), self.stdout, io.BytesIO())
        host = Host(self.memory, console, now=lambda: 0, heap=range(0x1800, 0x1900), xlen=32)
        self.htif = Htif(program, program.tohost, self.memory, host, console)

    def low(self, value: int) -> None:
        self.memory.store(TOHOST, 4, value)

    def high(self, value: int) -> None:
        self.memory.store(TOHOST + 4, 4, value)

    def tohost(self, value: int) -> None:
        self.memory.store(TOHOST, 8, value)


@pytest.fixture
def guest() -> Guest:
    return Guest()


def test_one_passes_and_odd_values_are_exit_codes(guest: Guest) -> None:
    for value, status in [(1, 0), (3, 1), (1337 << 1 | 1, 1337)]:
        with pytest.raises(GuestExit) as caught:
            guest.tohost(value)
        assert caught.value.status == status


def test_the_two_halves_in_either_order(guest: Guest) -> None:
    guest.low(ord("A"))  # odd, and not an exit code
    assert guest.stdout.getvalue() == b""
    guest.high(0x0101_0000)
    guest.high(0x0101_0000)
    guest.low(ord("b"))
    assert guest.stdout.getvalue() == b"Ab"
    guest.low(7)
    with pytest.raises(GuestExit) as caught:
        guest.high(0)
    assert caught.value.status == 3
    guest.high(0)
    with pytest.raises(GuestExit):
        guest.low(1)


def test_the_low_half_alone_counts_when_it_is_stored_again(guest: Guest) -> None:
    # write_tohost: sw x1, tohost, t5; j write_tohost
    guest.low(5)
    with pytest.raises(GuestExit) as caught:
        guest.low(5)
    assert caught.value.status == 2


def test_clearing_the_word_first_is_no_command(guest: Guest) -> None:
    guest.low(0)
    guest.low(ord("A"))
    guest.high(0x0101_0000)
    assert guest.stdout.getvalue() == b"A"
    guest.tohost(0)
    guest.low(0)
    guest.high(0)
    guest.tohost(0x0101_0000_0000_0042)
    assert guest.stdout.getvalue() == b"AB"


def test_the_low_half_alone_counts_at_the_second_poll(guest: Guest) -> None:
    guest.htif.poll()
    guest.low(3)
    guest.htif.poll()
    with pytest.raises(GuestExit) as caught:
        guest.htif.poll()
    assert caught.value.status == 1
    guest.htif.poll()
    guest.htif.poll()


def test_a_poll_between_the_halves_does_no_harm(guest: Guest) -> None:
    guest.low(ord("A"))
    guest.htif.poll()
    guest.high(0x0101_0000)
    guest.htif.poll()
    assert guest.stdout.getvalue() == b"A"


def test_a_word_sized_tohost_is_complete_at_once() -> None:
    guest = Guest(size=4)
    guest.memory.store(TOHOST + 4, 4, 99)
    with pytest.raises(GuestExit) as caught:
        guest.low(3)
    assert caught.value.status == 1


def test_a_system_call_through_the_block(guest: Guest) -> None:
    guest.memory.write(0x1300, b"hello")
    guest.memory.write(BLOCK, struct.pack("<8Q", 64, 1, 0x1300, 5, 0, 0, 0, 0))
    guest.low(BLOCK)
    guest.high(0)
    assert guest.stdout.getvalue() == b"hello"
    assert guest.memory.load(BLOCK, 8) == 5
    assert guest.memory.load(FROMHOST, 8) == 1
    assert guest.memory.load(TOHOST, 8) == 0


def test_a_failing_system_call_returns_64_bits(guest: Guest) -> None:
    guest.memory.write(BLOCK, struct.pack("<8Q", 64, 1, 0xFFFF_FFFF_FFFF_0000, 5, 0, 0, 0, 0))
    guest.tohost(BLOCK)
    assert guest.memory.load(BLOCK, 8) == (1 << 64) - 14


def test_an_exit_through_the_block(guest: Guest) -> None:
    guest.memory.write(BLOCK, struct.pack("<8Q", 93, 7, 0, 0, 0, 0, 0, 0))
    with pytest.raises(GuestExit) as caught:
        guest.tohost(BLOCK)
    assert caught.value.status == 7


def test_characters_come_back_through_fromhost() -> None:
    guest = Guest(stdin=b"x")
    guest.tohost(0x0100 << 48)
    assert guest.memory.load(FROMHOST, 8) == 0x0100_0000_0000_0178
    guest.memory.store(FROMHOST, 8, 0)
    guest.tohost(0x0100 << 48)
    assert guest.memory.load(FROMHOST, 8) == 0  # at the end of input Spike does not answer


def test_an_unknown_device_is_taken_and_ignored(guest: Guest) -> None:
    guest.tohost(0x02FF_0000_0000_0001)
    assert guest.memory.load(TOHOST, 8) == 0


def test_a_value_that_is_neither_is_one_clear_line(guest: Guest) -> None:
    with pytest.raises(ProgramError) as caught:
        guest.tohost(0x10)
    assert str(caught.value) == (
        "prog.elf: stored 0x10 to tohost, which is neither an exit code (odd) "
        "nor the address of a system call in RAM"
    )


def test_tohost_must_be_in_ram() -> None:
    with pytest.raises(ProgramError, match=r"^prog.elf: tohost at 0x40000000 lies outside of RAM$"):
        Guest(tohost=0x4000_0000)
