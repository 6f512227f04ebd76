"""Imports go one way: each package may use those to its left, and no tool uses another tool."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BASE = {"record", "store"}  # modules that know nothing of what rvx is for
MAY_USE = {
    "number": set(),
    "accuracy": {"number"},
    "model": {"number"},
    "description": {"model", "number"},
    "reference": {"model", "number"},
    "timing": {"description", "model", "number"},
    "asm": {"model", "number"},
    "emit": {"asm", "model", "number"},
    "jit": {"model", "number", "timing"},
    "machine": {"asm", "description", "jit", "model", "number", "reference", "timing"},
    "c": {"asm", "description", "emit", "firmware", "model"},
    "bench": {"asm", "c", "description", "firmware", "machine", "model", "number"},
    # Trains with the number systems and kernels that the bench measures.
    "train": {"bench", "c", "description", "firmware", "machine", "model"},
    "verify": {"asm", "description", "jit", "machine", "model", "number", "reference"},
    "explain": {"asm", "machine", "timing"},
    "calibrate": {"asm", "description", "machine", "model", "reference", "timing"},
    "command": {
        *("asm", "bench", "description", "emit", "machine", "model", "number", "timing", "verify"),
        *("accuracy", "c", "calibrate", "explain", "jit", "train"),
    },
}


def packages_imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names):
                modules = [name.name for name in names]
            case ast.ImportFrom(module=str(module), level=0, names=names):
                modules = [f"{module}.{n.name}" if module == "rvx" else module for n in names]
            case _:
                continue
        found |= {m.split(".")[1] for m in modules if m.startswith("rvx.")}
    return found


@pytest.mark.parametrize("package", MAY_USE)
def test_a_package_imports_only_what_lies_to_its_left(package: str) -> None:
    files = sorted((ROOT / "rvx" / package).rglob("*.py"))
    assert files
    for file in files:
        foreign = packages_imported(file) - MAY_USE[package] - {package, *BASE}
        assert not foreign, f"{file.relative_to(ROOT)} imports {sorted(foreign)}"


def test_no_core_and_no_mnemonic_is_named_in_the_engines() -> None:
    words = ("cv32e40p", '"fdiv', '"fmadd', '"addi"', '"vfdotpex', '"qmadd')
    for package in ("model", "description", "reference", "timing", "number"):
        for file in (ROOT / "rvx" / package).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            assert not [w for w in words if w in text], file
