"""RV32F executed against Berkeley SoftFloat: values and flags, in all rounding modes, each static
and dynamic. What SoftFloat has no function for is modelled here, from the manual."""

import itertools
from random import Random

import pytest
import softfloatpy as softfloat

from .single import Single
from .values import Values, special_classes

SINGLE = Single()
FP32 = SINGLE.machine.formats["fp32"]
SPECIALS = list(itertools.chain.from_iterable(special_classes(FP32.format)))
# For triples: zeros, subnormals, normals at the edges, one, infinities and NaNs.
FEW_SPECIALS = [
    sign | magnitude
    for sign in (0, 1 << 31)
    for magnitude in (
        *(0x00000000, 0x00000001, 0x007FFFFF, 0x00800000, 0x3F800000, 0x3F800001),
        *(0x7F7FFFFF, 0x7F800000, 0x7FC00000, 0x7F800001),
    )
]
SIGN, INFINITY, CANONICAL_NAN = 1 << 31, 0x7F800000, 0x7FC00000
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


def binary(function):
    return lambda a, b: function(number(a), number(b))


def fused(negate_product, negate_addend):
    """The manual's four: the signs of the product and of the addend are chosen, then one fma."""

    def multiply_add(a, b, c):
        a, c = a ^ SIGN * negate_product, c ^ SIGN * negate_addend
        return softfloat.f32_mul_add(number(a), number(b), number(c))

    return multiply_add


NUMBERS = {}


def number(code):
    """As SoftFloat's type, remembered."""
    if code not in NUMBERS:
        NUMBERS[code] = softfloat.Float32.from_bytes(code.to_bytes(4))
    return NUMBERS[code]


