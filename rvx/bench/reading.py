"""Where the cycles of a kernel went: instructions by class, stalls by class, share of the peak.

After S. Williams, A. Waterman and D. Patterson, "Roofline" (CACM 2009): a core that issues one
instruction a cycle can do at most as many products a cycle as its widest instruction has. What a
kernel falls short of that went into other instructions, or into cycles that issued none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from rvx.machine.simulator import Simulator
from rvx.model import ir
from rvx.model.machine import Instruction
from rvx.model.walk import nodes

CLASSES: Final = ("multiply", "load", "store", "control", "float", "integer")
"""In this order an instruction is of the first that fits: it forms products of numbers, it loads,
it stores, it may jump, it writes floating-point registers, none of these."""

LOSSES: Final = ("narrow", "load", "store", "loop", "reduction", "stall")
"""What cycles go into, but for products at the peak: products in instructions that form fewer than
the widest does; loads; stores; addresses, counters, jumps and calls; sums, conversions and
comparisons of numbers without a product; cycles that issue nothing."""


@dataclass(frozen=True)
class Reading:
    """One passage of a kernel. Instructions and stalls, all classes together, are its cycles."""

    instructions: Mapping[str, int]
    stalls: Mapping[str, int]
    """Cycles between an instruction of the class and the next one, beyond its own."""
    products: int
    """Products of numbers that instructions formed."""
    widest: int
    """Products of the widest instruction executed: the peak a cycle."""

    @property
    def cycles(self) -> int:
        return sum(self.instructions.values()) + sum(self.stalls.values())

    @property
    def share_of_peak(self) -> float:
        """Products over what the widest instruction in every cycle would have formed."""
        return self.products / (self.cycles * self.widest) if self.widest else 0.0

    def lost_to(self) -> dict[str, float]:
        """What became of the rest of the peak: shares of all cycles, of LOSSES, which add up to one
        with `share_of_peak`."""
        spent = self.instructions
        cycles = {
            "narrow": spent["multiply"] - self.products / max(self.widest, 1),
            "load": spent["load"],
            "store": spent["store"],
            "loop": spent["control"] + spent["integer"],
            "reduction": spent["float"],
            "stall": sum(self.stalls.values()),
        }
        return {name: cycles[name] / self.cycles for name in LOSSES}


@dataclass
class Reader:
    """Watches a simulator between `rvx_begin` and `rvx_end`; set before its program is run."""

    simulator: Simulator
    _open: tuple[int, int] | None = None  # the instruction before: its address and cycle
    _executed: Counter[int] = field(default_factory=Counter)
    _spent: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.simulator.on_stamp = self._stamp

    def reading(self) -> Reading:
        instructions: Counter[str] = Counter()
        stalls: Counter[str] = Counter()
        products = widest = 0
        for pc, times in self._executed.items():
            instruction = self._instruction(pc)
            name = class_of(instruction)
            instructions[name] += times
            stalls[name] += self._spent[pc] - times
            products += times * products_of(instruction)
            widest = max(widest, products_of(instruction))
        return Reading(
            {name: instructions[name] for name in CLASSES},
            {name: stalls[name] for name in CLASSES},
            products,
            widest,
        )

    def _stamp(self, pc: int, cycle: int) -> None:
        if self._open is not None:
            self._spent[self._open[0]] += cycle - self._open[1]
        if self.simulator.kernel.since is None:
            self._open = None
            return
        self._open = pc, cycle
        self._executed[pc] += 1

    def _instruction(self, pc: int) -> Instruction:
        hart = self.simulator.hart
        bound = hart.bind(hart.fetch_word(pc))
        assert bound is not None, f"{pc:#x} was executed"
        return bound.instruction


@cache
def products_of(instruction: Instruction) -> int:
    """How many products of numbers an instruction forms, each lane counted."""
    return sum(isinstance(node, ir.NumberOp) and node.op == "*" for node in nodes(instruction.body))


def class_of(instruction: Instruction) -> str:
    """The first of CLASSES that fits."""
    classes = instruction.classes
    if products_of(instruction):
        return "multiply"
    if "load" in classes or "store" in classes:
        return "load" if "load" in classes else "store"
    if classes & {"branch", "jump"}:
        return "control"
    return "float" if instruction.rounds or _is_floating(instruction) else "integer"


def _is_floating(instruction: Instruction) -> bool:
    return any(isinstance(node, ir.Decode | ir.Rounded) for node in nodes(instruction.body))
