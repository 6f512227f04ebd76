"""Single faults in the engines: `rvx verify` finds each, and shows a counter-example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from rvx.asm import form, slot
from rvx.asm.disassembler import _Disassembler
from rvx.description import load_machine
from rvx.jit import host, lowering, truth, word
from rvx.jit.number import accumulate, round_float, rule_round
from rvx.jit.text import Function
from rvx.model.encoding import Field
from rvx.model.machine import ImmediateOperand
from rvx.number import NV, Fixed, Float, Posit, Rounding, floating, posit, real
from rvx.number.real import NAN, OPEN_ZERO, QUIET_NAN
from rvx.reference import arithmetic
from rvx.verify.instruction.verifier import Settings, Verifier

from .found import found

ALL = "rv32imfdb_zicsr_xposit"
DOT = "rv32imf_xdotp"
NATIVE, EXACT = "the JIT (", "the reference differs from the exact evaluation"
Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Fault:
    """A patch, and what the counter-example of an instruction shows."""

    patch: Patch
    isa: str
    mnemonic: str
    shows: tuple[str, ...]


FAULTS: dict[str, Fault] = {}


def fault(isa: str, mnemonic: str, *shows: str) -> Callable[[Patch], Patch]:
    """The function that is decorated makes the fault."""

    def register(patch: Patch) -> Patch:
        FAULTS[patch.__name__] = Fault(patch, isa, mnemonic, (mnemonic, *shows))
        return patch

    return register


def replaced(to: pytest.MonkeyPatch, owner: object, name: str, make: Callable[..., Any]) -> None:
    """Call `make` with the function and its arguments in the place of the function."""
    of = getattr(owner, name)
    to.setattr(owner, name, lambda *given, **named: make(of, *given, **named))


# Native code ------------------------------------------------------------------------------------


@fault(ALL, "fadd.s", NATIVE, "frm = 0x")
def rounds_up_for_down(to):
    up, down = host._CONTROL[Rounding.RUP], host._CONTROL[Rounding.RDN]
    to.setitem(host._CONTROL, Rounding.RUP, down)
    to.setitem(host._CONTROL, Rounding.RDN, up)


@fault(ALL, "fmul.s", NATIVE, "fflags:", "NX")
def lacks_inexact(to):
    to.setattr(host, "_FLAGS", host._FLAGS[:-1])


@fault(ALL, "fmul.d", NATIVE, "fflags:", "UF|NX", "OF|NX")
def swaps_overflow_and_underflow(to):
    to.setattr(host, "_FLAGS", ((0, 16), (2, 8), (3, 2), (4, 4), (5, 1)))


@fault(DOT, "vfdotpex.h.b", NATIVE)
def rounds_ties_away(to):
    def make(of, self, *given):
        away = Rounding.RMM if self.mode is Rounding.RNE else self.mode
        return of(replace(self, mode=away), *given)

    replaced(to, rule_round.DoubleToFloat, "_increment", make)


@fault(ALL, "fmul.s", NATIVE)
def loses_sticky_bits(to):
    def make(of, out, width, value, amount):
        return out.op("lshr", width, value, out.resize(amount, 32, width))

    replaced(to, round_float, "shift_jamming", make)


@fault(DOT, "vfdotpex.h.b", NATIVE, "[0, ")
def reads_another_lane(to):
    def make(of, at, value, high, low):
        return of(at, value, high - 8, 0) if low == 8 else of(at, value, high, low)

    replaced(to, word, "_slice", make)


@fault(ALL, "fsgnj.s", NATIVE, "not boxed: NaN")
def does_not_look_at_the_box(to):
    def make(of, at, boxed, canonical, width):
        return at.out.resize(at.word(boxed), boxed.width, width)

    replaced(to, word, "_unbox", make)


@fault(ALL, "sra", NATIVE, "x")
def shifts_zeros_in(to):
    replaced(to, word, "shift", lambda of, at, op, *rest: of(at, op.replace("a", "l"), *rest))


@fault(ALL, "slt", NATIVE, "expected 0x0000000")
def compares_without_sign(to):
    to.setitem(truth.SIGNED, "<", "ult")


@fault(ALL, "bgeu", NATIVE, "pc:")
def does_not_branch_where_equal(to):
    to.setitem(truth.UNSIGNED, ">=", "ugt")


@fault(ALL, "xori", NATIVE)
def has_the_immediate_one_off(to):
    def make(of, at, e):
        if isinstance(e, word.ir.FieldValue) and e.operand == "imm":
            return str((at.fields[e.operand] + 1) & (1 << e.width) - 1)
        return of(at, e)

    replaced(to, word, "lower", make)


@fault(ALL, "qmsub.s", NATIVE, "quire:")
def adds_to_the_quire_for_subtracting(to):
    replaced(to, accumulate, "negative", lambda of, out, number: number)


@fault(ALL, "jal", NATIVE, "expected 0x80008004", "got      0x80008002")
def links_too_low(to):
    of = lowering.Lowering.__init__
    to.setattr(
        lowering.Lowering, "__init__", lambda self, *a, **k: of(self, *a, **k | {"length": 2})
    )


@fault(ALL, "remu", NATIVE)
def divides_for_the_remainder(to):
    def make(of, self, op, *rest):
        return of(self, "udiv" if op == "urem" else op, *rest)

    of = Function.op
    to.setattr(Function, "op", lambda self, *given: make(of, self, *given))


# The reference and its arithmetic ---------------------------------------------------------------


@fault(ALL, "fadd.s", EXACT, "frm = 0x4")
def rounds_ties_toward_zero(to):
    def make(of, magnitude, shift, mode, negative):
        tie = shift > 0 and magnitude & (1 << shift) - 1 == 1 << shift - 1
        wrong = Rounding.RTZ if tie and mode is Rounding.RMM else mode
        return of(magnitude, shift, wrong, negative)

    replaced(to, floating, "round_magnitude", make)


@fault(ALL, "fmul.d", EXACT, "expected 0x01   NX", "got      0x03   UF|NX")
def is_tiny_before_rounding(to):
    def wrong(self, code, magnitude, exponent, mode, negative):
        return magnitude.bit_length() - 1 + exponent < self.emin

    to.setattr(Float, "_is_tiny", wrong)


@fault(ALL, "fadd.s", EXACT, "a signaling NaN", "expected 0x10   NV", "got      0x00   0")
def takes_every_nan_for_quiet(to):
    of = Float._decode_special

    def wrong(self, *given):
        found = of(self, *given)
        return QUIET_NAN if found.kinds == NAN else found

    to.setattr(Float, "_decode_special", wrong)


@fault(ALL, "fadd.s", EXACT, "expected 0xffffffff7fc00000   NaN", "got      0xffffffff7fc00001")
def keeps_a_payload(to):
    of = Float.encode

    def wrong(self, value, mode):
        code, flags = of(self, value, mode)
        return code | (value.kinds & NAN > 0), flags

    to.setattr(Float, "encode", wrong)


@fault(ALL, "fmin.d", EXACT, "expected 0x8000000000000000   -0")
def takes_zeros_for_equal(to):
    to.setattr(real, "_zero_sign", lambda a: 0)


@fault(ALL, "fsub.s", EXACT, "frm = 0x2", "-0")
def makes_no_negative_zero(to):
    of = Float._encode_special

    def wrong(self, value, mode):
        return of(self, value, Rounding.RNE if value.kinds == OPEN_ZERO else mode)

    to.setattr(Float, "_encode_special", wrong)


@fault(ALL, "divu", EXACT, "expected 0xffffffff", "got      0x00000000")
def divides_by_zero_to_zero(to):
    wrong = lambda a, b, width: lambda: a() // d if (d := b()) else 0  # noqa: E731
    to.setitem(arithmetic.WORD, "/", wrong)


@fault(ALL, "flt.s", EXACT, "NaN", "expected 0x10   NV")
def compares_quietly(to):
    replaced(to, arithmetic, "comparison", lambda of, op, quiet: of(op, True))


@fault(ALL, "fcvt.w.s", EXACT, "NaN", "expected 0x7fffffff", "got      0x80000000")
def converts_nan_to_the_least(to):
    of = Fixed._special

    def wrong(self, value):
        return (self.low, NV) if value.kinds == NAN else of(self, value)

    to.setattr(Fixed, "_special", wrong)


@fault(ALL, "fcvt.wu.s", EXACT, "expected 0x00000000", "got      0xffffffff")
def wraps_for_saturating(to):
    to.setattr(Fixed, "_narrowed", lambda self, units: units)


@fault(ALL, "pmul.s", EXACT, "expected 0x00000001   2^-120", "got      0x00000000   0")
def rounds_a_posit_to_zero(to):
    of = Posit.encode

    def wrong(self, value, mode):
        code, flags = of(self, value, mode)
        return 0 if code == 1 else code, flags

    to.setattr(Posit, "encode", wrong)


@fault(ALL, "padd.s", EXACT)
def rounds_posit_ties_up(to):
    replaced(
        to, posit, "round_magnitude", lambda of, m, s, mode, negative: of(m, s, Rounding.RMM, False)
    )


# Encoding, decoding, assembling, disassembling --------------------------------------------------


@fault(ALL, "addi", "cannot decode the operands of `addi x", "expected {", "'imm': -")
def decodes_immediates_without_sign(to):
    def wrong(self, bits):
        parts = ((p.value_low, bits >> p.word_low & (1 << p.width) - 1) for p in self.placements)
        return sum(part << low for low, part in parts)

    to.setattr(Field, "decode", wrong)


@fault(ALL, "sub", "cannot assemble `sub x", "expected 0x4", "got      0x4")
def assembles_the_next_register(to):
    of = slot.RegisterSlot._placed
    to.setattr(slot.RegisterSlot, "_placed", lambda self, index, *rest: of(self, index ^ 1, *rest))


@fault(ALL, "andi", "cannot assemble what was disassembled, `andi ")
def prints_immediates_one_off(to):
    of = _Disassembler._operand

    def wrong(self, operand, fields):
        text = of(self, operand, fields)
        return str(int(text, 0) + 1) if isinstance(operand, ImmediateOperand) else text

    to.setattr(_Disassembler, "_operand", wrong)


@fault(ALL, "xor", "cannot assemble what was disassembled, `xor ")
def prints_operands_in_reverse(to):
    of = _Disassembler._line

    def wrong(self, mnemonic, syntax, fields):
        return of(self, mnemonic, syntax[::-1], fields)

    to.setattr(_Disassembler, "_line", wrong)


@pytest.fixture(autouse=True)
def _forms_of_its_own():
    """The assembler remembers what operands it has seen."""
    form.forms_of.cache_clear()
    yield
    form.forms_of.cache_clear()


# Every third by default, which are of every kind; all in a sweep.
CHOSEN = [
    pytest.param(name, marks=[] if i % 3 == 0 else pytest.mark.sweep)
    for i, name in enumerate(FAULTS)
]


@pytest.mark.parametrize("name", CHOSEN)
def test_a_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = FAULTS[name]
    machine = load_machine(one.isa)
    assert Verifier(machine, Settings(cases=60)).verify(one.mnemonic).fault is None
    form.forms_of.cache_clear()
    one.patch(monkeypatch)
    text = found(machine, one.mnemonic)
    assert not [part for part in one.shows if part not in text], text
