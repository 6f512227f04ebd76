"""The guests of `firmware/guests`, and how they become programs: for RV32IMF by Clang from the
`ziglang` wheel, for the host by its own compiler."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rvx import c

SOURCES = Path(__file__).parents[2] / "firmware" / "guests"
PLAIN = "rv32imf_zicsr"
_OPTIONS = ("-std=c11", "-g0", "-fno-math-errno", f"-I{SOURCES}")


@dataclass(frozen=True)
class Guest:
    """One program. `size` is that of a run short enough for the reference; `emulates` names the
    guest whose results this one computes without its instructions."""

    name: str
    size: int
    isa: str = PLAIN
    emulates: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether RV32IMF suffices, so that other engines run it too."""
        return self.isa == PLAIN


GUESTS = (
    Guest("crc32", size=512),
    Guest("sieve", size=1024),
    Guest("matmul", size=12),
    Guest("mandelbrot", size=4),
    Guest("nbody", size=4),
    Guest("quicksort", size=256),
    Guest("machine", size=512),
    Guest("gcd", size=24),
    Guest("mixed", size=24),
    Guest("sha256", size=2),
    Guest("calls", size=6),
    Guest("tree", size=48),
    Guest("floats", size=32),
    Guest("lines", size=8),
    Guest("sorts", size=24),
    Guest("stack", size=4),
    Guest("squeeze", size=64),
    Guest("waves", size=16),
    Guest("fp8", size=4, isa="rv32imf_zicsr_xdotp"),
    Guest("fp8_tile", size=4, isa="rv32imf_zicsr_xdotp"),
    Guest("fp8_soft", size=4, emulates="fp8"),
    Guest("posit", size=6, isa="rv32imf_zicsr_xposit"),
    Guest("posit_soft", size=6, emulates="posit"),
    Guest("posit_portable", size=6, emulates="posit"),
)


class BuildError(Exception):
    """A compiler is missing, or refuses."""


@dataclass
class Builder:
    """Makes programs in a folder. `size` is each guest's own work per repetition, None the one
    that its source has."""

    folder: Path
    is_small: bool = False
    level: str = "-O2"

    @cached_property
    def native_compiler(self) -> str | None:
        return shutil.which("gcc") or shutil.which("cc")

    def guest(self, guest: Guest, repeat: int, *, bare: bool = False) -> Path:
        """The ELF program; `bare` for Spike without a kernel, otherwise for host calls."""
        program = self._path(guest, f"{repeat}{'-bare' if bare else ''}.elf")
        if program.exists():
            return program
        sources = [SOURCES / name for name in (f"{guest.name}.c", "main.c", "native.c")]
        flags = [self.level, *_OPTIONS, f"-DREPEAT={repeat}u", *self._defines(guest)]
        try:
            program.write_bytes(
                c.compile(sources, isa=guest.isa, compiler="zig", flags=flags, htif=bare)
            )
        except c.CompilerError as error:
            raise BuildError(f"{error}: {error.shown[:2000]}") from None
        program.chmod(0o755)
        return program

    def native(self, guest: Guest, repeat: int) -> Path:
        """The same C for the host."""
        program = self._path(guest, f"{repeat}-native")
        if program.exists():
            return program
        if self.native_compiler is None:
            raise BuildError("no C compiler for the host")
        sources = [SOURCES / name for name in (f"{guest.name}.c", "main.c", "native.c")]
        options = [
            self.level,
            *_OPTIONS,
            "-fno-tree-vectorize",
            "-ffp-contract=off",
            *self._defines(guest),
        ]
        _call(self.native_compiler, *options, f"-DREPEAT={repeat}u", *sources, "-o", program)
        return program

    def library(self, guest: Guest) -> Path:
        """The guest's functions for the host, as a shared library."""
        if self.native_compiler is None:
            raise BuildError("no C compiler for the host")
        path = self._path(guest, "library.so")
        source = SOURCES / f"{guest.name}.c"
        _call(self.native_compiler, self.level, *_OPTIONS, "-shared", "-fPIC", source, "-o", path)
        return path

    def _defines(self, guest: Guest) -> list[str]:
        return [f"-DSIZE={guest.size}"] if self.is_small else []

    def _path(self, guest: Guest, name: str) -> Path:
        folder = self.folder / guest.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder / name


def _call(*command: str | Path) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{' '.join(map(str, command[:4]))} ...: {done.stderr.strip()[:2000]}")
