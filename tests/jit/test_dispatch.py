"""The trampoline and its table, with regions written by hand."""

from __future__ import annotations

from time import perf_counter

import pytest

from rvx.description import load_machine
from rvx.jit.context import Context
from rvx.jit.dispatch import ENTRIES, MISS, WAYS, Table, linked, trampoline_object
from rvx.jit.host import this_host
from rvx.jit.layout import Layout
from rvx.jit.native import Code, compile_object
from rvx.jit.region import Reason

LAYOUT = Layout(load_machine("rv32im"))


def region(name: str, pc: int, reason: Reason = Reason.CONTINUE) -> bytes:
    """A region of one instruction, which goes to pc."""
    at = {name: slot.offset for name, slot in LAYOUT.control.items()}
    text = f"""
define void @{name}(ptr %b) {{
  %i = getelementptr i8, ptr %b, i64 {at["instret"]}
  %before = load i64, ptr %i
  %after = add i64 %before, 1
  store i64 %after, ptr %i
  %p = getelementptr i8, ptr %b, i64 {at["pc"]}
  store i64 {pc}, ptr %p
  %r = getelementptr i8, ptr %b, i64 {at["reason"]}
  store i64 {int(reason)}, ptr %r
  %o = getelementptr i8, ptr %b, i64 {at["region"]}
  store i64 4242, ptr %o
  ret void
}}
"""
    return compile_object(text, 0)


class Dispatched:
    """A trampoline with a block and a table."""

    def __init__(self) -> None:
        self.trampoline = linked(trampoline_object(LAYOUT, this_host()))
        self.context, self.table = Context(LAYOUT), Table()
        self.context["regions"] = self.table.address

    def run(self, pc: int, situation: int, limit: int) -> tuple[int, tuple[int, int] | None]:
        for name, value in (("pc", pc), ("hazard", situation), ("limit", limit)):
            self.context[name] = value
        reason, entry = self.trampoline.run(self.context.address)
        return reason, self.table.key(entry)


@pytest.fixture(scope="module")
def code():
    objects = [region("a", 0x2000), region("b", 0x1000), region("c", 0x5000, Reason.BAIL)]
    return Code(objects, ["a", "b", "c"])


@pytest.fixture
def made():
    return Dispatched()


def test_regions_follow_each_other_until_the_budget_is_used_up(made, code):
    made.table.enter(0x1000, 7, code.address("a"), 1)
    made.table.enter(0x2000, 7, code.address("b"), 1)
    assert made.run(0x1000, 7, 1001) == (Reason.BUDGET, (0x1000, 7))
    assert (made.context["pc"], made.context["instret"]) == (0x2000, 1001)


def test_a_region_is_not_entered_whose_longest_path_exceeds_the_limit(made, code):
    made.table.enter(0x1000, 7, code.address("a"), 6)
    assert made.run(0x1000, 7, 5) == (Reason.BUDGET, None)
    assert made.context["instret"] == 0
    assert made.run(0x1000, 7, 6) == (MISS, (0x1000, 7))


def test_a_situation_is_part_of_the_key(made, code):
    made.table.enter(0x1000, 7, code.address("a"), 1)
    assert made.run(0x1000, 8, 100) == (MISS, None)


def test_reasons_come_back(made, code):
    made.table.enter(0x3000, 1 << 62, code.address("c"), 1)
    assert made.run(0x3000, 1 << 62, 100) == (Reason.BAIL, (0x3000, 1 << 62))


def test_stop_ends_at_the_next_look(made, code):
    made.table.enter(0x1000, 7, code.address("a"), 1)
    made.context["stop"] = 1
    assert made.run(0x1000, 7, 100) == (Reason.BUDGET, None)


def test_a_removed_entry_is_missed(made, code):
    made.table.enter(0x1000, 7, code.address("a"), 1)
    made.table.remove(0x1000, 7)
    made.table.remove(0x1000, 7)
    assert made.run(0x1000, 7, 100) == (MISS, None)


def test_entries_of_one_hash_live_beside_each_other(made, code):
    pcs = [0x1000 + 2 * ENTRIES * i for i in range(WAYS)]
    for pc in pcs:
        made.table.enter(pc, 7, code.address("c"), 1)
    assert all(made.run(pc, 7, 1000)[0] == Reason.BAIL for pc in pcs)
    made.table.enter(pcs[-1] + 2 * ENTRIES, 7, code.address("c"), 1)
    assert [made.run(pc, 7, 1000)[0] for pc in pcs].count(MISS) == 1


def test_the_last_places_of_the_table_are_inside_of_it(made, code):
    for way in range(WAYS):
        pc = 2 * (ENTRIES - 1) + 2 * ENTRIES * way
        made.table.enter(pc, 0x4000_0000_0000_0000, code.address("c"), 1)
        assert made.run(pc, 0x4000_0000_0000_0000, 1000)[0] == Reason.BAIL


def test_an_entry_remembers_from_where_it_was_reached(made, code):
    made.table.enter(0x1000, 7, code.address("a"), 1)
    made.table.enter(0x2000, 7, code.address("c"), 1)
    made.run(0x1000, 7, 100)
    assert made.table.origins() == [(4242, 0x2000)]


def test_a_transition_takes_nanoseconds(made, code):
    made.table.enter(0x1000, 7, code.address("a"), 1)
    made.table.enter(0x2000, 7, code.address("b"), 1)
    best = 1.0
    for _ in range(5):
        made.context["instret"] = 0
        started = perf_counter()
        made.run(0x1000, 7, 1_000_000)
        best = min(best, perf_counter() - started)
    assert best < 0.02  # 2 to 3 ns each, where nobody else uses the processor
