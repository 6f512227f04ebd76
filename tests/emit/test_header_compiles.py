"""The header in every dialect, for every set of extensions, with warnings as errors: some of the
combinations in the default run, all in a sweep."""

from __future__ import annotations

from pathlib import Path

import pytest
from c_compiler import COMPILERS, Compiler, in_a_sweep
from c_source import ODD, written

from rvx.description import load_machine
from rvx.emit import header

ISAS = [
    "rv32i",
    in_a_sweep("rv32im_zicsr_zifencei"),
    in_a_sweep("rv32imf"),
    "rv32im_xposit",
    "rv32imf_xdotp",
    in_a_sweep("rv32imf_zicsr_zifencei_xdotp_xposit"),
]
DIALECTS = ["c99", in_a_sweep("c11"), "c2x", "c++11", in_a_sweep("c++17"), "c++20"]
# Dialects with levels: the default run sees each once.
LEVELS = [("c99", "-O2"), in_a_sweep("c99", "-O0"), in_a_sweep("c++11", "-O2"), ("c++11", "-O0")]


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("isa", ISAS)
def test_every_extension_set(compiler: Compiler, isa: str, tmp_path: Path) -> None:
    source = written(tmp_path, isa)
    compiler.compile(source, "c99", "-O0")
    compiler.compile(source, "c++11", "-O0")


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect(compiler: Compiler, dialect: str, tmp_path: Path) -> None:
    source = written(tmp_path, "rv32imf_zicsr_zifencei_xdotp_xposit", (ODD,))
    compiler.compile(source, dialect, "-O2", "-Wshadow", "-Wundef", "-Wcast-qual")


CALLER = """
uint32_t caller(uint32_t a, const uint32_t *p, uint8_t *bytes);
uint32_t caller(uint32_t a, const uint32_t *p, uint8_t *bytes)
{
    const void *moving = p;
    rvx_halfx2 sum = rvx_halfx2_from_bits(0);
    rvx_csrw(RVX_CSR_fmode, 3);
    sum = rvx_vfdotpex_h_b(sum, rvx_bytex4_load(bytes), rvx_bytex4_load(bytes + 4));
    rvx_half_store(bytes + 8, rvx_vfsum_h(rvx_half_from_bits(0), sum));
    rvx_add(a, a); /* a result may go unused */
    rvx_lw(p, 4);
    a += rvx_odd_next(&moving, 4);
    a = rvx_addi(rvx_addi(a, 1), sizeof(a)); /* macros nest, constants have any type */
    a += (uint32_t)rvx_fcvt_w_s_rm(rvx_fadd_s_rm(rvx_fcvt_s_wu(a), 1.5f, RVX_RM_rtz), RVX_RM_rdn);
    rvx_qclr_s();
    rvx_plw(1, p, 0);
    rvx_qmadd_s(1, 1);
    rvx_qround_s(2);
    rvx_fence(3, 3);
    return a + rvx_pmv_x_w(2);
}
"""


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize(("dialect", "optimise"), LEVELS)
def test_a_caller(compiler: Compiler, dialect: str, optimise: str, tmp_path: Path) -> None:
    source = written(tmp_path, "rv32imf_xdotp_xposit", (ODD,), CALLER)
    compiler.compile(source, dialect, optimise, "-Wno-sign-conversion")


@pytest.mark.parametrize("compiler", COMPILERS)
def test_formats_do_not_mix(compiler: Compiler, tmp_path: Path) -> None:
    body = "rvx_halfx2 f(rvx_halfx2 a) { return rvx_vfdotpex_h_b(a, a, a); }"
    done = compiler.run(written(tmp_path, "rv32imf_xdotp", (), body), "c99", "-O2")
    assert done.returncode != 0
    assert "incompatible type" in done.stderr


NO_FLOAT = {
    "clang": ("-mcpu=generic_rv32+m", "-mabi=ilp32"),
    "gcc": ("-march=rv32im", "-mabi=ilp32"),
}
WIDER = {
    "clang": ("-target", "riscv64-freestanding-none", "-mcpu=generic_rv64+m+f", "-mabi=lp64f"),
    "gcc": ("-march=rv64imf", "-mabi=lp64f"),
}


@pytest.mark.parametrize("compiler", COMPILERS)
def test_posits_need_no_floating_point(compiler: Compiler, tmp_path: Path) -> None:
    compiler.compile(written(tmp_path, "rv32im_xposit"), "c99", "-O0", *NO_FLOAT[compiler.name])


DOUBLE = {
    "clang": ("-mcpu=generic_rv32+m+f+d", "-mabi=ilp32d"),
    "gcc": ("-march=rv32imfd", "-mabi=ilp32d"),
}


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("dialect", ["c99", "c++11"])
def test_flen_64(compiler: Compiler, dialect: str, tmp_path: Path) -> None:
    source = written(tmp_path, "rv32imafdcb_zicsr_zifencei_xdotp", (ODD,))
    compiler.compile(source, dialect, "-O2", *DOUBLE[compiler.name])


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize(
    ("options", "message"),
    [(NO_FLOAT, "this header uses f registers of 32 bits"), (WIDER, "this header is for RV32")],
)
def test_the_wrong_target_is_an_error(
    compiler: Compiler, options: dict[str, tuple[str, ...]], message: str, tmp_path: Path
) -> None:
    done = compiler.run(written(tmp_path, "rv32imf"), "c99", "-O0", *options[compiler.name])
    assert done.returncode != 0
    assert message in done.stderr


@pytest.mark.parametrize("compiler", COMPILERS)
def test_two_headers_are_an_error(compiler: Compiler, tmp_path: Path) -> None:
    (tmp_path / "other.h").write_text(header(load_machine("rv32im")), encoding="utf-8")
    done = compiler.run(written(tmp_path, "rv32imf", (), '#include "other.h"'), "c99", "-O0")
    assert done.returncode != 0
    assert "a header for another ISA string is included already" in done.stderr


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize(
    ("dialect", "optimise"),
    [("c11", "-O0"), in_a_sweep("c11", "-O2"), in_a_sweep("c++17", "-O0"), ("c++17", "-O2")],
)
@pytest.mark.parametrize(
    ("statement", "message"),
    [
        in_a_sweep("return rvx_addi(a, 2048);", "rvx_addi: imm is a constant from -2048 to 2047"),
        ("return rvx_addi(a, (int)a);", "rvx_addi: imm is a constant from -2048 to 2047"),
        ("return rvx_slli(a, -1);", "rvx_slli: shamt is a constant from 0 to 31"),
        ("rvx_qmadd_s(32, 0); return a;", "rvx_qmadd_s: rs1 is a constant from 0 to 31"),
        ("return rvx_fcvt_w_s_rm(1.0f, 6);", "rm is a constant from 0 to 7, not 5 or 6"),
        in_a_sweep("return rvx_csrr(4096) + a;", "rvx_csrr: csr is a constant from 0 to 4095"),
    ],
)
def test_a_bad_constant_is_an_error_that_says_what_is_wanted(
    compiler: Compiler,
    dialect: str,
    optimise: str,
    statement: str,
    message: str,
    tmp_path: Path,
) -> None:
    body = f"uint32_t f(uint32_t a);\nuint32_t f(uint32_t a) {{ {statement} }}"
    source = written(tmp_path, "rv32imf_xposit", (), body)
    done = compiler.run(source, dialect, optimise, "-Wno-sign-conversion")
    assert done.returncode != 0
    assert message in done.stderr
