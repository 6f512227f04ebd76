"""Sums in a quire by a guest: arrays of codes in, the quire's code and its rounding out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from lane_formats import BOUNDED8, BOUNDED16, BOUNDED32, POSIT8, POSIT16, POSIT32, Lanes
from lane_program import ISA, check_native, machine_of

_PROGRAM = """
_start: la   s0, first
        la   s1, second
        la   s2, state
        {quire}.load (s2)
        li   s3, {count}
        beqz s3, done
loop:   flw  fa1, 0(s0)
        flw  fa2, 0(s1)
        {line}
        addi s0, s0, 4
        addi s1, s1, 4
        addi s3, s3, -1
        bnez s3, loop
done:   {last}
        {quire}.store (s2)
        {rounding} fa0
        la   s0, rounded
        fsw  fa0, 0(s0)
        csrr a0, fflags
        li   a7, 93
        ecall
        .data
        .balign 4096
state:  .space 128
rounded: .space 8
first:  .space {size}
second: .space {size}
"""


@dataclass(frozen=True)
class LaneQuire:
    """A quire of the lane instructions: `bits` wide, its unit 2**-places."""

    of: Lanes
    name: str
    prefix: str
    bits: int
    places: int

    def __str__(self) -> str:
        return f"{self.prefix}.{self.of.suffix}"

    @property
    def nar(self) -> int:
        return 1 << self.bits - 1

    def signed(self, code: int) -> int:
        return code - (1 << self.bits) if code > self.nar else code


QUIRES = [
    LaneQuire(POSIT8, "vpq8", "vp", 128, 48),
    LaneQuire(POSIT16, "vpq16", "vp", 256, 112),
    LaneQuire(POSIT32, "vpq32", "vp", 512, 240),
    *(LaneQuire(of, "vbpq", "vbp", 840, 424) for of in (BOUNDED8, BOUNDED16, BOUNDED32)),
    *(LaneQuire(of, "vbp800q", "vbp800", 800, 384) for of in (BOUNDED8, BOUNDED16, BOUNDED32)),
]


def accumulate(
    quire: LaneQuire,
    first: np.ndarray,
    second: np.ndarray,
    *,
    engine: str = "jit",
    start: int = 0,
    operation: str = "qdot",
    last: str = "",
    to: Lanes | None = None,
) -> tuple[int, int]:
    """The quire's code, and what it is rounded to, after an instruction for each pair of words;
    `last` is an instruction to end with, `to` the wider lanes it is rounded to."""
    line = f"{quire.prefix}{operation}.{quire.of.suffix} fa1"
    suffix = quire.of.suffix if to is None else f"{to.suffix}.{quire.of.suffix}"
    word = (to or quire.of).word
    text = _PROGRAM.format(
        quire=quire.name,
        line=line if operation == "qadd" else f"{line}, fa2",
        rounding=f"{quire.prefix}qround.{suffix}",
        count=first.nbytes // 4,
        size=max(first.nbytes, 4),
        last=last,
    )
    machine = machine_of(ISA, engine, text)
    machine.write("first", first)
    machine.write("second", second)
    machine.write("state", np.frombuffer(start.to_bytes(128, "little"), np.uint8))
    assert machine.run().status == 0
    check_native(machine)
    stored = machine.read("state", np.uint8, 108 if quire.bits == 840 else quire.bits // 8)
    code = int.from_bytes(stored.tobytes(), "little", signed=True)
    assert -quire.nar <= code < quire.nar  # the sign is extended
    rounded = set(machine.read("rounded", word, 4 // word().nbytes).tolist())
    assert len(rounded) == 1  # in every lane
    return code & (1 << quire.bits) - 1, rounded.pop()
