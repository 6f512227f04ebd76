"""The five exception flags, with the bits of `fcsr` (RISC-V unprivileged manual, F extension).

Plain integers: flags are or-ed in the inner loop of the reference interpreter.
"""

NV = 16
DZ = 8
OF = 4
UF = 2
NX = 1

_NAMES = {NV: "NV", DZ: "DZ", OF: "OF", UF: "UF", NX: "NX"}


def flag_names(flags: int) -> str:
    """Spell the set flags, most significant first, such as `NV|NX`; `0` if there are none."""
    return "|".join(name for bit, name in _NAMES.items() if flags & bit) or "0"
