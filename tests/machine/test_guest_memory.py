"""Guest memory against a plain bytearray, and what lies beside RAM."""

from __future__ import annotations

import random

import ml_dtypes
import numpy as np
import pytest

from rvx.machine.memory import AccessFault, Memory, MemoryMapError

BASE = 0x8000_0000
SIZE = 0x1_0000


@pytest.fixture
def memory() -> Memory:
    return Memory([range(BASE, BASE + SIZE)])


def test_ram_is_zero_and_little_endian(memory: Memory) -> None:
    assert memory.load(BASE, 8) == 0
    memory.store(BASE, 4, 0x1234_5678)
    assert [memory.load(BASE + i, 1) for i in range(4)] == [0x78, 0x56, 0x34, 0x12]
    assert memory.load(BASE + 1, 2) == 0x3456


def test_a_store_keeps_the_low_bytes(memory: Memory) -> None:
    memory.store(BASE, 2, -1)
    assert memory.load(BASE, 4) == 0xFFFF
    memory.store(BASE, 1, 0x1_23)
    assert memory.load(BASE, 4) == 0xFF23


@pytest.mark.parametrize("watched", [False, True])
def test_random_accesses_equal_a_bytearray(watched: bool) -> None:
    # Three pieces given in any order, two of them adjacent; a watch makes most stores slow.
    memory = Memory([range(0x1040, 0x1080), range(0x2000, 0x2040), range(0x1000, 0x1040)])
    if watched:
        memory.watch(0x1050, 8, lambda address, size: None)
        memory.watch(0x2010, 1, lambda address, size: None)
    model = bytearray(0x2040)
    random_ = random.Random(1)
    for _ in range(20_000):
        address, size = random_.randrange(0xFF0, 0x2050), random_.choice([1, 2, 3, 4, 8, 16])
        fits = 0x1000 <= address <= 0x1080 - size or 0x2000 <= address <= 0x2040 - size
        value = random_.getrandbits(8 * size)
        store = random_.random() < 0.5
        if not fits:
            with pytest.raises(AccessFault):
                memory.store(address, size, value) if store else memory.load(address, size)
        elif store:
            memory.store(address, size, value)
            model[address : address + size] = value.to_bytes(size, "little")
        else:
            expected = int.from_bytes(model[address : address + size], "little")
            assert memory.load(address, size) == memory.fetch(address, size) == expected


@pytest.mark.parametrize("address", [BASE - 1, BASE + SIZE - 3, BASE + SIZE, 0, 0xFFFF_FFFF])
def test_an_access_outside_of_ram_says_which(memory: Memory, address: int) -> None:
    for kind, access in [
        ("load", lambda: memory.load(address, 4)),
        ("fetch", lambda: memory.fetch(address, 4)),
        ("store", lambda: memory.store(address, 4, 1)),
    ]:
        with pytest.raises(AccessFault) as caught:
            access()
        fault = caught.value
        assert (fault.address, fault.size, fault.kind) == (address, 4, kind)
        assert str(fault) == f"{kind} of 4 bytes at {address:#010x}, outside of RAM"
    assert memory.load(BASE + SIZE - 4, 4) == 0  # nothing was half-stored


def test_the_top_of_the_address_space_is_ram_like_any_other() -> None:
    memory = Memory([range(0xFFFF_F000, 1 << 32)])
    memory.store(0xFFFF_FFFC, 4, 5)
    assert memory.load(0xFFFF_FFFC, 4) == 5
    with pytest.raises(AccessFault):
        memory.load(0xFFFF_FFFE, 4)


def test_blocks(memory: Memory) -> None:
    memory.write(BASE + 10, b"hello")
    assert memory.read(BASE + 9, 7) == b"\0hello\0"
    memory.clear(BASE + 11, 3)
    assert memory.read(BASE + 10, 5) == b"h\0\0\0o"
    with pytest.raises(AccessFault):
        memory.write(BASE + SIZE - 2, b"abc")
    assert memory.read(BASE + SIZE - 2, 2) == b"\0\0"


def test_no_bytes_are_no_access(memory: Memory) -> None:
    # write(1, NULL, 0) is legal.
    assert memory.read(0, 0) == b""
    memory.write(0, b"")
    memory.clear(0, 0)
    assert memory.view(0, np.float32, (0, 4)).shape == (0, 4)


def test_a_view_is_the_ram_itself(memory: Memory) -> None:
    view = memory.view(BASE + 2, np.float32, (2, 3))
    view[1, 2] = 1.0
    assert memory.load(BASE + 2 + 5 * 4, 4) == 0x3F80_0000
    memory.store(BASE + 2, 4, 0xBF80_0000)
    assert view[0, 0] == -1.0
    assert memory.view(BASE, np.uint16, 3).shape == (3,)
    with pytest.raises(AccessFault):
        memory.view(BASE + SIZE - 8, np.float32, 3)


