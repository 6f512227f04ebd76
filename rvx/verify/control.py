"""Random control flow that goes forward, or counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

from rvx.model.machine import Instruction, Machine, RegisterOperand
from rvx.verify import place
from rvx.verify.frame import MACHINE
from rvx.verify.node import Bits, Group, Line, Mark, Node, Set, Table, size_of
from rvx.verify.operands import Operands, address_of, target_of
from rvx.verify.place import Duties
from rvx.verify.scaffold import Scaffold
from rvx.verify.shape import Shape

_ENTRY = 4  # bytes of a table's entry
_FAR = 3000  # bytes that every long branch reaches


class Control:
    """Emits branches, loops, calls and jumps around bodies that it is given."""

    def __init__(
        self,
        machine: Machine,
        random: Random,
        operands: Operands,
        scaffold: Scaffold,
        duties: Duties,
        shape: Shape,
    ) -> None:
        self._machine, self._random, self._operands = machine, random, operands
        self._scaffold, self._duties = scaffold, duties
        drawn = [i for i in machine.instructions.values() if i.mnemonic not in shape.left_out]
        self._branches = [i for i in drawn if "branch" in i.classes and target_of(i)]
        self._jumps = [i for i in drawn if "jump" in i.classes]
        self._labels = 0

    def skip(self, body: Sequence[Node], kept: Collection[int]) -> Group:
        """A branch over the body."""
        end = self._label()
        size = size_of(body)
        for branch in self._random.sample(self._branches, len(self._branches)):
            if (line := self._directed(branch, end, size, kept)) is not None:
                return Group((line,), tuple(body), (Mark(end),))
        return Group((), tuple(body), ())

    def loop(self, body: Sequence[Node], counter: int, count: int, kept: Collection[int]) -> Group:
        """The body, `count` times; sometimes a random branch ends it early."""
        s, random = self._scaffold, self._random
        start, end = self._label(), self._label()
        head: list[Node] = [Set(counter, count), Mark(start)]
        if random.random() < 0.3:
            head.append(s.line("differ", start + "in", rs1=counter, rs2=0))
            head += [s.line("jump", end, rd=0), Mark(start + "in")]
        tail: list[Node] = [random.choice(s.forms("add", rd=counter, rs1=counter, imm=-1))]
        size = size_of(body) + 24
        if size < _FAR:
            forms = s.forms("differ", start, rs1=counter, rs2=0, imm=0)
            tail.append(random.choice([line for line in forms if _reaches(line, -size)]))
        else:
            tail.append(Line(s.parts["differ"], {"rs1": counter, "rs2": 0}, end + "more"))
            tail += [s.line("jump", end, rd=0), Mark(end + "more"), s.line("jump", start, rd=0)]
        if random.random() < 0.2 and size < _FAR:
            branch = random.choice(self._branches)
            early = self._directed(branch, end, 16, kept)
            body = [*body, early] if early is not None else body
        return Group(tuple(head), tuple(body), (*tail, Mark(end)), count)

    def call(self, name: str, link: int) -> Group:
        """A call, direct or through a register."""
        s, random = self._scaffold, self._random
        if random.random() < 0.6:
            return Group((s.line("jump", name, rd=link),), (), ())
        through = self._duties.scratch[0]
        far = random.choice(s.forms("leap", rd=link, rs1=through, imm=0))
        return Group((Set(through, name), far), (), ())

    def back(self, link: int) -> Line:
        """The return of a function."""
        return self._random.choice(self._scaffold.forms("leap", rd=0, rs1=link, imm=0))

    def switch(self, bodies: Sequence[Sequence[Node]]) -> Group:
        """A jump through a table; the index comes from any register."""
        s, random = self._scaffold, self._random
        index, pointer = self._duties.scratch
        table, end = self._label(), self._label()
        labels = [f"{table}case{i}" for i in range(len(bodies))]
        head = (
            Table(table, tuple(labels)),
            s.line("mask", rd=index, rs1=random.randrange(32), imm=_ENTRY * (len(bodies) - 1)),
            Set(pointer, table),
            random.choice(s.forms("sum", rd=pointer, rs1=pointer, rs2=index)),
            s.line("load", rd=pointer, imm=0, rs1=pointer),
            random.choice(s.forms("leap", rd=0, rs1=pointer, imm=0)),
        )
        cases = [
            Group((Mark(label),), tuple(body), (s.line("jump", end, rd=0),))
            for label, body in zip(labels, bodies, strict=True)
        ]
        return Group(head, tuple(cases), (Mark(end),))

    def leap(self, body: Sequence[Node], kept: Collection[int]) -> Group:
        """Any kind of jump over the body."""
        end, size = self._label(), size_of(body)
        jump = self._random.choice(self._jumps)
        if target_of(jump) is not None:
            line = self._directed(jump, end, size, kept)
            head: tuple[Node, ...] = () if line is None else (line,)
        elif not jump.operands:
            head = self._returning(jump, end)
        else:
            head = self._indirect(jump, end, kept)
        return Group(head, tuple(body), (Mark(end),))

    def illegal(self) -> Bits:
        """A word that is no instruction, or hardly one."""
        random = self._random
        if self._machine.ialign == 2 and random.random() < 0.3:
            return Bits(0, 2)
        return Bits(random.choice((0xFFFFFFFF, 0x0000707F, 0x00007077, 0xC0001073)), 4)

    def astray(self) -> Group:
        """A jump to where no instruction can be fetched."""
        s, random = self._scaffold, self._random
        end = self._label()
        first, second = self._duties.scratch
        astray = random.choice((place.NOWHERE, place.NOWHERE + 2, 0xFFFF_FF00, place.RAM.stop))
        head = (
            Set(first, "recovery"),
            Set(second, end),
            s.line("store", rs2=second, imm=0, rs1=first),
            Set(first, astray),
            random.choice(s.forms("leap", rd=0, rs1=first, imm=0)),
        )
        return Group(head, (), (Mark(end),))

    def patch(self) -> Group:
        """Store an instruction from elsewhere over one that comes next."""
        s, random = self._scaffold, self._random
        place_, donor = self._label(), self._label()
        first, second = self._duties.scratch
        free = [n for n in range(6, 32) if n not in self._duties.kept]
        number = random.choice(free)
        new = s.line("add", rd=number, rs1=number, imm=random.randint(-99, 99))
        old = s.line("add", rd=number, rs1=number, imm=random.randint(-99, 99))
        over = self._label()
        head: list[Node] = [
            Set(first, donor),
            s.line("load", rd=second, imm=0, rs1=first),
            Set(first, place_),
            s.line("store", rs2=second, imm=0, rs1=first),
        ]
        if "synchronize" in s.parts:
            head.append(s.line("synchronize"))
        body = (Mark(place_), old, s.line("jump", over, rd=0), Mark(donor), new, Mark(over))
        return Group(tuple(head), (), body)

    def _directed(
        self, instruction: Instruction, label: str, size: int, kept: Collection[int]
    ) -> Line | None:
        """The instruction leading to a label behind `size` bytes; None where it cannot."""
        operand = target_of(instruction)
        assert operand is not None
        fields = self._operands.fields(instruction, kept, **{operand.name: 0})
        if fields is None or operand.field.high < size + 16:
            return None
        del fields[operand.name]
        return Line(instruction, fields, label)

    def _returning(self, jump: Instruction, end: str) -> tuple[Node, ...]:
        """A jump without operands goes where mepc says, most often in machine mode."""
        s, random, first = self._scaffold, self._random, self._duties.scratch[0]
        csrs = self._machine.csrs
        mode: list[Node] = []
        if "mpp" in self._machine.states and random.random() < 0.7:
            csr = csrs["mstatus"].address
            mode = [Set(first, MACHINE), s.line("set", rd=0, csr=csr, rs1=first)]
        to = s.line("write", rd=0, csr=csrs["mepc"].address, rs1=first)
        return *mode, Set(first, end), to, Line(jump, {})

    def _indirect(self, jump: Instruction, end: str, kept: Collection[int]) -> tuple[Node, ...]:
        """A jump through a register, with an offset where it has one."""
        where = address_of(jump)
        base = where.base if where is not None else jump.operands.get(next(iter(jump.reads), ""))
        if not isinstance(base, RegisterOperand):
            return ()
        taken = {0, *kept, *self._duties.links}
        high = min(base.first + base.field.high, 31)
        number = self._random.choice([n for n in range(base.first, high + 1) if n not in taken])
        fields = self._operands.fields(jump, kept, **{base.name: number - base.first})
        if fields is None:
            return ()
        offset = fields[where.offset.name] if where is not None and where.offset is not None else 0
        return Set(number, end, -offset), Line(jump, fields)

    def _label(self) -> str:
        self._labels += 1
        return f"l{self._labels}"


def _reaches(line: Line, distance: int) -> bool:
    operand = target_of(line.instruction)
    return operand is not None and operand.field.low <= distance <= operand.field.high
