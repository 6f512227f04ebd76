"""Reading ELF files: what is found in good ones, and one clear line for every bad one."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from elf_image import (
    EM_X86_64,
    ET_DYN,
    ET_REL,
    NOP,
    PT_DYNAMIC,
    PT_INTERP,
    Load,
    R,
    W,
    elf_image,
)

from rvx.machine.attributes import arch_attribute
from rvx.machine.elf import load_elf, read_elf
from rvx.machine.memory import Memory
from rvx.machine.program import Program, ProgramError, Symbol

CODE = Load(0x8000_0000, NOP * 4)
DATA = Load(0x8000_1000, b"data", R | W, size=64)


def read(data: bytes, xlen: int = 32) -> Program:
    return read_elf(data, name="prog.elf", xlen=xlen)


def refusal(data: bytes, xlen: int = 32) -> str:
    with pytest.raises(ProgramError) as caught:
        read(data, xlen)
    message = str(caught.value)
    assert message.startswith("prog.elf: ")
    assert "\n" not in message
    return message.removeprefix("prog.elf: ")


def test_what_a_program_holds() -> None:
    program = read(elf_image(DATA, CODE, entry=0x8000_0004, flags=0x3))
    assert (program.entry, program.xlen, program.abi, program.arch) == (
        0x8000_0004,
        32,
        "ilp32f",
        "",
    )
    code, data = program.segments
    assert (code.address, code.data, code.size) == (0x8000_0000, NOP * 4, 16)
    assert (data.address, data.data, data.size) == (0x8000_1000, b"data", 64)
    assert (code.is_executable, code.is_writable) == (True, False)
    assert (data.is_executable, data.is_writable) == (False, True)
    assert program.code == (range(0x8000_0000, 0x8000_0010),)
    assert program.end == 0x8000_1040


@pytest.mark.parametrize(
    ("flags", "abi"), [(0, "ilp32"), (2, "ilp32f"), (4, "ilp32d"), (6, "ilp32q"), (9, "ilp32e")]
)
def test_abi(flags: int, abi: str) -> None:
    assert read(elf_image(CODE, flags=flags)).abi == abi


def test_a_global_symbol_owns_its_name() -> None:
    local, weak, global_ = 0x00, 0x20, 0x10
    symbols = (
        ("$xrv32i2p1", 1, 0, local),
        (".Lloop", 2, 0, local),
        ("file.c", 3, 0, 0x04),
        ("twice", 4, 0, local),
        ("twice", 5, 8, global_ | 2),
        ("twice", 6, 0, weak),
        ("again", 7, 0, local),
        ("again", 8, 0, local),
        ("tohost", 0x8000_1000, 8, global_ | 1),
    )
    program = read(elf_image(CODE, symbols=symbols))
    assert program.symbols == {
        "twice": Symbol(5, 8, "function"),
        "again": Symbol(7, 0, "none"),
        "tohost": Symbol(0x8000_1000, 8, "object"),
    }
    assert program.tohost == Symbol(0x8000_1000, 8, "object")
    assert program.fromhost is None


def test_a_compiled_program(compile_program: Callable[..., Path]) -> None:
    program = load_elf(compile_program("start.S", "foreign.c"), xlen=32)
    assert program.entry == 0x8000_0000 == program.symbols["_start"].address
    assert program.arch.startswith("rv32i2p1_m2p0_f2p2")
    assert program.abi == "ilp32f"
    assert program.symbols["main"].type == "function"
    assert program.symbols["zeroed"].type == "object"
    assert program.symbols["zeroed"].size == 256
    text = program.symbols["main"]
    assert any(
        text.address in code and text.address + text.size <= code.stop for code in program.code
    )
    memory = Memory([range(0x8000_0000, 0x8010_0000)])
    program.load_into(memory)
    assert memory.load(program.symbols["seven"].address, 4) == 7
    assert memory.load(program.symbols["big"].address, 4) == 4_000_000_000


# Bad files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"int main(void);", "is not an ELF file"),
        (b"\x7fEL", "is a truncated ELF file: the ELF header ends at byte 20, the file at 3"),
        (elf_image(CODE, bits=64), "is a 64-bit ELF; this machine is RV32"),
        (elf_image(CODE, machine=EM_X86_64), "is a program for machine X86_64, not for RISC-V"),
        (
            elf_image(CODE, machine=EM_X86_64, bits=64),
            "is a program for machine X86_64, not for RISC-V",
        ),
        (elf_image(CODE, machine=8, order=">"), "is a program for machine MIPS, not for RISC-V"),
        (elf_image(CODE, machine=0xFEDC), "is a program for machine 65244, not for RISC-V"),
        (elf_image(CODE, order=">"), "is a big-endian ELF; this machine is little-endian"),
        (
            elf_image(CODE, type=ET_REL),
            "is a relocatable object, not a program: link it first",
        ),
        (
            elf_image(CODE, type=ET_DYN),
            "is position-independent: link it with -static and -no-pie",
        ),
        (elf_image(CODE, type=4), "is a core dump, not a program"),
        (elf_image(CODE, type=77), "has unknown ELF type 77"),
        (
            elf_image(CODE, Load(0x8000_2000, b"/lib/ld.so\0", R, type=PT_INTERP)),
            "is dynamically linked: link it with -static",
        ),
        (
            elf_image(CODE, Load(0x8000_2000, bytes(16), R, type=PT_DYNAMIC)),
            "is dynamically linked: link it with -static",
        ),
        (elf_image(), "has no segment to load"),
        (elf_image(Load(0x8000_0000, b"", size=0)), "has no segment to load"),
        (
            elf_image(CODE, Load(0x8000_000F, b"x", R)),
            "has two segments that overlap at 0x8000000f",
        ),
        (
            elf_image(DATA, CODE, entry=0x8000_1000),
            "starts at 0x80001000, which is not in an executable segment; "
            "name the entry point in the linker script or with -e",
        ),
        (
            elf_image(CODE, entry=0),
            "starts at 0x0, which is not in an executable segment; "
            "name the entry point in the linker script or with -e",
        ),
        (
            elf_image(CODE, Load(0xFFFF_FFF0, bytes(17), R)),
            "the segment at 0xfffffff0 ends beyond the 32-bit address space",
        ),
        (
            elf_image(CODE, Load(0x8000_2000, bytes(4), R, size=3)),
            "is a damaged ELF file: the segment at 0x80002000 overflows",
        ),
        (
            elf_image(CODE).replace(b"\x34\0\x20\0", b"\x34\0\x21\0"),
            "is a damaged ELF file: a program header has 33 bytes",
        ),
        (
            elf_image(CODE)[:4] + b"\x07" + elf_image(CODE)[5:],
            "is a damaged ELF file: its class and byte order are unknown",
        ),
    ],
)
def test_a_bad_file_is_one_clear_line(data: bytes, message: str) -> None:
    assert refusal(data) == message


def test_the_machine_decides_about_the_class() -> None:
    assert refusal(elf_image(CODE), xlen=64) == "is a 32-bit ELF; this machine is RV64"


@pytest.mark.parametrize(
    ("target", "arguments", "message"),
    [
        (("-target", "riscv64-freestanding-none"), (), "is a 64-bit ELF; this machine is RV32"),
        (
            ("-target", "x86_64-freestanding-none"),
            (),
            "is a program for machine X86_64, not for RISC-V",
        ),
        (
            ("-target", "riscv32-freestanding-none"),
            ("-c",),
            "is a relocatable object, not a program: link it first",
        ),
        (
            ("-target", "riscv32-linux-musl"),
            ("-shared", "-fPIC"),
            "is position-independent: link it with -static and -no-pie",
        ),
    ],
)
def test_a_compiled_file_for_something_else(
    compile_program: Callable[..., Path],
    target: tuple[str, ...],
    arguments: tuple[str, ...],
    message: str,
) -> None:
    path = compile_program("empty.c", *arguments, target=target, script=None)
    with pytest.raises(ProgramError) as caught:
        load_elf(path, xlen=32)
    assert str(caught.value) == f"{path}: {message}"


def test_a_path_that_is_no_file(tmp_path: Path) -> None:
    for path, reason in [
        (tmp_path / "absent.elf", "cannot be read: No such file or directory"),
        (tmp_path, "is not a regular file"),
        (Path("/dev/zero"), "is not a regular file"),
        (tmp_path / "absent" / "x", "cannot be read: No such file or directory"),
    ]:
        with pytest.raises(ProgramError) as caught:
            load_elf(path, xlen=32)
        assert str(caught.value) == f"{path}: {reason}"
    with pytest.raises(ProgramError, match="is not a file name"):
        load_elf("a\0b", xlen=32)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the host has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ProgramError, match="is not a regular file"):
        load_elf(tmp_path / "pipe", xlen=32)


# Truncated and damaged files ---------------------------------------------------------------------


def test_every_truncation_is_noticed() -> None:
    symbols = (("main", 0x8000_0000, 16, 0x12), ("tohost", 0x8000_1000, 8, 0x11))
    whole = elf_image(CODE, DATA, symbols=symbols)
    read(whole)
    for length in range(1, len(whole)):
        assert refusal(whole[:length]).startswith("is a truncated ELF file: ")


def test_every_truncation_of_a_compiled_program_is_noticed(
    compile_program: Callable[..., Path],
) -> None:
    whole = compile_program("start.S", "foreign.c").read_bytes()
    lengths = {*range(0, 400), *range(0, len(whole), 97), *range(len(whole) - 600, len(whole))}
    for length in lengths - {0}:
        assert refusal(whole[:length]).startswith("is a truncated ELF file: ")


def mutations(whole: bytes, count: int, seed: int) -> list[bytes]:
    """Copies of a file with bytes and words replaced, removed and inserted."""
    random_ = random.Random(seed)
    mutated = []
    for _ in range(count):
        data = bytearray(whole)
        for _ in range(random_.choice([1, 1, 2, 3, 8])):
            at = random_.choice(
                [random_.randrange(limit) for limit in (52, 300, len(whole))]
                + [len(whole) - random_.randrange(1, 200)]
            )
            word = random_.choice(
                [0, 1, 0x7FFF_FFFF, 0xFFFF_FFFF, len(whole), random_.getrandbits(32)]
            )
            match random_.randrange(4):
                case 0:
                    data[at : at + 1] = bytes([random_.choice([0, 1, 0x7F, 0x80, 0xFF])])
                case 1:
                    data[at : at + 4] = word.to_bytes(4, "little")
                case 2:
                    del data[at : at + random_.randrange(1, 20)]
                case 3:
                    data[at:at] = bytes(random_.randrange(1, 20))
        mutated.append(bytes(data))
    return mutated


def outcome(data: bytes) -> Program | ProgramError:
    try:
        return read(data)
    except ProgramError as error:
        return error


def check_mutations(whole: bytes, count: int, seed: int) -> None:
    refused = 0
    for data in mutations(whole, count, seed):
        match outcome(data):
            case ProgramError() as error:
                refused += 1
                assert "\n" not in str(error)
            case program:
                assert sum(len(segment.data) for segment in program.segments) <= 100 * len(data)
    assert count / 4 < refused < count


def test_a_mutated_file_is_read_or_refused() -> None:
    symbols = (("main", 0x8000_0000, 16, 0x12), ("tohost", 0x8000_1000, 8, 0x11))
    check_mutations(elf_image(CODE, DATA, symbols=symbols), count=1000, seed=1)


@pytest.mark.sweep
def test_ten_thousand_mutated_files(compile_program: Callable[..., Path]) -> None:
    check_mutations(compile_program("start.S", "foreign.c").read_bytes(), count=10_000, seed=2)


# The attributes ----------------------------------------------------------------------------------


def attributes(*contents: bytes, vendor: bytes = b"riscv\0") -> bytes:
    file = b"".join(contents)
    subsection = vendor + b"\x01" + (len(file) + 5).to_bytes(4, "little") + file
    return b"A" + (len(subsection) + 4).to_bytes(4, "little") + subsection


ARCH = b"\x05rv32i2p1_f2p2\0"


@pytest.mark.parametrize(
    ("section", "arch"),
    [
        (attributes(ARCH), "rv32i2p1_f2p2"),
        (attributes(b"\x04\x90\x01", b"\x06\x01", b"\x07ignored\0", ARCH), "rv32i2p1_f2p2"),
        (attributes(ARCH, vendor=b"gnu\0") + attributes(ARCH)[1:], "rv32i2p1_f2p2"),
        (attributes(b"\x04\x10"), ""),
        (attributes(b"\x05rv32\xff\0"), ""),
        (attributes(b"\x05rv32\n\0"), ""),
        (attributes(b"\x04\x80\x80"), ""),
        (b"A" + bytes(8), ""),
        (b"B" + attributes(ARCH)[1:], ""),
        (b"", ""),
        (b"A" * 100_000, ""),
    ],
)
def test_the_arch_attribute_informs_or_is_absent(section: bytes, arch: str) -> None:
    assert arch_attribute(section) == arch


def test_damaged_attributes_end() -> None:
    section = attributes(b"\x04\x10", ARCH)
    for at in range(len(section)):
        for byte in range(256):
            arch_attribute(section[:at] + bytes([byte]) + section[at + 1 :])
        arch_attribute(section[:at])
