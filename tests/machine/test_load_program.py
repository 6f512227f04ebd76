"""Where programs go: into RAM that the user gave, or that they need."""

from __future__ import annotations

import pytest
from elf_image import NOP, Load, R, W, X, elf_image

from rvx.machine.elf import read_elf
from rvx.machine.memory import Memory, MemoryMapError
from rvx.machine.placement import parse_ram, ram_for
from rvx.machine.program import Program, ProgramError
from rvx.machine.signature import signature

DEFAULT = range(0x8000_0000, 0x8400_0000)


def program(*loads: Load, **options: object) -> Program:
    return read_elf(elf_image(*loads, **options), name="prog.elf", xlen=32)  # type: ignore[arg-type]


def test_loading_makes_what_the_file_does_not_hold_zero() -> None:
    memory = Memory([range(0x1000, 0x4000)])
    memory.write(0x1000, b"\xff" * 0x3000)
    program(Load(0x1000), Load(0x2000, b"data", R | W, size=0x1800)).load_into(memory)
    assert memory.read(0x1000, 17) == NOP * 4 + b"\xff"
    assert memory.read(0x1FFF, 6) == b"\xffdata\0"
    assert memory.read(0x2004, 0x17FD) == bytes(0x17FC) + b"\xff"


def test_a_segment_outside_of_ram_names_both_and_says_what_to_do() -> None:
    memory = Memory([DEFAULT])
    with pytest.raises(ProgramError) as caught:
        program(Load(0x80), Load(0x2000, b"x", R | W, size=0x4_0000)).load_into(memory)
    assert str(caught.value) == (
        "prog.elf: the segment at 0x80 to 0x8f lies outside of RAM, "
        "which is 0x80000000 to 0x83ffffff; try --ram 0x0:1M"
    )
    ram = parse_ram("0x0:1M", xlen=32)
    program(Load(0x80), Load(0x2000, b"x", R | W, size=0x4_0000)).load_into(Memory([ram]))


def test_nothing_is_loaded_where_not_everything_fits() -> None:
    memory = Memory([range(0x1000, 0x2000)])
    with pytest.raises(ProgramError, match="0x1ff0 to 0x2000 lies outside"):
        program(Load(0x1000), Load(0x1FF0, bytes(17), R | W)).load_into(memory)
    assert memory.load(0x1000, 4) == 0


@pytest.mark.parametrize(
    ("loads", "option"),
    [
        ([Load(0x8000_0080), Load(0x8123_4000, b"x", R)], "0x80000000:32M"),
        ([Load(0xFFFF_8000)], "0xffff8000:32K"),
        ([Load(0x1_0074)], "0x10000:1M"),
        ([Load(0x0), Load(0xFFFF_FF00, bytes(0x100))], "0x0:4096M"),
    ],
)
def test_the_option_proposed_is_enough(loads: list[Load], option: str) -> None:
    with pytest.raises(ProgramError) as caught:
        program(*loads).load_into(Memory([range(0x4000_0000, 0x4000_1000)]))
    assert str(caught.value).endswith(f"try --ram {option}")
    program(*loads).load_into(Memory([parse_ram(option, xlen=32)]))


@pytest.mark.parametrize(
    ("loads", "ram"),
    [
        ([Load(0x8000_0000)], [DEFAULT]),
        ([Load(0x8000_0000), Load(0x83FF_F000, bytes(0x1000), R | W)], [DEFAULT]),
        ([Load(0x80)], [range(0, 0x400_0000)]),
        (
            [Load(0x1_0170), Load(0x1_2000, b"x", R | W)],
            [range(0x1_0000, 0x401_0000)],
        ),
        # Code in ROM and data elsewhere: the data's region is the first, for the stack and heap.
        (
            [Load(0x2000_0000), Load(0x8000_1000, b"x", R | W)],
            [range(0x8000_1000, 0x8400_1000), range(0x2000_0000, 0x2400_0000)],
        ),
        (
            [Load(0x7C00_0000), Load(0x8100_0000, b"x", R | W)],
            [range(0x8100_0000, 0x8500_0000), range(0x7C00_0000, 0x8000_0000)],
        ),
        ([Load(0xFFFF_0000)], [range(0xFFFF_0000, 1 << 32)]),
        # A segment larger than the default
        (
            [Load(0x8000_0000), Load(0x8000_1000, b"", R | W, size=0x0800_0000)],
            [range(0x8000_0000, 0x8800_1000)],
        ),
    ],
)
def test_ram_for_a_program_anywhere(loads: list[Load], ram: list[range]) -> None:
    placed = program(*loads)
    assert ram_for(placed, DEFAULT) == tuple(ram)
    placed.load_into(Memory(ram_for(placed, DEFAULT)))


