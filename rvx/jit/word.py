"""Words: bits of a known width, modulo 2**width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rvx.jit import csr, integer, narrow
from rvx.jit.guest import COUNTERS
from rvx.jit.layout import Place
from rvx.jit.text import literal
from rvx.model import ir

if TYPE_CHECKING:
    from rvx.jit.lowering import Lowering

_PLAIN = {"+": "add", "-": "sub", "*": "mul", "&": "and", "|": "or", "^": "xor"}


def lower(to: Lowering, e: ir.Word) -> str:
    """The word, an i{width}."""
    out = to.out
    match e:
        case ir.Register(operand, file):
            return to.guest.read(to.place(operand, file))
        case ir.FieldValue(operand, width):
            if (symbol := to.symbols.get(operand)) is not None:
                return out.resize(symbol, 32, width)
            return str(to.fields[operand] & (1 << width) - 1)
        case ir.WordOp(op, left, right):
            if (plain := _PLAIN.get(op)) is not None:
                return out.op(plain, e.width, to.word(left), to.word(right))
            return _shift(to, e) if op in ("<<", ">>") else _division(to, e)
        case ir.Constant(constant):
            return str(constant)
        case ir.WordSlice(value, high, low):
            return _slice(to, value, high, low)
        case ir.Load(address, size):
            return to.guest.load(to.word(address), size)
        case ir.IntegerBits(number, low, width):
            return integer.bits_from(to, number, low, width)
        case ir.Encode():
            return narrow.encode(to, e)
        case ir.Join(parts):
            return _join(to, parts)
        case ir.ProgramCounter(next):
            if to.here is not None:
                return out.op("add", e.width, to.here, str(to.length if next else 0))
            found = to.pc + (to.length if next else 0)
            return str(found & (1 << to.machine.xlen) - 1)
        case ir.WordLocal(name):
            return to.locals[name].value
        case ir.TruthBits(truth, width):
            return out.resize(to.truth(truth), 1, width)
        case ir.Invert(value):
            return out.op("xor", e.width, to.word(value), str((1 << e.width) - 1))
        case ir.WordSelect(condition, then, otherwise):
            heavy = to.is_heavy(then) or to.is_heavy(otherwise)
            return to.either(
                to.truth(condition),
                f"i{e.width}",
                lambda: to.word(then),
                lambda: to.word(otherwise),
                heavy=heavy,
            )
        case ir.State(name, index):
            if name in COUNTERS:
                return to.guest.counter(name)
            if name == "mtime":  # the machine alone knows when it was set
                to.refuse()
                return "0"
            return to.guest.read(Place("state", name, index))
        case ir.FixedRegister(file, index):
            return to.guest.read(Place("register", file, index))
        case ir.CsrValue():
            return csr.read(to)
        case ir.Classify():
            return to.numbers.classify(to, e)
        case ir.Unbox(value, canonical, width):
            return _unbox(to, value, to.word(canonical), width)


def _division(to: Lowering, e: ir.WordOp) -> str:
    """Unsigned; x / 0 is all ones and x % 0 is x. The host would trap."""
    out, width = to.out, e.width
    left, right = to.word(e.left), to.word(e.right)
    zero = out.compare("eq", width, right, "0")
    divisor = out.select(zero, f"i{width}", "1", right)
    if e.op == "/":
        found = out.op("udiv", width, left, divisor)
        return out.select(zero, f"i{width}", str((1 << width) - 1), found)
    found = out.op("urem", width, left, divisor)
    return out.select(zero, f"i{width}", left, found)


def _shift(to: Lowering, e: ir.WordOp) -> str:
    """By the width or more: 0, which LLVM's would not be."""
    op = "shl" if e.op == "<<" else "lshr"
    width = e.width
    value = to.word(e.left)
    return shift(to, op, width, value, e.right)


