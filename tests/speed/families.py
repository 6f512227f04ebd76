"""`python -m tests.speed.families`: what one instruction of each family costs beside fadd.s.

A loop of `COPIES` of an instruction on registers is run by the JIT without timing, and the loop
without them is taken away. All of them are one dependent chain where the types allow it, which goes
on from turn to turn: each instruction takes the result of the one before, as accumulator or as
first operand. The other operands change in each turn, so that nothing is computed once. At the end
of a turn the chain keeps its sign, in every lane, and gets a fresh magnitude, so that it does not
leave the range.
Where the result is no operand of the kind, or a part of a register is written, each copy has its
own, which is stored in both loops, and only the throughput is measured: these are marked `-`.
The median of several rounds in turn; million instructions per CPU second.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from rvx.command.main import main as rvx
from rvx.description import load_machine
from rvx.machine.simulator import Simulator
from rvx.model.machine import (
    ImmediateOperand,
    Instruction,
    LanesView,
    NumberView,
    RegisterOperand,
    RoundingOperand,
)
from rvx.number import Fixed, Float, Format, Rounding, from_integer

COPIES, CHAIN, FRESH = 8, 14, 13
RESULTS = {
    "x": (14, 15, 16, 17, 18, 19, 28, 29),
    "f": (0, 1, 2, 3, 4, 5, 6, 7),
    "p": (0, 1, 2, 3, 4, 5, 6, 7),
}
PATIENCE, RISE, SHORTEST = 5.0, 1.2, 0.02  # seconds
_LETTERS = {8: "b", 16: "h", 32: "s", 64: "d"}
HIDDEN = 0.1  # nanoseconds: what takes less runs beside what the loop does anyway
BASE = "fadd.s"
# One of each family, by the instruction set. Those that are SLOW may be slower than a twentieth of
# fadd.s: divisions, stochastic roundings, and those of a quire.
FAMILIES = {
    "rv32imfd_xposit_xmx_xnvfp4_xvsq_xfp4_xluq_xsmallfloat_xfvec": (
        "fmadd.s", "fadd.d", "fmadd.d", "fadd.h", "fmadd.h", "fadd.b", "fmul.b", "fcvt.b.s",
        "fcvt.s.b", "fmacex.s.h", "fmacex.s.b", "vfadd.h", "vfmul.b", "vfmac.h", "vfmac.b",
        "vfeq.b", "vfsgnj.h", "vfmin.b", "vfcpka.b.s", "vfcvt.s.h", "vfcvt.b.h", "vfdotpex.s.h",
        "vfdotpex.h.b", "vfsumex.h.b", "vfsum.h", "vfsum.b", "mxdot.s.e5m2", "mxdot.s.e4m3",
        "mxdot.s.e3m2", "mxdot.s.e2m1", "mxdot.s.int8", "mxdot.ah.e4m3", "mxdotp.s.e4m3",
        "mxdotp.s.e5m2", "mxscale.e4m3", "mxq.e4m3", "mxq.e2m1", "mxq.int8", "mxdq.e4m3",
        "famax.s", "nvdot.s", "nvstep.s", "nvdq.e2m1", "vsqdot.n", "vsqdot.b", "vsqacc",
        "r4dot.s.i4", "r4dot.h.i4", "r2dot.s.i4", "r4q", "r2q", "padd.s", "pmul.s", "qmadd.s",
        "fdiv.b", "nvscale.s", "nvq.e2m1", "vsqq.n", "vsqscale.n.4", "sawbq", "pactq", "r2qs",
    ),
    "rv32imf_zfh_zfbfmin_xacc": (
        "fadd.h", "fmadd.h", "fcvt.h.s", "fcvt.bf16.s", "accfuse.s.h", "accseq.s.h", "accmul.s.h",
        "acctree.s.h", "accalign.s.h", "accfuse.h.b", "accseq.h.b", "accmul.h.b", "acctree.h.b",
        "accalign.h.b",
    ),
    "rv32imf_xpositvec": (
        "vpadd.b", "vpmul.b", "vpmac.b", "vpmre.b", "vpmin.b", "vpeq.b", "vpcvt.x.b", "vpadd.h",
        "vpmul.h", "vpmac.h", "vpadd.s", "vpmul.s", "vpmac.s", "vbpadd.b", "vbpadd.h", "vbpadd.s",
        "vbpmul.s", "vpcvt0.h.b", "vpcvt0.f.h", "vpcvt0.h.f", "vbpcvtp.h", "vpqdot.b", "vpqdot.h",
        "vpqdot.s", "vbpqdot.s", "vbp800qdot.s", "vpdiv.h", "vpsqrt.h", "vpqround.s",
    ),
}  # fmt: skip
SLOW = (
    "fdiv.b", "nvscale.s", "nvq.e2m1", "vsqq.n", "vsqscale.n.4", "sawbq", "pactq", "r2qs",
    "vpdiv.h", "vpsqrt.h", "vpqround.s",
)  # fmt: skip
# Those that write a part of rd, whose results the next copy would write over.
PARTIAL = (
    "vfcpka.b.s", "mxq.e4m3", "mxq.e2m1", "mxq.int8", "nvq.e2m1", "vsqq.n", "r4q", "r2q", "r2qs",
    "sawbq", "pactq",
)  # fmt: skip
SCALES = {"Xnvfp4": 0x3838_3838, "Xvsq": 0x0011_0013}


def code_of(format: Format, random: Random) -> int:
    """A number of moderate size."""
    if isinstance(format, Float) and format.exponent > 3:
        number = from_integer(random.choice((-5, -3, -2, -1, 1, 2, 3, 5, 6, 7)))
        return format.encode(number, Rounding.RNE)[0]
    if isinstance(format, Fixed):
        return random.getrandbits(format.bits)
    return random.getrandbits(format.bits - 1)


def value_of(operand: RegisterOperand, instruction: Instruction, random: Random) -> int:
    use: Any = getattr(operand.view, "format", None)
    formats: Any = getattr(use, "format", None) or getattr(use, "formats", (None,))[0]
    width = operand.file.width
    match operand.view:
        case NumberView(_, bits):
            return code_of(formats, random) | (
                (-1 << bits) & (1 << width) - 1 if operand.file.boxed else 0
            )
        case LanesView(_, bits, count):
            return sum(code_of(formats, random) << bits * i for i in range(count))
    if operand.file.name == "x":
        return SCALES.get(instruction.extension, 0x7F7F_7F7F)
    scales = SCALES.get(instruction.extension, 0x7F7F_7F7F) & 0xFFFF
    single = from_integer(random.choice((2, 3, 5)))
    low, _ = Float(8, 23).encode(single, Rounding.RNE)
    return (low | scales << 32) & (1 << width) - 1


def is_chained(instruction: Instruction) -> bool:
    """Whether each copy can take the result of the one before."""
    registers = [o for o in instruction.operands.values() if isinstance(o, RegisterOperand)]
    views = {o.name: (o.file.name, o.view) for o in registers}
    if instruction.mnemonic in PARTIAL:
        return False
    if "rd" in views and "rd" in instruction.reads:
        return True
    return views.get("rd") == views.get("rs1", 0) == views.get("rs2", views.get("rs1"))


def program(instruction: Instruction | None, base: Instruction, known: Container[str]) -> str:
    """The loop, with copies of the instruction or without, by `known` mnemonics."""
    of = instruction or base
    random = Random(of.mnemonic)
    registers = [o for o in of.operands.values() if isinstance(o, RegisterOperand)]
    setup, data = list[str](), list[str]()
    refresh, change = list[str](), list[str]()
    names = {"rs2": 11, "rs3": 12}

    def name(operand: RegisterOperand, number: int) -> str:
        file = operand.file.name
        return f"pt{number}" if file == "p" else f"{file}{number}"

    def load(operand: RegisterOperand, number: int) -> None:
        label, width = f"d{len(data)}", operand.file.width
        value = value_of(operand, of, random)
        words = ", ".join(hex(value >> 32 * i & 0xFFFF_FFFF) for i in range(max(width // 32, 1)))
        data.append(f".balign 8\n{label}: .word {words}")
        setup.append(f"la t1, {label}\n{_moved(operand)} {name(operand, number)}, 0(t1)")

    for given in registers:
        if given.name == "rs1":
            # Of each copy its own, and no constant of the loop: nothing is computed only once.
            for k in range(COPIES):
                load(given, 20 + k)
                own = name(given, 20 + k)
                change.append(_changed(given, own))
            if _is_boxed(given) or isinstance(given.view, LanesView):
                change = _turned([name(given, 20 + k) for k in range(COPIES)], given)
        elif given.name != "rd":
            load(given, names[given.name])
    rd = next((o for o in registers if o.name == "rd"), None)
    chained = is_chained(of)
    if rd is not None:
        load(rd, FRESH)
    if rd is not None and chained:
        inject, chain, fresh = _injecting(rd, known), name(rd, CHAIN), name(rd, FRESH)
        turns = (chain, fresh, chain) if inject else (chain, chain, fresh)
        refresh = [f"{inject or 'xor'} {', '.join(turns)}"]
    copies = []
    stores = rd is not None and not chained
    if rd is not None and stores:
        # Each copy has a result of its own that is stored: else it would not be computed, as the
        # next one, or the next turn's, takes its place.
        data.append(f".balign 8\nresults: .space {8 * COPIES}")
        setup.append("la x9, results")
        setup += [f"{_moved(rd)} {name(rd, into)}, 0(t1)" for into in RESULTS[rd.file.name]]
    for k in range(COPIES if instruction else 0):
        texts = []
        for operand in of.operands.values():
            match operand:
                case RegisterOperand():
                    places = {"rd": CHAIN, "rs1": 20 + k, **names}
                    if stores and rd is not None:
                        places["rd"] = RESULTS[rd.file.name][k]
                    if chained and "rd" not in of.reads:  # x = x op y
                        places |= {"rs1": CHAIN, "rs2": 20 + k}
                    texts.append(name(operand, places[operand.name]))
                case ImmediateOperand():
                    texts.append("1")
                case RoundingOperand():
                    pass
        copies.append(f"{of.mnemonic} {', '.join(texts)}")
    if rd is not None and stores:
        how = {"x": "sw", "p": "psw", "f": "fsd" if rd.file.width == 64 else "fsw"}[rd.file.name]
        into = RESULTS[rd.file.name]
        refresh = [f"{how} {name(rd, each)}, {8 * k}(x9)" for k, each in enumerate(into)]
    lines = [".text", ".globl _start", "_start:", *setup, "loop:"]
    lines += [*change, *copies, *refresh, "j loop", ".data", *data, ""]
    return "\n".join(lines)


def _is_boxed(operand: RegisterOperand) -> bool:
    """Whether the number is short of its register: the sign bit there is not its own."""
    return isinstance(operand.view, NumberView) and operand.view.width < operand.file.width


def _changed(operand: RegisterOperand, register: str) -> str:
    """Another operand in the register."""
    negate = {"p": "pneg.s", "f": "fneg.d" if operand.file.width == 64 else "fneg.s"}
    how = negate.get(operand.file.name)
    return f"{how} {register}, {register}" if how else f"xori {register}, {register}, 1"


def _turned(registers: list[str], operand: RegisterOperand) -> list[str]:
    """Each register gets the next one's contents: boxed numbers stay numbers."""
    move, spare = "fmv.d" if operand.file.width == 64 else "fmv.s", "f28"
    if operand.file.name == "x":
        move, spare = "mv", "x30"
    into = [spare, *registers]
    return [f"{move} {to}, {of}" for to, of in zip(into, [*registers, spare], strict=True)]


