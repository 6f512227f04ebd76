"""The RV32IMF firmware on another engine: assembled by Clang, executed by unicorn, same bits."""

import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest
from elftools.elf.elffile import ELFFile
from gemm_golden import FP32, golden

from rvx.bench import KERNELS, SYSTEMS
from rvx.bench.matrix import Matrix
from rvx.bench.program import FIRMWARE, data_text

unicorn = pytest.importorskip("unicorn")
pytest.importorskip("ziglang")

CLANG = [sys.executable, "-m", "ziglang", "cc", "-target", "riscv32-freestanding-none"]
CLANG += ["-mcpu=generic_rv32+m+f", "-mabi=ilp32f", "-nostdlib", "-ffreestanding"]
GEMM = KERNELS["gemm"]
VARIANTS = [s for s in SYSTEMS if s.isa == "rv32imf_zicsr" and not s.is_compiled and not s.only]
SIZES = [GEMM.size(text) for text in ("1", "9,6,13", "4,8,32")]


def compiled(folder, variant, data):
    kernel = FIRMWARE / "kernels" / "gemm" / variant.gemm
    (folder / "data.S").write_text(data)
    sources = [FIRMWARE / "crt0.S", FIRMWARE / "bench.S", kernel, folder / "data.S"]
    command = [*CLANG, "-I", kernel.parent, *sources, "-o", "out.elf"]
    subprocess.run(list(map(str, command)), cwd=folder, check=True, capture_output=True)
    return ELFFile(BytesIO((folder / "out.elf").read_bytes()))


def emulated(elf, length):
    """Run to rvx_end; the bytes of the result."""
    symbols = {s.name: s["st_value"] for s in elf.get_section_by_name(".symtab").iter_symbols()}
    engine = unicorn.Uc(unicorn.UC_ARCH_RISCV, unicorn.UC_MODE_RISCV32)
    pages = set()
    for segment in elf.iter_segments("PT_LOAD"):
        start, end = segment["p_vaddr"], segment["p_vaddr"] + segment["p_memsz"]
        pages.update(range(start & -4096, end, 4096))
    for page in pages:
        engine.mem_map(page, 4096)
    for segment in elf.iter_segments("PT_LOAD"):
        engine.mem_write(segment["p_vaddr"], segment.data())
    engine.emu_start(symbols["_start"], symbols["rvx_end"], count=1_000_000)
    assert engine.reg_read(unicorn.riscv_const.UC_RISCV_REG_PC) == symbols["rvx_end"]
    return bytes(engine.mem_read(symbols["bench_c"], length))


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_same_bits_elsewhere(tmp_path, variant, size):
    random = np.random.default_rng(11)
    operands = {
        tensor.name: Matrix.quantize(FP32, tensor.draw(size, random))
        for tensor in GEMM.tensors
        if tensor.draw
    }
    elf = compiled(tmp_path, variant, data_text(GEMM, variant, size, operands, FP32))
    found = np.frombuffer(emulated(elf, 4 * size["m"] * size["n"]), np.uint32)
    codes = [operand.codes for operand in operands.values()]
    assert found.reshape(size["m"], size["n"]).tolist() == golden(variant.name, *codes).tolist()
