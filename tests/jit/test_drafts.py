"""First code compiled again with its routines inlined."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_first_code import BASE, MOST
from test_translation import translator

from rvx.jit.drafts import QUICK, Drafts
from rvx.jit.host import this_host
from rvx.jit.library import Linked
from rvx.jit.native import Code, compile_object
from rvx.jit.pack import Kept
from rvx.jit.situation import Pending, Situation
from rvx.jit.supply import Supply
from rvx.verify import place
from rvx.verify.differential import Differential, simulators
from rvx.verify.shape import Shape

SOURCE = "1: lw a1, 0(a0)\n addi a0, a0, 4\n mul a3, a1, a2\n bne a0, a2, 1b\n ecall"


def kept_as(name: str, routines: tuple[str, ...] = ()) -> Kept:
    return Kept(BASE, 0, 0, 1, 1, name, (), (), (), (), b"", routines)


def noted() -> tuple[Drafts, Kept]:
    made, drafts = translator(SOURCE), Drafts()
    number = made.situations.number(Situation(Pending(0, 0, 0, False), (0,) * 3, False))
    region = made.region(BASE, number, {}, MOST, lambda *_: False, lambda _: False)
    drafts.note_routines(*made.routines.take())
    drafts.note(region.name, region.text)
    return drafts, kept_as(region.name, region.routines)


def test_what_a_draft_becomes_calls_nothing() -> None:
    drafts, kept = noted()
    assert len(kept.routines) == 3
    draft = drafts.take(kept)
    assert draft is not None
    assert (draft.kept.level, draft.kept.routines) == (QUICK, ())
    object = compile_object(draft.text, QUICK, this_host(), draft.parts)
    assert Code([object], [draft.kept.name]).address(draft.kept.name)  # nothing is missing
    assert b"op." not in object  # nor called
    assert drafts.take(kept) is None  # it is not done twice


def test_a_draft_needs_the_text_of_all_routines() -> None:
    drafts, kept = noted()
    assert drafts.take(kept_as(kept.name, (*kept.routines, "op.elsewhere"))) is None


def test_only_the_newest_texts_are_kept() -> None:
    drafts = Drafts()
    for number in range(1000):
        drafts.note(f"first.{number}", "text")
    assert drafts.take(kept_as("first.0")) is None
    assert drafts.take(kept_as("first.999")) is not None


@pytest.mark.parametrize("core", ["cv32e40p", "single"])
@pytest.mark.parametrize("isa", ["rv32imfc_zicsr_xposit", "rv32imafdc_zicsr"])
def test_code_with_its_routines_inlined_is_equal(
    isa: str, core: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make, count = Supply._make, 0

    def make_both(supply: Supply, key: tuple[int, int]) -> Linked | None:
        nonlocal count
        made = make(supply, key)
        if made is None or (draft := supply._drafts.take(made.kept)) is None:
            return made
        count += 1
        object = compile_object(draft.text, QUICK, this_host(), draft.parts)
        kept = supply._late(draft.kept).with_object(object)
        return supply._add([kept])[0]

    monkeypatch.setattr(Supply, "_make", make_both)
    monkeypatch.setattr(Supply, "executions", 1)
    pair = simulators(("reference", "jit"), isa=isa, core=core, ram=place.RAM)
    monkeypatch.setenv("RVX_CACHE_DIR", str(tmp_path))  # nothing is made already
    differential = Differential(pair, Shape(100, 2000))
    assert [failure.report for failure in differential.run(range(3))] == []
    assert count > 10
