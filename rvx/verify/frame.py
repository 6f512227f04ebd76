"""What surrounds the random part: start, trap handler, end."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rvx.model import ir
from rvx.model.machine import Instruction, Machine, RegisterFile, RegisterOperand
from rvx.model.walk import nodes
from rvx.verify import place
from rvx.verify.node import Group, Line, Mark, Node, Set
from rvx.verify.operands import INTEGER, address_of
from rvx.verify.place import Duties
from rvx.verify.scaffold import Scaffold

_CELL = 8  # bytes for each register, where they are loaded from and stored to
_REACH = 128  # cells that one base register serves
ENABLED = 0x6000  # mstatus.FS dirty
_SOURCES = 0x88  # mie: timer and software
_ALL_ENABLED = 0x8  # mstatus.MIE
MACHINE = 0x1800  # mstatus.MPP: machine mode
WILD_CAUSES = 2  # exception codes below are of fetches: there is no next instruction
DUMPED = ("fcsr", "fflags", "frm", "fmode", "mscratch")  # CSRs in the signature, where they exist


class Frame:
    """Makes the fixed parts for one choice of registers."""

    def __init__(self, machine: Machine, scaffold: Scaffold, duties: Duties) -> None:
        self._machine, self._s, self._duties = machine, scaffold, duties
        self._csr = {name: csr.address for name, csr in machine.csrs.items()}

    def start(self) -> tuple[Node, ...]:
        """The handler, which must be aligned, and behind it the code that loads every register
        and then gives those with a duty what they need."""
        s, d = self._s, self._duties
        scratch = d.scratch[0]
        first = (
            s.line("jump", "begin", rd=0),
            self._handler(),
            Mark("begin"),
            Set(scratch, "handler"),
            s.line("write", rd=0, csr=self._csr["mtvec"], rs1=scratch),
            Set(scratch, ENABLED | MACHINE),
            s.line("write", rd=0, csr=self._csr["mstatus"], rs1=scratch),
        )
        duties = (
            Set(d.base, "area", place.AREA_BYTES // 2),
            Set(d.stack, "area", place.AREA_BYTES // 2),
            Set(d.log, "log"),
        )
        apart = {0, scratch, d.base, d.stack, d.log}
        loads = self._all("load", "seeds", apart)
        return *first, *duties, Group(tuple(loads), (), ())

    def enable(self, scratch: int) -> list[Node]:
        """Turn the floating-point unit on."""
        if "fs" not in self._machine.states:
            return []
        address = self._csr["mstatus"]
        return [Set(scratch, ENABLED), self._s.line("set", rd=0, csr=address, rs1=scratch)]

    def disable(self, scratch: int) -> list[Node]:
        """Turn the floating-point unit off."""
        if "fs" not in self._machine.states:
            return []
        address = self._csr["mstatus"]
        return [Set(scratch, ENABLED), self._s.line("clear", rd=0, csr=address, rs1=scratch)]

    def end(self) -> Group:
        """Store every register that can be stored, and tell the host."""
        s, (scratch, other) = self._s, self._duties.scratch
        nodes: list[Node] = [Mark("finish"), *self.enable(scratch)]
        nodes += self._all("store", "registers", {scratch, other})
        offset = _CELL * sum(file.count for file in self._machine.files.values())
        for name in DUMPED:
            if name in self._csr:
                nodes += [
                    s.line("set", rd=other, csr=self._csr[name], rs1=0),
                    Set(scratch, "registers", offset),
                    s.line("store", rs2=other, imm=0, rs1=scratch),
                ]
                offset += 4
        nodes += [
            Set(other, 1),
            Set(scratch, "tohost"),
            s.line("store", rs2=other, imm=0, rs1=scratch),
            Mark("end"),
            s.line("jump", "end", rd=0),
        ]
        return Group(tuple(nodes), (), ())

    def _handler(self) -> Group:
        """Log cause, value and pc; go on behind the instruction, or where `recovery` says."""
        s, (first, second), log = self._s, self._duties.handler, self._duties.log
        nodes: list[Node] = [Mark("handler")]
        for offset, name in enumerate(("mcause", "mtval", "mepc")):
            nodes.append(s.line("set", rd=first, csr=self._csr[name], rs1=0))
            nodes.append(s.line("store", rs2=first, imm=4 * offset, rs1=log))
        nodes += [
            s.line("add", rd=log, rs1=log, imm=place.LOG_ENTRY),
            s.line("mask", rd=log, rs1=log, imm=~place.LOG_BYTES),
            *self.return_to_machine_mode(first),
            s.line("set", rd=second, csr=self._csr["mcause"], rs1=0),
            s.line("set", rd=first, csr=self._csr["mepc"], rs1=0),
            *self._if_interrupt(second),
            s.line("below", rd=second, rs1=second, imm=WILD_CAUSES),
            s.line("differ", "wild", rs1=second, rs2=0),
            *self._behind(first, second),
            Mark("resume"),
            s.line("write", rd=0, csr=self._csr["mepc"], rs1=first),
            s.line("return"),
            Mark("wild"),
            Set(first, "recovery"),
            s.line("load", rd=first, imm=0, rs1=first),
            s.line("jump", "resume", rd=0),
            *self._quieten(second),
        ]
        return Group(tuple(nodes), (), ())

    def return_to_machine_mode(self, scratch: int) -> list[Node]:
        """Let the next mret lead to machine mode, where there is another."""
        if "mpp" not in self._machine.states:
            return []
        csr = self._csr["mstatus"]
        return [Set(scratch, MACHINE), self._s.line("set", rd=0, csr=csr, rs1=scratch)]

    def _if_interrupt(self, cause: int) -> list[Node]:
        if not interrupt_ports(self._machine):
            return []
        return [self._s.line("negative", "interrupt", rs1=cause, rs2=0)]

    def _quieten(self, scratch: int) -> list[Node]:
        """Clear what interrupts: no software interrupt, and the timer never."""
        ports = interrupt_ports(self._machine)
        if not ports:
            return []
        s, log = self._s, self._duties.log
        nodes: list[Node] = [Mark("interrupt")]
        for name, address in ports.items():
            nodes.append(Set(scratch, address))
            nodes.append(s.line("store", rs2=0 if name == SOFTWARE else log, imm=0, rs1=scratch))
        return [*nodes, s.line("jump", "resume", rd=0)]

    def _behind(self, pc: int, scratch: int) -> Iterator[Node]:
        """Step pc over the instruction at it."""
        s = self._s
        if self._machine.ialign == 4:
            yield s.line("add", rd=pc, rs1=pc, imm=4)
            return
        yield s.line("half", rd=scratch, imm=0, rs1=pc)
        yield s.line("mask", rd=scratch, rs1=scratch, imm=3)
        yield s.line("add", rd=scratch, rs1=scratch, imm=-3)
        yield s.line("differ", "short", rs1=scratch, rs2=0)
        yield s.line("add", rd=pc, rs1=pc, imm=2)
        yield Mark("short")
        yield s.line("add", rd=pc, rs1=pc, imm=2)

    def interrupt(self, software: bool, when: int) -> list[Node]:
        """Interrupt the program, at once or when so many ticks have passed since reset."""
        ports = interrupt_ports(self._machine)
        s, (first, second) = self._s, self._duties.scratch
        enabled, every = self._csr["mie"], self._csr["mstatus"]
        nodes: list[Node] = [
            Set(first, _SOURCES),
            s.line("write", rd=0, csr=enabled, rs1=first),
            Set(first, _ALL_ENABLED),
            s.line("set", rd=0, csr=every, rs1=first),
        ]
        values = {SOFTWARE: 1} if software else dict(zip(TIMER, (when, 0), strict=True))
        for name in (name for name in (SOFTWARE, *reversed(TIMER)) if name in values):
            nodes += [Set(first, ports[name]), Set(second, values[name])]
            nodes.append(s.line("store", rs2=second, imm=0, rs1=first))
        return nodes

    def _files(self) -> list[RegisterFile]:
        """Integers last: their registers hold addresses until then."""
        others = [f for f in self._machine.files.values() if f.name != INTEGER]
        return [*others, self._machine.files[INTEGER]]

    def _all(self, kind: str, label: str, apart: Collection[int]) -> list[Node]:
        """Load or store every register, but for the integer ones in `apart`, a cell each."""
        scratch = self._duties.scratch[0]
        found: list[Node] = []
        cell = 0
        for file in self._files():
            access = widest_access(self._machine, kind, file)
            for number in range(file.count):
                if access is not None and not (file.name == INTEGER and number in apart):
                    if not found or cell % _REACH == 0:
                        found.append(Set(scratch, label, cell // _REACH * _REACH * _CELL))
                    found.append(access.line(number, scratch, cell % _REACH * _CELL))
                cell += 1
        return found


SOFTWARE, TIMER = "msip", ("mtimecmp", "mtimecmph")  # ports of the interrupts' sources


def interrupt_ports(machine: Machine) -> dict[str, int]:
    """Addresses of the ports through which a program interrupts itself; empty where it cannot."""
    found = {p.name: p.address for p in machine.ports if p.name in (SOFTWARE, *TIMER)}
    return found if machine.interrupts and SOFTWARE in found else {}


@dataclass(frozen=True)
class Access:
    """A load or store, with the names of its operands."""

    instruction: Instruction
    data: str
    base: str
    offset: str

    def line(self, register: int, base: int, offset: int) -> Line:
        """The access with these operands."""
        fields = {self.data: register, self.base: base, self.offset: offset}
        return Line(self.instruction, fields)


def widest_access(machine: Machine, kind: str, file: RegisterFile) -> Access | None:
    """The widest load or store of a register of the file, None where there is none."""
    best, widest = None, 0
    for instruction in machine.instructions.values():
        where = address_of(instruction)
        if kind not in instruction.classes or where is None or where.offset is None:
            continue
        if instruction.long is not None or not isinstance(where.base, RegisterOperand):
            continue
        others = [o for o in instruction.operands.values() if o not in (where.base, where.offset)]
        match others:
            case [RegisterOperand(file=of) as data] if of is file:
                width = max(_widths(instruction), default=0)
                if width > widest:
                    best = Access(instruction, data.name, where.base.name, where.offset.name)
                    widest = width
    return best


def _widths(instruction: Instruction) -> Iterator[int]:
    for node in nodes(instruction.body):
        if isinstance(node, ir.Load | ir.Store):
            yield node.size
