"""What the pages show of a family's body."""

from __future__ import annotations

from rvx.description import load_machine


def test_a_body_is_shown_with_its_familys_values() -> None:
    instructions = load_machine("rv32im").instructions
    assert instructions["add"].text == "rd = plus(rs1, rs2);"
    assert instructions["lh"].text == "rd = signed(memory[rs1 + imm, 2]);"
