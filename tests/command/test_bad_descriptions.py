"""Descriptions that cannot be used, and descriptions that do not go together."""

from __future__ import annotations

import pytest
from calling import HERE, Rvx

FIVE = HERE / "five.isa"
RX = "is R(opcode = 0b0101011, funct3 = 0, funct7 = 0)"
EXTENSION = (
    "extension {name} requires I {{ instruction {op} rd: x, rs1: x, rs2: x {encoding} "
    "{{ rd = rs1; }} }}\n"
)


def extension(name: str, op: str, encoding: str = RX) -> str:
    return EXTENSION.format(name=name, op=op, encoding=encoding)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("extension Xa requires Xb { }\nextension Xb requires Xa { }", "a cycle of extensions: Xa"),
        ("extension Xa requires Xa { }", "a.isa:1:23: a cycle of extensions: Xa requires Xa"),
        ("extension Xa requires Xnone { }", "a.isa:1:23: no extension 'Xnone' is described"),
        (
            "function f(a) = g(a);\nfunction g(a) = f(a);\n"
            + extension("Xa", "xa").replace("rd = rs1", "rd = f(rs1)"),
            "a cycle of functions: f -> g -> f",
        ),
        ("format a = choose b { a, a };", "a.isa:1:23: unknown format 'a'"),
        (extension("Xa", "add"), "is already declared at"),
        (extension("Xa", "xa", RX.replace("0b0101011", "0b0110011")), "xa (Xa) and add (I"),
        (extension("Xa", "xa").replace("rs1;", "rs3;"), "a.isa:1:"),
        (extension("Xa", "xa").replace("funct7 = 0", "funct7 = 200"), "a.isa:1:"),
        (extension("F", "xa"), "'F' is already declared"),
        ("extension Xa requires I {", "a.isa:1:"),
        ("format a = float(exponent: 0, fraction: 3);", "a.isa:1:"),
        ("core mine { redirect taken: x; }", "a.isa:1:"),
        ("core mine { hold decode when nothing; }", "a.isa:1:"),
        ("§", "a.isa:1:1: "),
        (b"\xff\xfe\x00", "a.isa: cannot read this description: it is not UTF-8 text"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value[:40],
)
def test_a_description_that_is_wrong(rvx: Rvx, text: str | bytes, line: str) -> None:
    rvx.write("a.isa", text)
    rvx.program("nop")
    before = rvx.files()
    assert rvx("check", "a.isa").refused(1, line)
    assert rvx("header", "-x", "a.isa", "-o", "a.h").status in (0, 1)
    rvx.folder.joinpath("a.h").unlink(missing_ok=True)
    if not isinstance(text, str) or not text.startswith("core"):
        assert rvx("run", "p.S", "-x", "a.isa").refused(125, line)
        assert rvx("docs", "-x", "a.isa", "-o", "reference").refused(1, line)
        assert rvx("asm", "p.S", "-x", "a.isa", "-o", "p.elf").refused(1, line)
    assert rvx.files() == before


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("none.isa", "none.isa: cannot read this description: No such file or directory"),
        (".", ".: cannot read this description: Is a directory"),
        ("p.S/a.isa", "p.S/a.isa: cannot read this description: Not a directory"),
        ("p.S", "p.S:1:1: unexpected '_start'"),
    ],
)
def test_a_path_that_is_no_description(rvx: Rvx, path: str, line: str) -> None:
    rvx.program("nop")
    assert rvx("check", path).refused(1, line)
    assert rvx("list", "-x", path).refused(1, line)
    assert rvx("run", "p.S", "-x", path).refused(125, line)


def test_descriptions_that_collide(rvx: Rvx) -> None:
    rvx.write("a.isa", extension("Xa", "xa"))
    rvx.write("b.isa", extension("Xb", "xb"))
    rvx.write("c.isa", extension("Xc", "xa", RX.replace("funct7 = 0", "funct7 = 1")))
    assert rvx("check", "a.isa").status == rvx("check", "b.isa").status == 0
    line = "b.isa:1:27: xb (Xb) and xa (Xa, a.isa:1:27) both match 0x0000002b"
    assert rvx("check", "a.isa", "b.isa").refused(1, line)
    assert rvx("list", "-x", "a.isa", "-x", "b.isa").refused(1, line)
    assert rvx("check", "a.isa", "c.isa").refused(1, "c.isa:1:27: xa is already declared at a.isa")
    assert rvx("check", "a.isa", FIVE).refused(1, "both match 0x0000002b")


def test_the_same_description_twice(rvx: Rvx) -> None:
    assert rvx("check", FIVE, "-x", FIVE).refused(1, "'Xfive' is already declared at")


def test_an_extension_brings_what_it_requires(rvx: Rvx) -> None:
    checked = rvx("check", "--isa", "rv32i", FIVE)
    assert checked.out.startswith("rv32if_zicntr_zicsr_zihpm_sm_xfive: ")
    own = extension("Xa", "xa", RX.replace("0b0101011", "0b0001011"))
    rvx.write("a.isa", own.replace("requires I", "requires Xfive, M"))
    assert rvx("check", "--isa", "rv32i", "a.isa").refused(1, "no extension 'Xfive' is described")
    checked = rvx("check", "--isa", "rv32i", "a.isa", "-x", FIVE)
    assert checked.out.startswith("rv32imf_zicntr_zicsr_zihpm_sm_xa_xfive: ")


@pytest.mark.parametrize(
    ("isa", "line"),
    [
        ("", "'' is no ISA string"),
        ("bogus", "'bogus' is no ISA string"),
        ("rv64i", "'rv64i': only RV32 is supported"),
        ("rv32e", "'rv32e' has no base"),
        ("rv32imvfd", "no extension 'v' is described: there are "),
        ("rv32i_xnone", "no extension 'xnone' is described: there are "),
        ("rv32i_", "'rv32i_'"),
        ("rv32i m", "'rv32i m'"),
    ],
)
def test_an_isa_string_that_is_wrong(rvx: Rvx, isa: str, line: str) -> None:
    rvx.program("nop")
    assert rvx("list", "--isa", isa).refused(1, line)
    assert rvx("run", "p.S", "--isa", isa).refused(125, line)
