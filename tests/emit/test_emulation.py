"""Every intrinsic on random operands: on the simulator, and emulated on this host."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from c_source import ODD
from emulation_run import (
    HOSTS,
    Target,
    build_for_host,
    build_for_target,
    first_difference,
    run_on_host,
    run_on_target,
    targets,
)
from operand_source import program, wanted

from rvx.description import load_machine
from rvx.description.load import extension_declarations
from rvx.emit import header

NARROW = "rv32imafb_zicsr_zifencei_xdotp_xposit"
WIDE = "rv32imafdb_zicsr_zifencei_xdotp_xposit"


@dataclass(frozen=True)
class Machine:
    """Extensions that go together, and their options: as shipped, and otherwise."""

    name: str
    isa: str
    extensions: frozenset[str]
    narrow: Mapping[str, str]
    wide: Mapping[str, str]  # with registers of 64 bits
    parts: int  # of a sweep

    def of(self, wide: bool) -> tuple[str, dict[str, str]]:
        """The ISA string and the options."""
        isa = f"rv32imf{'d' if wide else ''}_zicsr_{self.isa}"
        return isa, dict(self.wide if wide else self.narrow)


MACHINES = (
    Machine(
        "minifloat",
        "xsmallfloat_xfvec",
        frozenset({"Xsmallfloat", "Xfvec", "Xdotp", "Xsr"}),
        {},
        {"generator": "fibonacci"},
        2,
    ),
    Machine(
        "quantized",
        "zfh_zfbfmin_xmx_xnvfp4_xvsq_xfp4_xluq_xacc",
        frozenset(
            ["Zfhmin", "Zfh", "Zfbfmin", "Xmx", "Xnvfp4", "Xvsq", "Xfp4", "Xluq", "Xacc", "Xamax"]
        ),
        {},
        {
            "generator": "fibonacci",
            "cut": "scaled",
            "scale_rounding": "half_up",
            "scaled_sum": "saturate",
        },
        2,
    ),
    Machine(
        "posits", "xpositvec", frozenset({"Xpositvec"}), {}, {"lane_division": "logarithmic"}, 2
    ),
)
# What is left of the options, on the intrinsics that they are about.
REMAINDERS = (
    Machine("cut", "xfp4", frozenset({"Xfp4"}), {"cut": "geometric"}, {}, 1),
    Machine("scales", "xvsq", frozenset({"Xvsq"}), {"scale_rounding": "truncate"}, {}, 1),
)

EXOTIC = Path(__file__).parent / "exotic.isa"
WITH_ODD = ("-x", str(ODD))
REFERENCE = ("--engine", "reference")  # the definition itself, and quicker where nothing repeats
PARTS = 3


def prepared(
    directory: Path,
    isa: str,
    count: int,
    seed: int,
    options: dict[str, str],
    part: int = 0,
    parts: int = 1,
    thorough: bool = False,
    extensions: Collection[str] = (),
    sources: Sequence[Path] = (ODD,),
) -> list[str]:
    """Writes the header and the program; the names of the intrinsics that it calls."""
    machine = load_machine(isa, sources, options)
    (directory / "rvx.h").write_text(header(machine), encoding="utf-8")
    made = program(machine, count, seed, part, parts, thorough, extensions)
    (directory / "calls.c").write_text(made.text, encoding="utf-8")
    return made.names


def agree(
    directory: Path,
    some: Sequence[Target],
    host: str,
    isa: str,
    names: list[str],
    more: tuple[str, ...],
    optimise: str,
    host_optimise: str | None = None,
) -> None:
    """Fails with the first operands on which a target and the host differ."""
    on_host = host_optimise or optimise
    expected = run_on_host(build_for_host(host, directory, (on_host,)))
    assert [line.split()[0] for line in expected] == names
    for target in some:
        found = run_on_target(build_for_target(target, directory, (optimise,)), isa, more)
        differing = [e.split()[0] for e, f in zip(expected, found, strict=True) if e != f]
        if differing:
            only = f'-DONLY="{differing[0]}"'
            trace = run_on_target(build_for_target(target, directory, (only, optimise)), isa, more)
            traced = run_on_host(build_for_host(host, directory, (only, on_host)))
            difference = first_difference(trace, traced)
            pytest.fail(f"{target.name}, {host}: {differing}; {differing[0]} {difference}")


def test_the_host_does_what_the_target_does(tmp_path: Path) -> None:
    names = prepared(tmp_path, NARROW, 12, 1, {})
    more = (*WITH_ODD, *REFERENCE)
    agree(tmp_path, targets(wide=False)[:1], "zig", NARROW, names, more, "-O1", "-O0")


def compared(
    directory: Path,
    machine: Machine,
    wide: bool,
    some: Sequence[Target],
    host: str,
    count: int,
    optimise: str,
    part: int = 0,
    parts: int = 1,
    engine: tuple[str, ...] = (),
    host_optimise: str | None = None,
) -> None:
    """Compares the machine's intrinsics, or one part of them."""
    isa, options = machine.of(wide)
    own = machine.extensions
    names = prepared(directory, isa, count, 6, options, part, parts, False, own, ())
    more = [f"--option={name}={value}" for name, value in options.items()]
    more += engine
    agree(directory, some, host, isa, names, tuple(more), optimise, host_optimise)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_so_with_all_extensions(machine: Machine, tmp_path: Path) -> None:
    first = targets(wide=False)[:1]
    compared(
        tmp_path, machine, False, first, "gcc", 12, "-O1", engine=REFERENCE, host_optimise="-O0"
    )


