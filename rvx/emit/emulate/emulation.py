"""The two parts of a header that emulate: exact arithmetic, and the intrinsics upon it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from rvx.emit.derive import Derived
from rvx.emit.emulate.calls import call, maker, refusal
from rvx.emit.emulate.capacity import limbs
from rvx.emit.emulate.conversions import conversions
from rvx.emit.emulate.formats import Formats, modes
from rvx.emit.emulate.function_text import Unsupported
from rvx.emit.emulate.hart import csr_functions, hart, mode_function
from rvx.emit.emulate.instructions import Function, function
from rvx.emit.intrinsic import Intrinsic
from rvx.model.machine import Instruction, Machine
from rvx.number.real import LEAST_EXPONENT, QUOTIENT_BITS

_TRAP = """\
/* What a trap does on a host: it cannot go on. Define RVX_TRAP to do something else; the
 * intrinsic has no effect then. */
#ifndef RVX_TRAP
#include <stdio.h>
#include <stdlib.h>
#define RVX_TRAP(cause, value, mnemonic) \\
    (fprintf(stderr, "rvx: trap %llu, value %#llx, in %s\\n", (unsigned long long)(cause), \\
        (unsigned long long)(value), mnemonic), abort())
#endif
"""


def exact_arithmetic(machine: Machine, formats: Formats, derived: Derived) -> str:
    """What target and host share: exact numbers, and conversions of the machine's formats."""
    converted = conversions(machine, formats)
    if not converted:
        return ""
    parts = [
        "/* Exact arithmetic in portable C, for conversions and emulation. */",
        f"#define RVXE_LIMBS {limbs(machine)}",
        f"#define RVXE_QUOTIENT_BITS {QUOTIENT_BITS}",
        f"#define RVXE_MOST_EXPONENT {-LEAST_EXPONENT}",
        "#define RVXE_FUNCTION static __inline__ __attribute__((__unused__))",
        modes(),
        _source("real.h"),
        _source("round.h"),
        _source("power.h"),
        _source("word.h"),
        converted,
    ]
    return "\n".join(parts)


def emulation(machine: Machine, formats: Formats, derived: Derived) -> str:
    """The intrinsics on a host."""
    done: dict[Instruction, Function | Unsupported] = {}
    calls = []
    first = len(formats.text)
    csrs = csr_functions(machine, formats)
    for intrinsic in derived.intrinsics:
        instruction = intrinsic.instruction
        if instruction not in done:
            done[instruction] = _function(machine, intrinsic, formats)
            made = done[instruction]
            if isinstance(made, Function):
                calls.append(made.text)
        made = done[instruction]
        if isinstance(made, Unsupported):
            calls.append(refusal(intrinsic, str(made)))
        else:
            calls.append(call(intrinsic, made))
    parts = [
        _TRAP,
        _source("function.h"),
        hart(machine),
        mode_function(machine),
        *formats.text[first:],
        csrs,
        *map(maker, derived.types),
        *calls,
    ]
    return "\n".join(parts)


def _function(machine: Machine, intrinsic: Intrinsic, formats: Formats) -> Function | Unsupported:
    """The function of the intrinsic's instruction: others of the instruction share it."""
    name = f"rvxe_do_{intrinsic.name.removeprefix('rvx_')}"
    try:
        return function(machine, intrinsic.instruction, name, formats)
    except Unsupported as reason:
        return reason


@cache
def _source(name: str) -> str:
    return (files("rvx.emit.emulate") / name).read_text(encoding="utf-8")
