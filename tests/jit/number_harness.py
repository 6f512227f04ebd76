"""Expressions as native functions over arrays, beside what the reference makes of them."""

from __future__ import annotations

import ctypes
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import count, product
from types import SimpleNamespace
from typing import Any, Final, cast
from unittest.mock import patch

from rvx import number
from rvx.jit.host import this_host
from rvx.jit.native import Code, compile_object
from rvx.jit.number import functions
from rvx.jit.number.numbers import Numbers
from rvx.jit.text import Function, Module
from rvx.model import ir
from rvx.number import Fixed, Float, Format, Posit, Quire, Rounding
from rvx.reference.binding import Binding

Row = tuple[int, ...]
_NAMES = count()
_CELL = 64

MODES: Final = tuple(Rounding)


def decode(i: int, format: Format) -> ir.Number:
    """The number of input word i."""
    integral = isinstance(format, Fixed) and format.fraction == 0
    word = ir.WordLocal(f"w{i}", format.bits)
    return ir.Decode(word, ir.Named("", format), format.span, integral)


def add(a: ir.Number, b: ir.Number, op: str = "+") -> ir.Number:
    """`a op b` with its span."""
    span = None
    if a.span and b.span:
        of = {"+": a.span.add, "-": a.span.subtract, "*": a.span.multiply}.get(op, a.span.union)
        span = of(b.span)
    return ir.NumberOp(op, a, b, span, a.integral and b.integral)


def encode(e: ir.Number, format: Format, mode: Rounding | None = None) -> ir.Encode:
    """The expression rounded to a format."""
    return ir.Encode(e, ir.Named("", format), format.mode or mode, format.bits)


@dataclass
class Site:
    """The least that numbers ask of an instruction."""

    out: Function
    numbers: Numbers
    mode: Rounding
    inputs: dict[str, tuple[str, int]]
    host_mode: Rounding | None = None
    sticky: bool = False
    flags: str = "0"

    __hash__ = object.__hash__

    def choose(self, use: ir.FormatUse) -> Format | None:
        return use.format if isinstance(use, ir.Named) else None

    def accrue(self, flags: str) -> None:
        old = self.out.load("i32", self.cell, align=4)
        self.out.store("i32", self.out.op("or", 32, old, flags), self.cell, align=4)

    def __post_init__(self) -> None:
        self.cell = self.out.variable("i32")
        self.out.store("i32", "0", self.cell, align=4)

    def word(self, e: ir.Word) -> str:
        out = self.out
        match e:
            case ir.WordLocal(name):
                return self.inputs[name][0]
            case ir.Constant(value):
                return str(value)
            case ir.Encode():
                return self.numbers.encode(self, e)
            case ir.Classify():
                return self.numbers.classify(self, e)
            case ir.TruthBits(truth, width):
                return out.resize(self.truth(truth), 1, width)
            case ir.IntegerBits(value, low, width):
                found, its = self.integer(value)
                wide = out.resize(found, its, max(its, low + width), signed=True)
                wide = out.op("lshr", max(its, low + width), wide, str(low))
                return out.resize(wide, max(its, low + width), width)
            case ir.WordSelect(condition, then, otherwise):
                return self._select(self.truth(condition), then, otherwise)
        raise AssertionError(e)

    def _select(self, condition: str, then: ir.Word, otherwise: ir.Word) -> str:
        out = self.out
        labels = [out.label() for _ in range(3)]
        out.branch(condition, labels[0], labels[1])
        found = []
        for label, side in zip(labels, (then, otherwise), strict=False):
            out.begin(label)
            value = self.word(side)
            found.append((value, out.block))
            out.jump(labels[2])
        out.begin(labels[2])
        return out.phi(f"i{then.width}", *found)

    def statement(self, s: ir.Statement) -> None:
        """Set a local that is a number, or branch."""
        out = self.out
        match s:
            case ir.SetLocal(name, value):
                assert isinstance(value, ir.Number)
                self.numbers.local(self, name, value)
            case ir.IfElse(condition, then, otherwise):
                labels = [out.label() for _ in range(3)]
                out.branch(self.truth(condition), labels[0], labels[1])
                for label, side in zip(labels, (then, otherwise), strict=False):
                    out.begin(label)
                    for inner in side:
                        self.statement(inner)
                    out.jump(labels[2])
                out.begin(labels[2])

    def truth(self, e: ir.Truth) -> str:
        out = self.out
        match e:
            case ir.Truthy(value):
                return str(int(value))
            case ir.TruthLocal(name):
                return self.inputs[name][0]
            case ir.CompareWords(op, left, right):
                names = {"==": "eq", "!=": "ne", "<": "ult", "<=": "ule", ">": "ugt", ">=": "uge"}
                return out.compare(names[op], left.width, self.word(left), self.word(right))
            case ir.CompareNumbers():
                return self.numbers.compare(self, e)
            case ir.Not(truth):
                return out.op("xor", 1, self.truth(truth), "1")
        raise AssertionError(e)

    def integer(self, e: ir.Number) -> tuple[str, int]:
        out, width = self.out, 200
        match e:
            case ir.WordNumber(word, signed):
                return out.resize(self.word(word), word.width, width, signed), width
            case ir.Decode(word, ir.Named(_, Fixed(signed=signed))):
                return out.resize(self.word(word), word.width, width, signed), width
            case ir.Rounded():
                found, its = self.numbers.integral_rounded(self, e)
                return out.resize(found, its, width, signed=True), width
            case ir.Exact(significand, exponent):
                return str((significand << exponent) & (1 << width) - 1), width
            case ir.NumberOp("+" | "-" | "*" as op, left, right):
                name = {"+": "add", "-": "sub", "*": "mul"}[op]
                one, other = self.integer(left)[0], self.integer(right)[0]
                return out.op(name, width, one, other), width
            case ir.NumberFunction("-", value):
                return out.op("sub", width, "0", self.integer(value)[0]), width
        raise AssertionError(e)


