"""The export: plain data, from which the encodings can be rebuilt."""

from __future__ import annotations

import json

from c_source import ODD

from rvx.description import load_machine
from rvx.emit import export

MACHINE = load_machine("rv32imf_zicsr_zifencei_xdotp_xposit", [ODD])


def test_it_is_json() -> None:
    found = export(MACHINE)
    assert json.loads(json.dumps(found)) == found
    assert (found["schema"], found["isa"]) == (1, MACHINE.isa)


def test_encodings_are_match_and_mask() -> None:
    listed = {each["mnemonic"]: each for each in export(MACHINE)["instructions"]}
    assert set(listed) == set(MACHINE.instructions)
    for each in listed.values():
        pattern = each["encoding"]
        assert len(pattern) == 8 * each["bytes"]
        assert int(pattern.replace("-", "0"), 2) == each["match"]
        assert int(pattern.replace("0", "1").replace("-", "0"), 2) == each["mask"]


def test_fields_place_operands() -> None:
    listed = {each["mnemonic"]: each for each in export(MACHINE)["instructions"]}
    for mnemonic, each in listed.items():
        values = {
            o["name"]: (o["low"] if mnemonic != "odd.step" else o["high"]) for o in each["operands"]
        }
        word = each["match"]
        for field in each["fields"]:
            if field["fixed"] is None:
                bits = values[field["name"]] >> field["value_low"]
                width = field["high"] - field["low"] + 1
                word |= (bits & (1 << width) - 1) << field["low"]
        assert word == MACHINE.instructions[mnemonic].encode(**values)
