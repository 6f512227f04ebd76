"""What is wrong with a core's text is said with its position and what to do."""

from __future__ import annotations

import pytest
from stream import NOP, Do, core, known, stream, stream_of

from rvx.description.syntax import DescriptionError
from rvx.timing import Outcome
from rvx.timing.compiler import compile_core

UNIT = "unit fpu floating { latency floating: 1; }"

# The rules start at line 2, column 1 of the text.
ERRORS = [
    # Names
    ("execute lod: 2;", "2:9: unknown class, extension or instruction 'lod': did you mean 'load'?"),
    ("execute fmadd: 2;", "2:9: unknown class, extension or instruction 'fmadd'"),
    ("execute vx*: 2;", "2:9: unknown class, extension or instruction 'vx*'"),
    ("execute writes y: 2;", "2:16: unknown register file 'y'"),
    ("class a = load or b;", "2:19: unknown class, extension or instruction 'b'"),
    ("class a = load;\nclass a = store;", "3:7: class 'a' is already declared at made.isa:2:1"),
    ("class load = store;", "2:7: every core has a class 'load' already; name this one otherwise"),
    ("class a = b;\nclass b = load or not a;", "2:1: class 'a' is defined by itself: a -> b -> a"),
    ("class a = a;", "2:1: class 'a' is defined by itself: a -> a"),
    # Guards
    ("hold fetch when 1;", "2:6: 'fetch' cannot be held; decode, execute can"),
    (UNIT + "\nhold fpy when 1;", "3:6: 'fpy' cannot be held; decode, execute, fpu can"),
    (
        "hold decode when issue is load;",
        "2:18: unknown stage 'issue'; there are decode, decoder, execute, writeback",
    ),
    (
        "hold decode when execute is taken;",
        "2:29: 'taken' is decided when an instruction executes; it cannot be asked for here",
    ),
    (
        "class left = taken or jump; hold decode when execute is left;",
        "2:14: 'taken' is decided when an instruction executes; it cannot be asked for here",
    ),
    ("hold decode when decode.cycle == 1;", "2:18: 'decode' has no 'cycle'; it has rd"),
    (
        "hold decode when execute.rs1 == 1;",
        "2:18: 'execute' has no 'rs1'; it has rd, cycle and cycles",
    ),
    (
        UNIT + "\nhold decode when fpu.rs1;",
        "3:18: a unit has no 'rs1'; it has rd, latency and busy",
    ),
    (
        "hold decode when execute.rd;",
        "2:18: compare rd with another rd, or write STAGE reads rd",
    ),
    (
        "hold decode when decode reads execute;",
        "2:31: name the register of a stage or unit here, as execute.rd",
    ),
    (UNIT + "\nhold decode when fpv owes decode;", "3:18: name a unit here; there is fpu"),
    (
        UNIT + "\nhold decode when fpu owes execute;",
        "3:18: a unit owes to the instruction in decode, no other",
    ),
    (UNIT + "\nhold decode when fpu.rd;", "3:18: compare rd with another rd"),
    ("hold decode when 1 is load;", "2:18: name a stage here, as execute"),
    ("hold decode when busy;", "2:18: 'busy' means nothing here"),
    ("hold decode when clz(1);", "2:18: a core's text cannot use such an expression here"),
    # Costs
    ("execute mul: 0;", "2:14: this is 0 cycles; the least possible is 1"),
    ("execute mul: 2, 3;", "2:17: 'execute' takes one number of cycles"),
    ("execute mul: 1 / 0;", "2:14: '/ 0' has no value"),
    ("execute jal: 1 + lat;", "2:18: 'lat' is no parameter, no CSR and no operand of jal"),
    ("redirect trapped: n;", "2:19: 'n' is no parameter, no CSR and no operand of an illegal word"),
    (
        "resume csr when csr in [mcycel]: 4;",
        "2:25: 'mcycel' is no parameter, no CSR and no operand of csrrw",
    ),
    ("execute load when straddles(pc): 2;", "2:19: only straddles(address) means something here"),
    ("latency mul: 2;", "2:1: 'latency' belongs in a unit, in its braces"),
    ("unit mdu M { execute M: 2; }", "2:14: 'execute' does not belong in a unit"),
    ("unit mdu M { latency M: 0 - 1; }", "2:25: this is -1 cycles; the least possible is 0"),
    ("unit mdu M { reads load: rs1; }", "2:26: name a register here, as x[0] or f[word[24:20]]"),
    ("unit mdu M { reads load: y[0]; }", "2:26: unknown register file 'y'"),
    (
        "unit mdu M { reads load when taken: x[0]; }",
        "2:14: 'reads' has no 'when': it names registers, in every case",
    ),
    ("unit mdu M { latency M: word[taken]; }", "2:30: only the instruction word can decide this"),
    ("unit mdu taken { }", "2:10: 'taken' is decided when an instruction executes"),
    (UNIT + UNIT, "2:48: there is a unit or stage 'fpu' already"),
    ("unit decode M { }", "2:6: there is a unit or stage 'decode' already"),
    # Control flow
    (
        "redirect jal from writeback;",
        "2:19: no redirect from 'writeback': write from decode or execute",
    ),
    (
        "redirect jal from execute unless 1;",
        "2:34: 'unless' is for a redirect from decode; use hold decode",
    ),
    ("fetch 1; fetch 2;", "2:10: fetch is said twice: one rule says it all"),
    ("fetch 0;", "2:7: this is 0 cycles; the least possible is 1"),
    ("fetch address;", "2:7: 'address' means nothing here"),
]


@pytest.mark.parametrize(("rules", "message"), ERRORS)
def test_an_error_has_a_position_and_says_what_to_do(rules: str, message: str) -> None:
    with pytest.raises(DescriptionError) as caught:
        stream(rules)
    assert str(caught.value).startswith(f"made.isa:{message}")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"N": 10}, "made.isa:1:11: N is 10; it may be 0 to 9"),
        ({"N": -1}, "made.isa:1:11: N is -1; it may be 0 to 9"),
        ({"M": 1}, "made.isa:1:1: core made has no parameter 'M'; it has N"),
    ],
)
def test_parameters_are_checked(given: dict[str, int], message: str) -> None:
    with pytest.raises(DescriptionError, match=message):
        stream_of(core("", {"N": 0}), parameters=given)


def test_what_only_another_machine_has_is_no_error() -> None:
    rules = "execute fdiv.s, vfdotpex.*, F: 3; execute writes p: 2; resume csr when csr == frm: 4;"
    machine = stream("").machine
    made = stream(rules, isa="rv32i_zicsr")
    assert len(made.machine.instructions) < len(machine.instructions)
    compile_core(made.machine, core(rules), {}, known())


def test_a_core_that_never_goes_on_is_noticed() -> None:
    made = stream("stuck: hold decode when execute is load or writeback is load or decoder is csr;")
    assert made.issue("lw x5, 0(x6)") == 0
    assert made.issue(NOP) == 3
    with pytest.raises(DescriptionError, match=r"1:6: made holds an instruction for ever: 'stuck'"):
        made.issue("csrrs x5, 0x340, x0")


def test_cycles_below_the_least_are_noticed_as_they_arise() -> None:
    made = stream("execute divu: clz(rs2);")
    with pytest.raises(DescriptionError, match=r"2:15: this is 0 cycles; the least possible is 1"):
        made.issue(Do("divu x5, x6, x7", Outcome(frame=0)))
