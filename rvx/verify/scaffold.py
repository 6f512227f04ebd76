"""The instructions that hold random programs together, found by the part they play."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files

from rvx.asm import AssemblyError, assemble
from rvx.asm.assembly import At
from rvx.model.decoder import Decoder
from rvx.model.encoding import FieldError
from rvx.model.machine import FromOperand, Instruction, Machine, RegisterOperand
from rvx.verify.node import Line

_TEXT = files("rvx.verify").joinpath("scaffold.S")
_OPTIONAL = "# Where the machine has it.\n"


class Scaffold:
    """The parts, and the short forms that can stand for them. Raises AssemblyError where the
    machine lacks one."""

    def __init__(self, machine: Machine) -> None:
        needed, _, optional = _TEXT.read_text(encoding="utf-8").partition(_OPTIONAL)
        parts = dict(_parts(machine, needed))
        with suppress(AssemblyError):
            parts.update(_parts(machine, optional))
        self.parts: Mapping[str, Instruction] = parts
        self._shorts: dict[str, list[Instruction]] = {
            name: [i for i in machine.instructions.values() if i.long and i.long.target is part]
            for name, part in self.parts.items()
        }

    def line(self, part: str, target: str | None = None, **fields: int) -> Line:
        """The instruction of that part."""
        return Line(self.parts[part], fields, target)

    def forms(self, part: str, target: str | None = None, **fields: int) -> list[Line]:
        """That instruction, and all short forms that say the same."""
        found = [self.line(part, target, **fields)]
        for short in self._shorts[part]:
            own = _shortened(short, fields)
            if own is not None:
                found.append(Line(short, own, target))
        return found


@lru_cache(maxsize=8)
def scaffold_of(machine: Machine) -> Scaffold:
    """The scaffold of a machine; made once."""
    return Scaffold(machine)


def _parts(machine: Machine, text: str) -> Iterator[tuple[str, Instruction]]:
    """The labels of the text, and the instructions behind them."""
    assembly = assemble(".option norvc\n" + text, machine, file=_TEXT.name)
    decoder, contents = Decoder(machine), assembly.sections[0].contents
    for name, symbol in assembly.symbols.items():
        assert isinstance(symbol.place, At)
        word = int.from_bytes(contents[symbol.place.offset :][:4], "little")
        instruction = decoder.decode(word)
        assert instruction is not None
        yield name, instruction


def _shortened(short: Instruction, fields: Mapping[str, int]) -> dict[str, int] | None:
    """The fields with which a short form is the long instruction with these, or None."""
    assert short.long is not None
    own: dict[str, int] = {}
    for name, source in short.long.arguments.items():
        match source:
            case FromOperand(operand_name, negated):
                operand = short.operands[operand_name]
                first = operand.first if isinstance(operand, RegisterOperand) else 0
                value = (-fields[name] if negated else fields[name]) - first
                if own.setdefault(operand_name, value) != value:
                    return None
            case constant:
                if fields[name] != constant:
                    return None
    try:
        return own if short.matches(short.encode(**own)) else None
    except FieldError:
        return None
