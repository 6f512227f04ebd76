"""The program that calls a kernel once: `crt0.S`, `bench.S`, the kernel, and its data as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Final

import numpy as np

from rvx.asm import Assembly, assemble, assemble_file, elf_image, link
from rvx.bench.compiled import FIRMWARE, KERNELS, Build, compiled
from rvx.bench.kernel import Argument, Form, Kernel, Tensor
from rvx.bench.matrix import Matrix, row_bytes
from rvx.bench.result import Stored
from rvx.bench.size import Size
from rvx.bench.system import System
from rvx.model.machine import Machine
from rvx.number import Format

_ASSEMBLED: Final[dict[tuple[Path, str], Assembly]] = {}
_ARGUMENT_REGISTERS: Final = 8
_WORDS_A_LINE: Final = 8
_ALIGNMENT: Final = 8


def build_program(
    machine: Machine, kernel: Kernel, system: System, data: str, build: Build
) -> bytes:
    """The program whose data is the text `data`: an ELF executable. Raises CompilerError where a
    kernel in C finds no compiler."""
    sources = [FIRMWARE / "crt0.S", FIRMWARE / "bench.S"]
    in_c = kernel.sources
    programs = system.also
    if system.is_compiled:
        in_c = (*in_c, f"gemm/{system.gemm}")
    else:
        programs = (system.gemm, *programs)
    sources += [KERNELS / "gemm" / program for program in programs]
    assemblies = [_assembled(source, machine) for source in sources]
    assemblies.append(assemble(data, machine, file=f"{kernel.name} data"))
    if in_c:
        assemblies = compiled(machine, in_c, system, assemblies, build)
    return elf_image(link(assemblies))


def _assembled(source: Path, machine: Machine) -> Assembly:
    """Once a process: most runs differ in nothing but their data."""
    key = (source, machine.digest)
    if key not in _ASSEMBLED:
        _ASSEMBLED[key] = assemble_file(source, machine, compress=False)
    return _ASSEMBLED[key]


def symbol(tensor: Tensor) -> str:
    """The tensor's name in the program."""
    return f"bench_{tensor.name}"


def data_text(
    kernel: Kernel, system: System, size: Size, operands: Mapping[str, Stored], wide: Format
) -> str:
    """Assembly of what `bench.S` wants: the call, the operands, and room for the results."""
    lines = ["    .data", f"    .balign {_ALIGNMENT}"]
    words: list[str] = []
    for i, argument in enumerate(kernel.call):
        if isinstance(argument, tuple):
            members = ", ".join(_word(kernel, size, member) for member in argument)
            lines.append(f"bench_struct_{i}: .word {members}")
        words.append(_argument(kernel, size, i, argument))
    words += ["0"] * (_ARGUMENT_REGISTERS - len(words))
    lines += [
        "    .globl bench_call",
        f"bench_call: .word {kernel.name}_{system.name}, {', '.join(words)}",
    ]
    for tensor in kernel.tensors:
        if tensor.name in operands:
            lines += [*_label(tensor), *_words(_laid_out(system, tensor, operands).rows)]
    lines.append("    .bss")
    for tensor in kernel.tensors:
        if tensor.name not in operands:
            lines += [*_label(tensor), f"    .zero {tensor_bytes(tensor, size, wide)}"]
    return "\n".join(lines) + "\n"


def tensor_bytes(tensor: Tensor, size: Size, wide: Format) -> int:
    """What a result, or scratch, takes in memory at most, though each element be a row. An element
    of a packed operand takes two words, of scale and of elements, three rows of padding and what
    heads it the rest."""
    *rows, columns = tensor.shape(size)
    if tensor.form in (Form.ROOM, Form.OPERAND):
        return prod(rows) * columns * _ALIGNMENT + 64
    return prod(rows) * row_bytes(wide, columns)


def _laid_out(system: System, tensor: Tensor, operands: Mapping[str, Stored]) -> Stored:
    operand = operands[tensor.name]
    if tensor.name in system.transposed and isinstance(operand, Matrix):
        return Matrix(operand.format, operand.codes.T)
    return operand


def _label(tensor: Tensor) -> list[str]:
    name = symbol(tensor)
    return [f"    .balign {_ALIGNMENT}", f"    .globl {name}", f"{name}:"]


def _argument(kernel: Kernel, size: Size, index: int, argument: Argument) -> str:
    if isinstance(argument, tuple):
        return f"bench_struct_{index}"
    return _word(kernel, size, argument)


def _word(kernel: Kernel, size: Size, name: str) -> str:
    if name in size.names:
        return str(size[name])
    if any(tensor.name == name for tensor in kernel.tensors):
        return f"bench_{name}"
    return str(int(name))


def _words(data: bytes) -> Iterator[str]:
    words = np.frombuffer(data, "<u4").tolist()
    for start in range(0, len(words), _WORDS_A_LINE):
        line = words[start : start + _WORDS_A_LINE]
        yield "    .word " + ", ".join(f"{word:#010x}" for word in line)
