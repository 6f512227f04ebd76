"""The reference pages: one golden section, and what holds for all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from c_source import ODD

from rvx.description import load_machine
from rvx.emit import pages
from rvx.emit.drawing import segments
from rvx.emit.format_facts import declared, epsilon, largest, smallest, specials
from rvx.emit.markdown import anchor
from rvx.emit.rounding import narrowings
from rvx.model.expression import Named
from rvx.model.machine import Instruction

MACHINE = load_machine("rv32imf_zicsr_zifencei_xdotp_xposit", [ODD])
PAGES = pages(MACHINE)
SECTIONS = [
    section for page in PAGES.values() for section in re.split(r"^(?=## `)", page, flags=re.M)[1:]
]
INSTRUCTIONS = list(MACHINE.instructions.values())


def section_of(mnemonic: str) -> str:
    (section,) = [each for each in SECTIONS if each.startswith(f"## `{mnemonic}`\n")]
    return section


def test_golden_section() -> None:
    golden = (Path(__file__).parent / "vfdotpex.md").read_text(encoding="utf-8")
    found = section_of("vfdotpex.h.b")
    assert found.startswith(golden)
    assert found.removeprefix(golden).startswith("- Declared at `")


def test_every_instruction_has_one_section_on_its_extension_s_page() -> None:
    assert len(SECTIONS) == len(INSTRUCTIONS)
    for instruction in INSTRUCTIONS:
        assert section_of(instruction.mnemonic) in PAGES[f"{instruction.extension.lower()}.md"]


@pytest.mark.parametrize("instruction", INSTRUCTIONS, ids=lambda i: i.mnemonic)
def test_the_drawing_accounts_for_every_bit(instruction: Instruction) -> None:
    """Read back from the Markdown: the ruler is gapless, and the bits shown are the match."""
    width = instruction.encoding.width
    ruler, _, labels, fixed = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in next(
            block
            for block in section_of(instruction.mnemonic).split("\n\n")
            if block.startswith("| ") and ":-:" in block
        ).splitlines()
    )
    next_high, match, mask = width - 1, 0, 0
    for bits, label, value in zip(ruler, labels, fixed, strict=True):
        high, low = int(bits.split(":")[0]), int(bits.split(":")[-1])
        assert high == next_high
        next_high = low - 1
        name = label.split("[")[0]
        assert (value == "") == (name in instruction.operands)
        if value:
            digits = value.strip("`")
            assert len(digits) == high - low + 1
            if digits.strip("-"):
                match |= int(digits, 2) << low
                mask |= (1 << high - low + 1) - 1 << low
    assert next_high == -1
    assert (match, mask) == (instruction.match, instruction.mask)


def test_scattered_fields_show_which_bits_lie_where() -> None:
    labels = [s.label for s in segments(MACHINE.instructions["odd.scatter"])]
    assert labels == [
        "rd[2:0]", "imm[7]", "imm[0]", "rs1", "rs2[4:3]", "imm[6:1]", "rd[4:3]", "rs2[2:0]",
        "funct2", "opcode",
    ]  # fmt: skip


@pytest.mark.parametrize("instruction", INSTRUCTIONS, ids=lambda i: i.mnemonic)
def test_a_section_shows_what_was_written(instruction: Instruction) -> None:
    section = section_of(instruction.mnemonic)
    assert instruction.text in section
    assert f"{instruction.match:08x}"[-2 * instruction.length :] in section
    assert instruction.source in section
    assert "- C: `" in section or "- No C intrinsic: " in section


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([\w.]+)(?:#([^)]+))?\)", PAGES["index.md"])
    assert len(links) == len(MACHINE.extensions) + len(INSTRUCTIONS)
    for file, fragment in links:
        anchors = [anchor(heading) for heading in re.findall(r"^## `(.*)`", PAGES[file], re.M)]
        assert not fragment or anchors.count(fragment) == 1


def test_the_index_names_everything() -> None:
    index = PAGES["index.md"]
    for names in (MACHINE.states, MACHINE.formats, MACHINE.files, MACHINE.rounding_names):
        for name in names:
            assert f"| `{name}` |" in index
    assert "| 0xb03 to 0xb1f | `mhpmcounter3` to `mhpmcounter31` | read and write | Sm |" in index
    assert "| 0x800 | `fmode` | read and write | Xdotp |" in index


def test_tables_are_rectangular() -> None:
    for page in PAGES.values():
        for block in re.findall(r"(?:^\|.*\n)+", page, re.M):
            counts = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
            assert len(counts) == 1, block


@pytest.mark.parametrize(
    ("mnemonic", "facts"),
    [
        ("fmadd.s", ["rd: an exact value of 555 bits in units of 2^-298, rounded once to fp32"]),
        ("fmin.s", ["rd: a number of fp32 already, nothing is rounded"]),
        ("fdiv.s", ["rd: an exact value, rounded once to fp32"]),
        ("add", []),
        ("odd.dot", ["rd: an exact integer of 33 bits, kept modulo 2^32 (i32)"]),
        (
            "qmadd.s",
            ["quire: an exact value of 513 bits in units of 2^-240, "
             "kept exactly in the 512 bits of quire32"],
        ),
        (
            "padd.s",
            ["rd: an exact value of 243 bits in units of 2^-120, "
             "rounded once to posit32, to nearest, ties to even"],
        ),
    ],
)  # fmt: skip
def test_where_it_rounds(mnemonic: str, facts: list[str]) -> None:
    assert [str(n) for n in narrowings(MACHINE.instructions[mnemonic])] == facts


@pytest.mark.parametrize(
    ("name", "text", "facts"),
    [
        ("fp32", "float(exponent: 8, fraction: 23)",
         ("2^128 - 2^104", "2^-149", "2^-23", "infinities, NaN")),
        ("e5m2", "float(exponent: 5, fraction: 2)", ("57344", "2^-16", "2^-2", "infinities, NaN")),
        ("e4m3", "float(exponent: 4, fraction: 3, specials: ocp)", ("448", "2^-9", "2^-3", "NaN")),
        ("posit32", "posit(bits: 32, es: 2)", ("2^120", "2^-120", "2^-27", "NaR")),
        ("i8", "integer(bits: 8, overflow: wrap)", ("127", "1", "1", "none")),
        ("u32", "integer(bits: 32, signed: no, overflow: wrap)", ("2^32 - 1", "1", "1", "none")),
        ("q15", "fixed(bits: 16, fraction: 15, overflow: saturate, rounding: rne)",
         ("1 - 2^-15", "2^-15", "-", "none")),
        ("quotient", "integer(bits: 32, overflow: wrap, rounding: rtz)",
         ("2^31 - 1", "1", "1", "none")),
    ],
)  # fmt: skip
def test_format_facts(name: str, text: str, facts: tuple[str, ...]) -> None:
    use = MACHINE.formats[name]
    assert isinstance(use, Named)
    assert declared(use.format) == text
    shown = tuple(fact(use.format) for fact in (largest, smallest, epsilon, specials))
    assert shown == facts
