"""Encodings: the fields as drawn, placed over the word."""

from __future__ import annotations

from collections.abc import Sequence

from rvx.description import syntax
from rvx.description.syntax import DescriptionError
from rvx.description.values import show
from rvx.model.encoding import Encoding, Field, Placement

MOST_BITS = 32  # of the value of a field


def encoding(declared: syntax.EncodingDeclaration) -> Encoding:
    """Place the fields, most significant first, over 16 or 32 bits."""
    for drawn in declared.fields:
        for high, low in drawn.slices:
            _check_slice(drawn, high, low)
    width = sum(high - low + 1 for f in declared.fields for high, low in f.slices)
    if width not in (16, 32):
        raise DescriptionError(
            declared.name.at,
            f"the fields of {declared.name.id} have {show(width)} bits: draw 16 or 32",
        )
    top = width
    placements: dict[str, list[Placement]] = {}
    names: dict[str, syntax.EncodingField] = {}
    for drawn in declared.fields:
        for high, low in drawn.slices:
            top -= high - low + 1
            placed = placements.setdefault(drawn.name.id, [])
            _check_free(placed, high, low, drawn)
            placed.append(Placement(top, low, high - low + 1))
        names[drawn.name.id] = drawn
    for name, placed in placements.items():
        _check_whole(placed, names[name])
    fields = tuple(Field(name, tuple(p), names[name].sliced) for name, p in placements.items())
    return Encoding(declared.name.id, fields, width)


def _check_slice(drawn: syntax.EncodingField, high: int, low: int) -> None:
    name, at = drawn.name.id, drawn.name.at
    if not drawn.sliced and high < 0:
        raise DescriptionError(at, f"{name} has no bits: give it a width of at least 1")
    if not low <= high < MOST_BITS:
        raise DescriptionError(
            at,
            f"[{show(high)}:{show(low)}] of {name} is no slice: write [high:low], "
            f"at most {MOST_BITS - 1}",
        )


def _check_free(
    placed: Sequence[Placement], high: int, low: int, drawn: syntax.EncodingField
) -> None:
    for other in placed:
        if low < other.value_low + other.width and other.value_low <= high:
            raise DescriptionError(
                drawn.name.at,
                f"bit {max(low, other.value_low)} of {drawn.name.id} is drawn twice: "
                "each bit of a field has one place",
            )


def _check_whole(placed: Sequence[Placement], drawn: syntax.EncodingField) -> None:
    """Bits below the lowest slice are zero; between slices none may be missing."""
    covered = sum((1 << p.width) - 1 << p.value_low for p in placed)
    lowest, top = min(p.value_low for p in placed), max(p.value_low + p.width for p in placed)
    missing = (1 << top) - (1 << lowest) & ~covered
    if missing:
        raise DescriptionError(
            drawn.name.at,
            f"bit {missing.bit_length() - 1} of {drawn.name.id} is drawn nowhere: "
            "draw it or number the others without a gap",
        )
