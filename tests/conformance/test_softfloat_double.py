"""RV32D executed against Berkeley SoftFloat: values and flags, in all rounding modes, each static
and dynamic; and singles in registers of 64 bits."""

import itertools
from random import Random

import pytest
import softfloatpy as softfloat

from .single import Single
from .values import Values, special_classes

SINGLE = Single("rv32imfdc_zicsr_zifencei")
FP64, FP32 = SINGLE.machine.formats["fp64"], SINGLE.machine.formats["fp32"]
SPECIALS = list(itertools.chain.from_iterable(special_classes(FP64.format)))
# For triples: zeros, subnormals, normals at the edges, one, infinities and NaNs.
FEW_SPECIALS = [
    sign | magnitude
    for sign in (0, 1 << 63)
    for magnitude in (
        *(0x0000000000000000, 0x0000000000000001, 0x000FFFFFFFFFFFFF, 0x0010000000000000),
        *(0x3FF0000000000000, 0x3FF0000000000001, 0x7FEFFFFFFFFFFFFF, 0x7FF0000000000000),
        *(0x7FF8000000000000, 0x7FF0000000000001),
    )
]
SIGN, INFINITY, CANONICAL_NAN = 1 << 63, 0x7FF0000000000000, 0x7FF8000000000000
BOX, SINGLE_NAN = 0xFFFFFFFF << 32, 0x7FC00000
NV = 16
MODES = {
    0: softfloat.RoundingMode.NEAR_EVEN,
    1: softfloat.RoundingMode.MIN_MAG,
    2: softfloat.RoundingMode.MIN,
    3: softfloat.RoundingMode.MAX,
    4: softfloat.RoundingMode.NEAR_MAX_MAG,
}
DYNAMIC = 7
RANDOM = 1500


@pytest.fixture(params=MODES, ids=["rne", "rtz", "rdn", "rup", "rmm"])
def mode(request):
    softfloat.set_rounding_mode(MODES[request.param])
    softfloat.set_tininess_mode(softfloat.TininessMode.AFTER_ROUNDING)
    return request.param


def number(code):
    return softfloat.Float64.from_bytes(code.to_bytes(8))


def single(code):
    return softfloat.Float32.from_bytes(code.to_bytes(4))


def code_of(found):
    return int.from_bytes(found.to_bytes())


def binary(function):
    return lambda a, b: code_of(function(number(a), number(b)))


def fused(negate_product, negate_addend):
    """The manual's four: the signs of the product and of the addend are chosen, then one fma."""

    def multiply_add(a, b, c):
        a, c = a ^ SIGN * negate_product, c ^ SIGN * negate_addend
        return code_of(softfloat.f64_mul_add(number(a), number(b), number(c)))

    return multiply_add


ARITHMETIC = {
    "fadd.d": (2, binary(softfloat.f64_add)),
    "fsub.d": (2, binary(softfloat.f64_sub)),
    "fmul.d": (2, binary(softfloat.f64_mul)),
    "fdiv.d": (2, binary(softfloat.f64_div)),
    "fsqrt.d": (1, lambda a: code_of(softfloat.f64_sqrt(number(a)))),
    "fmadd.d": (3, fused(False, False)),
    "fmsub.d": (3, fused(False, True)),
    "fnmsub.d": (3, fused(True, False)),
    "fnmadd.d": (3, fused(True, True)),
}
COMPARISONS = {
    "feq.d": lambda a, b: softfloat.f64_eq(number(a), number(b)),
    "flt.d": lambda a, b: softfloat.f64_lt(number(a), number(b)),
    "fle.d": lambda a, b: softfloat.f64_le(number(a), number(b)),
}


def bound_in(mode, mnemonic, **fields):
    """The instruction with the mode in its rm field and with the mode in frm, in turn; the frm that
    must not count is another one."""
    static, dynamic = (SINGLE.bind(mnemonic, rm=rm, **fields) for rm in (mode, DYNAMIC))
    return itertools.cycle([(static, (mode + 1) % 5), (dynamic, mode)])


