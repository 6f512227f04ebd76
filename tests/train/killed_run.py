"""`rvx train` as a process that is killed and started again."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def command(folder: Path, *words: str) -> list[str]:
    every = ("--checkpoint", str(folder / "kept"), "--checkpoint-every", "0.2")
    result = ("-o", str(folder / "result.json"))
    return [sys.executable, "-m", "rvx", "train", *words, *every, *result]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def checkpoints(folder: Path) -> list[Path]:
    return sorted((folder / "kept").rglob("checkpoint-*"))


def kill_once(folder: Path, words: tuple[str, ...], draw: random.Random, latest: float) -> bool:
    """Start or go on, and kill it at some moment after it has kept a checkpoint of its own; whether
    it was killed rather than done."""
    before = checkpoints(folder)
    process = subprocess.Popen(
        command(folder, *words),
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        while process.poll() is None and checkpoints(folder) == before:
            time.sleep(0.005)
        time.sleep(draw.uniform(0, latest))
    finally:
        process.kill()
        process.communicate()
    return process.returncode < 0


def finish(folder: Path, *words: str) -> tuple[dict[str, Any], str]:
    """Go on to the end: the result, and what was said on standard error."""
    done = subprocess.run(
        command(folder, *words), env=environment(), capture_output=True, text=True, check=True
    )
    return json.loads((folder / "result.json").read_text())["runs"][0], done.stderr


def same(run: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether all that does not depend on the host's speed is the same."""
    timed = {"seconds", "cpu_seconds", "translation_seconds", "mips"}
    return {k: v for k, v in run.items() if k not in timed} == {
        k: v for k, v in other.items() if k not in timed
    }
