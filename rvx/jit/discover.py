"""Which instructions a region consists of: those that control flow reaches from its entry."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rvx.jit.constant import Registers
from rvx.jit.timing import Decoded

# So many targets of one indirect jump are part of a region; others leave it.
_MOST_TARGETS = 64


@dataclass
class Found:
    """The instructions of a region, and where control flow meets."""

    instructions: dict[int, Decoded] = field(default_factory=dict)
    leaders: set[int] = field(default_factory=set)
    indirect: dict[int, tuple[int, ...]] = field(default_factory=dict)  # targets, by pc of the jump

    def straight(self, pc: int) -> Iterator[Decoded]:
        """The instructions from there on that execute one after the other, if none traps."""
        decoded = self.instructions.get(pc)
        while decoded is not None:
            yield decoded
            if not decoded.goes_on or decoded.next_pc in self.leaders:
                return
            decoded = self.instructions.get(decoded.next_pc)


class Discovery:
    """Walks control flow, nearest first, up to a number of instructions."""

    def __init__(
        self,
        decode: Callable[[int], Decoded | None],
        stops: frozenset[int],
        observed: Mapping[int, Sequence[int]],
        most: int,
        is_done: Callable[[int], bool] | None = None,
    ) -> None:
        """Behind a piece that `is_done` it does not go on."""
        self._is_done = is_done
        self._decode = decode
        self._stops = stops
        self._observed = observed
        self._most = most
        self._found = Found()
        self._returns: dict[int, set[int]] = {}  # where calls of a function return to, by its entry
        self._jumps: dict[int, tuple[int, ...]] = {}  # known targets of every jump and branch
        self._returning: list[int] = []  # indirect jumps that are no calls

    def run(self, entry: int) -> Found:
        """The region of an entry."""
        found, queue = self._found, deque([entry])
        while queue and len(found.instructions) < self._most:
            pc = queue.popleft()
            found.leaders.add(pc)
            behind = self._walk(pc)
            if self._is_done is None or pc == entry or not self._is_done(pc):
                queue.extend(behind)
        found.leaders.update(queue)
        self._pair_returns()
        return found

    def _walk(self, pc: int) -> list[int]:
        """Add a straight piece; where it goes on."""
        instructions, start = self._found.instructions, pc
        registers: Registers = {}  # as after `auipc`, the first half of a far call
        while pc not in instructions and pc not in self._stops:
            if pc != start and self._is_done is not None and self._is_done(pc):
                return [pc]
            decoded = self._decode(pc)
            if decoded is None or len(instructions) >= self._most:
                break
            instructions[pc] = decoded
            if decoded.flow.targets or decoded.flow.raises:
                return self._successors(decoded, registers)
            registers = decoded.constants(registers).after()
            pc = decoded.next_pc
        if pc in instructions:
            self._found.leaders.add(pc)
        return []

    def _successors(self, decoded: Decoded, registers: Registers) -> list[int]:
        targets, links = self._targets(decoded, registers), decoded.links
        behind = [decoded.next_pc] if decoded.flow.falls_through or links else []
        if links:
            for target in targets:
                self._returns.setdefault(target, set()).add(decoded.next_pc)
        # A loop's body comes before what follows it, a callee before its caller's rest.
        return [*targets, *behind]

    def _targets(self, decoded: Decoded, registers: Registers) -> tuple[int, ...]:
        """Where the instruction can jump to, as far as it is known."""
        constants = decoded.constants(registers)
        known = [constants.word(target) for target in decoded.flow.targets]
        found = [target for target in known if target is not None]
        if len(found) == len(known):
            self._jumps[decoded.pc] = tuple(found)
            return tuple(found)
        observed = tuple(self._observed.get(decoded.pc, ()))[:_MOST_TARGETS]
        self._found.indirect[decoded.pc] = observed
        self._jumps[decoded.pc] = (*found, *observed)
        if not decoded.links:
            self._returning.append(decoded.pc)
        return self._jumps[decoded.pc]

    def _pair_returns(self) -> None:
        """An indirect jump in a function may return to behind every call of the function."""
        jumps = set(self._returning)
        sites: dict[int, set[int]] = {pc: set() for pc in jumps}
        for entry, returns in self._returns.items() if jumps else ():
            for pc in self._reached(entry) & jumps:
                sites[pc] |= returns
        for pc, found in sites.items():
            targets = dict.fromkeys((*self._found.indirect[pc], *sorted(found)))
            self._found.indirect[pc] = tuple(targets)[:_MOST_TARGETS]

    def _reached(self, entry: int) -> set[int]:
        """The instructions of a function: calls are stepped over."""
        instructions, seen, queue = self._found.instructions, set[int](), [entry]
        while queue:
            pc = queue.pop()
            decoded = instructions.get(pc)
            if decoded is None or pc in seen:
                continue
            seen.add(pc)
            links = decoded.links
            if decoded.flow.falls_through or links:
                queue.append(decoded.next_pc)
            if not links:
                queue += self._jumps.get(pc, ())
        return seen
