"""The programs that `python -m tests.speed.families` measures are written for all its families."""

from __future__ import annotations

import pytest

from rvx.asm.assembler import assemble
from rvx.description import load_machine

from .families import BASE, COPIES, FAMILIES, program


@pytest.mark.parametrize("isa", FAMILIES)
def test_loops_of_all_families_assemble(isa: str) -> None:
    machine = load_machine(isa)
    for mnemonic in (BASE, *FAMILIES[isa]):
        instruction = machine.instructions[mnemonic]
        with_, without = (
            assemble(program(each, instruction, machine.instructions), machine, file=mnemonic)
            for each in (instruction, None)
        )
        size, empty = (len(each.sections[0].contents) for each in (with_, without))
        assert size >= empty + 4 * COPIES
