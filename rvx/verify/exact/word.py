"""Words: bits of a known width, modulo 2**width (docs/language.md, words)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from rvx.model import ir
from rvx.number import NV, Draw, Float, Format, Mode
from rvx.verify.exact import codec, codec_float, numeric, truth
from rvx.verify.exact.codec import NotCovered
from rvx.verify.exact.number import NAN, Number, integer, is_infinite, is_negative, is_zero

if TYPE_CHECKING:
    from rvx.verify.exact.body import Body


def value(body: Body, e: ir.Word) -> int:
    """The word. Raises NotCovered."""
    found = NODES.get(type(e))
    if found is None:
        raise NotCovered(type(e).__name__)
    return found(body, e)


def format_of(body: Body, use: ir.FormatUse) -> Format:
    """The format in force."""
    match use:
        case ir.Named(_, format):
            return format
        case ir.Choice(_, selector, _, formats):
            return formats[value(body, selector)]
    raise NotCovered(type(use).__name__)


def rounding_of(body: Body, mode: ir.Mode) -> Mode:
    """The direction: the text's or the format's, else the instruction's; or by a word drawn."""
    match mode:
        case None:
            return body.mode
        case ir.Stochastic(draw):
            return Draw(value(body, draw), draw.width)
    return mode


def _operation(body: Body, e: ir.WordOp) -> int:
    a, b, width = value(body, e.left), value(body, e.right), e.left.width
    modulus = 1 << width
    match e.op:
        case "+":
            return (a + b) % modulus
        case "-":
            return (a - b) % modulus
        case "*":
            return a * b % modulus
        case "/":
            return a // b if b else modulus - 1
        case "%":
            return a % b if b else a
        case "&":
            return a & b
        case "|":
            return a | b
        case "^":
            return a ^ b
        case "<<":
            return a * 2**b % modulus if b < width else 0
        case ">>":
            return a // 2**b if b < width else 0
    raise NotCovered(f"the operator {e.op}")


def _select(body: Body, e: ir.WordSelect) -> int:
    return value(body, e.then if truth.decide(body, e.condition) else e.otherwise)


def _join(body: Body, e: ir.Join) -> int:
    found = 0
    for part in e.parts:
        found = found << part.width | value(body, part)
    return found


def _encode(body: Body, e: ir.Encode) -> int:
    number = numeric.value(body, e.number)
    code, flags = codec.encode(format_of(body, e.format), number, rounding_of(body, e.mode))
    body.effects.flags |= flags
    return code


def _unbox(body: Body, e: ir.Unbox) -> int:
    whole = value(body, e.value)
    boxed = whole >> e.width == (1 << e.value.width - e.width) - 1
    return whole & (1 << e.width) - 1 if boxed else value(body, e.canonical)


def _classify(body: Body, e: ir.Classify) -> int:
    format = format_of(body, e.format)
    number = codec.decode(format, value(body, e.value))
    return 1 << _class(format, number)


def _class(format: Format, a: Number) -> int:
    """Unprivileged manual 20.9: -inf, -normal, -subnormal, -0, +0, ... +inf, sNaN, qNaN."""
    if a.kinds == NAN:
        return 8 if a.flags & NV else 9
    if is_infinite(a):
        return 0 if is_negative(a) else 7
    if is_zero(a):
        return 3 if is_negative(a) else 4
    assert not isinstance(a.total, numeric.Root)
    is_subnormal = isinstance(format, Float) and abs(a.total) < codec_float.value_of(format, 1, 0)
    if is_negative(a):
        return 2 if is_subnormal else 1
    return 5 if is_subnormal else 6


def _program_counter(body: Body, e: ir.ProgramCounter) -> int:
    return body.start.pc + (body.length if e.next else 0) & (1 << body.machine.xlen) - 1


def _integer_bits(body: Body, e: ir.IntegerBits) -> int:
    return integer(numeric.value(body, e.number)) >> e.low & (1 << e.width) - 1


def _field(body: Body, e: ir.FieldValue) -> int:
    return body.fields[e.operand] & (1 << e.width) - 1


def _register(body: Body, e: ir.Register) -> int:
    return body.start.registers[e.file][body.register(e.operand)]


def _local(body: Body, e: ir.WordLocal) -> int:
    found = body.locals[e.name]
    assert isinstance(found, int)
    return found


def _load(body: Body, e: ir.Load) -> int:
    return body.load(value(body, e.address), e.size, e.aligned, e.atomic)


def _slice(body: Body, e: ir.WordSlice) -> int:
    return value(body, e.value) >> e.low & (1 << e.width) - 1


def _state(body: Body, e: ir.State) -> int:
    return body.start.states[e.name][e.index]


def _fixed_register(body: Body, e: ir.FixedRegister) -> int:
    return body.start.registers[e.file][e.index]


NODES: Mapping[type, Callable[[Body, Any], int]] = {
    ir.Constant: lambda body, e: int(e.value),
    ir.FieldValue: _field,
    ir.Register: _register,
    ir.FixedRegister: _fixed_register,
    ir.State: _state,
    ir.ProgramCounter: _program_counter,
    ir.CsrValue: lambda body, e: body.read_csr(),
    ir.Load: _load,
    ir.WordLocal: _local,
    ir.WordSlice: _slice,
    ir.Join: _join,
    ir.Invert: lambda body, e: (1 << e.width) - 1 - value(body, e.value),
    ir.WordOp: _operation,
    ir.WordSelect: _select,
    ir.TruthBits: lambda body, e: int(truth.decide(body, e.truth)),
    ir.IntegerBits: _integer_bits,
    ir.Encode: _encode,
    ir.Classify: _classify,
    ir.Unbox: _unbox,
}
