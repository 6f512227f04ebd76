"""The signature: the words of memory a conformance test is judged by."""

from __future__ import annotations

from rvx.machine.memory import AccessFault, Memory
from rvx.machine.program import Program, ProgramError


def signature(memory: Memory, program: Program) -> str:
    """The words from `begin_signature` to `end_signature`, the form riscv-arch-test compares:
    eight lower-case hexadecimal digits a line.

    Raises ProgramError where the program has none, or it is not a number of words in RAM.
    """
    bounds = [program.symbols.get(name) for name in ("begin_signature", "end_signature")]
    match bounds:
        case [begin, end] if begin and end:
            start, length = begin.address, end.address - begin.address
        case _:
            raise ProgramError(
                f"{program.name}: has no signature; define begin_signature and end_signature"
            )
    if length < 0 or length % 4:
        raise ProgramError(
            f"{program.name}: the signature at {start:#x} has {length} bytes, not a number of words"
        )
    try:
        words = memory.view(start, "<u4", length // 4)
    except AccessFault as fault:
        raise ProgramError(f"{program.name}: the signature cannot be read: {fault}") from None
    return "".join(f"{word:08x}\n" for word in words.tolist())
