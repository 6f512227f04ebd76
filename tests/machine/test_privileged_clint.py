"""The registers of the CLINT as a guest sees them."""

from __future__ import annotations

import pytest
from bare import Bare, traps, values


def test_the_registers_of_the_clint() -> None:
    ran = Bare("li t1, 0x02000000", "lw a0, 0(t1)", "li a1, -1", "sw a1, 0(t1)", "lw a1, 0(t1)",
               "sw zero, 0(t1)", "li t1, 0x02004000", "lw a2, 0(t1)", "lw a3, 4(t1)",
               "sw a1, 0(t1)", "lw a4, 0(t1)")  # fmt: skip
    assert ran.traps == []
    assert ran.x[10:15] == [0, 1, 0xFFFFFFFF, 0xFFFFFFFF, 1]


def test_mip_shows_what_the_clint_says() -> None:
    found = values("csrr a0, mip", "li t1, 0x02000000", "li t2, 1", "sw t2, 0(t1)", "csrr a1, mip",
                   "li t1, 0x02004000", "sw zero, 4(t1)", "sw zero, 0(t1)", "csrr a2, mip",
                   "csrw mip, zero", "csrr a3, mip", "li t2, -1", "sw t2, 4(t1)",
                   "csrr a4, mip")  # fmt: skip
    assert found[:5] == [0, 1 << 3, 1 << 3 | 1 << 7, 1 << 3 | 1 << 7, 1 << 3]


def test_mtime_is_the_time() -> None:
    """Ticks are cycles; the load that reads it does so in its own."""
    found = values("li t1, 0x0200bff8", "csrr a0, time", "lw a1, 0(t1)", "lw a2, 4(t1)",
                   "csrr a3, time")  # fmt: skip
    assert [value - found[0] for value in (found[1], found[3])] == [1, 3]
    assert found[2] == 0


def test_mtime_may_be_set() -> None:
    """The store wins over the tick, that of one half too; mcycle does not follow."""
    found = values("li t1, 0x0200bff8", "li t2, 1000", "sw t2, 0(t1)", "csrr a0, time",
                   "li t2, 7", "sw t2, 4(t1)", "csrr a1, time", "csrr a2, timeh", "csrr a3, cycle",
                   "csrw mcycle, zero", "csrr a4, time")  # fmt: skip
    assert found[:3] == [1000, 1002, 7]
    assert found[3] < 100
    assert found[4] - found[1] == 4


def test_mtime_carries() -> None:
    found = values("li t1, 0x0200bff8", "li t2, -1", "sw t2, 0(t1)", "csrr a0, time",
                   "csrr a1, time", "csrr a2, timeh")  # fmt: skip
    assert found[:3] == [0xFFFFFFFF, 0, 1]


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("lb a0, 0(t1)", 5),
        ("lh a0, 0(t1)", 5),
        ("lw a0, 2(t1)", 5),
        ("fld fa0, 0(t1)", 5),
        ("lw a0, 8(t1)", 5),
        ("sb a0, 0(t1)", 7),
        ("sw a0, 1(t1)", 7),
        ("fsd fa0, 0(t1)", 7),
        ("sw a0, 8(t1)", 7),
    ],
)
def test_the_clint_takes_words_only(line: str, cause: int) -> None:
    assert [row[0] for row in traps("li t1, 0x02004000", line)] == [cause]


def test_atomic_operations_reach_the_clint() -> None:
    ran = Bare("li t1, 0x02000000", "li t2, 1", "amoor.w a0, t2, (t1)", "amoswap.w a1, zero, (t1)")
    assert (ran.traps, ran.x[10:12]) == ([], [0, 1])


def test_ram_wins_over_the_clint() -> None:
    ran = Bare("li t1, 0x02004000", "li t2, 5", "sb t2, 1(t1)", "lw a0, 0(t1)",
               ram=["0x80000000:1M", "0x02000000:1M"])  # fmt: skip
    assert (ran.traps, ran.x[10]) == ([], 5 << 8)
