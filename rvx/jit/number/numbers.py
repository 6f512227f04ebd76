"""Exact numbers of instructions as native code: where rounding, comparing and classing begin.

Every rounded expression and every comparison is a function of the module, which all instructions
of one shape share; a site computes the words and calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias
from weakref import WeakKeyDictionary

from rvx.jit.adding import Adding
from rvx.jit.effects import Untranslatable
from rvx.jit.host import Host
from rvx.jit.number.accumulate import Accumulation, accumulation
from rvx.jit.number.accumulate import define as define_sum
from rvx.jit.number.accumulate_lanes import SumOfLanes, sum_of_lanes
from rvx.jit.number.accumulate_spread import define_spread
from rvx.jit.number.at_once import AtOnce
from rvx.jit.number.callee import Coded, Direction, Target
from rvx.jit.number.canonical import (
    Canonical,
    Known,
    TooLarge,
    lifted,
    rounded_by_choice,
    selects,
    with_codes,
)
from rvx.jit.number.classify import classified
from rvx.jit.number.functions import Functions
from rvx.jit.number.local import NumberOfInstruction
from rvx.jit.number.nested import apart
from rvx.jit.number.noted import Noted
from rvx.jit.number.polynomial import is_polynomial
from rvx.jit.number.site import Argument, Conditional, Local, Shape, Site, Tree
from rvx.jit.text import Module
from rvx.model import ir
from rvx.number import Fixed, Format, Rounding, dyadic

Locals: TypeAlias = dict[str, NumberOfInstruction]


class Numbers:
    """The functions of one module."""

    def __init__(self, module: Module, host: Host) -> None:
        self._module = module
        self._host = host
        self._functions = Functions(module)
        self._noted = Noted()
        self._at_once = AtOnce(module, self._functions, self._noted)
        self._accumulations: dict[object, str] = {}  # the functions' names
        self._locals: WeakKeyDictionary[Site, Locals] = WeakKeyDictionary()

    # What instructions ask for

    def encode(self, site: Site, e: ir.Encode) -> str:
        """The number rounded to a code, an i{width}; its flags accrue."""
        format = site.choose(e.format)
        if format is None:
            return site.word(_by_choice(e, lambda use: ir.Encode(e.number, use, e.mode, e.width)))
        if isinstance(e.number, ir.Exact) and not isinstance(e.mode, ir.Stochastic):
            return self._constant(site, e.number, format, e.mode)
        try:
            code, flags = self._coded(site, e.number, format, e.mode)
        except Conditional as found:
            one, other = (
                ir.Encode(number, e.format, e.mode, e.width)
                for number in lifted(e.number, found.select)
            )
            return site.word(ir.WordSelect(found.select.condition, one, other))
        if flags != "0":
            site.accrue(flags)
        return code

    def lanes(self, site: Site, each: Sequence[ir.Encode]) -> str | None:
        """The codes of several lanes as one word, the first lowest; None: not at once."""
        return self._at_once.lanes(site, each)

    def compare(self, site: Site, e: ir.CompareNumbers) -> str:
        """Whether the comparison holds, an i1; its flags accrue."""
        try:
            tree = self._tree(site, e.left, e.right)
        except Conditional as found:
            return self._compare_branches(site, e, found.select)
        target = Target(None, e.op, e.quiet or e.op in ("==", "!="))
        truth, flags = self._call(site, tree, target, Rounding.RNE)
        if flags != "0":
            site.accrue(flags)
        return truth

    def classify(self, site: Site, e: ir.Classify) -> str:
        """The class of the code, an i10."""
        format = site.choose(e.format)
        if format is None:
            return site.word(_by_choice(e, lambda use: ir.Classify(e.value, use)))
        return classified(site.out, format, site.word(e.value))

    def local(self, site: Site, name: str, e: ir.Number) -> None:
        """Set a local that is a number and not integral."""
        try:
            tree = self._rounded_local(site, e) or self._tree(site, e)
        except Conditional as found:
            raise Untranslatable from found
        known = self._locals.setdefault(site, {})
        if name not in known:
            known[name] = NumberOfInstruction(site.out, site.out.variable("i32"))
        known[name].define(tree)

    def integral_rounded(self, site: Site, e: ir.Rounded) -> tuple[str, int]:
        """A number rounded to an integer: two's complement, and its width."""
        format = site.choose(e.format)
        formats = [format] if format else _formats(e.format)
        width = formats[0].bits
        code = site.word(ir.Encode(e.number, e.format, e.mode, width))
        signs = {isinstance(each, Fixed) and each.signed for each in formats}
        if signs == {True}:
            return code, width
        wide = site.out.resize(code, width, width + 1)
        if True in signs and isinstance(e.format, ir.Choice):
            extended = site.out.resize(code, width, width + 1, signed=True)
            for i, each in enumerate(e.format.formats):
                if isinstance(each, Fixed) and each.signed:
                    wide = site.out.select(
                        site.truth(selects(e.format, i)), f"i{width + 1}", extended, wide
                    )
        return wide, width + 1

    def adding(self, site: Site, s: ir.SetState, *, is_spread: bool) -> Adding | None:
        """`quire = quire +- products` in place, at a host pointer; None: not of that form. Where
        the quire is spread, a pointer to one of its ways comes first."""
        if (found := accumulation(s, site.choose)) is None:
            return None
        what, products = found
        tree = self._tree(site, *products)
        name = self._accumulation(what, tree.shape, is_spread)
        arguments = tuple((a.type, a.value) for a in tree.arguments)
        if not name:
            return None
        rule = sum_of_lanes(what.quire, what.minus, tree.shape) if is_spread else None
        if rule is None:
            return Adding(name, arguments)
        return Adding(name, arguments, rule.count, partial(self._together, name, rule))

    def _together(self, one: str, rule: SumOfLanes) -> str:
        """The function for several additions."""
        name = f"{one}.lanes"
        if name not in self._module:
            rule.define(self._module, name, f"{one}.apart")
        return name

    def _accumulation(self, what: Accumulation, shape: Shape, is_spread: bool) -> str:
        """The function's name, "" where there is no such function."""
        key = what, shape, is_spread
        if key not in self._accumulations:
            in_place = self._accumulation(what, shape, False) if is_spread else ""
            name, module = f"number.accumulate.{len(self._accumulations)}", self._module
            if is_spread:
                minus, quire = what.minus, what.quire
                done = bool(in_place) and define_spread(module, name, in_place, quire, minus, shape)
            else:
                done = define_sum(module, name, what, shape)
            self._accumulations[key] = name if done else ""
        return self._accumulations[key]

    # How

    def _constant(self, site: Site, e: ir.Exact, format: Format, mode: Rounding | None) -> str:
        code, flags = format.encode(dyadic(e.significand, e.exponent), mode or site.mode)
        if flags:
            site.accrue(str(flags))
        return str(code)

    def _coded(self, site: Site, number: ir.Number, format: Format, mode: ir.Mode) -> Coded:
        how = format.mode or mode or site.mode
        if isinstance(how, ir.Stochastic):
            canonical = Canonical(site, self._locals.get(site, {}))
            direction = canonical.direction(how)
            return self._call(site, _made(canonical, number), Target(format), direction)
        pending, known = tuple[str, ...](), dict[str, Known]()
        if format.raises_flags:
            number, known = apart(number, lambda e: self._nested(site, e))
        tree = self._tree(site, number, known=known)
        if tree.shape.locals and is_polynomial(tree.number):
            tree, pending = with_codes(tree)
        code, flags = self._call(site, tree, Target(format), how)
        for each in pending if format.raises_flags else ():
            flags = site.out.op("or", 32, flags, each)
        return code, flags

    def _nested(self, site: Site, e: ir.Rounded) -> Tree | None:
        """What is rounded within an expression, by itself; None where it is left there."""
        format = site.choose(e.format)
        if format is None or not format.raises_flags:
            return None
        stochastic = isinstance(format.mode or e.mode or site.mode, ir.Stochastic)
        return None if stochastic else self._rounded_local(site, e)

    def _tree(
        self, site: Site, *numbers: ir.Number, known: Mapping[str, Known] | None = None
    ) -> Tree:
        if known:
            return _made(Canonical(site, {**self._locals.get(site, {}), **known}), *numbers)
        if len(numbers) == 1 and (found := self._noted.shape(site, numbers[0])) is not None:
            shape, words = found
            values = [site.word(word) for word in words]
            return Tree(shape, tuple(map(Argument, shape.types, values)))
        return _made(Canonical(site, self._locals.get(site, {})), *numbers)

    def _call(self, site: Site, tree: Tree, target: Target, mode: Direction) -> Coded:
        native = self._functions.of(site, tree.shape, target, mode)
        return native.call(site.out, [argument.value for argument in tree.arguments])

    def _rounded_local(self, site: Site, e: ir.Number) -> Tree | None:
        """A rounded number is kept as its code and pending flags."""
        if not isinstance(e, ir.Rounded):
            return None
        format = site.choose(e.format)
        if format is None:
            return self._tree(site, rounded_by_choice(e, e.format))
        code, flags = self._coded(site, e.number, format, e.mode)
        arguments = Argument(f"i{format.bits}", code), Argument("i32", flags)
        number = ir.NumberLocal("0", e.span, False)
        types = tuple(argument.type for argument in arguments)
        return Tree(Shape((number,), types, (Local(format, 0, 1),)), arguments)

    def _compare_branches(self, site: Site, e: ir.CompareNumbers, select: ir.NumberSelect) -> str:
        """The comparison in either branch of a selection."""
        left, right = lifted(e.left, select), lifted(e.right, select)
        one, other = (ir.CompareNumbers(e.op, left[i], right[i], e.quiet) for i in range(2))
        found = ir.WordSelect(select.condition, ir.TruthBits(one, 1), ir.TruthBits(other, 1))
        return site.word(found)


def _made(canonical: Canonical, *numbers: ir.Number) -> Tree:
    try:
        return canonical.tree(*numbers)
    except TooLarge as found:
        raise Untranslatable from found


def _formats(use: ir.FormatUse) -> list[Format]:
    return [use.format] if isinstance(use, ir.Named) else list(use.formats)


def _by_choice(e: ir.Encode | ir.Classify, make: Callable[[ir.Named], ir.Word]) -> ir.Word:
    """What `make` makes of the format that is in force at run time."""
    use = e.format
    assert isinstance(use, ir.Choice)
    found = make(ir.Named("", use.formats[-1]))
    for i, format in reversed(list(enumerate(use.formats[:-1]))):
        found = ir.WordSelect(selects(use, i), make(ir.Named("", format)), found)
    return found