def check(bound, operands, sources, results, expected):
    """Execute on each tuple of operands; `expected` gives the result and may set flags."""
    count = 0
    for (instruction, frm), codes in zip(bound, operands, strict=False):
        sources[1 : len(codes) + 1] = codes
        SINGLE.states["frm"][0] = frm
        SINGLE.execute(instruction)
        softfloat.set_exception_flags(0)
        result = expected(*codes)
        ours = results[5], SINGLE.flags()
        assert ours == (result, softfloat.get_exception_flags()), [hex(code) for code in codes]
        count += 1
    return count


def fields_of(arity):
    return {"rd": 5} | {f"rs{number}": number for number in range(1, arity + 1)}


def random_numbers(arity, count, seed, format=FP64):
    values = Values(Random(seed))
    return [values.numbers(format, arity) for _ in range(count)]


# Arithmetic -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mnemonic", ARITHMETIC)
def test_arithmetic(mnemonic, mode):
    arity, function = ARITHMETIC[mnemonic]
    specials = itertools.product(FEW_SPECIALS if arity == 3 else SPECIALS, repeat=arity)
    operands = [*specials, *random_numbers(arity, RANDOM, seed=1)]
    bound = bound_in(mode, mnemonic, **fields_of(arity))
    crossed = {1: 34, 2: 34**2, 3: 20**3}[arity]
    assert check(bound, operands, SINGLE.f, SINGLE.f, function) == crossed + RANDOM


@pytest.mark.sweep
@pytest.mark.parametrize("mnemonic", ARITHMETIC)
def test_much_arithmetic(mnemonic, mode):
    arity, function = ARITHMETIC[mnemonic]
    operands = random_numbers(arity, 200_000, seed=2)
    bound = bound_in(mode, mnemonic, **fields_of(arity))
    assert check(bound, operands, SINGLE.f, SINGLE.f, function) == 200_000


@pytest.mark.parametrize("mnemonic", COMPARISONS)
def test_comparisons(mnemonic, mode):
    operands = [*itertools.product(SPECIALS, repeat=2), *random_numbers(2, RANDOM, seed=3)]
    bound = itertools.repeat((SINGLE.bind(mnemonic, **fields_of(2)), mode))
    expected = COMPARISONS[mnemonic]
    assert check(bound, operands, SINGLE.f, SINGLE.x, expected) == 34**2 + RANDOM


# Conversions ------------------------------------------------------------------------------------


def around_integers():
    """Every power of two up to 2^33, the integers and halves beside it, and their neighbours."""
    for power, quarter in itertools.product(range(-2, 34), range(-6, 7)):
        code = code_of(softfloat.Float64.from_float(2.0**power + quarter / 4))
        for step in (-1, 0, 1):
            yield ((code + step) % (1 << 64),)
            yield ((code + step) % (1 << 64) ^ SIGN,)


@pytest.mark.parametrize(
    ("mnemonic", "function"),
    [("fcvt.w.d", softfloat.f64_to_i32), ("fcvt.wu.d", softfloat.f64_to_ui32)],
)
def test_conversions_to_integers(mnemonic, function, mode):
    specials = [(code,) for code in SPECIALS]
    operands = [*specials, *around_integers(), *random_numbers(1, RANDOM, seed=4)]
    bound = bound_in(mode, mnemonic, rd=5, rs1=1)

    def expected(a):
        return code_of(function(number(a), MODES[mode], True))

    assert check(bound, operands, SINGLE.f, SINGLE.x, expected) == 34 + 36 * 13 * 6 + RANDOM


@pytest.mark.parametrize(
    ("mnemonic", "make", "function"),
    [
        ("fcvt.d.w", softfloat.Int32, softfloat.i32_to_f64),
        ("fcvt.d.wu", softfloat.UInt32, softfloat.ui32_to_f64),
    ],
)
def test_conversions_from_integers(mnemonic, make, function, mode):
    values = Values(Random(5))
    operands = [values.words(32, 1) for _ in range(2 * RANDOM)]
    bound = bound_in(mode, mnemonic, rd=5, rs1=1)

    def expected(a):
        return code_of(function(make.from_bytes(a.to_bytes(4))))

    assert check(bound, operands, SINGLE.x, SINGLE.f, expected) == 2 * RANDOM


