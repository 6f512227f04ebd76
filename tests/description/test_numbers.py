"""Numbers: exact until they are assigned, then rounded once."""

from __future__ import annotations

import math
import struct
from fractions import Fraction

import pytest

from rvx.number import DZ, NV, NX, OF, UF

from .one import one, rd, run

FFF = "rd: f<fp32>, rs1: f<fp32>, rs2: f<fp32>, rs3: f<fp32>, [rm]"
FF = "rd: f<fp32>, rs1: f<fp32>, rs2: f<fp32>"
HALF = "rd: x<fp16>, rs1: x<fp16>, rs2: x<fp16>"
RTZ, RDN, RUP = 1, 2, 3
NAN, SNAN, INF = 0x7FC0_0000, 0x7FA0_0000, 0x7F80_0000


def bits(number: float) -> int:
    return int(struct.unpack("<I", struct.pack("<f", number))[0])


def half(number: float) -> int:
    return int(struct.unpack("<H", struct.pack("<e", number))[0])


def single(body: str, *operands: int, rm: int = 0, signature: str = FFF) -> tuple[int, int]:
    """The bits of rd and the flags after the body, with operands in rs1, rs2, rs3."""
    padded = [*operands, 0, 0, 0]
    hart = run(
        one(signature, body, encoding="R4" if "rs3" in signature else "R"),
        f=dict(zip((1, 2, 4), padded, strict=False)),
        **{"rd": 3, "rs1": 1, "rs2": 2} | ({"rs3": 4, "rm": rm} if "rs3" in signature else {}),
    )
    return rd(hart, "f"), hart.states["fflags"][0]


# Rounding -------------------------------------------------------------------------------------


def test_an_assignment_rounds_once() -> None:
    # 1 + 2^-24 + 2^-60: to nearest it is above the tie; rounded twice it would be 1.
    a, b, c = bits(1), bits(2.0**-24), bits(2.0**-60)
    assert single("rd = rs1 + rs2 + rs3;", a, b, c) == (0x3F80_0001, NX)


def test_a_named_format_rounds_within_an_expression() -> None:
    a, b, c = bits(1), bits(2.0**-24), bits(2.0**-60)
    assert single("rd = fp32(rs1 + rs2) + rs3;", a, b, c) == (0x3F80_0000, NX)


def test_a_var_with_a_format_rounds_at_each_assignment() -> None:
    body = "var s: fp32 = rs1; s = s + rs2; s = s + rs3; rd = s;"
    assert single(body, bits(1), bits(2.0**-24), bits(2.0**-60))[0] == bits(1)


def test_a_var_and_a_let_without_a_format_are_exact() -> None:
    body = "var s = rs1; s = s + rs2; let t = s + rs3; rd = t;"
    assert single(body, bits(1), bits(2.0**-24), bits(2.0**-60))[0] == 0x3F80_0001


@pytest.mark.parametrize(("rm", "expected"), [(0, 0x3F80_0000), (RUP, 0x3F80_0001)])
def test_the_rounding_is_that_of_rm(rm: int, expected: int) -> None:
    assert single("rd = rs1 + rs2;", bits(1), bits(2.0**-30), rm=rm)[0] == expected


def test_without_rm_the_rounding_is_that_of_frm() -> None:
    hart = run(
        one(FF, "rd = rs1 + rs2;"),
        f={1: bits(1), 2: bits(2.0**-30)},
        states={"frm": RUP},
        **{"rd": 3, "rs1": 1, "rs2": 2},
    )
    assert rd(hart, "f") == 0x3F80_0001


def test_with_gives_the_rounding_of_one_assignment() -> None:
    body = "rd = rs1 + rs2 with rtz;"
    assert single(body, bits(1), bits(-(2.0**-30)), rm=RUP)[0] == 0x3F7F_FFFF


