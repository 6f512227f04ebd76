"""Directives for debuggers: `.file`, `.loc` and `.cfi_*`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

from rvx.asm import call_frame as cfi
from rvx.asm import literal
from rvx.asm.argument import Argument, Call
from rvx.asm.call_frame import Frame
from rvx.asm.control_directive import Directive
from rvx.asm.leb128 import signed, unsigned
from rvx.asm.line_table import Row, source_file
from rvx.asm.parser import Plain
from rvx.asm.symbol import Variable
from rvx.asm.unit import Unit

_WORD = re.compile(r'"(?:\\.|[^"\\])*"|[^\s,]+')
_MOST_FILES = 1 << 16
_FLAGS = ("basic_block", "prologue_end", "epilogue_begin")


def _words(call: Call) -> list[Argument]:
    return [
        Argument(match[0], call.line, call.rest_at + match.start())
        for match in _WORD.finditer(call.rest)
    ]


def _string(word: Argument) -> str:
    try:
        return literal.string(word.text).decode(errors="replace")
    except literal.LiteralProblem as problem:
        raise word.error(str(problem), problem.at) from None


def _file(unit: Unit, call: Call) -> None:
    """`.file "name"`, or `.file number ["directory"] "name" [md5 value]`."""
    words = _words(call)
    if len(words) == 1:
        unit.source_name = _string(words[0])
        return
    if not words or not words[0].text.isdecimal():
        raise call.error('write `.file "name"` or `.file number "directory" "name"`')
    number = unit.constant(words[0])
    if number >= _MOST_FILES:
        raise words[0].error(f"the number of the file is {number}, but must be below {_MOST_FILES}")
    texts = [_string(word) for word in words[1:] if word.text.startswith('"')]
    md5 = b""
    for name, value in pairwise(words):
        if name.text == "md5":
            md5 = (unit.constant_of_any_width(value)).to_bytes(16, "big")
    if not 1 <= len(texts) <= 2:
        raise call.error('write `.file number "directory" "name"`')
    directory = texts[0] if len(texts) == 2 else ""
    unit.lines.files[number] = source_file(texts[-1], directory, md5)


def _loc(unit: Unit, call: Call) -> None:
    """`.loc file line [column] [options]`."""
    words = _words(call)
    numbers: list[int] = []
    while words and words[0].text.isdecimal() and len(numbers) < 3:
        numbers.append(unit.constant(words.pop(0)))
    if len(numbers) < 2:
        raise call.error("write `.loc file line column`")
    file, line, column = (*numbers, 0)[:3]
    if file not in unit.lines.files:
        raise call.error(f"no file has the number {file}: write .file {file} before")
    flags = dict.fromkeys(_FLAGS, False)
    discriminator = 0
    here = unit.here()
    while words:
        word = words.pop(0)
        if word.text in flags:
            flags[word.text] = True
        elif word.text in ("is_stmt", "isa", "discriminator", "view") and words:
            value = words.pop(0)
            if word.text == "view":
                _view(unit, value)
                continue
            number = unit.constant(value)
            if number < 0:
                raise value.error(f"{number} is negative")
            if word.text == "is_stmt":
                unit.lines.is_stmt = bool(number)
            elif word.text == "isa":
                unit.lines.isa = number
            else:
                discriminator = number
        else:
            raise word.error(f"`{word.text}` is no option of .loc")
    unit.lines.rows.append(
        Row(
            place=here,
            file=file,
            line=line,
            column=column,
            is_stmt=unit.lines.is_stmt,
            isa=unit.lines.isa,
            discriminator=discriminator,
            **flags,
        )
    )


def _view(unit: Unit, value: Argument) -> None:
    """`view name` numbers the rows at one address, which GCC's location views refer to."""
    rows = unit.lines.rows
    here = unit.here()
    number = 0
    if value.text != "-0" and rows and rows[-1].place == here:
        number = unit.view + 1
    unit.view = number
    if not value.text.lstrip("-").isdecimal():
        symbol = unit.symbols.get(value.text, value.position())
        if symbol.place is None:
            symbol.place, symbol.position = Variable(number), value.position()


# Call frames ------------------------------------------------------------------------------------


def _start(unit: Unit, call: Call) -> None:
    if unit.frame is not None:
        raise call.error(".cfi_startproc before the .cfi_endproc of the last one")
    unit.frame = Frame(unit.here(), call.rest.strip() == "simple")


def _end(unit: Unit, call: Call) -> None:
    frame = _frame(unit, call)
    if unit.section is not cfi.section_of(frame):
        raise call.error(f"{call.name} in another section than its .cfi_startproc")
    frame.end = unit.here()
    unit.frames.append(frame)
    unit.frame = None


def _sections(unit: Unit, call: Call) -> None:
    unit.frame_sections = tuple(argument.text for argument in call.arguments())
    for argument in call.arguments():
        if argument.text not in (".eh_frame", ".debug_frame"):
            raise argument.error("write .eh_frame or .debug_frame")


def _frame(unit: Unit, call: Call) -> Frame:
    if unit.frame is None:
        raise call.error(f"{call.name} without .cfi_startproc")
    return unit.frame


def _register(unit: Unit, argument: Argument) -> bytes:
    return unsigned(_number(unit, argument))


def _number(unit: Unit, argument: Argument) -> int:
    """The DWARF number of a register (psABI: x0 to x31, then f0 to f31), or a number."""
    for base, name in enumerate(("x", "f")):
        file = unit.machine.files.get(name)
        index = None if file is None else file.index_of(argument.text)
        if index is not None:
            return 32 * base + index
    match unit.operand(argument):
        case Plain(int(value)) if 0 <= value < 1 << 16:
            return value
    raise argument.error(f"`{argument.text}` is not a register")


