"""What the engine remembers of its steps is what the clock would do again."""

from __future__ import annotations

import random

import pytest
from stream import ISA, NOP, Do, Stream, access, stream, stream_of, taken

from rvx.description import load_core
from rvx.timing import Outcome
from rvx.timing.clock import Clock
from rvx.timing.transducer import Key


def random_stream(source: random.Random, count: int) -> list[Do]:
    """Instructions of every kind over few registers, so that there are hazards."""

    def r() -> int:
        return source.choice((0, 1, 2, 3))

    def one() -> Do:
        makers = (
            lambda: Do(f"add x{r()}, x{r()}, x{r()}"),
            lambda: Do(f"mulh x{r()}, x{r()}, x{r()}"),
            lambda: Do(f"div x{r()}, x{r()}, x{r()}", Outcome(frame=r() + 3)),
            lambda: access(f"lw x{r()}, 0(x{r()})", r()),
            lambda: access(f"flw f{r()}, 0(x{r()})", r()),
            lambda: access(f"fsw f{r()}, 0(x{r()})", r()),
            lambda: Do(f"fadd.s f{r()}, f{r()}, f{r()}"),
            lambda: Do(f"feq.s x{r()}, f{r()}, f{r()}"),
            lambda: Do(f"fdiv.s f{r()}, f{r()}, f{r()}", Outcome(frame=r() + 2)),
            lambda: Do(f"vfdotpex.h.b f{r()}, f{r()}, f{r()}"),
            lambda: Do(f"beq x{r()}, x{r()}, 8"),
            lambda: taken(f"beq x{r()}, x{r()}, 8", 2 * r(), f"jalr x0, 0(x{r()})"),
            lambda: taken(f"bne x{r()}, x{r()}, 8", 2 * r(), "csrrs x1, 0x340, x0"),
            lambda: Do("jal x1, 64", to=2 * r()),
            lambda: Do(f"jalr x{r()}, 0(x{r()})", to=2 * r()),
            lambda: Do(f"csrrs x{r()}, 0x341, x0", Outcome(writes_csr=source.random() < 0.5)),
            lambda: Do("illegal", Outcome(cause=2), to=0),
        )
        return source.choice(makers)()

    return [one() for _ in range(count)]


def checked(made: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every step be done again by the clock."""
    table = made.pipeline.transducer
    remembered = table.step

    def step(key: Key) -> tuple[int, int]:
        cycles, state = remembered(key)
        again = table.run(key)
        assert (cycles, table.states[state]) == (again.cycles, again.state)
        return cycles, state

    monkeypatch.setattr(table, "step", step)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("single", {}),
        ("tiny", {}),
        *(
            ("cv32e40p", {"FPU_ADDMUL_LAT": addmul, "FPU_OTHERS_LAT": others})
            for addmul in range(4)
            for others in range(4)
        ),
    ],
)
def test_remembered_steps_are_those_of_the_clock(
    name: str, parameters: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = random.Random(7)
    made = stream_of(load_core(name), ISA, parameters)
    checked(made, monkeypatch)
    items = random_stream(source, 300)
    first = [made.issue(item) for item in items]
    made.pipeline.reset()
    assert [made.issue(item) for item in items] == first


@pytest.mark.parametrize("name", ["tiny", "cv32e40p"])
def test_cycles_that_are_skipped_are_those_of_the_clock(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip, skipped = Clock.skip, list[int]()

    def counted(clock: Clock) -> int:
        skipped.append(skip(clock))
        return skipped[-1]

    monkeypatch.setattr(Clock, "skip", counted)
    made = stream_of(load_core(name))
    items = random_stream(random.Random(11), 500)
    for item in items:
        made.issue(item)
    table = made.pipeline.transducer
    steps = {key: table.run(key) for key in table._steps}
    monkeypatch.setattr(Clock, "skip", lambda clock: 0)
    assert {key: table.run(key) for key in steps} == steps
    assert name == "tiny" or sum(skipped) > 100


@pytest.mark.parametrize("name", ["single", "tiny", "cv32e40p"])
def test_a_loop_comes_to_a_steady_state(name: str) -> None:
    made = stream_of(load_core(name))
    body = [
        access("flw f1, 0(x5)", 0x100),
        access("flw f2, 0(x6)", 0x200),
        "addi x5, x5, 4",
        "addi x6, x6, 4",
        "fmadd.s f3, f1, f2, f3",
        taken("bne x5, x7, -20", 0),
    ]
    for _ in range(3):
        for item in body:
            made.issue(item)
    states = len(made.pipeline.transducer.states)
    lengths = set()
    for _ in range(5):
        cycles = [made.issue(item) for item in body]
        lengths.add(cycles[-1] - cycles[0])
    assert len(made.pipeline.transducer.states) == states
    assert len(lengths) == 1


def test_a_core_that_asks_for_nothing_has_one_state() -> None:
    made = stream_of(load_core("single"))
    for item in random_stream(random.Random(3), 200):
        made.issue(item)
    assert len(made.pipeline.transducer.states) == 1
    assert made.pipeline.cycles == 200


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    items = random_stream(random.Random(5), 200)
    plain = stream_of(load_core("cv32e40p"))
    expected = [plain.issue(item) for item in items]
    monkeypatch.setattr("rvx.timing.transducer._MOST_STEPS", 10)
    made = stream_of(load_core("cv32e40p"))
    assert [made.issue(item) for item in items] == expected


def test_what_only_some_instructions_are_asked_is_not_remembered_of_others() -> None:
    """So that pasts which differ in nothing that matters are one state."""
    made = stream(
        "class memory = load or store;"
        "late: hold decode when writeback is memory and (execute is load or"
        " decode reads writeback.rd);"
    )
    states = set()
    for before in ("add x1, x2, x3", "add x4, x2, x3", "lw x1, 0(x2)", "lw x4, 0(x2)"):
        made.pipeline.reset()
        for item in (before, NOP):
            made.issue(access(before, 0) if item.startswith("lw") else item)
        states.add(made.pipeline.transducer.states[made.pipeline._state].leaving)
    assert {view.writes for view in states} == {
        frozenset(),
        frozenset({("x", 1)}),
        frozenset({("x", 4)}),
    }
