"""Every kernel in C against its golden result, at sizes that are multiples of nothing."""

import numpy as np
import pytest

from rvx.bench import KERNELS, BenchError, run_bench, systems_of
from rvx.bench.golden.answer import Answer, exactly
from rvx.bench.kernels import elementwise

SIZES = {
    1: ["7", "1", "33"],
    2: ["3,7", "1", "9,10"],
    3: ["5,3,7", "1", "9,13,6"],
    5: ["5,7,3,3,2", "4,4,5,1,3", "6,6,4,3,3"],
    6: ["5,7,3,3,2,5", "1", "6,4,5,3,3,2"],
}
IN_C = [name for name, kernel in KERNELS.items() if kernel.sources]
CASES = [(name, system.name) for name in IN_C for system in systems_of(KERNELS[name])]
IN_FP32 = [name for name in IN_C if "fp32" in [s.name for s in systems_of(KERNELS[name])]]
QUICK = [(name, "fp32") for name in IN_FP32]
QUICK += [("conv2d_forward", "vsq4"), ("forward", "mxfp6"), ("weight_gradient", "nvfp4")]
QUICK += [("softmax_cross_entropy", "mxfp8")]
QUICK += [("input_gradient", "ibm4"), ("weight_gradient", "luq4"), ("mxgemm", "mxfp8")]
QUICK += [
    ("layernorm_forward", "fp8"),
    ("forward", "fp16"),
    ("forward", "bf16"),
    ("input_gradient", "fp8alt_64"),
    ("softmax_cross_entropy", "posit32"),
    ("conv2d_input_gradient", "posit16"),
    ("weight_gradient", "posit8"),
    ("adam", "posit8"),
    ("gelu_backward", "bposit32"),
]


def run(name, system, size):
    kernel = KERNELS[name]
    return run_bench(kernel, [kernel.size(size)], core="single", systems=[system])[-1]


@pytest.mark.parametrize(("name", "system"), QUICK)
def test_an_odd_size(name, system):
    result = run(name, system, SIZES[len(KERNELS[name].dimensions)][0])
    assert (result.kernel, result.system) == (name, system)
    assert all(np.isfinite(out.matrix.values).all() for out in result.arrays.outputs.values())


@pytest.mark.sweep
@pytest.mark.parametrize(("name", "system"), CASES)
def test_more_sizes(name, system):
    for size in SIZES[len(KERNELS[name].dimensions)]:
        run(name, system, size)


@pytest.mark.parametrize("wrong", [exactly, lambda values: Answer(values, np.abs(values), 1)])
def test_a_wrong_result_is_refused(monkeypatch, wrong):
    (kernel,) = (kernel for kernel in elementwise.KERNELS if kernel.name == "axpy")

    def golden(size, inputs, rounded):
        right = kernel.golden(size, inputs, rounded)["y"].values
        return {"y": wrong(right * (1 + 2.0**-20))}

    mutant = type(kernel)(**{**vars(kernel), "golden": golden})
    with pytest.raises(BenchError, match="rounding explains no more than"):
        run_bench(mutant, [mutant.size("9")], core="single", systems=["fp32"])
