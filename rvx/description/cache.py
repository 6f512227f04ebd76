"""What descriptions become, kept on disk from one run to the next: parsing takes most of a start.

A model is kept as a pickle. Unpickling runs what the pickle says, so that it must come from a
store, which gives nothing but what this user has put there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from rvx.store import Store

T = TypeVar("T")

MOST_BYTES = 32 << 20  # some hundred machines


def home() -> Path | None:
    """The folder of everything that rvx keeps from run to run; None where there is no place."""
    if given := os.environ.get("RVX_CACHE_DIR"):
        return Path(given)
    with suppress(RuntimeError):  # there is no home directory
        platform = _platform_folder()
        if platform is not None and platform.is_absolute():
            return platform / "rvx"
    return None


def _platform_folder() -> Path | None:
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else None
    if sys.platform == "darwin":
        return Path("~/Library/Caches").expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()


def models() -> Store:
    """Where models are kept."""
    base = home()
    return Store(base / "models" if base is not None else None, MOST_BYTES)


def kept(name: str, kind: type[T], make: Callable[[], T]) -> T:
    """What is kept under that name; made, and kept from now on, where there is nothing. What
    `make` raises is raised each time anew."""
    found = _get(name)
    if not isinstance(found, kind):
        found = make()
        _put(name, found)
    return found


def _get(name: str) -> object:
    content = models().get(name)
    if content is None:
        return None
    import gc
    import pickle

    is_collecting = gc.isenabled()
    gc.disable()  # nothing of it is garbage, and looking for some takes half the time
    try:
        found: object = pickle.loads(content)
        return found
    except Exception:  # whatever it is: it is made anew
        return None
    finally:
        if is_collecting:
            gc.enable()


def _put(name: str, value: object) -> None:
    import pickle

    with suppress(Exception):  # RecursionError, for example: then it is made each time
        models().put(name, pickle.dumps(value, protocol=5))
