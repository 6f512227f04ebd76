"""Every kernel of a number system as one C program, which prints a checksum of each result."""

from collections.abc import Iterator
from math import prod

from rvx import c
from rvx.bench import KERNELS, systems_of
from rvx.bench.compiled import KERNELS as FOLDER
from rvx.bench.compiled import Build, flags_of
from rvx.bench.kernel import Form

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


def kernels_of(system):
    return [kernel for kernel in KERNELS.values() if system in systems_of(kernel)]


def program(system, results, folder, *, htif=False):
    """The ELF executable that calls each kernel on the operands of its result in `results`."""
    kernels = kernels_of(system)
    driver = folder / "driver.c"
    driver.write_text("\n".join(source(system, kernels, results)))
    assembly, in_c = "gemm/" + system.gemm, {name for k in kernels for name in k.sources}
    sources = [driver, FOLDER / assembly, *(FOLDER / name for name in sorted(in_c))]
    flags = [flag for flag in flags_of(system, Build()) if flag != "-ffreestanding"]
    return c.compile(sources, isa=system.isa, flags=flags, htif=htif)


def source(system, kernels, results) -> Iterator[str]:
    yield "#include <stdint.h>\n#include <stdio.h>"
    yield CHECKSUM
    yield "typedef void call(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);"
    for kernel in kernels:
        yield f"extern const char {kernel.name}_{system.name}[];"
        yield from one(system, kernel, results[kernel.name])
    calls = " ".join(f"run_{kernel.name}();" for kernel in kernels)
    yield f"int main(void) {{ {calls} return 0; }}"


def one(system, kernel, result) -> Iterator[str]:
    arrays, size = result.arrays, result.size
    for tensor in kernel.tensors:
        name = f"{kernel.name}_{tensor.name}"
        if tensor.name in arrays.operands:
            rows = arrays.operands[tensor.name].rows
            words = (rows[start : start + 4] for start in range(0, len(rows), 4))
            values = ", ".join(f"{int.from_bytes(word, 'little'):#x}" for word in words)
            yield f"static uint32_t {name}[] = {{{values}}};"
        else:
            *outer, inner = tensor.shape(size)
            room = 2 * inner + 16 if tensor.form is Form.ROOM else prod((*outer, inner))
            yield f"static uint32_t {name}[{room}];"

    def word(name):
        if name in size.names:
            return str(size[name])
        if any(tensor.name == name for tensor in kernel.tensors):
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
    for name, output in arrays.outputs.items():
        count = len(output.matrix.rows) // 4
        yield f'told("{kernel.name}", "{name}", {kernel.name}_{name}, {count});'
    yield "}"
