"""Rule: a number of one of the host's types to an integer format, by the host's conversion.

Language note, part 3.3: only numbers that are provably in range after rounding go to the host,
which says nothing useful about the others; those, infinities and NaNs take the cold branch.
"""

from __future__ import annotations

from rvx.jit.host import Host, this_host
from rvx.jit.number.rule import Cold, Rule
from rvx.jit.number.rule_carrier import Carrier, carrier_of, is_integer
from rvx.jit.number.shape import Polynomial
from rvx.jit.text import Function
from rvx.number import Fixed, Format, Rounding, from_integer
from rvx.record import record

_MOST_BITS = 63


@record(frozen=True)
class HostToInteger:
    """One conversion, or a rounding to an integral value and a conversion."""

    carrier: Carrier
    source: Format
    target: Fixed
    cuts: bool  # toward zero; otherwise in the host's mode

    sets_host_flags = True
    leaves_specials = False

    def emit(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        carrier, width = self.carrier, self.carrier.bits
        # All that is not above the largest integer of the format, and so rounds to one of it.
        limit, _ = self.source.encode(from_integer(self.target.high), Rounding.RTZ)
        compared = codes[0]
        if self.target.signed:
            compared = out.op("and", width, compared, str(carrier.sign - 1))
        easy, rare, done = out.label("easy"), out.label("rare"), out.label("done")
        out.branch(out.compare("ule", width, compared, str(limit)), easy, rare, likely=True)
        out.begin(easy)
        value = carrier.from_code(out, codes[0])
        integral = value if self.cuts else carrier.op(out, "rint", value)
        found = out.resize(carrier.to_integer(out, integral), 64, self.target.bits)
        out.jump(done)
        ordinary = out.block
        out.begin(rare)
        other, flags = cold(out, codes)
        if self.target.flags:
            Host.raise_flags(out, flags)
        out.jump(done)
        rare = out.block
        out.begin(done)
        return out.phi(f"i{self.target.bits}", (found, ordinary), (other, rare)), "0"


def host_to_integer(
    shape: Polynomial, target: Format, mode: Rounding, host_mode: Rounding | None, sticky: bool
) -> Rule | None:
    """The rule for one number as it is, in the host's mode or toward zero."""
    if not isinstance(target, Fixed) or not is_integer(target) or target.bits > _MOST_BITS:
        return None
    if len(shape.terms) != 1 or shape.terms[0].parameters != (0,):
        return None
    if shape.terms[0].factor != 1 or shape.terms[0].power:
        return None
    (source,) = shape.formats
    carrier, mode = carrier_of(source), target.mode or mode
    if carrier is None or host_mode is None or not this_host().has_arithmetic:
        return None
    if mode is not Rounding.RTZ and mode is not host_mode:
        return None
    if not target.flags and not sticky:
        return None  # the host would raise NX
    return HostToInteger(carrier, source, target, mode is Rounding.RTZ)
