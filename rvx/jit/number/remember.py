"""Results that are remembered: what posits of few bits give is computed once for each operands.

A function of at most 16 bits of codes has a table of its results, empty at first. The rule that it
would else be computed by fills it in, so that the table can give nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from rvx.jit.number.callee import COLD, Coded, Key, Native, write
from rvx.jit.text import STRICT, Function, Module
from rvx.model import ir
from rvx.model.walk import nodes
from rvx.number import Posit

MOST_BITS: Final = 16  # of all operands together


def is_remembered(key: Key) -> bool:
    """Whether a table is worth it: of a posit that is computed, no flags, from few bits."""
    if not isinstance(key.target.format, Posit) or key.shape.locals:
        return False
    if any(type[:1] != "i" for type in key.shape.types) or _bits(key.shape.types) > MOST_BITS:
        return False
    return any(
        isinstance(node, ir.NumberOp | ir.Quotient)
        or (isinstance(node, ir.NumberFunction) and node.op != "-")
        for node in nodes(key.shape.numbers)
    )


def _bits(types: Sequence[str]) -> int:
    return sum(int(type[1:]) for type in types)


def remember(
    module: Module, name: str, key: Key, compute: Callable[[Function, list[str]], Coded]
) -> Native:
    """Write the function that looks the result up; `compute` writes what finds it out."""
    types, width = key.shape.types, key.target.width
    slow = Native(f"{name}.computed", types, width, False)
    write(module, slow, COLD, compute)
    cell = 2 * width  # a code, and above it a one where it is known
    table, size = f"@{name}.known", 1 << _bits(types)
    text = f"{table} = internal global [{size} x i{cell}] zeroinitializer"
    module.define(f"{name}.known", text)

    def look_up(out: Function, codes: list[str]) -> Coded:
        index = "0"
        for type, code in zip(types, codes, strict=True):
            index = out.op("shl", 64, index, type[1:])
            index = out.op("or", 64, index, out.resize(code, int(type[1:]), 64))
        pointer = out.value(f"getelementptr [{size} x i{cell}], ptr {table}, i64 0, i64 {index}")
        found = out.value(f"load i{cell}, ptr {pointer}")
        unknown, known, start = out.label("unknown"), out.label("known"), out.block
        out.branch(out.compare("eq", cell, found, "0"), unknown, known, likely=False)
        out.begin(unknown)
        code, _ = slow.call(out, codes)
        new = out.op("or", cell, out.resize(code, width, cell), str(1 << width))
        out.store(f"i{cell}", new, pointer)
        end = out.block
        out.jump(known)
        out.begin(known)
        entry = out.phi(f"i{cell}", (found, start), (new, end))
        return out.resize(entry, cell, width), "0"

    native = Native(name, types, width, False)
    return write(module, native, f"{STRICT} alwaysinline", look_up)
