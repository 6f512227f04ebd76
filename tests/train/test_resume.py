"""A run that is killed goes on from its last checkpoint to the same bits and cycles."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from killed_run import finish, kill_once, same
from training_run import plan_of, short

from rvx.machine.checkpoint import CheckpointError, write_checkpoint
from rvx.train.checkpoints import Checkpoints
from rvx.train.run import Done, Silent, Training

WORDS = ("--epochs", "1", "--core", "single")


def test_killed_at_any_moment(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    whole, _ = finish(tmp_path / "whole", *WORDS)
    folder = tmp_path / "killed"
    folder.mkdir()
    draw = random.Random(7)
    killed = [kill_once(folder, WORDS, draw, 0.2) for _ in range(2)]
    assert any(killed)
    run, said = finish(folder, *WORDS)
    assert "resumed from" in said
    assert same(run, whole)
    assert not list((folder / "kept").rglob(".checkpoint-*"))


@pytest.mark.sweep
@pytest.mark.parametrize("system", ["fp32", "luq4"])
def test_killed_at_twenty_moments(tmp_path: Path, system: str) -> None:
    words = ("--epochs", "20" if system == "fp32" else "4", "--numbers", system)
    (tmp_path / "whole").mkdir()
    whole, _ = finish(tmp_path / "whole", *words)
    draw, killed, runs = random.Random(8), 0, 0
    while killed < 20:
        folder = tmp_path / f"killed{runs}"
        folder.mkdir()
        runs += 1
        while killed < 20 and kill_once(folder, words, draw, 1.0):
            killed += 1
        run, _ = finish(folder, *words)
        assert same(run, whole)


class Told(Silent):
    def __init__(self) -> None:
        self.messages: list[str] = []

    def on_resume(self, message: str) -> None:
        self.messages.append(message)


def training(folder: Path, **settings: object) -> tuple[Training, Told]:
    told = Told()
    plan = plan_of("mlp", epochs=3, **settings)
    kept = Checkpoints(folder, 0.0)
    return Training(plan, short("mlp", 64), checkpoints=kept, watcher=told), told


def equal(done: Done, other: Done) -> bool:
    return (done.weights, done.events, done.cycles) == (other.weights, other.events, other.cycles)


def test_a_corrupt_checkpoint_is_refused_and_the_one_before_used(tmp_path: Path) -> None:
    first, told = training(tmp_path)
    whole = first.run()
    assert told.messages == []
    older, newer = sorted(tmp_path.iterdir())
    for damaged in (newer, older):
        data = bytearray(damaged.read_bytes())
        data[len(data) // 2] ^= 1
        damaged.write_bytes(data)
        kept = {path: path.read_bytes() for path in (older, newer)}
        again, told = training(tmp_path)
        assert equal(again.run(), whole)
        refused = f"{newer}: is not whole: its checksum is wrong; trying the one before"
        assert told.messages[0] == refused
        if damaged is newer:
            assert told.messages[1].startswith(f"resumed from {older}, ")
        else:
            assert told.messages[1].startswith(f"{older}: is not whole")
            assert len(told.messages) == 2
        for path in tmp_path.iterdir():
            path.unlink()
        for path, content in kept.items():
            path.write_bytes(content)
    newer.unlink()
    older.unlink()
    write_checkpoint(first.simulator, older, {})
    with pytest.raises(CheckpointError, match="another program"):
        training(tmp_path, rate=0.25)[0].run()
