"""What is wrong, where, and what to do: one file a fact, the message beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rvx.asm import AssemblyError, assemble, link
from rvx.model.machine import Machine

CASES = sorted((Path(__file__).parent / "errors").glob("*.S"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_the_message_says_what_is_wrong(case: Path, machine: Machine) -> None:
    with pytest.raises(AssemblyError) as caught:
        link([assemble(case.read_text(), machine, file=case.name)])
    assert f"{caught.value}\n" == case.with_suffix(".err").read_text()
