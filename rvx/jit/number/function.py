"""One function an expression: the fast way, the finite way, and the way of the specials."""

from __future__ import annotations

from typing import Final

from rvx.jit.number import decode, fast, special_way
from rvx.jit.number.callee import COLD, Coded, Key, Native, Target, write
from rvx.jit.number.evaluate import Evaluator
from rvx.jit.number.polynomial import is_polynomial
from rvx.jit.number.remember import is_remembered, remember
from rvx.jit.number.rule import Rule
from rvx.jit.number.shape import polynomial
from rvx.jit.number.site import Shape
from rvx.jit.text import STRICT, Function, Module
from rvx.model import ir
from rvx.model.walk import nodes
from rvx.number import Format, Quire

__all__ = ["Coded", "Key", "Native", "Target", "define", "fast_rule"]


_WIDE: Final = 128  # bits: what fits two registers is compared at once
_FIRST: Final = 64


def define(module: Module, name: str, key: Key, rule: Rule | None) -> Native:
    """Write the function of an expression, by the rule if there is one."""
    if is_remembered(key):
        found = define_computed(module, f"{name}.of", key, rule)
        return remember(module, name, key, lambda out, values: found.call(out, values))
    return define_computed(module, name, key, rule)


def define_computed(module: Module, name: str, key: Key, rule: Rule | None) -> Native:
    """Write the function that computes the result."""
    target = key.target
    if rule is None:
        native = Native(name, key.shape.types, target.width, target.raises)
        # The call and its many parameters would be a fifth of an aligned sum.
        aligned = any(isinstance(node, ir.Truncate) for node in nodes(key.shape.numbers))
        attributes = f"{STRICT} alwaysinline" if aligned else STRICT
        return write(module, native, attributes, lambda out, of: _finite(out, key, of, native))
    native = Native(name, key.shape.types, target.width, target.raises and not rule.sets_host_flags)
    order = _codes(key.shape)

    def cold(out: Function, codes: list[str]) -> Coded:
        """The other ways, written where they are called."""
        values = [""] * len(key.shape.types)
        for place, code in zip(order, codes, strict=True):
            values[place] = code
        if rule.leaves_specials and special_way.is_short(key):
            return special_way.call(out, native.name, key, values)
        generic = Native(f"{name}.generic", key.shape.types, target.width, target.raises)
        write(module, generic, COLD, lambda out, values: _finite(out, key, values, generic))
        return generic.call(out, values)

    # Inlined, an operand that several instructions share is decoded once.
    return write(
        module,
        native,
        f"{STRICT} alwaysinline",
        lambda out, values: rule.emit(out, [values[place] for place in order], cold),
    )


def _finite(out: Function, key: Key, values: list[str], native: Native) -> Coded:
    """On finite numbers; where there is a special one, or one arises, by another way."""
    special, cold = "0", out.label("cold")
    for code, format in dict.fromkeys(special_way.leaves(key.shape, values)):
        if isinstance(format, Quire) and format.bits > _WIDE:
            _leave_if_special(out, code, format, cold)
        else:
            special = out.op("or", 1, special, decode.is_special(out, format, code))
    start = out.label("finite")
    out.branch(special, cold, start, likely=False)
    out.begin(start)
    code, flags = Evaluator(out, key.shape, values, cold).target(key.target, key.mode)
    from_start, done = out.block, out.label("done")
    out.jump(done)
    out.begin(cold)
    other = special_way.call(out, native.name, key, values)
    from_cold = out.block
    out.jump(done)
    out.begin(done)
    result = out.phi(f"i{native.width}", (code, from_start), (other[0], from_cold))
    return result, out.phi("i32", (flags, from_start), (other[1], from_cold))


def _leave_if_special(out: Function, code: str, format: Quire, cold: str) -> None:
    """Of a wide code only the first bits are looked at, as long as they are none of a special."""
    low, maybe, on = format.bits - _FIRST, out.label("maybe"), out.label("ordinary")
    first = out.resize(out.op("lshr", format.bits, code, str(low)), format.bits, _FIRST)
    same = out.compare("eq", _FIRST, first, str(format.canonical_nan >> low))
    out.branch(same, maybe, on, likely=False)
    out.begin(maybe)
    out.branch(decode.is_special(out, format, code), cold, on, likely=False)
    out.begin(on)


# Fast rules --------------------------------------------------------------------------------------


def fast_rule(key: Key) -> Rule | None:
    """The fast rule for the expression, if there is one."""
    shape, target = key.shape, key.target
    if shape.locals or isinstance(key.mode, ir.Stochastic):
        return None
    if (format := target.format) is None:
        match shape.numbers:
            case (ir.Decode(_, ir.Named(_, one)), ir.Decode(_, ir.Named(_, other))):
                return fast.fast_comparison(target.op, target.quiet, one, other, key.host_mode)
        return None
    modes = key.mode, key.host_mode, key.sticky
    (number,) = shape.numbers
    match number:
        case ir.Quotient(ir.Decode(_, ir.Named(_, one)), ir.Decode(_, ir.Named(_, other))):
            return fast.fast_quotient(one, other, format, *modes)
        case ir.NumberFunction("sqrt", ir.Decode(_, ir.Named(_, radicand))):
            return fast.fast_root(radicand, format, *modes)
        case ir.NumberOp(
            "minimum" | "maximum" as op, ir.Decode(_, first), ir.Decode(_, second)
        ) if first == second == ir.Named("", format):
            return fast.fast_choice(op, format)
    if is_polynomial(number) and (found := polynomial(number, _named)) is not None:
        return fast.fast_rule(found[0], format, *modes)
    return None


def _named(use: ir.FormatUse) -> Format:
    assert isinstance(use, ir.Named)
    return use.format


def _codes(shape: Shape) -> list[int]:
    """The parameters in the order in which a rule takes them."""
    if len(shape.numbers) == 1 and is_polynomial(shape.numbers[0]):
        found = polynomial(shape.numbers[0], _named)
        assert found is not None
        return [_place(word) for word in found[1]]
    words = []
    for node in nodes(shape.numbers):
        match node:
            case ir.Decode(word):
                words.append(_place(word))
    return words


def _place(word: ir.Word) -> int:
    assert isinstance(word, ir.WordLocal)
    return int(word.name)
