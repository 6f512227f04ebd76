"""Exact numbers and the formats that round them: the arithmetic everything else in rvx rests on."""

from rvx.number.family import FAMILIES, Family, build
from rvx.number.fixed import Fixed
from rvx.number.flags import DZ, NV, NX, OF, UF, flag_names
from rvx.number.floating import Float
from rvx.number.format import Format, FormatError
from rvx.number.posit import Posit
from rvx.number.power import Power
from rvx.number.quire import Quire
from rvx.number.real import (
    QUIET_NAN,
    SIGNALING_NAN,
    Real,
    absolute,
    add,
    compare,
    dyadic,
    exponent,
    from_integer,
    infinity,
    maximum,
    minimum,
    multiply,
    negate,
    quotient,
    resolve,
    root,
    scale,
    subtract,
    truncate,
    zero,
)
from rvx.number.rounding import Draw, Mode, Rounding, round_magnitude
from rvx.number.span import Span

__all__ = [
    "DZ",
    "FAMILIES",
    "NV",
    "NX",
    "OF",
    "QUIET_NAN",
    "SIGNALING_NAN",
    "UF",
    "Draw",
    "Family",
    "Fixed",
    "Float",
    "Format",
    "FormatError",
    "Mode",
    "Posit",
    "Power",
    "Quire",
    "Real",
    "Rounding",
    "Span",
    "absolute",
    "add",
    "build",
    "compare",
    "dyadic",
    "exponent",
    "flag_names",
    "from_integer",
    "infinity",
    "maximum",
    "minimum",
    "multiply",
    "negate",
    "quotient",
    "resolve",
    "root",
    "round_magnitude",
    "scale",
    "subtract",
    "truncate",
    "zero",
]
