"""The guests of the host benchmark at small sizes: both engines agree with each other, with the
same C on the host, and emulations with the instructions that they stand for."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

import rvx
from rvx.machine.simulator import Simulator

sys.path.append(str(Path(__file__).parents[1]))

from speed.guests import GUESTS, Builder, BuildError, Guest

pytest.importorskip("ziglang", reason="no ziglang package: the guests are compiled by its Clang")

REPEAT = 2
BY_NAME = {guest.name: guest for guest in GUESTS}


@pytest.fixture(scope="module")
def builder(tmp_path_factory):
    return Builder(tmp_path_factory.mktemp("guests"), is_small=True)


def run(builder, guest, engine, core):
    """Status, instret, cycles and output."""
    output = BytesIO()
    simulator = Simulator(isa=guest.isa, core=core, engine=engine, stdout=output)
    simulator.load(builder.guest(guest, REPEAT))
    result = simulator.run()
    return result.status, result.instret, result.cycles, output.getvalue()


def native(builder: Builder, guest: Guest) -> tuple[int, bytes]:
    """Status and output of the guest, or of its emulation, on the host."""
    emulations = [other for other in GUESTS if other.emulates == guest.name.split("_")[0]]
    plain = guest if guest.is_plain else emulations[0]
    try:
        program = builder.native(plain, REPEAT)
    except BuildError as error:
        pytest.skip(str(error))
    done = subprocess.run([program], capture_output=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("guest", GUESTS, ids=lambda guest: guest.name)
@pytest.mark.parametrize("core", ["single", "cv32e40p"])
def test_engines_agree(builder, guest, core):
    assert run(builder, guest, "jit", core) == run(builder, guest, "reference", core)


@pytest.mark.parametrize("guest", GUESTS, ids=lambda guest: guest.name)
def test_the_host_computes_the_same(builder, guest):
    status, _, _, output = run(builder, guest, "jit", "single")
    assert (status, output) == native(builder, guest)


def test_guests_of_one_program_have_the_same_code(builder):
    """Programs differ in the number of repetitions only, so that translations can be kept."""
    guest = BY_NAME["gcd"]
    first, second = (builder.guest(guest, n).read_bytes() for n in (1, 2))
    differing = [i for i, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    assert len(differing) == 1


@pytest.fixture(scope="module")
def emulated(builder):
    """Functions of an emulation on the host."""

    def load(name: str) -> ctypes.CDLL:
        try:
            library = ctypes.CDLL(str(builder.library(BY_NAME[name])))
        except BuildError as error:
            pytest.skip(str(error))
        for function in ("soft_vfdotpex_h_b", "soft_fflags", "soft_qround"):
            if hasattr(library, function):
                getattr(library, function).restype = ctypes.c_uint32
        return library

    return load


def test_the_emulated_dot_product_is_the_instruction(emulated):
    """On all kinds of codes: random, near overflow, tiny, opposite, special."""
    library, random = emulated("fp8_soft"), Random(8)
    kinds = [range(256), range(0x70, 0x7C), range(4), (0, 0x80, 0x7C, 0xFC), (0x78, 0xF8, 1)]
    sums = [range(1 << 16), (0, 0x8000, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7D00), range(0x404)]
    for _ in range(2000):
        codes = random.choice(kinds)
        x, y = (int.from_bytes(random.choices(codes, k=4), "little") for _ in range(2))
        y ^= random.choice((0, 0x8080_8080, 0x0080_0080))
        low, high = random.choices(random.choice(sums), k=2)
        done = rvx.execute("vfdotpex.h.b", isa="rv32imf_xdotp", rd=high << 16 | low, rs1=x, rs2=y)
        ours = library.soft_vfdotpex_h_b(high << 16 | low, x, y), library.soft_fflags()
        assert ours == (done.operands["rd"], done.fflags), (hex(x), hex(y), hex(low), hex(high))


@pytest.mark.parametrize("name", ["posit_soft", "posit_portable"])
def test_the_emulated_quire_is_the_instruction(emulated, name):
    """Sums of up to eight products of posits of all sizes, rounded."""
    library, random = emulated(name), Random(32)
    special = (0, 1, 0x7FFF_FFFF, 0xFFFF_FFFF, 0x8000_0001, 0x4000_0000, 0xC000_0000)
    for number in range(300):
        library.soft_qclr()
        quire = 0
        for _ in range(random.randrange(1, 9)):
            x, y = (
                random.choice(special)
                if random.random() < 0.3
                else random.getrandbits(32) >> random.randrange(31)
                for _ in range(2)
            )
            if number % 16 and 0x8000_0000 in (x, y):
                continue
            library.soft_qmadd(x, y)
            done = rvx.execute(
                "qmadd.s", isa="rv32im_xposit", rs1=x, rs2=y, states={"quire": quire}
            )
            quire = done.states["quire"]
        done = rvx.execute("qround.s", isa="rv32im_xposit", states={"quire": quire})
        assert library.soft_qround() == done.operands["rd"], hex(quire)
