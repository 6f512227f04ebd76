"""Packed matrices: products bit by bit, packing against other definitions, what tiles cost."""

import functools
import itertools
from dataclasses import replace

import ml_dtypes
import numpy as np
import packed_golden
import pytest

from rvx.bench import KERNELS, BenchError, run_bench, systems_of
from rvx.bench.compiled import Build
from rvx.bench.formats import Formats
from rvx.bench.golden.answer import Role
from rvx.bench.kernel import Form, Tensor
from rvx.bench.kernels.quantize import dequantize
from rvx.bench.program import build_program, data_text, tensor_bytes
from rvx.bench.quantize import QUANTIZE
from rvx.bench.single import fused
from rvx.bench.system import BY_NAME
from rvx.description import load_machine
from rvx.machine.elf import read_elf
from rvx.machine.simulator import Simulator

GEMM = KERNELS["gemm"]
NAMES = [system.name for system in systems_of(GEMM) if system.name in QUANTIZE]


def sizes(*texts):
    """The first by default."""
    first, *more = [pytest.param(*(text if isinstance(text, tuple) else (text,))) for text in texts]
    return [first, *(pytest.param(*one.values, marks=pytest.mark.sweep) for one in more)]


@functools.cache
def results(text):
    found = run_bench(GEMM, [GEMM.size(text)], seed=5, core="single", systems=NAMES)
    return {result.system: result for result in found}


# Rows and columns beyond whole tiles; whole blocks, groups of them and a rest of one word or less.
@pytest.mark.parametrize("text", sizes("5,6,77", "1", "4,4,3", "3,9,64", "8,4,300", "1,5,33"))
@pytest.mark.parametrize("system", NAMES)
def test_every_bit_of_a_product_is_as_defined(system, text):
    arrays = results(text)[system].arrays
    wanted = packed_golden.golden(system, *arrays.operands.values())
    assert arrays.outputs["c"].matrix.values.tolist() == wanted.tolist()


@pytest.mark.parametrize("text", sizes("5,39", "1", "9,130"))
@pytest.mark.parametrize("system", sizes("vsq8", *(name for name in NAMES if name != "vsq8")))
@pytest.mark.parametrize("kernel", ["quantize", "dequantize"])
def test_matrices_are_packed_and_unpacked(kernel, system, text):
    bits_agree(KERNELS[kernel], system, text)


@pytest.mark.parametrize(
    ("kernel", "system"),
    sizes(
        ("quantize_gradient_transposed", "ibm4"),
        ("quantize_gradient_transposed", "luq4"),
        ("quantize_gradient", "ibm4"),
        ("quantize_gradient", "luq4"),
        ("quantize_weight", "ibm4"),
    ),
)
def test_weights_and_gradients_are_packed(kernel, system):
    bits_agree(KERNELS[kernel], system, "5,39")
    bits_agree(KERNELS[kernel], system, "1")


@pytest.mark.sweep
@pytest.mark.parametrize("system", ["ibm4", "luq4"])
@pytest.mark.parametrize("role", [Role.GRADIENT, Role.GRADIENT_TRANSPOSED])
def test_gradients_are_unpacked(role, system):
    bits_agree(dequantize(role, system), system, "5,39")


def left_by(engine, kernel, system, size):
    """The bytes of the results and the cycles."""
    simulator = Simulator(isa=system.isa, core="cv32e40p", engine=engine)
    rules = Formats.of(simulator.machine, system)
    random = np.random.default_rng(6)
    drawn = [tensor for tensor in kernel.tensors if tensor.draw]
    operands = {t.name: rules.quantized(t, t.draw(size, random)) for t in drawn}
    data = data_text(kernel, system, size, operands, rules.wide)
    elf = build_program(simulator.machine, kernel, system, data, Build())
    simulator.load(read_elf(elf, name=system.name, xlen=simulator.machine.xlen))
    assert simulator.run().status == 0
    written = [t for t in kernel.tensors if not t.draw and t.form is Form.WIDE]
    found = [
        simulator.read(f"bench_{t.name}", np.uint8, tensor_bytes(t, size, rules.wide)).tobytes()
        for t in written
    ]
    return found, simulator.kernel.cycles


@pytest.mark.parametrize("system", sizes("luq4", *(name for name in NAMES if name != "luq4")))
@pytest.mark.parametrize("name", sizes("weight_gradient", "forward"))
def test_engines_agree(name, system):
    kernel = KERNELS[name]
    native, defined = (
        left_by(engine, kernel, BY_NAME[system], kernel.size("3,5,9"))
        for engine in ("jit", "reference")
    )
    assert native == defined


def bits_agree(kernel, system, text):
    """`run_bench` compares them, and says so."""
    only = replace(kernel, systems=(system,))
    (result,) = run_bench(only, [only.size(text)], seed=5, core="single")
    assert result.system == system


