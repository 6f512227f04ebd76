"""What number formats can hold: their values, and how accurate they are across magnitudes."""

from rvx.accuracy.curve import Point, curve
from rvx.accuracy.inline import read_format
from rvx.accuracy.summary import Coded, Summary, summary, table
from rvx.accuracy.svg import drawing

__all__ = ["Coded", "Point", "Summary", "curve", "drawing", "read_format", "summary", "table"]
