"""Expressions that are the same for every lane of an instruction, but for which lanes they read."""

from __future__ import annotations

from collections.abc import Sequence

from rvx.jit.number.noted import Noted
from rvx.jit.number.site import Shape, Site
from rvx.model import ir
from rvx.record import record


@record(frozen=True)
class Place:
    """Where the lanes of a parameter are in a word: lane i begins at bit low + i * step."""

    word: int
    low: int
    step: int


@record(frozen=True)
class LaneShape:
    """The shape of one lane, how many there are, the words' widths and the parameters' places."""

    shape: Shape
    count: int
    widths: tuple[int, ...]
    places: tuple[Place, ...]


def lane_shape(
    noted: Noted, site: Site, numbers: Sequence[ir.Number]
) -> tuple[LaneShape, list[ir.Word]] | None:
    """What the numbers have in common, and the words that hold their lanes; None: too little."""
    lanes = [noted.shape(site, number) for number in numbers]
    if lanes[0] is None:
        return None
    (shape, _), words, places = lanes[0], list[ir.Word](), list[Place]()
    slices = []
    for each in lanes:
        if each is None or each[0] != shape:
            return None
        slices.append(each[1])
    for parameter in zip(*slices, strict=True):
        place = _place(parameter, words)
        if place is None:
            return None
        places.append(place)
    widths = tuple(word.width for word in words)
    return LaneShape(shape, len(numbers), widths, tuple(places)), words


def _place(slices: Sequence[ir.Word], words: list[ir.Word]) -> Place | None:
    """The place of a parameter, given what it is in each lane."""
    wholes = {each.value if isinstance(each, ir.WordSlice) else each for each in slices}
    if len(wholes) != 1:
        return None
    lows = [each.low if isinstance(each, ir.WordSlice) else 0 for each in slices]
    step = lows[1] - lows[0]
    if lows != [lows[0] + i * step for i in range(len(lows))]:
        return None
    (whole,) = wholes
    if whole not in words:
        words.append(whole)
    return Place(words.index(whole), lows[0], step)
