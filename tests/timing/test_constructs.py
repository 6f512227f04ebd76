"""Each construct of a core's text, by itself, on streams of a few instructions."""

from __future__ import annotations

import pytest
from stream import NOP, Do, access, cycles, stream, taken

from rvx.timing import Outcome


def test_without_rules_every_instruction_takes_one_cycle() -> None:
    items = [
        access("lw x5, 0(x6)", 3),
        "add x7, x5, x5",
        "div x7, x7, x5",
        "fdiv.s f1, f2, f3",
        taken("beq x0, x0, 8", to=8),
        Do("jal x1, 64", to=2),
        Do("ecall", Outcome(cause=11), to=0),
        Do("illegal", Outcome(cause=2), to=0),
        NOP,
    ]
    assert cycles("", *items) == list(range(9))


# execute ----------------------------------------------------------------------------------------


def test_execute_delays_whatever_follows() -> None:
    assert cycles("execute mul: 3;", NOP, "mul x5, x6, x7", NOP, NOP) == [0, 1, 4, 5]


def test_the_first_rule_that_applies_decides() -> None:
    rules = "execute mulh: 5; execute M: 2; execute mulh, mul: 9;"
    assert cycles(rules, "mulh x5, x6, x7", "mul x5, x6, x7", NOP) == [0, 5, 7]


def test_an_expression_over_operands_is_evaluated_as_the_instruction_executes() -> None:
    made = stream("execute divu: 3 + clz(rs2);")
    divide = "divu x5, x6, x7"
    taking = [Do(divide, Outcome(frame=n)) for n in (7, 35, 7)]
    assert [made.issue(item) for item in (*taking, NOP)] == [0, 7, 42, 49]


def test_a_guard_over_the_access_chooses_between_rules() -> None:
    rules = "execute load or store when straddles(address): 2;"
    items = [
        access("lw x5, 0(x6)", 0x104),
        access("lw x5, 0(x6)", 0x106),
        access("lh x5, 0(x6)", 0x105, 2),
        access("sh x5, 0(x6)", 0x107, 2),
        access("lbu x5, 0(x6)", 0x107, 1),
        NOP,
    ]
    assert cycles(rules, *items) == [0, 1, 3, 4, 6, 7]


def test_parameters_stand_for_numbers() -> None:
    rules = "execute mul: N + 1;"
    assert cycles(rules, "mul x5, x6, x7", NOP, N=0) == [0, 1]
    assert cycles(rules, "mul x5, x6, x7", NOP, N=4) == [0, 5]


def test_bits_of_the_word_and_operators_decide_without_running() -> None:
    # Bit 30 tells sub from add; bits 14 to 12 of both are 0.
    rules = "execute add, sub: not (word[30] == 0) ? 4 - -1 : 1 + (word[14:12] | 1);"
    assert cycles(rules, "add x5, x6, x7", "sub x5, x6, x7", NOP) == [0, 2, 7]


# result -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["lw x5, 0(x6)", "add x7, x5, x0"], [0, 2]),  # load-use
        (["lw x5, 0(x6)", NOP, "add x7, x5, x0"], [0, 1, 2]),
        (["lw x5, 0(x6)", "sw x5, 0(x6)"], [0, 2]),
        (["lw x5, 0(x6)", "add x5, x6, x0"], [0, 1]),  # writing does not wait
        (["lw x0, 0(x6)", "add x7, x0, x0"], [0, 1]),  # nothing waits for x0
        (["flw f5, 0(x6)", "add x7, x5, x0"], [0, 1]),  # another file
        (["flw f5, 0(x6)", "fadd.s f7, f5, f0"], [0, 2]),
        (["mul x5, x6, x7", "add x7, x5, x0"], [0, 3]),
        (["mul x5, x6, x7", NOP, "add x7, x5, x0"], [0, 1, 3]),
        (["mul x5, x6, x7", "addi x5, x0, 1", "add x7, x5, x0"], [0, 1, 2]),  # the newer x5
    ],
)
def test_a_late_result_is_waited_for_by_who_reads_it(items: list[str], expected: list[int]) -> None:
    assert cycles("result load: 1; result mul: 2;", *items) == expected


