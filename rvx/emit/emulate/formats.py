"""The C functions of the number formats: from codes to exact numbers and back.

To add a family of formats: a case in `_functions`, and what it calls in one of the `.h` files here.
"""

from __future__ import annotations

from rvx.emit.c_name import identifier, untaken
from rvx.emit.effect import formats_of
from rvx.emit.emulate.function_text import Unsupported, is_wide, number
from rvx.model import ir
from rvx.number import Fixed, Float, Format, Posit, Power, Quire, Rounding


class Formats:
    """The formats that the functions written so far use, each with functions of its own."""

    def __init__(self) -> None:
        self._names: dict[Format, str] = {}
        self._choices: dict[ir.Choice, str] = {}
        self.text: list[str] = []

    def of(self, format: Format, name: str) -> str:
        """The format's name in C. Raises Unsupported."""
        if format not in self._names:
            found = untaken(identifier(name), self._taken)
            self.text.append(_functions(found, format))
            self._names[format] = found
        return self._names[format]

    def of_use(self, use: ir.FormatUse) -> tuple[str, str | None]:
        """The name in C of a format or choice, and a choice's selector's parameter."""
        match use:
            case ir.Named(name, format):
                return self.of(format, name), None
            case ir.Choice(name, _, names, formats):
                if use not in self._choices:
                    each = [self.of(f, n) for f, n in zip(formats, names, strict=True)]
                    found = untaken(identifier(name), self._taken)
                    self.text.append(_choice(found, each, formats))
                    self._choices[use] = found
                return self._choices[use], "selector"

    @property
    def _taken(self) -> set[str]:
        return {*self._names.values(), *self._choices.values()}


def mode_name(mode: Rounding) -> str:
    """The C constant of a rounding mode."""
    return f"RVXE_{mode.name}"


def modes() -> str:
    """The C constants of all rounding modes."""
    return f"enum {{ {', '.join(map(mode_name, Rounding))}, RVXE_DRAWN }};\n"


def _functions(name: str, format: Format) -> str:
    """`rvxe_decode_NAME` and `rvxe_encode_NAME`."""
    if is_wide(format.bits):
        return _wide(name, format)
    flags, mode = "flags", "mode"
    match format:
        case Float():
            family, facts = "float", _float_facts(format)
            given = "a, mode, format, flags"
        case Posit():
            family, facts = "posit", [str(format.bits), str(format.es), str(format.longest)]
            given = "a, format"
        case Fixed():
            family, facts = "fixed", _fixed_facts(format)
            mode = "mode" if format.rounding is None else mode_name(format.rounding)
            given = f"a, {mode}, format, flags"
        case Power():
            family, facts = "power", _power_facts(format)
            given = "a, mode, format, flags"
        case Quire():
            return _narrow_quire(name, format)
        case _:
            raise Unsupported(f"the format {name} is a {type(format).__name__.lower()}")
    unused = "".join(
        f"    (void){each};\n" for each in (mode, flags) if each not in given.split(", ")
    )
    if family == "fixed" and mode != "mode":
        unused = "    (void)mode;\n"
    format_text = f"    const rvxe_{family} format = {{{', '.join(facts)}}};\n"
    return f"""\
RVXE_FUNCTION void rvxe_decode_{name}(rvxe_real *a, uint64_t code)
{{
{format_text}    rvxe_decode_{family}(a, code, format);
}}
RVXE_FUNCTION uint64_t rvxe_encode_{name}(
    const rvxe_real *a, int64_t mode, uint32_t *flags)
{{
{format_text}{unused}    return rvxe_encode_{family}({given});
}}
"""


def _float_facts(format: Float) -> list[str]:
    specials = {"ieee": "IEEE", "ocp": "NAN", "nan": "NAN", "none": "NONE"}[format.specials]
    overflow = format.overflow or {"IEEE": "infinity", "NAN": "nan", "NONE": "saturate"}[specials]
    limits = {"infinity": "INFINITY", "nan": "NAN", "saturate": "LARGEST"}
    return [
        str(format.exponent),
        str(format.fraction),
        f"RVXE_SPECIALS_{specials}",
        str(int(format.signed)),
        f"RVXE_TO_{limits[overflow]}",
        str(format.emin),
        number(format.max_code),
        number(format.canonical_nan or 0),
    ]


