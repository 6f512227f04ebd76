"""Lines per second of the assembler: `python -m tests.asm.bench_assembler [LINES ...]`.

The program is a mix of what compilers and people write: arithmetic, memory, branches to labels
before and behind, li, la, calls, floating point, data with numbers and symbols; all different.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from itertools import islice
from time import perf_counter

from rvx.asm import assemble, elf_image, link
from rvx.description import load_machine


def program(lines: int, seed: int = 1) -> str:
    """A program of this many lines."""
    return "\n".join(islice(_lines(random.Random(seed)), lines)) + "\n"


def _lines(random: random.Random) -> Iterator[str]:
    registers = [f"{kind}{i}" for kind in "ast" for i in range(2, 7)]
    yield ".globl _start"
    yield "_start:"
    block = 0
    while True:
        yield f"block_{block}:  # {block} of many"
        for _ in range(6):
            a, b, c = random.sample(registers, 3)
            yield f"    add {a}, {b}, {c}"
            yield f"    addi {a}, {b}, {random.randrange(-2048, 2048)}"
            yield f"    lw {a}, {4 * random.randrange(500)}({b})"
            yield f"    sw {c}, {4 * random.randrange(500)}(sp)"
        yield f"    fmadd.s fa0, fa{random.randrange(8)}, fa1, fa2"
        yield f"    li a0, {random.randrange(1 << 32):#x}"
        yield f"    la a1, table_{block} + {4 * random.randrange(4)}"
        yield f"    beq a0, a1, block_{block}"
        yield "    bnez a2, 1f"
        yield f"    call block_{max(block - 5, 0)}"
        yield f"    lui a3, %hi(table_{block})"
        yield f"    lw a3, %lo(table_{block})(a3)"
        yield "1:  ret"
        yield "    .data"
        values = ", ".join(str(random.randrange(1 << 32)) for _ in range(4))
        yield f"table_{block}: .word {values}"
        yield f"    .word block_{block}, table_{block} + 8, . - table_{block}"
        yield f"    .float {random.uniform(-1, 1)}"
        yield "    .text"
        block += 1


def main() -> None:
    """Print the time for programs of several lengths."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", nargs="*", type=int, default=[10_000, 30_000, 100_000])
    machine = load_machine("rv32imf")
    for lines in parser.parse_args().lines:
        text = program(lines)
        start = perf_counter()
        assembly = assemble(text, machine, file="program.S")
        assembled = perf_counter()
        size = len(elf_image(link([assembly])))
        linked = perf_counter()
        print(
            f"{lines:8d} lines: assembled in {assembled - start:.2f} s, linked in "
            f"{linked - assembled:.2f} s, {lines / (linked - start):8.0f} lines/s, {size} bytes"
        )


if __name__ == "__main__":
    main()
