"""The program of a run: the kernels, the loop over them, and its data, as an ELF file.

Objects are kept from one run to the next; what a run decides is data, so that another seed or rate
compiles nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rvx.bench.compiled import FIRMWARE, KERNELS, Build, flags_of
from rvx.bench.system import System
from rvx.c import Compilation, Compiler, find_compiler
from rvx.c.cache import kept, text_of
from rvx.description import load_machine
from rvx.model.machine import Machine
from rvx.train.data import DataSet
from rvx.train.settings import Settings
from rvx.train.workload import Workload

TRAIN: Final = FIRMWARE / "train"

_LOOP: Final = (
    *("train.c", "report.c", "update.c", "network.c", "build.c", "draw.c", "classes.c"),
    *("dense.c", "sequence.c", "products.c"),
)
_KERNELS: Final = (
    *("gemm/training.c", "layout/layout.c", "activation/activation.c", "softmax/softmax.c"),
    *("optimizer/optimizer.c", "scaling/scaling.c", "layernorm/layernorm.c"),
    "attention/attention.c",
)
_PARTS: Final = ("numbers", "kernels", "train")
_OVER_MASTERS: Final = ("optimizer/optimizer.c", "scaling/scaling.c")


def machine_of(system: System) -> Machine:
    """What a system's programs run on."""
    return load_machine(system.isa)


def build_program(
    machine: Machine,
    system: System,
    workload: Workload,
    settings: Settings,
    data: DataSet,
    *,
    htif: bool = False,
) -> bytes:
    """An ELF executable; with `htif` for the bare machine, as Spike runs it. Raises
    CompilerError."""
    compiler = find_compiler()
    with TemporaryDirectory(prefix="rvx-train-") as temporary:
        folder = Path(temporary)
        objects = []
        for number, content in enumerate(_objects(machine, compiler, system, workload)):
            path = folder / f"{number}.o"
            path.write_bytes(content)
            objects.append(path)
        assembly = folder / "data.S"
        (folder / "dataset").write_bytes(data.data)
        words = settings.words(data.train, data.held, data.first_held)
        assembly.write_text(_data_text(words))
        flags = (*flags_of(system, Build()), f"-I{folder}")
        return Compilation(machine, compiler, flags, htif).program([*objects, assembly])


def _objects(
    machine: Machine, compiler: Compiler, system: System, workload: Workload
) -> Iterator[bytes]:
    plain = (*flags_of(system, Build()), f"-I{KERNELS}", f"-I{TRAIN}")
    over_masters = (
        *(flag for flag in plain if not flag.startswith("-D")),
        *('-DNUMBERS="master.h"', f'-DSYSTEM="{system.header}"', f"-DVARIANT={system.name}_master"),
    )
    programs = (f"gemm/{name}" for name in (system.gemm, *system.also))
    sources = [(plain, TRAIN / source) for source in (*_LOOP, workload.source)]
    sources += [(plain, KERNELS / source) for source in (*_KERNELS, *programs)]
    sources += [(over_masters, KERNELS / source) for source in _OVER_MASTERS]
    text = "".join(text_of(FIRMWARE / part, "*.h", "*.c", "*.S") for part in _PARTS)
    for flags, source in sources:
        compilation = Compilation(machine, compiler, flags)
        yield kept(
            "train",
            partial(compilation.object, source),
            *(compiler.identity, machine.digest, str(compilation.target)),
            *(flag for flag in flags if not flag.startswith("-I")),
            str(source.relative_to(FIRMWARE)),
            text,
        )


def _data_text(words: list[int]) -> str:
    listed = ", ".join(str(word) for word in words)
    return f"""    .data
    .balign  8
    .globl   settings
settings: .word {listed}
    .balign  8
    .globl   dataset
dataset: .incbin "dataset"
"""