def test_contents_go_to_their_physical_address_and_zeros_to_the_virtual_one() -> None:
    # A program in ROM: its start-up code copies .data from flash to RAM and clears .bss.
    rom = program(
        Load(0x2000_0000, NOP * 4),
        Load(0x8000_0000, b"data", R | W, size=64, physical=0x2000_1000),
    )
    assert [(s.address, len(s.data), s.size) for s in rom.segments] == [
        (0x2000_0000, 16, 16),
        (0x2000_1000, 4, 4),
        (0x8000_0004, 0, 60),
    ]


def test_physical_addresses_that_cannot_be_meant_are_not_used() -> None:
    # Some tools leave p_paddr zero.
    loaded = program(Load(0x8000_0000, physical=0), Load(0x8000_1000, b"x", R | W, physical=0))
    assert [s.address for s in loaded.segments] == [0x8000_0000, 0x8000_1000]


def test_a_physical_address_may_not_collide_either() -> None:
    with pytest.raises(ProgramError, match="overlap at 0x20000008"):
        program(Load(0x2000_0000), Load(0x8000_0000, b"x", R | W, physical=0x2000_0008))


@pytest.mark.parametrize(
    ("text", "ram"),
    [
        ("0:512K", range(0x8_0000)),
        ("0x80000000:64M", range(0x8000_0000, 0x8400_0000)),
        ("4096:0x1000", range(0x1000, 0x2000)),
        ("0:4G", range(1 << 32)),
    ],
)
def test_ram_as_the_user_writes_it(text: str, ram: range) -> None:
    assert parse_ram(text, xlen=32) == ram


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("64M", "RAM '64M' is not BASE:SIZE, as in 0x80000000:64M"),
        ("0:64MB", "RAM '0:64MB' is not BASE:SIZE, as in 0x80000000:64M"),
        ("-1:4K", "RAM '-1:4K' is not BASE:SIZE, as in 0x80000000:64M"),
        ("0:٣", "RAM '0:٣' is not BASE:SIZE, as in 0x80000000:64M"),
        ("0:0", "RAM '0:0' has no size"),
        ("0xfffff000:8K", "RAM '0xfffff000:8K' ends beyond the 32-bit address space"),
    ],
)
def test_ram_that_cannot_be(text: str, message: str) -> None:
    with pytest.raises(MemoryMapError) as caught:
        parse_ram(text, xlen=32)
    assert str(caught.value) == message


# The signature -----------------------------------------------------------------------------------


def signed(begin: int, end: int) -> Program:
    symbols = (("begin_signature", begin, 0, 0x10), ("end_signature", end, 0, 0x10))
    return program(Load(0x1000, flags=R | W | X), symbols=symbols)


def test_the_signature_is_a_word_a_line() -> None:
    memory = Memory([range(0x1000, 0x2000)])
    memory.write(0x1100, bytes.fromhex("78563412 efbeadde 00000000"))
    assert signature(memory, signed(0x1100, 0x110C)) == "12345678\ndeadbeef\n00000000\n"
    assert signature(memory, signed(0x1100, 0x1100)) == ""


@pytest.mark.parametrize(
    ("begin", "end", "message"),
    [
        (0x1100, 0x1102, "the signature at 0x1100 has 2 bytes, not a number of words"),
        (0x1100, 0x10FC, "the signature at 0x1100 has -4 bytes, not a number of words"),
        (
            0x1FFC,
            0x2004,
            "the signature cannot be read: load of 8 bytes at 0x00001ffc, outside of RAM",
        ),
    ],
)
def test_a_signature_that_cannot_be(begin: int, end: int, message: str) -> None:
    with pytest.raises(ProgramError) as caught:
        signature(Memory([range(0x1000, 0x2000)]), signed(begin, end))
    assert str(caught.value) == f"prog.elf: {message}"


def test_a_program_without_a_signature() -> None:
    with pytest.raises(ProgramError, match="define begin_signature and end_signature"):
        signature(Memory([range(0x1000, 0x2000)]), program(Load(0x1000)))
