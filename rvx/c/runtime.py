"""The run time of C programs, `firmware/runtime`: compiled when it is first wanted, then kept."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rvx.c.cache import kept, text_of
from rvx.c.compiler import Compiler
from rvx.c.target import Target

RUNTIME: Final = Path(str(files("rvx.firmware"))) / "runtime"
INCLUDE: Final = RUNTIME / "include"
SCRIPT: Final = RUNTIME / "rvx.ld"

# A section for each function, so that programs get only what they call. No function of the run
# time may become a call of itself, and no product and sum be fused where one relies on two steps.
_FLAGS: Final = (
    *("-std=gnu11", "-O2", "-g0", "-ffunction-sections", "-fdata-sections", "-fno-builtin"),
    *("-ffp-contract=off", "-fno-math-errno", "-fno-stack-protector", "-fno-pic", "-fno-common"),
    *("-fno-asynchronous-unwind-tables", "-Wno-unused-command-line-argument"),
)


def archive(compiler: Compiler, target: Target, *, htif: bool) -> bytes:
    """The library that programs are linked with, start-up code included. With `htif` it is for the
    bare machine, with system calls through `tohost`. Raises CompilerError."""
    return kept(
        "runtime",
        lambda: _build(compiler, target, htif),
        *(compiler.identity, target.march, target.mabi, str(htif), " ".join(_FLAGS)),
        text_of(RUNTIME, "*.c", "*.S", "*.h"),
    )


def system_headers(compiler: Compiler) -> tuple[str, ...]:
    """Flags that make rvx's headers and the compiler's own the only ones."""
    folders = (str(INCLUDE), *compiler.headers)
    return ("-nostdinc", *(word for folder in folders for word in ("-isystem", folder)))


def _build(compiler: Compiler, target: Target, htif: bool) -> bytes:
    sources = sorted(path for kind in ("*.c", "*.S") for path in RUNTIME.rglob(kind))
    flags = [*target.flags(compiler), *_FLAGS, *system_headers(compiler), *["-DHTIF"] * htif]
    with TemporaryDirectory(prefix="rvx-") as temporary:
        folder = Path(temporary)

        def compiled(source: Path) -> str:
            made = folder / f"{source.stem}.o"
            compiler.run([*compiler.compile, *flags, "-c", str(source), "-o", str(made)])
            return str(made)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            objects = list(pool.map(compiled, sources))
        library = folder / "runtime.a"
        compiler.run([*compiler.archive, "rcsD", str(library), *objects])
        return library.read_bytes()
