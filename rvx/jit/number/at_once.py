"""Lanes that are rounded alike: one call for all of them, where there is a rule for that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from rvx.jit.number.callee import Key, Native, Target
from rvx.jit.number.functions import Functions
from rvx.jit.number.lane_shape import LaneShape, lane_shape
from rvx.jit.number.lanes import define_lanes, define_posit_lanes
from rvx.jit.number.noted import Noted
from rvx.jit.number.rule import Rule
from rvx.jit.number.rule_lanes import LaneSum, lane_rule
from rvx.jit.number.rule_posit_lanes import PositLanes, posit_lanes
from rvx.jit.number.site import Site
from rvx.jit.text import Module
from rvx.model import ir

Together: TypeAlias = LaneSum | PositLanes


class AtOnce:
    """The functions of one module for several lanes."""

    def __init__(self, module: Module, functions: Functions, noted: Noted) -> None:
        self._module = module
        self._functions = functions
        self._noted = noted
        self._shapes: dict[object, tuple[LaneShape, list[ir.Word]] | None] = {}
        self._natives: dict[tuple[Key, Together], Native] = {}

    def lanes(self, site: Site, each: Sequence[ir.Encode]) -> str | None:
        """The codes as one word, the first lowest; None: not at once."""
        first, format = each[0], site.choose(each[0].format)
        if format is None or any((e.format, e.mode) != (first.format, first.mode) for e in each):
            return None
        if (found := self._shape(site, [e.number for e in each])) is None:
            return None
        shape, words = found
        mode = format.mode or first.mode or site.mode
        key, rule = self._functions.keyed(site, shape.shape, Target(format), mode)
        at_once = posit_lanes(rule, shape) or lane_rule(rule, key.host_mode, shape)
        if at_once is None:
            return None
        native = self._native(key, at_once, shape, rule)
        codes, flags = native.call(site.out, [site.word(word) for word in words])
        if flags != "0":
            site.accrue(flags)
        return codes

    def _shape(
        self, site: Site, numbers: list[ir.Number]
    ) -> tuple[LaneShape, list[ir.Word]] | None:
        found = self._noted.shape(site, numbers[0])
        if found is None:
            return None
        key = id(found), id(numbers[-1]), len(numbers)  # both are kept alive
        if key not in self._shapes:
            self._shapes[key] = lane_shape(self._noted, site, numbers)
        return self._shapes[key]

    def _native(self, key: Key, at_once: Together, shape: LaneShape, rule: Rule | None) -> Native:
        if (found := self._natives.get((key, at_once))) is None:
            name = f"number.lanes.{len(self._natives)}"
            if isinstance(at_once, PositLanes):
                found = define_posit_lanes(self._module, name, at_once)
            else:
                one = self._functions.defined(key, rule)
                found = define_lanes(self._module, name, at_once, shape, one)
            self._natives[key, at_once] = found
        return found
