"""C compilers that make code for RISC-V: where they are, and how each is told what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from rvx.record import record

_INSTALL: Final = "install one, as with: pip install 'rvx[c]'"
_GNU: Final = ("riscv64-unknown-elf", "riscv32-unknown-elf", "riscv64-linux-gnu", "riscv64-elf")


class CompilerError(Exception):
    """There is no compiler, or it refuses: one line for the user. `shown` is what the compiler
    itself wrote."""

    def __init__(self, message: str, shown: str = "") -> None:
        super().__init__(message)
        self.shown = shown


@record(frozen=True)
class Compiler:
    """One compiler with its linker and archiver, each a command to which arguments are added."""

    name: str  # as --compiler has it
    compile: tuple[str, ...]
    link: tuple[str, ...]
    archive: tuple[str, ...]
    headers: tuple[str, ...]  # folders of its own headers: stddef.h, stdarg.h
    is_clang: bool

    @property
    def identity(self) -> str:
        """What changes when another version is installed in its place."""
        status = Path(self.compile[0]).stat()
        return f"{self.compile} {status.st_size} {status.st_mtime_ns}"

    @property
    def version(self) -> str:
        """What it calls itself, as "clang version 22.1.8"; its own name where it does not say."""
        return _answer(*self.compile, "--version").partition("\n")[0].strip() or self.name

    def run(self, command: Sequence[str], folder: Path | None = None) -> str:
        """Call one of the tools; returns what it wrote on standard error. Raises CompilerError."""
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                check=False,
            )
        except OSError as error:
            raise CompilerError(f"{command[0]}: {error.strerror}") from None
        shown = done.stderr.decode(errors="replace")
        if done.returncode:
            what = "links" if tuple(command[: len(self.link)]) == self.link else "compiles"
            raise CompilerError(f"{self.name} refuses what it {what}", shown)
        return shown


def find_compiler(name: str | None = None) -> Compiler:
    """The compiler of that name (zig, clang, the name or path of a GCC), or the first there is.

    Raises CompilerError where there is none.
    """
    if name is not None:
        found = _named(name)
        if found is None:
            raise CompilerError(f"there is no compiler {name}; {_INSTALL}, which is --compiler zig")
        return found
    for candidate in ("zig", "clang", *(f"{prefix}-gcc" for prefix in _GNU)):
        found = _named(candidate)
        if found is not None:
            return found
    raise CompilerError(f"there is no C compiler for RISC-V: {_INSTALL}")


@lru_cache
def _named(name: str) -> Compiler | None:
    base = Path(name).name.removesuffix(".exe")
    if base == "zig":
        return _zig(name)
    program = shutil.which(name)
    if program is None:
        return None
    return _clang(name, program) if "clang" in base else _gcc(name, program)


def _zig(name: str) -> Compiler | None:
    """The Clang and the LLD inside of Zig, called as themselves: `zig cc` would add a sanitizer, a
    run time and a cache of its own."""
    for program, library in _zig_places(name):
        if Path(program).exists() and (library / "include").is_dir():
            return Compiler(
                name="zig",
                compile=(program, "clang"),
                link=(program, "ld.lld"),
                archive=(program, "ar"),
                headers=(str(library / "include"),),
                is_clang=True,
            )
    return None


def _zig_places(name: str) -> Iterator[tuple[str, Path]]:
    """Program and library of the Python package, then of a Zig on the path."""
    if name == "zig":
        from importlib.util import find_spec

        package = find_spec("ziglang")
        for place in package.submodule_search_locations or () if package else ():
            suffix = ".exe" if sys.platform == "win32" else ""
            yield str(Path(place) / f"zig{suffix}"), Path(place) / "lib"
    program = shutil.which(name)
    if program is not None:
        folder = Path(program).resolve().parent
        yield program, folder / "lib"
        yield program, folder.parent / "lib" / "zig"


def _clang(name: str, program: str) -> Compiler | None:
    linker = _beside(program, "ld.lld")
    archiver = _beside(program, "llvm-ar")
    resources = _answer(program, "-print-resource-dir")
    if linker is None or archiver is None or not resources:
        return None
    headers = (str(Path(resources) / "include"),)
    return Compiler(name, (program,), (linker,), (archiver,), headers, is_clang=True)


def _gcc(name: str, program: str) -> Compiler | None:
    linker, archiver = (_answer(program, f"-print-prog-name={tool}") for tool in ("ld", "ar"))
    headers = _answer(program, "-print-file-name=include")
    tools = [shutil.which(tool) for tool in (linker, archiver)]
    if not all(tools) or not Path(headers).is_dir():
        return None
    link, archive = (str(tool) for tool in tools)
    emulation = ("-m", "elf32lriscv")
    return Compiler(name, (program,), (link, *emulation), (archive,), (headers,), is_clang=False)


def _beside(program: str, tool: str) -> str | None:
    """A tool of LLVM, in the folder of its Clang or on the path, with Clang's version number."""
    version = Path(program).name.partition("clang")[2]
    folders = os.pathsep.join([str(Path(program).resolve().parent), os.environ.get("PATH", "")])
    return shutil.which(f"{tool}{version}", path=folders) or shutil.which(tool, path=folders)


def _answer(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
