"""What a compiler is told of a machine: -march and -mabi."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from os import devnull
from typing import Final

from rvx.c.cache import kept
from rvx.c.compiler import Compiler, CompilerError
from rvx.model.machine import Machine
from rvx.record import record

_FLOAT_BITS: Final = {"f": 32, "d": 64}
_INTEGER_ABI: Final = {"rv32": "ilp32", "rv64": "lp64"}


@record(frozen=True)
class Target:
    """`march` names what the compiler knows of the machine: instructions of other extensions are
    for intrinsics and assembly."""

    march: str
    mabi: str

    @property
    def float_abi(self) -> int:
        """How many bits the registers have that pass floats; 0 where none do."""
        return _FLOAT_BITS.get(self.mabi[-1], 0)

    def flags(self, compiler: Compiler) -> tuple[str, ...]:
        target = ("--target=riscv32-unknown-elf",) if compiler.is_clang else ()
        return (*target, f"-march={self.march}", f"-mabi={self.mabi}")


def target_of(machine: Machine, compiler: Compiler) -> Target:
    """Raises CompilerError where the compiler does not know the base."""
    return _target(machine.isa, compiler)


@lru_cache
def _target(isa: str, compiler: Compiler) -> Target:
    base, *rest = (
        kept("target", lambda: _known(isa, compiler).encode(), compiler.identity, isa)
        .decode()
        .split()
    )
    march = _joined(base, rest)
    # The calling convention passes floating-point numbers in the registers that there are
    # (psABI, "Named ABIs").
    floating = "d" if "d" in rest else "f" if "f" in rest else ""
    return Target(march, f"{_INTEGER_ABI[base[:4]]}{floating}")


def _known(isa: str, compiler: Compiler) -> str:
    """The base and the extensions that the compiler knows, with spaces between them."""
    base, *rest = _standard(isa)
    if _accepts(compiler, _joined(base, rest)):
        return " ".join([base, *rest])
    if not _accepts(compiler, base):
        raise CompilerError(f"{compiler.name} makes no code for {base}")
    known: list[str] = []
    for name in rest:
        if _accepts(compiler, _joined(base, [*known, name])):
            known.append(name)
    return " ".join([base, *known])


def _standard(isa: str) -> Iterator[str]:
    """The base and the extensions of an ISA string, without those that are not standard (X)."""
    letters, *others = isa.split("_")
    yield letters[:5]
    yield from letters[5:]
    yield from (name for name in others if not name.startswith("x"))


def _joined(base: str, names: list[str]) -> str:
    letters = "".join(name for name in names if len(name) == 1)
    return "_".join([base + letters, *(name for name in names if len(name) > 1)])


def _accepts(compiler: Compiler, march: str) -> bool:
    """Whether the compiler and its assembler know all of it."""
    target = Target(march, "ilp32").flags(compiler)
    command = [*compiler.compile, *target, "-x", "assembler", "-c", devnull, "-o", devnull]
    try:
        compiler.run(command)
    except CompilerError:
        return False
    return True
