"""The page about the CV32E40P's error is what the recordings say."""

from __future__ import annotations

from replay import records
from report import PAGE, page


def test_the_page_is_up_to_date_and_tells_of_no_difference() -> None:
    text = page(records())
    assert PAGE.read_text() == text, "run: python tests/timing/report.py"
    assert "**0 of 353867 instructions leave decode in another cycle than on the core.**" in text
