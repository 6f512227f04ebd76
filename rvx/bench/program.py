"""The program that calls a kernel once: `crt0.S`, `bench.S`, the kernel, and its data as text."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from rvx.asm import assemble, assemble_file, elf_image, link
from rvx.bench.kernel import Kernel, Size, Variant
from rvx.bench.matrix import Matrix, row_bytes
from rvx.model.machine import Machine
from rvx.number import Format

FIRMWARE: Final = Path(str(files("rvx.firmware")))
RESULT: Final = "bench_result"
"""The symbol of the result in memory."""

_ARGUMENT_REGISTERS: Final = 8
_WORDS_A_LINE: Final = 8


def build_program(machine: Machine, kernel: Kernel, variant: Variant, data: str) -> bytes:
    """Assemble and link the program whose data is the text `data`: an ELF executable."""
    sources = [FIRMWARE / "crt0.S", FIRMWARE / "bench.S", source_of(kernel, variant)]
    assemblies = [assemble_file(source, machine, compress=False) for source in sources]
    assemblies.append(assemble(data, machine, file=f"{kernel.name} data"))
    return elf_image(link(assemblies))


def source_of(kernel: Kernel, variant: Variant) -> Path:
    """The file of a variant."""
    return FIRMWARE / "kernels" / kernel.name / variant.source


def data_text(
    kernel: Kernel, variant: Variant, size: Size, operands: tuple[Matrix, ...], result: Format
) -> str:
    """Assembly of what `bench.S` wants: the call, the operands, and room for the result."""
    pointers = [f"bench_operand_{i}" for i in range(len(operands))]
    call = [variant.entry, *map(str, size), *pointers, RESULT]
    call += ["0"] * (1 + _ARGUMENT_REGISTERS - len(call))
    lines = [
        "    .data",
        "    .balign 4",
        "    .globl bench_call",
        f"bench_call: .word {', '.join(call)}",
    ]
    for pointer, operand in zip(pointers, operands, strict=True):
        lines += [f"{pointer}:", *_words(operand)]
    lines += [
        "    .bss",
        "    .balign 4",
        f"    .globl {RESULT}",
        f"{RESULT}: .zero {result_bytes(kernel, size, result)}",
    ]
    return "\n".join(lines) + "\n"


def result_bytes(kernel: Kernel, size: Size, result: Format) -> int:
    """What the result takes in memory."""
    rows, columns = kernel.shape(size)
    return rows * row_bytes(result, columns)


def _words(operand: Matrix) -> Iterator[str]:
    words = np.frombuffer(operand.rows, "<u4").tolist()
    for start in range(0, len(words), _WORDS_A_LINE):
        line = words[start : start + _WORDS_A_LINE]
        yield "    .word " + ", ".join(f"{word:#010x}" for word in line)
