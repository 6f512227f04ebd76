"""The intrinsics of a machine in portable C, bit-identical to the instructions: what a header has
under RVX_EMULATE.

A third twin of the reference: `lowering`, `numbers` and `statements` turn a checked body into C,
and the `.h` files here are what they call: exact numbers, formats and rounding, from the formats'
own settings.
"""

from rvx.emit.emulate.emulation import emulation, exact_arithmetic
from rvx.emit.emulate.formats import Formats

__all__ = ["Formats", "emulation", "exact_arithmetic"]
