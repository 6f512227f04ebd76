"""From C and assembly to a program for a machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rvx.asm import (
    Assembly,
    assemble_file,
    assemble_preprocessed,
    object_image,
    read_source,
    uses_preprocessor,
)
from rvx.c.cache import kept, text_of
from rvx.c.compiler import Compiler, CompilerError, find_compiler
from rvx.c.runtime import SCRIPT, archive, system_headers
from rvx.c.target import Target, target_of
from rvx.description import DEFAULT_ISA, load_machine
from rvx.model.machine import Machine
from rvx.record import record

C_SUFFIXES: Final = (".c", ".i")
ASSEMBLY_SUFFIXES: Final = (".S", ".s")
LINKED_SUFFIXES: Final = (".o", ".a")
_CODE: Final = ("-ffunction-sections", "-fdata-sections", "-fno-stack-protector", "-fno-pic")
_FLAGS: Final = (*_CODE, "-fno-asynchronous-unwind-tables", "-fno-math-errno")
_FOR_THE_PREPROCESSOR: Final = ("-D", "-include", "-imacros")
_FOR_THE_LINKER: Final = ("-Wl,", "-l", "-L", "-T", "-nostdlib", "-nostartfiles", "-static")


@record(frozen=True)
class Compilation:
    """How sources are compiled and linked for a machine. Assembly is for rvx's own assembler, which
    knows every instruction that is described; the compiler is its preprocessor.

    `flags` go to the compiler as they are, but those that only linkers know (-Wl, -l, -L, -T) to
    the linker. With -nostdlib or -nostartfiles nothing of the run time is linked.
    """

    machine: Machine
    compiler: Compiler
    flags: tuple[str, ...] = ("-O2",)
    htif: bool = False
    warnings: list[str] = field(default_factory=list)
    """What the compiler wrote while it succeeded."""

    @property
    def target(self) -> Target:
        return target_of(self.machine, self.compiler)

    def program(self, sources: Sequence[Path]) -> bytes:
        """The ELF executable of sources, objects and archives. Raises CompilerError and
        AssemblyError, as do the others."""
        with TemporaryDirectory(prefix="rvx-") as temporary:
            folder = Path(temporary)
            inputs = [
                source if source.suffix in LINKED_SUFFIXES else self._object(source, number, folder)
                for number, source in enumerate(sources)
            ]
            return self._linked(inputs, folder)

    def object(self, source: Path) -> bytes:
        """The relocatable object of a source."""
        with TemporaryDirectory(prefix="rvx-") as temporary:
            return self._object(source, 0, Path(temporary)).read_bytes()

    def assembly(self, source: Path) -> bytes:
        """The assembly that the compiler makes of a source, or of assembly its preprocessor."""
        with TemporaryDirectory(prefix="rvx-") as temporary:
            made = Path(temporary) / f"{source.stem}.s"
            if source.suffix in ASSEMBLY_SUFFIXES:
                return (self._preprocessed(source, made) or source).read_bytes()
            self._compile(source, "-S", made)
            return made.read_bytes()

    def _object(self, source: Path, number: int, folder: Path) -> Path:
        made = folder / f"{number}-{source.stem}.o"
        if source.suffix in ASSEMBLY_SUFFIXES:
            assembly = self._assembled(source, made.with_suffix(".s"))
            made.write_bytes(object_image(assembly, self.target.float_abi))
        else:
            self._compile(source, "-c", made)
        return made

    def _assembled(self, source: Path, made: Path) -> Assembly:
        include = _include_folders(self.flags)
        preprocessed = self._preprocessed(source, made)
        if preprocessed is None:
            return assemble_file(source, self.machine, include=include)
        text = read_source(preprocessed)
        return assemble_preprocessed(text, self.machine, file=str(source), include=include)

    def _preprocessed(self, source: Path, made: Path) -> Path | None:
        """What the preprocessor makes of assembly; None where it has nothing to do. Not every .S
        is for it: the assembler's own comments may start as its lines do."""
        _check_source(source)
        if source.suffix != ".S" or not (
            any(flag.startswith(_FOR_THE_PREPROCESSOR) for flag in self.flags)
            or uses_preprocessor(read_source(source))
        ):
            return None
        self._compile(source, "-E", made)
        return made

    def _compile(self, source: Path, kind: str, made: Path) -> None:
        _check_source(source)
        include = made.parent / "include"
        include.mkdir(exist_ok=True)
        (include / "rvx.h").write_bytes(_header(self.machine))
        flags = [flag for flag in self.flags if not flag.startswith(_FOR_THE_LINKER)]
        compiler = self.compiler
        command = [
            *(*compiler.compile, *self.target.flags(compiler), *_FLAGS, *flags),
            *("-isystem", str(include), *system_headers(compiler)),
            *(kind, str(source), "-o", str(made)),
        ]
        try:
            self.warnings.append(compiler.run(command))
        except CompilerError as error:
            raise CompilerError(f"{source}: {error}", error.shown) from None

    def _linked(self, inputs: Sequence[Path], folder: Path) -> bytes:
        made = folder / "program.elf"
        given = list(_linker_flags(self.flags))
        script = [] if any(flag.startswith("-T") for flag in given) else ["-T", str(SCRIPT)]
        runtime: list[str] = []
        if not {"-nostdlib", "-nostartfiles"}.intersection(self.flags):
            library = folder / "runtime.a"
            library.write_bytes(archive(self.compiler, self.target, htif=self.htif))
            runtime = ["-u", "_start", str(library)]
        command = [
            *(*self.compiler.link, "--gc-sections", "--fatal-warnings", "-z", "max-page-size=4096"),
            *(*script, *map(str, inputs), *given, *runtime, "-o", str(made)),
        ]
        self.warnings.append(self.compiler.run(command))
        return made.read_bytes()


