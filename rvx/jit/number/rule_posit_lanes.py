"""Rule: products, sums and both fused of lanes of short posits, all at once, zeros and NaRs too.

For hosts that count leading zeros and shift both ways in vectors. One after the other is faster
for two lanes of 32 bits, whose integers would have 64, and for two products.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from rvx.jit.each_lane import EachLane
from rvx.jit.host import this_host
from rvx.jit.number.callee import Coded
from rvx.jit.number.lane_shape import LaneShape
from rvx.jit.number.posit_fields import room
from rvx.jit.number.remember import MOST_BITS
from rvx.jit.number.rule import Rule
from rvx.jit.number.rule_posit import PositFused, PositOperation
from rvx.jit.text import Function
from rvx.number import Posit
from rvx.record import record

SIZE: Final = 32  # bits of the integers
_MOST_LANES: Final = 8
_FEW: Final = 2

Operation: TypeAlias = PositOperation | PositFused


@record(frozen=True)
class PositLanes:
    """What is computed, and where the lanes of its operands are."""

    operation: Operation
    lanes: LaneShape

    def emit(self, out: Function, words: list[str]) -> Coded:
        """The lanes' codes as one integer; no flags."""
        shape, bits = self.lanes, self.operation.format.bits
        each = EachLane(out, shape.count)
        codes = [
            each.taken(words[place.word], shape.widths[place.word], place.low, bits)
            for place in shape.places
        ]
        return each.joined(self.operation.of_lanes(each, codes, SIZE), bits), "0"


def posit_lanes(rule: Rule | None, shape: LaneShape) -> PositLanes | None:
    """The rule for lanes of which `rule` is the rule of one."""
    if not isinstance(rule, Operation) or not this_host().has_lanes:
        return None
    format, count = rule.format, shape.count
    if not fits(format) or count & count - 1 or not _FEW <= count <= _MOST_LANES:
        return None
    if isinstance(rule, PositOperation) and (rule.op == "/" or (rule.op, count) == ("*", _FEW)):
        return None
    if len(shape.places) * format.bits <= MOST_BITS:
        return None  # what is remembered is faster
    for place in shape.places:
        end = place.low + count * format.bits
        if place.step != format.bits or end > shape.widths[place.word]:
            return None
    return PositLanes(rule, shape)


def fits(format: Posit) -> bool:
    """Whether products of the format have room, and exponents."""
    digits = max(format.bits - 3 - format.es, 0) + 1
    return digits <= SIZE // 2 and 2 * digits + room(format) <= SIZE and format.bits + 8 <= SIZE
