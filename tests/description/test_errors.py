"""Every error of a description: a case is a file that must be refused, with the message beside it.

The first line of a case says what is diagnosed. A message is `file:line:column: what is wrong, what
to do`; places in the descriptions that ship are given as `...`, for those files change.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rvx.description import DescriptionError, load_machine
from rvx.description.parse import parse_text

from .one import machine

CASES = sorted((Path(__file__).parent / "errors").glob("*.isa"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_description_is_refused_with_the_message_beside_it(case: Path) -> None:
    with pytest.raises(DescriptionError) as error:
        load_machine("rv32imf", extra=[case])
    message = str(error.value).replace(f"{case.parent}/", "")
    message = re.sub(r"(isa/\w+\.isa):\d+:\d+", r"\1:...", message)
    assert message + "\n" == case.with_suffix(".err").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_case_says_what_it_diagnoses_and_points_into_itself(case: Path) -> None:
    text, message = case.read_text(encoding="utf-8"), case.with_suffix(".err").read_text()
    assert text.startswith("// Diagnose ")
    place = re.match(rf"{case.name}:(\d+):(\d+): ", message)
    assert place, message
    lines = text.splitlines()
    assert int(place[1]) <= len(lines)
    assert int(place[2]) <= len(lines[int(place[1]) - 1]) + 1


@pytest.mark.parametrize(
    ("isa", "message"),
    [
        ("arm", "'arm' is no ISA string: write for example rv32imf_zicsr_xdotp"),
        ("rv64i", "'rv64i': only RV32 is supported"),
        ("rv32m", "'rv32m' has no base: write rv32i... or rv32g..."),
        ("rv32", "'rv32' has no base: write rv32i... or rv32g..."),
        ("rv32i_xposti", "no extension 'xposti' is described: did you mean 'Xposit'?"),
    ],
)
def test_an_isa_string_is_refused(isa: str, message: str) -> None:
    with pytest.raises(DescriptionError) as error:
        load_machine(isa)
    assert str(error.value) == message


def test_an_unknown_extension_is_answered_by_what_there_is() -> None:
    with pytest.raises(DescriptionError, match=r"no extension 'v' is described: there are .*Zicsr"):
        load_machine("rv32iv")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"speed": "fast"}, "no option 'speed' is declared in this machine: there are division"),
        ({"division": "fast"}, "'fast' is no choice of option division: it has logarithmic, exact"),
    ],
)
def test_an_option_is_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(DescriptionError) as error:
        load_machine("rv32i_xposit", options=options)
    assert str(error.value) == message


def test_flags_need_a_place() -> None:
    with pytest.raises(DescriptionError, match=r"there is no fflags: require F"):
        machine(
            "extension Xt { instruction t.t  rd: x<fp16>, rs1: x<fp16>, rs2: x<fp16>\n"
            "  is R(opcode = 11, funct3 = 0, funct7 = 0)  { rd = rs1 + rs2; } }",
            isa="rv32i",
        )


def test_colliding_extensions_are_refused_together_by_name(tmp_path: Path) -> None:
    text = (
        "extension {0} {{ instruction {1}  rd: x, rs1: x, rs2: x\n"
        "  is R(opcode = 11, funct3 = 7, funct7 = 0)  {{ rd = rs1; }} }}"
    )
    one, other = tmp_path / "one.isa", tmp_path / "other.isa"
    one.write_text(text.format("Xone", "one.a"))
    other.write_text(text.format("Xother", "other.a"))
    load_machine("rv32i", extra=[one])
    load_machine("rv32i", extra=[other])
    with pytest.raises(DescriptionError, match=r"other\.a \(Xother\) and one\.a \(Xone, .*both"):
        load_machine("rv32i", extra=[one, other])


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DescriptionError, match="cannot read this description: No such file"):
        load_machine(extra=[tmp_path / "none.isa"])
    (tmp_path / "binary.isa").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DescriptionError, match="it is not UTF-8 text"):
        load_machine(extra=[tmp_path / "binary.isa"])


@pytest.mark.parametrize(
    "text",
    [
        "extension Xt { function f() = " + "-" * 5000 + "1; }",
        "extension Xt { function f() = " + "1 + " * 5000 + "1; }",
        "extension Xt { function f() = " + "(" * 5000,
        "extension Xt { function f() = 1" + "0" * 5000 + "; }",
    ],
    ids=["unary", "sum", "parentheses", "digits"],
)
def test_what_nests_without_end_is_an_error_of_the_text(text: str) -> None:
    with pytest.raises(DescriptionError):
        parse_text(text, "deep.isa")
