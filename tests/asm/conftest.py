"""Machines, and short ways from a text to what it becomes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rvx.asm import Executable, assemble, link
from rvx.description import load_machine
from rvx.model.machine import Machine

BASE = 0x8000_0000


@pytest.fixture(scope="session")
def machine() -> Machine:
    return load_machine("rv32imf_zicsr_zifencei_xdotp_xposit")


@pytest.fixture(scope="session")
def build(machine: Machine) -> Callable[[str], Executable]:
    """Assemble and link one text; a start label is added if there is none."""

    def build(text: str) -> Executable:
        if "_start:" not in text:
            text = f"_start: {text}"
        return link([assemble(text, machine, file="test.S")], text_base=BASE)

    return build


@pytest.fixture(scope="session")
def words(build: Callable[[str], Executable]) -> Callable[[str], list[int]]:
    """The words of .text."""

    def words(text: str) -> list[int]:
        return as_words(contents(build(text), ".text"))

    return words


@pytest.fixture(scope="session")
def data(build: Callable[[str], Executable]) -> Callable[[str], bytes]:
    """The bytes of .data that the text puts there."""

    def data(text: str) -> bytes:
        return contents(build(f"_start: nop\n.data\n{text}"), ".data")

    return data


def contents(executable: Executable, name: str) -> bytes:
    return b"".join(s.contents for s in executable.sections if s.name == name)


def as_words(contents: bytes) -> list[int]:
    return [int.from_bytes(contents[i : i + 4], "little") for i in range(0, len(contents), 4)]