def compile(
    sources: Iterable[Path | str],
    *,
    isa: str = DEFAULT_ISA,
    extra: Sequence[Path | str] = (),
    options: Mapping[str, str] | None = None,
    compiler: str | None = None,
    flags: Sequence[str] = ("-O2",),
    htif: bool = False,
) -> bytes:
    """The ELF executable of C and assembly sources, linked with rvx's run time.

    `isa`, `extra` and `options` name the machine as for `rvx.Machine`; its intrinsics are in
    `<rvx.h>`. `compiler` is zig, clang, or the name of a GCC (None: the first there is). `flags`
    go to it: -O3, -I, -D, -g and so on. `htif` makes a program for the bare machine, for Spike.
    Raises CompilerError, with what the compiler wrote in `shown`; AssemblyError; DescriptionError.
    """
    machine = load_machine(isa, extra, options)
    found = find_compiler(compiler)
    return Compilation(machine, found, tuple(flags), htif).program([Path(s) for s in sources])


def _linker_flags(flags: Sequence[str]) -> list[str]:
    """What a linker takes of a compiler's flags."""
    found = []
    for flag in flags:
        if flag.startswith("-Wl,"):
            found += flag.split(",")[1:]
        elif flag.startswith(("-l", "-L", "-T")):
            found.append(flag)
    return found


def _include_folders(flags: Sequence[str]) -> list[Path]:
    """The folders of -I, in one word or two."""
    return [
        Path(flag[2:] or after) for flag, after in pairwise((*flags, "")) if flag.startswith("-I")
    ]


def _check_source(source: Path) -> None:
    if not source.exists():
        raise CompilerError(f"{source}: No such file or directory")
    if source.is_dir():
        raise CompilerError(f"{source}: is a directory, not a source")
    if source.suffix not in (*C_SUFFIXES, *ASSEMBLY_SUFFIXES):
        known = " ".join((*C_SUFFIXES, *ASSEMBLY_SUFFIXES, *LINKED_SUFFIXES))
        raise CompilerError(f"{source}: is no source that rvx knows: it may end in {known}")


def _header(machine: Machine) -> bytes:
    """The machine's intrinsics, as `rvx header` prints them."""

    def made() -> bytes:
        from rvx.emit import header

        return header(machine).encode()

    emit = Path(__file__).parents[1] / "emit"
    return kept("header", made, machine.digest, machine.isa, text_of(emit, "*.py"))
