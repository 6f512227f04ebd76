"""A function of the module: on what its code depends, how it is written and called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from rvx.jit.number.site import Shape
from rvx.jit.text import STRICT, Function, Module
from rvx.model import ir
from rvx.number import Format, Rounding
from rvx.record import record

Coded: TypeAlias = tuple[str, str]
Direction: TypeAlias = Rounding | ir.Stochastic
"""How to round: by a mode, or by a number drawn, which is a parameter."""
Writer: TypeAlias = Callable[[Function, list[str]], Coded]
"""Writes into the open block what computes a code and flags from the parameters."""

COLD: Final = f"{STRICT} noinline cold"


@record(frozen=True)
class Target:
    """What an expression is for: a code of `format`, or where that is None the truth of `op`."""

    format: Format | None
    op: str = ""
    quiet: bool = True

    @property
    def width(self) -> int:
        """Bits of the result."""
        return 1 if self.format is None else self.format.bits

    @property
    def raises(self) -> bool:
        """Whether there can be flags."""
        return self.format is None or self.format.raises_flags


@record(frozen=True)
class Key:
    """On what the code of an expression depends."""

    shape: Shape
    target: Target
    mode: Direction
    host_mode: Rounding | None
    sticky: bool


@record(frozen=True)
class Native:
    """A function of the module: how to call it."""

    name: str
    types: tuple[str, ...]
    width: int
    raises: bool  # it returns {code, flags}, else just the code

    @property
    def result(self) -> str:
        """The LLVM type of its result."""
        return f"{{ i{self.width}, i32 }}" if self.raises else f"i{self.width}"

    def call(self, out: Function, values: list[str]) -> Coded:
        """Call it: the code and the flags."""
        arguments = zip(self.types, values, strict=True)
        found = out.call(self.result, self.name, *arguments)
        if not self.raises:
            return found, "0"
        code = out.value(f"extractvalue {self.result} {found}, 0")
        return code, out.value(f"extractvalue {self.result} {found}, 1")


def write(module: Module, native: Native, attributes: str, body: Writer) -> Native:
    """Write the function, if the module does not have it."""
    if native.name in module:
        return native
    out = Function(module, native.name, native.result, native.types, attributes)
    code, flags = body(out, [f"%p{i}" for i in range(len(native.types))])
    if native.raises:
        first = out.value(f"insertvalue {native.result} poison, i{native.width} {code}, 0")
        out.ret(out.value(f"insertvalue {native.result} {first}, i32 {flags}, 1"))
    else:
        out.ret(code)
    out.finish()
    return native