def test_a_late_result_counts_from_the_last_cycle_in_execute() -> None:
    rules = "execute load when straddles(address): 2; result load: 1;"
    assert cycles(rules, access("lw x5, 0(x6)", 2), "add x7, x5, x0") == [0, 3]


# Units ------------------------------------------------------------------------------------------

FPU = "unit fpu floating and not (load or store)"


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["fadd.s f1, f2, f3", "fsw f1, 0(x6)"], [0, 4]),  # a source waits
        (["fadd.s f1, f2, f3", NOP, "fsw f1, 0(x6)"], [0, 1, 4]),
        (["fadd.s f1, f2, f3", "flw f1, 0(x6)"], [0, 4]),  # and a destination outside the unit
        (["fadd.s f1, f2, f3", "flw f4, 0(x6)", "add x1, x1, x1"], [0, 1, 2]),
        (["feq.s x1, f2, f3", "add x4, x1, x1"], [0, 4]),
        (["feq.s x0, f2, f3", "add x4, x0, x1"], [0, 4]),  # an interlock does not know x0
        (["fmul.s f1, f2, f3", "fsw f1, 0(x6)"], [0, 1]),  # no latency: in the same cycle
    ],
)
def test_what_a_unit_owes_is_waited_for(items: list[str], expected: list[int]) -> None:
    rules = FPU + " { latency fmul.s: 0; latency floating: 3; }"
    assert cycles(rules, *items) == expected


def test_a_unit_takes_one_operation_at_a_time_unless_told_otherwise() -> None:
    # The second is accepted in cycle 5, after the first is out in cycle 4.
    items = ["fadd.s f1, f2, f3", "fadd.s f4, f2, f3", NOP, "fsw f4, 0(x6)"]
    assert cycles(FPU + " { latency floating: 3; }", *items) == [0, 1, 5, 8]


def test_every_is_the_interval_after_an_operation() -> None:
    rules = FPU + " { latency fdiv.s: 9; latency floating: 3; every floating and not fdiv.s: 2; }"
    adds = [f"fadd.s f{n}, f2, f3" for n in (4, 5, 6)]
    assert cycles(rules, *adds, NOP) == [0, 1, 3, 5]
    assert cycles(rules, "fdiv.s f4, f2, f3", *adds[1:], NOP) == [0, 1, 11, 13]


def test_every_may_be_longer_than_the_latency() -> None:
    rules = FPU + " { latency floating: 1; every floating: 4; }"
    items = ["fadd.s f1, f2, f3", "fsw f1, 0(x6)", "fadd.s f4, f2, f3", NOP]
    assert cycles(rules, *items) == [0, 2, 3, 5]


def test_overlap_is_asked_of_all_operations() -> None:
    rules = FPU + " { latency fmul.s: 2; latency floating: 1; overlap when latency == 1; }"
    adds = ["fadd.s f1, f2, f3", "fadd.s f4, f2, f3", NOP]
    assert cycles(rules, *adds) == [0, 1, 2]
    assert cycles(rules, "fmul.s f1, f2, f3", *adds[1:]) == [0, 1, 4]
    assert cycles(rules, adds[0], "fmul.s f4, f2, f3", NOP) == [0, 1, 3]


def test_parameters_stand_for_numbers_in_every_rule() -> None:
    rules = (
        FPU
        + " { latency floating: N; overlap when latency <= N; }"
        + " redirect jump from decode; fetch N; hold decode when execute is mul and N != 2;"
    )
    items = ["fadd.s f1, f2, f3", "fadd.s f4, f2, f3", Do("jal x0, 64", to=64), NOP]
    assert cycles(rules, *items, "fsw f4, 0(x6)", N=2) == [0, 1, 2, 5, 6]


def test_a_unit_may_have_to_be_asked_more_than_once() -> None:
    rules = FPU + " { latency floating: 2; accept fdiv.s: 3; }"
    items = ["fdiv.s f1, f2, f3", NOP, "fsw f1, 0(x6)"]
    assert cycles(rules, *items) == [0, 3, 5]


