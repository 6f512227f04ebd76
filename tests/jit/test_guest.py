"""The guest inside a function: what is emitted, where stores are native, where flags accrue."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from rvx.description import load_machine
from rvx.jit.effects import Untranslatable
from rvx.jit.guest import Guest
from rvx.jit.layout import Layout, Place
from rvx.jit.lowering import Effects, Lowering
from rvx.jit.region import Reason
from rvx.jit.single import RAM, Single
from rvx.jit.text import Function, Module
from rvx.model.machine import Machine
from rvx.number import Rounding

PC = 0x8000_1000
FS, FLAGS = Place("state", "fs", 0), Place("state", "fflags", 0)


@cache
def machine() -> Machine:
    return load_machine("rv32imfc_zicsr_zifencei_xdotp_xposit")


def x(number: int) -> Place:
    return Place("register", "x", number)


class Emitted:
    """The lines that an instruction becomes, and where it goes."""

    def __init__(self, mnemonic: str, **fields: int) -> None:
        of, module = machine(), Module()
        layout, out = Layout(of), Function(module, "f", "void", ["ptr"])
        self.modes = {place: of.states[place.name].reset[0] for place in layout.modes}
        self.guest = Guest(out, layout, "%p0", self.modes, lambda: "bail", counter=lambda _: "7")
        self.effects: Effects = Lowering(
            self.guest,
            lambda: None,  # type: ignore[arg-type,return-value]
            of,
            of.instructions[mnemonic],
            fields,
            pc=PC,
            length=4,
            mode=Rounding.RNE,
            host_mode=None,
            sticky=False,
        ).run()
        out.finish()
        self.lines = [
            re.sub(r"%[va]\d+", "%", line.strip().split(", !prof")[0])
            for line in module.text().split("\n}")[0].splitlines()[2:]
            if "alloca" not in line
        ]


def test_minimal_code_of_the_commonest_instructions() -> None:
    read = "% = load i32, ptr %, align 4"
    assert Emitted("add", rd=1, rs1=2, rs2=3).lines == [read, read, "% = add i32 %, %"]
    assert Emitted("addi", rd=1, rs1=0, imm=-1).lines == []
    assert Emitted("slli", rd=1, rs1=2, shamt=3).lines == [read, "% = shl i32 %, 3"]
    assert Emitted("sra", rd=1, rs1=2, rs2=2).lines == [
        read,
        "% = and i32 %, 31",
        "% = ashr i32 %, %",
    ]
    assert Emitted("mul", rd=1, rs1=2, rs2=2).lines == [read, "% = mul i32 %, %"]
    assert Emitted("mulh", rd=1, rs1=2, rs2=2).lines[-3:] == [
        "% = mul i64 %, %",
        "% = lshr i64 %, 32",
        "% = trunc i64 % to i32",
    ]
    assert not Emitted("fence", pred=1, succ=1).lines
    assert len(Emitted("lw", rd=1, rs1=2, imm=4).lines) <= 13
    assert len(Emitted("lb", rd=1, rs1=2, imm=0).lines) <= 10


def test_conditional_branches_are_a_comparison() -> None:
    emitted = Emitted("blt", rs1=1, rs2=2, imm=-8)
    assert emitted.lines[2:] == ["% = icmp slt i32 %, %"]
    assert emitted.effects.target == str(PC - 8)
    assert emitted.effects.taken is not None
    assert emitted.effects.taken.startswith("%")
    assert Emitted("beq", rs1=1, rs2=0, imm=8).lines[1:] == ["% = icmp eq i32 %, 0"]


def test_jumps() -> None:
    call = Emitted("jal", rd=1, imm=16)
    assert not call.lines
    assert call.effects == Effects(str(PC + 16), None, False)
    assert call.guest.read(x(1)) == str(PC + 4)
    back = Emitted("jalr", rd=0, rs1=1, imm=0)
    assert back.lines[1:] == ["% = and i32 %, 4294967294"]
    assert back.effects.taken is None
    assert Emitted("beq", rs1=0, rs2=0, imm=8).effects == Effects(str(PC + 8), None, False)
    assert Emitted("bne", rs1=0, rs2=0, imm=8).effects == Effects(None, None, False)


def test_modes_are_constants_and_are_written_once() -> None:
    emitted = Emitted("fmv.w.x", rd=1, rs1=2)
    assert emitted.modes[FS] == 3
    assert sum("store i8 3" in line for line in emitted.lines) == 1
    again = Emitted("csrrwi", rd=0, csr=0x002, uimm=2)
    assert again.modes[Place("state", "frm", 0)] == 2
    assert not again.effects.modes_unknown
    assert Emitted("csrrw", rd=0, csr=0x002, rs1=3).effects.modes_unknown


@pytest.mark.parametrize("mnemonic", ["ecall", "ebreak"])
def test_what_always_traps_is_left_to_the_reference(mnemonic: str) -> None:
    with pytest.raises(Untranslatable):
        Emitted(mnemonic)


@pytest.mark.parametrize("csr", [0x7FF, 0xC00, 0xB00, 0xB02, 0x320])
def test_csrs_that_cannot_be_written_here(csr: int) -> None:
    with pytest.raises(Untranslatable):
        Emitted("csrrw", rd=0, rs1=1, csr=csr)


# Stores


def single(mnemonic: str, **fields: int) -> Single:
    word = machine().instructions[mnemonic].encode(**fields)
    return Single(machine(), word, level=0, numbers=lambda *_: None)  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize(
    ("address", "bails"),
    [
        (RAM.start, False),
        (RAM.start - 4, True),
        (RAM.stop - 4, False),
        (RAM.stop - 3, True),
        (RAM.stop, True),
        (RAM.start + 0x2002, True),
        (RAM.start + 0x1000, False),  # outside of the quiet part, in a free granule
        (RAM.start + 0x1040, True),  # in one that is not
        (RAM.start + 0x107C, True),
        (RAM.start + 0x1080, False),
        (0, True),
    ],
)
def test_a_store_is_native_where_nothing_watches(address: int, bails: bool) -> None:
    store = single("sw", rs1=1, rs2=2, imm=0)
    store.set_control("store_base", RAM.start + 0x2000)
    store.set_control("store_size", len(RAM) - 0x2000)
    store.granules[0x1040 >> 6] = 1
    store.set(x(1), address)
    store.set(x(2), 0x1234_5678)
    assert (store.run() is Reason.BAIL) == bails
    assert bool(store.ram.any()) != bails
    if not bails:
        assert store.ram[address - RAM.start :][:4].tobytes() == b"\x78\x56\x34\x12"


@pytest.mark.parametrize("size", [0, 1, 3, 4])
def test_a_ram_smaller_than_an_access(size: int) -> None:
    load = single("lw", rd=3, rs1=1, imm=0)
    load.set_control("ram_size", size)
    load.set(x(1), RAM.start)
    assert load.run() is (Reason.CONTINUE if size == 4 else Reason.BAIL)


def test_a_ram_of_all_addresses() -> None:
    load = single("lbu", rd=3, rs1=1, imm=-1)
    load.set_control("ram_origin", load.ram.ctypes.data)
    load.set_control("ram_base", 0)
    load.set_control("ram_size", 1 << 32)
    load.ram[7] = 9
    load.set(x(1), 8)
    assert load.run() is Reason.CONTINUE
    assert load.get(x(3)) == 9


# Counters and batches


def test_counters_as_the_instruction_sees_them() -> None:
    read = single("csrrs", rd=3, rs1=0, csr=0xB00)
    read.set_control("cycle", (7 << 32) + 100)
    read.set_control("cycle_base", 40)
    read.set(Place("state", "cycle", 0), 5)
    read.run()
    assert read.get(x(3)) == 60
    read.set(Place("state", "inhibit", 0), 1)
    read.run()
    assert read.get(x(3)) == 5


def test_a_batch_starts_every_row_anew() -> None:
    add = single("add", rd=1, rs1=1, rs2=2)
    rows = np.arange(1000, dtype=np.uint64)
    add.set(x(2), 0xFFFF_FFFF)
    found = add.batch({x(1): rows}, [x(1), Place("state", "quire", 0)])
    assert (found.values[x(1)] == (rows + 0xFFFF_FFFF) % (1 << 32)).all()
    assert found.values[Place("state", "quire", 0)].shape == (1000, 8)
    assert (found.reason == Reason.CONTINUE).all()
    assert (found.pc == RAM.start + 4).all()
    assert add.get(x(1)) == 0
