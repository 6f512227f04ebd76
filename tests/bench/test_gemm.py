"""Every bit of every element, at sizes with every kind of edge."""

import functools

import pytest
from gemm_golden import golden

from rvx.bench import KERNELS, BenchError, run_bench, systems_of
from rvx.bench.quantize import QUANTIZE

GEMM = KERNELS["gemm"]
NAMES = [system.name for system in systems_of(GEMM) if system.name not in QUANTIZE]


def size(*extents):
    return GEMM.size(",".join(map(str, extents)))


SIZES = [
    size(1, 1, 1),
    size(4, 4, 4),
    size(5, 7, 3),
    size(9, 6, 13),
    size(1, 6, 17),  # one row; two blocks of steps, the first entered at its last step
    size(6, 1, 32),  # one column; whole blocks
    size(4, 8, 80),  # FP8: a block and a quarter
    size(4, 4, 128),  # FP8: two whole blocks
]


# Every system at sizes with edges on all sides and several blocks; at the others, by default, one
# for each kind of program.
ALL_AT = SIZES[3], SIZES[6]
SOME = ("fp32", "fp32_dot", "fp16", "fp8", "fp8_64", "posit32", "posit8")


def cases():
    for of in SIZES:
        for name in NAMES:
            quick = of in ALL_AT or name in SOME
            yield pytest.param(
                name, of, marks=() if quick else pytest.mark.sweep, id=f"{name}-{of}"
            )


@functools.cache
def results(of, names=SOME):
    return {
        result.system: result
        for result in run_bench(GEMM, [of], seed=5, core="single", systems=names)
    }


@pytest.mark.parametrize(("variant", "of"), list(cases()))
def test_every_bit_is_as_defined(variant, of):
    some = of not in ALL_AT and variant in SOME
    arrays = results(of, SOME if some else tuple(NAMES))[variant].arrays
    a, bt = (operand.codes for operand in arrays.operands.values())
    assert arrays.outputs["c"].matrix.codes.tolist() == golden(variant, a, bt).tolist()


def test_blocking_does_not_change_fp32():
    for of in SIZES:
        tiles, dots = (results(of)[name].arrays.outputs["c"] for name in ("fp32", "fp32_dot"))
        assert tiles.matrix.codes.tolist() == dots.matrix.codes.tolist()


def test_the_seed_decides_the_operands():
    def inputs(seed):
        (result,) = run_bench(GEMM, [size(2)], seed=seed, systems=["fp32"], core="single")
        return result.arrays.inputs["a"].tolist()

    assert inputs(1) == inputs(1)
    assert inputs(1) != inputs(2)


def test_the_baseline_always_runs_first():
    chosen = run_bench(GEMM, [size(2)], systems=["fp8"], core="single")
    assert [result.system for result in chosen] == ["fp32", "fp8"]
    assert chosen[0].speedup == 1.0
    assert chosen[1].speedup == chosen[0].cycles / chosen[1].cycles


def test_an_unknown_variant_is_named():
    told = "gemm has no variant 'fp9'; it has fp32, fp32_c, fp32_dot, fp16"
    with pytest.raises(BenchError, match=told):
        run_bench(GEMM, [size(2)], systems=["fp9"])


@pytest.mark.parametrize("text", ["", "0", "1,2", "4,4,x", "3,-1,2"])
def test_a_bad_size_is_named(text):
    with pytest.raises(BenchError, match=f"size '{text}' is not M,N,K"):
        GEMM.size(text)


def test_sizes_are_read():
    assert str(size(16)) == "16x16x16"
    assert str(size(1, 2, 3)) == "1x2x3"
