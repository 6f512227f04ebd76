"""The functions of one module that round and compare, each written when it is first asked for."""

from __future__ import annotations

from dataclasses import replace

from rvx.jit.number.callee import Direction, Key, Native, Target
from rvx.jit.number.function import define, fast_rule
from rvx.jit.number.rule import Rule
from rvx.jit.number.site import Shape, Site
from rvx.jit.text import Module


class Functions:
    """By what their code depends on."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._functions: dict[Key, Native] = {}
        self._rules: dict[Key, Rule | None] = {}

    def of(self, site: Site, shape: Shape, target: Target, mode: Direction) -> Native:
        """The function for a shape."""
        return self.defined(*self.keyed(site, shape, target, mode))

    def keyed(
        self, site: Site, shape: Shape, target: Target, mode: Direction
    ) -> tuple[Key, Rule | None]:
        """On what the code depends, and the fast rule, if there is one."""
        key = Key(shape, target, mode, site.host_mode, False)
        other = replace(key, sticky=True)
        rule, with_sticky = self._rule(key), self._rule(other)
        # The site is asked only where it matters: code that differs by NX looks at it in loops.
        is_same = rule == with_sticky or (rule is not None and rule.sets_host_flags)
        if not is_same and site.sticky:
            key, rule = other, with_sticky
        if rule is None:
            key = Key(shape, target, mode, None, False)
        return key, rule

    def defined(self, key: Key, rule: Rule | None) -> Native:
        """The function, by the rule if there is one."""
        if key not in self._functions:
            name = f"number.{len(self._functions)}"
            self._functions[key] = define(self._module, name, key, rule)
        return self._functions[key]

    def _rule(self, key: Key) -> Rule | None:
        if key not in self._rules:
            self._rules[key] = fast_rule(key)
        return self._rules[key]