# Names for several, compressed forms and aliases of others, and what only has state or CSRs.
WITHOUT_INTRINSICS = {"A", "B", "C", "Zcf", "Zcd", "Zicntr", "Zihpm", "Zihintpause", "Xsr"}


def test_no_extension_is_left_out() -> None:
    every = [WIDE, *(machine.of(wide=False)[0] for machine in MACHINES)]
    tried: set[str] = set()
    for isa in every:
        own = next((m.extensions for m in MACHINES if m.isa in isa), ())
        machine = load_machine(isa)
        tried |= {intrinsic.instruction.extension for intrinsic in wanted(machine, own)}
    assert {each.name.id for each in extension_declarations()} - tried == WITHOUT_INTRINSICS


def test_formats_and_words_that_nothing_shipped_uses(tmp_path: Path) -> None:
    names = prepared(tmp_path, "rv32imf", 20, 5, {}, extensions=["Xexotic"], sources=[EXOTIC])
    assert len(names) > 90
    more = ("-x", str(EXOTIC), *REFERENCE)
    agree(tmp_path, targets(wide=False)[:1], "gcc", "rv32imf", names, more, "-O1", "-O0")


# The sweeps: a part of the intrinsics by both compilers of targets, and by one of the hosts'.


@pytest.mark.sweep
@pytest.mark.parametrize("part", range(PARTS))
def test_sweep_of_those(part: int, tmp_path: Path) -> None:
    own = ["Xexotic"]
    names = prepared(tmp_path, "rv32imf", 10_000, 7, {}, part, PARTS, True, own, [EXOTIC])
    more = ("-x", str(EXOTIC))
    agree(tmp_path, targets(wide=False), host_of(part), "rv32imf", names, more, "-O2")


@pytest.mark.sweep
@pytest.mark.parametrize("thorough", [False, True], ids=["one_mode", "all_modes"])
@pytest.mark.parametrize("part", range(PARTS))
def test_sweep(part: int, thorough: bool, tmp_path: Path) -> None:
    names = prepared(tmp_path, NARROW, 10_000, 3, {}, part, PARTS, thorough)
    some = targets(wide=False)[-1 if thorough else 0 :]
    agree(tmp_path, some, host_of(part + thorough), NARROW, names, WITH_ODD, "-O2")


@pytest.mark.sweep
@pytest.mark.parametrize("part", range(PARTS))
def test_sweep_wide(part: int, tmp_path: Path) -> None:
    names = prepared(tmp_path, WIDE, 10_000, 4, {"division": "exact"}, part, PARTS)
    more = (*WITH_ODD, "--option", "division=exact")
    agree(tmp_path, targets(wide=True), host_of(part + 1), WIDE, names, more, "-O2")


@pytest.mark.sweep
@pytest.mark.parametrize("wide", [False, True], ids=["32", "64"])
@pytest.mark.parametrize(
    ("machine", "part"),
    [pytest.param(m, i, id=f"{m.name}-{i}") for m in MACHINES for i in range(m.parts)],
)
def test_sweep_of_all_extensions(machine: Machine, part: int, wide: bool, tmp_path: Path) -> None:
    host = host_of(part + wide)
    compared(tmp_path, machine, wide, targets(wide), host, 10_000, "-O2", part, machine.parts)


@pytest.mark.sweep
@pytest.mark.parametrize("machine", REMAINDERS, ids=lambda machine: machine.name)
def test_sweep_of_further_options(machine: Machine, tmp_path: Path) -> None:
    compared(tmp_path, machine, False, targets(wide=False)[:1], "gcc", 10_000, "-O2")


def host_of(part: int) -> str:
    """One of the two compilers, each for half of the parts."""
    return list(HOSTS)[part % 2]
