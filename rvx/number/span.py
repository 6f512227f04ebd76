"""The span of a number expression: between which bounds and on which grid its values lie.

A span proves that an accumulator is wide enough or that an assignment never rounds. It covers the
finite values only; callers write `None` for "unknown".
"""

from rvx.record import record


@record(frozen=True)
class Span:
    """The multiples of `2**lsb` from `low * 2**lsb` to `high * 2**lsb`, or a part of them."""

    lsb: int
    low: int
    high: int

    @classmethod
    def constant(cls, value: int) -> "Span":
        """Span one integer, on the coarsest grid that holds it."""
        lsb = (value & -value).bit_length() - 1 if value else 0
        return cls(lsb, value >> lsb, value >> lsb)

    def add(self, other: "Span") -> "Span":
        lsb = min(self.lsb, other.lsb)
        a, b = self._on_grid(lsb), other._on_grid(lsb)
        return Span(lsb, a.low + b.low, a.high + b.high)

    def negate(self) -> "Span":
        return Span(self.lsb, -self.high, -self.low)

    def subtract(self, other: "Span") -> "Span":
        return self.add(other.negate())

    def multiply(self, other: "Span") -> "Span":
        corners = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Span(self.lsb + other.lsb, min(corners), max(corners))

    def union(self, other: "Span") -> "Span":
        """Span what either spans: the value of a selection."""
        lsb = min(self.lsb, other.lsb)
        a, b = self._on_grid(lsb), other._on_grid(lsb)
        return Span(lsb, min(a.low, b.low), max(a.high, b.high))

    def shift(self, n: int) -> "Span":
        """Span the values times `2**n`."""
        return Span(self.lsb + n, self.low, self.high)

    @property
    def bits(self) -> int:
        """The bits of a two's complement integer that holds every value in units of the LSB."""
        return 1 + max((value ^ value >> value.bit_length()).bit_length() for value in self._ends)

    @property
    def is_integer(self) -> bool:
        """Whether every value is provably an integer."""
        return self.lsb >= 0 or (self.low == self.high and self.low % (1 << -self.lsb) == 0)

    def fits(self, bits: int, signed: bool) -> bool:
        """Tell whether every value is provably an integer of that many bits."""
        low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
        return Span(0, low, high).contains(self)

    def contains(self, other: "Span") -> bool:
        """Tell whether every value of `other` lies on this grid and between these bounds."""
        lsb = min(self.lsb, other.lsb)
        a, b = self._on_grid(lsb), other._on_grid(lsb)
        on_grid = other.lsb >= self.lsb or (
            other.low == other.high and other.low % (1 << self.lsb - other.lsb) == 0
        )
        return on_grid and a.low <= b.low and b.high <= a.high

    @property
    def _ends(self) -> tuple[int, int]:
        return self.low, self.high

    def _on_grid(self, lsb: int) -> "Span":
        return Span(lsb, self.low << self.lsb - lsb, self.high << self.lsb - lsb)
