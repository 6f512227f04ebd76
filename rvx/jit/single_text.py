"""The function of one instruction word, and a loop that calls it: LLVM IR for `single.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rvx.jit.guest import Guest, Snapshot
from rvx.jit.host import Host, this_host
from rvx.jit.layout import Layout, Place
from rvx.jit.lowering import Effects, Lowering, Untranslatable, rounding_mode
from rvx.jit.region import Reason
from rvx.jit.text import Function, Module
from rvx.model.decoder import Decoder
from rvx.model.machine import Machine
from rvx.number import Rounding

if TYPE_CHECKING:
    from rvx.jit.number.numbers import Numbers


def single_text(
    machine: Machine,
    word: int,
    *,
    pc: int,
    modes: Mapping[Place, int] | None = None,
    host: Host | None = None,
    use_host: bool = True,
    numbers: Callable[[Module, Host], Numbers] | None = None,
) -> tuple[str, Layout]:
    """The module of `void @one(ptr block)`, and the block's layout.

    `modes` are those that differ from reset. Raises Untranslatable, also where the word is no
    instruction.
    """
    if numbers is None:
        from rvx.jit.number.numbers import Numbers

        numbers = Numbers
    layout, host = Layout(machine), host or this_host()
    known = {p: machine.states[p.name].reset[0] for p in layout.modes} | dict(modes or {})
    module = Module()
    _One(machine, layout, module, numbers(module, host), host, known).write(word, pc, use_host)
    return module.text(), layout


class _One:
    """Writes the function `one`."""

    def __init__(
        self,
        machine: Machine,
        layout: Layout,
        module: Module,
        numbers: Numbers,
        host: Host,
        modes: dict[Place, int],
    ) -> None:
        self._machine, self._layout, self._numbers, self._host = machine, layout, numbers, host
        self._out = Function(module, "one", "void", ["ptr noalias"], linkage="")
        self._bails = False
        self._guest = Guest(
            self._out, layout, "%p0", modes, self._bail, host=host, counter=self._counter
        )

    def write(self, word: int, pc: int, use_host: bool) -> None:
        machine, out, guest, host = self._machine, self._out, self._guest, self._host
        decoded = Decoder(machine).decode(word)
        if decoded is None:
            raise Untranslatable
        instruction, fields = decoded.expand(decoded.decode(word))
        mode = rounding_mode(machine, instruction, fields, guest.modes)
        host_mode = mode if use_host and host.rounds_in(mode) else None
        start = guest.snapshot()
        out.jump("prologue")
        out.begin("start")
        effects = Lowering(
            guest,
            lambda: self._numbers,
            machine,
            instruction,
            fields,
            pc=pc,
            length=decoded.length,
            mode=mode,
            host_mode=host_mode,
            sticky=False,
        ).run()
        self._go(effects, pc + decoded.length & (1 << machine.xlen) - 1)
        self._leave(start, host_mode)

    def _go(self, effects: Effects, following: int) -> None:
        """Set pc and the reason, and go on at the exit."""
        out, xlen = self._out, self._machine.xlen
        target = str(following)
        if effects.target is not None:
            target = out.select(effects.taken or "1", f"i{xlen}", effects.target, target)
        self._guest.flush()
        self._set("pc", out.resize(target, xlen, 64))
        self._set("reason", str(int(Reason.RESOLVE if effects.modes_unknown else Reason.CONTINUE)))
        out.jump("exit")

    def _leave(self, start: Snapshot, host_mode: Rounding | None) -> None:
        out, guest, host = self._out, self._guest, self._host
        if self._bails:
            out.begin("bail")
            guest.restore(start)
            self._set("reason", str(int(Reason.BAIL)))
            out.jump("end")
        out.begin("exit")
        guest.exit()
        out.jump("end")
        out.begin("end")
        host.restore(out, "%saved")
        out.ret()
        out.begin("prologue")
        out.line(f"%saved = or i32 {host.save(out)}, 0")
        host.set_control(out, host_mode)
        guest.entry()
        out.jump("start")
        out.finish()

    def _bail(self) -> str:
        self._bails = True
        return "bail"

    def _counter(self, name: str) -> str:
        control, out = self._layout.control, self._out
        now = out.load("i64", "%p0", control[name].offset, align=8)
        base = out.load("i64", "%p0", control[f"{name}_base"].offset, align=8)
        return out.op("sub", 64, now, base)

    def _set(self, name: str, value: str) -> None:
        self._out.store("i64", value, "%p0", self._layout.control[name].offset, align=8)


def batch_text(size: int) -> str:
    """The module of `void @batch(block, pristine, rows, inputs' offsets, their number, inputs,
    outputs' ..., one)`, for blocks of so many bytes: every row starts from the pristine block."""
    module, parameters = Module(), ["ptr", "ptr", "i64", "ptr", "i64", "ptr", "ptr", "i64", "ptr"]
    out = Function(module, "batch", "void", [*parameters, "ptr"], linkage="")
    module.declare("void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)")
    with _Loop(out, "row", "%p2") as row:
        out.line(
            "call void @llvm.memcpy.p0.p0.i64("
            f"ptr align 8 %p0, ptr align 8 %p1, i64 {size}, i1 false)"
        )
        with _Loop(out, "input", "%p4") as column:
            inside = _cell(out, "%p0", out.load("i64", _slot(out, "%p3", column)))
            out.store("i64", out.load("i64", _in_row(out, "%p5", row, "%p4", column)), inside)
        out.line("call void %p9(ptr %p0)")
        with _Loop(out, "output", "%p7") as column:
            inside = _cell(out, "%p0", out.load("i64", _slot(out, "%p6", column)))
            out.store("i64", out.load("i64", inside), _in_row(out, "%p8", row, "%p7", column))
    out.ret()
    out.finish()
    return module.text()


class _Loop:
    """`for i in range(count)` around what is emitted inside."""

    def __init__(self, out: Function, name: str, count: str) -> None:
        self._out, self._name, self._count = out, name, count
        self._cell = out.variable("i64")

    def __enter__(self) -> str:
        out, name = self._out, self._name
        out.store("i64", "0", self._cell)
        out.jump(name)
        out.begin(name)
        index = out.load("i64", self._cell)
        out.branch(out.compare("ult", 64, index, self._count), f"{name}.body", f"{name}.end")
        out.begin(f"{name}.body")
        self._index = index
        return index

    def __exit__(self, *_: object) -> None:
        out, name = self._out, self._name
        out.store("i64", out.op("add", 64, self._index, "1"), self._cell)
        out.jump(name)
        out.begin(f"{name}.end")


def _cell(out: Function, pointer: str, offset: str) -> str:
    return out.value(f"getelementptr i8, ptr {pointer}, i64 {offset}")


def _slot(out: Function, pointer: str, index: str) -> str:
    return out.value(f"getelementptr i64, ptr {pointer}, i64 {index}")


def _in_row(out: Function, pointer: str, row: str, columns: str, column: str) -> str:
    index = out.op("add", 64, out.op("mul", 64, row, columns), column)
    return _slot(out, pointer, index)
