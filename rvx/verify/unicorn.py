"""Unicorn (QEMU's translator) as a peer: stepped one instruction at a time.

It does not enter trap handlers by itself. Where both machines trap, it is put to where rvx goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from rvx.machine.hart import Hart
from rvx.machine.program import Program
from rvx.verify.commit import Commit, PeerError
from rvx.verify.deviation import UNICORN_DEVIATES

_PAGE = 0x1000
_START = 0x1800  # mstatus.MPP: machine mode
_FLOATS_ON = 0x6000  # mstatus.FS
_TRAP_CSRS = ("mepc", "mcause", "mtval", "mstatus")
_FFLAGS = 1


class UnicornHart:
    """One program in unicorn, going along with an rvx hart."""

    name = "unicorn"

    def __init__(self, hart: Hart, ram: Sequence[range], program: Program) -> None:
        try:
            unicorn: Any = import_module("unicorn")
            constants: Any = import_module("unicorn.riscv_const")
        except ImportError:
            raise PeerError("unicorn is not installed: pip install unicorn") from None
        self._hart, self._unicorn, self._const = hart, unicorn, constants
        self._uc: Any = unicorn.Uc(unicorn.UC_ARCH_RISCV, unicorn.UC_MODE_RISCV32)
        for addresses in ram:
            start, stop = addresses.start & -_PAGE, addresses.stop + _PAGE - 1 & -_PAGE
            self._uc.mem_map(start, stop - start)
        for segment in program.segments:
            self._uc.mem_write(segment.address, segment.data)
        self._uc.hook_add(unicorn.UC_HOOK_INTR, self._on_trap)
        self._uc.hook_add(unicorn.UC_HOOK_MEM_WRITE, self._on_store)
        self._stores: list[tuple[int, int]] = []
        self._trapped = False
        self._files = {
            "x": range(constants.UC_RISCV_REG_X0, constants.UC_RISCV_REG_X0 + 32),
            "f": range(constants.UC_RISCV_REG_F0, constants.UC_RISCV_REG_F0 + 32),
        }
        self._files = {name: ids for name, ids in self._files.items() if name in hart.registers}
        self._ids = [id for ids in self._files.values() for id in ids]
        self._names = [f"{name}{i}" for name, ids in self._files.items() for i in range(len(ids))]
        self._uc.reg_write(constants.UC_RISCV_REG_MSTATUS, _START | _FLOATS_ON)
        for name, ids in self._files.items():
            for id, value in zip(ids, hart.registers[name], strict=True):
                self._uc.reg_write(id, value)
        self._pc = hart.pc
        self._before = self._registers()

    def begin(self, hart: Hart) -> None:
        """It was made like the hart."""

    def commit(self, ours: Commit) -> Commit:
        """Step. Where rvx has trapped before, so must this."""
        if self._pc != ours.pc:
            elsewhere = self._step()
            if not self._trapped:
                return elsewhere
            self._enter_handler(ours.pc)
        bound = self._hart.bind(ours.word)
        if bound is not None and "jump" in bound.instruction.classes and not bound.fields:
            self._copy("mstatus")  # it may have been left at a mode that rvx lacks
        return self._step(dict(ours.registers))

    def adopt(self, ours: Commit) -> bool:
        bound = self._hart.bind(ours.word)
        if bound is None or bound.instruction.mnemonic not in UNICORN_DEVIATES:
            return False
        for name, value in ours.registers:
            self._uc.reg_write(self._files[name[0]][int(name[1:])], value)
        flags = self._hart.states["fflags"][0] | self._hart.flags
        frm = self._hart.states["frm"][0]
        self._uc.reg_write(self._const.UC_RISCV_REG_FCSR, frm << 5 | flags)
        self._before = self._registers()
        return True

    def _step(self, expected: dict[str, int] | None = None) -> Commit:
        """One instruction: the registers expected to be written, and all others that changed."""
        self._trapped = False
        self._stores.clear()
        pc = self._pc
        word = int.from_bytes(self._uc.mem_read(pc, 2), "little")
        if word & 3 == 3:
            word |= int.from_bytes(self._uc.mem_read(pc + 2, 2), "little") << 16
        try:
            self._uc.emu_start(pc, 1 << 32, count=1)
        except self._unicorn.UcError:
            self._trapped = True
        if not self._trapped:
            self._pc = self._uc.reg_read(self._const.UC_RISCV_REG_PC)
        after = self._registers()
        names = dict.fromkeys(expected or {})
        for name, old, new in zip(self._names, self._before, after, strict=True):
            if old != new:
                names[name] = None
        values = dict(zip(self._names, after, strict=True))
        self._before = after
        csrs: dict[int, int] = {}
        if (
            self._uc.reg_read(self._const.UC_RISCV_REG_MSTATUS) & _FLOATS_ON
        ):  # else it cannot be read
            csrs[_FFLAGS] = self._uc.reg_read(self._const.UC_RISCV_REG_FCSR) & 31
        written = tuple((name, values[name]) for name in names)
        return Commit(pc, word, written, csrs, tuple(self._stores))

    def _registers(self) -> tuple[int, ...]:
        values = self._uc.reg_read_batch(self._ids)
        return tuple(value & 0xFFFF_FFFF for value in values)

    def _enter_handler(self, pc: int) -> None:
        """Be where rvx is after the trap."""
        self._pc = pc
        for name in _TRAP_CSRS:
            self._copy(name)

    def _copy(self, name: str) -> None:
        """Give a CSR the value that rvx has in it."""
        address = self._hart.machine.csrs[name].address
        number = getattr(self._const, f"UC_RISCV_REG_{name.upper()}")
        self._uc.reg_write(number, self._hart.read_csr(address))

    def _on_trap(self, uc: object, number: int, _: object) -> None:
        self._trapped = True
        self._uc.emu_stop()

    def _on_store(self, uc: object, access: int, at: int, size: int, value: int, _: object) -> None:
        self._stores.append((at, value & (1 << 8 * size) - 1))
