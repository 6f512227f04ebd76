"""What is declared beside instructions: guarded CSRs, ports, interrupts, atomic accesses."""

from __future__ import annotations

import pytest

from rvx.machine.device import map_ports
from rvx.machine.hart import LOAD_MISALIGNED, STORE_FAULT, STORE_MISALIGNED, Hart
from rvx.machine.interrupts import Interrupts
from rvx.machine.memory import Memory
from rvx.model.machine import Machine
from rvx.reference.storage import TrapRaised

from .one import DATA, RAM, machine, one, rd, run

CSR = 0x7C0


def written(of: Machine, value: int) -> Hart:
    return run(of, "csrrw", x={1: value}, rd=0, csr=CSR, rs1=1)


@pytest.mark.parametrize(
    ("value", "mode", "other"), [(0b000, 3, 0), (0b011, 1, 1), (0b101, 3, 1), (0b111, 3, 1)]
)
def test_what_is_not_legal_becomes_the_first(value: int, mode: int, other: int) -> None:
    of = machine(
        "extension Xt { state mode: bits(2); state other: bits(1);\n"
        "csr 0x7C0 t = {legal(mode, 3, 1), other}; }"
    )
    states = written(of, value).states
    assert (states["mode"], states["other"]) == ([mode], [other])
    assert rd(run(of, "csrrs", states={"mode": 2}, rd=3, csr=CSR, rs1=0)) == 4


def test_some_bits_of_a_state_are_guarded() -> None:
    of = machine("extension Xt { state t: bits(8) = 0xA5; csr 0x7C0 u = legal(t[3:2], 0, 2); }")
    assert [written(of, value).states["t"] for value in range(4)] == [
        [0xA1],
        [0xA1],
        [0xA9],
        [0xA1],
    ]


def test_a_part_may_depend_on_the_machine() -> None:
    text = "extension Xt { state t: bits(4) = 9; csr 0x7C0 u = {has(D) ? t : zero(4), has(D)}; }"
    assert written(machine(text, isa="rv32i"), 0xFF).states["t"] == [9]
    assert written(machine(text, isa="rv32ifd"), 0xFF).states["t"] == [15]


# Ports ------------------------------------------------------------------------------------------

PORTS = """
extension Xt {
  state low: bits(8); state high: bits(40) = 0x12_3456_789A; state seen: bits(1);
  port 0x1000 both = {high[7:0], low, zero(15), 1}, marks seen = 1;
  port 0x1004 upper = high[39:8];
}
"""


def mapped(text: str) -> tuple[Hart, Memory, list[object]]:
    of = machine(text)
    memory, calls = Memory([range(RAM, RAM + 0x1000)]), []
    hart = Hart(of, memory)
    map_ports(hart, memory, lambda: calls.append("before"), calls.append)
    return hart, memory, calls


def test_a_port_reads_and_writes_states() -> None:
    hart, memory, calls = mapped(PORTS)
    assert memory.load(0x1000, 4) == 0x9A00_0001
    memory.store(0x1000, 4, 0x4321_0FFE)
    assert (hart.states["low"], hart.states["high"]) == ([0x21], [0x12_3456_7843])
    assert hart.states["seen"] == [1]
    memory.store(0x1004, 4, 0xFFFF_0000)
    assert hart.states["high"] == [0xFF_FF00_0043]
    assert calls.count("before") == 3
    assert [len(call) for call in calls if call != "before"] == [3, 1]
    assert hart.writes == []


def test_ports_are_words_of_memory() -> None:
    of = machine(PORTS)
    assert [(p.name, p.address, p.extension) for p in of.ports if p.extension == "Xt"] == [
        ("both", 0x1000, "Xt"),
        ("upper", 0x1004, "Xt"),
    ]


def test_ram_is_where_a_port_would_be() -> None:
    of = machine(PORTS)
    memory = Memory([range(0x1000, 0x2000)])
    map_ports(Hart(of, memory), memory, lambda: None, lambda written: None)
    memory.store(0x1000, 4, 5)
    assert memory.load(0x1000, 4) == 5


# Interrupts -------------------------------------------------------------------------------------


def test_interrupts_have_an_order_and_depend_on_state() -> None:
    of = machine(
        "extension Xt { state a: bits(1); state b[2]: bits(4);\n"
        "interrupt 0x8000_0020 when a and b[1] > 3; interrupt 0x8000_0010 when a; }",
        isa="rv32i",
    )
    assert [i.cause for i in of.interrupts] == [0x80000003, 0x80000007, 0x80000020, 0x80000010]
    assert {"a", "b", "mtime", "privilege"} <= of.interrupt_states
    hart = Hart(of, Memory([range(RAM, RAM + 0x1000)]))
    found = Interrupts(hart)
    assert found.pending(0) is None
    hart.states["a"][0] = 1
    assert found.pending(0) == 0x80000010
    hart.states["b"][1] = 9
    assert found.pending(0) == 0x80000020


@pytest.mark.parametrize("due", [0, 1, 5, 1000, (1 << 64) - 1])
def test_when_time_alone_makes_one_pending(due: int) -> None:
    of = machine("extension Xt { state a: bits(1); interrupt 0x8000_0010 when mtime > 9 and a; }")
    hart = Hart(of, Memory([range(RAM, RAM + 0x1000)]))
    found = Interrupts(hart)
    assert found.first(5) is None
    hart.states["mie"][0], hart.states["mie_bit"][0], hart.states["mtimecmp"][0] = 128, 1, due
    assert found.first(5) == max(due, 5)
    assert found.first(2000) == max(due, 2000)
    hart.states["a"][0] = 1
    assert found.first(5) == max(5, min(due, 10))


# Atomic accesses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "cause"), [("aligned", LOAD_MISALIGNED), ("atomic", STORE_MISALIGNED)]
)
def test_an_atomic_load_traps_as_a_store(kind: str, cause: int) -> None:
    of = one("rd: x, rs1: x", f"rd = {kind} memory[rs1, 4];")
    assert rd(run(of, "t.t", x={1: DATA}, memory={DATA: b"\7"}, rd=3, rs1=1)) == 7
    with pytest.raises(TrapRaised) as raised:
        run(of, "t.t", x={1: DATA + 2}, rd=3, rs1=1)
    assert (raised.value.cause, raised.value.value) == (cause, DATA + 2)


def test_an_atomic_load_faults_as_a_store() -> None:
    of = one("rd: x, rs1: x", "rd = atomic memory[rs1, 4];")
    with pytest.raises(TrapRaised) as raised:
        run(of, "t.t", x={1: 0x100}, rd=3, rs1=1)
    assert (raised.value.cause, raised.value.value) == (STORE_FAULT, 0x100)
