"""Relocatable objects: ours with the linkers of others, and those of others with our linker."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from toolchain import COMPILERS, GNU, LINKERS, Compiler

from rvx.asm import (
    Assembly,
    AssemblyError,
    InputFiles,
    assemble,
    elf_image,
    link,
    object_image,
    write_object,
)
from rvx.asm.object_alignment import Alignments
from rvx.asm.object_reader import read_object
from rvx.description import load_machine
from rvx.machine.elf import read_elf
from rvx.machine.simulator import Simulator
from rvx.model.machine import Machine

ISA = "rv32imafdc_zicsr_zifencei"
C_FILES = sorted((Path(__file__).parent / "compiled").glob("*.c"))
GCC_FILES = sorted((Path(__file__).parent / "compiled").glob("*.gcc.s"))

START = """
        .globl  _start
_start: la      sp, stack
        call    main
        li      a7, 93
        ecall
        .bss
        .balign 16
        .skip   4096
stack:
"""

# Everything that needs a relocation; the program's status is how many of the checks hold.
PARTS = {
    "main.S": """
        .globl  main
main:   addi    sp, sp, -16
        sw      ra, 12(sp)
        call    count
        lui     a1, %hi(values + 4)
        lw      a1, %lo(values + 4)(a1)
        add     a0, a0, a1              # + 20
1:      auipc   a2, %pcrel_hi(values)
        lw      a2, %pcrel_lo(1b)(a2)
        add     a0, a0, a2              # + 10
        la      a3, text
        lbu     a4, 2(a3)
        add     a0, a0, a4              # + 'c' - 'a' below
        addi    a0, a0, -'a'
        lw      a5, table
        jalr    a5
        beqz    zero, far
        .word   0
far:    lw      a1, distance
        add     a0, a0, a1
        lga     a1, values
        lw      a1, 4(a1)
        add     a0, a0, a1
        lw      ra, 12(sp)
        addi    sp, sp, 16
        ret
        .section .rodata.str1.1, "aMS", @progbits, 1
text:   .asciz  "abcd"
other:  .asciz  "cd"
        .data
table:  .word   increment, text
distance: .word values_end - values
    """,
    "count.S": """
        .globl  count, increment, values, values_end
count:  li      a0, 1
        ret
        .section .text.increment, "ax", @progbits
        .p2align 4
increment:
        addi    a0, a0, 1
        ret
        .data
