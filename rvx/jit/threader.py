"""Makes threads: the instructions from a pc to the next jump, each as a record."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from struct import Struct
from typing import TYPE_CHECKING, Final

from rvx.jit.instruction import constant_costs, host_mode
from rvx.jit.layout import SLOT, Place
from rvx.jit.native import compile_object
from rvx.jit.operation import Operation, Operations
from rvx.jit.region import Reason
from rvx.jit.situation import Issued, Pending, Situation
from rvx.jit.thread import MOST_OPERANDS, RELUCTANT, UNKNOWN, Thread, Threads
from rvx.jit.timing import Decoded
from rvx.record import record
from rvx.timing.outcome import Happened

if TYPE_CHECKING:
    from rvx.jit.translate import Translator
    from rvx.number import Rounding

_LONGEST: Final = 64  # instructions of a thread
# New operations are compiled together with those of so many instructions that follow, which will
# most likely be needed: a compilation costs as much as many of them.
_AHEAD: Final = 50
_MOST_WORDS: Final = 1 << 14  # that are remembered
_MOST_BYTES: Final = 4  # of an instruction
_WORD: Final = Struct("<I").unpack_from
_FRM: Final = Place("state", "frm", 0)
_BAIL, _CONTINUE = int(Reason.BAIL), int(Reason.CONTINUE)
_NONE: Final = (0,) * MOST_OPERANDS
_KILLED: Final = 4  # bytes behind a jump that may decide what it costs

Modes = tuple[int, ...]


@record(frozen=True, slots=True, eq=False)
class _Step:
    """What an instruction word is, in modes."""

    operation: Operation
    offset: int  # of the operation in the table
    length: int  # of the word, in bytes
    operands: tuple[int, ...]  # up to the end of the record
    plain: tuple[tuple[int, ...], ...]  # the one possibility for what is open in its timing
    taken: tuple[tuple[int, ...], ...]  # the same where it jumps


class Threader:
    """Makes the threads of one run."""

    def __init__(
        self,
        translator: Translator,
        threads: Threads,
        stops: frozenset[int],
        peek: Callable[[int, int], bytes],
    ) -> None:
        """An instruction at one of `stops` is never part of a thread; `peek` gives so many of the
        guest's bytes from an address."""
        self._translator = translator
        self.timing, self.situations = translator.timing, translator.situations
        self._threads = threads
        self.peek = peek
        self.misaligned = translator.machine.ialign - 1  # bits that the address of code has not
        self.stops = stops
        names = {name: number for number, name in enumerate(threads.operations) if number}
        self._operations = Operations(
            translator.machine, translator.layout, translator.host, translator.ram, names
        )
        self._steps: dict[Modes, dict[int, _Step | None]] = {}
        self._places: dict[Modes, tuple[dict[Place, int], Rounding | None]] = {}
        self._issued: dict[tuple[int, Modes, bool], int] = {}
        self._controls: dict[Modes, int] = {}
        # By what is pending and the word: cycles, the state then, what is pending behind it.
        self.passages: dict[Pending, dict[int, tuple[int, int, Pending]]] = {}

    def thread(self, pc: int, number: int, executions: int) -> Thread | None:
        """The thread of a pc and situation; None where no instruction can be executed there. New
        operations are linked."""
        situation = self._translator.situations[number]
        made = _Making(self, situation).thread(pc, number, executions)
        if self._operations.has_new:
            self._look_ahead(pc, situation.modes)
            names, text = self._operations.take()
            self._threads.define(names, compile_object(text, 0, self._translator.host))
        return made

    def _look_ahead(self, pc: int, modes: Modes) -> None:
        known, content, start = self.steps(modes), self.peek(pc, _MOST_BYTES * _AHEAD), pc
        while pc + _MOST_BYTES <= start + len(content):
            word = self.word(content, pc - start)
            decoded = self.decode(pc, word)
            if decoded is None:
                return
            if word not in known:
                self.step(decoded, modes)
            pc = decoded.next_pc

    def word(self, content: bytes, offset: int) -> int:
        """The instruction word there."""
        word: int = _WORD(content, offset)[0]
        return word & 0xFFFF if self.misaligned < 2 and word & 3 != 3 else word

    def decode(self, pc: int, word: int) -> Decoded | None:
        """What a word is at pc, or None where it is nothing that may be executed here."""
        return None if pc in self.stops else self._translator.decoded(pc, word)

    def steps(self, modes: Modes) -> dict[int, _Step | None]:
        """What words are in modes, as far as that is known."""
        found = self._steps.get(modes)
        if found is None or len(found) >= _MOST_WORDS:
            found = self._steps[modes] = {}
        return found

    def step(self, decoded: Decoded, modes: Modes) -> _Step | None:
        """What the word is in modes; None where the reference has to execute it."""
        known = self.steps(modes)
        if decoded.word not in known:
            known[decoded.word] = self._new_step(decoded, modes)
        return known[decoded.word]

    def _new_step(self, decoded: Decoded, modes: Modes) -> _Step | None:
        timing = self._translator.timing
        plain = constant_costs(timing, decoded, Happened.PLAIN)
        how = self.taken(decoded)
        taken = plain if how is Happened.PLAIN else constant_costs(timing, decoded, how)
        if plain is None or taken is None:
            return None
        known = self._places.get(modes)
        if known is None:
            places = dict(zip(self._translator.layout.modes, modes, strict=True))
            known = self._places[modes] = places, self.host_mode(modes)
        found = self._operations.find(decoded, *known)
        if found is None or not self._is_simple(decoded, found[0]):
            return None
        operation, operands = found
        filled = operands + (0,) * (MOST_OPERANDS - len(operands))
        length = decoded.length
        return _Step(operation, operation.number * SLOT, length, filled, (plain,), (taken,))

    @staticmethod
    def _is_simple(decoded: Decoded, operation: Operation) -> bool:
        """Whether it is known where a jump jumps to, or will be in the block."""
        if not operation.jumps or operation.is_indirect:
            return True
        return all(decoded.constants().word(t) is not None for t in decoded.flow.targets)

    @staticmethod
    def taken(decoded: Decoded) -> Happened:
        """What happens to a jump that is taken."""
        is_branch = "branch" in decoded.instruction.classes
        return Happened.TAKEN if is_branch else Happened.PLAIN

    def host_mode(self, modes: Modes) -> Rounding | None:
        """The mode of the host's arithmetic; None where it is not to be used."""
        translator = self._translator
        if "frm" not in translator.machine.states:
            return None
        frm = modes[translator.layout.modes.index(_FRM)]
        return host_mode(translator.machine, translator.host, frm)

    def issued(self, state: int, modes: Modes, sticky: bool) -> int:
        """The number of the situation of an instruction that has left decode."""
        key = state, modes, sticky
        number = self._issued.get(key)
        if number is None:
            situation = Situation(Issued(state), modes, sticky)
            number = self._issued[key] = self._translator.situations.number(situation)
        return number

    def control(self, modes: Modes) -> int:
        """The host's floating-point control for arithmetic in these modes."""
        found = self._controls.get(modes)
        if found is None:
            found = self._controls[modes] = self._translator.host.control(self.host_mode(modes))
        return found


