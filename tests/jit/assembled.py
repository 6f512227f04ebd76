"""Machines with a program written in assembly, and what a machine's state is."""

from __future__ import annotations

from rvx.asm import assemble, elf_image, link
from rvx.jit.timing import Decoded
from rvx.machine.elf import read_elf
from rvx.machine.simulator import Simulator
from rvx.model.decoder import Decoder

EXIT = "\n li a7, 93\n ecall\n"
# The end of a program that has `trap` in mtvec: what traps is counted in s3 and left out.
EXIT_AND_TRAP = f"""
        csrw mtvec, zero  # so that the end is the host's
        {EXIT}
        .balign 4
trap:   addi s3, s3, 1
        csrr t0, mepc
        addi t0, t0, 4
        csrw mepc, t0
        mret
"""


def machine(text: str, **options) -> Simulator:
    """A machine that has loaded the program; it begins at the text's first instruction."""
    made = Simulator(**{"isa": "rv32im_zicsr_zifencei"} | options)
    executable = link([assemble(".text\n_start:\n" + text, made.machine, file="p.S")])
    made.load(read_elf(elf_image(executable), name="p.elf", xlen=32))
    return made


def block_of(text: str, *, isa: str) -> list[Decoded]:
    """The instructions of the text, a line each, none of them compressed."""
    made = machine(f".option norvc\n{text}", isa=isa)
    decoder, pc, block = Decoder(made.machine), made.hart.pc, []
    for at in range(pc, pc + 4 * len(text.split("\n")), 4):
        word = int.from_bytes(made.memory.regions[0].bytes[at - pc :][:4], "little")
        instruction = decoder.decode(word)
        assert instruction is not None
        block.append(Decoded(at, word, instruction, instruction.decode(word), 4))
    return block


def state_of(made: Simulator):
    """All that a guest could see, and where it is in time."""
    hart = made.hart
    counters = ("cycle", "instret", "mtime")  # right only while an instruction sees them
    states = {n: list(v) for n, v in hart.states.items() if n not in counters}
    registers = {n: list(v) for n, v in hart.registers.items()}
    kernel = made.kernel.instret, made.kernel.cycles, made.kernel.passages
    memory = [bytes(region.bytes[: 1 << 16]) for region in made.memory.regions]
    return hart.pc, made.instret, made.cycles, registers, states, kernel, memory


def share(made: Simulator) -> float:
    """The part of the instructions that native code has retired."""
    assert made.native is not None
    return made.native.instret / made.instret