def test_a_view_of_small_formats(memory: Memory) -> None:
    memory.view(BASE, ml_dtypes.bfloat16, 2)[:] = [1.0, -2.0]
    memory.view(BASE + 4, ml_dtypes.float8_e5m2, 2)[:] = [1.0, -2.0]
    assert memory.read(BASE, 6) == b"\x80\x3f\x00\xc0\x3c\xc0"


def test_a_port_answers_where_there_is_no_ram(memory: Memory) -> None:
    stores: list[tuple[int, int]] = []
    memory.add_port(0xF000_0000, 16, 4, lambda *store: stores.append(store), lambda offset: offset)
    memory.store(0xF000_0004, 4, 0x1_2345_6789)
    assert stores == [(4, 0x2345_6789)]
    assert memory.load(0xF000_0008, 4) == 8
    for access in (memory.fetch, memory.read):
        with pytest.raises(AccessFault):
            access(0xF000_0000, 4)


@pytest.mark.parametrize(
    ("offset", "size"), [(0, 1), (4, 2), (0, 8), (2, 4), (13, 4), (16, 4), (-4, 4), (-1, 4)]
)
def test_a_port_answers_nothing_but_its_words(memory: Memory, offset: int, size: int) -> None:
    memory.add_port(0xF000_0000, 16, 4, lambda offset, value: None, lambda offset: 0)
    for access in (memory.load, memory.check_store, lambda a, size: memory.store(a, size, 0)):
        with pytest.raises(AccessFault):
            access(0xF000_0000 + offset, size)


def test_checking_a_store_changes_nothing(memory: Memory) -> None:
    memory.add_port(0xF000_0000, 16, 4, lambda o, value: pytest.fail("stored"), lambda o: 0)
    memory.watch(BASE, 4, lambda a, size: pytest.fail("noticed"))
    memory.check_store(BASE, 4)
    memory.check_store(BASE + SIZE - 8, 8)
    memory.check_store(0xF000_000C, 4)
    with pytest.raises(AccessFault) as caught:
        memory.check_store(BASE + SIZE - 4, 8)
    assert caught.value.kind == "store"


@pytest.mark.parametrize("base", [BASE, BASE - 15, BASE + SIZE - 1, 0x100F])
def test_a_port_must_be_in_free_space(memory: Memory, base: int) -> None:
    memory.add_port(0x1000, 16, 4, lambda o, v: None, lambda o: 0)
    with pytest.raises(MemoryMapError, match="would lie inside RAM or another port"):
        memory.add_port(base, 16, 4, lambda o, v: None, lambda o: 0)


def test_a_watch_sees_every_store_that_touches_it(memory: Memory) -> None:
    seen: list[tuple[int, int, int]] = []
    memory.watch(BASE + 8, 8, lambda a, size: seen.append((a - BASE, size, memory.load(a, size))))
    for offset, size in [(4, 4), (7, 1), (16, 4), (7, 2), (8, 4), (12, 4), (15, 2), (4, 16)]:
        memory.store(BASE + offset, size, offset)
    assert seen == [(7, 2, 7), (8, 4, 8), (12, 4, 12), (15, 2, 15), (4, 16, 4)]
    memory.write(BASE + 8, b"host")
    memory.view(BASE + 8, np.uint8, 8)[:] = 0
    memory.load(BASE + 8, 4)
    assert len(seen) == 5


def test_fast_stores_keep_the_largest_part_without_a_watch() -> None:
    memory = Memory([range(0x1000, 0x2000), range(0x8000, 0x9000)])
    assert memory.quiet == range(0x1000, 0x2000)
    for address, quiet in [
        (0x8100, range(0x1000, 0x2000)),  # not in the fast region
        (0x1010, range(0x1018, 0x2000)),
        (0x1014, range(0x101C, 0x2000)),
        (0x1F00, range(0x101C, 0x1F00)),
        (0x1FF8, range(0x101C, 0x1F00)),
    ]:
        memory.watch(address, 8, lambda a, s: None)
        assert memory.quiet == quiet
    with pytest.raises(AccessFault):
        memory.watch(0x1FFC, 8, lambda a, s: None)


def test_a_memory_map_that_cannot_be() -> None:
    for ram in ([], [range(0)], [range(0x1000, 0x2000), range(5, 5)]):
        with pytest.raises(MemoryMapError, match="a machine needs RAM"):
            Memory(ram)
    with pytest.raises(MemoryMapError, match="overlap at 0x00001800"):
        Memory([range(0x1800, 0x3000), range(0x1000, 0x2000)])
    with pytest.raises(MemoryMapError, match="the host has no memory"):
        Memory([range(1 << 62)])


def test_untouched_ram_costs_nothing() -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = Memory([range(1 << 32)])
    memory.store(0xFFFF_FFF0, 4, 1)
    memory.clear(0x1000_0000, 1 << 28)
    assert memory.load(0xFFFF_FFF0, 4) == 1
    unit = 1 if before > 1 << 30 else 1024  # macOS counts bytes
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit < 64 << 20
