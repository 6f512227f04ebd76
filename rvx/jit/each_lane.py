"""What is written for one integer, written for every lane of a vector."""

from __future__ import annotations

from rvx.jit.text import Function, literal
from rvx.record import record


@record(frozen=True)
class EachLane:
    """Operations as `Function` has them, on `count` lanes at a time; a literal is in all lanes.

    A truth is a vector of i1.
    """

    out: Function
    count: int

    def op(self, op: str, width: int, left: str, right: str) -> str:
        """`add sub mul and or xor shl lshr ashr`; shifts have an amount for each lane."""
        if literal(left) is not None and literal(right) is not None:
            return self.out.op(op, width, left, right)
        type, a, b = self._type(width), self._lanes(left, width), self._lanes(right, width)
        return self.out.pure(f"{op} {type} {a}, {b}")

    def compare(self, predicate: str, width: int, left: str, right: str) -> str:
        """`icmp`."""
        type, a, b = self._type(width), self._lanes(left, width), self._lanes(right, width)
        return self.out.pure(f"icmp {predicate} {type} {a}, {b}")

    def select(self, condition: str, type: str, then: str, otherwise: str) -> str:
        """`condition ? then : otherwise`; the type is that of one lane."""
        width = int(type[1:])
        one, other = (f"{self._type(width)} {self._lanes(v, width)}" for v in (then, otherwise))
        return self.out.pure(f"select {self._type(1)} {condition}, {one}, {other}")

    def resize(self, value: str, width: int, to: int, signed: bool = False) -> str:
        """Truncate, or extend by zeros or the sign."""
        if width == to or literal(value) is not None:
            return self.out.resize(value, width, to, signed)
        how = "trunc" if to < width else "sext" if signed else "zext"
        return self.out.pure(f"{how} {self._type(width)} {value} to {self._type(to)}")

    def unary(self, intrinsic: str, width: int, value: str) -> str:
        """`ctlz`, which gives the width for zero."""
        assert intrinsic == "ctlz"
        name, type = f"llvm.ctlz.v{self.count}i{width}", self._type(width)
        self.out.module.declare(f"{type} @{name}({type}, i1)")
        return self.out.pure(f"call {type} @{name}({type} {value}, i1 false)")

    # Apart

    def halves(self, value: str, width: int) -> tuple[str, str]:
        """The first half of the lanes, and the other."""
        type, half = self._type(width), self.count // 2
        lower, upper = (
            self.out.pure(
                f"shufflevector {type} {value}, {type} poison, <{half} x i32> "
                f"<{', '.join(f'i32 {i}' for i in range(first, first + half))}>"
            )
            for first in (0, half)
        )
        return lower, upper

    def any(self, truths: str) -> str:
        """Whether one of them holds (i1)."""
        word = self.joined(truths, 1)
        return self.out.compare("ne", self.count, word, "0")

    # From words and back

    def taken(self, word: str, width: int, low: int, bits: int) -> str:
        """The lanes of `bits` bits that an i`width` has from bit `low` on."""
        whole = self.count * bits
        part = self.out.resize(self.out.op("lshr", width, word, str(low)), width, whole)
        return self.out.pure(f"bitcast i{whole} {part} to {self._type(bits)}")

    def joined(self, value: str, bits: int) -> str:
        """The lanes as one integer, the first lowest."""
        return self.out.pure(f"bitcast {self._type(bits)} {value} to i{self.count * bits}")

    def _type(self, width: int) -> str:
        return f"<{self.count} x i{width}>"

    @staticmethod
    def _lanes(value: str, width: int) -> str:
        return value if literal(value) is None else f"splat (i{width} {value})"
