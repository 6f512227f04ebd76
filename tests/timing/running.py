"""Runs an assembly text on the simulator, with a core of the repository or of the test's own."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Literal

from rvx.asm import assemble, elf_image, link
from rvx.machine.elf import read_elf
from rvx.machine.program import Program
from rvx.machine.simulator import Simulator

EXIT = "li a7, 93\n li a0, 0\n ecall\n"


def program(simulator: Simulator, *lines: str) -> Program:
    """The lines from `_start` on, then the end of the program."""
    text = "_start:\n" + "\n".join(lines) + "\n" + EXIT
    linked = link([assemble(text, simulator.machine, file="p.S")])
    return read_elf(elf_image(linked), name="p.S", xlen=simulator.machine.xlen)


def on(
    core: str,
    *extra: Path,
    isa: str | None = None,
    engine: Literal["jit", "reference"] = "reference",
) -> Simulator:
    return Simulator(isa=isa, core=core, extra=extra, engine=engine, stdout=io.BytesIO())


def stamps(simulator: Simulator, *lines: str) -> list[int]:
    """The cycle in which each of the lines' instructions leaves decode."""
    found: list[int] = []
    simulator.on_retire = lambda pc, cycle: found.append(cycle)
    simulator.load(program(simulator, *lines))
    assert simulator.run(max_instructions=10_000).status == 0
    return found[: -len(EXIT.splitlines())]


def cycles(simulator: Simulator, *lines: str) -> int:
    """The cycles of the whole run."""
    simulator.on_retire = None
    simulator.load(program(simulator, *lines))
    assert simulator.run(max_instructions=100_000).status == 0
    return simulator.cycles
