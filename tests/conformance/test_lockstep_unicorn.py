"""Lockstep with unicorn on RV32IMF. The seed of a run is RVX_SEED or 1."""

import os
from collections import Counter
from pathlib import Path

import pytest

from rvx.machine.hart import BREAKPOINT, ILLEGAL, LOAD_FAULT, STORE_FAULT, Hart

from .lockstep import Lockstep, Mismatch, main

SEED = int(os.environ.get("RVX_SEED", "1"))
INSTRUCTIONS = 60_000  # the sweep has 3 million
STATIC_MODES, DYNAMIC, RESERVED_MODES = range(5), 7, (5, 6)
ECALL_FROM_MACHINE_MODE = 11


@pytest.fixture(scope="module")
def lockstep():
    """A run without a mismatch."""
    run = Lockstep(seed=SEED)
    run.run(INSTRUCTIONS)
    assert run.executed == INSTRUCTIONS
    return run


def with_operand(lockstep, name):
    return [i for i in lockstep.instructions if name in i.operands]


def of_class(lockstep, name):
    return [i for i in lockstep.instructions if name in i.classes]


def test_every_mnemonic_is_executed(lockstep):
    assert lockstep.instructions == list(lockstep.machine.instructions.values())
    assert all(lockstep.covered["executed", i.mnemonic] >= 300 for i in lockstep.instructions)


def test_every_rounding_mode_is_static_and_dynamic(lockstep):
    rounding = with_operand(lockstep, "rm")
    assert len(rounding) == 13
    for instruction in rounding:
        static, dynamic = dict.fromkeys(STATIC_MODES, 0), dict.fromkeys(STATIC_MODES, 0)
        for key, count in lockstep.covered.items():
            match key:
                case "mode", instruction.mnemonic, mode, frm if mode == DYNAMIC:
                    dynamic[frm] += count
                case "mode", instruction.mnemonic, mode, _:
                    static[mode] += count
        assert min(static.values()) > 20
        assert min(dynamic.values()) > 20
        assert lockstep.covered["trap", instruction.mnemonic, ILLEGAL] > 20  # reserved modes


def test_branches_and_jumps_go_both_ways(lockstep):
    assert len(of_class(lockstep, "branch")) == 6
    for branch in of_class(lockstep, "branch"):
        assert lockstep.covered["taken", branch.mnemonic, True] > 150
        assert lockstep.covered["taken", branch.mnemonic, False] > 150
    for jump in of_class(lockstep, "jump"):
        assert lockstep.covered["taken", jump.mnemonic, True] > 300


def test_memory_is_accessed_at_every_alignment(lockstep):
    accesses = of_class(lockstep, "load") + of_class(lockstep, "store")
    assert len(accesses) == 10
    for access in accesses:
        for alignment in range(4):
            assert lockstep.covered["misaligned", access.mnemonic, alignment] > 60


def test_traps_agree(lockstep):
    causes = {key[2] for key in lockstep.covered if key[0] == "trap"}
    assert causes == {ILLEGAL, BREAKPOINT, LOAD_FAULT, STORE_FAULT, ECALL_FROM_MACHINE_MODE}
    for access in of_class(lockstep, "load"):
        assert lockstep.covered["trap", access.mnemonic, LOAD_FAULT] > 1
    for access in of_class(lockstep, "store"):
        assert lockstep.covered["trap", access.mnemonic, STORE_FAULT] > 1


def test_unicorn_deviates_in_three_known_ways_only(lockstep):
    masked = {key[1]: count for key, count in lockstep.covered.items() if key[0] == "masked"}
    assert set(masked) == {"nan-minimum", "fma-invalid", "csr-zero-mask"}
    assert sum(masked.values()) < INSTRUCTIONS / 100


def test_compressed_instructions_agree():
    lockstep = Lockstep("rv32imfc_zicsr_zifencei", seed=SEED)
    lockstep.run(20_000)
    compressed = [i for i in lockstep.instructions if i.extension in ("C", "Zcf")]
    assert len(compressed) == 31
    assert all(lockstep.covered["executed", i.mnemonic] > 150 for i in compressed)


# Unicorn is of a QEMU that does not look whether a single is boxed.
SINGLES = {"F", "Zcf", "fcvt.s.d", "fcvt.d.s"}


def test_doubles_and_atomics_agree():
    lockstep = Lockstep("rv32imafdc_zicsr_zifencei", seed=SEED, without=SINGLES)
    lockstep.run(20_000)
    counted = Counter(i.extension for i in lockstep.instructions)
    assert {name: counted[name] for name in ("D", "Zalrsc", "Zaamo", "Zcd")} == {
        "D": 24,
        "Zalrsc": 8,
        "Zaamo": 36,
        "Zcd": 4,
    }
    assert all(lockstep.covered["executed", i.mnemonic] > 100 for i in lockstep.instructions)


def test_a_new_instruction_joins_by_itself():
    """Nothing here knows an atomic one."""
    joined = Path(__file__).parents[1] / "data" / "conformance" / "joined.isa"
    lockstep = Lockstep(extra=[joined], seed=SEED)
    lockstep.run(10_000)
    assert lockstep.covered["executed", "amoadd.w"] > 100


# What if rvx were wrong? Each of these is found, and the message says where.


def without_flags(hart, bound, commit=Hart.commit):
    hart.flags = 0
    commit(hart, bound)


def with_the_lowest_byte_only(hart, bound, commit=Hart.commit):
    hart.stores = [(address, 1, value) for address, _, value in hart.stores]
    commit(hart, bound)


def with_another_register_written(hart, bound, commit=Hart.commit):
    commit(hart, bound)
    hart.registers["x"][17] ^= 1 << 31


def with_every_jump_short(hart, bound, commit=Hart.commit):
    if hart.next_pc is not None:
        hart.next_pc ^= 8
    commit(hart, bound)


@pytest.mark.parametrize(
    ("commit", "found"),
    [
        (without_flags, "fcsr: rvx 0x"),
        (with_the_lowest_byte_only, "memory at 0x"),
        (with_another_register_written, "x17: rvx 0x"),
        (with_every_jump_short, "pc: rvx 0x"),
    ],
)
def test_a_wrong_hart_is_found(monkeypatch, commit, found):
    monkeypatch.setattr(Hart, "commit", commit)
    with pytest.raises(Mismatch) as raised:
        Lockstep(seed=3).run(2000)
    message = str(raised.value)
    assert message.startswith("seed 3, instruction ")
    assert "\noperands {" in message
    assert f"\n{found}" in message


def test_the_command_runs_as_many_as_asked_for(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["lockstep", "--seed", "4", "--instructions", "500"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("500 instructions agree, 84 mnemonics 5 to 6 times")


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(SEED + 100, SEED + 103))
def test_many_instructions(seed):
    Lockstep(seed=seed).run(1_000_000)
