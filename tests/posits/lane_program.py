"""One instruction over arrays, in a guest: the same program for both engines."""

from __future__ import annotations

from functools import cache

import numpy as np

from rvx import Machine
from rvx.asm import assemble, elf_image, link
from rvx.description import load_machine
from rvx.machine.elf import read_elf
from rvx.model.machine import RegisterOperand

ISA = "rv32imf_zicsr_xpositvec"
WIDE = "rv32imfd_zicsr_xpositvec"
ENGINES = ["jit", "reference"]
BASE = 0x8000_0000
_PROGRAM = """
_start: la   s0, first
        la   s1, second
        la   s2, out
        li   s3, {count}
loop:   {load} fa1, 0(s0)
        {load} fa2, 0(s1)
        {load} fa0, 0(s2)
        {line}
        {store} {result}, 0(s2)
        addi s0, s0, {step}
        addi s1, s1, {step}
        addi s2, s2, {step}
        addi s3, s3, -1
        bnez s3, loop
        csrr a0, fflags
        li   a7, 93
        ecall
        .data
        .balign 4096
first:  .space {size}
second: .space {size}
out:    .space {size}
"""


def machine_of(isa: str, engine: str, text: str, **options: str) -> Machine:
    """A machine with the program loaded."""
    machine = Machine(isa=isa, engine=engine, options=options)
    executable = link([assemble(text, machine.machine, file="lanes.S")], text_base=BASE)
    machine.load(read_elf(elf_image(executable), name="lanes.elf", xlen=32))
    return machine


@cache
def line_of(isa: str, mnemonic: str) -> tuple[str, bool]:
    """The assembly line with fa0 = rd, fa1 = rs1 and fa2 = rs2, and whether rd is an x."""
    instruction = load_machine(isa).instructions[mnemonic]
    names = {"rd": "fa0", "rs1": "fa1", "rs2": "fa2"}
    to_x = False
    words = []
    for name, operand in instruction.operands.items():
        assert isinstance(operand, RegisterOperand)
        is_x = operand.file.name == "x"
        to_x = to_x or (is_x and name == "rd")
        words.append("a0" if is_x and name == "rd" else names[name])
    return f"{mnemonic} {', '.join(words)}", to_x


def lanes(
    mnemonic: str,
    first: np.ndarray,
    second: np.ndarray | None = None,
    out: np.ndarray | None = None,
    *,
    engine: str = "jit",
    isa: str = ISA,
    flags: int | None = 0,
    **options: str,
) -> np.ndarray:
    """What the instruction makes of arrays of codes, which fill whole registers. Checks that all
    ran natively, where that is asked for, and the flags raised (None: any)."""
    width = 8 if "imfd" in isa else 4
    line, to_x = line_of(isa, mnemonic)
    size = first.nbytes
    assert size % width == 0
    load, store = ("fld", "fsd") if width == 8 else ("flw", "fsw")
    text = _PROGRAM.format(
        count=size // width,
        line=line,
        step=width,
        size=size,
        load=load,
        store="sw" if to_x else store,
        result="a0" if to_x else "fa0",
    )
    machine = machine_of(isa, engine, text, **options)
    arrays = {"first": first, "second": second, "out": out}
    for name, array in arrays.items():
        if array is not None:
            machine.write(name, array)
    result = machine.run()
    assert flags is None or result.status == flags
    check_native(machine)
    return machine.read("out", first.dtype, len(first))


def check_native(machine: Machine) -> None:
    """All but what counts as warming up."""
    if machine.engine == "jit" and machine.instret > 1 << 17:
        assert machine.native is not None
        assert machine.native.instret > 0.99 * machine.instret
