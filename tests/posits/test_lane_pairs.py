"""Operations on two posits: every pair of 8 bits, and many of 16 and 32, on both engines."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from lane_formats import ALL, BOUNDED, BOUNDED8, POSIT8, STANDARD, Lanes, every_pair, some
from lane_program import ENGINES, WIDE, lanes

from rvx.number import Posit, Rounding, add, multiply, quotient, subtract

OPERATIONS = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide}
REFERENCE = {"add": add, "sub": subtract, "mul": multiply, "div": quotient}
EIGHT = [POSIT8, BOUNDED8]
LONGER = [each for each in ALL if each not in EIGHT]


def expected(of: Lanes, operation: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """By Universal, or of bounded posits by the model."""
    if of.oracle is not None:
        with np.errstate(all="ignore"):
            found = OPERATIONS[operation](a.view(of.oracle), b.view(of.oracle))
        return found.view(of.word)
    model = getattr(of.model, operation)
    return np.array([model(x, y) for x, y in zip(a.tolist(), b.tolist(), strict=True)], of.word)


def check(of: Lanes, operation: str, a: np.ndarray, b: np.ndarray, **how: str) -> None:
    found, wanted = lanes(of.name(operation), a, b, **how), expected(of, operation, a, b)
    wrong = np.flatnonzero(found != wanted)
    assert not len(wrong), [
        (hex(a[i]), hex(b[i]), hex(found[i]), hex(wanted[i])) for i in wrong[:5]
    ]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("of", EIGHT, ids=str)
def test_every_pair(of: Lanes, operation: str) -> None:
    check(of, operation, *every_pair(of))


@pytest.mark.sweep
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("of", EIGHT, ids=str)
def test_every_pair_by_the_reference(of: Lanes, operation: str) -> None:
    check(of, operation, *every_pair(of), engine="reference")


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("of", EIGHT, ids=str)
def test_every_pair_again(of: Lanes, operation: str) -> None:
    """Native code remembers results of 8 bits: the second time it gives what it gave at first."""
    pairs = every_pair(of)
    found = lanes(of.name(operation), *(np.tile(codes, 2) for codes in pairs))
    half = len(pairs[0])
    assert (found[:half] == found[half:]).all()
    assert (found[half:] == lanes(of.name(operation), *pairs)).all()


@pytest.mark.parametrize("of", STANDARD, ids=str)
def test_the_model_is_universal(of: Lanes) -> None:
    a, b = some(of, 2000, seed=3)
    for operation in OPERATIONS:
        model = getattr(of.model, operation)
        wanted = expected(of, operation, a, b).tolist()
        assert [model(x, y) for x, y in zip(a.tolist(), b.tolist(), strict=True)] == wanted


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("of", LONGER, ids=str)
def test_pairs(of: Lanes, operation: str) -> None:
    """Fewer of bounded posits: their model takes its time."""
    check(of, operation, *some(of, 8000 if of in BOUNDED else 100_000))


@pytest.mark.sweep
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("of", LONGER, ids=str)
def test_a_million_pairs(of: Lanes, operation: str) -> None:
    """Natively, and by the arithmetic of the reference."""
    a, b = some(of, 1_000_000, seed=1)
    wanted = expected(of, operation, a, b)
    assert (lanes(of.name(operation), a, b) == wanted).all()
    model = of.model
    format, compute = Posit(model.bits, model.es, model.regime), REFERENCE[operation]
    decoded = cache(format.decode)
    for x, y, code in zip(a.tolist(), b.tolist(), wanted.tolist(), strict=True):
        assert format.encode(compute(decoded(x), decoded(y)), Rounding.RNE) == (code, 0)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("of", ALL, ids=str)
def test_pairs_by_the_reference(of: Lanes, operation: str) -> None:
    check(of, operation, *some(of, 2000, seed=2), engine="reference")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("of", ALL, ids=str)
def test_wide_registers(of: Lanes, engine: str) -> None:
    for operation in OPERATIONS:
        check(of, operation, *some(of, 2000, seed=4), engine=engine, isa=WIDE)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("operation", "sign"), [("mac", 1), ("mre", -1)])
@pytest.mark.parametrize("of", ALL, ids=str)
def test_fused(of: Lanes, operation: str, sign: int, engine: str) -> None:
    model, size = of.model, 8000 if engine == "jit" else 2000
    a, b, c = some(of, size, 3, seed=5)
    c[: size // 4] = [  # where the sum cancels, but for the rounding of the product
        model.mul(x, y) * -sign & (1 << model.bits) - 1
        for x, y in zip(a[: size // 4].tolist(), b.tolist(), strict=False)
    ]
    found = lanes(of.name(operation), a, b, c, engine=engine).tolist()
    for x, y, z, code in zip(a.tolist(), b.tolist(), c.tolist(), found, strict=True):
        p, q, r = model.value(x), model.value(y), model.value(z)
        wanted = model.nar if None in (p, q, r) else model.rounded(r + sign * p * q)
        assert code == wanted, (hex(x), hex(y), hex(z))


WORD_MODELS = {
    "min": np.minimum,
    "max": np.maximum,
    "sgnj": lambda a, b: np.where((a < 0) == (b < 0), a, -a),
    "sgnjn": lambda a, b: np.where((a < 0) == (b < 0), -a, a),
    "sgnjx": lambda a, b: np.where(b < 0, -a, a),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("operation", WORD_MODELS)
@pytest.mark.parametrize("of", ALL, ids=str)
def test_what_takes_posits_as_integers(of: Lanes, operation: str, engine: str) -> None:
    a, b = every_pair(of) if engine == "jit" and of in EIGHT else some(of, 4000)
    found = lanes(of.name(operation), a, b, engine=engine)
    assert (
        found.view(of.signed) == WORD_MODELS[operation](a.view(of.signed), b.view(of.signed))
    ).all()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("isa", ["rv32imf_zicsr_xpositvec", WIDE])
@pytest.mark.parametrize(("operation", "model"), [("eq", np.equal), ("lt", np.less),
                                                  ("le", np.less_equal)])  # fmt: skip
@pytest.mark.parametrize("of", ALL, ids=str)
def test_comparisons(of: Lanes, operation: str, model: np.ufunc, isa: str, engine: str) -> None:
    a, b = some(of, 4000)
    found = lanes(of.name(operation), a, b, engine=engine, isa=isa).view(np.uint32)
    truths = model(a.view(of.signed), b.view(of.signed))
    count = (64 if isa == WIDE else 32) // of.model.bits
    wanted = truths.reshape(-1, count) @ (1 << np.arange(count))
    assert (found[:: 2 if isa == WIDE else 1] == wanted).all()
    assert truths.any()
    assert not truths.all()