def _operation(
    count: int, usage: str, emit: Callable[[Unit, Frame, list[Argument]], None]
) -> Directive:
    def directive(unit: Unit, call: Call) -> None:
        frame = _frame(unit, call)
        emit(unit, frame, call.arguments_between(count, count, f"{call.name} {usage}".rstrip()))

    return directive


def _unsigned(unit: Unit, argument: Argument) -> int:
    value = unit.constant(argument)
    if value < 0:
        raise argument.error(f"{value} is negative")
    return value


def _def_cfa(unit: Unit, frame: Frame, given: list[Argument]) -> None:
    frame.cfa_offset = _unsigned(unit, given[1])
    register = _register(unit, given[0])
    frame.add(unit.here(), cfi.DEF_CFA, register, unsigned(frame.cfa_offset))


def _def_cfa_offset(unit: Unit, frame: Frame, given: list[Argument]) -> None:
    frame.cfa_offset = _unsigned(unit, given[0])
    frame.add(unit.here(), cfi.DEF_CFA_OFFSET, unsigned(frame.cfa_offset))


def _adjust(unit: Unit, frame: Frame, given: list[Argument]) -> None:
    frame.cfa_offset += unit.constant(given[0])
    if frame.cfa_offset < 0:
        raise given[0].error("the offset becomes negative")
    frame.add(unit.here(), cfi.DEF_CFA_OFFSET, unsigned(frame.cfa_offset))


def _def_cfa_register(unit: Unit, frame: Frame, given: list[Argument]) -> None:
    frame.add(unit.here(), cfi.DEF_CFA_REGISTER, _register(unit, given[0]))


def _offset(unit: Unit, frame: Frame, given: list[Argument]) -> None:
    _saved(unit, frame, given, unit.constant(given[1]))


def _rel_offset(unit: Unit, frame: Frame, given: list[Argument]) -> None:
    _saved(unit, frame, given, unit.constant(given[1]) - frame.cfa_offset)


def _saved(unit: Unit, frame: Frame, given: list[Argument], offset: int) -> None:
    factored, rest = divmod(offset, cfi.DATA_ALIGNMENT)
    if rest:
        raise given[1].error(f"{offset} is no multiple of {-cfi.DATA_ALIGNMENT}")
    number = _number(unit, given[0])
    if factored < 0:
        code: tuple[bytes | int, ...] = (
            cfi.OFFSET_EXTENDED_SF,
            unsigned(number),
            signed(factored),
        )
    elif number < 64:
        code = (cfi.OFFSET | number, unsigned(factored))
    else:
        code = (cfi.OFFSET_EXTENDED, unsigned(number), unsigned(factored))
    frame.add(unit.here(), *code)


def _restore(unit: Unit, frame: Frame, given: list[Argument]) -> None:
    number = _number(unit, given[0])
    if number < 64:
        frame.add(unit.here(), cfi.RESTORE | number)
    else:
        frame.add(unit.here(), cfi.RESTORE_EXTENDED, unsigned(number))


def _remember(unit: Unit, frame: Frame, _: list[Argument]) -> None:
    frame.saved_offsets.append(frame.cfa_offset)
    frame.add(unit.here(), cfi.REMEMBER_STATE)


def _recall(unit: Unit, frame: Frame, _: list[Argument]) -> None:
    if frame.saved_offsets:
        frame.cfa_offset = frame.saved_offsets.pop()
    frame.add(unit.here(), cfi.RESTORE_STATE)


def _plain(opcode: int) -> Callable[[Unit, Frame, list[Argument]], None]:
    def emit(unit: Unit, frame: Frame, given: list[Argument]) -> None:
        frame.add(unit.here(), opcode, *(_register(unit, argument) for argument in given))

    return emit


def _return_column(unit: Unit, frame: Frame, given: list[Argument]) -> None:
    frame.return_column = _number(unit, given[0])


def _signal(unit: Unit, frame: Frame, _: list[Argument]) -> None:
    frame.is_signal = True


def _escape(unit: Unit, call: Call) -> None:
    values = [unit.constant(argument) & 0xFF for argument in call.arguments()]
    _frame(unit, call).add(unit.here(), bytes(values))


def _refused(_: Unit, call: Call) -> None:
    raise call.error(f"{call.name} is for exceptions, which are not supported: use -fno-exceptions")


DEBUG: Mapping[str, Directive] = {
    ".file": _file,
    ".loc": _loc,
    ".cfi_sections": _sections,
    ".cfi_startproc": _start,
    ".cfi_endproc": _end,
    ".cfi_def_cfa": _operation(2, "register, offset", _def_cfa),
    ".cfi_def_cfa_offset": _operation(1, "offset", _def_cfa_offset),
    ".cfi_def_cfa_register": _operation(1, "register", _def_cfa_register),
    ".cfi_adjust_cfa_offset": _operation(1, "offset", _adjust),
    ".cfi_offset": _operation(2, "register, offset", _offset),
    ".cfi_rel_offset": _operation(2, "register, offset", _rel_offset),
    ".cfi_restore": _operation(1, "register", _restore),
    ".cfi_undefined": _operation(1, "register", _plain(cfi.UNDEFINED)),
    ".cfi_same_value": _operation(1, "register", _plain(cfi.SAME_VALUE)),
    ".cfi_register": _operation(2, "register, register", _plain(cfi.REGISTER)),
    ".cfi_remember_state": _operation(0, "", _remember),
    ".cfi_restore_state": _operation(0, "", _recall),
    ".cfi_return_column": _operation(1, "register", _return_column),
    ".cfi_signal_frame": _operation(0, "", _signal),
    ".cfi_escape": _escape,
    ".cfi_personality": _refused,
    ".cfi_lsda": _refused,
}
