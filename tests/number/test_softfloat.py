"""fp16 and fp32 against Berkeley SoftFloat with RISC-V's rules: values and flags, all modes."""

import itertools
import random

import pytest
import softfloatpy as softfloat

from rvx.number import (
    NV,
    Fixed,
    Float,
    Rounding,
    add,
    compare,
    from_integer,
    multiply,
    quotient,
    resolve,
    root,
    subtract,
)

FP16 = Float(exponent=5, fraction=10)
FP32 = Float(exponent=8, fraction=23)
FORMATS = {"f16": (FP16, softfloat.Float16), "f32": (FP32, softfloat.Float32)}
MODES = {
    Rounding.RNE: softfloat.RoundingMode.NEAR_EVEN,
    Rounding.RTZ: softfloat.RoundingMode.MIN_MAG,
    Rounding.RDN: softfloat.RoundingMode.MIN,
    Rounding.RUP: softfloat.RoundingMode.MAX,
    Rounding.RMM: softfloat.RoundingMode.NEAR_MAX_MAG,
}
OPERATIONS = {
    "add": (2, add),
    "sub": (2, subtract),
    "mul": (2, multiply),
    "div": (2, quotient),
    "sqrt": (1, root),
    "mul_add": (3, lambda a, b, c: add(multiply(a, b), c)),
}


@pytest.fixture(params=MODES, ids=lambda mode: mode.name)
def mode(request):
    softfloat.set_rounding_mode(MODES[request.param])
    softfloat.set_tininess_mode(softfloat.TininessMode.AFTER_ROUNDING)
    return request.param


def theirs(function, *operands):
    """Run one SoftFloat function: its result as an integer, and the flags."""
    softfloat.set_exception_flags(0)
    result = function(*operands)
    return int.from_bytes(result.to_bytes()), softfloat.get_exception_flags()


def specials(format):
    """Zeros, subnormals, normals at the edges, one, infinities, quiet and signaling NaNs."""
    one = format.encode(from_integer(1), Rounding.RNE)[0]
    normal, largest = 1 << format.fraction, format.max_code
    magnitudes = [
        0, 1, 2, normal - 1, normal, normal + 1, one - 1, one, one + 1, one + normal // 2,
        largest - 1, largest, largest + 1, largest + 2, format.canonical_nan,
        format.canonical_nan + 1,
    ]  # fmt: skip
    sign = 1 << format.bits - 1
    return [sign * negative | magnitude for negative in (0, 1) for magnitude in magnitudes]


def random_operands(format, arity, seed):
    """Half uniform in the code, half with exponents so near that sums cancel."""
    generator = random.Random(seed)
    bits, fraction = format.bits, format.fraction
    for index in itertools.count():
        codes = [generator.getrandbits(bits) for _ in range(arity)]
        if index % 2:
            field = generator.randrange(1, (1 << format.exponent) - 1)
            codes = [
                code & ~(((1 << format.exponent) - 1) << fraction)
                | min(max(field + generator.randint(-2, 2), 0), (1 << format.exponent) - 2)
                << fraction
                for code in codes
            ]
        yield tuple(codes)


def check(name, operation, mode, operands):
    format, make = FORMATS[name]
    _, ours = OPERATIONS[operation]
    function = getattr(softfloat, f"{name}_{operation}")
    size = format.bits // 8
    known = {}
    count = 0
    for codes in operands:
        for code in codes:
            if code not in known:
                known[code] = make.from_bytes(code.to_bytes(size)), format.decode(code)
        expected = theirs(function, *(known[code][0] for code in codes))
        result = format.encode(ours(*(known[code][1] for code in codes)), mode)
        assert result == expected, [hex(code) for code in codes]
        count += 1
    return count


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name", FORMATS)
def test_special_values_crossed(name, operation, mode):
    codes = specials(FORMATS[name][0])
    arity, _ = OPERATIONS[operation]
    crossed = itertools.product(codes, repeat=arity)
    assert check(name, operation, mode, crossed) == 32**arity


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name", FORMATS)
def test_random_operands(name, operation, mode):
    arity, _ = OPERATIONS[operation]
    operands = itertools.islice(random_operands(FORMATS[name][0], arity, seed=1), 4000)
    assert check(name, operation, mode, operands) == 4000


