"""What compiling C makes again and again, kept on disk from one run to the next."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from rvx.description.cache import home
from rvx.store import Store

MOST_BYTES = 64 << 20  # some hundred run times


def builds() -> Store:
    """Where run times, headers and what compilers know are kept."""
    base = home()
    return Store(base / "builds" if base is not None else None, MOST_BYTES)


def kept(kind: str, make: Callable[[], bytes], *parts: str) -> bytes:
    """What `make` makes of the parts: made where it is not kept, and kept from then on."""
    found = sha256(kind.encode())
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        found.update(b"%d:" % len(data) + data)
    name = f"{kind}-{found.hexdigest()}"
    content = builds().get(name)
    if content is None:
        content = make()
        builds().put(name, content)
    return content


def text_of(folder: Path, *patterns: str) -> str:
    """The contents of the files below a folder, with their names."""
    files = sorted(path for pattern in patterns for path in folder.rglob(pattern))
    return "".join(f"{path.relative_to(folder)}\n{path.read_text('utf-8')}\n" for path in files)
