"""The loop that executes threaded code, as LLVM IR."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rvx.jit.guest import FLAGS
from rvx.jit.layout import SLOT, Layout
from rvx.jit.region import Reason
from rvx.jit.text import Function, Module
from rvx.jit.thread import CONTROL, HEADER, LEFT, ROW, UNKNOWN

if TYPE_CHECKING:
    from rvx.jit.host import Host


def write_threads(module: Module, name: str, layout: Layout, host: Host) -> None:
    """`void @name(ptr block)`: execute the thread that the block points to, as a region is."""
    out = Function(module, name, "void", ["ptr"], linkage="")
    control = layout.control
    thread = out.load("ptr", "%p0", control["thread"].offset, align=8)
    table = out.load("ptr", "%p0", control["operations"].offset, align=8)
    left = out.op("sub", 64, out.load("i64", thread, LEFT * SLOT, align=8), "1")
    out.store("i64", left, thread, LEFT * SLOT, align=8)
    warm, begin = out.label("warm"), out.label("begin")
    out.branch(out.compare("eq", 64, left, "0"), warm, begin, likely=False)
    out.begin(warm)
    out.store("i64", str(int(Reason.WARM)), "%p0", control["reason"].offset, align=8)
    out.ret()
    out.begin(begin)
    status = out.load("i32", thread, CONTROL * SLOT, align=8)
    uses_host = out.compare("ne", 32, status, "0")
    _where(out, uses_host, lambda: host.set_control_to(out, status))
    first = out.value(f"getelementptr i8, ptr {thread}, i64 {HEADER * SLOT}")
    start, loop, call, leave = out.block, out.label("next"), out.label("do"), out.label("leave")
    out.jump(loop)
    out.begin(loop)
    following = "%following"
    record = out.value(f"phi ptr [ {first}, %{start} ], [ {following}, %{call} ]")
    offset = out.load("i64", record, align=8)
    out.branch(out.compare("eq", 64, offset, "0"), leave, call, likely=False)
    out.begin(call)
    function = out.load("ptr", table, offset, align=8)
    step = out.value(f"call i64 {function}(ptr %p0, ptr {record})")
    out.line(f"{following} = getelementptr i8, ptr {record}, i64 {step}")
    out.branch(out.compare("eq", 64, step, "0"), leave, loop, likely=False)
    out.begin(leave)
    _leave(out, layout, record)
    _where(out, uses_host, lambda: _take_flags(out, layout, host))
    out.ret()
    out.finish()


def _where(out: Function, condition: str, emit: Callable[[], None]) -> None:
    """Emit something for where the condition (an i1) holds."""
    then, on = out.label("then"), out.label("on")
    out.branch(condition, then, on)
    out.begin(then)
    emit()
    out.jump(on)
    out.begin(on)


def _leave(out: Function, layout: Layout, record: str) -> None:
    """Note what the record says of where native code is left."""
    control = layout.control
    for index, name in enumerate(ROW, 1):
        value = out.load("i64", record, index * SLOT, align=8)
        before = out.load("i64", "%p0", control[name].offset, align=8)
        if name in ("instret", "cycle"):
            value = out.op("add", 64, before, value)
        elif name in ("pc", "region"):
            known = out.compare("ne", 64, value, str(UNKNOWN))
            value = out.select(known, "i64", value, before)
        out.store("i64", value, "%p0", control[name].offset, align=8)


def _take_flags(out: Function, layout: Layout, host: Host) -> None:
    if FLAGS.name not in layout.machine.states:
        return
    slot = layout.slot(FLAGS)
    before = out.load(f"i{slot.stored}", "%p0", slot.offset, align=8)
    flags = out.resize(host.take_flags(out), 32, slot.stored)
    out.store(
        f"i{slot.stored}", out.op("or", slot.stored, before, flags), "%p0", slot.offset, align=8
    )