def test_with_does_not_touch_a_format_named_within() -> None:
    # The inner sum rounds up by rm, the outer toward zero.
    body = "rd = fp32(rs1 + rs2) - rs3 with rtz;"
    assert single(body, bits(1), bits(2.0**-30), bits(0), rm=RUP)[0] == 0x3F80_0001


def test_with_at_a_var() -> None:
    body = "var v: fp32 = rs1 + rs2 with rup; v = v + rs2 with rdn; rd = v;"
    assert single(body, bits(1), bits(2.0**-30))[0] == 0x3F80_0001


def test_with_at_a_lane_known_at_run_time() -> None:
    machine = one("rd: x<* x fp16>, rs1: x<fp16>, rs2: x", "rd[rs2[0]] = rs1 / 3 with rtz;")
    hart = run(machine, x={1: half(1), 2: 1}, rd=3, rs1=1, rs2=2)
    assert rd(hart) == 0x3555 << 16


# Exactness ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("a", "b", "c"), [(1e30, 1e30, -1e30), (3.5, 7.25, 2.0**-40)])
def test_a_polynomial_is_exact(a: float, b: float, c: float) -> None:
    exact = Fraction(struct.unpack("<f", struct.pack("<f", a))[0])
    for operand in (b, c):
        exact += Fraction(struct.unpack("<f", struct.pack("<f", operand))[0])
    expected = bits(float(exact))  # float(Fraction) rounds once to double; these fit it exactly
    assert single("rd = rs1 + rs2 + rs3;", bits(a), bits(b), bits(c))[0] == expected


def test_division_by_a_power_of_two_is_exact() -> None:
    assert single("rd = rs1 / 8 * 8 - rs1 + rs2;", bits(3), bits(5)) == (bits(5), 0)


def test_a_constant_fraction() -> None:
    assert single("rd = rs1 * (3 / 4);", bits(2)) == (bits(1.5), 0)


def test_a_quotient_is_rounded_once() -> None:
    assert single("rd = -(rs1 / rs2) * 2;", bits(1), bits(3))[0] == bits(-2 / 3)


def test_a_quotient_can_be_named_and_compared() -> None:
    machine = one("rd: x, rs1: f<fp32>, rs2: f<fp32>", "let q = rs1 / rs2; rd = q > 1 / 2;")
    assert rd(run(machine, f={1: bits(1), 2: bits(3)}, rd=3, rs1=1, rs2=2)) == 0
    assert rd(run(machine, f={1: bits(2), 2: bits(3)}, rd=3, rs1=1, rs2=2)) == 1


def test_a_root_is_rounded_once() -> None:
    assert single("rd = sqrt(rs1);", bits(2))[0] == bits(math.sqrt(2))


def test_minimum_of_quotients_is_rounded_once() -> None:
    assert single("rd = minimum(rs1 / rs2, rs2);", bits(1), bits(3))[0] == bits(1 / 3)


# Flags ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "a", "b", "flags"),
    [
        ("rd = rs1 * rs2;", INF, bits(0), NV),
        ("rd = rs1 / rs2;", bits(1), bits(0), DZ),
        ("rd = rs1 / rs2;", bits(0), bits(0), NV),
        ("rd = rs1 * rs2;", bits(2.0**100), bits(2.0**100), OF | NX),
        ("rd = rs1 * rs2;", bits(2.0**-100), bits(2.0**-100), UF | NX),
        ("rd = rs1 + rs2;", SNAN, bits(1), NV),
        ("rd = rs1 + rs2;", NAN, bits(1), 0),
        ("rd = minimum(rs1, rs2);", SNAN, bits(1), NV),
        ("rd = sqrt(rs1);", bits(-1), 0, NV),
        ("if rs1 < rs2 { rd = rs1; }", NAN, bits(1), NV),
        ("if quiet(rs1 < rs2) { rd = rs1; }", NAN, bits(1), 0),
        ("if quiet(rs1 < rs2) { rd = rs1; }", SNAN, bits(1), NV),
        ("if rs1 == rs2 { rd = rs1; }", NAN, bits(1), 0),
        ("if rs1 == rs2 { rd = rs1; }", SNAN, bits(1), NV),
    ],
)
def test_flags_accrue(body: str, a: int, b: int, flags: int) -> None:
    assert single(body, a, b, signature=FF)[1] == flags