def _injecting(operand: RegisterOperand, known: Container[str]) -> str | None:
    """What takes a number's sign, of lanes each its own, so that none is computed for nothing;
    None: it is an integer."""
    if operand.file.name == "p":
        return "psgnj.s"
    if operand.file.name != "f":
        return None
    width, whole = operand.view.width, f"fsgnj.{_LETTERS[operand.file.width]}"
    if not isinstance(operand.view, LanesView):
        own = f"fsgnj.{_LETTERS.get(width, '')}"  # a number that is boxed has its sign there
        return own if own in known else whole
    letters = [f"{kind}sgnj.{_LETTERS.get(width, '')}" for kind in ("vf", "vp")]
    found = next((each for each in letters if each in known), None)
    assert found or operand.view.count == 1, operand.view
    return found or whole


def _moved(operand: RegisterOperand) -> str:
    """The load of a register."""
    return {"x": "lw", "p": "plw", "f": "fld" if operand.file.width == 64 else "flw"}[
        operand.file.name
    ]


class Loop:
    """A program on the JIT, running on and on."""

    def __init__(self, text: str, isa: str, folder: Path, name: str) -> None:
        source, elf = folder / f"{name}.S", folder / f"{name}.elf"
        source.write_text(text)
        assert rvx(["asm", "--isa", isa, str(source), "-o", str(elf)]) == 0, name
        self.simulator = Simulator(isa=isa, timing=False)
        self.simulator.load(elf)
        body = text.split("loop:\n")[1].split(".data")[0]
        self.turn = len([line for line in body.splitlines() if line])
        self.turns = 1000

    def seconds(self) -> float:
        """CPU seconds of a turn."""
        started = time.thread_time()
        self.simulator.run(self.turns * self.turn)
        used = time.thread_time() - started
        cost = used / self.turns
        if used < SHORTEST:  # next time more
            self.turns *= 2
        return cost