def test_reads_adds_sources_to_the_interlock() -> None:
    rules = FPU + " { latency floating: 3; reads fence: f[word[24:20]]; }"
    # The pred and succ of `fence iorw, iorw` put 31 into the field of rs2: bits 24 to 20.
    assert cycles(rules, "fadd.s f31, f2, f3", "fence 15, 15") == [0, 4]
    assert cycles(rules, "fadd.s f30, f2, f3", "fence 15, 15") == [0, 1]


@pytest.mark.parametrize("name", ["vfdotpex.h.b f1, f2, f3", "padd.s p1, p2, p3", "qclr.s"])
def test_an_extensions_operations_find_the_unit_by_what_they_work_on(name: str) -> None:
    rules = FPU + " { latency F: 9; latency floating: 2; }"
    assert cycles(rules, name, "fadd.s f8, f9, f9", NOP) == [0, 1, 4]


def test_an_extensions_loads_are_loads() -> None:
    assert cycles("execute load: 2;", "plw p1, 0(x2)", NOP) == [0, 2]


# Redirects --------------------------------------------------------------------------------------


def test_a_redirect_after_a_fixed_number_of_cycles() -> None:
    rules = "redirect taken: 3; redirect jump: 2;"
    items = ["beq x1, x2, 8", taken("beq x1, x2, 8", to=64), Do("jal x0, 64", to=0), NOP]
    assert cycles(rules, *items) == [0, 1, 4, 6]


def test_a_target_takes_its_fetch() -> None:
    rules = "redirect jump: 2; fetch straddles(pc) ? 2 : 1;"
    assert cycles(rules, Do("jal x0, 64", to=2), NOP) == [0, 3]
    assert cycles(rules, Do("jal x0, 64", to=4), NOP) == [0, 2]


def test_a_redirect_from_execute_and_from_decode() -> None:
    rules = "redirect taken from execute; redirect jump from decode;"
    assert cycles(rules, taken("beq x1, x2, 8", to=64), NOP) == [0, 3]
    assert cycles(rules, Do("jal x0, 64", to=64), NOP) == [0, 2]


def test_fetch_goes_on_while_a_jump_waits_in_decode() -> None:
    rules = "redirect jump from decode; execute mul: 4; fetch straddles(pc) ? 2 : 1;"
    assert cycles(rules, "mul x5, x6, x7", Do("jal x0, 64", to=64), NOP) == [0, 4, 5]
    assert cycles(rules, "mul x5, x6, x7", Do("jal x0, 64", to=66), NOP) == [0, 4, 6]


def test_a_jump_that_cannot_ask_waits_and_asks_late() -> None:
    rules = "redirect jalr from decode unless decoder reads execute.rd; execute mul: 2;"
    jump = Do("jalr x0, 0(x5)", to=64)
    assert cycles(rules, "mul x5, x6, x7", jump, NOP) == [0, 3, 5]
    assert cycles(rules, "mul x4, x6, x7", jump, NOP) == [0, 2, 3]


def test_decoder_still_shows_an_instruction_that_has_left() -> None:
    # jalr x5, 0(x5) reads what it writes itself: for a cycle decode takes nothing.
    rules = "redirect jalr from decode unless decoder reads execute.rd;"
    assert cycles(rules, Do("jalr x5, 0(x5)", to=64), NOP) == [0, 3]
    assert cycles(rules, Do("jalr x4, 0(x5)", to=64), NOP) == [0, 2]


def test_decoder_shows_what_a_branch_has_killed() -> None:
    rules = (
        "redirect taken from execute; drain: hold decode when decoder is csr and fpu.busy;"
        + FPU
        + " { latency floating: 5; }"
    )
    branch = "beq x1, x2, 8"
    add = "fadd.s f1, f2, f3"
    assert cycles(rules, add, taken(branch, to=64), NOP) == [0, 1, 4]
    killed = taken(branch, to=64, behind="csrrs x5, 0x340, x0")
    assert cycles(rules, add, killed, NOP) == [0, 1, 8]


