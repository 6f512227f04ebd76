"""The texts of descriptions, unread: those that ship, the user's own, and what they hash to."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from rvx.description.expression_syntax import DescriptionError

Text: TypeAlias = tuple[str, str]  # the name in error messages, and the text

# The packages whose code decides what a text becomes.
_MAKERS = ("description", "model", "number", "timing")


@cache
def shipped_texts() -> tuple[Text, ...]:
    """The descriptions of the package, cores included."""
    return tuple((f"isa/{f.name}", f.read_text(encoding="utf-8")) for f in description_files())


def description_files() -> list[Path]:
    """The `.isa` files of the package, cores included."""
    root = Path(str(import_module("rvx.isa").__file__)).parent
    listed = [*root.iterdir(), *(root / "cores").iterdir()]
    return sorted((f for f in listed if f.suffix == ".isa"), key=lambda file: file.name)


def own_text(path: Path) -> Text:
    """A description file of the user's own."""
    try:
        return str(path), path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise DescriptionError(None, f"{path}: cannot read this description: {reason}") from None


def key(*parts: str, texts: Sequence[Text]) -> str:
    """Names what these texts become, by everything that decides it. With the sources of rvx it
    changes from version to version, and while somebody works on them."""
    found = sha256(_makers())
    for part in (*parts, *(part for text in texts for part in text)):
        data = part.encode("utf-8", "surrogatepass")
        found.update(b"%d:" % len(data) + data)
    return found.hexdigest()


@cache
def _makers() -> bytes:
    """Of the code that decides what a text becomes."""
    found = sha256(sys.version.encode())
    for package in _MAKERS:
        with os.scandir(Path(__file__).parents[1] / package) as entries:
            files = sorted((e.name, e.path) for e in entries if e.name.endswith((".py", ".lark")))
        for name, path in files:
            found.update(name.encode() + b"\n" + Path(path).read_bytes())
    return found.digest()
