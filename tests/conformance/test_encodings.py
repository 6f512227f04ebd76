"""Every RV32IMF, Zicsr, Zifencei and machine-mode encoding against an assembler (LLVM's), a
disassembler (capstone) and a second model (riscv-model), in both directions."""

from collections import Counter
from random import Random

from riscvmodel import csrnames
from riscvmodel.code import decode
from riscvmodel.variant import Variant

from rvx.description import load_machine
from rvx.model.decoder import Decoder

from .assembler import assemble
from .capstone_text import PSEUDO_INSTRUCTIONS, Disassembler
from .sampling import sample_fields, small_fields
from .text import instruction_text, operand_texts

MACHINE = load_machine("rv32imf_zicsr_zifencei")
EXTENSIONS = {"I": 41, "M": 8, "F": 26, "Zicsr": 6, "Zifencei": 1, "Sm": 2}
RANDOM_VALUES = 100


def sampled():
    random = Random(1)
    for instruction in MACHINE.instructions.values():
        for fields in sample_fields(MACHINE, instruction, random, RANDOM_VALUES):
            yield instruction, fields, instruction.encode(**fields)


def small():
    for instruction in MACHINE.instructions.values():
        for fields in small_fields(MACHINE, instruction):
            yield instruction, fields, instruction.encode(**fields)


SAMPLED = list(sampled())
ENCODED = [*SAMPLED, *small()]


def canonical(instruction, fields):
    """As capstone has it: `dyn` is not printed."""
    texts = operand_texts(instruction, fields)
    return instruction.mnemonic, texts[:-1] if texts[-1:] == ["dyn"] else texts


def test_every_instruction_is_sampled():
    instructions = {instruction for instruction, _, _ in SAMPLED}
    assert Counter(i.extension for i in instructions) == EXTENSIONS
    # No operands, no choice: one word.
    words = sum((2 + RANDOM_VALUES) * len(i.operands) or 1 for i in instructions)
    assert len(SAMPLED) == words


def test_an_assembler_makes_the_same_words(tmp_path):
    lines = [instruction_text(instruction, fields) for instruction, fields, _ in ENCODED]
    words = assemble(lines, "generic_rv32+m+f+zicsr+zifencei", tmp_path)
    assert len(words) == len(lines)
    wrong = [
        (line, hex(word), hex(theirs))
        for line, (_, _, word), theirs in zip(lines, ENCODED, words, strict=True)
        if word != theirs
    ]
    assert not wrong


def test_a_disassembler_reads_the_same_operands():
    disassembler = Disassembler()
    wrong = [
        (hex(word), canonical(instruction, fields), disassembler.read(word))
        for instruction, fields, word in ENCODED
        if disassembler.read(word) != canonical(instruction, fields)
    ]
    assert not wrong
    assert disassembler.pseudo_instructions == set(PSEUDO_INSTRUCTIONS)


def test_words_decode_to_what_was_encoded():
    decoder = Decoder(MACHINE)
    for instruction, fields, word in ENCODED:
        assert decoder.decode(word) is instruction
        assert instruction.decode(word) == fields


# riscv-model 0.6.6 has no F and no csrr*i, and takes ebreak, mret, sret and wfi for ecall.
RISCV_MODEL_LACKS = {"ebreak", "mret", "wfi", "fence.tso", "csrrwi", "csrrsi", "csrrci"}
# Its names for fields that it does not split or calls otherwise.
RISCV_MODEL_FIELDS = {"uimm": "imm", "csr": "imm"}


def test_a_second_model_reads_the_same_fields():
    variant = Variant("RV32IMZicsr_Zifencei")
    seen = set()
    for instruction, fields, word in ENCODED:
        if instruction.extension == "F" or instruction.mnemonic in RISCV_MODEL_LACKS:
            continue
        found = decode(word, variant)
        expected = dict(fields)
        if instruction.mnemonic == "fence":
            expected = {"imm": fields["pred"] << 4 | fields["succ"]}
        elif "csr" in fields:  # for riscv-model a signed immediate
            expected["csr"] = (fields["csr"] ^ 0x800) - 0x800
        read = {name: getattr(found, RISCV_MODEL_FIELDS.get(name, name)) for name in expected}
        assert (found.mnemonic, read) == (instruction.mnemonic, expected), hex(word)
        assert found.encode() == word
        seen.add(instruction.mnemonic)
    assert len(seen) == len(MACHINE.instructions) - EXTENSIONS["F"] - len(RISCV_MODEL_LACKS)


def random_words():
    """Half of them anything, half close to an instruction: none to three bits flipped."""
    random = Random(2)
    for instruction in MACHINE.instructions.values():
        for _ in range(1500):
            yield random.getrandbits(30) << 2 | 3
            near = instruction.match | random.getrandbits(32) & ~instruction.mask
            for _ in range(random.randrange(4)):
                near ^= 1 << random.randrange(2, 32)
            yield near


def read_by_rvx(decoder, word):
    """An instruction with a reserved rounding mode (5 or 6) is illegal, as it is in capstone."""
    instruction = decoder.decode(word)
    if instruction is None:
        return None
    fields = instruction.decode(word)
    if instruction.rm is not None and fields["rm"] not in MACHINE.roundings:
        return None
    return canonical(instruction, fields)


def is_wrong_in_capstone(read):
    """In RV32 mode too it reads shifts by 32 to 63, which only RV64 has (manual 4.2)."""
    mnemonic, operands = read
    return mnemonic in ("slli", "srli", "srai") and int(operands[-1]) >= 32


def has_ignored_fields(decoder, word):
    """capstone refuses fences with reserved fields, which the manual has ignored (2.7, 5)."""
    instruction = decoder.decode(word)
    is_canonical = instruction.encode(**instruction.decode(word)) == word
    return instruction.mnemonic.startswith("fence") and not is_canonical


def test_random_words_are_the_same_instructions():
    decoder, disassembler = Decoder(MACHINE), Disassembler()
    agreed = illegal = masked = 0
    wrong = []
    for word in random_words():
        theirs, ours = disassembler.read(word), read_by_rvx(decoder, word)
        if theirs is not None and theirs[0] not in MACHINE.instructions:
            theirs = None  # of another extension: A, D, RV64 (masked only where rvx has nothing)
        if theirs is not None and is_wrong_in_capstone(theirs):
            theirs, masked = None, masked + 1
        if theirs is None and ours is not None and has_ignored_fields(decoder, word):
            ours, masked = None, masked + 1
        if ours != theirs:
            wrong.append((hex(word), ours, theirs))
        elif ours is None:
            illegal += 1
        else:
            agreed += 1
    assert not wrong
    assert agreed > 100_000
    assert illegal > 100_000
    assert 0 < masked < 10_000


def test_csr_addresses():
    theirs = {**vars(csrnames)}
    both = [name for name in MACHINE.csrs if name in theirs]
    assert len(both) > 130
    assert {name: MACHINE.csrs[name].address for name in both} == {n: theirs[n] for n in both}