def around_singles():
    """Doubles beside singles and halfway between two of them, where they get subnormal or too
    large among others."""
    for (code,) in random_numbers(1, 400, seed=6, format=FP32):
        wide = code_of(softfloat.f32_to_f64(single(code)))
        for step in (0, 1, -1, 1 << 28, (1 << 28) - 1, (1 << 28) + 1, 1 << 29):
            yield ((wide + step) % (1 << 64),)


def test_doubles_to_singles(mode):
    operands = [*((code,) for code in SPECIALS), *around_singles()]
    operands += random_numbers(1, RANDOM, seed=7)
    bound = bound_in(mode, "fcvt.s.d", rd=5, rs1=1)

    def expected(a):
        found = code_of(softfloat.f64_to_f32(number(a)))
        return BOX | (SINGLE_NAN if a & ~SIGN > INFINITY else found)

    assert check(bound, operands, SINGLE.f, SINGLE.f, expected) == 34 + 7 * 400 + RANDOM


def test_singles_to_doubles(mode):
    specials = [[code] for codes in special_classes(FP32.format) for code in codes]
    codes = [*specials, *random_numbers(1, 2 * RANDOM, seed=8, format=FP32)]
    bound = bound_in(mode, "fcvt.d.s", rd=5, rs1=1)

    def expected(a):
        found = code_of(softfloat.f32_to_f64(single(a & 0xFFFFFFFF)))
        return CANONICAL_NAN if found & ~SIGN > INFINITY else found

    operands = [(BOX | code,) for (code,) in codes]
    assert check(bound, operands, SINGLE.f, SINGLE.f, expected) == 34 + 2 * RANDOM


# Modelled from the manual -----------------------------------------------------------------------


def is_nan(code):
    return code & ~SIGN > INFINITY


def is_signaling(code):
    return INFINITY < code & ~SIGN < CANONICAL_NAN


def order(code):
    """As an integer that orders like the number, -0 below +0."""
    return ~(code & ~SIGN) if code & SIGN else code


def minimum(a, b, choose=min):
    """20.6: the other operand of a NaN, the canonical NaN of two; NV if one is signaling."""
    if is_signaling(a) or is_signaling(b):
        softfloat.set_exception_flags(NV)
    numbers = [code for code in (a, b) if not is_nan(code)]
    return choose(numbers, key=order) if numbers else CANONICAL_NAN


MODELS = {
    "fmin.d": minimum,
    "fmax.d": lambda a, b: minimum(a, b, max),
    "fsgnj.d": lambda a, b: a & ~SIGN | b & SIGN,
    "fsgnjn.d": lambda a, b: a & ~SIGN | ~b & SIGN,
    "fsgnjx.d": lambda a, b: a ^ b & SIGN,
}


@pytest.mark.parametrize("mnemonic", MODELS)
def test_minimum_maximum_and_signs(mnemonic):
    operands = [*itertools.product(SPECIALS, repeat=2), *random_numbers(2, 2 * RANDOM, seed=9)]
    bound = itertools.repeat((SINGLE.bind(mnemonic, **fields_of(2)), 0))
    expected = MODELS[mnemonic]
    assert check(bound, operands, SINGLE.f, SINGLE.f, expected) == 34**2 + 2 * RANDOM


def classify(code):
    """Table "Format of result of FCLASS instruction"."""
    magnitude, negative = code & ~SIGN, code >= SIGN
    if magnitude > INFINITY:
        return 1 << (9 if magnitude & 1 << 51 else 8)
    for bit, least in [(7, INFINITY), (6, 1 << 52), (5, 1), (4, 0)]:
        if magnitude >= least:
            return 1 << (7 - bit if negative else bit)
    raise AssertionError(code)


def test_classes():
    operands = [*((code,) for code in SPECIALS), *random_numbers(1, 2 * RANDOM, seed=10)]
    bound = itertools.repeat((SINGLE.bind("fclass.d", **fields_of(1)), 0))
    assert check(bound, operands, SINGLE.f, SINGLE.x, classify) == 34 + 2 * RANDOM
    assert {classify(code) for (code, *_) in operands} == {1 << bit for bit in range(10)}
