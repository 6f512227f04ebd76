"""Every recorded row of cvfpu's expanding dot products and of PERCIVAL's posits, natively: values,
flags and quires. The reference has them in `test_xdotp.py` and `test_xposit.py`."""

from __future__ import annotations

import numpy as np
import pytest

from rvx.description import load_machine
from rvx.jit.layout import Place
from rvx.jit.region import Reason
from rvx.jit.single import Single
from rvx.verify.instruction.native import ENGINES

from . import test_xdotp, test_xposit
from .test_xdotp import BITS, FILES, MODES, fmodes

DOTS = load_machine("rv32imfd_zicsr_zifencei_xdotp")
POSITS = load_machine("rv32imf_zicsr_zifencei_xposit")
FLAGS = Place("state", "fflags", 0)
QUIRE = Place("state", "quire", 0)


def f(number: int) -> Place:
    return Place("register", "f", number)


def p(number: int) -> Place:
    return Place("register", "p", number)


def compiled(machine, mnemonic, engine, fields, modes):
    """The instruction in hot code, cold code, or hot code without the host's arithmetic."""
    instruction = machine.instructions[mnemonic]
    fields = {"rm": 7, **fields} if instruction.rm else fields
    places = {Place("state", name, 0): value for name, value in modes.items()}
    how = ENGINES[engine]
    word = instruction.encode(**fields)
    return Single(machine, word, modes=places, level=how.level, use_host=how.use_host)


def words(codes, count=1):
    """Codes as rows of 64-bit words, least significant first."""
    data = b"".join(code.to_bytes(8 * count, "little") for code in codes)
    found = np.frombuffer(data, "<u8")
    return found if count == 1 else found.reshape(-1, count)


def check_dots(name, engine, groups, header):
    """At FLEN 64, rows in one lane after another with zeros beside them."""
    for (mnemonic, rm), rows in groups.items():
        wide, is_expanding = BITS[header["dst"]], "ex" in mnemonic
        narrow = BITS[header["src"]] if is_expanding else wide
        count = (64 if is_expanding else 32) // wide
        fields = {"rd": 1, "rs1": 2} | ({"rs2": 3} if "dotp" in mnemonic else {})
        at = [number % count for number in range(len(rows))]
        inputs = {
            f(1): [row["e"] << wide * k for row, k in zip(rows, at, strict=True)],
            f(2): [
                (row["a"] | row["c"] << narrow) << 2 * narrow * k
                for row, k in zip(rows, at, strict=True)
            ],
        }
        if "dotp" in mnemonic:
            inputs[f(3)] = [
                (row["b"] | row["d"] << narrow) << 2 * narrow * k
                for row, k in zip(rows, at, strict=True)
            ]
        for fmode in fmodes(header, mnemonic):
            modes = {"fs": 3, "fmode": fmode, "frm": MODES[rm]}
            single = compiled(DOTS, mnemonic, engine, fields, modes)
            given = {place: words(codes) for place, codes in inputs.items()}
            given[FLAGS] = np.zeros(len(rows), np.uint64)
            found = single.batch(given, [f(1), FLAGS])
            assert not (found.reason == Reason.BAIL).any()
            lanes = found.values[f(1)] >> np.array([wide * k for k in at], np.uint64)
            lanes &= np.uint64((1 << wide) - 1)
            assert lanes.tolist() == [row["exact_result"] for row in rows], (mnemonic, rm)
            assert found.values[FLAGS].tolist() == [row["exact_fflags"] for row in rows]


@pytest.mark.parametrize("name", FILES)
def test_dot_products(name: str) -> None:
    """Of each file two instructions in a mode; the sweep has all of them."""
    header, groups, _ = test_xdotp.read(name, 64)
    chosen = sorted(groups, key=lambda key: hash_of(name, key))[:2]
    check_dots(name, "hot", {key: groups[key] for key in chosen}, header)


def hash_of(name: str, key: tuple[str, str]) -> int:
    """The same choice in every run."""
    return sum(i * ord(letter) for i, letter in enumerate("".join((name, *key)))) % 97


@pytest.mark.sweep
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", FILES)
def test_every_dot_product(name: str, engine: str) -> None:
    header, groups, others = test_xdotp.read(name, 64)
    check_dots(name, engine, groups, header)
    assert others == 0
    rows = sum(map(len, groups.values()))
    assert rows == (1500 if name.endswith("tiny") else 5000)


@pytest.mark.parametrize(
    "engine", ["hot", *(pytest.param(e, marks=pytest.mark.sweep) for e in ENGINES if e != "hot")]
)
def test_every_posit(engine: str) -> None:
    for name, mnemonic in (("add", "padd.s"), ("mult", "pmul.s")):
        rows = test_xposit.read(name)
        single = compiled(POSITS, mnemonic, engine, {"rd": 3, "rs1": 1, "rs2": 2}, {})
        given = {p(1): words(row["a"] for row in rows), p(2): words(row["b"] for row in rows)}
        found = single.batch(given, [p(3)])
        assert found.values[p(3)].tolist() == [row["exact"] for row in rows]
    rows = test_xposit.read("qmadd")
    for mnemonic, sign in (("qmadd.s", 1), ("qmsub.s", -1)):
        single = compiled(POSITS, mnemonic, engine, {"rs1": 1, "rs2": 2}, {})
        given = {
            p(1): words(row["a"] for row in rows),
            p(2): words(sign * row["b"] & 0xFFFFFFFF for row in rows),
            QUIRE: words((row["quire_in"] for row in rows), 8),
        }
        found = single.batch(given, [QUIRE])
        wanted = words((row["quire_out_exact"] for row in rows), 8)
        assert (found.values[QUIRE] == wanted).all()
    rows = test_xposit.read("qround")
    single = compiled(POSITS, "qround.s", engine, {"rd": 3}, {})
    found = single.batch({QUIRE: words((row["quire"] for row in rows), 8)}, [p(3)])
    assert found.values[p(3)].tolist() == [row["exact"] for row in rows]