def test_flags_of_what_is_not_chosen_do_not_accrue() -> None:
    body = "rd = rs3 == 0 ? rs1 : rs1 / rs2;"
    assert single(body, bits(1), bits(0), bits(0)) == (bits(1), 0)
    assert single(body, bits(1), bits(0), bits(1)) == (INF, DZ)


def test_what_is_never_assigned_raises_nothing() -> None:
    assert single("let q = rs1 * rs2; rd = rs1;", bits(2.0**100), bits(2.0**100))[1] == 0


def test_a_nan_beside_opposite_infinities_is_quiet() -> None:
    assert single("rd = rs1 + rs2 + rs3;", INF, INF | 1 << 31, NAN) == (NAN, 0)


def test_posits_raise_no_flags_even_where_nar_is_compared() -> None:
    machine = one("rd: x, rs1: x<posit16>, rs2: x<posit16>", "rd = rs1 < rs2;")
    hart = run(machine, x={1: 0x8000, 2: 0x4000}, rd=3, rs1=1, rs2=2)
    assert (rd(hart), hart.states["fflags"][0]) == (0, 0)


# Functions of numbers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "a", "b", "expected"),
    [
        ("minimum(rs1, rs2)", bits(-0.0), bits(0), bits(-0.0)),
        ("maximum(rs1, rs2)", bits(-0.0), bits(0), bits(0)),
        ("minimum(rs1, rs2)", NAN, bits(3), bits(3)),
        ("maximum(rs1, rs2)", NAN, NAN, NAN),
        ("abs(rs1)", bits(-2.5), 0, bits(2.5)),
        ("sign(rs1)", bits(-2.5), 0, bits(-1)),
        ("sign(rs1)", bits(0), 0, bits(0)),
        ("exponent(rs1)", bits(-10), 0, bits(3)),
        ("exponent(rs1 * rs2)", bits(2.0**-100), bits(2.0**-100), bits(-200)),
        ("truncate(rs1, 0)", bits(-2.75), 0, bits(-2)),
        ("truncate(rs1, rs2)", bits(13), bits(2), bits(12)),
        ("truncate(rs1, exponent(rs1) - 1)", bits(15), 0, bits(12)),
        ("log(rs1)", bits(12), 0, bits(3.5)),  # Mitchell: 2^3 * 1.5
        ("antilog(rs1)", bits(3.5), 0, bits(12)),
        ("antilog(log(rs1) / 2)", bits(16), 0, bits(4)),
        ("log(rs1)", bits(0), 0, INF | 1 << 31),
        ("-rs1", bits(0), 0, bits(-0.0)),
        ("rs1 - rs2", bits(1), bits(1), bits(0)),
    ],
)
def test_functions(expression: str, a: int, b: int, expected: int) -> None:
    assert single(f"rd = {expression};", a, b, signature=FF)[0] == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (INF | 1 << 31, 0),
        (bits(-1), 1),
        (1 | 1 << 31, 2),
        (1 << 31, 3),
        (0, 4),
        (1, 5),
        (bits(1), 6),
        (INF, 7),
        (SNAN, 8),
        (NAN, 9),
    ],
)
def test_classify(number: int, expected: int) -> None:
    machine = one("rd: x, rs1: f<fp32>", "rd = unsigned(classify(rs1));")
    assert rd(run(machine, f={1: number}, rd=3, rs1=1)) == 1 << expected


def test_folds_go_over_the_lanes_or_a_range() -> None:
    machine = one(
        "rd: x<i32>, rs1: x<* x i8>, rs2: x",
        "rd = sum(rs1[i] * i for i in 0..4) * 10000 + maximum(rs1[i] for i in rs1) * 100"
        " + minimum(rs1[i] for i in rs1);",
    )
    assert rd(run(machine, x={1: 0x0501_0703}, rd=3, rs1=1)) == (7 + 2 + 15) * 10000 + 700 + 1


