"""What rounding to a float and to a power of a radix have in common: zeros, and signs."""

from __future__ import annotations

from collections.abc import Callable

from rvx.jit.number.callee import Coded
from rvx.jit.number.digits import Mode
from rvx.jit.number.value import Kinds
from rvx.jit.text import Function
from rvx.number import Float, Power, Rounding
from rvx.number.real import NEG_ZERO, POS_ZERO


def with_zero(
    out: Function,
    format: Float | Power,
    mode: Mode,
    kinds: Kinds,
    is_zero: str,
    nonzero: Callable[[], Coded],
    raised: str = "0",
) -> Coded:
    """A zero, whose sign `kinds` decide and which raises so much, or what `nonzero` makes of
    anything else."""
    zero, other, done = out.label("zero"), out.label("nonzero"), out.label("coded")
    out.branch(is_zero, zero, other, likely=False)
    out.begin(zero)
    of_zero = _zero(out, format, mode, kinds())
    from_zero = out.block
    out.jump(done)
    out.begin(other)
    code, flags = nonzero()
    from_nonzero = out.block
    out.jump(done)
    out.begin(done)
    code = out.phi(f"i{format.bits}", (of_zero, from_zero), (code, from_nonzero))
    return code, out.phi("i32", (raised, from_zero), (flags, from_nonzero))


def _zero(out: Function, format: Float | Power, mode: Mode, kinds: str) -> str:
    if not format.signed:
        return "0"
    if mode is Rounding.RDN:
        negative = out.compare("ne", 32, kinds, str(POS_ZERO))
    else:
        negative = out.compare("eq", 32, kinds, str(NEG_ZERO))
    return signed_code(out, format, "0", negative)


def signed_code(out: Function, format: Float | Power, code: str, negative: str) -> str:
    """The code of a magnitude with a sign, which a power's NaN does not have."""
    bits = format.bits
    if isinstance(format, Power) and format.canonical_nan is not None:
        is_number = out.compare("ne", bits, code, str(format.canonical_nan))
        negative = out.op("and", 1, negative, is_number)
    sign = out.op("shl", bits, out.resize(negative, 1, bits), str(bits - 1))
    return out.op("or", bits, code, sign)
