"""The exit port: four words outside of RAM."""

from __future__ import annotations

import io

import pytest

from rvx.machine.console import Console, GuestExit
from rvx.machine.memory import AccessFault, Memory, MemoryMapError
from rvx.machine.port import ExitPort

PORT = 0xF000_0000


@pytest.fixture
def stdout() -> io.BytesIO:
    return io.BytesIO()


@pytest.fixture
def memory(stdout: io.BytesIO) -> Memory:
    memory = Memory([range(0x1000, 0x2000)])
    ExitPort(PORT, memory, Console(io.BytesIO(), stdout, io.BytesIO()))
    return memory


@pytest.mark.parametrize(("value", "code"), [(0, 0), (3, 3), (0xFFFF_FFFF, 255)])
def test_a_word_stored_ends_the_run(memory: Memory, value: int, code: int) -> None:
    with pytest.raises(GuestExit) as caught:
        memory.store(PORT, 4, value)
    assert (caught.value.status, caught.value.code) == (value, code)


def test_the_other_words_print(memory: Memory, stdout: io.BytesIO) -> None:
    for offset, value in [(4, 0), (8, 4_294_967_295), (12, 1234), (4, -1)]:
        memory.store(PORT + offset, 4, value)
    assert stdout.getvalue() == b"0\n4294967295\n1234\n4294967295\n"


@pytest.mark.parametrize(("offset", "size"), [(0, 1), (4, 2), (2, 4), (9, 4), (0, 8), (16, 4)])
def test_any_other_store_faults(memory: Memory, offset: int, size: int) -> None:
    with pytest.raises(AccessFault):
        memory.check_store(PORT + offset, size)  # before the hart lets anything happen
    with pytest.raises(AccessFault) as caught:
        memory.store(PORT + offset, size, 1)
    assert (caught.value.address, caught.value.kind) == (PORT + offset, "store")


def test_a_load_faults(memory: Memory, stdout: io.BytesIO) -> None:
    with pytest.raises(AccessFault) as caught:
        memory.load(PORT + 4, 4)
    assert (caught.value.address, caught.value.kind) == (PORT + 4, "load")
    assert stdout.getvalue() == b""


def test_a_port_in_ram_is_refused() -> None:
    console = Console(io.BytesIO(), io.BytesIO(), io.BytesIO())
    with pytest.raises(MemoryMapError, match="a port at 0x00001ff8 would lie inside RAM"):
        ExitPort(0x1FF8, Memory([range(0x1000, 0x2000)]), console)
