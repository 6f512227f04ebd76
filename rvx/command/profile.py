"""What one run of a program took, by instruction and by symbol."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from rvx.machine.simulator import RunResult, Simulator


@dataclass(frozen=True)
class Profile:
    """Between rvx_begin and rvx_end where the program has these markers, else from start to exit.
    Instructions and cycles add up to `instret` and `cycles`."""

    status: int | None
    instret: int
    cycles: int
    mnemonics: Counter[str]  # instructions
    symbols: Counter[str]  # cycles


class Profiler:
    """Watches a simulator that has loaded its program. An instruction is given the cycles from
    its leaving decode to the next one's."""

    def __init__(self, simulator: Simulator) -> None:
        assert simulator.program is not None
        symbols = simulator.program.symbols
        self._simulator = simulator
        self._is_marked = "rvx_begin" in symbols and "rvx_end" in symbols
        code = simulator.program.code
        named = sorted(
            (symbol.address, name)
            for name, symbol in symbols.items()
            if name[0] not in "$." and any(symbol.address in addresses for addresses in code)
        )
        self._addresses = [address for address, _ in named]
        self._names = [name for _, name in named]
        self._mnemonics: dict[int, str] = {}  # by pc
        self._last: tuple[int, int] | None = None  # pc and cycle
        self._executed: Counter[int] = Counter()  # by pc, in the open passage
        self._spent: Counter[int] = Counter()
        self._all_executed: Counter[int] = Counter()
        self._all_spent: Counter[int] = Counter()
        simulator.on_stamp = self._on_stamp

    def profile(self, result: RunResult) -> Profile | None:
        """What the run took, or None where it never came from rvx_begin to rvx_end."""
        kernel = self._simulator.kernel
        if self._is_marked and not kernel.passages:
            return None
        if not self._is_marked and self._last is not None:
            self._close(self._last[1] + 1)
        counted = kernel if self._is_marked else result
        mnemonics: Counter[str] = Counter()
        symbols: Counter[str] = Counter()
        for pc, count in self._all_executed.items():
            mnemonics[self._mnemonics[pc]] += count
            symbols[self._symbol(pc)] += self._all_spent[pc]
        return Profile(result.status, counted.instret, counted.cycles, mnemonics, symbols)

    def _on_stamp(self, pc: int, cycle: int) -> None:
        if self._is_marked and self._simulator.kernel.since is None:
            if self._last is not None:
                self._close(cycle)
            return
        if self._last is not None:
            self._spent[self._last[0]] += cycle - self._last[1]
        self._last = pc, cycle
        self._executed[pc] += 1
        if pc not in self._mnemonics:
            hart = self._simulator.hart
            bound = hart.bind(hart.fetch_word(pc))
            self._mnemonics[pc] = bound.instruction.mnemonic if bound else "?"

    def _close(self, cycle: int) -> None:
        """End a passage: the last instruction in it took until this cycle."""
        assert self._last is not None
        self._spent[self._last[0]] += cycle - self._last[1]
        self._last = None
        self._all_executed.update(self._executed)
        self._all_spent.update(self._spent)
        self._executed.clear()
        self._spent.clear()

    def _symbol(self, pc: int) -> str:
        index = bisect_right(self._addresses, pc)
        return self._names[index - 1] if index else "?"
