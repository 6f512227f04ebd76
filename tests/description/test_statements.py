"""Bodies: reads see the old machine, effects take place together, locals are computed in order."""

from __future__ import annotations

import pytest

from rvx.reference.storage import TrapRaised

from .one import DATA, PC, one, rd, run

XX = "rd: x, rs1: x, rs2: x"


def value(body: str, a: int = 0, b: int = 0, **more: str) -> int:
    return rd(run(one(XX, body, **more), x={1: a, 2: b, 3: 99}, rd=3, rs1=1, rs2=2))


def test_a_read_after_a_write_sees_the_old_register() -> None:
    hart = run(one(XX, "rs1 = rs2; rd = rs1;"), x={1: 5, 2: 7}, rd=3, rs1=1, rs2=2)
    assert (hart.registers["x"][1], rd(hart)) == (7, 5)


def test_a_read_after_a_write_sees_the_old_state() -> None:
    machine = one(XX, "acc = acc + rs1; rd = acc;", members="state acc: bits(32);")
    hart = run(machine, x={1: 5}, states={"acc": 10}, rd=3, rs1=1, rs2=2)
    assert (hart.states["acc"], rd(hart)) == ([15], 10)


def test_a_load_after_a_store_sees_the_old_memory() -> None:
    machine = one(XX, "memory[rs1, 4] = rs2; rd = memory[rs1, 4];")
    hart = run(machine, x={1: DATA, 2: 9}, memory={DATA: b"\5"}, rd=3, rs1=1, rs2=2)
    assert (rd(hart), hart.memory.load(DATA, 4)) == (5, 9)


def test_the_later_of_two_assignments_to_a_register_wins() -> None:
    assert value("rd = 1; rd = 2;") == 2
    machine = one(XX, "rs1 = rs1 + 4; rd = rs2;")
    assert rd(run(machine, x={2: 7, 3: 100}, rd=3, rs1=3, rs2=2)) == 7  # rd is rs1


def test_the_later_of_two_overlapping_stores_wins() -> None:
    machine = one(XX, "memory[rs1, 4] = rs2; memory[rs1 + 1, 1] = 0;")
    hart = run(machine, x={1: DATA, 2: 0x1122_3344}, rd=3, rs1=1, rs2=2)
    assert hart.memory.load(DATA, 4) == 0x1122_0044


def test_a_body_that_raises_has_no_effect() -> None:
    machine = one(
        XX,
        "rd = 1; acc = 1; memory[rs1, 4] = rs1; if rs2 == 0 { raise 24, rs1; }",
        members="state acc: bits(8);",
    )
    with pytest.raises(TrapRaised) as trap:
        run(machine, x={1: DATA}, rd=3, rs1=1, rs2=2)
    assert (trap.value.cause, trap.value.value) == (24, DATA)
    hart = run(machine, x={1: DATA, 2: 1}, rd=3, rs1=1, rs2=2)
    assert (rd(hart), hart.states["acc"], hart.memory.load(DATA, 4)) == (1, [1], DATA)


def test_a_register_that_no_branch_assigns_keeps_its_value() -> None:
    assert value("if rs1 == 0 { rd = 1; }", 1) == 99


def test_else_if() -> None:
    body = "if rs1 == 0 { rd = 10; } else if rs1 == 1 { rd = 11; } else { rd = 12; }"
    assert [value(body, n) for n in range(3)] == [10, 11, 12]


def test_a_var_assigned_in_one_branch() -> None:
    body = "var v = rs1; if rs2 == 0 { v = v + 1; } rd = v;"
    assert (value(body, 5, 0), value(body, 5, 1)) == (6, 5)


def test_a_var_assigned_in_both_branches() -> None:
    body = "var v = rs1; if rs2 == 0 { v = v + 1; } else { v = v << 1; v = v + 3; } rd = v + v;"
    assert (value(body, 5, 0), value(body, 5, 1)) == (12, 26)


def test_a_var_that_starts_as_an_integer_becomes_what_it_is_given() -> None:
    body = "var v = 0; if rs2 == 0 { v = rs1; } rd = v;"
    assert (value(body, 5, 0), value(body, 5, 1)) == (5, 0)


def test_a_var_that_is_a_truth() -> None:
    body = "var same = rs1 == rs2; if rs2 == 0 { same = rs1 > 1; } rd = same;"
    assert [value(body, *pair) for pair in [(3, 3), (3, 4), (3, 0), (1, 0)]] == [1, 0, 1, 0]


def test_a_var_that_is_an_exact_number_in_both_branches() -> None:
    body = "var v = signed(rs1); if rs2 == 0 { v = v * v; } rd = v[31:0];"
    assert (value(body, 0xFFFF_FFFD, 0), value(body, 7, 1)) == (9, 7)


