"""Help: of every command, with an example that the command understands."""

from __future__ import annotations

import re
import shlex

import pytest
from calling import Rvx

from rvx.command.main import COMMANDS, _parser


def test_the_commands(rvx: Rvx) -> None:
    told = rvx("--help")
    assert told.succeeded
    assert tuple(re.findall(r"^    (\w+)\s", told.out, re.MULTILINE)) == COMMANDS
    assert re.fullmatch(r"rvx (\d+\.\d+\.\d+.*|unknown \(not installed\))\n", rvx("--version").out)


@pytest.mark.parametrize("name", COMMANDS)
def test_an_example_that_can_be_run(rvx: Rvx, name: str) -> None:
    told = rvx(name, "--help")
    assert told.succeeded
    assert told.out.startswith(f"usage: rvx {name} ")
    example = re.search(r"^example:\n  rvx (.+)$", told.out, re.MULTILINE)
    assert example is not None
    words = shlex.split(example[1])
    assert words[0] == name
    _parser(words).parse_args(words)


@pytest.mark.parametrize("name", sorted({*COMMANDS} - {"bench", "cache", "train"}))
def test_what_means_the_same_everywhere(rvx: Rvx, name: str) -> None:
    told = rvx(name, "--help").out
    for option in ("--isa STRING", "-x FILE.isa", "--option NAME=CHOICE"):
        assert option in told
    if name in ("run", "compare"):
        assert "--core NAME[,PARAMETER=VALUE...]" in told
        assert "--max-instructions N" in told
