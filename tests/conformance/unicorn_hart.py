"""Unicorn (QEMU's translator) as the other hart: one instruction at a time, all state read back.

Each instruction lies in a slot of its own, with a jump behind it to code that stores every
register to memory: reading 66 registers through Python would take 80 us, this takes 4.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from unicorn import (
    UC_ARCH_RISCV,
    UC_CTL_IO_WRITE,
    UC_CTL_TLB_FLUSH,
    UC_ERR_FETCH_UNMAPPED,
    UC_ERR_INSN_INVALID,
    UC_ERR_READ_UNMAPPED,
    UC_ERR_WRITE_UNMAPPED,
    UC_HOOK_INTR,
    UC_MODE_RISCV32,
    Uc,
    UcError,
    riscv_const,
)

from .case import Case
from .layout import CODE, DATA, DUMP_CODE, SLOT_BYTES, SLOTS, TOP
from .state import CSRS, F0, MSTATUS_MIE, MSTATUS_MPIE, State

_DUMP = struct.Struct(f"<32I32Q{len(CSRS)}I")
REGISTERS = {"x": riscv_const.UC_RISCV_REG_X0, "f": riscv_const.UC_RISCV_REG_F0}
_CSRS = {
    "fcsr": riscv_const.UC_RISCV_REG_FCSR,
    "mscratch": riscv_const.UC_RISCV_REG_MSCRATCH,
    "mepc": riscv_const.UC_RISCV_REG_MEPC,
    "mstatus": riscv_const.UC_RISCV_REG_MSTATUS,
}
_SW, _FSD = 0b010 << 12 | 0b0100011, 0b011 << 12 | 0b0100111
# An ecall is told as one from user mode, 8, whatever the mode. Breakpoints and faults end the run.
_CAUSES = {8: 11}
_ERRORS = {
    UC_ERR_FETCH_UNMAPPED: 1,
    UC_ERR_INSN_INVALID: 3,
    UC_ERR_READ_UNMAPPED: 5,
    UC_ERR_WRITE_UNMAPPED: 7,
}


class UnicornHart:
    """RV32IMAFDC in machine mode. Of its f registers, which have 64 bits, the low `flen` count: it
    does not look at what is above a single."""

    def __init__(self, flen: int = 32) -> None:
        self._float_mask = (1 << flen) - 1
        self._uc = Uc(UC_ARCH_RISCV, UC_MODE_RISCV32)
        for region in (CODE, DATA, TOP, range(0x1000)):
            self._uc.mem_map(region.start, len(region))
        self._uc.hook_add(UC_HOOK_INTR, self._on_trap)
        self._trap: int | None = None
        code = _dump_code()
        self._uc.mem_write(DUMP_CODE, struct.pack(f"<{len(code)}I", *code))
        self._dumped = DUMP_CODE + 4 * len(code)
        self.set_csr("mstatus", 0x6000)

    def place(self, cases: Sequence[Case]) -> None:
        """Put each instruction into its slot; these are the first ones, in order."""
        self._uc.ctl_flush_tb()
        self._uc.mem_write(SLOTS.start, b"".join(map(_slot, cases)))

    def set_register(self, file: str, number: int, value: int) -> None:
        self._uc.reg_write(REGISTERS[file] + number, value)

    def set_csr(self, name: str, value: int) -> None:
        self._uc.reg_write(_CSRS[name], value)

    def run(self, case: Case) -> State:
        """Execute the instruction, which should neither jump nor trap, and the jump behind it."""
        self._start(case.pc, 0)
        if self._pc() != self._dumped:  # wfi ends a run
            return self._dump()
        return self._state(case.pc + case.instruction.length)

    def step(self, case: Case, target: int | None) -> State:
        """Execute the instruction, which may trap or jump, to `target` if all is well."""
        if target is not None:  # a count is not obeyed where translated code comes next
            self._uc.ctl_remove_cache(target, target + SLOT_BYTES)
        self._start(case.pc, 1)
        return self._dump()

    def read(self, region: range) -> bytes:
        return bytes(self._uc.mem_read(region.start, len(region)))

    def write(self, region: range, data: bytes) -> None:
        self._uc.mem_write(region.start, data)

    def _start(self, pc: int, count: int) -> None:
        self._trap = None
        # Each start clears the TLB, which doubles where it has filled up since its last flush.
        self._uc.ctl(UC_CTL_TLB_FLUSH, UC_CTL_IO_WRITE)
        try:
            self._uc.emu_start(pc, self._dumped, count=count)
        except UcError as error:
            self._trap = _ERRORS[error.errno]

    def _pc(self) -> int:
        pc: int = self._uc.reg_read(riscv_const.UC_RISCV_REG_PC)
        return pc

    def _dump(self) -> State:
        pc = self._pc()
        self._uc.emu_start(DUMP_CODE, self._dumped)
        return self._state(pc)

    def _state(self, pc: int) -> State:
        *words, mstatus = _DUMP.unpack(self._uc.mem_read(0, _DUMP.size))
        words[F0 : F0 + 32] = [word & self._float_mask for word in words[F0 : F0 + 32]]
        compared = mstatus & (MSTATUS_MIE | MSTATUS_MPIE)
        return State(self._trap, None if self._trap is not None else pc, (*words, compared))

    def _on_trap(self, uc: Uc, number: int, _: object) -> None:
        self._trap = _CAUSES.get(number, number)
        uc.emu_stop()


def _dump_code() -> list[int]:
    """Store f0..f31, x1..x31 and the CSRs at 0, and restore x1, which the CSRs go through."""
    stores = [_store(_FSD, 128 + 8 * i, i) for i in range(32)]
    stores += [_store(_SW, 4 * i, i) for i in range(1, 32)]
    for i, csr in enumerate(CSRS.values()):
        stores += [csr << 20 | 0b010 << 12 | 1 << 7 | 0b1110011, _store(_SW, 384 + 4 * i, 1)]
    return [*stores, 4 << 20 | 0b010 << 12 | 1 << 7 | 0b0000011]


def _store(instruction: int, offset: int, rs2: int) -> int:
    return offset >> 5 << 25 | rs2 << 20 | (offset & 31) << 7 | instruction


def _slot(case: Case) -> bytes:
    """The instruction and a jump to the code that stores the registers."""
    length = case.instruction.length
    imm = DUMP_CODE - (case.pc + length)
    jump = (imm >> 20 & 1) << 31 | (imm >> 1 & 0x3FF) << 21 | (imm >> 11 & 1) << 20
    jump |= imm & 0xFF000 | 0b1101111
    code = case.word.to_bytes(length, "little") + jump.to_bytes(4, "little")
    return code.ljust(SLOT_BYTES, b"\0")
