"""The reference interpreter: the definition of every instruction. It may be slow, never wrong."""

from rvx.reference.binding import Binding
from rvx.reference.storage import Storage, TrapRaised

__all__ = ["Binding", "Storage", "TrapRaised"]