def test_nested_branches_in_a_loop() -> None:
    # The Collatz sequence, eight steps, and how many of them were odd.
    body = (
        "var n = rs1; var odd = 0;"
        "for i in 0..8 { if n != 1 { if n[0] { n = n * 3 + 1; odd = odd + 1; }"
        " else { n = n >> 1; } } }"
        "rd = {n[15:0], odd[15:0]};"
    )

    def collatz(n: int) -> int:
        odd = 0
        for _ in range(8):
            if n != 1:
                odd, n = (odd + 1, 3 * n + 1) if n % 2 else (odd, n // 2)
        return n << 16 | odd

    for n in (1, 2, 3, 7, 27, 64):
        assert value(body, n) == collatz(n)


def test_a_branch_sees_the_vars_of_before_it() -> None:
    body = (
        "var v = rs1; if rs2 == 0 { v = v + 1; if v == 6 { v = 0; } else { v = v + v; } } rd = v;"
    )
    assert (value(body, 5, 0), value(body, 6, 0), value(body, 6, 1)) == (0, 14, 6)


def test_a_loop_from_a_start() -> None:
    assert value("var n = 0; for i in 2..5 { n = n * 10 + i; } rd = n;") == 234


def test_a_loop_of_no_turns() -> None:
    assert value("rd = rs1; for i in 3..3 { rd = 7; }", 5) == 5


def test_loops_within_loops() -> None:
    body = "var n = 0; for i in 0..3 { for j in 0..i { n = n + j + 1; } } rd = n;"
    assert value(body) == sum(j + 1 for i in range(3) for j in range(i))


def test_names_end_with_their_block() -> None:
    body = "if rs1 == 0 { let t = rs2; rd = t; } else { var t = 3; t = t + 1; rd = t; }"
    assert (value(body, 0, 8), value(body, 1, 8)) == (8, 4)


def test_a_let_names_an_operand_with_lanes() -> None:
    machine = one("rd: x, rs1: x<* x u8>", "let v = rs1; rd = v[3];")
    assert rd(run(machine, x={1: 0x0700_0000}, rd=3, rs1=1)) == 7


def test_concatenations_are_assigned_part_by_part() -> None:
    machine = one(
        XX, "{rd, acc, low} = {rs1, rs2};", members="state acc: bits(8); state low: bits(24);"
    )
    hart = run(machine, x={1: 1, 2: 0xAB_CDEF01}, rd=3, rs1=1, rs2=2)
    assert (rd(hart), hart.states["acc"], hart.states["low"]) == (1, [0xAB], [0xCDEF01])


def test_constants_in_a_concatenation_that_is_assigned_are_kept() -> None:
    machine = one(XX, "{acc[7:4], zero(24), acc[3:0]} = rs1;", members="state acc: bits(8);")
    hart = run(machine, x={1: 0xA000_000B}, rd=3, rs1=1, rs2=2)
    assert hart.states["acc"] == [0xAB]


def test_bits_of_a_register_are_assigned_one_by_one() -> None:
    assert value("for i in 0..32 { rd[i] = rs1[31 - i]; }", 0x8000_0005) == 0xA000_0001


def test_some_bits_of_a_register_are_assigned() -> None:
    assert value("rd[15:8] = rs1[7:0];", 0xAB) == 99 & 0xFF | 0xAB00


def test_a_register_by_its_number() -> None:
    hart = run(one(XX, "x[10] = rs1; rd = x[11];"), x={1: 5, 11: 6}, rd=3, rs1=1, rs2=2)
    assert (hart.registers["x"][10], rd(hart)) == (5, 6)


def test_functions_are_expressions_with_names() -> None:
    before = (
        "function clamp(v, low, high) = minimum(maximum(v, low), high);\n"
        "function byte(v) = clamp(v, -128, 127);\n"
    )
    body = "rd = byte(signed(rs1));"
    assert value(body, 1000, before=before) == 127
    assert value(body, 0xFFFF_0000, before=before) == 0xFFFF_FF80


def test_a_function_of_an_extension_sees_its_states() -> None:
    members = "state bias: bits(32); function biased(v) = v + bias;"
    machine = one(XX, "rd = biased(rs1);", members=members)
    assert rd(run(machine, x={1: 5}, states={"bias": 7}, rd=3, rs1=1, rs2=2)) == 12


def test_a_function_of_another_file_does_not_stand_in_the_way() -> None:
    assert (
        value("rd = less(rs1, rs2);", 1, 2, before="function less(a, b) = a - b;\n") == 0xFFFF_FFFF
    )


def test_field_is_the_number_of_the_register() -> None:
    machine = one(XX, "rd = unsigned(field(rs1)) + unsigned(field(rd));")
    assert rd(run(machine, rd=3, rs1=9, rs2=2)) == 12


def test_pc_and_next_pc() -> None:
    machine = one(XX, "rd = next_pc - pc; pc = pc + 16;")
    hart = run(machine, rd=3, rs1=1, rs2=2)
    assert (rd(hart), hart.pc) == (4, PC + 16)
