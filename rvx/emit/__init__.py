"""What a machine's description becomes for people and other tools: a C header, reference pages, and
an export of the encodings."""

from rvx.emit.export import export
from rvx.emit.header import header
from rvx.emit.pages import pages

__all__ = ["export", "header", "pages"]
