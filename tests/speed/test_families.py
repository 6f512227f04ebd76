"""The programs that `python -m tests.speed.families` measures run, for all its families."""

from __future__ import annotations

from pathlib import Path

import pytest

from rvx.description import load_machine

from .families import BASE, COPIES, FAMILIES, Loop, program

SETUP = 100  # instructions; it has fewer


@pytest.mark.parametrize("isa", FAMILIES)
def test_loops_of_all_families_run(isa: str, tmp_path: Path) -> None:
    machine = load_machine(isa)
    for mnemonic in (BASE, *FAMILIES[isa]):
        instruction = machine.instructions[mnemonic]
        with_, without = (
            Loop(program(each, instruction, machine.instructions), isa, tmp_path, mnemonic)
            for each in (instruction, None)
        )
        assert with_.turn == without.turn + COPIES
        for loop in (with_, without):
            assert loop.simulator.run(SETUP + loop.turn).instret == SETUP + loop.turn
