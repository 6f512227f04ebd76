"""Threaded code: what is executed before anything is compiled for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from assembled import EXIT, machine, share, state_of
from test_translation import BASE, translator

from rvx.jit.pack import KeptThread, Pack, load_pack, save_pack, store_in
from rvx.jit.region import Reason
from rvx.jit.situation import Pending, Situation
from rvx.jit.supply import Supply
from rvx.jit.thread import CONTROL, HEADER, LEFT, RECORD, RELUCTANT, UNKNOWN, Thread
from rvx.jit.threader import Threader
from rvx.machine.simulator import Simulator
from rvx.verify import place
from rvx.verify.differential import Differential, simulators
from rvx.verify.shape import Shape

MANY = 1000  # executions
MODES = (0, 3, 3)  # frm, fs, privilege


class Defined:
    """In place of the threads of a run: what is defined is only noted."""

    def __init__(self) -> None:
        self.operations = [""]

    def define(self, names: list[str], *_: bytes) -> None:
        self.operations += names


class Made:
    """What becomes of a program's beginning."""

    def __init__(self, source: str, stops: frozenset[int] = frozenset()) -> None:
        made, self.defined = translator(source), Defined()

        def peek(address: int, length: int) -> bytes:
            words = [made._fetch(pc) for pc in range(address, address + length, 4)]
            known = (word.to_bytes(4, "little") for word in words if word is not None)
            return b"".join(known)[:length]

        self.threader = Threader(made, self.defined, stops, peek)  # type: ignore[arg-type]
        self.start = made.situations.number(Situation(Pending(0, 0, 0, False), MODES, False))

    def thread(self, pc: int = BASE) -> Thread | None:
        return self.threader.thread(pc, self.start, MANY)


def records(thread: Thread) -> Iterator[tuple[int, ...]]:
    """The operation's name is not known: its offset, pc, reason, instret and cycle."""
    words = thread.words[HEADER:]
    for at in range(0, len(words), RECORD):
        offset, pc, _, _, reason, instret, cycle = words[at : at + 7]
        yield offset, pc - BASE if pc != UNKNOWN else UNKNOWN, reason, instret, cycle


def test_a_thread_ends_where_it_may_go_one_way_or_another() -> None:
    thread = Made("addi a0, a0, 1\n beq a0, a1, 1f\n nop\n 1: nop\n ecall").thread()
    assert thread is not None
    add, branch, *ways = records(thread)
    assert add[1:] == (0, Reason.BAIL, 0, 1)
    assert branch[1:] == (4, Reason.BAIL, 1, 2)
    assert ways == [(0, 8, Reason.CONTINUE, 2, 2), (0, 12, Reason.CONTINUE, 2, 2)]
    assert thread.longest == 2
    assert thread.words[LEFT] == MANY


def test_only_the_run_knows_where_an_indirect_jump_goes() -> None:
    thread = Made("jalr a0").thread()
    assert thread is not None
    assert [row[1] for row in records(thread)] == [0, UNKNOWN]


def test_words_of_a_kind_share_an_operation_whatever_their_registers() -> None:
    made = Made("add a0, a1, a2\n add a0, a0, a0\n add zero, a0, a0\n add a1, zero, a2\n j .")
    thread = made.thread()
    assert thread is not None
    first, *others = [row[0] for row in records(thread)][:4]
    assert others == [first] * 3
    names = made.defined.operations[1:]
    assert sorted(name.split(".")[1] for name in names) == ["add", "jal"]


def test_only_where_native_code_may_be_left_is_a_situation_named() -> None:
    thread = Made("addi a0, a0, 1\n lw a1, 0(a0)\n j .").thread()
    assert thread is not None
    hazards = [thread.words[at + 2] for at in range(HEADER, len(thread.words), RECORD)]
    assert [number != 0 for number in hazards] == [False, True, True, True]
    assert set(thread.situations) == {thread.situation, *hazards[1:]}


def test_what_the_reference_executes_ends_a_thread() -> None:
    thread = Made("addi a0, a0, 1\n csrr a1, mcycle\n nop").thread()
    assert thread is not None
    assert [row[0] == 0 for row in records(thread)] == [False, True]
    assert thread.words[LEFT] == RELUCTANT
    assert thread.longest == 2


def test_a_thread_ends_before_a_mark() -> None:
    made = Made("nop\n nop\n nop\n j .", frozenset({BASE + 8}))
    thread = made.thread()
    assert thread is not None
    assert thread.code == (range(BASE, BASE + 8),)
    assert made.thread(BASE + 8) is None


def test_only_arithmetic_sets_the_hosts_control() -> None:
    number, none = Made("fadd.s fa0, fa1, fa2\n j .").thread(), Made("nop\n j .").thread()
    assert number is not None
    assert none is not None
    assert none.words[CONTROL] == 0
    assert number.words[CONTROL] == Made("nop").threader.control(MODES)


# Runs

