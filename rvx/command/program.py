"""The program that the user names: an ELF file, or assembly that is assembled in memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rvx.machine.elf import load_elf, read_elf
from rvx.machine.program import Program, ProgramError
from rvx.model.machine import Machine

if TYPE_CHECKING:
    from rvx.explain.places import Places


def load_program(path: Path, machine: Machine) -> Program:
    """Raises ProgramError, AssemblyError."""
    if path.suffix in (".S", ".s"):
        from rvx.asm import assemble_file, elf_image, link  # most programs are ELF files

        executable = link([assemble_file(path, machine)])
        return read_elf(elf_image(executable), name=str(path), xlen=machine.xlen)
    if path.suffix in (".c", ".cc", ".cpp"):
        raise ProgramError(
            f"{path}: C is compiled elsewhere so far: compile it to an ELF file with any RISC-V "
            "compiler and the header of `rvx header`, then run that"
        )
    return load_elf(path, xlen=machine.xlen)


def line_table(path: Path, machine: Machine) -> Places:
    """The source lines of a program that `load_program` has loaded, as far as they are known."""
    from rvx.explain.places import lines_of_assembly, lines_of_elf

    if path.suffix in (".S", ".s"):
        from rvx.asm import assemble_file, link

        return lines_of_assembly(link([assemble_file(path, machine)]))
    return lines_of_elf(path.read_bytes())
