"""Every kernel of a number system as one C program, which prints a checksum of each result."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rvx import c
from rvx.bench import KERNELS, Kernel, Size, systems_of
from rvx.bench.compiled import KERNELS as FOLDER
from rvx.bench.compiled import Build, flags_of
from rvx.bench.formats import Formats
from rvx.bench.matrix import Matrix
from rvx.bench.program import tensor_bytes
from rvx.description import load_machine

CHECKSUM = """
static void told(const char *kernel, const char *tensor, const uint32_t *at, uint32_t words)
{
    uint32_t sum = 2166136261u;
    for (uint32_t i = 0; i < words; i++)
        sum = (sum ^ at[i]) * 16777619u;
    printf("%s %s %08x\\n", kernel, tensor, (unsigned)sum);
}
"""


def checksum(rows: bytes) -> int:
    """FNV-1a, a word at a time."""
    total = 2166136261
    for start in range(0, len(rows), 4):
        total = (total ^ int.from_bytes(rows[start : start + 4], "little")) * 16777619 % (1 << 32)
    return total


@dataclass(frozen=True)
class Problem:
    kernel: Kernel
    size: Size
    operands: dict[str, Matrix]
    words: dict[str, int]
    """Of every tensor."""
    results: tuple[str, ...]


def problems(system, sizes, seed=0):
    """Of each kernel that the system has, at the size for as many dimensions as it has."""
    formats = Formats.of(load_machine(system.isa), system)
    return [
        problem(kernel, kernel.size(sizes[len(kernel.dimensions)]), formats, seed)
        for kernel in KERNELS.values()
        if system in systems_of(kernel)
    ]


def problem(kernel, size, formats, seed):
    random = np.random.default_rng(seed)
    drawn = {t.name: t.draw(size, random) for t in kernel.tensors if t.draw is not None}
    operands = {t.name: formats.quantized(t, drawn[t.name]) for t in kernel.tensors if t.draw}
    words = {t.name: tensor_bytes(t, size, formats.wide) // 4 for t in kernel.tensors}
    words |= {name: len(operand.rows) // 4 for name, operand in operands.items()}
    golden = kernel.golden(size, drawn, lambda values, *role: values)
    return Problem(kernel, size, operands, words, tuple(golden))


def program(system, problems, folder, *, htif=False):
    """The ELF executable that solves each and prints a checksum of each result."""
    driver = folder / "driver.c"
    driver.write_text("\n".join(source(system, problems)))
    assembly, in_c = "gemm/" + system.gemm, {name for p in problems for name in p.kernel.sources}
    sources = [driver, FOLDER / assembly, *(FOLDER / name for name in sorted(in_c))]
    flags = [flag for flag in flags_of(system, Build()) if flag != "-ffreestanding"]
    return c.compile(sources, isa=system.isa, flags=flags, htif=htif)


def source(system, problems) -> Iterator[str]:
    yield "#include <stdint.h>\n#include <stdio.h>"
    yield CHECKSUM
    yield "typedef void call(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);"
    for problem in problems:
        yield f"extern const char {problem.kernel.name}_{system.name}[];"
        yield from one(system, problem)
    calls = " ".join(f"run_{problem.kernel.name}();" for problem in problems)
    yield f"int main(void) {{ {calls} return 0; }}"


def one(system, problem) -> Iterator[str]:
    kernel = problem.kernel
    for name, count in problem.words.items():
        values = "0"
        if name in problem.operands:
            words = np.frombuffer(problem.operands[name].rows, "<u4").tolist()
            values = ", ".join(map(hex, words))
        yield f"static uint32_t {kernel.name}_{name}[{count}] = {{{values}}};"

    def word(name):
        if name in problem.size.names:
            return str(problem.size[name])
        if name in problem.words:
            return f"(uint32_t)(uintptr_t){kernel.name}_{name}"
        return name

    yield f"static void run_{kernel.name}(void) {{"
    words = []
    for number, argument in enumerate(kernel.call):
        if isinstance(argument, tuple):
            yield f"uint32_t members{number}[] = {{{', '.join(map(word, argument))}}};"
            words.append(f"(uint32_t)(uintptr_t)members{number}")
        else:
            words.append(word(argument))
    words += ["0"] * (7 - len(words))
    entry = f"((call *)(uintptr_t){kernel.name}_{system.name})"
    yield f"{entry}({', '.join(words)});"
    for name in problem.results:
        at = f"{kernel.name}_{name}"
        yield f'told("{kernel.name}", "{name}", {at}, {problem.words[name]});'
    yield "}"
