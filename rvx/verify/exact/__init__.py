"""A second opinion on bodies: rational arithmetic and rounding by definition, for `rvx verify`.

It shares the checked model with the reference interpreter and none of its arithmetic. Written from
docs/language.md and from the definitions of the formats; it may be slow.
"""

from rvx.verify.exact.body import Body, Start, Trap
from rvx.verify.exact.codec import NotCovered, decode, encode

__all__ = ["Body", "NotCovered", "Start", "Trap", "decode", "encode"]
