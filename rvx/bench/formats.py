"""What a number system stores: tensors as codes, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rvx.bench.golden.answer import Role, Values
from rvx.bench.kernel import Form, Tensor
from rvx.bench.matrix import Matrix
from rvx.bench.panel import Packed
from rvx.bench.quantize import QUANTIZE, Quantize
from rvx.bench.size import BenchError
from rvx.bench.system import System
from rvx.model.expression import Named
from rvx.model.machine import Machine
from rvx.number import Format, build

_WHOLE: Final = build("integer", {"bits": 32})


@dataclass(frozen=True)
class Formats:
    """The formats of a system, as the machine's description has them."""

    wide: Format
    operand: Format
    real: Format
    sums: Format
    word: int
    packs: Quantize | None = None
    """How a matrix becomes an operand, where that is more than rounding each element."""

    @classmethod
    def of(cls, machine: Machine, system: System) -> Formats:
        """Raises BenchError where a format is several, chosen by a CSR."""
        return cls(
            wide=_format(machine, system.wide),
            operand=_format(machine, system.operand),
            real=_format(machine, system.real),
            sums=_format(machine, system.sums or system.wide),
            word=system.word,
            packs=QUANTIZE.get(system.name),
        )

    def quantized(self, tensor: Tensor, values: Values) -> Matrix | Packed:
        """The tensor in memory, each value rounded to nearest."""
        match tensor.form:
            case Form.OPERAND if self.packs is not None:
                return self.packs(values, tensor.role, self.operand)
            case Form.OPERAND:
                return Matrix.quantize(self.operand, values, self.word)
            case Form.WHOLE:
                return Matrix.quantize(_WHOLE, values)
        return Matrix.quantize(self.wide, values)

    def rounded(self, values: Values, role: Role = Role.ACTIVATION) -> Values:
        """What products take of a matrix of wide elements, each rounded on its own or in blocks."""
        if self.packs is not None:
            return self.packs(values, role, self.operand).values
        if self.wide == self.operand:
            return values
        return Matrix.quantize(self.operand, values).values


def _format(machine: Machine, name: str) -> Format:
    match machine.formats[name]:
        case Named(_, format):
            return format
        case _:
            raise BenchError(f"'{name}' is one of several formats; a variant needs a single one")
