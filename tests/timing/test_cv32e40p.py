"""The declared CV32E40P against the real one: every instruction of every recorded program."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
from replay import Record, Replay, records


@cache
def replay(*parameters: tuple[str, int]) -> Replay:
    return Replay("cv32e40p", dict(parameters))


@pytest.mark.parametrize("record", records(), ids=str)
def test_every_instruction_leaves_decode_in_its_cycle(record: Record) -> None:
    stamps = replay(*record.parameters.items()).stamps(record.program)
    stamps = stamps[record.start : record.start + len(record.deltas) + 1]
    deltas = [after - before for before, after in pairwise(stamps)]
    assert deltas == list(record.deltas)
    assert stamps[-1] - stamps[0] == record.cycles


def test_the_recordings_are_all_there() -> None:
    groups = [record.group for record in records()]
    assert {name: groups.count(name) for name in groups} == {
        "micro": 433,
        "kernels": 34,
        "fuzz": 71,
    }
    assert sum(len(record.deltas) for record in records()) == 353_867