values: .word   10, 20
values_end:
        .comm   shared, 8, 8
    """,
}
STATUS = 1 + 20 + 10 + 2 + 1 + 8 + 20


@pytest.fixture(scope="module")
def compressed() -> Machine:
    return load_machine(ISA)


@pytest.fixture(scope="module")
def parts(compressed: Machine) -> list[Assembly]:
    texts = {"start.S": START, **PARTS}
    return [assemble(text, compressed, file=file, compress=True) for file, text in texts.items()]


@pytest.fixture(scope="module")
def status() -> Callable[[bytes], int]:
    """Run a program; returns its exit status."""

    def status(image: bytes) -> int:
        simulator = Simulator(isa=ISA, engine="reference", timing=False)
        simulator.load(read_elf(image, name="a.elf", xlen=32))
        found = simulator.run(100_000).status
        assert found is not None
        return found

    return status


def test_sources_are_linked(parts, status):
    assert status(elf_image(link(parts))) == STATUS


def test_our_objects_are_linked_by_us(parts, status, compressed):
    objects = [read_object(object_image(p, 64), compressed, file=f"{p.file}.o") for p in parts]
    assert status(elf_image(link(objects))) == STATUS


@pytest.mark.parametrize("link_with", LINKERS)
def test_our_objects_are_linked_by_others(parts, status, link_with, tmp_path: Path):
    names = []
    for part in parts:
        names.append(tmp_path / f"{part.file}.o")
        write_object(part, names[-1], 64)
    output = tmp_path / "a.elf"
    placed = ("--defsym=unused=0",)
    link_with(output, *placed, *names, *script(tmp_path))
    assert status(output.read_bytes()) == STATUS


def script(folder: Path) -> tuple[str | Path, ...]:
    """Where RAM is."""
    text = (
        "SECTIONS { . = 0x80000000; .text : { *(.text .text.*) } .rodata : { *(.rodata .rodata.*) }"
        " . = ALIGN(4096); .data : { *(.data .sdata .got .got.plt) } .bss : { *(.bss COMMON) } }"
    )
    path = folder / "script.ld"
    path.write_text(f"ENTRY(_start) {text}\n")
    return "-T", path


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("options", [("-O0",), ("-O2", "-g"), ("-Os", "-fpic")], ids="".join)
def test_objects_of_compilers_are_linked_by_us(
    compiler: Compiler, options, compressed, status, parts, tmp_path: Path
):
    names = []
    for source in C_FILES:
        names.append(tmp_path / f"{source.stem}.o")
        compiler.to_object(source, names[-1], "rv32imafdc", "ilp32d", "-ffreestanding", *options)
    theirs = InputFiles(names, compressed, ()).needed()
    start = assemble(START, compressed, file="start.S", compress=True)
    assert status(elf_image(link([start, *theirs]))) == expected()


def test_output_of_gcc_is_assembled_and_linked(status):
    """What GCC wrote, kept here for those who have none."""
    machine = load_machine("rv32imfc_zicsr")
    start = assemble(START, machine, file="start.S", compress=True)
    program = link([start, *InputFiles(GCC_FILES, machine, ()).needed()])
    assert status(elf_image(program)) == expected()


def expected() -> int:
    """What tests/asm/compiled returns, in Python."""
    names, shared = ("one", "two", "three", "two"), 7
    total = int(0 * 0.5 + 1.25 - 4 + 9)
    for i, name in enumerate(names):
        total = total * len(name) + shared if i & 1 else total + len(name)
        total += {0: 1, 1: 5, 2: -9, 3: 40, 4: 2, 5: 77}.get((total & 1023) % 7, 0)
    return (2 * total + total) & 127


@pytest.mark.parametrize("compiler", COMPILERS)
def test_what_is_not_defined_is_named_with_its_line(compiler, compressed, tmp_path: Path):
    source = tmp_path / "a.c"
    source.write_text("int missing(int);\nint main(void)\n{\n    return missing(1) + 1;\n}\n")
    compiler.to_object(source, tmp_path / "a.o", "rv32imafdc", "ilp32d", "-g", "-O1")
    files = InputFiles([tmp_path / "a.o"], compressed, ()).needed()
    with pytest.raises(AssemblyError, match=r"a\.c:4 \(.*a\.o\): `missing` is not defined"):
        link([assemble(START, compressed, file="start.S"), *files])


def test_of_an_archive_only_what_is_needed_is_linked(compressed, parts, status, tmp_path: Path):
    unused = assemble(".globl unused\nunused: call nowhere\n", compressed, file="unused.S")
    archive = b"!<arch>\n"
    for part in (unused, *parts[1:]):
        contents = object_image(part, 64)
        header = f"{part.file}.o/".ljust(16) + " " * 32 + str(len(contents)).ljust(10) + "`\n"
        archive += header.encode() + contents + b"\n" * (len(contents) % 2)
    (tmp_path / "lib.a").write_bytes(archive)
    (tmp_path / "start.S").write_text(START)
    files = InputFiles([tmp_path / "start.S", tmp_path / "lib.a"], compressed, ()).needed()
    assert [Path(f.file).name for f in files] == [
        "start.S",
        "lib.a(main.S.o)",
        "lib.a(count.S.o)",
    ]
    assert status(elf_image(link(files))) == STATUS


def test_of_groups_one_is_kept(compressed):
    text = (
        '.section .text.f, "axG", @progbits, f, comdat\n.weak f\nf: ret\n'
        ".text\n.globl {0}\n{0}: call f\n.section .debug_x\n.word f\n"
    )
    files = [assemble(text.format(name), compressed, file=name) for name in ("_start", "other")]
    again = [read_object(object_image(f, 0), compressed, file=f.file) for f in files]
    for several in (files, again):
        program = link(several)
        text_section = next(s for s in program.sections if s.name == ".text")
        assert text_section.size == 8 + 8 + 4  # two calls and one ret


def test_floats_must_be_passed_alike(compressed):
    texts = (".globl _start\n_start: nop", "nop")
    files = [assemble(text, compressed, file=f"{text[-3:]}.S") for text in texts]
    objects = [
        read_object(object_image(file, abi), compressed, file=f"{abi}.o")
        for file, abi in zip(files, (32, 64), strict=True)
    ]
    with pytest.raises(AssemblyError, match="compile all with one -mabi"):
        link(objects)


def test_paddings_are_cut_to_what_is_needed():
    # 4 bytes, then at most 12 to a multiple of 16, then 2 bytes, then at most 6 to one of 8.
    alignments = Alignments([(6, 14), (22, 6)])
    contents = bytes(range(6)) + bytes(14) + b"ab" + bytes(6) + b"end"
    applied = alignments.applied(contents)
    assert applied[:6] == bytes(range(6))
    assert applied[16:18] == b"ab"
    assert applied[24:] == b"end"
    assert [alignments.moved(at) for at in (0, 6, 20, 22, 28, 31)] == [0, 6, 16, 18, 24, 27]
    assert alignments.alignment == 16


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("_start: .insn i OP_IMM, 0, a0, a0, missing", "no relocation fills the field imm"),
        ("_start: beqz a0, 1f\n.space 5000\n1:", "the target is 5004 bytes away"),
        (".half missing - there\n.data\nthere:", None),
    ],
)
def test_what_has_no_relocation_is_an_error(compressed, text, message):
    assembly = assemble(text, compressed, file="a.S")
    if message is None:
        assert object_image(assembly, 0)
        return
    with pytest.raises(AssemblyError, match=rf"^a\.S:1:.*{message}"):
        object_image(assembly, 0)


@pytest.mark.parametrize("contents", [b"", b"\x7fELF", b"\x7fELF\1\1\1" + bytes(60)])
def test_a_damaged_object_is_one_line(compressed, contents):
    with pytest.raises(AssemblyError, match=r"^a\.o: "):
        read_object(contents, compressed, file="a.o")


@pytest.mark.parametrize("link_with", LINKERS[:1])
def test_readelf_has_nothing_to_say_against_our_objects(parts, link_with, tmp_path: Path):
    for part in parts:
        write_object(part, tmp_path / "a.o", 64)
        command = [f"{GNU}readelf", "-aW", tmp_path / "a.o"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "arning" not in done.stdout + done.stderr
        assert "RVC, double-float ABI" in done.stdout
