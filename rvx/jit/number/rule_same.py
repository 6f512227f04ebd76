"""Rule: a code rounded to its own format is itself, but for NaNs.

Descriptions write it where a local has a type: `var total: fp16 = rd`.
"""

from __future__ import annotations

from rvx.jit.number import decode
from rvx.jit.number.rule import Cold, Rule
from rvx.jit.number.shape import Polynomial, Term
from rvx.jit.text import Function
from rvx.number import Float, Format, Posit, Rounding
from rvx.record import record


@record(frozen=True)
class Same:
    """The code as it is; a NaN, which may have to be made canonical, is left."""

    format: Float | Posit

    sets_host_flags = False
    leaves_specials = True

    def emit(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        (code,), format = codes, self.format
        width = f"i{format.bits}"
        special, start, done = out.label("special"), out.block, out.label("same")
        out.branch(self._is_nan(out, code), special, done, likely=False)
        out.begin(special)
        other, flags = cold(out, codes)
        from_special = out.block
        out.jump(done)
        out.begin(done)
        found = out.phi(width, (code, start), (other, from_special))
        return found, out.phi("i32", ("0", start), (flags, from_special))

    def _is_nan(self, out: Function, code: str) -> str:
        format = self.format
        if not (isinstance(format, Float) and format.specials == "ieee" and format.signed):
            return decode.is_special(out, format, code)
        magnitude = out.op("and", format.bits, code, str((1 << format.bits - 1) - 1))
        return out.compare("ugt", format.bits, magnitude, str(format.max_code + 1))


def same_code(
    shape: Polynomial, target: Format, mode: Rounding, host_mode: Rounding | None, sticky: bool
) -> Rule | None:
    """The rule for one code of the target's format, in any mode."""
    is_same = shape.formats == (target,) and shape.terms == (Term(1, 0, (0,)),)
    return Same(target) if is_same and isinstance(target, Float | Posit) else None