def test_bits_is_the_encoding_and_as_reads_one() -> None:
    machine = one("rd: x, rs1: x, rs2: x", "rd = bits(fp32((rs1 as fp32) * (rs2 as fp32)));")
    hart = run(machine, x={1: bits(3), 2: bits(5)}, rd=3, rs1=1, rs2=2)
    assert rd(hart) == bits(15)


def test_bits_of_a_var_that_has_a_format() -> None:
    machine = one(HALF, "var v: fp16 = rs1 + rs2; bits(rd) = {~bits(v)[15], bits(v)[14:0]};")
    hart = run(machine, x={1: half(1), 2: half(2)}, rd=3, rs1=1, rs2=2)
    assert rd(hart) == half(-3)


# Formats --------------------------------------------------------------------------------------

Q7 = "format q7 = fixed(bits: 8, fraction: 7, overflow: saturate, rounding: {});\n"


@pytest.mark.parametrize(
    ("rounding", "a", "b", "expected"),
    [
        ("rne", 0x40, 0x40, 0x20),  # 0.5 * 0.5
        ("rne", 0x80, 0x80, 0x7F),  # -1 * -1 saturates
        ("rne", 0x01, 0x40, 0x00),  # half a unit, to even
        ("rmm", 0x01, 0x40, 0x01),
        ("rdn", 0xFF, 0x01, 0xFF),
        ("rtz", 0xFF, 0x01, 0x00),
    ],
)
def test_fixed_point(rounding: str, a: int, b: int, expected: int) -> None:
    machine = one(
        "rd: x<q7>, rs1: x<q7>, rs2: x<q7>", "rd = rs1 * rs2;", before=Q7.format(rounding)
    )
    assert rd(run(machine, x={1: a, 2: b}, rd=3, rs1=1, rs2=2)) & 0xFF == expected


def test_a_twos_complement_number_is_sign_extended_in_its_register() -> None:
    machine = one("rd: x<q7>, rs1: x<q7>", "rd = -rs1;", before=Q7.format("rne"))
    assert rd(run(machine, x={1: 0x40}, rd=3, rs1=1)) == 0xFFFF_FFC0


@pytest.mark.parametrize(("format", "expected"), [("i8", 0xFFFF_FFFD), ("u8", 0xFD)])
def test_an_integer_is_extended_by_its_sign(format: str, expected: int) -> None:
    machine = one(f"rd: x<{format}>, rs1: x", "rd = -3 + signed(rs1) * 256;")
    assert rd(run(machine, x={1: 7}, rd=3, rs1=1)) == expected


def test_other_numbers_are_zero_extended() -> None:
    machine = one(HALF, "rd = rs1;")
    assert rd(run(machine, x={1: 0xFFFF_8000}, rd=3, rs1=1)) == 0x8000


def test_the_bits_above_a_number_are_ignored_where_nothing_is_boxed() -> None:
    machine = one("rd: x<i32>, rs1: x<i8>", "rd = rs1;")
    assert rd(run(machine, x={1: 0x1234_5680}, rd=3, rs1=1)) == 0xFFFF_FF80


def test_a_saturating_integer_with_flags() -> None:
    machine = one("rd: x<w32>, rs1: f<fp32>", "rd = rs1;")
    hart = run(machine, f={1: bits(1e10)}, rd=3, rs1=1)
    assert (rd(hart), hart.states["fflags"][0]) == (0x7FFF_FFFF, NV)


def test_an_integer_format_rounds_by_frm_unless_it_has_its_own() -> None:
    machine = one("rd: x<i32>, rs1: x<i32>, rs2: x<i32>", "rd = rs1 / rs2;")
    operands = {"x": {1: 7, 2: 2}, "rd": 3, "rs1": 1, "rs2": 2}
    assert rd(run(machine, **operands, states={"frm": RDN})) == 3
    assert rd(run(machine, **operands, states={"frm": RUP})) == 4
    own = one("rd: x<quotient>, rs1: x<i32>, rs2: x<i32>", "rd = rs1 / rs2;")
    assert rd(run(own, **operands, states={"frm": RUP})) == 3