def test_resume_delays_sequential_code() -> None:
    rules = "resume csr when csr in [mscratch] or csr == 0x341 and writes_csr: 4;"
    read, write = "csrrs x5, 0x341, x0", Do("csrrw x5, 0x341, x6", Outcome(writes_csr=True))
    items = ["csrrs x5, 0x340, x0", read, write, "csrrs x5, 0x342, x0", NOP]
    assert cycles(rules, *items) == [0, 4, 5, 9, 10]


def test_a_trap_is_an_event_of_its_own() -> None:
    rules = "execute load: 9; redirect illegal: 5; redirect ecall, trapped: 4;"
    items = [
        Do("illegal", Outcome(cause=2), to=0),
        Do("csrrs x5, 0x123, x0", Outcome(cause=2), to=0),
        Do("ecall", Outcome(cause=11), to=0),
        Do("lw x5, 0(x6)", Outcome(cause=5), to=0),  # has no result: it does not execute
        "add x5, x5, x5",
        NOP,
    ]
    assert cycles(rules, *items) == [0, 5, 10, 14, 18, 19]


# Holds ------------------------------------------------------------------------------------------


def test_a_hold_names_the_reason_of_its_stalls() -> None:
    made = stream("use: hold decode when execute is load and decode reads execute.rd;")
    assert made.issue("lw x5, 0(x6)") == 0
    assert made.issue("add x7, x5, x5") == 2
    assert made.pipeline.stalls() == ("use",)
    assert made.issue(NOP) == 3
    assert made.pipeline.stalls() == ()


def test_stalls_without_a_name_have_the_name_of_what_is_waited_for() -> None:
    made = stream(
        "execute mulh: 3; result mul: 1; redirect jump: 3; resume csr: 3;"
        + FPU
        + " { latency floating: 2; }"
    )
    reasons = []
    for item in (
        "mulh x1, x2, x3",
        "mul x4, x2, x3",
        "add x5, x4, x4",
        "fadd.s f1, f2, f3",
        "fadd.s f4, f5, f6",
        "fsw f4, 0(x6)",
        "csrrs x5, 0x340, x0",
        Do("jal x0, 64", to=64),
        NOP,
    ):
        made.issue(item)
        reasons.append(made.pipeline.stalls())
    assert reasons == [
        (),
        ("execute", "execute"),
        ("result",),
        (),
        (),
        ("fpu busy", "fpu busy", "fpu", "fpu"),
        (),
        ("resume", "resume"),
        ("redirect", "redirect"),
    ]


def test_execute_may_be_held_and_a_result_parked() -> None:
    rules = FPU + " { latency floating: 2; } class writer = writes x and not (load or floating);"
    items = ["fadd.s f1, f2, f3", NOP, "add x1, x2, x3", NOP, "fsw f1, 0(x6)"]
    assert cycles(rules, *items) == [0, 1, 2, 3, 4]
    # The result takes a port in cycle 3, which the instruction in execute then needs.
    port = "port: hold execute when fpu.latency >= 2 and execute is writer;"
    assert cycles(rules + port, *items) == [0, 1, 2, 4, 5]
    # Here the result waits for the port until a store is in execute.
    parked = "parked: hold fpu when execute is writer;"
    store = ["sw x1, 0(x6)", NOP, "fsw f1, 0(x6)"]
    assert cycles(rules + parked, *items[:3], *store) == [0, 1, 2, 3, 4, 5]
    assert cycles(rules + parked, *items[:3], NOP, *store[2:]) == [0, 1, 2, 3, 5]


def test_guards_see_cycles_and_registers_of_stages() -> None:
    rules = "execute mul: 3; hold decode when execute is mul and decode.rd == execute.rd;"
    assert cycles(rules, "mul x5, x6, x7", "addi x5, x0, 1") == [0, 4]
    assert cycles(rules, "mul x5, x6, x7", "addi x4, x0, 1") == [0, 3]
    other = rules.replace("==", "!=")
    assert cycles(other, "mul x5, x6, x7", "addi x5, x0, 1") == [0, 3]
    late = "execute mul: 3; hold execute when execute.cycle == execute.cycles and writeback is mul;"
    assert cycles(late, "mul x5, x6, x7", NOP, NOP) == [0, 3, 5]
