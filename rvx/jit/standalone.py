"""An instruction as a function of its own over the block in memory: what threaded code and first
code are made of. Its operands' registers are where the function is told, not where a word says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from rvx.jit.direct import DirectGuest
from rvx.jit.lowering import Lowering, Untranslatable, rounding_mode
from rvx.model import ir
from rvx.model.machine import ImmediateOperand, Instruction, RegisterOperand
from rvx.record import record

if TYPE_CHECKING:
    from rvx.jit.effects import Effects
    from rvx.jit.host import Host
    from rvx.jit.layout import Layout, Place
    from rvx.jit.number.numbers import Numbers
    from rvx.jit.text import Function
    from rvx.model.machine import Machine
    from rvx.number import Rounding

# What is computed by rules that look at values which translation knows.
_NUMBERS: Final = (ir.Decode, ir.Encode, ir.Rounded, ir.Classify, ir.Choice)
IMMEDIATE_BITS: Final = 32  # of the widest that is passed


@record(frozen=True)
class Parts:
    """How words of an instruction differ: its operands, each by name."""

    registers: tuple[tuple[str, str, int, int | None], ...]  # and file, first, zero
    immediates: tuple[str, ...]  # that are passed
    literals: tuple[str, ...]  # that are not
    computes: bool  # with numbers
    fields: frozenset[str]  # whose bits it reads


def parts_of(instruction: Instruction, every: list[object]) -> Parts:
    """Of an instruction, `every` being its nodes."""
    computes = any(isinstance(node, _NUMBERS) for node in every)
    widths = {node.operand: node.width for node in every if isinstance(node, ir.FieldValue)}
    registers, immediates, literals = [], [], []
    for name, operand in instruction.operands.items():
        match operand:
            case RegisterOperand():
                registers.append((name, operand.file.name, operand.first, operand.file.zero))
            case ImmediateOperand() if not computes and widths.get(name, 99) <= IMMEDIATE_BITS:
                immediates.append(name)
            case _:
                literals.append(name)
    return Parts(tuple(registers), tuple(immediates), tuple(literals), computes, frozenset(widths))


@record(frozen=True)
class Standalone:
    """Writes them, for one machine."""

    machine: Machine
    layout: Layout
    host: Host
    ram: range | None

    def write(
        self,
        out: Function,
        numbers: Callable[[], Numbers],
        instruction: Instruction,
        fields: Mapping[str, int],
        modes: Mapping[Place, int],
        host_mode: Rounding | None,
        finish: Callable[[DirectGuest, Effects], str],
        *,
        registers: Mapping[Place, str],
        symbols: Mapping[str, str],
        refused: str,
        sticky: bool = False,
        length: int = 0,
        here: str | None = None,
    ) -> bool:
        """Write the function whose first parameter is the block. `finish` puts the effects into
        it and says what it returns; `refused` is what it returns where nothing has happened, as
        the reference has to execute the instruction: whether it may. Raises Untranslatable, also
        where the effects leave the modes other than they were."""
        bails: list[str] = []

        def bail() -> str:
            bails.append("bail")
            return "bail"

        guest = DirectGuest(
            out,
            self.layout,
            "%p0",
            dict(modes),
            bail,
            host=self.host,
            ram=self.ram,
            registers=registers,
        )
        out.jump("prologue")
        out.begin("start")
        effects = Lowering(
            guest,
            numbers,
            self.machine,
            instruction,
            fields,
            pc=0,
            length=length,
            mode=rounding_mode(self.machine, instruction, fields, modes),
            host_mode=host_mode,
            sticky=sticky,
            symbols=symbols,
            here=here,
        ).run()
        if guest.modes != modes:
            raise Untranslatable
        out.ret(finish(guest, effects))
        if bails:
            out.begin("bail")
            out.ret(refused)
        out.begin("prologue")
        guest.entry()
        out.jump("start")
        out.finish()
        return bool(bails)
