"""The assembler, linker and disassembler. What they know, they know from the machine's model."""

from rvx.asm.assembler import assemble, assemble_file
from rvx.asm.assembly import Assembly
from rvx.asm.disassembler import disassemble
from rvx.asm.dump import disassemble_elf
from rvx.asm.elf import elf_image, write_elf
from rvx.asm.executable import Executable
from rvx.asm.form import syntax_line
from rvx.asm.linker import link
from rvx.asm.listing import listing
from rvx.asm.position import AssemblyError

__all__ = [
    "Assembly",
    "AssemblyError",
    "Executable",
    "assemble",
    "assemble_file",
    "disassemble",
    "disassemble_elf",
    "elf_image",
    "link",
    "listing",
    "syntax_line",
    "write_elf",
]
