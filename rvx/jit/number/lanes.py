"""One function for all lanes of an instruction: in vectors, or lane by lane where that is hard."""

from __future__ import annotations

from typing import Final

from rvx.jit.number.callee import Coded, Native, write
from rvx.jit.number.lane_shape import LaneShape
from rvx.jit.number.rule_lanes import LaneSum
from rvx.jit.number.rule_posit_lanes import PositLanes
from rvx.jit.text import STRICT, Function, Module

# Instructions that read the same register share its decoding once this is part of their region.
_INLINE: Final = f"{STRICT} alwaysinline"
_HARD: Final = f"{STRICT} noinline"


def define_lanes(module: Module, name: str, rule: LaneSum, shape: LaneShape, one: Native) -> Native:
    """Write the function; `one` is that of a single lane. Its parameters are the words."""
    types = tuple(f"i{width}" for width in shape.widths)
    native = Native(name, types, shape.count * one.width, one.raises)
    hard = Native(f"{name}.hard", types, native.width, one.raises)
    write(module, hard, _HARD, lambda out, words: _each(out, shape, one, words))

    def body(out: Function, words: list[str]) -> Coded:
        apart, done = out.label("hard"), out.label("done")
        code, flags = rule.emit(out, words, apart)
        easy = out.block
        out.jump(done)
        out.begin(apart)
        other, others = hard.call(out, words)
        out.jump(done)
        out.begin(done)
        found = out.phi(f"i{native.width}", (code, easy), (other, apart))
        return found, out.phi("i32", (flags, easy), (others, apart))

    return write(module, native, _INLINE, body)


def define_posit_lanes(module: Module, name: str, rule: PositLanes) -> Native:
    """Write the function, of which no lanes are hard. Its parameters are the words."""
    types, format = tuple(f"i{width}" for width in rule.lanes.widths), rule.operation.format
    native = Native(name, types, rule.lanes.count * format.bits, False)
    return write(module, native, _INLINE, rule.emit)


def _each(out: Function, shape: LaneShape, one: Native, words: list[str]) -> Coded:
    """Lane by lane."""
    width, found, raised = shape.count * one.width, "0", "0"
    for lane in range(shape.count):
        values = []
        for place, type in zip(shape.places, one.types, strict=True):
            whole, low = shape.widths[place.word], place.low + lane * place.step
            shifted = out.op("lshr", whole, words[place.word], str(low))
            values.append(out.resize(shifted, whole, int(type[1:])))
        code, flags = one.call(out, values)
        code = out.resize(code, one.width, width)
        found = out.op("or", width, found, out.op("shl", width, code, str(lane * one.width)))
        raised = out.op("or", 32, raised, flags)
    return found, raised