def test_activations_without_a_sign_are_told_apart():
    values = np.abs(np.random.default_rng(1).normal(size=(3, 21)))
    for role, kind in ((Role.ACTIVATION, 1), (Role.SECOND_ACTIVATION, 0), (Role.GRADIENT, 2)):
        assert formats("ibm4").quantized(operand(role), values).header[1] == kind


def operand(role):
    (tensor, *_) = dequantize(role, "ibm4").tensors
    return tensor


@functools.cache
def formats(system):
    return Formats.of(load_machine(BY_NAME[system].isa), BY_NAME[system])


MX = {
    "mxfp8": ml_dtypes.float8_e4m3fn,
    "mxfp8e5m2": ml_dtypes.float8_e5m2,
    "mxfp6": ml_dtypes.float6_e2m3fn,
    "mxfp6e3m2": ml_dtypes.float6_e3m2fn,
    "mxfp4": ml_dtypes.float4_e2m1fn,
}


@pytest.mark.parametrize("system", MX)
def test_microscaling_agrees_with_ml_dtypes(system):
    values = np.random.default_rng(2).normal(size=(8, 96)) * 10.0 ** np.arange(-4, 4)[:, None]
    found = formats(system).rounded(values)
    largest = float(ml_dtypes.finfo(MX[system]).max)
    emax = np.floor(np.log2(largest))
    for row in range(8):
        for block in range(0, 96, 32):
            part = values[row, block : block + 32]
            scale = 2.0 ** (np.floor(np.log2(np.abs(part).max())) - emax)
            elements = np.clip(part / scale, -largest, largest).astype(MX[system])
            assert (
                found[row, block : block + 32].tolist()
                == (elements.astype(np.float64) * scale).tolist()
            )


@pytest.mark.parametrize("system", NAMES)
def test_scratch_is_large_enough(system):
    room = Tensor("room", lambda size: (size["rows"] * size["k"],), None, Form.ROOM)
    for rows, k in itertools.product((1, 2, 4, 5, 9), (1, 2, 7, 8, 9, 17, 33, 65)):
        packed = QUANTIZE[system](np.ones((rows, k)), Role.ACTIVATION, formats(system).operand)
        size = KERNELS["quantize"].size(f"{rows},{k}")
        assert len(packed.rows) <= tensor_bytes(room, size, formats(system).wide)


def test_a_wrong_packed_bit_is_refused(monkeypatch):
    monkeypatch.setitem(QUANTIZE, "vsq8", replace(QUANTIZE["vsq8"], scale_rounds=np.rint))
    with pytest.raises(BenchError, match=r"y: word \d+ is 0x"):
        bits_agree(KERNELS["quantize"], "vsq8", "9,130")


def test_stochastic_gradients_are_unbiased():
    values = np.random.default_rng(3).normal(size=(64, 64))
    packed = QUANTIZE["luq4"](values, Role.GRADIENT, formats("luq4").operand)
    assert abs((packed.values - values).mean()) < 4 * np.std(packed.values - values) / 64


@pytest.mark.parametrize("seed", range(4))
def test_fused_rounds_once(seed):
    random = np.random.default_rng(seed)
    for _ in range(200):
        a, b, c = (float(np.float32(x)) for x in random.normal(size=3))
        scale = float(2.0 ** random.integers(-30, 30))
        exact = packed_golden.Fraction(a) * packed_golden.Fraction(b)
        wanted = packed_golden.single(exact + packed_golden.Fraction(c * scale))
        assert fused(a, b, c * scale) == float(wanted)


# What panel.S and integers.S say of cv32e40p: 4x4 tiles, 2x4 of integers with scales.
FORMULAS = {
    "mxfp8": lambda k: 24 * (k // 4 + k // 32) + 5 * (k // 128 - 1) + 48,
    "nvfp4": lambda k: 24 * (k // 8 + k // 16) + 5 * (k // 128 - 1) + 64,
    "vsq4": lambda k: 2 * (14 * (k // 8 + k // 16) + 5 * (k // 128 - 1) + 53),
    "ibm4": lambda k: 24 * (k // 8) + 5 * (k // 128 - 1) + 87,
}


@pytest.mark.parametrize("system", sizes("mxfp8", "vsq4", "nvfp4", "ibm4"))
def test_a_tile_costs_what_its_source_says(system):
    def cycles(columns):
        size = GEMM.size(f"4,{columns},256")
        return run_bench(GEMM, [size], core="cv32e40p", systems=[system])[-1].cycles

    assert cycles(12) - cycles(8) == FORMULAS[system](256)


def test_the_dot_product_beats_software_by_four():
    size = KERNELS["mxgemm"].size("16,16,256")
    *software, hardware = run_bench(KERNELS["mxgemm"], [size], core="cv32e40p")
    assert min(run.cycles for run in software) >= 4 * hardware.cycles
