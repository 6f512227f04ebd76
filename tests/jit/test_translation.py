"""What translation knows before code runs: control flow, costs, and situations by content."""

from __future__ import annotations

import pytest

from rvx.asm import assemble, elf_image, link
from rvx.description import load_machine
from rvx.jit import cost
from rvx.jit.discover import Discovery, Found
from rvx.jit.host import this_host
from rvx.jit.layout import Layout
from rvx.jit.situation import Issued, Pending, Situation, Situations
from rvx.jit.timing import CoreTiming, OneCycle
from rvx.jit.translate import Translator
from rvx.machine.elf import read_elf
from rvx.machine.simulator import Simulator
from rvx.timing.outcome import Happened
from rvx.timing.scope import OfOutcome, Straddles
from rvx.timing.terms import choose, combine

BASE = 0x8000_0000
MACHINE = load_machine("rv32imfc_zicsr")


def translator(source: str, **given: object) -> Translator:
    """A translator of a program at BASE, with timing off."""
    executable = link([assemble(f"_start: {source}\n", MACHINE, file="t.S")], text_base=BASE)
    program = read_elf(elf_image(executable), name="t.elf", xlen=32)
    code = program.segments[0].data

    def fetch(pc: int) -> int | None:
        offset = pc - BASE
        return int.from_bytes(code[offset : offset + 4], "little") if offset < len(code) else None

    stops = given.get("stops", frozenset())
    assert isinstance(stops, frozenset)
    situations = Situations(None)
    return Translator(MACHINE, Layout(MACHINE), situations, OneCycle(), fetch, stops, this_host())


def discovered(source: str, observed: dict[int, list[int]] | None = None, most: int = 99) -> Found:
    """The region of the first instruction."""
    made = translator(source)
    return Discovery(made.decode, frozenset(), observed or {}, most).run(BASE)


def test_both_ways_of_a_branch_belong_to_a_region() -> None:
    found = discovered("beqz a0, 1f\n nop\n nop\n 1: addi a0, a0, 1\n ecall")
    assert sorted(pc - BASE for pc in found.instructions) == [0, 4, 8, 12, 16]
    assert {BASE, BASE + 12} <= found.leaders


def test_a_return_leads_behind_the_calls_of_its_function() -> None:
    found = discovered("jal f\n nop\n jal f\n ecall\n g: ret\n f: addi a0, a0, 1\n ret")
    assert found.indirect == {BASE + 24: (BASE + 4, BASE + 12)}


def test_a_far_call_is_a_constant_jump() -> None:
    found = discovered("1: auipc ra, 0\n jalr ra, 12(ra)\n ecall\n f: nop\n ret")
    assert BASE + 12 in found.instructions
    assert found.indirect == {BASE + 16: (BASE + 8,)}


def test_observed_targets_belong_to_a_region() -> None:
    found = discovered("jr a0\n nop\n nop\n ecall", {BASE: [BASE + 8]})
    assert sorted(pc - BASE for pc in found.instructions) == [0, 8, 12]


def test_a_region_is_bounded() -> None:
    assert len(discovered("nop\n" * 50, most=10).instructions) == 10


def test_a_mark_is_never_part_of_a_region() -> None:
    made = translator("nop\n nop\n nop\n ecall", stops=frozenset({BASE + 8}))
    number = made.situations.number(Situation(Pending(0, 0, 0, False), (0,) * 3, False))
    assert made.region(BASE, number, {}).instructions == 2


def test_what_is_known_of_an_outcome_settles_a_cost() -> None:
    address, straddles = OfOutcome("address"), Straddles(4)
    taken = choose(OfOutcome("taken"), 3, 1)
    assert cost.settle(taken, cost.Known(True, False, 0)) == 3
    assert cost.settle(choose(straddles, 2, 1), cost.Known(False, False, 4)) == 1
    assert cost.settle(choose(straddles, 2, 1), cost.Known(False, False, 8)) == 2
    open = combine("+", 3, combine("&", address, 7))
    assert cost.bounds(cost.settle(open, cost.Known(False, False, 4))) == (3, 10)
    with pytest.raises(cost.Unknown):
        cost.bounds(address)


def test_a_division_has_a_state_for_each_of_its_costs_and_then_one() -> None:
    simulator = Simulator(core="cv32e40p")
    timing = CoreTiming(simulator._clock._pipeline)  # type: ignore[attr-defined]
    made = translator("divu a0, a1, a2\n add a3, a4, a5")
    divide, add = made.decode(BASE), made.decode(BASE + 4)
    assert divide is not None
    assert add is not None
    (term,) = timing.open(divide, Happened.PLAIN)
    assert cost.bounds(term) == (3, 35)
    step = timing.arrive((Pending(0, 0, 0, False),), divide)
    values = tuple((cycles,) for cycles in range(3, 36))
    after = timing.arrive(timing.leave(step.states, divide, Happened.PLAIN, values), add)
    assert after.cycles == tuple(range(3, 36))
    assert len(set(after.states)) == 1


def test_a_situation_has_the_same_number_in_every_process() -> None:
    first, second = Simulator(core="cv32e40p"), Simulator(core="cv32e40p")
    tables = [s._clock._pipeline.transducer for s in (first, second)]  # type: ignore[attr-defined]
    made = [Situations(table) for table in tables]
    table = tables[0]
    made_of = CoreTiming(first._clock._pipeline)  # type: ignore[attr-defined]
    load = translator("lw a0, 0(a1)\n add a1, a0, a0").decode(BASE)
    assert load is not None
    step = made_of.arrive((Pending(0, 0, 0, False),), load)
    pending = made_of.leave(step.states, load, Happened.PLAIN, ((1,),))[0]
    assert table.states[pending.state] != table.states[0]
    situations = [
        Situation(pending, (3, 1), True),
        Situation(Issued(step.states[0]), (0, 0), False),
    ]
    numbers = [made[0].number(each) for each in situations]
    made[1].admit(made[0].portable(each) for each in situations)
    assert [made[1].number(made[1][number]) for number in numbers] == numbers


def test_a_word_with_a_reserved_rounding_mode_is_no_instruction() -> None:
    made = translator("nop\n .word 0x58badfc3")  # fmadd.s with rm = 5
    assert made.decode(BASE) is not None
    assert made.decode(BASE + 4) is None
