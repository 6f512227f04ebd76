"""Expressions apart from registers: their words become parameters, so that equal ones share code.

What is integral, and every word and truth, is computed by the site before the call. In the branch
of a selection that is right only for what raises no flag and reads no memory. Where it does, the
selection is reported by `Conditional`: it has to be moved to the top of the expression, and left
to the site's control flow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from rvx.jit.number.callee import Direction
from rvx.jit.number.site import Argument, Conditional, Local, Shape, Site, Tree
from rvx.model import ir
from rvx.model.walk import nodes

_LARGEST: Final = 4000  # nodes of an expression


class Known(Protocol):
    """A local of the instruction that is a number and not integral."""

    def number(self, canonical: Canonical) -> ir.Number:
        """Its value over the parameters of `canonical`."""


class TooLarge(Exception):
    """An expression that is not worth the code that it would be."""


class Canonical:
    """Builds canonical expressions at a site; several share their parameters."""

    def __init__(self, site: Site, known: Mapping[str, Known]) -> None:
        self._site = site
        self._known = known
        self._indices: dict[ir.Word | ir.Truth, int] = {}
        self._computed: dict[Argument, int] = {}  # by words and truths
        self._given: dict[Argument, int] = {}
        self._arguments: list[Argument] = []
        self._locals: list[Local] = []
        self._selects: list[ir.NumberSelect] = []  # in whose branches this is
        self._size = 0

    def tree(self, *numbers: ir.Number) -> Tree:
        """The expressions, with the parameters of all."""
        found = tuple(self.number(e) for e in numbers)
        types = tuple(argument.type for argument in self._arguments)
        return Tree(Shape(found, types, tuple(self._locals)), tuple(self._arguments))

    def direction(self, mode: Direction) -> Direction:
        """The mode over parameters: what is drawn is one."""
        return ir.Stochastic(self._word(mode.draw)) if isinstance(mode, ir.Stochastic) else mode

    def number(self, e: ir.Number) -> ir.Number:
        """The expression over parameters."""
        self._size += 1
        if self._size > _LARGEST:
            raise TooLarge
        if e.integral and not isinstance(e, ir.Exact):
            return self._integral(e)
        match e:
            case ir.Exact():
                return e
            case ir.Decode(word, use):
                return self._decoded(word, use, e)
            case ir.NumberLocal(name):
                return self._known[name].number(self)
            case ir.NumberOp(op, left, right):
                return ir.NumberOp(op, self.number(left), self.number(right), e.span, False)
            case ir.NumberFunction(op, value):
                return ir.NumberFunction(op, self.number(value), e.span, False)
            case ir.Quotient(left, right):
                return ir.Quotient(self.number(left), self.number(right))
            case ir.Scale(value, power):
                return ir.Scale(self.number(value), power, e.span, False)
            case ir.Truncate(value, exponent):
                return ir.Truncate(self.number(value), self.number(exponent), e.span)
            case ir.Rounded(number, use, mode):
                format = self._site.choose(use)
                if format is None:
                    return self.number(rounded_by_choice(e, use))
                mode = self.direction(format.mode or mode or self._site.mode)
                return ir.Rounded(self.number(number), ir.Named("", format), mode, e.span, False)
            case ir.NumberSelect():
                return self._selected(e)
        raise AssertionError(f"{type(e).__name__} is integral")

    # Parameters

    def given(self, argument: Argument) -> int:
        """The number of the parameter that has a value already."""
        if argument not in self._given:
            at = self._computed.get(argument)
            self._given[argument] = self._added(argument) if at is None else at
        return self._given[argument]

    def _parameter(self, type: str, key: ir.Word | ir.Truth, value: Callable[[], str]) -> int:
        """The number of a parameter that is computed here, or that a local has brought along."""
        if key not in self._indices:
            argument = Argument(type, value())
            at = self._given.get(argument)
            self._indices[key] = self._added(argument) if at is None else at
            self._computed.setdefault(argument, self._indices[key])
        return self._indices[key]

    def _added(self, argument: Argument) -> int:
        self._arguments.append(argument)
        return len(self._arguments) - 1

    def copied(self, tree: Tree, arguments: tuple[Argument, ...]) -> ir.Number:
        """The expression of another shape with these arguments, over parameters here."""
        places = [self.given(argument) for argument in arguments]
        locals_ = [
            self._local(Local(local.format, places[local.code], places[local.flags]))
            for local in tree.shape.locals
        ]
        self._size += sum(1 for _ in nodes(tree.number))
        return _renumbered(tree.number, places, locals_)

    def _local(self, local: Local) -> int:
        if local not in self._locals:
            self._locals.append(local)
        return self._locals.index(local)

    def _word(self, word: ir.Word) -> ir.WordLocal:
        self._check(word)
        at = self._parameter(f"i{word.width}", word, lambda: self._site.word(word))
        return ir.WordLocal(str(at), word.width)

    def _truth(self, truth: ir.Truth) -> ir.TruthLocal:
        self._check(truth)
        return ir.TruthLocal(str(self._parameter("i1", truth, lambda: self._site.truth(truth))))

    def _integral(self, e: ir.Number) -> ir.Number:
        match e:
            case ir.WordNumber(word, signed):
                return ir.WordNumber(self._word(word), signed)
            case ir.Decode(word, use) if self._site.choose(use) is not None:
                return self._decoded(word, use, e)
        self._check(e)
        found, width = self._site.integer(e)
        at = self.given(Argument(f"i{width}", found))
        return ir.WordNumber(ir.WordLocal(str(at), width), True)

    def _check(self, e: ir.Word | ir.Number | ir.Truth) -> None:
        if self._selects and any(_has_effect(node) for node in nodes(e)):
            raise Conditional(self._selects[0])

    # Nodes

    def _decoded(self, word: ir.Word, use: ir.FormatUse, e: ir.Decode) -> ir.Number:
        format = self._site.choose(use)
        if format is not None:
            return ir.Decode(self._word(word), ir.Named("", format), format.span, False)
        return self.number(
            by_choice(use, lambda named: ir.Decode(word, named, named.format.span, False))
        )

    def _selected(self, e: ir.NumberSelect) -> ir.Number:
        condition = self._truth(e.condition)
        self._selects.append(e)
        then, otherwise = self.number(e.then), self.number(e.otherwise)
        self._selects.pop()
        return ir.NumberSelect(condition, then, otherwise, e.span, False)


def rounded_by_choice(e: ir.Rounded, use: ir.FormatUse) -> ir.Number:
    """A rounding into the format that is in force at run time."""
    return by_choice(use, lambda named: ir.Rounded(e.number, named, e.mode, e.span, False))


def by_choice(use: ir.FormatUse, make: Callable[[ir.Named], ir.Number]) -> ir.Number:
    """What `make` makes of the format that a selector at run time says."""
    assert isinstance(use, ir.Choice)
    *first, last = (make(ir.Named("", format)) for format in use.formats)
    found = last
    for i, number in reversed(list(enumerate(first))):
        found = ir.NumberSelect(selects(use, i), number, found, None, False)
    return found


def selects(use: ir.Choice, i: int) -> ir.Truth:
    """Whether format i is in force."""
    return ir.CompareWords("==", use.selector, ir.Constant(i, use.selector.width))


def lifted(e: ir.Number, select: ir.NumberSelect) -> tuple[ir.Number, ir.Number]:
    """The expression with either branch in the place of the selection."""
    return _replaced(e, select, select.then), _replaced(e, select, select.otherwise)


def _replaced(e: ir.Number, old: ir.NumberSelect, new: ir.Number) -> ir.Number:
    if e == old:
        return new
    return _rebuilt(e, lambda part: _replaced(part, old, new))


def _rebuilt(e: ir.Number, of: Callable[[ir.Number], ir.Number]) -> ir.Number:
    """The node with other numbers in it; integral ones are leaves."""
    if e.integral and not isinstance(e, ir.NumberLocal):
        return e
    match e:
        case ir.NumberOp(op, left, right, span, integral):
            return ir.NumberOp(op, of(left), of(right), span, integral)
        case ir.NumberFunction(op, value, span, integral):
            return ir.NumberFunction(op, of(value), span, integral)
        case ir.Quotient(left, right):
            return ir.Quotient(of(left), of(right))
        case ir.Scale(value, power, span, integral):
            return ir.Scale(of(value), power, span, integral)
        case ir.Truncate(value, exponent, span):
            return ir.Truncate(of(value), of(exponent), span)
        case ir.Rounded(number, format, mode, span, integral):
            return ir.Rounded(of(number), format, mode, span, integral)
        case ir.NumberSelect(condition, then, otherwise, span, integral):
            return ir.NumberSelect(condition, of(then), of(otherwise), span, integral)
    return e


def with_codes(tree: Tree) -> tuple[Tree, tuple[str, ...]]:
    """The same with the codes of locals in the place of the locals, for fast rules; their pending
    flags (i32) apart. The only expression must be one that always hands them on."""

    def coded(e: ir.Number) -> ir.Number:
        if not isinstance(e, ir.NumberLocal):
            return _rebuilt(e, coded)
        local = tree.shape.locals[int(e.name)]
        word = ir.WordLocal(str(local.code), local.format.bits)
        return ir.Decode(word, ir.Named("", local.format), local.format.span, False)

    number = coded(tree.number)
    used = sorted({int(node.name) for node in nodes(number) if isinstance(node, ir.WordLocal)})
    places = [used.index(i) if i in used else -1 for i in range(len(tree.arguments))]
    arguments = tuple(tree.arguments[i] for i in used)
    types = tuple(argument.type for argument in arguments)
    flags = tuple(tree.arguments[local.flags].value for local in tree.shape.locals)
    return Tree(Shape((_renumbered(number, places, []),), types, ()), arguments), flags


def _renumbered(e: ir.Number, places: list[int], locals_: list[int]) -> ir.Number:
    def word(w: ir.Word) -> ir.WordLocal:
        assert isinstance(w, ir.WordLocal)
        return ir.WordLocal(str(places[int(w.name)]), w.width)

    match e:
        case ir.Rounded(number, format, ir.Stochastic(draw), span, integral):
            of = _renumbered(number, places, locals_)
            return ir.Rounded(of, format, ir.Stochastic(word(draw)), span, integral)
        case ir.Decode(w, format, span, integral):
            return ir.Decode(word(w), format, span, integral)
        case ir.WordNumber(w, signed):
            return ir.WordNumber(word(w), signed)
        case ir.NumberLocal(name, span, integral):
            return ir.NumberLocal(str(locals_[int(name)]), span, integral)
        case ir.NumberSelect(ir.TruthLocal(name), then, otherwise, span, integral):
            truth = ir.TruthLocal(str(places[int(name)]))
            one, other = (_renumbered(x, places, locals_) for x in (then, otherwise))
            return ir.NumberSelect(truth, one, other, span, integral)
    return _rebuilt(e, lambda part: _renumbered(part, places, locals_))


def _has_effect(node: object) -> bool:
    """Whether computing the node may raise a flag or leave native code."""
    match node:
        case ir.Load() | ir.CsrValue() | ir.Encode() | ir.Rounded():
            return True
        case ir.CompareNumbers(_, left, right):
            return not (left.integral and right.integral)
    return False
