"""Mutated sources, programs, object files and archives: one clear error, or none at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from mutation import DEFAULT, SWEEP, check, mutated_bytes, mutated_text

from rvx.asm import (
    AssemblyError,
    assemble,
    disassemble_image,
    elf_image,
    link,
    listing,
    object_image,
)
from rvx.asm.archive import read_archive
from rvx.asm.dump import Shown
from rvx.asm.object_reader import read_object
from rvx.description import load_machine
from rvx.machine.elf import read_elf
from rvx.machine.memory import MemoryMapError
from rvx.machine.program import ProgramError
from rvx.machine.report import UnhandledTrap
from rvx.machine.simulator import Simulator
from rvx.model.machine import Machine

ROOT = Path(__file__).parents[2]
SOURCES = [
    *sorted((ROOT / "tests/asm/snippets").glob("*.S")),
    *sorted((ROOT / "tests/asm/compiled").glob("*.s")),
]
ISA = "rv32imafdc_zicsr_zifencei_xdotp_xposit"

counts = pytest.mark.parametrize(
    "count", [DEFAULT, pytest.param(SWEEP, marks=pytest.mark.sweep)], ids=["some", "many"]
)


@pytest.fixture(scope="module")
def machine() -> Machine:
    return load_machine(ISA)


@pytest.fixture(scope="module")
def program(machine: Machine) -> bytes:
    lines = (
        '.file 1 "a.c"\n.globl _start\n_start: .loc 1 1 1\n la a0, text\n li a1, 5\n'
        "1: .loc 1 2 1\n addi a1, a1, -1\n bnez a1, 1b\n call f\n li a7, 93\n ecall\n"
        "f: .cfi_startproc\n ret\n .cfi_endproc\n.size f, . - f\n"
        '.section .rodata.str,"aMS",@progbits,1\ntext: .asciz "text"\n.data\n.word f, text\n'
        ".bss\n.zero 64\n.comm shared, 8, 8\n"
    )
    return elf_image(link([assemble(lines, machine, file="a.S", compress=True)]))


@pytest.fixture(scope="module")
def objects(machine: Machine) -> list[bytes]:
    found = []
    for source in SOURCES:
        text = source.read_text()
        found.append(object_image(assemble(text, machine, file="a.S", compress=True), 64))
    return found


@counts
def test_assembly_sources(machine: Machine, count: int) -> None:
    texts = [path.read_text() for path in SOURCES]

    def inputs() -> Iterator[str]:
        for seed in range(count):
            random = Random(seed)
            yield mutated_text(random.choice(texts), random)

    def use(text: object) -> None:
        assembly = assemble(str(text), machine, file="a.S", compress=True)
        object_image(assembly, 64)
        listing(link([assembly]))

    taken, refused = check(inputs(), use, (AssemblyError,))
    assert taken
    assert refused


@counts
def test_programs(program: bytes, count: int) -> None:
    simulator = Simulator(isa=ISA, engine="reference")

    def use(contents: object) -> None:
        assert isinstance(contents, bytes)
        simulator.load(read_elf(contents, name="a.elf", xlen=32))
        simulator.run(200)

    errors = (ProgramError, MemoryMapError, UnhandledTrap)
    taken, refused = check(damaged([program], count), use, errors)
    assert taken
    assert refused


@counts
def test_disassembly(machine: Machine, program: bytes, objects: list[bytes], count: int) -> None:
    def use(contents: object) -> None:
        assert isinstance(contents, bytes)
        for _ in disassemble_image(contents, machine, "a.elf", Shown(source=True, data=True)):
            pass

    taken, refused = check(damaged([program, *objects], count), use, (AssemblyError,))
    assert taken
    assert refused


@counts
def test_objects_that_are_linked(machine: Machine, objects: list[bytes], count: int) -> None:
    start = assemble(".globl _start\n_start: call main\n", machine, file="start.S")

    def use(contents: object) -> None:
        assert isinstance(contents, bytes)
        elf_image(link([start, read_object(contents, machine, file="a.o")]))

    taken, refused = check(damaged(objects, count), use, (AssemblyError,))
    assert taken + refused == count


@counts
def test_archives(machine: Machine, objects: list[bytes], count: int) -> None:
    archive = b"!<arch>\n"
    for number, contents in enumerate(objects[:3]):
        header = f"{number}.o/".ljust(16) + " " * 32 + str(len(contents)).ljust(10) + "`\n"
        archive += header.encode() + contents + b"\n" * (len(contents) % 2)

    def use(contents: object) -> None:
        assert isinstance(contents, bytes)
        read_archive(contents, machine, file="a.a")

    taken, refused = check(damaged([archive], count), use, (AssemblyError,))
    assert taken
    assert refused


def damaged(files: list[bytes], count: int) -> Iterator[bytes]:
    for seed in range(count):
        random = Random(seed)
        yield mutated_bytes(random.choice(files), random)
