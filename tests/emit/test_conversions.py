"""Conversions between C's numbers and codes, and lanes, on a host and against the formats."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from c_compiler import COMPILERS, Compiler
from c_source import written
from emulation_run import build_for_host

from rvx.description import load_machine
from rvx.emit import header
from rvx.model import ir
from rvx.model.machine import Machine
from rvx.number import Format, Rounding

DOTS = ("rv32imafd_xdotp_xposit", ("e5m2", "fp8alt", "fp16", "bf16", "posit32"))
SCALES = (
    "rv32imafd_xmx_xnvfp4_xfp4_xluq_xpositvec",
    ("e8m0", "mxe4m3", "mxint8", "ue4m3", "r4even", "luq4", "bposit8", "bposit16"),
)
PROGRAM = """\
#include "rvx.h"
#include <stdio.h>
#include <string.h>
int main(void)
{
    char name[20];
    unsigned long long value;
    while (scanf("%19s %llx", name, &value) == 2) {
        unsigned long long found = 0;
        float f;
        double d;
        uint32_t bits = (uint32_t)value;
        memcpy(&f, &bits, 4);
        memcpy(&d, &value, 8);
ROWS
        printf("%llx\\n", found);
    }
    return 0;
}
"""


def rows(formats: dict[str, Format]) -> str:
    lines = []
    for name, format in formats.items():
        word = f"uint{max(8, 1 << (format.bits - 1).bit_length())}_t"
        for type, letter in (("float", "f"), ("double", "d")):
            lines += [
                f'if (!strcmp(name, "{name}<{type}")) found = rvx_{name}_from_{type}({letter});',
                f'if (!strcmp(name, "{name}>{type}")) {{',
                f"    {type} to = rvx_{name}_to_{type}(({word})value);",
                "    memcpy(&found, &to, sizeof to);",
                "}",
            ]
    return "\n".join("        " + line for line in lines)


@pytest.mark.parametrize(
    ("host", "isa", "names"), [("gcc", *DOTS), ("zig", *DOTS), ("gcc", *SCALES)]
)
def test_conversions_round_to_nearest(
    host: str, isa: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    machine = load_machine(isa)
    formats = {name: _format(machine, name) for name in names}
    (tmp_path / "rvx.h").write_text(header(machine), encoding="utf-8")
    (tmp_path / "calls.c").write_text(PROGRAM.replace("ROWS", rows(formats)), encoding="utf-8")
    program = build_for_host(host, tmp_path, ("-O1",))
    c_types = {"float": _format(machine, "fp32"), "double": _format(machine, "fp64")}
    chosen, asked, wanted = random.Random(5), [], []
    for name, format in formats.items():
        codes = range(1 << format.bits) if format.bits <= 8 else _some(chosen, format.bits, 400)
        for type, c_format in c_types.items():
            for code in codes:
                asked.append(f"{name}>{type} {code:x}")
                wanted.append(c_format.encode(format.decode(code), Rounding.RNE)[0])
            for code in [*_some(chosen, c_format.bits, 400), *_near(format, c_format, codes)]:
                asked.append(f"{name}<{type} {code:x}")
                wanted.append(format.encode(c_format.decode(code), Rounding.RNE)[0])
    given = "\n".join(asked)
    done = subprocess.run([program], input=given, capture_output=True, text=True, check=True)
    found = [int(line, 16) for line in done.stdout.splitlines()]
    differing = [
        (question, hex(answer), hex(right))
        for question, answer, right in zip(asked, found, wanted, strict=True)
        if answer != right
    ]
    assert not differing, differing[:10]


def _format(machine: Machine, name: str) -> Format:
    use = machine.formats[name]
    assert isinstance(use, ir.Named)
    return use.format


def _some(chosen: random.Random, bits: int, count: int) -> list[int]:
    return [chosen.getrandbits(bits) for _ in range(count)]


def _near(format: Format, c_format: Format, codes: Iterable[int]) -> list[int]:
    """C's numbers at and beside the values of codes and their neighbors."""
    found = []
    for code in list(codes)[:300]:
        at = c_format.encode(format.decode(code), Rounding.RNE)[0]
        found += [at, max(at - 1, 0), min(at + 1, (1 << c_format.bits) - 1)]
    return found


LANES = """\
#include <stdio.h>
int main(void)
{
    rvx_bytex4 v = rvx_bytex4_make(0x11, 0x22, 0x33, 0x44);
    rvx_halfx2 h = rvx_halfx2_splat(0xabcd);
    v = rvx_bytex4_set(v, 2, 0xfe);
    h = rvx_halfx2_set(h, 1, 0x1234);
    printf("%x %x %x %x\\n", rvx_bytex4_to_bits(v), rvx_bytex4_get(v, 3), rvx_bytex4_get(v, 0),
        rvx_halfx2_to_bits(h));
    return 0;
}
"""


def test_lanes(tmp_path: Path) -> None:
    (tmp_path / "rvx.h").write_text(header(load_machine("rv32imf_xdotp")), encoding="utf-8")
    (tmp_path / "calls.c").write_text(f'#include "rvx.h"\n{LANES}', encoding="utf-8")
    done = subprocess.run([build_for_host("gcc", tmp_path, ())], capture_output=True, check=True)
    assert done.stdout.split() == [b"44fe2211", b"44", b"11", b"1234abcd"]


@pytest.mark.parametrize("compiler", COMPILERS)
def test_the_target_converts_and_packs_too(compiler: Compiler, tmp_path: Path) -> None:
    body = """
rvx_bytex4 pack(float a, float b);
rvx_bytex4 pack(float a, float b)
{
    return rvx_bytex4_make(rvx_e5m2_from_float(a), rvx_e5m2_from_float(b), 0, 0);
}
float first(rvx_halfx2 a);
float first(rvx_halfx2 a) { return rvx_fp16_to_float(rvx_halfx2_get(a, 0)); }
"""
    for standard in ("c99", "c++11"):
        compiler.compile(written(tmp_path, "rv32imf_xdotp", (), body), standard, "-O2")
