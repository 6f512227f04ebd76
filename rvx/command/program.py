"""The program that the user names: an ELF file, or sources that become one in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rvx.machine.elf import load_elf, read_elf
from rvx.machine.program import Program, ProgramError
from rvx.model.machine import Machine

if TYPE_CHECKING:
    from rvx.explain.places import Places


def load_program(
    path: Path, machine: Machine, more: Sequence[Path] = (), *, compiler: str | None = None
) -> Program:
    """An ELF file, or sources: assembly, or C with or without. Raises ProgramError, AssemblyError,
    UserError."""
    sources = [path, *more]
    if any(source.suffix == ".c" for source in sources):
        return read_elf(_compiled(sources, machine, compiler), name=str(path), xlen=machine.xlen)
    if all(source.suffix in (".S", ".s") for source in sources):
        from rvx.asm import assemble_file, elf_image, link  # most programs are ELF files

        executable = link([assemble_file(source, machine) for source in sources])
        return read_elf(elf_image(executable), name=str(path), xlen=machine.xlen)
    if path.suffix in (".cc", ".cpp", ".cxx"):
        raise ProgramError(f"{path}: C++ is compiled elsewhere: run the ELF file that it becomes")
    if more:
        raise ProgramError(
            f"{more[0]}: is a second program; write what the first is to be given behind --"
        )
    return load_elf(path, xlen=machine.xlen)


def line_table(path: Path, machine: Machine) -> Places:
    """The source lines of a program that `load_program` has loaded, as far as they are known."""
    from rvx.explain.places import lines_of_assembly, lines_of_elf

    if path.suffix in (".S", ".s"):
        from rvx.asm import assemble_file, link

        return lines_of_assembly(link([assemble_file(path, machine)]))
    return lines_of_elf(_compiled([path], machine) if path.suffix == ".c" else path.read_bytes())


def _compiled(sources: Sequence[Path], machine: Machine, compiler: str | None = None) -> bytes:
    from rvx.c import Compilation, CompilerError, find_compiler
    from rvx.command.cc_command import show, shown

    try:
        compilation = Compilation(machine, find_compiler(compiler), ("-O2", "-g"))
        image = compilation.program(sources)
    except CompilerError as error:
        raise shown(error) from None
    show(compilation)
    return image