class Native:
    """A word or a truth over the input words w0, w1, ..., compiled; and the reference's."""

    def __init__(
        self,
        result: ir.Word | ir.Truth,
        widths: Sequence[int],
        mode: Rounding = Rounding.RNE,
        body: Sequence[ir.Statement] = (),
        host_mode: Rounding | None = None,
        level: int = 2,
        fast: bool = False,
    ) -> None:
        self.result, self.widths, self.mode, self.body = result, widths, mode, body
        self.host_mode = host_mode
        self.width = 1 if isinstance(result, ir.Truth) else result.width
        self.level = level
        self._strides = [(width + _CELL - 1) // _CELL for width in (*widths, self.width, 32)]
        self.module = Module()
        name = f"numbers{next(_NAMES)}"
        with nullcontext() if fast else patch.object(functions, "fast_rule", lambda key: None):
            self._write(name)
        self.text = self.module.text()
        self._code = Code([compile_object(self.text, level)], [name])
        self._run = self._code.function(name, None, *[ctypes.c_void_p] * 2, ctypes.c_int64)
        self._reference = self._bound()

    # Native

    def _write(self, name: str) -> None:
        out = Function(self.module, name, "void", ["ptr", "ptr", "i64"], "strictfp nounwind", "")
        saved = this_host().save(out) if self.host_mode else "0"
        if self.host_mode:
            this_host().set_control(out, self.host_mode)
        self._numbers = Numbers(self.module, this_host())
        counter = out.variable("i64")
        out.store("i64", "0", counter, align=8)
        loop, end = out.label("loop"), out.label("end")
        out.jump(loop)
        out.begin(loop)
        i = out.load("i64", counter, align=8)
        inputs = sum(self._strides[:-2])
        outputs = sum(self._strides[-2:])
        row = out.value(f"getelementptr [{inputs} x i64], ptr %p0, i64 {i}")
        cell = out.value(f"getelementptr [{outputs} x i64], ptr %p1, i64 {i}")
        found, offset = {}, 0
        for k, (width, stride) in enumerate(zip(self.widths, self._strides, strict=False)):
            value = out.load(f"i{stride * _CELL}", row, offset, align=8)
            found[f"w{k}"] = (out.resize(value, stride * _CELL, width), width)
            offset += 8 * stride
        if self.host_mode:
            this_host().clear_flags(out)
        value, flags = self._value(out, found)
        if self.host_mode:
            flags = out.op("or", 32, flags, this_host().take_flags(out))
        stride = self._strides[-2]
        out.store(f"i{stride * _CELL}", out.resize(value, self.width, stride * _CELL), cell)
        out.store("i64", out.resize(flags, 32, 64), cell, 8 * stride)
        following = out.op("add", 64, i, "1")
        out.store("i64", following, counter, align=8)
        out.branch(out.compare("ult", 64, following, "%p2"), loop, end)
        out.begin(end)
        if self.host_mode:
            this_host().restore(out, saved)
        out.ret()
        out.finish()

    def _value(self, out: Function, inputs: dict[str, tuple[str, int]]) -> tuple[str, str]:
        site = Site(out, self._numbers, self.mode, inputs, self.host_mode)
        for s in self.body:
            site.statement(s)
        if isinstance(self.result, ir.Truth):
            value = site.truth(self.result)
        else:
            value = site.word(self.result)
        return value, out.load("i32", site.cell, align=4)

    def results(self, rows: Sequence[Row]) -> list[tuple[int, int]]:
        """Code and flags of each row."""
        given = bytearray()
        for row in rows:
            for code, stride in zip(row, self._strides, strict=False):
                given += code.to_bytes(8 * stride, "little")
        size = 8 * sum(self._strides[-2:])
        source = (ctypes.c_char * len(given)).from_buffer(given)
        target = (ctypes.c_char * (size * len(rows)))()
        self._run(ctypes.addressof(source), ctypes.addressof(target), len(rows))
        raw, split = bytes(target), 8 * self._strides[-2]
        found = []
        for at in range(0, len(raw), size):
            code = int.from_bytes(raw[at : at + split], "little")
            found.append((code, int.from_bytes(raw[at + split : at + size], "little")))
        return found

    def nanoseconds(self, rows: Sequence[Row]) -> float:
        """Time of one evaluation, in a loop over rows."""
        rows = (list(rows) * (1 + 4096 // len(rows)))[:4096]
        given = bytearray()
        for row in rows:
            for code, stride in zip(row, self._strides, strict=False):
                given += code.to_bytes(8 * stride, "little")
        source = (ctypes.c_char * len(given)).from_buffer(given)
        target = (ctypes.c_char * (8 * sum(self._strides[-2:]) * len(rows)))()
        best = 1e9
        for _ in range(30):
            start = time.perf_counter()
            for _ in range(4):
                self._run(ctypes.addressof(source), ctypes.addressof(target), len(rows))
            best = min(best, time.perf_counter() - start)
        return best / 4 / len(rows) * 1e9

    # The reference

    def _bound(self) -> Callable[[Row], tuple[int, int]]:
        storage = SimpleNamespace(registers={}, states={}, mode=self.mode, flags=0, writes=[])
        machine = SimpleNamespace(xlen=32)
        binding = Binding(cast(Any, storage), cast(Any, machine), {}, {})
        effects = [binding.statement(s) for s in self.body]
        result = self.result
        compute: Callable[[], int] = (
            binding.truth(result) if isinstance(result, ir.Truth) else binding.word(result)
        )

        def run(row: Row) -> tuple[int, int]:
            for i, code in enumerate(row):
                binding.set_local(f"w{i}", code)
            storage.flags = 0
            for effect in effects:
                effect()
            return int(compute()), storage.flags

        return run

    def check(self, rows: Sequence[Row]) -> int:
        """Compare with the reference; how many rows there were."""
        for row, found in zip(rows, self.results(rows), strict=True):
            if found != (expected := self._reference(row)):
                shown = ", ".join(f"{each:#x}" for each in row)
                raise AssertionError(
                    f"{self.mode.name} ({shown}): {found[0]:#x} "
                    f"{number.flag_names(found[1])}, expected {expected[0]:#x} "
                    f"{number.flag_names(expected[1])}"
                )
        return len(rows)


# Rows ---------------------------------------------------------------------------------------------


def special_codes(format: Format) -> Iterator[int]:
    """Codes at the limits of a format, and the words beside them."""
    top = 1 << format.bits
    for code in (0, 1, 2, 3, top // 2, top // 2 + 1, top // 2 - 1, top - 1, top - 2):
        yield code % top
    if isinstance(format, Float):
        sign = 1 << format.bits - 1 if format.signed else 0
        normal = 1 << format.fraction
        one = max(1 - format.emin, 0) << format.fraction
        infinity = format.max_code + 1
        for code in (normal - 1, normal, normal + 1, one, one + 1, format.max_code, infinity,
                     infinity + 1, format.canonical_nan or 0, format.max_code - 1):  # fmt: skip
            yield code % top
            yield (code | sign) % top
    elif isinstance(format, Posit | Quire):
        for code in (top // 4, top // 4 + 1, top // 4 * 3, top // 4 * 3 - 1):
            yield code
    else:
        for code in (10, 100, 1 << format.bits // 2):
            yield code % top


def random_code(format: Format, chance: random.Random) -> int:
    """A code: any, near one, or with few ones."""
    bits = format.bits
    how = chance.random()
    code = chance.getrandbits(bits)
    if how < 0.5:
        return code
    if how < 0.75:
        return code & chance.getrandbits(bits) & chance.getrandbits(bits)
    if isinstance(format, Float):  # exponents close together
        middle = 1 << format.exponent - 1
        field = min(max(middle + chance.randint(-3, 3), 0), (1 << format.exponent) - 1)
        code &= ~((1 << format.exponent) - 1 << format.fraction)
        return code | field << format.fraction
    return (code & 7) + (chance.getrandbits(1) << max(bits - 2, 0)) & (1 << bits) - 1


def rows(formats: Sequence[Format], size: int, seed: int = 0) -> list[Row]:
    """Special values with each other, then random ones; neighbours and opposites among them."""
    chance = random.Random(seed)
    special = [sorted(set(special_codes(format))) for format in formats]
    found: list[Row] = []
    whole = 1
    for codes in special:
        whole *= len(codes)
    if whole <= size:
        found.extend(product(*special))
    else:
        found.extend(tuple(map(chance.choice, special)) for _ in range(size))
    for _ in range(size):
        row = [random_code(format, chance) for format in formats]
        if chance.random() < 0.3:
            k = chance.randrange(len(formats))
            row[k] = chance.choice(special[k])
        if len(row) > 1 and chance.random() < 0.4:
            i, j = chance.sample(range(len(row)), 2)
            if formats[i] == formats[j]:
                flip = chance.choice((0, 1, 1 << formats[i].bits - 1, 3))
                row[j] = row[i] ^ flip
        found.append(tuple(row))
    return found
