"""Traps that nobody handles, in one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rvx.reference.storage import TrapRaised

if TYPE_CHECKING:
    from rvx.machine.simulator import Simulator

# Privileged manual, table of mcause values.
CAUSES = {
    0: "instruction address misaligned",
    1: "instruction access fault",
    2: "illegal instruction",
    3: "breakpoint",
    4: "load address misaligned",
    5: "load access fault",
    6: "store address misaligned",
    7: "store access fault",
    8: "environment call from user mode",
    11: "environment call from machine mode",
    0x8000_0003: "machine software interrupt",
    0x8000_0007: "machine timer interrupt",
}


class UnhandledTrap(Exception):
    """A trap for which the program has no handler: one line for the user."""


def describe_trap(simulator: Simulator, cause: int, value: int) -> str:
    """What happened and where, with the instruction where there is one."""
    from rvx.asm import disassemble

    hart, pc = simulator.hart, simulator.hart.pc
    where = symbol_near(simulator, pc) or _origin(simulator)
    parts = [f"{CAUSES.get(cause, f'trap {cause}')} at {pc:#010x}{where}"]
    try:
        word = hart.fetch_word(pc)
    except TrapRaised:
        is_instruction = False
    else:
        parts.append(disassemble(word, pc, simulator.machine))
        is_instruction = hart.bind(word) is not None
    match cause:
        case 0:
            parts.append(f"the target is {value:#010x}")
        case 1 | 5 | 7:
            parts.append(f"nothing is at {value:#010x}")
        case 2 if is_instruction:
            parts.append(f"the word is {value:#010x}")
        case 2:
            parts.append(f"no instruction of {simulator.machine.isa}{_made_for(simulator)}")
        case 4 | 6:
            parts.append(f"the address is {value:#010x}")
    return ": ".join(parts)


def _made_for(simulator: Simulator) -> str:
    """What the program's own attributes say, where that is more than the machine has."""
    arch = simulator.program.arch if simulator.program else ""
    if _extensions(arch) <= _extensions(simulator.machine.isa):
        return ""
    return f" (its ELF attributes say {arch}: try --isa or -x)"


def _extensions(arch: str) -> set[str]:
    """The names in an ISA string, without versions: of `rv32i2p1_m2p0` i and m."""
    letters, *names = re.sub(r"^rv\d+|\d+p\d+", "", arch.lower()).split("_")
    return {*letters, *names}


def symbol_near(simulator: Simulator, address: int) -> str:
    """` <symbol+offset>` of the nearest symbol of code at or below the address, or nothing."""
    program = simulator.program
    if program is None or not any(address in code for code in program.code):
        return ""
    below = [s for s in program.symbols.items() if s[1].address <= address and s[0][:1] != "$"]
    if not below:
        return ""
    name, symbol = max(below, key=lambda s: s[1].address)
    offset = address - symbol.address
    return f" <{name}+{offset:#x}>" if offset else f" <{name}>"


def _origin(simulator: Simulator) -> str:
    """What led to a pc where no code is."""
    pc = simulator.last_pc
    return "" if pc is None else f", reached from {pc:#010x}{symbol_near(simulator, pc)}"
