"""What a host cannot do, and what is checked there as on the target."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from c_compiler import WARNINGS
from c_source import ODD
from emulation_run import HOSTS

from rvx.description import load_machine
from rvx.emit import header


def compiled(
    host: str,
    directory: Path,
    body: str,
    *options: str,
    isa: str = "rv32imafd_xdotp_xposit",
    sources: Sequence[Path] = (ODD,),
) -> subprocess.CompletedProcess[str]:
    """A host program; `calls` is what it becomes."""
    (directory / "rvx.h").write_text(header(load_machine(isa, sources)), encoding="utf-8")
    source = directory / "calls.c"
    includes = "" if "#include" in body else '#include "rvx.h"\n#include "rvx.h"\n'
    source.write_text(f"{includes}{body}\n", encoding="utf-8")
    command = [*HOSTS[host], "-DRVX_EMULATE", *options, str(source), "-o", str(directory / "calls")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def ran(directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([directory / "calls"], capture_output=True, text=True, check=False)


MAIN = "int main(void) {{ {} return 0; }}"


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("rvx_addi(1, 2048);", "rvx_addi: imm is a constant from -2048 to 2047"),
        ("unsigned a = 1; rvx_addi(1, (int)a);", "rvx_addi: imm is a constant"),
        ("rvx_odd_step(1, 3);", "a multiple of 2"),
        ("rvx_fadd_s_rm(1, 2, 8);", "rm is a constant from 0 to 7"),
        ("rvx_auipc(1);", "rvx_auipc cannot be emulated: it reads the pc"),
        ("rvx_odd_here();", "rvx_odd_here cannot be emulated: it reads the pc"),
        ("rvx_halfx2 a = rvx_halfx2_from_bits(0); rvx_vfdotpex_h_b(a, a, a);", "incompatible type"),
    ],
)
def test_an_error_at_compile_time(host: str, call: str, message: str, tmp_path: Path) -> None:
    done = compiled(host, tmp_path, MAIN.format(call), "-std=c11")
    assert done.returncode != 0
    assert message in done.stderr


UNKNOWN = """
extension Xunknown requires F {
  state drawn: bits(64);
  instruction un.known  rd: f<fp32>, rs1: f<fp32>, rs2: f<fp32>
    is R(opcode = 0b0001011, funct3 = 0, funct7 = 0)
  { rd = rs1 + rs2 with stochastic(drawn); }
}
"""


@pytest.mark.parametrize(("call", "message"), [("0", ""), ("rvx_un_known(1, 2)", "64 bits")])
def test_what_the_emulation_does_not_know_is_an_error_where_it_is_used(
    call: str, message: str, tmp_path: Path
) -> None:
    own = tmp_path / "unknown.isa"
    own.write_text(UNKNOWN, encoding="utf-8")
    body = MAIN.format(f"(void)({call});")
    done = compiled("gcc", tmp_path, body, "-std=c11", isa="rv32imf", sources=[own])
    assert (done.returncode != 0) == bool(message)
    reason = f"rvx_un_known cannot be emulated: it rounds by a number drawn of {message}"
    assert not message or reason in done.stderr


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("dialect", ["c99", "c2x", "c++11", "c++20"])
def test_no_warnings(host: str, dialect: str, tmp_path: Path) -> None:
    language = ("-x", "c++") if dialect.startswith("c++") else ()
    warnings = (*WARNINGS, "-Wshadow", "-Wundef", "-Wcast-qual")
    done = compiled(host, tmp_path, MAIN.format(""), f"-std={dialect}", *warnings, "-c", *language)
    assert done.returncode == 0, done.stderr[:3000]


def test_a_trap_ends_the_program(tmp_path: Path) -> None:
    assert compiled("gcc", tmp_path, MAIN.format("rvx_odd_trap(0);")).returncode == 0
    done = ran(tmp_path)
    assert done.returncode != 0
    assert done.stderr == "rvx: trap 2, value 0, in odd.trap\n"


def test_a_trap_of_the_users(tmp_path: Path) -> None:
    body = """
static unsigned long long seen;
#define RVX_TRAP(cause, value, mnemonic) ((void)(value), (void)(mnemonic), seen = (cause))
#include "rvx.h"
int main(void)
{
    uint32_t word[2] = {7, 8};
    rvx_csrw(RVX_CSR_frm, 6); /* no mode */
    if (rvx_fadd_s(1, 2) == 3 || seen != 2)
        return 1;
    rvx_amoadd_w(1, (char *)word + 2); /* misaligned, and so nothing is stored */
    return seen == 6 && word[0] == 7 && word[1] == 8 ? 0 : 2;
}
"""
    done = compiled("gcc", tmp_path, body, isa="rv32imafd_xposit")
    assert done.returncode == 0, done.stderr
    assert ran(tmp_path).returncode == 0


def test_files_share_the_hart(tmp_path: Path) -> None:
    (tmp_path / "other.c").write_text(
        '#include "rvx.h"\nvoid other(void);\nvoid other(void) { rvx_fdiv_s(1, 0); }\n',
        encoding="utf-8",
    )
    body = """
#include "rvx.h"
void other(void);
int main(void) { other(); return rvx_frflags() == 8 && rvx_hart.fflags == 8 ? 0 : 1; }
"""
    done = compiled("gcc", tmp_path, body, str(tmp_path / "other.c"))
    assert done.returncode == 0, done.stderr
    assert ran(tmp_path).returncode == 0
