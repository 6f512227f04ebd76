"""From the statements of a body to C: what it writes is noted, and takes place at the end.

As in the reference every read sees the machine as it was. A register or state that the body
writes has a variable for its new bits, `new_`, and one for which they are, `set_`; `commit`
writes the statements that merge them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rvx.emit.emulate.formats import Formats
from rvx.emit.emulate.function_text import (
    FunctionText,
    Unsupported,
    bare,
    is_wide,
    limbs,
    local,
    number,
)
from rvx.emit.emulate.lowering import Lowering, Scope
from rvx.model import ir
from rvx.model.machine import Machine
from rvx.model.walk import nodes


@dataclass
class Target:
    """A register or an element of a state that the body writes."""

    place: str  # the C expression that is assigned to
    width: int
    is_pointer: bool = False
    guard: str | None = None  # a condition under which it is one at all


class Statements:
    """Writes the statements of one function."""

    def __init__(
        self, machine: Machine, text: FunctionText, scope: Scope, formats: Formats
    ) -> None:
        self._machine = machine
        self._text = text
        self._scope = scope
        self._lowering = Lowering(text, scope, formats)
        self._targets: dict[str, Target] = {}
        self._stores: list[int] = []  # their sizes
        self._next_store = 0
        self._sets_csr = False

    def run(self, body: Sequence[ir.Statement], targets: dict[str, Target]) -> None:
        """The body and its effects. `targets` are the registers that it writes, by `key_of`."""
        self._targets = {**targets, **self._states(body)}
        self._declare(body)
        self._text.line("uint32_t flags = 0;")
        self._write(body)
        self._text.line("(void)flags;")
        self._commit()

    def truth(self, e: ir.Truth) -> str:
        return self._lowering.truth(e)

    def word(self, e: ir.Word) -> str:
        return self._lowering.word(e)

    # Declarations

    def _states(self, body: Sequence[ir.Statement]) -> dict[str, Target]:
        found = {}
        for node in nodes(tuple(body)):
            if isinstance(node, ir.SetState):
                width = self._machine.states[node.name].width
                place = self._scope.state(node.name, node.index)
                found[_state_key(node.name, node.index)] = Target(place, width)
        return found

    def _declare(self, body: Sequence[ir.Statement]) -> None:
        for name, value in _locals(body).items():
            if isinstance(value, ir.Truth):
                self._text.line(f"int {local(name)} = 0;")
            elif not isinstance(value, ir.Word):
                self._text.line(f"rvxe_real {local(name)};")
                self._text.line(f"rvxe_from_int(&{local(name)}, 0);")
            elif is_wide(value.width):
                self._text.line(f"uint32_t {local(name)}[{limbs(value.width)}] = {{0}};")
            else:
                self._text.line(f"uint64_t {local(name)} = 0;")
            self._text.line(f"(void){local(name)};")
        for key, target in self._targets.items():
            if is_wide(target.width):
                self._text.line(f"uint32_t new_{key}[{limbs(target.width)}];")
                self._text.line(f"rvxe_copy_limbs(new_{key}, {target.place}, {target.width});")
            else:
                self._text.line(f"uint64_t new_{key} = 0;")
            self._text.line(f"uint64_t set_{key} = 0;")
        for node in nodes(tuple(body)):
            if isinstance(node, ir.Store):
                i = len(self._stores)
                self._text.line(f"uint64_t at_{i} = 0, put_{i} = 0;")
                self._text.line(f"int do_{i} = 0;")
                self._stores.append(node.size)
            self._sets_csr |= isinstance(node, ir.SetCsr)
        if self._sets_csr:
            self._text.line("uint64_t csr_value = 0;")
            self._text.line("int csr_set = 0;")

    # Statements

    def _write(self, body: Sequence[ir.Statement]) -> None:
        for statement in body:
            self._statement(statement)

    def _statement(self, s: ir.Statement) -> None:
        word, truth = self._lowering.word, self._lowering.truth
        match s:
            case ir.SetLocal(name, value):
                self._set_local(name, value)
            case ir.SetRegister(operand, file, index, low, value, fill):
                self._set_register(key_of(operand, file, index), low, value, fill)
            case ir.SetState(name, index, low, value):
                self._set_bits(_state_key(name, index), low, value.width, value)
            case ir.Store(address, size, aligned, value):
                self._store(address, size, aligned, value)
            case ir.SetPc():
                raise Unsupported("it changes the pc")
            case ir.SetCsr(value):
                self._text.line(f"csr_value = {word(value)};")
                with self._text.block(f"if (!rvxe_may_write_csr({self._scope.field('csr')}))"):
                    self._scope.trap(self._text, "2", "0")
                self._text.line("csr_set = 1;")
            case ir.IfElse(condition, then, otherwise):
                with self._text.block(f"if ({bare(truth(condition))})"):
                    self._write(then)
                if otherwise:
                    with self._text.block("else"):
                        self._write(otherwise)
            case ir.RaiseTrap(cause, value):
                self._scope.trap(self._text, word(cause), word(value))
            case _:
                raise Unsupported(f"{type(s).__name__} is not known to the emulation")

    def _set_local(self, name: str, value: ir.Word | ir.Number | ir.Truth) -> None:
        if isinstance(value, ir.Truth):
            self._text.line(f"{local(name)} = {self._lowering.truth(value)};")
        elif not isinstance(value, ir.Word):
            number_ = self._lowering.numbers.number(value)
            self._text.line(f"rvxe_copy(&{local(name)}, &{number_});")
        elif is_wide(value.width):
            word = self._lowering.word(value)
            self._text.line(f"rvxe_copy_limbs({local(name)}, {word}, {value.width});")
        else:
            self._text.line(f"{local(name)} = {self._lowering.word(value)};")

    def _set_register(self, key: str, low: int, value: ir.Word, fill: str | None) -> None:
        target = self._targets.get(key)
        if target is None:  # the zero register takes no value, but flags and traps stay
            self._lowering.word(value)
            return
        if target.is_pointer:
            self._text.line(f"new_{key} = {self._pointer(value)};")
            self._text.line(f"set_{key} = {number((1 << 64) - 1)};")
            return
        self._set_bits(key, low, value.width, value)
        top = low + value.width
        above = (1 << target.width) - (1 << top)
        if not fill or not above:
            return
        self._text.line(f"set_{key} |= {number(above)};")
        match fill:
            case "ones":
                self._text.line(f"new_{key} |= {number(above)};")
            case "sign":
                sign = f"(new_{key} >> {top - 1} & 1 ? {number(above)} : 0)"
                self._text.line(f"new_{key} = (new_{key} & ~{number(above)}) | {sign};")
            case _:
                self._text.line(f"new_{key} &= ~{number(above)};")

    def _pointer(self, value: ir.Word) -> str:
        if self._lowering.is_address(value):
            return self._lowering.address(value)
        raise Unsupported("it makes a pointer of something else")

    def _set_bits(self, key: str, low: int, width: int, value: ir.Word) -> None:
        target, word = self._targets[key], self._lowering.word(value)
        if is_wide(width):
            if low:
                raise Unsupported(f"it writes {width} bits in the middle of a word")
            self._text.line(f"rvxe_copy_limbs(new_{key}, {word}, {width});")
            self._text.line(f"set_{key} = 1;")
        elif is_wide(target.width):
            self._text.line(f"rvxe_put(new_{key}, {low}, {width}, {word});")
            self._text.line(f"set_{key} = 1;")
        else:
            mask = (1 << width) - 1 << low
            placed = f"{word} << {low}" if low else word
            if width == target.width:
                self._text.line(f"new_{key} = {placed};")
            else:
                self._text.line(f"new_{key} = (new_{key} & ~{number(mask)}) | {placed};")
            self._text.line(f"set_{key} |= {number(mask)};")

    def _store(self, address: ir.Word, size: int, aligned: bool, value: ir.Word) -> None:
        if is_wide(8 * size):
            raise Unsupported(f"it stores {size} bytes")
        i = self._next_store
        self._next_store += 1
        at, what = self._lowering.address(address), self._lowering.word(value)
        if aligned:
            self._lowering.aligned(at, size, 6)
        self._text.line(f"at_{i} = {at};")
        self._text.line(f"put_{i} = {what};")
        self._text.line(f"do_{i} = 1;")

    # Effects

    def _commit(self) -> None:
        accruing = self._machine.states.get("fflags")
        if accruing is not None:
            with self._text.block("if (flags)"):
                self._text.line(f"{self._scope.state('fflags', 0)} |= flags;")
                for mark in accruing.marks:
                    self._mark(mark)
        if self._sets_csr:
            self._text.line("if (csr_set)")
            self._text.line(f"    rvxe_write_csr({self._scope.field('csr')}, csr_value);")
        for key, target in self._targets.items():
            self._merge(key, target)
        for i, size in enumerate(self._stores):
            self._text.line(f"if (do_{i})")
            self._text.line(f"    rvxe_store(at_{i}, {size}, put_{i});")

    def _mark(self, mark: ir.Statement) -> None:
        match mark:
            case ir.SetState(name, index, 0, ir.Constant(value)):
                self._text.line(f"{self._scope.state(name, index)} = {number(value)};")
            case _:
                raise Unsupported("what accruing a flag does is more than setting a state")

    def _merge(self, key: str, target: Target) -> None:
        if is_wide(target.width):
            self._text.line(f"if (set_{key})")
            self._text.line(f"    rvxe_copy_limbs({target.place}, new_{key}, {target.width});")
            return
        if target.guard:
            self._text.line(f"if ({target.guard})")
        place, indent = target.place, "    " if target.guard else ""
        merged = f"({place} & ~set_{key}) | (new_{key} & set_{key})"
        self._text.line(f"{indent}{place} = {merged};")


def key_of(operand: str | None, file: str, index: int) -> str:
    """What a register that a body writes is called in its variables."""
    return local(operand)[2:] if operand is not None else f"{file}_{index}"


def _state_key(name: str, index: int) -> str:
    return f"s_{name}_{index}"


def _locals(body: Sequence[ir.Statement]) -> dict[str, ir.Word | ir.Number | ir.Truth]:
    """The locals that the body sets."""
    return {n.name: n.value for n in nodes(tuple(body)) if isinstance(n, ir.SetLocal)}