def _fixed_facts(format: Fixed) -> list[str]:
    mask = (1 << format.bits) - 1
    nan = {"maximum": format.high, "minimum": format.low, "zero": 0}[format.nan]
    overflow = "RVXE_SATURATE" if format.overflow == "saturate" else "RVXE_WRAP"
    facts = (format.bits, format.fraction, int(format.signed))
    return [*map(str, facts), overflow, str(int(format.flags)), number(nan & mask)]


def _power_facts(format: Power) -> list[str]:
    switches = (format.signed, format.zero, format.flags)
    codes = (format.max_code, format.limit, format.canonical_nan or 0)
    facts = (format.bits, format.step, *map(int, switches), format.least)
    return [*map(str, facts), *map(number, codes)]


def _quire_facts(format: Quire) -> str:
    return f"{format.bits}, {format.lsb}, RVXE_QUIRE_{format.overflow.upper()}"


def _narrow_quire(name: str, format: Quire) -> str:
    return f"""\
RVXE_FUNCTION void rvxe_decode_{name}(rvxe_real *a, uint64_t code)
{{
    const uint32_t limbs[2] = {{ (uint32_t)code, (uint32_t)(code >> 32) }};
    rvxe_decode_quire(a, limbs, {format.bits}, {format.lsb});
}}
RVXE_FUNCTION uint64_t rvxe_encode_{name}(
    const rvxe_real *a, int64_t mode, uint32_t *flags)
{{
    uint32_t limbs[2] = {{ 0, 0 }};
    (void)mode;
    (void)flags;
    rvxe_encode_quire(limbs, a, {_quire_facts(format)});
    return (uint64_t)limbs[1] << 32 | limbs[0];
}}
"""


def _wide(name: str, format: Format) -> str:
    match format:
        case Quire():
            decode = f"rvxe_decode_quire(a, code, {format.bits}, {format.lsb})"
            encode = f"rvxe_encode_quire(code, a, {_quire_facts(format)})"
        case Fixed(fraction=0):  # only whole numbers go there, see `Numbers.encode`
            decode = f"rvxe_from_limbs(a, code, {format.bits}, {int(format.signed)}, 0)"
            encode = f"rvxe_to_limbs(code, {format.bits}, a, 0)"
        case _:
            raise Unsupported(f"the format {name} has {format.bits} bits")
    return f"""\
RVXE_FUNCTION void rvxe_decode_{name}(rvxe_real *a, const uint32_t *code)
{{
    {decode};
}}
RVXE_FUNCTION void rvxe_encode_{name}(uint32_t *code, const rvxe_real *a)
{{
    {encode};
}}
"""


def _choice(name: str, names: list[str], formats: tuple[Format, ...]) -> str:
    if is_wide(formats[0].bits):
        raise Unsupported(f"the format {name} is chosen among formats of {formats[0].bits} bits")

    def switch(returns: str, call: str, done: str) -> str:
        rows = [
            f"    {f'case {i}' if i else 'default'}: {returns}{call.format(each)};{done}\n"
            for i, each in enumerate(names)
        ]
        return f"    switch (selector) {{\n{''.join(rows[1:])}{rows[0]}    }}\n"

    return f"""\
RVXE_FUNCTION void rvxe_decode_{name}(rvxe_real *a, uint64_t code, uint64_t selector)
{{
{switch("", "rvxe_decode_{}(a, code)", " break;")}}}
RVXE_FUNCTION uint64_t rvxe_encode_{name}(
    const rvxe_real *a, int64_t mode, uint32_t *flags, uint64_t selector)
{{
{switch("return ", "rvxe_encode_{}(a, mode, flags)", "")}}}
"""


def emin_of(format: Format) -> int:
    """The exponent below which numbers are subnormal: of a format that has none, far below."""
    return format.emin if isinstance(format, Float) else -(1 << 30)


def has_flags(use: ir.FormatUse) -> bool:
    return any(format.raises_flags for format in formats_of(use))
