"""The guest's memory inside a function: RAM by one comparison, all else by leaving native code.

An access is native where it is naturally aligned and wholly inside RAM; a store moreover where
nothing watches it and no code lies. The reference does what is left: misaligned accesses, devices,
faults, stores into code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rvx.jit.layout import Layout
from rvx.jit.reach import Reach
from rvx.jit.text import Function

# Bytes of RAM that share one byte of the table of granules, as a power of two.
GRANULE: Final = 6


class Ram:
    """Emits accesses. What they need of the block is loaded once, by `entry`.

    `addresses` says where RAM lies if translation knows it: then bounds take no registers.
    """

    def __init__(
        self, out: Function, layout: Layout, block: str, addresses: range | None = None
    ) -> None:
        self._addresses = addresses
        self._out = out
        self._layout = layout
        self._block = block
        self._xlen = layout.machine.xlen
        self._used: set[str] = set()

    def load(
        self, address: str, size: int, bail: Callable[[], str], reach: Reach | None = None
    ) -> str:
        """The little-endian value of `size` bytes (1, 2, 4, 8), an i{8 * size}. `reach` is what
        the check is about instead of them."""
        out, reach = self._out, reach or Reach(0, size)
        if reach.pointer:
            return out.load(f"i{8 * size}", reach.pointer)
        inside = self._is_inside("ram", address, reach)
        inside = self._and_aligned(inside, address, size)
        plain = out.label("load")
        out.branch(inside, plain, bail(), likely=True)
        out.begin(plain)
        return out.load(f"i{8 * size}", self.pointer(address))

    def check_store(
        self, address: str, size: int, bail: Callable[[], str], reach: Reach | None = None
    ) -> str:
        """A pointer of the host to where `size` bytes (1, 2, 4, 8) may be stored. `reach` is what
        the check is about instead of them."""
        out, reach = self._out, reach or Reach(0, size)
        if reach.pointer:
            return reach.pointer
        leave = bail()
        quiet = self._is_inside("store", address, reach)
        quiet = self._and_aligned(quiet, address, size)
        plain = out.label("store")
        other = out.label("other") if reach.bytes else leave
        out.branch(quiet, plain, other, likely=True)
        if reach.bytes:
            out.begin(other)
            free = self._is_free(self._first(address, reach), reach.bytes)
            out.branch(self._and_aligned(free, address, size), plain, leave)
        out.begin(plain)
        return self.pointer(address)

    def room(self, address: str, reach: Reach, *, stores: bool) -> tuple[str, str, str]:
        """Whether all bytes are where the check of an access is one comparison (i1); if so, how
        far inside they begin, and how far they may at most (i64)."""
        space, out = "store" if stores else "ram", self._out
        offset = self._offset(self._first(address, reach), f"{space}.base")
        limit = self._use(f"{space}.limit{reach.bytes}")
        return out.compare("ult", 64, offset, limit), offset, out.op("sub", 64, limit, "1")

    def _is_inside(self, space: str, address: str, reach: Reach) -> str:
        """Whether all bytes are within a part of RAM (i1)."""
        if not reach.bytes:
            return "1"
        offset = self._offset(self._first(address, reach), f"{space}.base")
        return self._out.compare("ult", 64, offset, self._use(f"{space}.limit{reach.bytes}"))

    def _first(self, address: str, reach: Reach) -> str:
        low = reach.low & (1 << self._xlen) - 1
        return self._out.op("add", self._xlen, address, str(low)) if low else address

    def pointer(self, address: str) -> str:
        """The host's address, without waiting for the check."""
        wide = self._out.resize(address, self._xlen, 64)
        return self._out.value(f"getelementptr i8, ptr {self._use('ram.origin')}, i64 {wide}")

    def _is_free(self, address: str, bytes: int) -> str:
        """Whether a store outside of the quiet part of RAM is one of its own (i1)."""
        name, xlen = f"ram.is_free{bytes}", f"i{self._xlen}"
        if name not in self._out.module:
            self._write_is_free(name, bytes)
        return self._out.call(
            "i1",
            name,
            (xlen, address),
            (xlen, self._use("ram.base")),
            ("i64", self._use(f"ram.limit{bytes}")),
            ("ptr", self._use("granules")),
        )

    def _write_is_free(self, name: str, bytes: int) -> None:
        """A function of the module: inside RAM, and the granules are free."""
        xlen = self._xlen
        parameters = [f"i{xlen}", f"i{xlen}", "i64", "ptr"]
        out = Function(self._out.module, name, "i1", parameters, "noinline cold nounwind")
        offset = out.resize(out.op("sub", xlen, "%p0", "%p1"), xlen, 64)
        out.branch(out.compare("ult", 64, offset, "%p2"), "look", "leave")
        out.begin("leave")
        out.ret("0")
        out.begin("look")
        marks = self._granule(out, offset)
        # RAM may begin anywhere, so that already two bytes may lie in two granules.
        for further in (*range(1 << GRANULE, bytes - 1, 1 << GRANULE), bytes - 1):
            if further:
                there = self._granule(out, out.op("add", 64, offset, str(further)))
                marks = out.op("or", 8, marks, there)
        out.ret(out.compare("eq", 8, marks, "0"))
        out.finish()

    @staticmethod
    def _granule(out: Function, offset: str) -> str:
        number = out.op("lshr", 64, offset, str(GRANULE))
        pointer = out.value(f"getelementptr i8, ptr %p3, i64 {number}")
        return out.load("i8", pointer)

    def _offset(self, address: str, base: str) -> str:
        """The distance from a base, modulo 2**xlen, as an i64."""
        distance = self._out.op("sub", self._xlen, address, self._use(base))
        return self._out.resize(distance, self._xlen, 64)

    def _and_aligned(self, condition: str, address: str, size: int) -> str:
        if size == 1:
            return condition
        out, xlen = self._out, self._xlen
        surplus = out.op("and", xlen, address, str(size - 1))
        aligned = out.compare("eq", xlen, surplus, "0")
        return out.op("and", 1, condition, aligned)

    # Values that every access shares

    def _use(self, name: str) -> str:
        known = self._addresses
        if known is not None and name == "ram.base":
            return str(known.start)
        if known is not None and name.startswith("ram.limit"):
            return str(max(0, len(known) + 1 - int(name.removeprefix("ram.limit"))))
        self._used.add(name)
        return f"%{name}"

    def entry(self) -> None:
        """Load what the accesses so far use; must dominate them."""
        used, out = self._used, self._out
        for name, slot in (("ram.origin", "ram_origin"), ("granules", "granules")):
            if name in used:
                self._define(name, f"load ptr, ptr {self._control(slot)}, align 8")
        for space in ("ram", "store"):
            if f"{space}.base" in used:
                text = f"load i{self._xlen}, ptr {self._control(f'{space}_base')}, align 8"
                self._define(f"{space}.base", text)
            for limit in sorted(name for name in used if name.startswith(f"{space}.limit")):
                whole = out.load("i64", self._control(f"{space}_size"), align=8)
                bytes = int(limit.removeprefix(f"{space}.limit"))
                self._define(limit, self._less(whole, bytes - 1))

    def _less(self, whole: str, bytes: int) -> str:
        """The places of an access that is longer by so many bytes; none in a RAM too small."""
        self._out.module.declare("i64 @llvm.usub.sat.i64(i64, i64)")
        return f"call i64 @llvm.usub.sat.i64(i64 {whole}, i64 {bytes})"

    def _define(self, name: str, text: str) -> None:
        self._out.line(f"%{name} = {text}")

    def _control(self, name: str) -> str:
        offset = self._layout.control[name].offset
        return self._out.value(f"getelementptr i8, ptr {self._block}, i64 {offset}")
