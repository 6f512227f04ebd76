"""Run a guest on unicorn, with the two host calls that guests make: `unicorn_guest.py ELF`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import unicorn
from elftools.elf.elffile import ELFFile
from unicorn import riscv_const as riscv

PAGE = 0x1000
FLOATING_POINT_ON = 0x6000  # mstatus.FS
WRITE, EXIT = 64, 94
STACK = range(0x7FFF_0000, 0x8000_0000)


def run(path: str) -> int:
    """The guest's exit status."""
    engine = unicorn.Uc(unicorn.UC_ARCH_RISCV, unicorn.UC_MODE_RISCV32)
    with Path(path).open("rb") as file:
        elf = ELFFile(file)
        for segment in elf.iter_segments("PT_LOAD"):
            if not segment["p_memsz"]:
                continue
            start = segment["p_vaddr"] & -PAGE
            stop = (segment["p_vaddr"] + segment["p_memsz"] + PAGE - 1) & -PAGE
            engine.mem_map(start, stop - start)
            engine.mem_write(segment["p_vaddr"], segment.data())
        entry = elf["e_entry"]
    engine.mem_map(STACK.start, len(STACK))
    engine.reg_write(riscv.UC_RISCV_REG_SP, STACK.stop - 64)  # where no arguments are
    status = 255

    def on_interrupt(uc: unicorn.Uc, cause: int, _: object) -> None:
        nonlocal status
        number = uc.reg_read(riscv.UC_RISCV_REG_A7)
        if cause not in range(8, 12) or number not in (WRITE, EXIT):
            raise RuntimeError(f"trap {cause}, call {number}")
        if number == EXIT:
            status = uc.reg_read(riscv.UC_RISCV_REG_A0) & 255
            uc.emu_stop()
            return
        address = uc.reg_read(riscv.UC_RISCV_REG_A1)
        count = uc.reg_read(riscv.UC_RISCV_REG_A2)
        os.write(uc.reg_read(riscv.UC_RISCV_REG_A0), bytes(uc.mem_read(address, count)))
        uc.reg_write(riscv.UC_RISCV_REG_A0, count)

    engine.hook_add(unicorn.UC_HOOK_INTR, on_interrupt)
    engine.reg_write(riscv.UC_RISCV_REG_MSTATUS, FLOATING_POINT_ON)
    engine.emu_start(entry, 0)
    return status


if __name__ == "__main__":
    sys.exit(run(sys.argv[1]))
