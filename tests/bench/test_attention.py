"""Attention's bounds: what errors of the scores can do to probabilities, and that a wrong result is
outside. The products after them take what was found."""

from dataclasses import replace

import numpy as np
import pytest

from rvx.bench import KERNELS, BenchError, run_bench, systems_of
from rvx.bench.check import check
from rvx.bench.formats import Formats
from rvx.bench.golden import attention
from rvx.bench.golden.answer import Found
from rvx.bench.matrix import Matrix
from rvx.bench.result import Arrays
from rvx.description import load_machine

BACK = KERNELS["attention_backward"]
QUICK = ("fp32", "fp8")
RANDOM = np.random.default_rng(5)
OFF = 0.01


def drawn(kernel, size):
    random = np.random.default_rng(1)
    return {t.name: t.draw(size, random) for t in kernel.tensors if t.draw is not None}


def as_it_is(values, *role):
    return values


def moved(values):
    return values + OFF * RANDOM.uniform(-1.0, 1.0, values.shape)


def found(results):
    return Found(results, lambda magnitude, terms: np.full_like(magnitude, OFF))


def test_no_error_of_the_scores_moves_probabilities_further_than_said():
    """Every score off by up to OFF, the rest exact."""
    kernel = KERNELS["attention_forward"]
    inputs = drawn(kernel, kernel.size("9,4"))
    exact = attention.attention_forward(inputs, as_it_is)
    bounded = attention.attention_forward(inputs, as_it_is, found({"p": exact["p"].values}))["p"]
    scale = inputs["scale"][0]
    most = 0.0
    for _ in range(200):
        scores = scale * moved(inputs["q"] @ inputs["k"].T)
        difference = np.abs(attention._probabilities(scores) - exact["p"].values)
        assert (difference <= bounded.slack).all()
        inside = bounded.slack > 0
        most = max(most, (difference[inside] / bounded.slack[inside]).max())
    assert most > 0.4  # not much further either


def test_no_error_of_its_product_moves_a_slope_further_than_said():
    inputs = drawn(BACK, BACK.size("9,4"))
    exact = attention.attention_backward(inputs, as_it_is)["ds"].values
    bounded = attention.attention_backward(inputs, as_it_is, found({"ds": exact}))["ds"]
    dp = inputs["dy"] @ inputs["v"].T
    for _ in range(200):
        slope = attention._descent(inputs["scale"][0], inputs["p"], moved(dp), -1.0)
        assert (np.abs(slope - exact) <= bounded.slack + 1e-15).all()


@pytest.mark.parametrize(("name", "tensor"), [("forward", "p"), ("backward", "ds")])
@pytest.mark.parametrize(
    "system",
    [
        pytest.param(
            system, marks=() if system.name in QUICK else pytest.mark.sweep, id=system.name
        )
        for system in systems_of(BACK)
    ],
)
def test_wrong_results_are_outside(name, tensor, system):
    kernel = KERNELS[f"attention_{name}"]
    result = run_bench(kernel, [kernel.size("8,5")], core="single", systems=[system.name])[-1]
    formats = Formats.of(load_machine(system.isa), system)
    check(kernel, system, result.size, result.arrays, formats, "as it was")
    for wrong in (tensor, "y" if name == "forward" else "dq"):
        output = result.arrays.outputs[wrong]
        values = output.matrix.values
        largest = np.unravel_index(np.abs(values).argmax(), values.shape)
        values[largest] *= 1.3
        changed = replace(output, matrix=Matrix.quantize(formats.wide, values))
        arrays = Arrays(
            result.arrays.inputs,
            result.arrays.operands,
            {**result.arrays.outputs, wrong: changed},
        )
        with pytest.raises(BenchError, match="rounding explains no more than"):
            check(kernel, system, result.size, arrays, formats, "mutant")


def test_what_is_no_number_is_told():
    kernel, system = KERNELS["attention_forward"], systems_of(BACK)[0]
    (result,) = run_bench(kernel, [kernel.size("3")], core="single", systems=["fp32"])
    formats = Formats.of(load_machine(system.isa), system)
    output = result.arrays.outputs["p"]
    codes = output.matrix.codes.copy()
    codes[1, 0] = 0x7FC00000
    outputs = {**result.arrays.outputs, "p": replace(output, matrix=Matrix(formats.wide, codes))}
    arrays = Arrays(result.arrays.inputs, result.arrays.operands, outputs)
    with pytest.raises(BenchError, match="p has elements that are no finite numbers"):
        check(kernel, system, result.size, arrays, formats, "mutant")
