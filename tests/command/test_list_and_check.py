"""`rvx list` and `rvx check`: what is declared, and whether it is right."""

from __future__ import annotations

import json

import pytest
from calling import HERE, Rvx

FIVE = ("-x", HERE / "five.isa")
ROWS = {
    "extensions": {"name", "in_machine", "requires", "doc"},
    "instructions": {"extension", "match", "mask", "syntax", "doc"},
    "formats": {"name", "bits", "declared"},
    "cores": {"name", "parameters", "doc"},
    "csrs": {"address", "name", "extension", "doc"},
    "registers": {"name", "count", "bits", "doc"},
}


@pytest.mark.parametrize("what", ROWS)
def test_a_list_and_its_json(rvx: Rvx, what: str) -> None:
    told, found = rvx("list", what), json.loads(rvx("list", what, "--json").out)
    assert found["schema"] == 1
    assert told.succeeded
    rows, lines = found[what], told.out.splitlines()
    assert len(rows) == len(lines)
    for row, line in zip(rows, lines, strict=True):
        assert set(row) == ROWS[what]
        assert str(row.get("name", row.get("syntax"))) in line
        assert line == line.rstrip()


def test_extensions(rvx: Rvx) -> None:
    rows = json.loads(rvx("list", "--isa", "rv32im", *FIVE, "--json").out)["extensions"]
    found = {row["name"]: (row["in_machine"], row["requires"]) for row in rows}
    assert found["Xfive"] == (True, ["F"])
    assert found["F"] == (True, ["Zicsr"])  # since Xfive requires it
    assert found["Xposit"] == (False, ["I"])
    told = {
        line.split()[0]: line.split()[1] for line in rvx("list", "--isa", "rv32im").out.splitlines()
    }
    assert (told["M"], told["F"]) == ("yes", "no")


def test_formats_as_a_description_declares_them(rvx: Rvx) -> None:
    rows = json.loads(rvx("list", "formats", *FIVE, "--json").out)["formats"]
    declared = {row["name"]: (row["bits"], row["declared"]) for row in rows}
    assert declared["fp32"] == (32, "float(exponent: 8, fraction: 23)")
    assert declared["e3m4"] == (8, "float(exponent: 3, fraction: 4)")
    assert declared["s16"] == (16, "integer(bits: 16, overflow: saturate)")
    assert declared["quire32"][0] == 512
    assert ["e3m4", "8", "float(exponent:", "3,", "fraction:", "4)"] in [
        line.split() for line in rvx("list", "formats", *FIVE).out.splitlines()
    ]


def test_cores_and_their_parameters(rvx: Rvx) -> None:
    rvx.write("own.isa", "// Mine.\ncore mine(COST: 1..9 = 3) { redirect taken: COST; }")
    rows = json.loads(rvx("list", "cores", "-x", "own.isa", "--json").out)["cores"]
    assert rows[-1] == {"name": "mine", "parameters": ["COST 1..9 = 3"], "doc": "Mine."}
    names = [row["name"] for row in rows]
    assert {"single", "tiny", "cv32e40p"} < set(names)


def test_an_address_and_a_match_are_the_manuals(rvx: Rvx) -> None:
    assert "0x300  mstatus" in rvx("list", "csrs").out
    add = [line for line in rvx("list", "instructions").out.splitlines() if " add rd" in line]
    assert [line.split()[:3] for line in add] == [["I", "0x00000033", "0xfe00707f"]]


def test_every_description_that_ships(rvx: Rvx) -> None:
    found = json.loads(rvx("check", "--json").out)
    isas = [machine["isa"] for machine in found["machines"]]
    assert len(set(isas)) == len(isas)
    assert any("_xdotp" in isa for isa in isas)
    assert any(isa.endswith("_xposit") for isa in isas)
    told = rvx("check")
    assert told.succeeded
    *machines, cores = told.out.splitlines()
    assert [line.split(":")[0] for line in machines] == isas
    assert all(line.endswith(": no overlap") for line in machines)
    assert cores == f"cores: {', '.join(found['cores'])}"


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("", {}),
        ("// Nothing yet.\n", {}),
        ("encoding Q { funct:25  opcode:7 }", {}),
        ("function twice(a) = a + a;", {}),
        ("format e3m4 = float(exponent: 3, fraction: 4);", {"formats": 1}),
        ("extension Xnone { state s: bits(1); csr 0x7C0 s; }", {"csrs": 1}),
        ("core mine { isa rv32i; redirect taken: 2; }", {"cores": 1}),
    ],
)
def test_a_file_with_a_part_of_a_description(rvx: Rvx, text: str, added: dict[str, int]) -> None:
    rvx.write("own.isa", text)
    alone, both = (
        json.loads(rvx("check", *files, "--isa", "rv32im", "--json").out)
        for files in ((), ("own.isa",))
    )
    counts, expected = both["machines"][0], alone["machines"][0]
    for kind in ("instructions", "aliases", "csrs", "formats"):
        assert counts[kind] == expected[kind] + added.get(kind, 0)
    assert len(both["cores"]) == len(alone["cores"]) + added.get("cores", 0)


def test_a_machine_and_files_together(rvx: Rvx) -> None:
    rvx.write("own.isa", "format e3m3 = float(exponent: 3, fraction: 3);")
    (without,) = json.loads(rvx("check", "--isa", "rv32if", "--json").out)["machines"]
    (found,) = json.loads(rvx("check", "own.isa", *FIVE, "--isa", "rv32i", "--json").out)[
        "machines"
    ]
    assert found == {
        "isa": "rv32if_zicntr_zicsr_zihpm_sm_xfive",
        "instructions": without["instructions"] + 5,
        "aliases": without["aliases"],
        "csrs": without["csrs"],
        "formats": without["formats"] + 3,
    }
