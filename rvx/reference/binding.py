"""An instruction bound to its operands: closures that read registers and return values.

The twin of a JIT's lowering: `word`, `number`, `integer`, `truth` and `statement` each take a node
of the model and return what computes it; a JIT's return what emits it. Reads see the hart as it
was; effects are collected in the storage and committed by the hart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar, cast

from rvx.model import ir
from rvx.model.machine import Machine, Operand, RegisterOperand
from rvx.number import Draw, Format, Mode, Real, from_integer
from rvx.reference import arithmetic
from rvx.reference.storage import Storage, TrapRaised

T = TypeVar("T")
Words: TypeAlias = Callable[[], int]
Numbers: TypeAlias = Callable[[], Real]
Truths: TypeAlias = Callable[[], bool]
Effect: TypeAlias = Callable[[], None]


class Binding:
    """Compiles nodes for one set of operand fields."""

    def __init__(
        self,
        storage: Storage,
        machine: Machine,
        operands: Mapping[str, Operand],
        fields: Mapping[str, int],
        length: int = 4,
    ) -> None:
        self._storage = storage
        self._machine = machine
        self._operands = operands
        self._fields = fields
        self._length = length
        self._mask = (1 << machine.xlen) - 1
        self._locals: dict[str, object] = {}

    def set_local(self, name: str, value: object) -> None:
        """Give a local a value from outside (a trap's cause, a CSR's new value)."""
        self._locals[name] = value

    def body(self, statements: Sequence[ir.Statement]) -> Effect:
        """What executes the statements in order."""
        effects = [self.statement(s) for s in statements]
        if len(effects) == 1:
            return effects[0]

        def run() -> None:
            for effect in effects:
                effect()

        return run

    # Words

    def word(self, e: ir.Word) -> Words:
        """What computes the word: 0 <= value < 2**width."""
        storage = self._storage
        match e:
            case ir.Constant(constant):
                return lambda: constant
            case ir.FieldValue(operand, width):
                known = self._fields[operand] & (1 << width) - 1
                return lambda: known
            case ir.Register(operand, file):
                registers, index = storage.registers[file], self.register_index(operand)
                return lambda: registers[index]
            case ir.FixedRegister(file, index):
                registers = storage.registers[file]
                return lambda: registers[index]
            case ir.State(name, index):
                state = storage.states[name]
                return lambda: state[index]
            case ir.ProgramCounter(next):
                length, mask = (self._length if next else 0), self._mask
                return lambda: storage.pc + length & mask
            case ir.CsrValue():
                address = self._fields["csr"]
                return lambda: storage.read_csr(address)
            case ir.Load(address, size, aligned, atomic):
                at = self.word(address)
                if atomic:
                    return lambda: storage.load_atomic(at(), size)
                return lambda: storage.load(at(), size, aligned)
            case ir.WordLocal(name):
                known_locals = self._locals
                return lambda: cast(int, known_locals[name])
            case ir.WordSlice(value, high, low):
                whole, bits = self.word(value), (1 << high - low + 1) - 1
                return lambda: whole() >> low & bits
            case ir.Join(parts):
                return self._join(parts)
            case ir.Invert(value):
                whole, bits = self.word(value), (1 << e.width) - 1
                return lambda: whole() ^ bits
            case ir.WordOp(op, left, right):
                operation = arithmetic.WORD[op]
                return operation(self.word(left), self.word(right), e.width)
            case ir.WordSelect(condition, then, otherwise):
                test, one, other = self.truth(condition), self.word(then), self.word(otherwise)
                return lambda: one() if test() else other()
            case ir.TruthBits(truth):
                test = self.truth(truth)
                return lambda: int(test())
            case ir.IntegerBits(number, low, width):
                whole, bits = self.integer(number), (1 << width) - 1
                return lambda: whole() >> low & bits
            case ir.Encode(number, format, mode):
                return self._encode(self.number(number), format, mode)
            case ir.Classify(value, format):
                classify = self._of_format(format, arithmetic.classifier)
                coded = self.word(value)
                return lambda: classify()(coded())
            case ir.Unbox(value, canonical, width):
                whole, nan = self.word(value), self.word(canonical)
                ones, bits = (1 << value.width - width) - 1, (1 << width) - 1
                return lambda: (v & bits) if (v := whole()) >> width == ones else nan()

    def register_index(self, operand: str) -> int:
        """The number of the register that the operand's field selects."""
        found = self._operands[operand]
        assert isinstance(found, RegisterOperand)
        return found.first + self._fields[operand]

    def _join(self, parts: Sequence[ir.Word]) -> Words:
        low = sum(part.width for part in parts)
        placed = []
        for part in parts:
            low -= part.width
            placed.append((self.word(part), low))
        return lambda: sum(part() << low for part, low in placed)

    def _of_format(self, use: ir.FormatUse, of: Callable[[Format], T]) -> Callable[[], T]:
        """What gives `of(format)` for the format in force."""
        if isinstance(use, ir.Named):
            only = of(use.format)
            return lambda: only
        chosen, each = self.word(use.selector), [of(format) for format in use.formats]
        return lambda: each[chosen()]

    def _encode(self, number: Numbers, use: ir.FormatUse, mode: ir.Mode) -> Words:
        storage, direction = self._storage, self._mode(mode)
        if isinstance(use, ir.Named):
            encode = use.format.encode

            def rounded() -> int:
                code, flags = encode(number(), direction())
                storage.flags |= flags
                return code

            return rounded
        encoder = self._of_format(use, _encoder)

        def chosen() -> int:
            code, flags = encoder()(number(), direction())
            storage.flags |= flags
            return code

        return chosen

    def _mode(self, mode: ir.Mode) -> Callable[[], Mode]:
        """What gives the direction: the instruction's, the text's, or one by a number drawn."""
        storage = self._storage
        match mode:
            case None:
                return lambda: storage.mode
            case ir.Stochastic(draw):
                number, bits = self.word(draw), draw.width
                return lambda: Draw(number(), bits)
        return lambda: mode

    # Numbers

    def number(self, e: ir.Number) -> Numbers:
        """What computes the exact number, with its specials and pending flags."""
        if e.integral and not isinstance(e, ir.NumberLocal):
            integer = self.integer(e)
            return lambda: from_integer(integer())
        match e:
            case ir.Exact(significand, exponent):
                exact = arithmetic.exact(significand, exponent)
                return lambda: exact
            case ir.Decode(word, format):
                coded = self.word(word)
                if isinstance(format, ir.Named):
                    decode = format.format.decode
                    return lambda: decode(coded())
                decoder = self._of_format(format, _decoder)
                return lambda: decoder()(coded())
            case ir.NumberLocal(name, _, integral):
                known = self._locals
                if integral:
                    return lambda: from_integer(cast(int, known[name]))
                return lambda: cast(Real, known[name])
            case ir.NumberOp(op, left, right):
                operation = arithmetic.NUMBER[op]
                one, other = self.number(left), self.number(right)
                return lambda: operation(one(), other())
            case ir.NumberFunction(op, value):
                function, of = arithmetic.FUNCTION[op], self.number(value)
                return lambda: function(of())
            case ir.Quotient(left, right):
                one, other = self.number(left), self.number(right)
                return lambda: arithmetic.quotient(one(), other())
            case ir.Scale(value, power):
                of = self.number(value)
                return lambda: arithmetic.scale(of(), power)
            case ir.Truncate(value, exponent):
                of, least = self.number(value), self.number(exponent)
                return lambda: arithmetic.truncate_at(of(), least())
            case ir.Rounded(number, format, mode):
                return self._rounded(number, format, mode)
            case ir.NumberSelect(condition, then, otherwise):
                test, one, other = self.truth(condition), self.number(then), self.number(otherwise)
                return lambda: one() if test() else other()
        raise AssertionError(f"{type(e).__name__} is always integral")

    def _rounded(self, e: ir.Number, use: ir.FormatUse, mode: ir.Mode) -> Numbers:
        """Rounded once and a number again; the flags travel with it."""
        number, direction = self.number(e), self._mode(mode)
        pair = self._of_format(use, _encode_and_decode)

        def rounded() -> Real:
            encode, decode = pair()
            code, flags = encode(number(), direction())
            found = decode(code)
            return found._replace(flags=found.flags | flags)

        return rounded

    def integer(self, e: ir.Number) -> Words:
        """What computes an integral number, as a Python int of any size."""
        match e:
            case ir.Exact(significand, exponent):
                known = significand << exponent
                return lambda: known
            case ir.WordNumber(word, signed):
                return self._read(self.word(word), word.width, signed)
            case ir.Decode(word, format):
                match format:
                    case ir.Named(_, one_format):
                        return self._read(self.word(word), word.width, one_format.span.low < 0)
                    case ir.Choice(_, selector, _, formats):
                        each = [
                            self._read(self.word(word), word.width, f.span.low < 0) for f in formats
                        ]
                        chosen = self.word(selector)
                        return lambda: each[chosen()]()
            case ir.BitCount(op, word):
                return arithmetic.COUNT[op](self.word(word), word.width)
            case ir.NumberLocal(name):
                known_locals = self._locals
                return lambda: cast(int, known_locals[name])
            case ir.NumberOp(op, left, right):
                operation = arithmetic.INTEGER[op]
                one, other = self.integer(left), self.integer(right)
                return lambda: operation(one(), other())
            case ir.NumberFunction(op, value):
                function, of = arithmetic.INTEGER_FUNCTION[op], self.integer(value)
                return lambda: function(of())
            case ir.Scale(value, power):
                of = self.integer(value)
                return (lambda: of() << power) if power >= 0 else (lambda: of() >> -power)
            case ir.Shift(op, value, amount):
                of, by = self.integer(value), self.word(amount)
                return (lambda: of() << by()) if op == "<<" else (lambda: of() >> by())
            case ir.Rounded(number, format, mode):
                word = ir.Encode(number, format, mode, arithmetic.width_of(format))
                return self.integer(ir.Decode(word, format, e.span, True))
            case ir.NumberSelect(condition, then, otherwise):
                test, first, second = (
                    self.truth(condition),
                    self.integer(then),
                    self.integer(otherwise),
                )
                return lambda: first() if test() else second()
        raise AssertionError(f"{type(e).__name__} is never integral")

    @staticmethod
    def _read(word: Words, width: int, signed: bool) -> Words:
        if not signed:
            return word
        top = 1 << width - 1
        return lambda: (word() ^ top) - top

    # Truths

    def truth(self, e: ir.Truth) -> Truths:
        """What decides the truth; the flags of comparisons accrue as they are evaluated."""
        storage = self._storage
        match e:
            case ir.Truthy(value):
                return lambda: value
            case ir.CompareWords(op, left, right):
                return arithmetic.COMPARE_WORDS[op](self.word(left), self.word(right))
            case ir.CompareNumbers(op, left, right) if left.integral and right.integral:
                return arithmetic.COMPARE_WORDS[op](self.integer(left), self.integer(right))
            case ir.CompareNumbers(op, left, right, quiet):
                one, other = self.number(left), self.number(right)
                holds = arithmetic.comparison(op, quiet)

                def compared() -> bool:
                    truth, flags = holds(one(), other())
                    storage.flags |= flags
                    return truth

                return compared
            case ir.Not(truth):
                test = self.truth(truth)
                return lambda: not test()
            case ir.Both(first, second):
                one_test, other_test = self.truth(first), self.truth(second)
                return lambda: one_test() and other_test()
            case ir.Either(first, second):
                one_test, other_test = self.truth(first), self.truth(second)
                return lambda: one_test() or other_test()
            case ir.TruthLocal(name):
                known = self._locals
                return lambda: bool(known[name])

    # Statements

    def statement(self, s: ir.Statement) -> Effect:
        """What carries out the statement: sets a local or notes an effect."""
        storage = self._storage
        match s:
            case ir.SetLocal(name, value):
                return self._set_local(name, value)
            case ir.SetRegister():
                return self._set_register(s)
            case ir.SetState(name, index, low, value):
                state, word, mask = storage.states[name], self.word(value), _mask(low, value.width)
                return lambda: storage.writes.append((state, index, mask, word() << low))
            case ir.Store(address, size, aligned, value):
                return self._store(self.word(address), size, aligned, self.word(value))
            case ir.SetPc(value):
                target = self.word(value)

                def jump() -> None:
                    storage.next_pc = storage.jump(target())

                return jump
            case ir.SetCsr(value):
                new_value, csr = self.word(value), self._fields["csr"]
                return lambda: storage.write_csr(csr, new_value())
            case ir.IfElse(condition, then, otherwise):
                test, one, other = self.truth(condition), self.body(then), self.body(otherwise)
                return lambda: one() if test() else other()
            case ir.RaiseTrap(cause, value):
                number, what = self.word(cause), self.word(value)

                def trap() -> None:
                    raise TrapRaised(number(), what())

                return trap

    def _set_local(self, name: str, value: ir.Word | ir.Number | ir.Truth) -> Effect:
        known = self._locals
        computed: Callable[[], object]
        if isinstance(value, ir.Word):
            computed = self.word(value)
        elif isinstance(value, ir.Truth):
            computed = self.truth(value)
        elif value.integral:
            computed = self.integer(value)
        else:
            computed = self.number(value)

        def set_local() -> None:
            known[name] = computed()

        return set_local

    def _set_register(self, s: ir.SetRegister) -> Effect:
        storage, file = self._storage, self._machine.files[s.file]
        registers, writes = storage.registers[s.file], storage.writes
        index = s.index if s.operand is None else self.register_index(s.operand)
        word, low, width = self.word(s.value), s.low, s.value.width
        if index == file.zero:
            return _discarding(word)
        above = (1 << file.width) - (1 << low + width)
        mask = _mask(low, width) | (above if s.fill else 0)
        match s.fill:
            case "ones":
                return lambda: writes.append((registers, index, mask, word() << low | above))
            case "sign":
                top = low + width - 1

                def extended() -> None:
                    value = word() << low
                    value |= above if value >> top else 0
                    writes.append((registers, index, mask, value))

                return extended
            case _:
                return lambda: writes.append((registers, index, mask, word() << low))

    def _store(self, address: Words, size: int, aligned: bool, value: Words) -> Effect:
        storage = self._storage

        def store() -> None:
            at, what = address(), value()
            storage.check_store(at, size, aligned)
            storage.stores.append((at, size, what))

        return store


def _encoder(format: Format) -> Callable[[Real, Mode], tuple[int, int]]:
    return format.encode


def _decoder(format: Format) -> Callable[[int], Real]:
    return format.decode


def _encode_and_decode(
    format: Format,
) -> tuple[Callable[[Real, Mode], tuple[int, int]], Callable[[int], Real]]:
    return format.encode, format.decode


def _discarding(word: Words) -> Effect:
    """Evaluate for its flags and traps only: the zero register takes no value."""

    def discard() -> None:
        word()

    return discard


def _mask(low: int, width: int) -> int:
    return (1 << width) - 1 << low
