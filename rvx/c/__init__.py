"""C for the simulated machine: an ordinary compiler, the generated intrinsics, rvx's own run time.

>>> from rvx import c
>>> elf = c.compile(["kernel.c"], isa="rv32imf_xdotp")                       # doctest: +SKIP
>>> machine = rvx.Machine(isa="rv32imf_xdotp"); machine.load(elf); machine.run()  # doctest: +SKIP
"""

from __future__ import annotations

from rvx.c.compilation import Compilation, compile
from rvx.c.compiler import Compiler, CompilerError, find_compiler
from rvx.c.target import Target

__all__ = ["Compilation", "Compiler", "CompilerError", "Target", "compile", "find_compiler"]
