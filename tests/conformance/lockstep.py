"""rvx and unicorn side by side: random instructions, all state compared after each.

`python -m tests.conformance.lockstep --seed N --instructions M` runs as many as asked for.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from random import Random

from rvx.description import load_machine
from rvx.machine.hart import ILLEGAL, Hart
from rvx.machine.memory import Memory
from rvx.model.machine import Instruction, RegisterOperand
from rvx.number import flag_names
from rvx.reference.storage import TrapRaised

from .case import Case, Generator
from .deviation import deviation
from .layout import CODE, DATA, SLOTS, TOP
from .state import FCSR, MSTATUS_MIE, MSTATUS_MPIE, NAMES, State, difference
from .text import instruction_text
from .unicorn_hart import REGISTERS, UnicornHart

ISA = "rv32imf_zicsr_zifencei"
MSTATUS_MPP, MSTATUS_FS = 3 << 11, 3 << 13
NO_FLOATS = (0,) * 32  # what unicorn's registers stay at


class Mismatch(AssertionError):
    """The two machines differ; the message has all that is needed to see it again."""


class Lockstep:
    """Both machines and what has been covered so far."""

    def __init__(
        self,
        isa: str = ISA,
        extra: Sequence[Path] = (),
        seed: int = 1,
        without: Collection[str] = (),
    ) -> None:
        """`without` names extensions and mnemonics to leave out."""
        self.seed = seed
        self.machine = load_machine(isa, extra)
        self._without = frozenset(without)
        self.covered: Counter[tuple[object, ...]] = Counter()
        self.executed = 0
        self._random = Random(seed)
        self._generator = Generator(self.machine, self._random)
        self._memory = Memory([CODE, DATA, TOP])
        self._hart = Hart(self.machine, self._memory)
        self._unicorn = UnicornHart(self.machine.flen)
        self.instructions = self._known_to_unicorn()
        self._unicorn = UnicornHart(self.machine.flen)
        self._fill_memory()

    def run(self, count: int, progress: Callable[[int], None] = lambda done: None) -> None:
        """Execute `count` instructions, each mnemonic as often as any other. Raises Mismatch."""
        # Every word is bound anew; that leaves no cycles, but looking for some takes half the time.
        gc.disable()
        try:
            self._run(count, progress)
        finally:
            gc.enable()

    def _run(self, count: int, progress: Callable[[int], None]) -> None:
        drawn = self._draw()
        for start in range(0, count, len(SLOTS)):
            pcs = SLOTS[: count - start]
            cases = [self._generator.case(next(drawn), pc) for pc in pcs]
            self._unicorn.place(cases)
            for case in cases:
                self._step(case)
            self._compare_memory(cases[-1])
            progress(start + len(pcs))

    def _draw(self) -> Iterator[Instruction]:
        while True:
            yield from self._random.sample(self.instructions, len(self.instructions))

    def _fill_memory(self) -> None:
        for region in (DATA, TOP):
            data = self._random.randbytes(len(region))
            self._memory.write(region.start, data)
            self._unicorn.write(region, data)

    def _known_to_unicorn(self) -> list[Instruction]:
        """Those of registers that it has, and of which it does not call every sample illegal."""
        known = []
        for instruction in self.machine.instructions.values():
            operands = instruction.operands.values()
            if self._without & {instruction.extension, instruction.mnemonic}:
                continue
            if any(
                isinstance(o, RegisterOperand) and o.file.name not in REGISTERS for o in operands
            ):
                continue
            cases = [self._generator.case(instruction, pc) for pc in SLOTS[:20]]
            self._unicorn.place(cases)
            traps = set()
            for case in cases:
                self._prepare_unicorn(case)
                traps.add(self._unicorn.step(case, None).trap)
            if traps != {ILLEGAL}:
                known.append(instruction)
        return known

    # One instruction

    def _step(self, case: Case) -> None:
        self._prepare_rvx(case)
        self._prepare_unicorn(case)
        operands = self._operands(case)
        ours = self._run_rvx(case)
        theirs = self._run_unicorn(case, ours)
        if ours != theirs:
            self._explain(case, operands, ours, theirs)
        if case.instruction.mnemonic.startswith("sc."):
            self._copy_memory()  # one may have stored where the other has not
        if "store" in case.instruction.classes or ours.trap is not None:
            self._compare_memory(case)
        self._cover(case, operands, ours)
        self.executed += 1

    def _prepare_rvx(self, case: Case) -> None:
        hart = self._hart
        for file, number, value in case.registers:
            hart.registers[file][number] = value
        for name, value in case.states.items():
            hart.states[name][0] = value
        hart.pc = case.pc
        self._memory.store(case.pc, case.instruction.length, case.word)

    def _prepare_unicorn(self, case: Case) -> None:
        unicorn, states = self._unicorn, case.states
        for file, number, value in case.registers:
            unicorn.set_register(file, number, value)
        if "frm" in states:
            unicorn.set_csr("fcsr", states["frm"] << 5 | states["fflags"])
        if "mscratch" in states:
            unicorn.set_csr("mscratch", states["mscratch"])
        if "mepc" in states:
            enabled = states["mpie"] * MSTATUS_MPIE | states["mie_bit"] * MSTATUS_MIE
            unicorn.set_csr("mepc", states["mepc"])
            unicorn.set_csr("mstatus", MSTATUS_FS | MSTATUS_MPP | enabled)

    def _operands(self, case: Case) -> dict[str, int]:
        """The values of the registers it reads."""
        values = {}
        for name in case.long.reads:
            operand = case.long.operands[name]
            assert isinstance(operand, RegisterOperand)
            registers = self._hart.registers[operand.file.name]
            values[name] = registers[operand.first + case.arguments[name]]
        return values

    def _run_rvx(self, case: Case) -> State:
        hart, trap = self._hart, None
        try:
            bound = hart.fetch()
            if bound is None:
                raise TrapRaised(ILLEGAL, case.word)
            hart.execute(bound)
            hart.commit(bound)
        except TrapRaised as raised:
            trap = raised.cause
        states = hart.states
        csrs = (
            states["frm"][0] << 5 | states["fflags"][0] if "frm" in states else 0,
            states["mscratch"][0],
            states["mepc"][0],
            states["mpie"][0] * MSTATUS_MPIE | states["mie_bit"][0] * MSTATUS_MIE,
        )
        words = (*hart.registers["x"], *hart.registers.get("f", NO_FLOATS), *csrs)
        return State(trap, None if trap is not None else hart.pc, words)

    def _run_unicorn(self, case: Case, ours: State) -> State:
        unicorn = self._unicorn
        if ours.trap is None and not case.instruction.classes & {"branch", "jump"}:
            return unicorn.run(case)
        return unicorn.step(case, ours.pc)

    # Agreement

    def _explain(self, case: Case, operands: dict[str, int], ours: State, theirs: State) -> None:
        """Let a known deviation of unicorn pass, and make it follow. Raises Mismatch."""
        name = deviation(case, operands, ours, theirs)
        if name is None:
            raise Mismatch(self._message(case, operands, difference(ours, theirs)))
        for index, (word, other) in enumerate(zip(ours.words, theirs.words, strict=True)):
            if word != other and index == FCSR:
                self._unicorn.set_csr("fcsr", word)
            elif word != other:
                self._unicorn.set_register(NAMES[index][0], index % 32, word)
        self.covered["masked", name] += 1

    def _copy_memory(self) -> None:
        for region in (DATA, TOP):
            self._unicorn.write(region, self._memory.read(region.start, len(region)))

    def _compare_memory(self, case: Case) -> None:
        for region in (DATA, TOP):
            ours = self._memory.read(region.start, len(region))
            theirs = self._unicorn.read(region)
            if ours != theirs:
                at = next(i for i, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b)
                text = f"memory at {region.start + at:#x} is {ours[at]:#x}, unicorn {theirs[at]:#x}"
                raise Mismatch(self._message(case, self._operands(case), text))

    def _message(self, case: Case, operands: dict[str, int], difference: str) -> str:
        states = {"fflags": 0, **case.states}
        states["fflags"] = flag_names(states["fflags"])
        values = {name: f"{value:#x}" for name, value in operands.items()}
        return (
            f"seed {self.seed}, instruction {self.executed}: {case.word:#010x} at {case.pc:#x}: "
            f"{instruction_text(case.instruction, case.fields)}\n"
            f"operands {values}, states {states}\n{difference}"
        )

    def _cover(self, case: Case, operands: dict[str, int], ours: State) -> None:
        covered, mnemonic, fields = self.covered, case.instruction.mnemonic, case.fields
        covered["executed", mnemonic] += 1
        if ours.trap is not None:
            covered["trap", mnemonic, ours.trap] += 1
            return
        if "rm" in fields:
            covered["mode", mnemonic, fields["rm"], case.states["frm"]] += 1
        if case.instruction.classes & {"branch", "jump"}:
            covered["taken", mnemonic, ours.pc != case.pc + case.instruction.length] += 1
        if case.instruction.classes & {"load", "store"}:
            address = operands["rs1"] + case.arguments.get("imm", 0)
            covered["misaligned", mnemonic, address & 3] += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--instructions", type=int, default=200_000)
    parser.add_argument("--isa", default=ISA)
    parser.add_argument("-x", dest="extra", type=Path, action="append", default=[])
    parser.add_argument("--without", nargs="*", default=[], help="extensions and mnemonics")
    arguments = parser.parse_args()
    lockstep = Lockstep(arguments.isa, arguments.extra, arguments.seed, arguments.without)
    start = time.perf_counter()
    try:
        lockstep.run(arguments.instructions, lambda done: print(done, end="\r", file=sys.stderr))
    except Mismatch as mismatch:
        print(mismatch)
        return 1
    seconds = time.perf_counter() - start
    counts = [lockstep.covered["executed", i.mnemonic] for i in lockstep.instructions]
    masked = {key[1]: count for key, count in lockstep.covered.items() if key[0] == "masked"}
    left_out = set(lockstep.machine.instructions) - {i.mnemonic for i in lockstep.instructions}
    print(
        f"{lockstep.executed} instructions agree, {len(counts)} mnemonics {min(counts)} to "
        f"{max(counts)} times each, {seconds:.1f} s; masked deviations of unicorn: {masked}; "
        f"not in unicorn: {', '.join(sorted(left_out)) or 'none'}"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
