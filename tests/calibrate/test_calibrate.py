"""`rvx calibrate` finds the numbers of a core that it is only told the cycles of."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from recordings import CORE, MACHINE, calibrated, write_recordings

from rvx.calibrate.measured import StampError, read_records, read_stamps
from rvx.command.main import main

INTEGER = ("mul_dep4", "mulh_1", "mulhu_dep2", "lw_use0", "lw_indep4", "br_taken_x3", "jal_x3")
FLOATING = ("fadd_dep4", "fadd_use_d1", "fmul_indep4", "fsgnj_dep", "fcvt_s_w", "fmv_x_w")
KNOWN = {"MULTIPLIER": 1, "HIGH": 5, "LOAD_USE": 1, "BRANCH": 3, "JUMP": 2}


def words(programs: Sequence[Path], stamps: Sequence[Path]) -> list[object]:
    return [CORE, *programs, "--stamps", *stamps, *MACHINE]


def test_a_handful_of_programs_tells_the_latencies(tmp_path: Path, capsys: Any) -> None:
    names = {f"micro_{name}" for name in (*INTEGER, *FLOATING)}
    found = calibrated(capsys, *words(*write_recordings(tmp_path, (0, 0), names)))
    assert found["parameters"] == {**KNOWN, "ADDMUL": 0, "OTHERS": 0}
    assert all(len(values) == 1 for values in found["as_good"].values())
    assert (found["difference"], found["unexplained"]) == (0, [])


@pytest.mark.parametrize("latency", [1, 2])
def test_the_latencies_of_the_fpu(tmp_path: Path, capsys: Any, latency: int) -> None:
    names = {f"micro_{name}" for name in FLOATING}
    found = calibrated(capsys, *words(*write_recordings(tmp_path, (latency, latency), names)))
    assert (found["parameters"]["ADDMUL"], found["parameters"]["OTHERS"]) == (latency, latency)
    assert found["as_good"]["BRANCH"] == [1, 2, 3, 4, 5, 6]  # no program has one


@pytest.mark.sweep
@pytest.mark.parametrize("parameters", [(0, 0), (1, 1), (2, 2), (2, 1), (3, 0)])
def test_every_configuration(tmp_path: Path, capsys: Any, parameters: tuple[int, int]) -> None:
    group = "micro" if parameters[0] == parameters[1] else "fuzz"
    found = calibrated(capsys, *words(*write_recordings(tmp_path, parameters, None, group)))
    addmul, others = parameters
    assert found["parameters"] == {**KNOWN, "ADDMUL": addmul, "OTHERS": others}


def test_what_the_model_cannot_explain_is_told_instruction_by_instruction(
    tmp_path: Path, capsys: Any
) -> None:
    programs, stamps = write_recordings(tmp_path, (0, 0), {"micro_div_p7", "micro_mulh_1"})
    found = calibrated(capsys, *words(programs, stamps))
    (left,) = found["unexplained"]  # the text says nothing of div: 3 + clz(7)
    assert left["after"].startswith("div ")
    assert (left["program"], left["times"]) == ("micro_div_p7.txt", 1)
    assert (left["measured"], left["model"], left["stalls"]) == (32, 1, [])
    assert found["difference"] == 31
    assert main(["calibrate", *map(str, words(programs, stamps))]) == 0
    told = capsys.readouterr().out
    assert "1 of 8 instructions are not explained: 31 of 49 cycles" in told
    assert f"micro_div_p7.txt {left['pc']:x}: nop, after {left['after']}: measured 32" in told


def test_a_parameter_that_is_known_is_not_looked_for(tmp_path: Path, capsys: Any) -> None:
    recordings = write_recordings(tmp_path, (0, 0), {"micro_mulh_1"})
    found = calibrated(capsys, *words(*recordings), "--core", "unknown,HIGH=4")
    assert found["parameters"]["HIGH"] == 4
    assert "HIGH" not in found["as_good"]
    assert found["difference"] == 1


@pytest.mark.parametrize(
    ("stamps", "part"),
    [
        (["00000080 0", "00000084 x"], ":2: not a pc and a cycle: '00000084 x'"),
        ([], "has no stamps"),
        (["00000080 0", "00000080 1"], "executes 44 instructions, and nowhere those of"),
    ],
)
def test_stamps_that_are_of_no_use(
    tmp_path: Path, capsys: Any, stamps: list[str], part: str
) -> None:
    programs, files = write_recordings(tmp_path, (0, 0), {"micro_mulh_1"})
    files[0].write_text("\n".join(stamps))
    assert main(["calibrate", *map(str, words(programs, files))]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert part in said.err


def test_each_program_has_its_stamps(tmp_path: Path, capsys: Any) -> None:
    programs, files = write_recordings(tmp_path, (0, 0), {"micro_mulh_1"})
    assert main(["calibrate", *map(str, words(programs, [*files, *files]))]) == 1
    assert "1 programs and 2 files of stamps" in capsys.readouterr().err


def test_records_of_many_programs(tmp_path: Path) -> None:
    path = tmp_path / "cycles.json"
    record = '{"name": "a", "elf": "elf/a.elf", "config": {"L": %d}, "end_pc": 8, %s}'
    short = record % (0, '"pcs": [4, 8], "id_exit_deltas": [3]')
    long = record % (1, '"stamp_file": "a.txt.gz"')
    path.write_text(f'{{"records": [{short}, {long}]}}')
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"4 5\n8 0"))
    program = Path("a.elf")
    for latency, delta in ((0, 3), (1, 5)):
        found = read_records(path, [program, Path("b.elf")], {"L": latency})
        assert list(found) == [program]
        assert (found[program].pcs, found[program].cycles) == ([4, 8], [0, delta])
    with pytest.raises(StampError, match="has no record of these programs L=2"):
        read_records(path, [program], {"L": 2})
    path.write_text('{"records": [{}]}')
    with pytest.raises(StampError, match="is not a file of records"):
        read_records(path, [program], {})
    assert read_stamps(tmp_path / "a.txt.gz").pcs == [4, 8]
