"""From the exact numbers of a body to C: int64_t where the span fits, else `rvxe_real`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rvx.emit.effect import formats_of
from rvx.emit.emulate.formats import Formats, has_flags, mode_name
from rvx.emit.emulate.function_text import Unsupported, bare, is_wide, limbs, local, number
from rvx.model import ir
from rvx.number import NV, Fixed, Rounding
from rvx.number.span import Span

if TYPE_CHECKING:
    from rvx.emit.emulate.lowering import Lowering

_OPERATION = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "minimum": "minimum",
    "maximum": "maximum",
}
_FUNCTION = {
    "-": "negate",
    "abs": "abs",
    "sign": "sign",
    "sqrt": "sqrt",
    "exponent": "exponent",
    "log": "log",
    "antilog": "antilog",
}
_HOLDS = {
    "==": "({0} == 0)",
    "!=": "({0} != 0)",
    "<": "({0} < 0)",
    "<=": "({0} <= 0)",
    ">": "({0} == 1)",
    ">=": "({0} == 0 || {0} == 1)",
}
_DRAWN_BITS = 48  # of stochastic rounding, in a mode of 64 bits


class Numbers:
    """Writes the numbers of one function."""

    def __init__(self, lowering: Lowering, formats: Formats) -> None:
        self._lowering = lowering
        self._text = lowering.text
        self._formats = formats

    # Numbers: each is a variable of type rvxe_real

    def number(self, e: ir.Number) -> str:
        """The variable that holds the number."""
        if isinstance(e, ir.NumberLocal):
            return local(e.name)
        if fits_int(e):
            found = self._new()
            self._text.line(f"rvxe_from_int(&{found}, {self.integer(e)});")
            return found
        found = self._number(e)
        if e.integral:
            self._text.line(f"rvxe_integral(&{found});")
        return found

    def _new(self) -> str:
        name = self._text.name("n")
        self._text.line(f"rvxe_real {name};")
        return name

    def _call(self, function: str, *given: str) -> str:
        """The result of a function, in a new variable."""
        found = self._new()
        listed = ", ".join((f"&{found}", *given))
        self._text.line(f"rvxe_{function}({listed});")
        return found

    def _number(self, e: ir.Number) -> str:
        word = self._lowering.word
        match e:
            case ir.Exact(significand, exponent):
                return self._exact(significand, exponent)
            case ir.Decode(coded, format):
                return self.decode(coded, format)
            case ir.WordNumber(value, signed):
                return self._word_number(value, signed)
            case ir.NumberOp(op, left, right) if op in _OPERATION:
                one, other = self.number(left), self.number(right)
                return self._call(_OPERATION[op], f"&{one}", f"&{other}")
            case ir.NumberFunction(op, value) if op in _FUNCTION:
                return self._call(_FUNCTION[op], f"&{self.number(value)}")
            case ir.Quotient(left, right):
                one, other = self.number(left), self.number(right)
                return self._call("quotient", f"&{one}", f"&{other}")
            case ir.Scale(value, power):
                found = self._call("copy", f"&{self.number(value)}")
                self._text.line(f"{found}.exponent += {power};")
                return found
            case ir.Shift(op, value, amount):
                one, by = self.number(value), word(amount)
                return self._call("shift", f"&{one}", f"{'' if op == '<<' else '-'}(int32_t){by}")
            case ir.Truncate(value, exponent):
                one, least = self.number(value), self.number(exponent)
                return self._call("truncate", f"&{one}", f"&{least}")
            case ir.Rounded(value, format, mode):
                return self._rounded(value, format, mode)
            case ir.NumberSelect(condition, then, otherwise):
                test, found = self._lowering.truth(condition), self._new()
                with self._text.block(f"if ({bare(test)})"):
                    self._text.line(f"rvxe_copy(&{found}, &{self.number(then)});")
                with self._text.block("else"):
                    self._text.line(f"rvxe_copy(&{found}, &{self.number(otherwise)});")
                return found
        what = f" '{e.op}'" if isinstance(e, ir.NumberOp | ir.NumberFunction) else ""
        raise Unsupported(f"{type(e).__name__}{what} is not known to the emulation")

    def _exact(self, significand: int, exponent: int) -> str:
        magnitude = abs(significand)
        low = (magnitude & -magnitude).bit_length() - 1 if magnitude else 0
        if (magnitude >> low).bit_length() <= 64:
            given = (number(magnitude >> low), str(exponent + low if magnitude else 0))
            return self._call("dyadic", str(int(significand < 0)), *given)
        width = magnitude.bit_length() + 1
        bits = ir.Constant(significand & (1 << width) - 1, width)
        return self._call("from_limbs", self._lowering.word(bits), str(width), "1", str(exponent))

    def _word_number(self, value: ir.Word, signed: bool) -> str:
        word, width = self._lowering.word(value), value.width
        if is_wide(width):
            return self._call("from_limbs", word, str(width), str(int(signed)), "0")
        if signed:
            return self._call("from_int", f"rvxe_signed({word}, {width})")
        return self._call("dyadic", "0", word, "0")

    def decode(self, coded: ir.Word, use: ir.FormatUse) -> str:
        """The number that a word encodes."""
        name, selector = self._formats.of_use(use)
        word = self._lowering.word(coded)
        more = [] if selector is None else [self._selector(use)]
        return self._call(f"decode_{name}", word, *more)

    def _selector(self, use: ir.FormatUse) -> str:
        assert isinstance(use, ir.Choice)
        return self._lowering.word(use.selector)

    def encode(self, e: ir.Number, use: ir.FormatUse, mode: ir.Mode) -> str:
        """The word after one rounding; its flags accrue."""
        if (bits := self._narrowed(e, use)) is not None:
            return bits
        name, selector = self._formats.of_use(use)
        width = formats_of(use)[0].bits
        value = self.number(e)
        if is_wide(width):
            return self._wide(e, use, name, value)
        by = self._direction(mode)
        more = "" if selector is None else f", {self._selector(use)}"
        return self._text.set("uint64_t", "w", f"rvxe_encode_{name}(&{value}, {by}, &flags{more})")

    def _wide(self, e: ir.Number, use: ir.FormatUse, name: str, value: str) -> str:
        """The word of limbs that the number in a variable is encoded in."""
        if isinstance(use, ir.Named) and isinstance(use.format, Fixed):
            self._check_wide(e, use.format)
        found = self._text.name("w")
        self._text.line(f"uint32_t {found}[{limbs(formats_of(use)[0].bits)}];")
        self._text.line(f"rvxe_encode_{name}({found}, &{value});")
        return found

    def _direction(self, mode: ir.Mode) -> str:
        """The C expression of a rounding mode: `mode` is the instruction's."""
        match mode:
            case None:
                return "mode"
            case Rounding():
                return mode_name(mode)
            case ir.Stochastic(draw) if draw.width <= _DRAWN_BITS:
                return f"rvxe_drawn({self._lowering.word(draw)}, {draw.width})"
            case ir.Stochastic(draw):
                raise Unsupported(f"it rounds by a number drawn of {draw.width} bits")
        raise Unsupported(f"{type(mode).__name__} is not known to the emulation")

    def _check_wide(self, e: ir.Number, format: Fixed) -> None:
        if not e.integral or format.overflow == "saturate" or format.flags:
            raise Unsupported(f"it rounds to a fixed-point format of {format.bits} bits")

    def _narrowed(self, e: ir.Number, use: ir.FormatUse) -> str | None:
        """An integer into an integer format, without a number in between."""
        match use:
            case ir.Named(_, Fixed(bits, 0, flags=False) as format) if fits_int(e) and bits <= 64:
                value = self.integer(e)
                if format.overflow == "saturate":
                    if bits > 63:
                        return None
                    value = f"rvxe_clamp({value}, {format.low}ll, {format.high}ll)"
                return f"((uint64_t){value} & {number((1 << bits) - 1)})"
        return None

    def _rounded(self, e: ir.Number, use: ir.FormatUse, mode: ir.Mode) -> str:
        """Rounded once and a number again; the flags travel with it."""
        name, selector = self._formats.of_use(use)
        value = self.number(e)
        if is_wide(formats_of(use)[0].bits):
            return self._call(f"decode_{name}", self._wide(e, use, name, value))
        by = self._direction(mode)
        more = "" if selector is None else f", {self._selector(use)}"
        raised = self._text.name("r")
        self._text.line(f"uint32_t {raised} = 0;")
        code = f"rvxe_encode_{name}(&{value}, {by}, &{raised}{more})"
        found = self._call(f"decode_{name}", code + more)
        if has_flags(use):
            place = "flags" if e_is_integral(use) else f"{found}.flags"
            self._text.line(f"{place} |= {raised};")
        return found

    # Integers: expressions of type int64_t, for numbers that fit

    def integer(self, e: ir.Number) -> str:
        """The integer, where `fits_int`."""
        word = self._lowering.word
        if not fits_int(e):
            return f"rvxe_to_int(&{self.number(e)})"
        match e:
            case ir.Exact(significand, exponent):
                value = significand << exponent
                return f"{value}ll" if value >= 0 else f"(-{-value - 1}ll - 1)"
            case ir.WordNumber(value, signed):
                return self._read(value, signed)
            case ir.Decode(value, ir.Named(_, Fixed() as format)):
                return self._read(value, format.signed)
            case ir.BitCount(op, value):
                if is_wide(value.width):
                    raise Unsupported(f"it counts bits of a word of {value.width} bits")
                return f"rvxe_{op}({word(value)}, {value.width})"
            case ir.NumberOp(op, left, right) if fits_int(left) and fits_int(right):
                one, other = self.integer(left), self.integer(right)
                if op in ("minimum", "maximum"):
                    return f"rvxe_{'lesser' if op == 'minimum' else 'greater'}({one}, {other})"
                return f"({one} {op} {other})"
            case ir.NumberFunction(op, value) if fits_int(value) and op in ("-", "abs", "sign"):
                one = self.integer(value)
                return f"(-{one})" if op == "-" else f"rvxe_integer_{op}({one})"
            case ir.Shift(op, value, amount) if fits_int(value):
                by = word(amount)
                if op == ">>":
                    return f"rvxe_floor_shift({self.integer(value)}, {by})"
                return f"({self.integer(value)} * ((int64_t)1 << {by}))"
            case ir.Scale(value, power) if fits_int(value):
                one = self.integer(value)
                if power >= 0:
                    return f"({one} * ((int64_t)1 << {power}))"
                return f"rvxe_floor_shift({one}, {-power})"
            case ir.Rounded(value, use, mode):
                coded = ir.Encode(value, use, mode, formats_of(use)[0].bits)
                return self.integer(ir.Decode(coded, use, e.span, True))
            case ir.NumberSelect(condition, then, otherwise) if fits_int(then):
                return self._select(condition, then, otherwise)
        if isinstance(e, ir.NumberLocal):
            return f"rvxe_to_int(&{self.number(e)})"
        return f"rvxe_to_int(&{self._number(e)})"

    def _select(self, condition: ir.Truth, then: ir.Number, otherwise: ir.Number) -> str:
        test, found = self._lowering.truth(condition), self._text.name("i")
        self._text.line(f"int64_t {found};")
        with self._text.block(f"if ({bare(test)})"):
            self._text.line(f"{found} = {self.integer(then)};")
        with self._text.block("else"):
            self._text.line(f"{found} = {self.integer(otherwise)};")
        return found

    def _read(self, value: ir.Word, signed: bool) -> str:
        word = self._lowering.word(value)
        return f"rvxe_signed({word}, {value.width})" if signed else f"(int64_t){word}"

    def bits(self, e: ir.Number, low: int, width: int) -> str:
        """Bits of an integer in two's complement."""
        if fits_int(e) and low < 64:
            whole = self.integer(e)
            found = f"(uint64_t)(rvxe_floor_shift({whole}, {low}))" if low else f"(uint64_t){whole}"
        elif is_wide(width):
            raise Unsupported(f"it takes {width} bits of an integer")
        else:
            found = f"rvxe_integer_bits(&{self.number(e)}, {low})"
        return f"({found} & {number((1 << width) - 1)})"

    def compare(self, e: ir.CompareNumbers) -> str:
        """Whether it holds; a comparison with a NaN may raise NV."""
        if fits_int(e.left) and fits_int(e.right):
            return f"({self.integer(e.left)} {e.op} {self.integer(e.right)})"
        one, other = self.number(e.left), self.number(e.right)
        order = self._text.set("int", "c", f"rvxe_compare(&{one}, &{other}, &flags)")
        if not e.quiet and e.op not in ("==", "!="):
            self._text.line(f"flags |= {order} == 2 ? {NV}u : 0u;")
        return _HOLDS[e.op].format(order)


def e_is_integral(use: ir.FormatUse) -> bool:
    """Whether its numbers are integers without specials, whose flags accrue at once."""
    return all(isinstance(f, Fixed) and f.fraction == 0 for f in formats_of(use))


def fits_int(e: ir.Number) -> bool:
    """Whether the number is an integer that int64_t has."""
    return bool(e.integral and e.span and Span(0, -(1 << 63), (1 << 63) - 1).contains(e.span))
