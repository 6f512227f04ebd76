"""Engines leave the same bits in every result and take the same cycles."""

import pytest

from rvx.bench import KERNELS, run_bench, systems_of

SIZES = {1: "9", 2: "5,3", 3: "5,3,6", 5: "3,4,3,2,2", 6: "3,4,3,2,2,3"}
CASES = [(kernel.name, s.name) for kernel in KERNELS.values() for s in systems_of(kernel)]
IN_DEFAULT = {"dot", "attention_forward", "softmax_cross_entropy", "weight_gradient"}
BASELINE = CASES[0][1]
PRODUCTS = {"fp16", "fp8", "posit32"}


def quick(kernel, system):
    if kernel == "gemm":
        return system in PRODUCTS
    return kernel in IN_DEFAULT and system == BASELINE


@pytest.mark.parametrize(
    ("name", "system"),
    [
        pytest.param(*case, marks=() if quick(*case) else pytest.mark.sweep, id=" ".join(case))
        for case in CASES
    ],
)
def test_bits_and_cycles_are_the_same(name, system):
    kernel = KERNELS[name]
    size = kernel.size(SIZES.get(len(kernel.dimensions), "3"))
    jit, reference = (
        run_bench(kernel, [size], core="cv32e40p", systems=[system], engine=engine)[-1]
        for engine in ("jit", "reference")
    )
    assert (jit.instret, jit.cycles) == (reference.instret, reference.cycles)
    for output, expected in reference.arrays.outputs.items():
        found = jit.arrays.outputs[output]
        assert found.matrix.rows == expected.matrix.rows, output
