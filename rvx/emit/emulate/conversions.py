"""Conversions between C's floating-point numbers and the codes of a machine's formats."""

from __future__ import annotations

from collections.abc import Iterator

from rvx.emit.ctype import BINARY32, BINARY64
from rvx.emit.effect import formats_of
from rvx.emit.emulate.formats import Formats
from rvx.emit.emulate.function_text import Unsupported, is_wide
from rvx.model.machine import LanesView, Machine, NumberView, RegisterOperand
from rvx.number import Fixed, Format

_C_TYPES = {"float": ("binary32", BINARY32), "double": ("binary64", BINARY64)}


def conversions(machine: Machine, formats: Formats) -> str:
    """`rvx_FORMAT_from_float` and the like, for every format that an operand has."""
    own_names = {f: n for n, use in machine.formats.items() for f in formats_of(use)}
    names = {
        type: formats.of(format, own_names.get(format, format_name))
        for type, (format_name, format) in _C_TYPES.items()
    }
    first, found = len(formats.text), []
    for name, format in _formats(machine):
        try:
            own = formats.of(format, name)
        except Unsupported:
            continue
        found += [_pair(own, format, type, c_name) for type, c_name in names.items()]
    if not found:
        return "\n".join(formats.text)
    return "\n".join([*formats.text[:first], *formats.text[first:], _DOC, *found])


_DOC = """\
/* Between C's numbers and codes: rounded to nearest, ties to even, without flags; to a number of C
 * that has every value of the format nothing is rounded. */"""


def _formats(machine: Machine) -> Iterator[tuple[str, Format]]:
    """The formats of operands that C lacks, by name, without integers."""
    seen: set[Format] = {BINARY32, BINARY64}
    for instruction in machine.instructions.values():
        for operand in instruction.operands.values():
            match operand:
                case RegisterOperand(view=NumberView(use) | LanesView(use)):
                    for name, format in zip(_names(use), formats_of(use), strict=True):
                        whole = isinstance(format, Fixed) and not format.fraction
                        if format not in seen and not whole and not is_wide(format.bits):
                            seen.add(format)
                            yield name, format


def _names(use: object) -> tuple[str, ...]:
    found = getattr(use, "names", None)
    return found if found is not None else (use.name,)  # type: ignore[attr-defined]


def _pair(name: str, format: Format, type: str, c_name: str) -> str:
    code = f"uint{max(8, 1 << (format.bits - 1).bit_length())}_t"
    return f"""\
RVX_FUNCTION {code} rvx_{name}_from_{type}({type} value)
{{
    rvxe_real number;
    uint32_t flags = 0;
    rvxe_decode_{c_name}(&number, rvxe_{type}_bits(value));
    return ({code})rvxe_encode_{name}(&number, RVXE_RNE, &flags);
}}
RVX_FUNCTION {type} rvx_{name}_to_{type}({code} code)
{{
    rvxe_real number;
    uint32_t flags = 0;
    rvxe_decode_{name}(&number, code);
    return rvxe_bits_{type}(rvxe_encode_{c_name}(&number, RVXE_RNE, &flags));
}}
"""
