"""Memory: 1, 2, 4 and 8 bytes, little-endian; misaligned unless the text says `aligned`."""

from __future__ import annotations

import pytest

from rvx.machine.hart import LOAD_FAULT, LOAD_MISALIGNED, STORE_FAULT, STORE_MISALIGNED
from rvx.reference.storage import TrapRaised

from .one import DATA, one, rd, run

BYTES = bytes(range(0x81, 0x91))


@pytest.mark.parametrize("size", [1, 2, 4])
def test_loads(size: int) -> None:
    machine = one("rd: x, rs1: x", f"rd = signed(memory[rs1, {size}]);")
    hart = run(machine, x={1: DATA}, memory={DATA: BYTES}, rd=3, rs1=1)
    assert rd(hart) == int.from_bytes(BYTES[:size], "little", signed=True) & 0xFFFF_FFFF


def test_a_load_of_eight_bytes() -> None:
    machine = one("rd: x, rs1: x", "let d = memory[rs1, 8]; rd = d[63:32] ^ d[31:0];")
    hart = run(machine, x={1: DATA}, memory={DATA: BYTES}, rd=3, rs1=1)
    low, high = (int.from_bytes(BYTES[i : i + 4], "little") for i in (0, 4))
    assert rd(hart) == low ^ high


@pytest.mark.parametrize("size", [1, 2, 4, 8])
def test_stores(size: int) -> None:
    body = f"let d = {{rs1, rs2}}; memory[rs1, {size}] = d[{8 * size - 1}:0];"
    machine = one("rs1: x, rs2: x", body)
    hart = run(machine, x={1: DATA, 2: 0x1122_3344}, rs1=1, rs2=2)
    stored = (DATA << 32 | 0x1122_3344).to_bytes(8, "little")[:size]
    assert hart.memory.read(DATA, 8) == stored.ljust(8, b"\0")


def test_misaligned_accesses_are_split() -> None:
    machine = one("rd: x, rs1: x", "rd = memory[rs1 + 1, 4]; memory[rs1 + 3, 2] = 0xAABB;")
    hart = run(machine, x={1: DATA}, memory={DATA: BYTES}, rd=3, rs1=1)
    assert rd(hart) == int.from_bytes(BYTES[1:5], "little")
    assert hart.memory.read(DATA + 3, 2) == b"\xbb\xaa"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("rd = aligned memory[rs1 + 2, 4];", LOAD_MISALIGNED),
        ("aligned memory[rs1 + 1, 2] = 0;", STORE_MISALIGNED),
        ("rd = memory[0, 4];", LOAD_FAULT),
        ("memory[0, 4] = rs1;", STORE_FAULT),
    ],
)
def test_accesses_that_trap(body: str, cause: int) -> None:
    with pytest.raises(TrapRaised) as trap:
        run(one("rd: x, rs1: x", body), x={1: DATA}, rd=3, rs1=1)
    assert trap.value.cause == cause


def test_an_aligned_access() -> None:
    machine = one("rd: x, rs1: x", "rd = aligned memory[rs1 + 4, 4];")
    hart = run(machine, x={1: DATA}, memory={DATA: BYTES}, rd=3, rs1=1)
    assert rd(hart) == int.from_bytes(BYTES[4:8], "little")


def test_a_store_of_the_encoding_of_a_number() -> None:
    machine = one("rs1: x, rs2: f<fp16>", "memory[rs1, 2] = bits(rs2);")
    hart = run(machine, x={1: DATA}, f={2: 0xFFFF_3C00}, rs1=1, rs2=2)
    assert hart.memory.read(DATA, 2) == b"\x00\x3c"


def test_loaded_bits_are_read_as_a_number() -> None:
    machine = one(
        "rd: f<fp32>, rs1: x", "rd = (memory[rs1, 2] as fp16) + (memory[rs1 + 2, 1] as e5m2);"
    )
    hart = run(machine, x={1: DATA}, memory={DATA: b"\x00\x3c\x3c"}, rd=3, rs1=1)
    assert rd(hart, "f") == 0x4000_0000


def test_a_store_into_memory_that_is_part_of_a_concatenation() -> None:
    machine = one("rs1: x, rs2: x", "{memory[rs1, 2], memory[rs1 + 8, 2]} = rs2;")
    hart = run(machine, x={1: DATA, 2: 0x1122_3344}, rs1=1, rs2=2)
    assert (hart.memory.load(DATA, 2), hart.memory.load(DATA + 8, 2)) == (0x1122, 0x3344)
