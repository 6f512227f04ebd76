"""Other simulators as oracles of single instructions: what they know of the standard extensions."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from rvx.jit.layout import Place
from rvx.jit.single import RAM
from rvx.model.expression import Named
from rvx.model.machine import NumberView, RegisterOperand
from rvx.verify.commit import PeerError
from rvx.verify.deviation import UNICORN_DEVIATES, UNICORN_KNOWS
from rvx.verify.exact import decode
from rvx.verify.exact.number import NAN
from rvx.verify.instruction.case import MEMORY, PC, Case
from rvx.verify.instruction.check import Opinion, Oracle

ORACLES = ("unicorn",)
_FLOATS_ON = 0x7800  # mstatus: FS initial.., MPP machine mode
_FILES = ("x", "f")
_PAGES = 0x1_0000


def oracle_of(name: str) -> Oracle:
    """The oracle of that name. Raises PeerError where it is not installed."""
    assert name == "unicorn"
    return Unicorn()


class Unicorn:
    """Unicorn (QEMU's translator), RV32GC: registers, fflags and pc after one word. Traps, memory
    and CSRs it leaves to others, and every state but frm and fflags."""

    name = "unicorn"

    def __init__(self) -> None:
        try:
            self._unicorn: Any = import_module("unicorn")
            self._const: Any = import_module("unicorn.riscv_const")
        except ImportError:
            raise PeerError("unicorn is not installed: pip install unicorn") from None
        unicorn = self._unicorn
        self._uc: Any = unicorn.Uc(unicorn.UC_ARCH_RISCV, unicorn.UC_MODE_RISCV32)
        self._uc.mem_map(RAM.start, _PAGES)
        self._uc.mem_write(RAM.start, MEMORY)
        self._uc.reg_write(self._const.UC_RISCV_REG_MSTATUS, _FLOATS_ON)
        self._uc.hook_add(unicorn.UC_HOOK_INTR, self._on_trap)
        self._trapped = False
        self._word = 0
        self._first = {
            "x": self._const.UC_RISCV_REG_X0,
            "f": self._const.UC_RISCV_REG_F0,
        }

    def opinion(self, case: Case) -> Opinion | None:
        """None for what it does not know, and what touches other state than x, f, frm, fflags."""
        registers = {p: v for p, v in case.values.items() if p.space == "register"}
        states = {p.name: v for p, v in case.values.items() if p.space == "state"}
        if not self._knows(case, registers, states):
            return None
        self._put(case.word, case.instruction.length)
        for place, value in registers.items():
            boxed = -1 << _width(case, place) if place.name == "f" else 0
            number = self._first[place.name] + place.number
            self._uc.reg_write(number, (value | boxed) & (1 << 64) - 1)
        self._uc.reg_write(
            self._const.UC_RISCV_REG_FCSR, states.get("frm", 0) << 5 | states.get("fflags", 0)
        )
        self._trapped = False
        try:
            self._uc.emu_start(PC, 1 << 32, count=1)
        except self._unicorn.UcError:
            self._trapped = True
        if self._trapped:
            known = case.instruction.extension in UNICORN_KNOWS
            return Opinion({}, traps=True) if known else None
        return self._after(case, states)

    def _knows(self, case: Case, registers: Mapping[Place, int], states: Mapping[str, int]) -> bool:
        if not {place.name for place in registers} <= set(_FILES):
            return False
        if case.instruction.mnemonic in UNICORN_DEVIATES and _has_nan(case):
            return False
        long = case.instruction.long
        classes = (case.instruction if long is None else long.target).classes
        if classes & {"load", "store", "csr", "trap"} or _is_boxed(case):
            return False
        others = set(states) - {"frm", "fflags", "fs", "privilege"}
        if any(place.name == "f" for place in registers) and states.get("fs", 3) != 3:
            return False
        return states.get("privilege", 3) == 3 and not any(states[name] for name in others)

    def _put(self, word: int, length: int) -> None:
        if word != self._word:
            self._uc.ctl_remove_cache(PC, PC + 8)
            self._uc.mem_write(PC, word.to_bytes(length, "little") + b"\x13\0\0\0")
            self._word = word

    def _after(self, case: Case, states: Mapping[str, int]) -> Opinion:
        found = {}
        for place in case.values:
            if place.space == "register":
                value = self._uc.reg_read(self._first[place.name] + place.number)
                found[place] = value & (1 << _width(case, place)) - 1
        if "fflags" in states:
            fcsr = self._uc.reg_read(self._const.UC_RISCV_REG_FCSR)
            found[Place("state", "fflags", 0)] = fcsr & 31
        return Opinion(found, self._uc.reg_read(self._const.UC_RISCV_REG_PC))

    def _on_trap(self, uc: object, number: int, _: object) -> None:
        self._trapped = True
        self._uc.emu_stop()


def _is_boxed(case: Case) -> bool:
    """Whether it has numbers narrower than their registers: unicorn does not look at the boxes."""
    long = case.instruction if case.instruction.long is None else case.instruction.long.target
    return any(
        isinstance(o, RegisterOperand) and o.file.boxed and o.file.width > 32 and _is_narrow(o)
        for o in long.operands.values()
    )


def _has_nan(case: Case) -> bool:
    """Whether an operand is a NaN: where it deviates, it is for these."""
    for name, operand in case.instruction.operands.items():
        if isinstance(operand, RegisterOperand) and isinstance(operand.view, NumberView):
            use, bits = operand.view.format, operand.view.width
            place = Place("register", operand.file.name, operand.first + case.fields[name])
            code = case.values.get(place, 0) & (1 << bits) - 1
            if isinstance(use, Named) and decode(use.format, code).kinds == NAN:
                return True
    return False


def _is_narrow(operand: RegisterOperand) -> bool:
    return not isinstance(operand.view, NumberView) or operand.view.width < operand.file.width


def _width(case: Case, place: Place) -> int:
    """Bits of a register: of unicorn's f registers, which have 64, the low ones count."""
    long = case.instruction if case.instruction.long is None else case.instruction.long.target
    widths = {
        o.file.name: o.file.width for o in long.operands.values() if isinstance(o, RegisterOperand)
    }
    return widths.get(place.name, 32)