class _Making:
    """One thread while it is made."""

    def __init__(self, threader: Threader, situation: Situation) -> None:
        self._threader = threader
        self._timing = threader.timing
        self._situations = threader.situations
        self._modes, self._sticky = situation.modes, situation.sticky
        assert isinstance(situation.hazard, Pending)
        self._pending = situation.hazard
        self._words = array("Q")
        self._issued: dict[int, int] = {}  # numbers, by state
        self._last = UNKNOWN
        self._instret = self._cycles = 0
        self._uses_host = False

    def thread(self, pc: int, number: int, executions: int) -> Thread | None:
        """As `Threader.thread` says."""
        start, threader, modes = pc, self._threader, self._modes
        content, known = threader.peek(pc, _MOST_BYTES * _LONGEST), threader.steps(modes)
        end = start + len(content) - _MOST_BYTES
        while pc <= end and pc not in threader.stops:
            word = threader.word(content, pc - start)
            step = known.get(word)
            if step is None or step.operation.jumps:
                decoded = threader.decode(pc, word)
                if decoded is None:
                    break
                step = threader.step(decoded, modes)
                if step is None or step.operation.jumps:
                    if step is None and not decoded.flow.raises:
                        executions = min(executions, RELUCTANT)
                    pc = decoded.next_pc + self._end(decoded, step)
                    return self._made(range(start, pc), number, executions)
            passage = threader.passages.get(self._pending, {}).get(word)
            if passage is None:
                passage = self._pass(pc, word, step)
            cycles, state, self._pending = passage
            self._cycles += cycles
            self._record(pc, step, state)
            pc += step.length
        if pc == start:
            return None
        self._leave(pc, self._pending)
        return self._made(range(start, pc), number, executions)

    def _made(self, code: range, number: int, executions: int) -> Thread:
        threader = self._threader
        control = threader.control(self._modes) if self._uses_host else 0
        image = threader.peek(code.start, len(code))
        words = array("Q", (executions, control)) + self._words
        longest = max(self._instret, 1)
        return Thread(code.start, number, longest, executions, (code,), (image,), words)

    def _pass(self, pc: int, word: int, step: _Step) -> tuple[int, int, Pending]:
        """An instruction that only the next can follow: cycles, the state when it has left decode,
        what is pending behind it."""
        threader, pending = self._threader, self._pending
        decoded = threader.decode(pc, word)
        assert decoded is not None
        cycles, state = self._arrive(decoded)
        (after,) = self._timing.leave((state,), decoded, Happened.PLAIN, step.plain)
        passage = cycles, state, after
        if not (pending.is_target or after.is_target):  # else addresses matter
            known = threader.passages.setdefault(pending, {})
            if len(known) >= _MOST_WORDS:
                known.clear()
            known[word] = passage
        return passage

    def _end(self, decoded: Decoded, step: _Step | None) -> int:
        """A jump, or what is left to the reference: how many bytes behind it matter too."""
        cycles, state = self._arrive(decoded)
        self._cycles += cycles
        target = self._target(decoded) if step is not None else None
        if step is None or target is None:
            self._row(0, decoded.pc, self._number(state), _NONE)
            self._instret += 1
            return 0
        self._record(decoded.pc, step, state)
        if not step.operation.always:
            (after,) = self._timing.leave((state,), decoded, Happened.PLAIN, step.plain)
            self._leave(decoded.next_pc, after)
        (after,) = self._timing.leave((state,), decoded, Threader.taken(decoded), step.taken)
        self._leave(target, after)
        return _KILLED

    def _target(self, decoded: Decoded) -> int | None:
        """Where it jumps to, UNKNOWN where only the run knows; None: it may have to trap."""
        (target,) = map(decoded.constants().word, decoded.flow.targets)
        if target is None:
            return UNKNOWN
        return None if target & self._threader.misaligned else target

    def _arrive(self, decoded: Decoded) -> tuple[int, int]:
        step = self._timing.arrive((self._pending,), decoded)
        return step.cycles[0], step.states[0]

    def _record(self, pc: int, step: _Step, state: int) -> None:
        """The instruction, and where it leaves native code if it must."""
        self._row(
            step.offset, pc, self._number(state) if step.operation.leaves else 0, step.operands
        )
        if step.operation.uses_host:
            self._uses_host = True
        self._last = pc
        self._instret += 1

    def _number(self, state: int) -> int:
        """Of the situation in which the instruction has left decode."""
        issued = self._issued.get(state)
        if issued is None:
            issued = self._threader.issued(state, self._modes, self._sticky)
            self._issued[state] = issued
        return issued

    def _row(self, offset: int, pc: int, issued: int, operands: tuple[int, ...]) -> None:
        head = (offset, pc, issued, self._last, _BAIL, self._instret, self._cycles)
        self._words.extend(head + operands)

    def _leave(self, pc: int, pending: Pending) -> None:
        """Go on at pc, wherever that is."""
        number = self._situations.number(Situation(pending, self._modes, self._sticky))
        row = (0, pc, number, self._last, _CONTINUE, self._instret, self._cycles)
        self._words.extend(row + _NONE)
