"""From the words and truths of a body to C expressions: a twin of the reference's `Binding`.

A word of at most 64 bits is an expression of type uint64_t whose bits above its width are zero; a
wider one points to limbs. An expression has no effect and can be evaluated anywhere below; what
has one (flags, a load, a trap) is written as a statement before it.
"""

from __future__ import annotations

from typing import Protocol

from rvx.emit.effect import formats_of
from rvx.emit.emulate.formats import Formats, emin_of
from rvx.emit.emulate.function_text import (
    FunctionText,
    Unsupported,
    bare,
    is_wide,
    limbs,
    local,
    masked,
    number,
)
from rvx.emit.emulate.numbers import Numbers
from rvx.model import ir


class Scope(Protocol):
    """What a body reads, in C."""

    def register(self, operand: str) -> str:
        """The register that an operand names."""

    def address(self, operand: str) -> str | None:
        """The host's address in the register that an operand names, where it is a pointer."""

    def fixed_register(self, file: str, index: int) -> str: ...

    def field(self, operand: str) -> str: ...

    def state(self, name: str, index: int) -> str: ...

    def trap(self, text: FunctionText, cause: str, value: str) -> None:
        """Write what leaves the function."""


class Lowering:
    """Writes the words and truths of one function."""

    def __init__(self, text: FunctionText, scope: Scope, formats: Formats) -> None:
        self.text = text
        self.scope = scope
        self.numbers = Numbers(self, formats)
        self._formats = formats

    def word(self, e: ir.Word) -> str:
        """An expression for the word; Unsupported where C has none."""
        if is_wide(e.width):
            return self._wide(e)
        match e:
            case ir.Constant(value):
                return number(value)
            case ir.FieldValue(operand, width):
                return masked(f"(uint64_t){self.scope.field(operand)}", width)
            case ir.Register(operand):
                return self.scope.register(operand)
            case ir.FixedRegister(file, index):
                return self.scope.fixed_register(file, index)
            case ir.State(name, index):
                return self.scope.state(name, index)
            case ir.ProgramCounter():
                raise Unsupported("it reads the pc, which means nothing on a host")
            case ir.CsrValue():
                return self._csr()
            case ir.Load():
                return self._load(e)
            case ir.WordLocal(name):
                return local(name)
            case ir.WordSlice(value, high, low):
                return self._slice(value, high, low)
            case ir.Join(parts):
                return self._join(parts)
            case ir.Invert(value):
                return masked(f"~{self.word(value)}", e.width)
            case ir.WordOp(op, left, right):
                return self._operation(op, left, right)
            case ir.WordSelect(condition, then, otherwise):
                return self._select(condition, then, otherwise)
            case ir.TruthBits(truth):
                return f"(uint64_t){self.truth(truth)}"
            case ir.IntegerBits(number_, low, width):
                return self.numbers.bits(number_, low, width)
            case ir.Encode(number_, format, mode):
                return self.numbers.encode(number_, format, mode)
            case ir.Classify(value, format):
                return self._classify(value, format)
            case ir.Unbox(value, canonical, width):
                ones = number((1 << value.width - width) - 1)
                whole = self.text.set("uint64_t", "w", self.word(value))
                boxed = f"({whole} >> {width}) == {ones}"
                return f"({boxed} ? {masked(whole, width)} : {self.word(canonical)})"
        raise Unsupported(f"{type(e).__name__} is not known to the emulation")

    def _wide(self, e: ir.Word) -> str:
        match e:
            case ir.State(name, index):
                return self.scope.state(name, index)
            case ir.WordLocal(name):
                return local(name)
            case ir.Encode(number_, format, mode):
                return self.numbers.encode(number_, format, mode)
            case ir.Constant(value):
                return self._limbs(e.width, [(ir.Constant(value, e.width), 0)])
            case ir.Join(parts):
                placed, low = [], e.width
                for part in parts:
                    low -= part.width
                    placed.append((part, low))
                return self._limbs(e.width, placed)
            case ir.WordSelect(condition, then, otherwise):
                return self._select(condition, then, otherwise, "const uint32_t *")
        raise Unsupported(f"it computes with words of {e.width} bits ({type(e).__name__})")

    def _limbs(self, width: int, placed: list[tuple[ir.Word, int]]) -> str:
        """A wide word of narrow parts."""
        name = self.text.name("w")
        pieces: list[tuple[str, int, int]] = []
        for part, low in placed:
            if isinstance(part, ir.Constant):
                cut = range(0, part.width, 32)
                cuts = [(part.value >> i & 0xFFFFFFFF, i, min(32, part.width - i)) for i in cut]
                pieces += [(number(bits), low + i, n) for bits, i, n in cuts if bits]
            elif is_wide(part.width):
                raise Unsupported(f"it joins words of {part.width} bits")
            else:
                pieces.append((self.word(part), low, part.width))
        self.text.line(f"uint32_t {name}[{limbs(width)}] = {{0}};")
        for piece, low, bits in pieces:
            self.text.line(f"rvxe_put({name}, {low}, {bits}, {piece});")
        return name

    def _slice(self, value: ir.Word, high: int, low: int) -> str:
        width = high - low + 1
        if is_wide(value.width):
            if is_wide(width):
                raise Unsupported(f"it takes a slice of {width} bits")
            return f"rvxe_slice({self.word(value)}, {low}, {width})"
        whole = self.word(value)
        shifted = f"({whole} >> {low})" if low else whole
        return shifted if high == value.width - 1 else masked(shifted, width)

    def _join(self, parts: tuple[ir.Word, ...]) -> str:
        low, placed = sum(part.width for part in parts), []
        for part in parts:
            low -= part.width
            if part != ir.Constant(0, part.width):
                found = self.word(part)
                placed.append(f"({found} << {low})" if low else found)
        return f"({' | '.join(placed)})" if placed else number(0)

    def _operation(self, op: str, left: ir.Word, right: ir.Word) -> str:
        width = left.width
        one, other = self.word(left), self.word(right)
        match op:
            case "/":
                return f"rvxe_divide({one}, {other}, {number((1 << width) - 1)})"
            case "%":
                return f"rvxe_remainder({one}, {other})"
            case "<<" | ">>" if right.width <= 6:
                found = f"({one} {op} {other})"
                return masked(found, width) if op == "<<" else found
            case "<<":
                return masked(f"rvxe_left({one}, {other})", width)
            case ">>":
                return f"rvxe_right({one}, {other})"
            case "&" | "|" | "^":
                return f"({one} {op} {other})"
            case "+" | "-" | "*":
                return masked(f"({one} {op} {other})", width)
        raise Unsupported(f"'{op}' of words is not known to the emulation")

    def _select(
        self, condition: ir.Truth, then: ir.Word, otherwise: ir.Word, type: str = "uint64_t "
    ) -> str:
        """Only what is chosen is evaluated."""
        test = self.truth(condition)
        with self.text.aside() as first:
            one = self.word(then)
        with self.text.aside() as second:
            other = self.word(otherwise)
        if not first and not second:
            return f"({test} ? {one} : {other})"
        if type != "uint64_t ":
            raise Unsupported("it chooses between wide words that it computes")
        name = self.text.name("w")
        self.text.line(f"{type}{name};")
        self.text.conditional(f"if ({bare(test)})", [*first, f"{self._inner()}{name} = {one};"])
        self.text.conditional("else", [*second, f"{self._inner()}{name} = {other};"])
        return name

    def _inner(self) -> str:
        return "    " * (self.text.depth + 1)

    def _csr(self) -> str:
        name = self.text.name("w")
        self.text.line(f"uint64_t {name};")
        with self.text.block(f"if (!rvxe_read_csr({self.scope.field('csr')}, &{name}))"):
            self.scope.trap(self.text, "2", "0")
        return name

    # Memory

    def address(self, e: ir.Word) -> str:
        """The host's address that the guest's stands for: a pointer, and offsets."""
        return self.text.set("uint64_t", "a", self._address(e))

    def _address(self, e: ir.Word) -> str:
        match e:
            case ir.Register(operand):
                pointer = self.scope.address(operand)
                if pointer is not None:
                    return pointer
            case ir.WordOp("+" | "-" as op, left, right) if self.is_address(left):
                return f"({self._address(left)} {op} {self._offset(right)})"
            case ir.WordOp("+", left, right) if self.is_address(right):
                return f"({self._offset(left)} + {self._address(right)})"
        raise Unsupported("it computes an address that is no pointer plus an offset")

    def is_address(self, e: ir.Word) -> bool:
        """Whether the word is a pointer of the host's, with offsets."""
        match e:
            case ir.Register(operand):
                return self.scope.address(operand) is not None
            case ir.WordOp("+", left, right):
                return self.is_address(left) or self.is_address(right)
            case ir.WordOp("-", left, _):
                return self.is_address(left)
        return False

    def _offset(self, e: ir.Word) -> str:
        return f"(uint64_t)rvxe_signed({self.word(e)}, {e.width})"

    def aligned(self, address: str, size: int, cause: int) -> None:
        """Trap where the address is misaligned."""
        if size > 1:
            with self.text.block(f"if ({address} & {size - 1}u)"):
                self.scope.trap(self.text, str(cause), address)

    def _load(self, e: ir.Load) -> str:
        if is_wide(e.width):
            raise Unsupported(f"it loads {e.width} bits")
        address = self.address(e.address)
        if e.aligned or e.atomic:
            self.aligned(address, e.size, 6 if e.atomic else 4)
        return self.text.set("uint64_t", "w", f"rvxe_load({address}, {e.size})")

    def _classify(self, value: ir.Word, use: ir.FormatUse) -> str:
        decoded = self.numbers.decode(value, use)
        formats = formats_of(use)
        emin = str(emin_of(formats[0]))
        if isinstance(use, ir.Choice):
            choice = self.word(use.selector)
            for i, format in enumerate(formats[1:], 1):
                emin = f"({choice} == {i} ? {emin_of(format)} : {emin})"
        return f"rvxe_classify(&{decoded}, {emin})"

    # Truths

    def truth(self, e: ir.Truth) -> str:
        """An expression that is 0 or 1."""
        match e:
            case ir.Truthy(value):
                return str(int(value))
            case ir.TruthLocal(name):
                return local(name)
            case ir.CompareWords(op, left, right):
                return f"({self.word(left)} {op} {self.word(right)})"
            case ir.CompareNumbers():
                return self.numbers.compare(e)
            case ir.Not(truth):
                return f"(!{self.truth(truth)})"
            case ir.Both(left, right):
                return self._lazy(left, right, "&&", "if ({})")
            case ir.Either(left, right):
                return self._lazy(left, right, "||", "if (!{})")
        raise Unsupported(f"{type(e).__name__} is not known to the emulation")

    def _lazy(self, left: ir.Truth, right: ir.Truth, op: str, head: str) -> str:
        """The second is evaluated only where the first has not decided."""
        one = self.truth(left)
        with self.text.aside() as lines:
            other = self.truth(right)
        if not lines:
            return f"({one} {op} {other})"
        name = self.text.name("t")
        self.text.line(f"int {name} = {one};")
        self.text.conditional(head.format(name), [*lines, f"{self._inner()}{name} = {other};"])
        return name
