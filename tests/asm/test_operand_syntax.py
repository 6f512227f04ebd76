"""Operands and expressions: the two ways to parse agree, and values are C's and GNU as's."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rvx.asm.expression import Binary, Name, Numeric
from rvx.asm.parser import (
    Grouped,
    Indexed,
    Modified,
    Operand,
    Plain,
    SyntaxProblem,
    parse_expression,
    parse_operand,
    plain_operand,
)

FILES = sorted(Path(__file__).parent.glob("*/*.S"))
Data = Callable[[str], bytes]


@pytest.mark.parametrize(
    ("text", "operand"),
    [
        ("a0", Plain(Name("a0", 0))),
        ("-12", Plain(-12)),
        ("0x1F", Plain(31)),
        ("'a'", Plain(97)),
        ("1b", Plain(Numeric(1, forward=False, at=0))),
        ("sym + 4", Plain(Binary("+", Name("sym", 0), 4))),
        ("(a0)", Grouped(Name("a0", 1))),
        ("8(sp)", Indexed(Plain(8), Name("sp", 2))),
        ("-8 ( sp )", Indexed(Plain(-8), Name("sp", 5))),
        ("(4 + 4)(sp)", Indexed(Grouped(8), Name("sp", 8))),
        ("%lo(sym-4)(a0)", Indexed(Modified("lo", Binary("-", Name("sym", 4), 4)), Name("a0", 11))),
        ("%hi(x)", Modified("hi", Name("x", 4))),
        ("f@plt", Plain(Name("f", 0))),
        (".L1$x", Plain(Name(".L1$x", 0))),
    ],
)
def test_an_operand_has_this_tree(text: str, operand: Operand) -> None:
    assert parse_operand(text) == operand


def corpus() -> set[str]:
    """All that looks like an operand in the test programs."""
    pieces: set[str] = set()
    for file in FILES:
        for line in file.read_text().splitlines():
            rest = re.sub(r"#.*", "", line).strip().partition(" ")[2]
            pieces.update(piece.strip() for piece in rest.split(","))
    return pieces


def test_the_short_way_agrees_with_the_grammar_on_all_programs() -> None:
    taken = 0
    for text in corpus():
        if (found := plain_operand(text)) is not None:
            assert found == parse_operand(text), text
            taken += 1
    assert taken > 200


blanks = st.sampled_from(["", " ", "\t"])
integers = st.one_of(
    st.integers(0, 1 << 64).map(str),
    st.integers(0, 1 << 64).map(hex),
    st.sampled_from(["017", "0b11", "0", "00", "08", "1b", "0x", "1_0", "-0"]),
)
names = st.from_regex(r"\A[a-z_.$][a-z0-9_.$]{0,4}\Z")
atoms = st.one_of(integers, names)
pieces = st.one_of(
    atoms,
    atoms.map(lambda atom: f"-{atom}"),
    st.tuples(atoms, blanks, st.sampled_from("+-*"), blanks, atoms).map("".join),
    atoms.map(lambda atom: f"%lo({atom})"),
    st.tuples(atoms, atoms).map(lambda pair: f"%lo({pair[0]}+{pair[1]})"),
)


@given(
    st.one_of(pieces, st.tuples(st.one_of(pieces, st.just("")), names).map("{0[0]}({0[1]})".format))
)
def test_the_short_way_agrees_with_the_grammar(text: str) -> None:
    if (found := plain_operand(text)) is not None:
        assert found == parse_operand(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("-7 / 2", -3),  # toward zero, as in C
        ("-7 % 2", -1),
        ("~0x0f & 0xff", 0xF0),
        ("1 << 4 | 1", 17),
        ("-1 >> 60", 15),  # logical, as in GNU as
        ("3 < 4", -1),  # true is -1, as in GNU as
        ("3 > 4", 0),
        ("1 && 0 || 2", 1),
        ("!5", 0),
        ("- - 3", 3),
        ("0xffffffffffffffff", 0xFFFF_FFFF_FFFF_FFFF),
        ("'\\n' + 'a' + '\\''", 10 + 97 + 39),
        ("1 + -1", 0),
    ],
)
def test_a_constant_expression_has_this_value(text: str, value: int) -> None:
    assert parse_expression(text) == value


@pytest.mark.parametrize(
    "text", ["1 + 2 << 3", "1 & 2 == 2", "1 | 2 & 3", "1 << 2 * 3", "a - 1 & b"]
)
def test_what_c_and_gnu_as_group_differently_needs_parentheses(text: str) -> None:
    with pytest.raises(SyntaxProblem, match="write parentheses"):
        parse_expression(text)


@pytest.mark.parametrize(
    "text", ["1 + 2 == 3", "1 * 2 << 3", "1 << 2 | 3", "a - b + c", "(1 + 2) << 3"]
)
def test_what_both_group_alike_needs_none(text: str) -> None:
    parse_expression(text)


def test_the_difference_of_labels_is_known_across_gaps(data: Data) -> None:
    assert data("a: .byte 1\n.balign 8\nb: .byte b - a, (b - a) * 2 + 1")[8:] == b"\x08\x11"


def test_a_difference_of_labels_behind_is_filled_in_later(data: Data) -> None:
    assert data(".byte (b - a) / 2\na: .zero 6\nb:")[0] == 3


def test_the_dot_moves_with_the_data(data: Data) -> None:
    assert data("a: .word 0\n.byte . - a, . - a") == bytes(4) + b"\x04\x05"
