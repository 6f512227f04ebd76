"""Formats written in a command: `fp16`, `float(4, 3)`, `posit(32, 5, regime: 6)`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from rvx.number import FAMILIES, Format, FormatError, build

_CALL = re.compile(r"\s*([A-Za-z_]\w*)\s*(?:\((.*)\))?\s*", re.DOTALL)
_SETTING = re.compile(r"\s*(?:([A-Za-z_]\w*)\s*:)?\s*(.+?)\s*", re.DOTALL)


def read_format(text: str, known: Mapping[str, Format]) -> Format:
    """The format of that name, or the one that the text declares: the settings of a family by name,
    those that it requires also by their order. Raises `FormatError`."""
    match = _CALL.fullmatch(text)
    if match is None:
        raise FormatError(f"'{text}' is no format: write a name, or as in float(4, 3)")
    name, arguments = match.groups()
    if arguments is None:
        return _known(name, known)
    if name not in FAMILIES:
        raise FormatError(f"{text}: there is no family '{name}'; there are {', '.join(FAMILIES)}")
    settings: dict[str, int | str | Format] = {}
    order = [key for key, is_required in FAMILIES[name].settings.items() if is_required]
    for argument in _split(arguments):
        setting = _SETTING.fullmatch(argument)
        if setting is None:
            raise FormatError(f"{text}: a setting is missing between commas")
        key, value = setting.groups()
        if key is None:
            if not order:
                raise FormatError(f"{text}: write '{value}' with its name, as name: {value}")
            key = order[0]
        if key in settings:
            raise FormatError(f"{text}: '{key}' is set twice")
        order = [each for each in order if each != key]
        settings[key] = _setting(value, known)
    try:
        return build(name, settings)
    except FormatError as error:
        raise FormatError(f"{text}: {error}") from None


def _setting(value: str, known: Mapping[str, Format]) -> int | str | Format:
    if re.fullmatch(r"-?(\d[\d_]*|0[xX][\da-fA-F_]+|0[bB][01_]+)", value):
        return int(value, 0) if not value.lstrip("-").isdigit() else int(value)
    if value in known or "(" in value:
        return read_format(value, known)
    return value


def _split(text: str) -> list[str]:
    """At the commas that are not in parentheses."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts if text.strip() else []


def _known(name: str, known: Mapping[str, Format]) -> Format:
    if name in known:
        return known[name]
    if name in FAMILIES:
        wanted = [key for key, is_required in FAMILIES[name].settings.items() if is_required]
        raise FormatError(f"'{name}' is a family: give {' and '.join(wanted)}, as in {name}(...)")
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else "`rvx list formats` lists them"
    raise FormatError(f"there is no format '{name}': {hint}")