ARITHMETIC = {
    "fadd.s": (2, binary(softfloat.f32_add)),
    "fsub.s": (2, binary(softfloat.f32_sub)),
    "fmul.s": (2, binary(softfloat.f32_mul)),
    "fdiv.s": (2, binary(softfloat.f32_div)),
    "fsqrt.s": (1, lambda a: softfloat.f32_sqrt(number(a))),
    "fmadd.s": (3, fused(False, False)),
    "fmsub.s": (3, fused(False, True)),
    "fnmsub.s": (3, fused(True, False)),
    "fnmadd.s": (3, fused(True, True)),
}
COMPARISONS = {
    "feq.s": binary(softfloat.f32_eq),
    "flt.s": binary(softfloat.f32_lt),
    "fle.s": binary(softfloat.f32_le),
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


def to_code(function):
    return lambda *codes: int.from_bytes(function(*codes).to_bytes())


def fields_of(arity):
    return {"rd": 5} | {f"rs{number}": number for number in range(1, arity + 1)}


def random_numbers(arity, count, seed):
    values = Values(Random(seed))
    return [values.numbers(FP32, arity) for _ in range(count)]


@pytest.mark.parametrize("mnemonic", ARITHMETIC)
def test_arithmetic(mnemonic, mode):
    arity, function = ARITHMETIC[mnemonic]
    specials = itertools.product(FEW_SPECIALS if arity == 3 else SPECIALS, repeat=arity)
    operands = [*specials, *random_numbers(arity, RANDOM, seed=1)]
    bound = bound_in(mode, mnemonic, **fields_of(arity))
    crossed = {1: 34, 2: 34**2, 3: 20**3}[arity]
    assert check(bound, operands, SINGLE.f, SINGLE.f, to_code(function)) == crossed + RANDOM


@pytest.mark.sweep
@pytest.mark.parametrize("mnemonic", ARITHMETIC)
def test_much_arithmetic(mnemonic, mode):
    arity, function = ARITHMETIC[mnemonic]
    operands = random_numbers(arity, 200_000, seed=2)
    bound = bound_in(mode, mnemonic, **fields_of(arity))
    assert check(bound, operands, SINGLE.f, SINGLE.f, to_code(function)) == 200_000


@pytest.mark.parametrize("mnemonic", COMPARISONS)
def test_comparisons(mnemonic, mode):
    operands = [*itertools.product(SPECIALS, repeat=2), *random_numbers(2, RANDOM, seed=3)]
    bound = itertools.repeat((SINGLE.bind(mnemonic, **fields_of(2)), mode))
    expected = COMPARISONS[mnemonic]
    assert check(bound, operands, SINGLE.f, SINGLE.x, expected) == 34**2 + RANDOM


def around_integers():
    """Every power of two up to 2^33, the integers and halves beside it, and their neighbours."""
    for power, quarter in itertools.product(range(-2, 34), range(-6, 7)):
        code = int.from_bytes(
            softfloat.f64_to_f32(softfloat.Float64.from_float(2.0**power + quarter / 4)).to_bytes()
        )
        for step in (-1, 0, 1):
            yield (code + step & 0xFFFFFFFF,)
            yield (code + step & 0xFFFFFFFF ^ SIGN,)


@pytest.mark.parametrize(
    ("mnemonic", "function"),
    [("fcvt.w.s", softfloat.f32_to_i32), ("fcvt.wu.s", softfloat.f32_to_ui32)],
)
def test_conversions_to_integers(mnemonic, function, mode):
    specials = [(code,) for code in SPECIALS]
    operands = [*specials, *around_integers(), *random_numbers(1, RANDOM, seed=4)]
    expected = to_code(lambda a: function(number(a), MODES[mode], True))
    bound = bound_in(mode, mnemonic, rd=5, rs1=1)
    assert check(bound, operands, SINGLE.f, SINGLE.x, expected) == 34 + 36 * 13 * 6 + RANDOM


@pytest.mark.parametrize(
    ("mnemonic", "make", "function"),
    [
        ("fcvt.s.w", softfloat.Int32, softfloat.i32_to_f32),
        ("fcvt.s.wu", softfloat.UInt32, softfloat.ui32_to_f32),
    ],
)
def test_conversions_from_integers(mnemonic, make, function, mode):
    values = Values(Random(5))
    operands = [values.words(32, 1) for _ in range(2 * RANDOM)]
    expected = to_code(lambda a: function(make.from_bytes(a.to_bytes(4))))
    bound = bound_in(mode, mnemonic, rd=5, rs1=1)
    assert check(bound, operands, SINGLE.x, SINGLE.f, expected) == 2 * RANDOM


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


def maximum(a, b):
    return minimum(a, b, max)


def classify(code):
    """Table "Format of result of FCLASS instruction"."""
    magnitude, negative = code & ~SIGN, code >= SIGN
    if magnitude > INFINITY:
        return 1 << (9 if magnitude & 1 << 22 else 8)
    for bit, least in [(7, INFINITY), (6, 0x00800000), (5, 1), (4, 0)]:
        if magnitude >= least:
            return 1 << (7 - bit if negative else bit)
    raise AssertionError(code)


MODELS = {
    "fmin.s": minimum,
    "fmax.s": maximum,
    "fsgnj.s": lambda a, b: a & ~SIGN | b & SIGN,
    "fsgnjn.s": lambda a, b: a & ~SIGN | ~b & SIGN,
    "fsgnjx.s": lambda a, b: a ^ b & SIGN,
}


@pytest.mark.parametrize("mnemonic", MODELS)
def test_minimum_maximum_and_signs(mnemonic):
    operands = [*itertools.product(SPECIALS, repeat=2), *random_numbers(2, 2 * RANDOM, seed=6)]
    bound = itertools.repeat((SINGLE.bind(mnemonic, **fields_of(2)), 0))
    expected = MODELS[mnemonic]
    assert check(bound, operands, SINGLE.f, SINGLE.f, expected) == 34**2 + 2 * RANDOM


def test_classes():
    operands = [*((code,) for code in SPECIALS), *random_numbers(1, 2 * RANDOM, seed=7)]
    bound = itertools.repeat((SINGLE.bind("fclass.s", **fields_of(1)), 0))
    assert check(bound, operands, SINGLE.f, SINGLE.x, classify) == 34 + 2 * RANDOM
    assert {classify(code) for (code, *_) in operands} == {1 << bit for bit in range(10)}
