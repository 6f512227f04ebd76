"""Directives that emit data."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rvx.asm import floating, literal
from rvx.asm.argument import Argument, Call
from rvx.asm.control_directive import Directive, find, unreadable
from rvx.asm.leb128 import leb128
from rvx.asm.section import Leb128, Space
from rvx.asm.unit import Unit

# The short way for tables: nothing but integers, in a spelling that Python reads alike.
_INTEGER = r"-?(?:0[xX][0-9a-fA-F]{1,16}|0|[1-9][0-9]{0,19})"
_TABLE = re.compile(rf"[ \t]*{_INTEGER}(?:[ \t]*,[ \t]*{_INTEGER})*[ \t]*")


def _integers(size: int) -> Directive:
    low, end = -(1 << 8 * size - 1), 1 << 8 * size

    def emit(unit: Unit, call: Call) -> None:
        if _TABLE.fullmatch(call.rest):
            values = [int(text, 0) for text in call.rest.split(",")]
            if low <= min(values) and max(values) < end:
                unit.emit(b"".join((value % end).to_bytes(size, "little") for value in values))
                return
        for argument in call.arguments():
            unit.emit_data(argument, size)

    return emit


def _floats(size: int) -> Directive:
    def emit(unit: Unit, call: Call) -> None:
        for argument in call.arguments():
            try:
                unit.emit(floating.encode(argument.text, size))
            except floating.FloatProblem as problem:
                raise argument.error(str(problem)) from None

    return emit


def _strings(end: bytes) -> Directive:
    def emit(unit: Unit, call: Call) -> None:
        for argument in call.arguments():
            try:
                unit.emit(literal.string(argument.text) + end)
            except literal.LiteralProblem as problem:
                raise argument.error(str(problem), problem.at) from None

    return emit


def _space(unit: Unit, call: Call) -> None:
    count, *fill = call.arguments_between(1, 2, f"{call.name} bytes, fill")
    _leave(unit, count, _byte(unit, fill[0]) if fill else b"\0")


def _fill(unit: Unit, call: Call) -> None:
    count, *more = call.arguments_between(1, 3, ".fill count, size, value")
    size = unit.constant(more[0]) if more else 1
    if not 0 <= size <= 8:
        raise more[0].error(f"the size is {size}, but must be 0 to 8")
    value = unit.constant(more[1]) if len(more) > 1 else 0
    # As in GNU as the value has four bytes; those above are zeros.
    pattern = (value & 0xFFFF_FFFF).to_bytes(8, "little")[:size]
    _leave(unit, count, pattern)


def _byte(unit: Unit, argument: Argument) -> bytes:
    return (unit.constant(argument) & 0xFF).to_bytes(1, "little")


def _leave(unit: Unit, count: Argument, pattern: bytes) -> None:
    tree = unit.expression(count)
    times = unit.constant_or_none(tree)
    if times is not None and times < 0:
        raise count.error(f"the count is {times}, but must not be negative")
    size = None if times is None else times * len(pattern)
    unit.section.add_gap(Space(tree, pattern), size, count.position())


def _leb128(is_signed: bool) -> Directive:
    def emit(unit: Unit, call: Call) -> None:
        for argument in call.arguments():
            tree = unit.expression(argument)
            value = unit.constant_or_none(tree)
            if value is None:
                gap = Leb128(tree, is_signed)
                unit.section.add_open_gap(gap, argument.position())
                continue
            if value < 0 and not is_signed:
                raise argument.error(f"{value} is negative: write .sleb128")
            unit.emit(leb128(value, is_signed))

    return emit


def _file_contents(unit: Unit, call: Call) -> None:
    name, *more = call.arguments_between(1, 3, '.incbin "file", skip, count')
    path = find(unit, call, name)
    skip = unit.constant(more[0]) if more else 0
    count = unit.constant(more[1]) if len(more) > 1 else None
    if skip < 0 or (count is not None and count < 0):
        raise call.error("skip and count must not be negative")
    try:
        contents = path.read_bytes()
    except OSError as error:
        raise unreadable(name, path, error) from None
    contents = contents[skip : None if count is None else skip + count]
    unit.budget.take(len(contents), name.position())
    unit.emit(contents)


DATA: Mapping[str, Directive] = {
    **dict.fromkeys((".byte", ".1byte"), _integers(1)),
    **dict.fromkeys((".half", ".short", ".2byte", ".hword"), _integers(2)),
    **dict.fromkeys((".word", ".long", ".4byte", ".int"), _integers(4)),
    **dict.fromkeys((".dword", ".quad", ".8byte"), _integers(8)),
    **dict.fromkeys((".float", ".single"), _floats(4)),
    ".double": _floats(8),
    ".ascii": _strings(b""),
    **dict.fromkeys((".asciz", ".string"), _strings(b"\0")),
    **dict.fromkeys((".zero", ".space", ".skip"), _space),
    ".fill": _fill,
    ".uleb128": _leb128(False),
    ".sleb128": _leb128(True),
    ".incbin": _file_contents,
}
