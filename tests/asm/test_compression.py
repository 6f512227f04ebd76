"""With `.option rvc` an instruction becomes the short form that does the same, as in LLVM."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest
from elftools.elf.elffile import ELFFile

from rvx.asm import assemble, disassemble, link
from rvx.asm.compression import compressor
from rvx.description import load_machine
from rvx.model.decoder import Decoder
from rvx.model.machine import Machine


@pytest.fixture(scope="module")
def compressed() -> Machine:
    return load_machine("rv32imafdc")


@pytest.fixture(scope="module")
def text_of(compressed: Machine) -> Callable[[str], list[str]]:
    """The disassembly of a source."""

    def text_of(source: str) -> list[str]:
        executable = link([assemble(f"_start: {source}", compressed, file="t.S", compress=True)])
        found, at = [], 0
        contents = executable.sections[0].contents
        while at < len(contents):
            size = 4 if contents[at] & 3 == 3 else 2
            word = int.from_bytes(contents[at : at + size], "little")
            found.append(disassemble(word, at, compressed, aliases=False))
            at += size
        return found

    return text_of


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("mv a0, a1", "c.mv a0, a1"),
        ("addi a0, a0, 0", "c.mv a0, a0"),
        ("add a0, a1, zero", "c.mv a0, a1"),
        ("add a0, a1, a0", "c.add a0, a1"),
        ("and s0, a1, s0", "c.and s0, a1"),
        ("sub a0, a1, a0", "sub a0, a1, a0"),
        ("addi sp, sp, 16", "c.addi sp, 16"),
        ("addi sp, sp, 64", "c.addi16sp sp, 64"),
        ("addi a0, sp, 64", "c.addi4spn a0, sp, 64"),
        ("lw ra, 12(sp)", "c.lwsp ra, 12(sp)"),
        ("lw a0, 12(a1)", "c.lw a0, 12(a1)"),
        ("lw a0, 14(a1)", "lw a0, 14(a1)"),
        ("fsd fa0, 8(sp)", "c.fsdsp fa0, 8(sp)"),
        ("lui a0, 0xfffff", "c.lui a0, -1"),
        ("lui a0, 0", "lui a0, 0x0"),
        ("slli a0, a0, 0", "slli a0, a0, 0"),
        ("li zero, 3", "addi zero, zero, 3"),
        ("ret", "c.jr ra"),
        ("nop", "c.nop 0"),
        (".option norvc; nop", "addi zero, zero, 0"),
        (".option push; .option norvc; .option pop; nop", "c.nop 0"),
        (".option arch, -c; nop", "addi zero, zero, 0"),
    ],
)
def test_what_an_instruction_becomes(
    text_of: Callable[[str], list[str]], written: str, becomes: str
) -> None:
    assert text_of(written) == [becomes]


def test_a_branch_is_as_short_as_its_target_allows(
    text_of: Callable[[str], list[str]],
) -> None:
    def first(zeros: int) -> str:
        return text_of(f"beq zero, a0, 1f\n.rept {zeros}\nnop\n.endr\n1: nop")[0]

    assert first(126) == "c.beqz a0, 0xfe"
    assert first(127) == "beq zero, a0, 0x102"


def test_growing_branches_push_others_out_of_reach(
    text_of: Callable[[str], list[str]],
) -> None:
    # The first would reach its target if the second, which does not, were short.
    lines = text_of("j 1f\n j 2f\n .rept 1021\n nop\n .endr\n 1: nop\n nop\n2: nop")
    assert lines[:2] == ["jal zero, 0x802", "jal zero, 0x806"]
    assert text_of("j 1f\n nop\n .rept 1021\n nop\n .endr\n 1: nop")[0] == "c.j 0x7fe"


def test_every_short_word_does_what_the_long_one_does(compressed: Machine) -> None:
    """Decoding the short word and expanding it gives an instruction of the same meaning."""
    found = compressor(compressed)
    assert found is not None
    random = Random(1)
    shorts = 0
    for instruction in compressed.instructions.values():
        if instruction.length == 2:
            continue
        for _ in range(400):
            word = instruction.match
            for operand in instruction.operands.values():
                field = operand.field
                width = random.choice((1, 3, 5, field.top))
                value = random.getrandbits(width) & (1 << field.top) - 1
                word |= field.place(random.choice((0, 2, 8, 10, value, -value)))
            if instruction.matches(word) and (short := found.short(word)) is not None:
                shorts += 1
                assert short < 1 << 16
                half = Decoder(compressed).decode(short)
                assert half is not None
                long, values = half.expand(half.decode(short))
                if long is instruction:
                    own = instruction.decode(word)
                    exchanged = {**own, **{"rs1": own.get("rs2"), "rs2": own.get("rs1")}}
                    assert dict(values) in (own, exchanged)
    assert shorts > 500


@pytest.mark.skipif(find_spec("ziglang") is None, reason="no ziglang package")
def test_llvm_compresses_the_same_words(compressed: Machine, tmp_path: Path) -> None:
    random = Random(2)
    words: list[str] = []
    every = compressed.instructions.values()
    longs = [i for i in every if i.length == 4 and "csr" not in i.classes]
    while len(words) < 3000:
        instruction = random.choice(longs)
        values = {}
        for name, operand in instruction.operands.items():
            field = operand.field
            value = random.choice((0, 1, 2, 8, 9, 10, 15, 16, 31, 32, 64, 124, 496, -1, -16, -32))
            if name.startswith("r") and name != "rm":
                value = random.choice((0, 1, 2, 2, 8, 9, 9, 10, 15, 16))
            values[name] = value if field.low <= value <= field.high else 0
            values[name] &= ~((1 << field.lowest) - 1)
        if instruction.classes & {"branch", "jump", "trap"} and "imm" in values:
            continue
        word = instruction.encode(**values)
        text = disassemble(word, 0, compressed, aliases=False)
        if not text.startswith("."):
            words.append(text)
    source = tmp_path / "words.s"
    source.write_text("\n".join([".option norelax", "_start:", *words, ""]))
    target = ("-target", "riscv32-freestanding-none", "-mcpu=generic_rv32+m+a+f+d+c+zicsr")
    output = tmp_path / "words.o"
    command = [sys.executable, "-m", "ziglang", "cc", *target, "-c", source, "-o", output]
    subprocess.run(command, check=True)
    with output.open("rb") as file:
        theirs = ELFFile(file).get_section_by_name(".text").data()
    ours = assemble(source.read_text(), compressed, file="words.s", compress=True)
    assert rows(words, ours.sections[0].contents) == rows(words, theirs)


def rows(texts: list[str], contents: bytes) -> list[tuple[str, str]]:
    """The bytes of each instruction."""
    found, at = [], 0
    for text in texts:
        size = 4 if contents[at] & 3 == 3 else 2
        found.append((text, contents[at : at + size].hex()))
        at += size
    return found
