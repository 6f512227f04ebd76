"""The text of a core: from lark's tree to `rvx.description.syntax`, bottom up."""

from __future__ import annotations

from typing import Any

from lark import Token
from lark.tree import Meta
from lark.visitors import v_args

from rvx.description import syntax
from rvx.description.build_expression import ExpressionBuilder, integer


@v_args(inline=True, meta=True)
class CoreBuilder(ExpressionBuilder):
    """One method a grammar rule; each returns a node."""

    def _doc(self, meta: Meta) -> str:
        raise NotImplementedError

    def core(self, meta: Meta, name: Any, *rest: Any) -> syntax.CoreDeclaration:
        parameters = tuple(r for r in rest if isinstance(r, syntax.Parameter))
        rules = tuple(r for r in rest if r is not None and not isinstance(r, syntax.Parameter))
        return syntax.CoreDeclaration(name, parameters, rules, self._doc(meta), self._at(meta))

    def parameter(
        self, meta: Meta, name: Token, low: Token, high: Token, default: Token
    ) -> syntax.Parameter:
        at = self._at(name)
        return syntax.Parameter(
            syntax.Name(str(name), at), integer(low), integer(high), integer(default)
        )

    def isa(self, meta: Meta, isa: Token) -> syntax.IsaRule:
        return syntax.IsaRule(str(isa), self._at(meta))

    def class_rule(self, meta: Meta, name: Any, kind: Any) -> syntax.ClassRule:
        return syntax.ClassRule(name, kind, self._at(meta))

    def cost(self, meta: Meta, what: Token, kind: Any, guard: Any, *values: Any) -> syntax.CostRule:
        return syntax.CostRule(str(what), kind, guard, values, self._at(meta))

    def redirect_from(self, meta: Meta, kind: Any, stage: Any, unless: Any) -> syntax.RedirectFrom:
        return syntax.RedirectFrom(kind, stage, unless, self._at(meta))

    def redirect_after(self, meta: Meta, kind: Any, cycles: Any) -> syntax.RedirectAfter:
        return syntax.RedirectAfter(kind, cycles, self._at(meta))

    def fetch(self, meta: Meta, cycles: Any) -> syntax.FetchRule:
        return syntax.FetchRule(cycles, self._at(meta))

    def hold(self, meta: Meta, reason: Any, stage: Any, guard: Any) -> syntax.HoldRule:
        return syntax.HoldRule(reason, stage, guard, self._at(meta))

    def unit(self, meta: Meta, name: Any, kind: Any, *rules: Any) -> syntax.UnitRule:
        return syntax.UnitRule(name, kind, rules, self._at(meta))

    def overlap(self, meta: Meta, guard: Any) -> syntax.OverlapRule:
        return syntax.OverlapRule(guard, self._at(meta))

    def shares(self, meta: Meta, stage: Any, guard: Any) -> syntax.SharesRule:
        return syntax.SharesRule(stage, guard, self._at(meta))

    def any_kind(self, meta: Meta, *kinds: Any) -> syntax.KindAny:
        return syntax.KindAny(kinds)

    def all_kinds(self, meta: Meta, *kinds: Any) -> syntax.KindAll:
        return syntax.KindAll(kinds)

    def not_kind(self, meta: Meta, kind: Any) -> syntax.KindNot:
        return syntax.KindNot(kind)

    def writes(self, meta: Meta, file: Any) -> syntax.KindWrites:
        return syntax.KindWrites(file, self._at(meta))

    def named_kind(self, meta: Meta, *names: Token) -> syntax.KindNames:
        return syntax.KindNames(tuple(map(str, names)), self._at(meta))
