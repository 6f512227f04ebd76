"""The families of number formats, and how settings read from a description make a format.

The settings of a family are the fields of its class: their names, what they may be and their
defaults are declared there and nowhere else. To add a family, write a class and a row here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, field, fields
from enum import Enum
from types import NoneType
from typing import Annotated, Final, Literal, get_args, get_origin, get_type_hints

from rvx.number.fixed import Fixed
from rvx.number.floating import Float
from rvx.number.format import Format, FormatError, Range
from rvx.number.posit import Posit
from rvx.number.power import Power
from rvx.number.quire import Quire
from rvx.record import record


@record(frozen=True)
class Family:
    """A class of formats; `given` are fields that its name already says."""

    make: Callable[..., Format]
    given: Mapping[str, int] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, bool]:
        """The settings by name, as declared, and whether they are required."""
        declared = fields(self.make)  # type: ignore[arg-type]  # a class of records
        return {f.name: f.default is MISSING for f in declared if f.name not in self.given}


FAMILIES: Final[Mapping[str, Family]] = {
    "float": Family(Float),
    "posit": Family(Posit),
    "integer": Family(Fixed, {"fraction": 0}),
    "fixed": Family(Fixed),
    "quire": Family(Quire),
    "power": Family(Power),
}


def build(family: str, settings: Mapping[str, int | str | Format]) -> Format:
    """Make a format, or raise `FormatError` that says what is wrong and what is allowed."""
    if family not in FAMILIES:
        raise FormatError(
            f"there is no format family '{family}'; the families are {_list(FAMILIES)}"
        )
    declared = FAMILIES[family]
    takes = f"it takes {_list(declared.settings)}"
    for name in settings:
        if name not in declared.settings:
            raise FormatError(f"{family} has no setting '{name}'; {takes}", name)
    for name, is_required in declared.settings.items():
        if is_required and name not in settings:
            raise FormatError(f"{family} needs the setting '{name}'; {takes}", name)
    hints = get_type_hints(declared.make, include_extras=True)
    values = {name: _read(name, hints[name], value) for name, value in settings.items()}
    return declared.make(**declared.given, **values)


def _read(name: str, hint: object, value: int | str | Format) -> object:
    """Check a setting against the annotation of its field, and convert it."""
    if NoneType in get_args(hint):  # Optional: declared as `Something | None`
        hint = get_args(hint)[0]
    if get_origin(hint) is Annotated:
        low, high = next(part for part in get_args(hint) if isinstance(part, Range))
        if isinstance(value, int) and low <= value <= high:
            return value
        raise FormatError(f"'{name}' is {_show(value)}; it may be {low} to {high}", name)
    if hint is Format:
        if isinstance(value, Format):
            return value
        raise FormatError(f"'{name}' is {_show(value)}; it must be a number format", name)
    words = _words(hint)
    if isinstance(value, str) and value in words:
        return words[value]
    raise FormatError(f"'{name}' is {_show(value)}; it may be {_list(words, 'or')}", name)


def _words(hint: object) -> Mapping[str, object]:
    """List the words that a setting may be, with the values they stand for."""
    if get_origin(hint) is Literal:
        return {word: word for word in get_args(hint)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {member.name.lower(): member for member in hint}
    return {"yes": True, "no": False}


def _show(value: int | str | Format) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


def _list(words: Iterable[str], last: str = "and") -> str:
    *first, final = words
    return f"{', '.join(first)} {last} {final}" if first else final
