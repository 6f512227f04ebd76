"""The file: accepted by readelf and pyelftools, whole or not there at all."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest
from elftools.elf.elffile import ELFFile

from rvx.asm import AssemblyError, Executable, assemble, assemble_file, link, write_elf
from rvx.asm.elf_body import versioned
from rvx.description import load_machine
from rvx.model.machine import Machine

TEXT = """
    .globl _start, value
    .type _start, @function
_start:
    la a0, value
    ret
    .size _start, . - _start
    .section .rodata.str1.1, "aMS", @progbits, 1
    .asciz "text"
    .data
    .type value, @object
    .size value, 4
value: .word 5
local: .word 6
.Lhidden: .word 7
    .weak weak
weak = 0x1234
    .bss
    .zero 100
    .section .comment, "MS", @progbits, 1
    .asciz "by hand"
"""


@pytest.fixture
def file(machine: Machine, tmp_path: Path) -> Path:
    path = tmp_path / "program.elf"
    write_elf(link([assemble(TEXT, machine, file="program.S")]), path)
    return path


@pytest.mark.skipif(which("readelf") is None, reason="no readelf")
@pytest.mark.parametrize(
    "source", sorted((Path(__file__).parent / "snippets").glob("*.S")), ids=lambda path: path.stem
)
def test_readelf_has_nothing_to_say(source: Path, machine: Machine, tmp_path: Path) -> None:
    write_elf(link([assemble_file(source, machine)]), tmp_path / "a.elf")
    found = subprocess.run(
        ["readelf", "-aW", tmp_path / "a.elf"], capture_output=True, text=True, check=True
    )
    assert found.stderr == ""
    assert not re.search(r"(?i)warning|error|corrupt|<unknown", found.stdout)


def test_the_header_says_what_it_is(file: Path) -> None:
    with file.open("rb") as stream:
        header = ELFFile(stream).header
    assert (header["e_type"], header["e_machine"]) == ("ET_EXEC", "EM_RISCV")
    assert header["e_ident"]["EI_CLASS"] == "ELFCLASS32"
    assert (header["e_entry"], header["e_flags"]) == (0x80000000, 2)


@pytest.mark.parametrize(("isa", "flags"), [("rv32i", 0), ("rv32im", 0), ("rv32imf", 2)])
def test_the_flags_tell_the_floating_point_abi(isa: str, flags: int, tmp_path: Path) -> None:
    write_elf(link([assemble("_start: nop", load_machine(isa), file="a.S")]), tmp_path / "a")
    with (tmp_path / "a").open("rb") as stream:
        assert ELFFile(stream).header["e_flags"] == flags


def test_code_and_data_are_segments_of_their_own(file: Path) -> None:
    with file.open("rb") as stream:
        code, data = ELFFile(stream).iter_segments("PT_LOAD")
    assert (code["p_vaddr"], code["p_flags"]) == (0x80000000, 5)
    assert (data["p_vaddr"], data["p_flags"]) == (0x80001000, 6)
    assert (data["p_filesz"], data["p_memsz"]) == (12, 112)
    for segment in (code, data):
        assert segment["p_offset"] % 4096 == segment["p_vaddr"] % 4096


def test_symbols_have_sizes_types_and_bindings(file: Path) -> None:
    with file.open("rb") as stream:
        elf = ELFFile(stream)
        names = [section.name for section in elf.iter_sections()]
        symbols = {
            symbol.name: symbol for symbol in elf.get_section_by_name(".symtab").iter_symbols()
        }

    def facts(name: str) -> tuple[object, ...]:
        symbol = symbols[name]
        index = symbol["st_shndx"]
        where = index if isinstance(index, str) else names[index]
        info = symbol["st_info"]
        return symbol["st_value"], symbol["st_size"], info["type"], info["bind"], where

    assert facts("_start") == (0x80000000, 12, "STT_FUNC", "STB_GLOBAL", ".text")
    assert facts("value") == (0x80001000, 4, "STT_OBJECT", "STB_GLOBAL", ".data")
    assert facts("local") == (0x80001004, 0, "STT_NOTYPE", "STB_LOCAL", ".data")
    assert facts("weak") == (0x1234, 0, "STT_NOTYPE", "STB_WEAK", "SHN_ABS")
    assert facts("program.S") == (0, 0, "STT_FILE", "STB_LOCAL", "SHN_ABS")
    assert ".Lhidden" not in symbols


def test_the_attributes_hold_the_isa_string(file: Path, machine: Machine) -> None:
    with file.open("rb") as stream:
        section = ELFFile(stream).get_section_by_name(".riscv.attributes")
        (subsection,) = section.iter_subsections()
        (part,) = subsection.iter_subsubsections()
        arch = [a.value for a in part.iter_attributes() if a.tag == "TAG_ARCH"]
    assert arch == [machine.isa]
    # Object files have versions, which linkers want.
    assert versioned("rv32im_zba") == "rv32i2p1_m2p0_zba1p0"


def test_a_file_that_cannot_be_written_is_an_error(
    build: Callable[[str], Executable], tmp_path: Path
) -> None:
    executable = build("nop")
    with pytest.raises(AssemblyError) as caught:
        write_elf(executable, tmp_path / "nowhere" / "a.elf")
    assert str(caught.value) == (
        f"{tmp_path}/nowhere/a.elf: cannot write this file: No such file or directory"
    )
    with pytest.raises(AssemblyError, match="Is a directory"):
        write_elf(executable, tmp_path)


def test_a_file_stays_as_it_was_when_writing_fails(
    build: Callable[[str], Executable], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.elf"
    path.write_bytes(b"before")
    written = Path.write_bytes

    def fail(self: Path, data: bytes) -> int:
        written(self, data[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(AssemblyError, match="No space left on device"):
        write_elf(build("nop"), path)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]