def shift(to: Lowering, op: str, width: int, value: str, amount: ir.Word) -> str:
    """`shl lshr ashr` by a word: what remains of a shift by the width or more is 0, or the sign."""
    out, bits = to.out, amount.width
    if bits <= width and most(to, amount) < width:
        return out.op(op, width, value, placed(to, amount, 0, width))
    by = to.word(amount)
    if (known := literal(by)) is not None:
        if known >= width:
            return out.op("ashr", width, value, str(width - 1)) if op == "ashr" else "0"
        return out.op(op, width, value, by)
    common = max(bits, width.bit_length())
    wide = out.resize(by, bits, common)
    large = out.compare("uge", common, wide, str(width))
    last = str(width - 1) if op == "ashr" else "0"
    safe = out.resize(out.select(large, f"i{common}", last, wide), common, width)
    shifted = out.op(op, width, value, safe)
    return shifted if op == "ashr" else out.select(large, f"i{width}", "0", shifted)


def most(to: Lowering, e: ir.Word) -> int:
    """An upper bound of the word's value."""
    match e:
        case ir.Constant(value):
            return value
        case ir.FieldValue(operand, width) if operand not in to.symbols:
            return to.fields[operand] & (1 << width) - 1
        case ir.WordOp("&", left, right):
            return min(most(to, left), most(to, right))
        case ir.Join((first, *rest)):
            below = sum(part.width for part in rest)
            return (most(to, first) + 1 << below) - 1
        case ir.TruthBits():
            return 1
        case ir.IntegerBits(number, 0, width) if number.integral:
            low, high = integer.bounds(to, number)
            if low >= 0:
                return min(high, (1 << width) - 1)
    return (1 << e.width) - 1


def _slice(to: Lowering, value: ir.Word, high: int, low: int) -> str:
    out = to.out
    match value:
        case ir.WordSlice(inner, _, at):
            return _slice(to, inner, high + at, low + at)
        case ir.Join(parts):
            at = value.width
            for part in parts:
                at -= part.width
                if at <= low and high < at + part.width:
                    return _slice(to, part, high - at, low - at)
    found, width = to.word(value), value.width
    return out.resize(out.op("lshr", width, found, str(low)), width, high - low + 1)


def _join(to: Lowering, parts: Sequence[ir.Word]) -> str:
    width = at = sum(part.width for part in parts)
    joined = "0"
    for part in parts:
        at -= part.width
        joined = to.out.op("or", width, joined, placed(to, part, at, width))
    return joined


def placed(to: Lowering, e: ir.Word, low: int, width: int) -> str:
    """The word at bit `low` of an i{width} that is zero elsewhere."""
    out, bits = to.out, e.width
    mask = (1 << bits) - 1 << low
    match e:
        case ir.WordSlice(value, _, at) if value.width == width and bits < width:
            # In place: no narrow types between.
            whole = to.word(value)
            moved = out.op("lshr", width, whole, str(max(at - low, 0)))
            moved = out.op("shl", width, moved, str(max(low - at, 0)))
            if (at == 0 and low + bits == width) or (low == 0 and at + bits == width):
                return moved
            return out.op("and", width, moved, str(mask))
        case ir.Invert(value) if isinstance(value, ir.WordSlice):
            return out.op("xor", width, placed(to, value, low, width), str(mask))
        case ir.WordOp("&" | "|" | "^" as op, left, right) if isinstance(left, ir.WordSlice):
            one, other = placed(to, left, low, width), placed(to, right, low, width)
            return out.op(_PLAIN[op], width, one, other)
    return out.op("shl", width, out.resize(to.word(e), bits, width), str(low))


def _unbox(to: Lowering, boxed: ir.Word, canonical: str, width: int) -> str:
    out, whole = to.out, to.word(boxed)
    above = boxed.width - width
    upper = out.op("lshr", boxed.width, whole, str(width))
    is_boxed = out.compare("eq", boxed.width, upper, str((1 << above) - 1))
    narrow = out.resize(whole, boxed.width, width)
    return out.select(is_boxed, f"i{width}", narrow, canonical)
