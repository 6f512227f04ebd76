"""The assembler, linker and disassembler. What they know, they know from the machine's model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rvx.asm.listing import listing, listing_of_object  # at once, for its module has the same name

if TYPE_CHECKING:
    from rvx.asm.assembler import assemble, assemble_file, assemble_preprocessed, read_source
    from rvx.asm.assembly import Assembly
    from rvx.asm.disassembler import disassemble
    from rvx.asm.dump import disassemble_elf, disassemble_image
    from rvx.asm.elf import elf_image, write_elf
    from rvx.asm.executable import Executable
    from rvx.asm.form import syntax_line
    from rvx.asm.input_file import InputFiles
    from rvx.asm.linker import link
    from rvx.asm.object_file import object_image, write_object
    from rvx.asm.position import AssemblyError
    from rvx.asm.source import uses_preprocessor

__all__ = [
    "Assembly",
    "AssemblyError",
    "Executable",
    "InputFiles",
    "assemble",
    "assemble_file",
    "assemble_preprocessed",
    "disassemble",
    "disassemble_elf",
    "disassemble_image",
    "elf_image",
    "link",
    "listing",
    "listing_of_object",
    "object_image",
    "read_source",
    "syntax_line",
    "uses_preprocessor",
    "write_elf",
    "write_object",
]

_HOMES = {
    "Assembly": "assembly",
    "AssemblyError": "position",
    "Executable": "executable",
    "InputFiles": "input_file",
    "assemble": "assembler",
    "assemble_file": "assembler",
    "assemble_preprocessed": "assembler",
    "disassemble": "disassembler",
    "disassemble_elf": "dump",
    "disassemble_image": "dump",
    "elf_image": "elf",
    "link": "linker",
    "object_image": "object_file",
    "read_source": "assembler",
    "syntax_line": "form",
    "uses_preprocessor": "source",
    "write_elf": "elf",
    "write_object": "object_file",
}


def __getattr__(name: str) -> object:
    """Load what is asked for: the assembler alone takes longer than most runs."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rvx.asm' has no attribute '{name}'")
    from importlib import import_module

    found: object = getattr(import_module(f"rvx.asm.{_HOMES[name]}"), name)
    return found