def warm(*loops: Loop) -> None:
    """Run them in turn until none has become better for a while: a large region takes long."""
    best, since = [float("inf")] * len(loops), time.monotonic()
    while time.monotonic() - since < PATIENCE:
        for number, loop in enumerate(loops):
            cost = loop.seconds()
            if cost * RISE < best[number]:
                best[number], since = cost, time.monotonic()


def measure(mnemonics: Iterable[str], isa: str, rounds: int) -> Iterator[tuple[Instruction, float]]:
    """Each instruction, and its nanoseconds."""
    machine = load_machine(isa)
    with tempfile.TemporaryDirectory(prefix="rvx-families-") as folder:
        for mnemonic in mnemonics:
            instruction = machine.instructions[mnemonic]
            with_, without = (
                Loop(program(i, instruction, machine.instructions), isa, Path(folder), n)
                for i, n in ((instruction, "with"), (None, "without"))
            )
            warm(with_, without)
            found = [with_.seconds() - without.seconds() for _ in range(rounds)]
            yield instruction, median(found) / COPIES * 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--isa", default=next(iter(FAMILIES)), help="for the mnemonics given")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("mnemonics", nargs="*", help="default: all families")
    given = parser.parse_args()
    wanted = {given.isa: given.mnemonics} if given.mnemonics else FAMILIES
    for isa, mnemonics in wanted.items():
        report(measure([BASE, *mnemonics], isa, given.rounds))


def report(costs: Iterable[tuple[Instruction, float]]) -> None:
    """A line for each; the first is BASE."""
    base = 0.0  # nanoseconds
    for instruction, cost in costs:
        base = base or cost
        kind = " " if is_chained(instruction) else "-"
        slow = cost > 20 * base
        note = " may be" if instruction.mnemonic in SLOW else " TOO SLOW"
        if cost < HIDDEN:
            print(f"{instruction.mnemonic:16} {kind} {'hidden':>9}", flush=True)
            continue
        speed = f"{1e3 / cost:9.1f} MIPS  {cost:6.2f} ns"
        share = f"1/{cost / base:.1f} of {BASE}{note if slow else ''}"
        print(f"{instruction.mnemonic:16} {kind} {speed}  {share}", flush=True)


if __name__ == "__main__":
    main()
