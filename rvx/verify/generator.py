"""Random programs for any machine, derived from its description.

A program is made of runs of random instructions, branches and jumps over them, counted loops,
functions with several calls, jumps through tables, traps. Everything goes forward but for loops,
which count, and functions call later ones only: it ends.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

from rvx.model.machine import Instruction, Machine
from rvx.verify import place
from rvx.verify.access import Accesses
from rvx.verify.control import Control
from rvx.verify.frame import Frame, interrupt_ports
from rvx.verify.node import Group, Line, Mark, Node, Set, Source, size_of
from rvx.verify.operands import Operands
from rvx.verify.scaffold import scaffold_of
from rvx.verify.shape import Shape
from rvx.verify.values import Values

_TRAP_COST = 20  # instructions, the handler's included


class Generator:
    """Draws one program."""

    def __init__(self, machine: Machine, seed: int, shape: Shape) -> None:
        self._machine, self._seed, self._shape = machine, seed, shape
        self._random = random = Random(f"{seed}")
        self._values = Values(machine, random)
        self._duties = place.duties(random)
        self._operands = Operands(machine, random, ())
        self._scaffold = scaffold_of(machine)
        self._frame = Frame(machine, self._scaffold, self._duties)
        self._accesses = Accesses(
            machine, random, self._operands, self._scaffold, self._duties, shape
        )
        self._control = Control(
            machine, random, self._operands, self._scaffold, self._duties, shape
        )
        drawn = [i for i in machine.instructions.values() if i.mnemonic not in shape.left_out]
        apart = {"branch", "jump"} if shape.traps else {"branch", "jump", "trap"}
        self._ordinary = [i for i in drawn if not i.classes & apart]
        self._theme: Sequence[Instruction] = self._ordinary
        self._functions: list[tuple[str, int, int]] = []  # label, link register, cost
        self._counters: tuple[int, ...] = ()  # of the loops here, from the outermost

    def source(self) -> Source:
        """The program."""
        size = self._shape.size
        functions = [self._function(1, size // 8), self._function(1, size // 8)]
        functions += [self._function(0, size // 8), self._function(0, size // 8)]
        self._counters = self._duties.counters[:2]
        body, _ = self._body(size // 2, 0, self._shape.steps, self._duties.kept)
        budget = 10 * self._shape.steps + 5000
        start, end = self._frame.start(), (self._frame.end(),)
        data, seeds = self._data(), self._seeds()
        return Source(start, tuple(body), end, tuple(functions), data, seeds, budget)

    def _data(self) -> bytes:
        """The area: what registers of each file may hold, so that loads bring special values."""
        data = bytearray()
        files = list(self._machine.files.values())
        while len(data) < place.AREA_BYTES + place.SLACK:
            file = self._random.choice(files)
            data += self._values.register(file).to_bytes(file.width // 8, "little")
        return bytes(data[: place.AREA_BYTES + place.SLACK])

    def _seeds(self) -> bytes:
        files = [*self._machine.files.values()]
        ordered = [f for f in files if f.name != "x"] + [f for f in files if f.name == "x"]
        return b"".join(
            self._values.register(file).to_bytes(8, "little")
            for file in ordered
            for _ in range(file.count)
        )

    # Structure. Each gives nodes and about how many instructions their execution takes.

    def _body(
        self, size: int, depth: int, steps: int, kept: Collection[int]
    ) -> tuple[list[Node], int]:
        """About `size` instructions, of which at most about `steps` are executed."""
        nodes: list[Node] = []
        cost = 0
        while size > 0:
            want = min(size, self._random.randint(3, 12))
            more, spent = self._piece(want, size, depth, max(steps - cost, want), kept)
            nodes += more
            cost += spent
            size -= max(size_of(more) // 4, 1)
        return nodes, cost

    def _piece(
        self, want: int, size: int, depth: int, steps: int, kept: Collection[int]
    ) -> tuple[list[Node], int]:
        random = self._random
        if self._shape.interrupts and interrupt_ports(self._machine) and random.random() < 0.03:
            return self._interrupt()
        kind = random.random()
        if kind < 0.45 or size < 6:
            return self._run(want, kept)
        if kind < 0.60:
            body, cost = self._body(random.randint(1, 6), depth, steps, kept)
            return [self._control.skip(body, kept)], cost + 1
        if kind < 0.80 and depth < len(self._counters):
            return self._loop(min(size, random.randint(2, 40)), depth, steps, kept)
        if kind < 0.88:
            return self._call(steps)
        if kind < 0.93:
            bodies = [self._body(2, depth, steps, kept) for _ in range(random.choice((2, 4)))]
            return [self._control.switch([b for b, _ in bodies])], sum(c for _, c in bodies) + 6
        if kind < 0.97 or not self._shape.traps:
            body, cost = self._body(2, depth, steps, kept)
            return [self._control.leap(body, kept)], cost + 3
        if self._shape.patches and random.random() < 0.5:
            return [self._control.patch()], 8
        return self._rare(kept)

    def _interrupt(self) -> tuple[list[Node], int]:
        """Now, or by the timer some time later."""
        random = self._random
        when = int(self._shape.steps ** random.uniform(0.3, 1.1))
        nodes = self._frame.interrupt(random.random() < 0.3, when)
        return [Group((), tuple(nodes), ())], len(nodes) + 2 * _TRAP_COST

    def _rare(self, kept: Collection[int]) -> tuple[list[Node], int]:
        """Words that are no instructions, jumps to nowhere, the FPU turned off."""
        random, scratch = self._random, self._duties.scratch[0]
        kind = random.random()
        if kind < 0.3:
            return [self._control.illegal()], _TRAP_COST
        if kind < 0.6:
            return [self._control.astray()], _TRAP_COST
        off, on = self._frame.disable(scratch), self._frame.enable(scratch)
        body, cost = self._run(4, kept)
        return [Group(tuple(off), tuple(body), tuple(on))], cost * _TRAP_COST

    def _run(self, size: int, kept: Collection[int]) -> tuple[list[Node], int]:
        """Straight code, sometimes of a few instructions only, so that units are kept busy."""
        random = self._random
        if random.random() < 0.3:
            self._theme = random.choices(self._ordinary, k=random.randint(1, 4))
        elif random.random() < 0.3:
            extension = random.choice(self._ordinary).extension
            self._theme = [i for i in self._ordinary if i.extension == extension]
        else:
            self._theme = self._ordinary
        nodes: list[Node] = []
        for _ in range(size):
            nodes += self._operation(random.choice(self._theme), kept)
        traps = sum(isinstance(n, Line) and "trap" in n.instruction.classes for n in nodes)
        return nodes, len(nodes) + _TRAP_COST * traps

    def _operation(self, instruction: Instruction, kept: Collection[int]) -> list[Node]:
        if instruction.classes & {"load", "store"}:
            return self._accesses.memory(instruction, kept)
        if "csr" in instruction.classes:
            return self._accesses.csr(instruction, kept)
        fields = self._operands.fields(instruction, kept)
        if fields is not None:
            return [Line(instruction, fields)]
        # It cannot but write a register with a duty: give that its value again.
        fields = self._operands.fields(instruction, self._duties.kept - {self._duties.stack})
        if fields is None:
            return []
        mended = Set(self._duties.stack, "area", place.AREA_BYTES // 2)
        return [Group((), (Line(instruction, fields),), (mended,))]

    def _loop(
        self, size: int, depth: int, steps: int, kept: Collection[int]
    ) -> tuple[list[Node], int]:
        random = self._random
        body, cost = self._body(size, depth + 1, max(steps // 4, size), kept)
        most = max(steps // (cost + 2), 1)
        count = min(int(2 ** random.uniform(0, 9)), most)
        counter = self._counters[depth]
        return [self._control.loop(body, counter, count, kept)], count * (cost + 2) + 2

    def _call(self, steps: int) -> tuple[list[Node], int]:
        callable = [f for f in self._functions if f[2] <= steps]
        if not callable:
            return [], 0
        name, link, cost = self._random.choice(callable)
        return [self._control.call(name, link)], cost + 2

    def _function(self, level: int, size: int) -> Group:
        """Those of level 0 call those of level 1, with the other link register. Each level has a
        loop counter of its own."""
        d = self._duties
        name, link = f"function{len(self._functions)}", d.links[level]
        kept = d.kept | set(d.links[: level + 1])
        self._counters = (d.counters[2 + level],)
        known = self._functions
        self._functions = [] if level else [f for f in known if f[1] != link]
        body, cost = self._body(size, 0, self._shape.steps // 40, kept)
        self._functions = [*known, (name, link, cost + 2)]
        return Group((Mark(name),), tuple(body), (self._control.back(link),))


def generate(machine: Machine, seed: int, shape: Shape | None = None) -> Source:
    """The program of this seed. Raises AssemblyError where the machine lacks RV32I."""
    return Generator(machine, seed, shape or Shape()).source()
