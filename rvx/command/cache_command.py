"""`rvx cache`: what rvx keeps on disk from one run to the next."""

from __future__ import annotations

import argparse

from rvx.c.cache import builds
from rvx.command import options
from rvx.command.main import UserError
from rvx.description.cache import home, models
from rvx.machine.driven import objects

# What is kept, by its folder in `home`.
KINDS = {
    "objects": (objects, "compiled code of guests"),
    "builds": (builds, "run times and headers of C"),
    "models": (models, "descriptions, read and checked"),
}


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "cache",
        run,
        "show what is kept from run to run, where and how much; or clear it",
        "rvx cache clear",
    )
    parser.add_argument("what", nargs="?", choices=("show", "clear"), default="show")
    parser.add_argument("--json", action="store_true", help="show as JSON")


def run(given: argparse.Namespace) -> int:
    stores = {kind: store() for kind, (store, _) in KINDS.items()}
    if given.what == "clear":
        for store in stores.values():
            try:
                store.clear()
            except OSError as error:
                reason = f"cannot remove it: {error.strerror}"
                raise UserError(f"{error.filename}: {reason}") from None
    sizes = {kind: [s.st_size for _, s in store.entries()] for kind, store in stores.items()}
    base = home()
    if given.json:
        counts = {kind: {"entries": len(all), "bytes": sum(all)} for kind, all in sizes.items()}
        options.print_json({"path": None if base is None else str(base), **counts})
        return 0
    print(base or "there is no place for it: set RVX_CACHE_DIR")
    for kind, all in sizes.items():
        print(f"{kind:8} {len(all):5} entries {sum(all):10} bytes  {KINDS[kind][1]}")
    return 0
