"""The text of a core: from lark's tree to `rvx.description.syntax`, bottom up."""

from __future__ import annotations

from lark import Token
from lark.tree import Meta
from lark.visitors import v_args

from rvx.description import syntax
from rvx.description.build_expression import ExpressionBuilder
from rvx.description.syntax import Expression, Kind, Name


@v_args(inline=True, meta=True)
class CoreBuilder(ExpressionBuilder):
    """One method a grammar rule; each returns a node."""

    _text: str  # of the description

    def _doc(self, meta: Meta) -> str:
        raise NotImplementedError

    def core(
        self, meta: Meta, name: Name, *rest: syntax.Parameter | syntax.Rule | None
    ) -> syntax.CoreDeclaration:
        parameters = tuple(r for r in rest if isinstance(r, syntax.Parameter))
        rules = tuple(r for r in rest if r is not None and not isinstance(r, syntax.Parameter))
        text = self._text[meta.start_pos : meta.end_pos]
        return syntax.CoreDeclaration(
            name, parameters, rules, text, self._doc(meta), self._at(meta)
        )

    def parameter(
        self, meta: Meta, name: Token, low: Token, high: Token, default: Token
    ) -> syntax.Parameter:
        bounds = self._integer(low), self._integer(high), self._integer(default)
        return syntax.Parameter(Name(str(name), self._at(name)), *bounds)

    def isa(self, meta: Meta, isa: Token) -> syntax.IsaRule:
        return syntax.IsaRule(str(isa), self._at(meta))

    def class_rule(self, meta: Meta, name: Name, kind: Kind) -> syntax.ClassRule:
        return syntax.ClassRule(name, kind, self._at(meta))

    def cost(
        self, meta: Meta, what: Token, kind: Kind, guard: Expression | None, *values: Expression
    ) -> syntax.CostRule:
        return syntax.CostRule(str(what), kind, guard, values, self._at(meta))

    def redirect_from(
        self, meta: Meta, kind: Kind, stage: Name, unless: Expression | None
    ) -> syntax.RedirectFrom:
        return syntax.RedirectFrom(kind, stage, unless, self._at(meta))

    def redirect_after(self, meta: Meta, kind: Kind, cycles: Expression) -> syntax.RedirectAfter:
        return syntax.RedirectAfter(kind, cycles, self._at(meta))

    def fetch(self, meta: Meta, cycles: Expression) -> syntax.FetchRule:
        return syntax.FetchRule(cycles, self._at(meta))

    def hold(
        self, meta: Meta, reason: Name | None, stage: Name, guard: Expression
    ) -> syntax.HoldRule:
        return syntax.HoldRule(reason, stage, guard, self._at(meta))

    def unit(
        self,
        meta: Meta,
        name: Name,
        kind: Kind,
        *rules: syntax.CostRule | syntax.OverlapRule,
    ) -> syntax.UnitRule:
        return syntax.UnitRule(name, kind, rules, self._at(meta))

    def overlap(self, meta: Meta, guard: Expression) -> syntax.OverlapRule:
        return syntax.OverlapRule(guard, self._at(meta))

    def any_kind(self, meta: Meta, *kinds: Kind) -> syntax.KindAny:
        return syntax.KindAny(kinds)

    def all_kinds(self, meta: Meta, *kinds: Kind) -> syntax.KindAll:
        return syntax.KindAll(kinds)

    def not_kind(self, meta: Meta, kind: Kind) -> syntax.KindNot:
        return syntax.KindNot(kind)

    def writes(self, meta: Meta, file: Name) -> syntax.KindWrites:
        return syntax.KindWrites(file, self._at(meta))

    def named_kind(self, meta: Meta, *names: Token) -> syntax.KindNames:
        return syntax.KindNames(tuple(map(str, names)), self._at(meta))
