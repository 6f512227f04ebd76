"""The reference interpreter: the definition of every instruction. It may be slow, never wrong."""

from rvx.reference.binding import Binding, Storage

__all__ = ["Binding", "Storage"]
