"""What an installation has, of all that is in the source tree."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
FOR_TESTS = "guests"  # programs that only tests and measurements run


def folder(package: str) -> Path:
    moved = SETUPTOOLS["package-dir"]
    return ROOT / moved.get(package, package.replace(".", "/"))


def test_every_package_is_installed() -> None:
    homes = [file.parent for file in (ROOT / "rvx").rglob("__init__.py")]
    found = {".".join(home.relative_to(ROOT).parts) for home in homes}
    moved = SETUPTOOLS["package-dir"].values()
    found |= {f"rvx.{name}" for name in moved if (ROOT / name / "__init__.py").exists()}
    assert found == set(SETUPTOOLS["packages"])


def test_every_file_of_a_package_is_installed() -> None:
    installed: set[Path] = set()
    for package in SETUPTOOLS["packages"]:
        for pattern in ("*.py", *SETUPTOOLS["package-data"]["*"]):
            installed.update(folder(package).glob(pattern))
    for top in ("rvx", "asm", "firmware", "isa"):
        for path in (ROOT / top).rglob("*"):
            if path.is_file() and not {"__pycache__", FOR_TESTS} & {*path.parts}:
                assert path in installed, path
