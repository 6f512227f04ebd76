"""Host calls that fail, and the time that they tell."""

from __future__ import annotations

import numpy as np
import pytest
from calling import EXIT, Rvx
from guest import RECORDS, machine


@pytest.mark.parametrize(
    ("call", "arguments", "result"),
    [
        (1234, (), -38),
        (64, (1, 0x1000, 4), -14),
        (64, (7, 0x80000000, 4), -9),
        (64, (1, 0x80000000, 0), 0),
        (63, (0, 0x80000000, 0), 0),
        (63, (0, 0x1000, 8), -14),
        (57, (9,), -9),
        (80, (1, 0x1000), -14),
        (169, (0x1000,), -14),
    ],
)
def test_host_calls_that_fail(rvx: Rvx, call: int, arguments: tuple[int, ...], result: int) -> None:
    sets = [f"li a{i}, {value}" for i, value in enumerate(arguments)]
    done = rvx.run(*sets, f"li a7, {call}", "ecall", "neg a0, a0", EXIT)
    assert (done.status, done.out) == (-result, "")


def test_the_time_is_simulated(rvx: Rvx) -> None:
    lines = (
        "li t0, 1000",
        "1: addi t0, t0, -1",
        "bnez t0, 1b",
        "la a0, out",
        "li a7, 169",
        "ecall",
    )
    ran = machine(rvx, *lines, EXIT, RECORDS)
    ran.run()
    assert ran.read("out", np.int64, 2).tolist() == [0, 20]  # 2004 cycles at 100 MHz
