"""Runs a rule in a native loop over rows of codes, and says what `rvx.number` makes of them."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count

import pytest

from rvx import number
from rvx.jit.host import this_host
from rvx.jit.native import Code, compile_object
from rvx.jit.number.rule import Rule
from rvx.jit.number.shape import Polynomial
from rvx.jit.text import STRICT, Function, Module
from rvx.number import Format, Real, Rounding

Row = tuple[int, ...]
Reference = Callable[[Row], tuple[int, int]]
_NAMES = count()


def value(shape: Polynomial, row: Row) -> Real:
    """The exact value of a polynomial."""
    total: Real | None = None
    for term in shape.terms:
        product = number.dyadic(term.factor, term.power)
        for place in term.parameters:
            product = number.multiply(product, shape.formats[place].decode(row[place]))
        total = product if total is None else number.add(total, product)
    assert total is not None
    return total


def rounded(shape: Polynomial, target: Format, mode: Rounding) -> Reference:
    """What the reference makes of a row."""
    return lambda row: target.encode(value(shape, row), target.mode or mode)


def without_half(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on, the rules are those of a host that does not compute in half precision."""
    host = replace(this_host(), has_half=False)
    monkeypatch.setattr("rvx.jit.number.rule_carrier.this_host", lambda: host)


@dataclass
class Native:
    """A rule as machine code: `widths` of its codes, `result` of what it gives."""

    rule: Rule
    widths: Sequence[int]
    result: int
    host_mode: Rounding | None
    reference: Reference
    cold_calls: int = 0

    def __post_init__(self) -> None:
        """Compile the loop of the tests."""
        module, name = Module(), f"run{next(_NAMES)}"
        kind = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.POINTER(ctypes.c_uint64))
        self._callback = kind(self._cold)
        self._helper(module)
        out = Function(module, name, "void", ["ptr", "ptr", "i64"], STRICT, "")
        saved = this_host().save(out)
        i = _loop(out, "%p2")
        codes = self._load(out, "%p0", i)
        this_host().set_control(out, self.host_mode)
        code, flags = self._call(out, codes)
        if self.host_mode is not None:
            flags = out.op("or", 32, flags, this_host().take_flags(out))
        cell = out.value(f"getelementptr i64, ptr %p1, i64 {out.op('shl', 64, i, '1')}")
        out.store("i64", out.resize(code, self.result, 64), cell)
        out.store("i64", out.resize(flags, 32, 64), cell, 8)
        _next(out, i)
        this_host().restore(out, saved)
        out.ret()
        out.finish()
        self.text = module.text()
        self._code = Code([compile_object(self.text, 2)], [name])
        self._run = self._code.function(name, None, *[ctypes.c_void_p] * 2, ctypes.c_int64)

    def _helper(self, module: Module) -> None:
        """The rule as the function that instructions would share."""
        types = [f"i{width}" for width in self.widths]
        pair = f"{{ i{self.result}, i32 }}"
        out = Function(module, "rule", pair, types, f"alwaysinline {STRICT}")
        names = [f"%p{i}" for i in range(len(types))]
        code, flags = self.rule.emit(out, names, self._emit_cold)
        first = out.value(f"insertvalue {pair} poison, i{self.result} {code}, 0")
        out.ret(out.value(f"insertvalue {pair} {first}, i32 {flags}, 1"))
        out.finish()

    def _call(self, out: Function, codes: list[str]) -> tuple[str, str]:
        typed = [(f"i{width}", code) for width, code in zip(self.widths, codes, strict=True)]
        pair = f"{{ i{self.result}, i32 }}"
        both = out.call(pair, "rule", *typed)
        code = out.value(f"extractvalue {pair} {both}, 0")
        return code, out.value(f"extractvalue {pair} {both}, 1")

    def _load(self, out: Function, pointer: str, i: str) -> list[str]:
        stride = len(self.widths)
        row = out.value(f"getelementptr [{stride} x i64], ptr {pointer}, i64 {i}")
        return [
            out.resize(out.load("i64", row, 8 * place), 64, width)
            for place, width in enumerate(self.widths)
        ]

    def _emit_cold(self, out: Function, codes: list[str]) -> tuple[str, str]:
        """The reference itself, called back: the slowest generic rule there is."""
        cells = out.variable(f"[{len(codes)} x i64]")
        for i, (code, width) in enumerate(zip(codes, self.widths, strict=True)):
            out.store("i64", out.resize(code, width, 64), cells, 8 * i)
        address = ctypes.cast(self._callback, ctypes.c_void_p).value
        pointer = out.value(f"inttoptr i64 {address} to ptr")
        saved = this_host().save(out)  # Python raises flags of its own
        both = out.value(f"call i64 {pointer}(ptr {cells})")
        this_host().restore(out, saved)
        code = out.resize(out.op("lshr", 64, both, "5"), 64, self.result)
        return code, out.resize(out.op("and", 64, both, "31"), 64, 32)

    def _cold(self, cells: ctypes._Pointer[ctypes.c_uint64]) -> int:
        self.cold_calls += 1
        code, flags = self.reference(tuple(cells[i] for i in range(len(self.widths))))
        return code << 5 | flags

    def results(self, rows: Sequence[Row]) -> list[tuple[int, int]]:
        """Code and flags of each row."""
        size, stride = len(rows), len(self.widths)
        given = (ctypes.c_uint64 * (size * stride))(*(code for row in rows for code in row))
        found = (ctypes.c_uint64 * (2 * size))()
        self._run(ctypes.addressof(given), ctypes.addressof(found), size)
        return list(zip(found[::2], found[1::2], strict=True))

    def check(self, rows: Sequence[Row], ignored: int = 0) -> int:
        """Compare with the reference but for ignored flags; how many rows there were."""
        for row, (code, flags) in zip(rows, self.results(rows), strict=True):
            expected, wanted = self.reference(row)
            if (code, flags & ~ignored) != (expected, wanted & ~ignored):
                shown = ", ".join(f"{each:#x}" for each in row)
                raise AssertionError(
                    f"({shown}): {code:#x} {number.flag_names(flags)}, "
                    f"expected {expected:#x} {number.flag_names(wanted)}"
                )
        return len(rows)

    def nanoseconds(self, rows: Sequence[Row], chained: int | None = None) -> float:
        """Time of one evaluation; `chained`: the parameter that takes the result before."""
        module, name = Module(), f"time{next(_NAMES)}"
        self._helper(module)
        out = Function(module, name, "i64", ["ptr", "i64", "i64"], STRICT, "")
        this_host().set_control(out, self.host_mode)
        cell, seen = out.variable("i64"), out.variable("i32")
        out.store("i64", str(rows[0][chained or 0]), cell)
        out.store("i32", "0", seen)
        i = _loop(out, "%p1")
        codes = self._load(out, "%p0", out.op("and", 64, i, "%p2"))
        before = out.load("i64", cell)
        if chained is not None:
            codes[chained] = out.resize(before, 64, self.widths[chained])
        code, flags = self._call(out, codes)
        code = out.resize(code, self.result, 64)
        out.store("i64", code if chained is not None else out.op("xor", 64, code, before), cell)
        out.store("i32", out.op("or", 32, out.load("i32", seen), flags), seen)
        _next(out, i)
        this_host().set_control(out, None)
        last = out.op("add", 64, out.resize(out.load("i32", seen), 32, 64), out.load("i64", cell))
        out.ret(last)
        out.finish()
        self.timed_text = module.text()
        code_ = Code([compile_object(self.timed_text, 2)], [name])
        run = code_.function(name, ctypes.c_uint64, ctypes.c_void_p, *[ctypes.c_int64] * 2)
        size = 1 << (len(rows).bit_length() - 1)
        flat = (ctypes.c_uint64 * (size * len(self.widths)))(*(c for r in rows[:size] for c in r))
        best, rounds = 1e9, 1 << 20
        for _ in range(5):
            start = time.process_time()
            run(ctypes.addressof(flat), rounds, size - 1)
            best = min(best, time.process_time() - start)
        return best / rounds * 1e9


def _loop(out: Function, size: str) -> str:
    """Open a loop's block: its counter."""
    cell, top = out.variable("i64"), out.label("loop")
    out.store("i64", "0", cell)
    out.jump(top)
    out.begin(top)
    _LOOPS.append((top, cell, size))
    return out.load("i64", cell)


_LOOPS: list[tuple[str, str, str]] = []


def _next(out: Function, i: str) -> None:
    """Close the loop's block."""
    top, cell, size = _LOOPS.pop()
    following, end = out.op("add", 64, i, "1"), out.label("end")
    out.store("i64", following, cell)
    out.branch(out.compare("ult", 64, following, size), top, end)
    out.begin(end)
