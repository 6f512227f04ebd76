"""Traps that nobody handles, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
}


class UnhandledTrap(Exception):
    """A trap for which the program has no handler: one line for the user."""


def describe_trap(simulator: Simulator, cause: int, value: int) -> str:
    """What happened and where, with the instruction where there is one."""
    from rvx.asm import disassemble

    hart = simulator.hart
    pc = hart.pc
    where = f"{pc:#010x}{symbol_near(simulator, pc)}"
    name = CAUSES.get(cause, f"trap {cause}")
    try:
        text = disassemble(hart.fetch_word(pc), pc, simulator.machine)
    except Exception:
        text = ""
    detail = {
        0: f"the target is {value:#010x}",
        1: f"nothing is at {value:#010x}",
        2: f"the word is {value:#010x}",
        5: f"nothing is at {value:#010x}",
        7: f"nothing is at {value:#010x}",
        4: f"the address is {value:#010x}",
        6: f"the address is {value:#010x}",
    }.get(cause, "")
    parts = [f"{name} at {where}", text, detail]
    return ": ".join(part for part in parts if part) + "; the program has no trap handler"


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