@pytest.mark.sweep
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name", FORMATS)
def test_many_random_operands(name, operation, mode):
    arity, _ = OPERATIONS[operation]
    operands = itertools.islice(random_operands(FORMATS[name][0], arity, seed=2), 400_000)
    assert check(name, operation, mode, operands) == 400_000


def test_every_fp16_root(mode):
    assert check("f16", "sqrt", mode, ((code,) for code in range(1 << 16))) == 1 << 16


def test_every_fp16_widens(mode):
    for code in range(1 << 16):
        operand = softfloat.Float16.from_bytes(code.to_bytes(2))
        assert FP32.encode(FP16.decode(code), mode) == theirs(softfloat.f16_to_f32, operand)


def test_fp32_narrows(mode):
    codes = [code for (code,) in itertools.islice(random_operands(FP32, 1, seed=3), 10_000)]
    codes += [code >> 3 | 0x38000000 for code in codes] + specials(FP32)
    for code in codes:
        operand = softfloat.Float32.from_bytes(code.to_bytes(4))
        assert FP16.encode(FP32.decode(code), mode) == theirs(softfloat.f32_to_f16, operand)


@pytest.mark.parametrize("signed", [True, False])
def test_fp32_converts_to_integers(signed, mode):
    word = Fixed(bits=32, signed=signed, overflow="saturate", flags=True)
    function = softfloat.f32_to_i32 if signed else softfloat.f32_to_ui32
    codes = [code for (code,) in itertools.islice(random_operands(FP32, 1, seed=4), 4000)]
    codes += [0x3E000000 + (code >> 4) for code in codes]  # from 1/8 on
    codes += [(126 + power << 23) + step & 0xFFFFFFFF
              for power in range(36) for step in range(-2, 3)]  # fmt: skip
    codes += [code ^ 1 << 31 for code in codes] + specials(FP32)
    for code in codes:
        softfloat.set_exception_flags(0)
        operand = softfloat.Float32.from_bytes(code.to_bytes(4))
        result = function(operand, MODES[mode], True)
        expected = int.from_bytes(result.to_bytes()), softfloat.get_exception_flags()
        assert word.encode(FP32.decode(code), mode) == expected, hex(code)


@pytest.mark.parametrize("signed", [True, False])
def test_integers_convert_to_fp32(signed, mode):
    word = Fixed(bits=32, signed=signed, overflow="saturate", flags=True)
    make, function = (
        (softfloat.Int32, softfloat.i32_to_f32) if signed else (softfloat.UInt32,
                                                                softfloat.ui32_to_f32)
    )  # fmt: skip
    generator = random.Random(5)
    codes = [generator.getrandbits(generator.randint(1, 32)) for _ in range(4000)]
    for code in [*codes, 0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]:
        expected = theirs(function, make.from_bytes(code.to_bytes(4)))
        assert FP32.encode(word.decode(code), mode) == expected


@pytest.mark.parametrize("name", FORMATS)
def test_comparisons(name):
    format, make = FORMATS[name]
    quiet, signaling = (getattr(softfloat, f"{name}_{suffix}") for suffix in ("eq", "lt"))
    for a, b in itertools.product(specials(format), repeat=2):
        x, y = format.decode(a), format.decode(b)
        order = compare(x, y)
        pending = resolve(x).flags | resolve(y).flags
        left, right = (make.from_bytes(code.to_bytes(format.bits // 8)) for code in (a, b))
        softfloat.set_exception_flags(0)
        assert (order == 0) == quiet(left, right)
        assert pending == softfloat.get_exception_flags()
        softfloat.set_exception_flags(0)
        assert (order == -1) == signaling(left, right)
        assert pending | (NV if order is None else 0) == softfloat.get_exception_flags()
