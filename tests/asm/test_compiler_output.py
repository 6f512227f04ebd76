"""What compilers write with -S becomes what their own assemblers make of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from toolchain import COMPILERS, Compiler, gnu_link, needs_gnu_linker

from rvx.asm import assemble_file, write_object
from rvx.asm.source_lines import lines_of_program
from rvx.description import load_machine

ROOT = Path(__file__).parents[2]
OWN = [*sorted((ROOT / "tests/asm/compiled").glob("*.c")), ROOT / "tests/asm/compiled.c"]
GUESTS = [
    path
    for path in sorted((ROOT / "firmware/guests").glob("*.c"))
    # Those include headers of a host, or one that rvx writes.
    if not re.search(r'#include (<unistd|"rvx\.h)', path.read_text())
]
TARGETS = {"rv32im": "ilp32", "rv32imf": "ilp32f", "rv32imfc": "ilp32f", "rv32imafdc": "ilp32d"}
FLOAT_ABI = {"ilp32": 0, "ilp32f": 32, "ilp32d": 64}
SCRIPT = """
SECTIONS {
  .text 0x80000000 : { *(.text .text.*) }
  .data 0x80100000 : { *(.data) *(.data.*) *(.sdata) *(.sdata.*) }
  .rodata : { *(.rodata) *(.srodata .srodata.*) *(.rodata.cst4) *(.rodata.cst*) *(.rodata.[!s]*) }
  .bss : { *(.bss) *(.bss.*) *(.sbss) *(.sbss.*) *(COMMON) }
  .strings 0x80200000 : { *(.rodata.str*) }
  .eh_frame 0x80300000 : { *(.eh_frame) }
}
"""


@pytest.fixture
def linked(tmp_path: Path):
    """Compile, assemble by rvx and by the compiler's assembler, link both by GNU ld."""
    (tmp_path / "script.ld").write_text(SCRIPT)

    def linked(compiler: Compiler, source: Path, isa: str, *options: str) -> list[Path]:
        abi = TARGETS[isa]
        text, theirs, ours = (tmp_path / name for name in ("a.s", "theirs.o", "ours.o"))
        compiler.to_assembly(source, text, isa, abi, *options)
        if compiler.name == "clang":
            # LLVM's assembler, as zig runs it, puts merged strings into another order.
            plain = re.sub(rb"(rodata.*)aMS(.*),1", rb"\1aS\2", text.read_bytes())
            text.write_bytes(plain)
        compiler.assemble(text, theirs, isa, abi)
        machine = load_machine(f"{isa}_zicsr_zifencei")
        write_object(assemble_file(text, machine), ours, FLOAT_ABI[abi])
        for path in (ours, theirs):
            script = ("--no-relax", "--unresolved-symbols=ignore-all", "-T", tmp_path / "script.ld")
            gnu_link(path.with_suffix(".elf"), *script, path)
        return [ours.with_suffix(".elf"), theirs.with_suffix(".elf")]

    return linked


@needs_gnu_linker
@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("options", [("-O0",), ("-O2", "-g"), ("-Os",)], ids="".join)
@pytest.mark.parametrize("isa", TARGETS)
@pytest.mark.parametrize("source", OWN, ids=lambda path: path.stem)
def test_own_programs(linked, compiler, options, isa, source):
    compare(*linked(compiler, source, isa, *options))


@pytest.mark.sweep
@needs_gnu_linker
@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("options", [("-O0",), ("-O2",), ("-Os",), ("-O2", "-g")], ids="".join)
@pytest.mark.parametrize("isa", TARGETS)
@pytest.mark.parametrize("source", GUESTS, ids=lambda path: path.stem)
def test_guests(linked, compiler, options, isa, source):
    compare(*linked(compiler, source, isa, *options))


def compare(ours: Path, theirs: Path) -> None:
    found, wanted = sections(ours), sections(theirs)
    assert rows(found) == rows(wanted)
    assert frames(ours) == frames(theirs)
    lines = [lines_of_program(path.read_bytes()) for path in (ours, theirs)]
    for address in range(0x8000_0000, 0x8000_0000 + len(found.get(".text", b"")), 2):
        assert str(lines[0].at(address)) == str(lines[1].at(address)), hex(address)


def sections(path: Path) -> dict[str, bytes]:
    names = (".text", ".data", ".rodata", ".strings")
    with path.open("rb") as file:
        return {s.name: s.data() for s in ELFFile(file).iter_sections() if s.name in names}


def rows(found: dict[str, bytes]) -> list[str]:
    """As text that shows well where it differs."""
    return [
        f"{name}+{at:x}: {data[at : at + 4].hex()}"
        for name, data in sorted(found.items())
        for at in range(0, len(data), 4)
    ]


def frames(path: Path) -> list[tuple[int, list[tuple[int, str]]]]:
    """What the call frame information says: rows of each function."""
    with path.open("rb") as file:
        elf = ELFFile(file)
        dwarf = elf.get_dwarf_info(relocate_dwarf_sections=False)
        entries = dwarf.EH_CFI_entries() if dwarf.has_EH_CFI() else []
        entries += dwarf.CFI_entries() if dwarf.has_CFI() else []
        found = []
        for entry in entries:
            if type(entry).__name__ != "FDE":
                continue
            table = entry.get_decoded().table
            texts = []
            for row in table:
                rules = {key: str(value) for key, value in row.items() if key not in ("pc", "cfa")}
                cfa = row["cfa"]
                kept = sorted(rules.items(), key=str)
                texts.append((row["pc"], f"{cfa.reg}+{cfa.offset} {kept}"))
            found.append((entry.header["initial_location"], texts))
        return sorted(found)
