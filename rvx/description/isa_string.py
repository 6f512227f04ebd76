"""ISA strings, as in -march: rv32imf_zicsr_xdotp."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rvx.description.syntax import DescriptionError
from rvx.record import record

# Unprivileged manual 34.2: G is short for these.
GENERAL = ("i", "m", "a", "f", "d", "zicsr", "zifencei")


@record(frozen=True)
class IsaString:
    """The parts of a string: xlen, and extension names in lower case as written."""

    xlen: int
    names: tuple[str, ...]

    def extensions(self, known: Iterable[str]) -> list[str]:
        """The names as the descriptions spell them; those unknown stay as they are."""
        spelled = {name.lower(): name for name in known}
        return [spelled.get(name, name) for name in self.names]

    def canonical(self, extensions: Iterable[str]) -> str:
        """The string with everything that is in the machine: single letters, then the rest."""
        lower = [name.lower() for name in extensions]
        single = [name for name in lower if len(name) == 1]
        order = "iemafdqcbvh"
        single.sort(key=lambda name: order.find(name))
        rest = sorted((n for n in lower if len(n) > 1), key=lambda n: ("zsx".find(n[0]), n))
        return f"rv{self.xlen}" + "".join(single) + "".join(f"_{name}" for name in rest)


def parse_isa_string(text: str) -> IsaString:
    """Split an ISA string; raises DescriptionError where it is none."""
    found = re.fullmatch(r"rv(\d+)([a-z]*)((?:_[a-z][a-z0-9]*)*)", text.lower())
    if not found:
        raise DescriptionError(
            None, f"'{text}' is no ISA string: write for example rv32imf_zicsr_xdotp"
        )
    if found[1] != "32":
        raise DescriptionError(None, f"'{text}': only RV32 is supported")
    first = re.match(r"[^zsx]*", found[2])
    assert first is not None
    letters = first[0]
    if not letters or letters[0] not in "ig":
        raise DescriptionError(None, f"'{text}' has no base: write rv32i... or rv32g...")
    names: list[str] = []
    for letter in letters:
        names += GENERAL if letter == "g" else (letter,)
    if len(letters) < len(found[2]):
        names.append(found[2][len(letters) :])
    names += [name for name in found[3].split("_") if name]
    return IsaString(32, tuple(dict.fromkeys(names)))
