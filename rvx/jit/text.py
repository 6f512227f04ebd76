"""LLVM IR as text: a module and the functions in it, written line by line.

Text parses three times as fast as llvmlite's builder builds. Values are strings: a name (`%v7`) or
a literal. An integer literal is unsigned, 0 <= value < 2**width; operations on literals are folded
here, so that a translator can see what is constant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

STRICT = "strictfp nounwind"
# Of branches by whether the condition usually holds.
_WEIGHTS = """\
!0 = !{!"branch_weights", i32 1, i32 2000}
!1 = !{!"branch_weights", i32 2000, i32 1}
"""


class Module:
    """Definitions by name; each is written once, whoever asks for it first."""

    def __init__(self) -> None:
        self._parts: dict[str, str] = {}
        self._tables: dict[tuple[str, tuple[int, ...]], str] = {}
        self.has_weights = False  # a branch says what is likely

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def define(self, name: str, text: str) -> None:
        """Add the definition or declaration of a name that has none."""
        assert name not in self._parts, name
        self._parts[name] = text

    def declare(self, signature: str) -> None:
        """Declare an external function, as `i32 @llvm.ctlz.i32(i32, i1)`; again is no harm."""
        name = signature[signature.index("@") + 1 : signature.index("(")]
        self._parts.setdefault(name, f"declare {signature}")

    def table(self, type: str, values: Sequence[int]) -> str:
        """A constant array; equal ones share a name."""
        key = type, tuple(values)
        name = self._tables.get(key)
        if name is None:
            name = self._tables[key] = f"table.{len(self._tables)}"
            cells = ", ".join(f"{type} {value}" for value in values)
            length = len(values)
            text = f"@{name} = private unnamed_addr constant [{length} x {type}] [{cells}]"
            self.define(name, text)
        return f"@{name}"

    def text(self) -> str:
        """The whole module."""
        weights = _WEIGHTS if self.has_weights else ""
        return "\n".join(self._parts.values()) + "\n" + weights


def literal(value: str) -> int | None:
    """The integer that a value is, if it is a literal."""
    return int(value) if value.isdigit() else None


_FOLD: Mapping[str, Callable[[int, int], int]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
}


class Arithmetic(Protocol):
    """What writes operations on integers: `Function` on one, `EachLane` on those of a vector."""

    def op(self, op: str, width: int, left: str, right: str) -> str: ...
    def compare(self, predicate: str, width: int, left: str, right: str) -> str: ...
    def select(self, condition: str, type: str, then: str, otherwise: str) -> str: ...
    def resize(self, value: str, width: int, to: int, signed: bool = False) -> str: ...
    def unary(self, intrinsic: str, width: int, value: str) -> str: ...


class Function:
    """A function being written. Parameters are `%p0`, `%p1`, ...; the entry block is open."""

    def __init__(
        self,
        module: Module,
        name: str,
        result: str,
        parameters: Sequence[str],
        attributes: str = STRICT,
        linkage: str = "internal ",
    ) -> None:
        self.module = module
        self.name = name
        self.result = result
        typed = ", ".join(f"{type} %p{i}" for i, type in enumerate(parameters))
        self._head = f"define {linkage}{result} @{name}({typed}) {attributes} {{"
        self._lines: list[str] = []
        self._entry: list[str] = []  # allocas, which belong into the entry block
        self._computed: dict[str, str] = {}  # in the open block: text to name
        self._count = 0
        self.block = "entry"  # the label of the open block

    def finish(self) -> None:
        """Put the function into its module."""
        body = "\n".join(["entry:", *self._entry, *self._lines])
        self.module.define(self.name, f"{self._head}\n{body}\n}}")

    # Taking back what turns out not to work

    def mark(self) -> tuple[int, str]:
        """Where the text is now, for `rewind`."""
        return len(self._lines), self.block

    def rewind(self, mark: tuple[int, str]) -> None:
        """Forget what was written since the mark."""
        length, self.block = mark
        del self._lines[length:]
        self._computed.clear()

    # Lines

    def line(self, text: str) -> None:
        """An instruction without a result."""
        self._lines.append("  " + text)

    def value(self, text: str) -> str:
        """An instruction with a result: its name."""
        self._count += 1
        name = f"%v{self._count}"
        self._lines.append(f"  {name} = {text}")
        return name

    def pure(self, text: str) -> str:
        """The same for one whose result its text alone decides: computed once in a block."""
        if (name := self._computed.get(text)) is None:
            name = self._computed[text] = self.value(text)
        return name

    def variable(self, type: str, align: int = 0) -> str:
        """A variable of the function (alloca): a pointer, aligned for its type or to so many
        bytes."""
        self._count += 1
        name = f"%a{self._count}"
        self._entry.append(f"  {name} = alloca {type}" + f", align {align}" * bool(align))
        return name

    def early(self, text: str) -> str:
        """An instruction of the entry block, before all others but those: its name."""
        self._count += 1
        name = f"%e{self._count}"
        self._entry.append(f"  {name} = {text}")
        return name

    def label(self, hint: str = "b") -> str:
        """A fresh name of a block."""
        self._count += 1
        return f"{hint}{self._count}"

    def begin(self, label: str) -> None:
        """Open a block. The one before must have ended."""
        self._lines.append(f"{label}:")
        self.block = label
        self._computed.clear()

    def jump(self, label: str) -> None:
        self.line(f"br label %{label}")

    def branch(self, condition: str, then: str, otherwise: str, likely: bool | None = None) -> None:
        """End the block; `likely` says whether the condition usually holds."""
        weights = ""
        if likely is not None:
            weights = f", !prof !{int(likely)}"
            self.module.has_weights = True
        self.line(f"br i1 {condition}, label %{then}, label %{otherwise}{weights}")

    def ret(self, value: str = "") -> None:
        """Return a value of the function's result type."""
        self.line(f"ret {self.result} {value}".rstrip())

    # Integers of any width

    def op(self, op: str, width: int, left: str, right: str) -> str:
        """`add sub mul and or xor shl lshr ashr udiv urem ...`, folded where both are literals."""
        fold, a, b = _FOLD.get(op), literal(left), literal(right)
        if fold is not None and a is not None and b is not None:
            return str(fold(a, b) & (1 << width) - 1)
        if b == 0 and op in ("add", "sub", "or", "xor", "shl", "lshr", "ashr"):
            return left
        if a == 0 and op in ("add", "or", "xor"):
            return right
        if op in ("and", "mul") and (a == 0 or b == 0):
            return "0"
        if op in ("and", "mul") and None in (a, b):
            neutral = 1 if op == "mul" else (1 << width) - 1
            if neutral in (a, b):
                return left if b == neutral else right
        if op == "shl" and a is not None and b is not None and b < width:
            return str(a << b & (1 << width) - 1)
        if op == "lshr" and a is not None and b is not None and b < width:
            return str(a >> b)
        return self.pure(f"{op} i{width} {left}, {right}")

    def compare(self, predicate: str, width: int, left: str, right: str) -> str:
        """`icmp` (eq ne ult ule ugt uge slt sle sgt sge): an i1."""
        if (folded := _folded_comparison(predicate, width, literal(left), literal(right))) is None:
            return self.pure(f"icmp {predicate} i{width} {left}, {right}")
        return str(int(folded))

    def select(self, condition: str, type: str, then: str, otherwise: str) -> str:
        """`condition ? then : otherwise`, both evaluated."""
        if (known := literal(condition)) is not None:
            return then if known else otherwise
        if then == otherwise:
            return then
        return self.pure(f"select i1 {condition}, {type} {then}, {type} {otherwise}")

    def resize(self, value: str, width: int, to: int, signed: bool = False) -> str:
        """Truncate, or extend by zeros or the sign."""
        if width == to:
            return value
        if (known := literal(value)) is not None:
            if signed and known >> width - 1:
                known -= 1 << width
            return str(known & (1 << to) - 1)
        how = "trunc" if to < width else "sext" if signed else "zext"
        return self.pure(f"{how} i{width} {value} to i{to}")

    def unary(self, intrinsic: str, width: int, value: str) -> str:
        """`ctpop`, `bswap`, or `ctlz` and `cttz`, which give the width for zero."""
        name = f"llvm.{intrinsic}.i{width}"
        if intrinsic in ("ctlz", "cttz"):
            self.module.declare(f"i{width} @{name}(i{width}, i1)")
            return self.pure(f"call i{width} @{name}(i{width} {value}, i1 false)")
        self.module.declare(f"i{width} @{name}(i{width})")
        return self.pure(f"call i{width} @{name}(i{width} {value})")

    def phi(self, type: str, *incoming: tuple[str, str]) -> str:
        """(value, label of the block it comes from), ... ; must come first in its block."""
        if len({value for value, _ in incoming}) == 1:
            return incoming[0][0]
        pairs = ", ".join(f"[ {value}, %{label} ]" for value, label in incoming)
        return self.value(f"phi {type} {pairs}")

    def call(self, result: str, name: str, *arguments: tuple[str, str]) -> str:
        """Call `@name` with (type, value), ... ; "" where the result is void."""
        text = f"call {result} @{name}({', '.join(f'{t} {v}' for t, v in arguments)})"
        if result == "void":
            self.line(text)
            return ""
        return self.value(text)

    # Memory of the host

    def load(self, type: str, pointer: str, offset: int | str = 0, align: int = 1) -> str:
        """Load from `pointer + offset` bytes."""
        return self.value(f"load {type}, ptr {self._at(pointer, offset)}, align {align}")

    def store(
        self, type: str, value: str, pointer: str, offset: int | str = 0, align: int = 1
    ) -> None:
        """Store to `pointer + offset` bytes."""
        self.line(f"store {type} {value}, ptr {self._at(pointer, offset)}, align {align}")

    def _at(self, pointer: str, offset: int | str) -> str:
        if not offset:
            return pointer
        return self.pure(f"getelementptr inbounds i8, ptr {pointer}, i64 {offset}")

    def element(self, table: str, length: int, type: str, index: str, width: int) -> str:
        """Load element `index` (an i`width`, below `length`) of a constant table."""
        wide = self.resize(index, width, 64)
        cells = f"[{length} x {type}]"
        pointer = self.pure(f"getelementptr inbounds {cells}, ptr {table}, i64 0, i64 {wide}")
        return self.value(f"load {type}, ptr {pointer}")


def _folded_comparison(predicate: str, width: int, a: int | None, b: int | None) -> bool | None:
    if a is None or b is None:
        return None
    if predicate[0] == "s":
        top = 1 << width - 1
        a, b = (a ^ top) - top, (b ^ top) - top
    match predicate[-2:]:
        case "eq":
            return a == b
        case "ne":
            return a != b
        case "lt":
            return a < b
        case "le":
            return a <= b
        case "gt":
            return a > b
    return a >= b
