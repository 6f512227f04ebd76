"""Every bit of every element, at sizes with every kind of edge."""

import functools

import pytest
from gemm_golden import golden

from rvx.bench import VARIANT_NAMES, BenchError, Size, run_bench

SIZES = [
    Size(1, 1, 1),
    Size(4, 4, 4),
    Size(5, 7, 3),
    Size(9, 6, 13),
    Size(1, 6, 17),  # one row; two blocks of steps, the first entered at its last step
    Size(6, 1, 32),  # one column; whole blocks
    Size(4, 8, 80),  # FP8: a block and a quarter
    Size(4, 4, 128),  # FP8: two whole blocks
]


@functools.cache
def results(size):
    return {result.variant: result for result in run_bench([size], seed=5, core="single")}


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("variant", VARIANT_NAMES)
def test_every_bit_is_as_defined(variant, size):
    arrays = results(size)[variant].arrays
    a, bt = (operand.codes for operand in arrays.operands)
    assert arrays.result.codes.tolist() == golden(variant, a, bt).tolist()


def test_blocking_does_not_change_fp32():
    for size in SIZES:
        tiles, dots = (results(size)[name].arrays.result.codes for name in ("fp32", "fp32_dot"))
        assert tiles.tolist() == dots.tolist()


def test_the_seed_decides_the_operands():
    def inputs(seed):
        (result,) = run_bench([Size(2, 2, 2)], seed=seed, variants=["fp32"], core="single")
        return result.arrays.inputs[0].tolist()

    assert inputs(1) == inputs(1)
    assert inputs(1) != inputs(2)


def test_the_baseline_always_runs_first():
    chosen = run_bench([Size(2, 2, 2)], variants=["fp8"], core="single")
    assert [result.variant for result in chosen] == ["fp32", "fp8"]
    assert chosen[0].speedup == 1.0
    assert chosen[1].speedup == chosen[0].cycles / chosen[1].cycles


def test_an_unknown_variant_is_named():
    with pytest.raises(BenchError, match="gemm has no variant 'fp9'; it has fp32, fp32_dot, fp8"):
        run_bench([Size(2, 2, 2)], variants=["fp9"])


@pytest.mark.parametrize("text", ["", "0", "1,2", "4,4,x", "3,-1,2"])
def test_a_bad_size_is_named(text):
    with pytest.raises(BenchError, match=f"size '{text}' is not M,N,K"):
        Size.parse(text)


def test_sizes_are_read():
    assert Size.parse("16") == Size(16, 16, 16)
    assert Size.parse("1,2,3") == Size(1, 2, 3)
