"""Every intrinsic on random operands: on the simulator, and emulated on this host."""

from __future__ import annotations

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
from operand_source import program

from rvx.description import load_machine
from rvx.emit import header

NARROW = "rv32imafb_zicsr_zifencei_xdotp_xposit"
WIDE = "rv32imafdb_zicsr_zifencei_xdotp_xposit"


EXOTIC = Path(__file__).parent / "exotic.isa"
WITH_ODD = ("-x", str(ODD))
REFERENCE = ("--engine", "reference")  # the definition itself, and quicker where nothing repeats
PARTS = 6


def prepared(
    directory: Path,
    isa: str,
    count: int,
    seed: int,
    options: dict[str, str],
    part: int = 0,
    parts: int = 1,
    thorough: bool = False,
) -> list[str]:
    """Writes the header and the program; the names of the intrinsics that it calls."""
    machine = load_machine(isa, [ODD], options)
    (directory / "rvx.h").write_text(header(machine), encoding="utf-8")
    made = program(machine, count, seed, part, parts, thorough)
    (directory / "calls.c").write_text(made.text, encoding="utf-8")
    return made.names


def agree(
    directory: Path,
    target: Target,
    hosts: list[str],
    isa: str,
    names: list[str],
    more: tuple[str, ...],
    optimise: str,
) -> None:
    """Fails with the first operands on which target and host differ."""
    wanted = run_on_target(build_for_target(target, directory, (optimise,)), isa, more)
    assert [line.split()[0] for line in wanted] == names
    for host in hosts:
        found = run_on_host(build_for_host(host, directory, (optimise,)))
        differing = [w.split()[0] for w, f in zip(wanted, found, strict=True) if w != f]
        if differing:
            only = (f'-DONLY="{differing[0]}"', optimise)
            trace = run_on_target(build_for_target(target, directory, only), isa, more)
            traced = run_on_host(build_for_host(host, directory, only))
            difference = first_difference(trace, traced)
            pytest.fail(f"{target.name}, {host}: {differing}; {differing[0]} {difference}")


@pytest.mark.parametrize("target", targets(wide=False)[:1])
def test_the_host_does_what_the_target_does(target: Target, tmp_path: Path) -> None:
    names = prepared(tmp_path, NARROW, 40, 1, {})
    agree(tmp_path, target, ["zig"], NARROW, names, (*WITH_ODD, *REFERENCE), "-O1")


@pytest.mark.parametrize("target", targets(wide=True)[1:])
def test_so_with_registers_of_64_bits(target: Target, tmp_path: Path) -> None:
    names = prepared(tmp_path, WIDE, 40, 2, {"division": "exact"})
    more = (*WITH_ODD, "--option", "division=exact", *REFERENCE)
    agree(tmp_path, target, ["gcc"], WIDE, names, more, "-O1")


@pytest.mark.parametrize("target", targets(wide=False)[:1])
def test_formats_and_words_that_nothing_shipped_uses(target: Target, tmp_path: Path) -> None:
    machine = load_machine("rv32imf", [EXOTIC])
    (tmp_path / "rvx.h").write_text(header(machine), encoding="utf-8")
    made = program(machine, 40, 5, 0, 1, thorough=False, extension="Xexotic")
    assert len(made.names) > 90
    (tmp_path / "calls.c").write_text(made.text, encoding="utf-8")
    more = ("-x", str(EXOTIC), *REFERENCE)
    agree(tmp_path, target, ["gcc"], "rv32imf", made.names, more, "-O1")


@pytest.mark.sweep
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("target", targets(wide=False))
def test_sweep(target: Target, part: int, tmp_path: Path) -> None:
    names = prepared(tmp_path, NARROW, 10_000, 3, {}, part, PARTS)
    agree(tmp_path, target, list(HOSTS), NARROW, names, WITH_ODD, "-O2")


@pytest.mark.sweep
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("target", targets(wide=False)[1:])
def test_sweep_in_all_modes(target: Target, part: int, tmp_path: Path) -> None:
    names = prepared(tmp_path, NARROW, 10_000, 3, {}, part, PARTS, thorough=True)
    agree(tmp_path, target, list(HOSTS), NARROW, names, WITH_ODD, "-O2")


@pytest.mark.sweep
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("target", targets(wide=True))
def test_sweep_wide(target: Target, part: int, tmp_path: Path) -> None:
    names = prepared(tmp_path, WIDE, 10_000, 4, {"division": "exact"}, part, PARTS)
    more = (*WITH_ODD, "--option", "division=exact")
    agree(tmp_path, target, list(HOSTS), WIDE, names, more, "-O2")