def test_posits_in_integer_registers() -> None:
    machine = one("rd: x<posit16>, rs1: x<posit16>, rs2: x<posit16>", "rd = rs1 * rs2 + 1;")
    assert rd(run(machine, x={1: 0x4000, 2: 0x4000}, rd=3, rs1=1, rs2=2)) == 0x4800  # 1 * 1 + 1


def test_posits_in_boxed_registers() -> None:
    machine = one("rd: f<posit16>, rs1: f<posit16>", "rd = rs1;")
    assert rd(run(machine, f={1: 0xFFFF_4000}, rd=3, rs1=1), "f") == 0xFFFF_4000
    assert rd(run(machine, f={1: 0x0000_4000}, rd=3, rs1=1), "f") == 0xFFFF_8000  # not boxed: NaR


def test_a_format_chosen_at_run_time() -> None:
    before = "format narrow = choose pick { fp16, bf16 };\n"
    machine = one(
        "rd: x<narrow>, rs1: x<narrow>",
        "rd = rs1 + rs1;",
        before=before,
        members="state pick: bits(1);",
    )
    assert rd(run(machine, x={1: half(1.5)}, rd=3, rs1=1)) == half(3)
    chosen = run(machine, x={1: bits(1.5) >> 16}, states={"pick": 1}, rd=3, rs1=1)
    assert rd(chosen) == bits(3) >> 16


def test_a_state_of_a_chosen_format() -> None:
    machine = one(
        "rs1: x<narrow>",
        "acc = acc + rs1;",
        before="format narrow = choose pick { fp16, bf16 };\n",
        members="state pick: bits(1); state acc: narrow;",
    )
    hart = run(machine, x={1: bits(2) >> 16}, states={"pick": 1, "acc": bits(3) >> 16}, rs1=1)
    assert hart.states["acc"] == [bits(5) >> 16]


def test_a_quire_never_rounds() -> None:
    machine = one(
        "rs1: x<posit16>, rs2: x<posit16>",
        "acc = acc + rs1 * rs2;",
        before="format quire16 = quire(posit16);\n",
        members="state acc: quire16;",
    )
    minpos = run(machine, x={1: 1, 2: 1}, rs1=1, rs2=2)
    assert minpos.states["acc"] == [1]
    assert machine.states["acc"].width == 256


def test_stochastic_rounding_compares_what_is_cut_off_with_the_bits_drawn() -> None:
    body = "rd = rs1 with stochastic(bits(rs2)[3:0]);"
    third = bits(1 + 2**-10 * 0.3)  # 4 of 16 of the gap to the next half, and a bit
    for draw in range(16):
        up = draw < 4
        machine = one("rd: f<fp16>, rs1: f<fp32>, rs2: f<fp32>", body)
        hart = run(machine, f={1: third, 2: draw}, rd=3, rs1=1, rs2=2)
        assert rd(hart, "f") & 0xFFFF == 0x3C00 + up
        assert hart.states["fflags"][0] == NX
    minus = one("rd: f<fp16>, rs1: f<fp32>, rs2: f<fp32>", body)
    hart = run(minus, f={1: third | 1 << 31, 2: 3}, rd=3, rs1=1, rs2=2)
    assert rd(hart, "f") & 0xFFFF == 0xBC01  # away from zero


def test_an_array_starts_from_a_value_by_element() -> None:
    machine = one("rd: x", "rd = seeds[3];", members="state seeds[4]: bits(32) = 0x10 + i for i;")
    assert machine.states["seeds"].reset == (0x10, 0x11, 0x12, 0x13)
    assert rd(run(machine, rd=3)) == 0x13