LOOP = "li t0, 3000\n1: addi t1, t1, 3\n xor t2, t2, t1\n addi t0, t0, -1\n bnez t0, 1b\n" + EXIT


def regions(made: Simulator) -> int:
    return len(made._jit._native._supply.library)


def agree(text: str, **options: object) -> Simulator:
    jit, reference = machine(text, **options), machine(text, engine="reference", **options)
    assert jit.run() == reference.run()
    assert state_of(jit) == state_of(reference)
    return jit


@pytest.mark.parametrize("core", ["single", "cv32e40p"])
def test_what_is_executed_often_is_compiled(core: str, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("RVX_CACHE_DIR", str(tmp_path))
    few = agree(LOOP, core=core)
    assert regions(few) == 0
    assert share(few) > 0.99
    monkeypatch.setattr(Supply, "executions", 5)
    assert regions(agree(LOOP, core=core)) > 0


@pytest.mark.parametrize("executions", [3, 40_000])
@pytest.mark.parametrize(
    "text",
    [
        "lw zero, 0(s2)\n lw a0, 4(s2)",
        "add zero, s2, s2\n add a0, zero, s2\n add a0, a0, a0\n sub a0, a0, a0",
        "lw a0, 1(s2)\n sw a0, 2(s2)\n lh a1, 3(s2)",
        "jal zero, 2f\n 2: jal a0, 2f\n nop\n 2: auipc a1, 0\n jalr a1, a1, 8",
        "csrr a0, mcycle\n csrr a1, minstret\n div a2, a0, t0\n rem a3, t0, a2",
        "fence.i\n mul a0, t0, t0\n mulh a1, a0, a0",
    ],
)
def test_what_threads_do_is_what_the_reference_does(text: str, executions: int, monkeypatch):
    monkeypatch.setattr(Supply, "executions", executions)
    for core in ("single", "cv32e40p"):
        loop = f"1: {text}\n addi t0, t0, -1\n bnez t0, 1b\n"
        agree(f"la s2, d\n li t0, 60\n{loop}{EXIT}\n.data\n d: .zero 64", core=core)


@pytest.mark.parametrize("isa", ["rv32imfc_zicsr_xposit_xdotp", "rv32imafdc_zicsr"])
def test_compiled_threads_are_equal_too(isa: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Supply, "executions", 3)
    pair = simulators(("reference", "jit"), isa=isa, core="cv32e40p", ram=place.RAM)
    differential = Differential(pair, Shape(100, 2000))
    assert [failure.report for failure in differential.run(range(2))] == []


def test_code_that_somebody_has_changed_between_two_runs_is_not_executed() -> None:
    text = "1: addi a0, a0, 1\n addi a1, a1, 2\n j 1b"
    changed = text.replace("a1, 2", "a1, 3")
    jit, reference = machine(text), machine(text, engine="reference")
    for made in (jit, reference):
        made.run(1000)
        made.memory.on_write, told = None, made.memory.on_write  # as by a view of the memory
        made.memory.write(BASE, machine(changed).memory.read(BASE, 12))
        made.memory.on_write = told
        made.run(1001)
    assert state_of(jit) == state_of(reference)


# The cache


def kept(pc: int, image: bytes = b"code") -> KeptThread:
    return KeptThread(pc, 5, 1, MANY, pc, image, b"words")


def test_threads_of_two_processes_are_merged(tmp_path) -> None:
    store = store_in(tmp_path / "objects")
    save_pack(store, "p", Pack(threads=[kept(0), kept(4)], operations=["", "a"]))
    save_pack(store, "p", Pack(threads=[kept(0), kept(8)], operations=["", "a", "b"]))
    pack = load_pack(store, "p")
    assert [thread.pc for thread in pack.threads] == [0, 4, 8]
    assert pack.operations == ["", "a", "b"]


def test_threads_with_other_operations_are_not_kept(tmp_path) -> None:
    store = store_in(tmp_path / "objects")
    save_pack(store, "p", Pack(threads=[kept(0), kept(4)], operations=["", "a"]))
    save_pack(store, "p", Pack(threads=[kept(8)], operations=["", "b"]))
    pack = load_pack(store, "p")
    assert [thread.pc for thread in pack.threads] == [8]
    assert pack.operations == ["", "b"]


def test_a_second_process_goes_on_with_the_operations_of_the_first(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("RVX_CACHE_DIR", str(tmp_path))
    body = "beqz s5, 2f\n mul a0, a1, a2\n slli a1, a2, 3\n2: addi t1, t1, 3\n"
    text = LOOP.replace("addi t1, t1, 3\n", body)
    first, second, third = machine(text), machine(text), machine(text)
    for number, made in enumerate((first, second, third)):
        made.hart.registers["x"][21] = min(number, 1)
        expected = machine(text, engine="reference")
        expected.hart.registers["x"][21] = min(number, 1)
        made.run()
        expected.run()
        assert state_of(made) == state_of(expected)
        assert made.native is not None
        assert (made.native.translated > 0) == (number < 2)
