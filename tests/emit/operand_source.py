"""A C program that calls every intrinsic on random operands and prints a digest of each: the same
for the target and, with RVX_EMULATE, for a host."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from rvx.emit.ctype import Packed
from rvx.emit.derive import derive
from rvx.emit.emulate.formats import Formats
from rvx.emit.emulate.function_text import Unsupported
from rvx.emit.emulate.instructions import function
from rvx.emit.intrinsic import Constant, Intrinsic, Value
from rvx.model import ir
from rvx.model.machine import LanesView, Machine, NumberView, RegisterOperand, StateElement
from rvx.model.walk import nodes
from rvx.number import Fixed, Float, Format, Posit, Power

OPERANDS = (Path(__file__).parent / "operands.h").read_text(encoding="utf-8")
POSIT = Posit(32, 2)
MOVES = {"p": ("rvx_pmv_w_x", "rvx_pmv_x_w")}  # registers that no C variable is in
QUIRE = """\
        {
            int k;
            for (k = 0; k < 5; k++) { /* every bit of it */
                rvx_qround_s(20);
                out(rvx_pmv_x_w(20));
                rvx_pmv_w_x(21, 0x40000000);
                rvx_qmsub_s(20, 21);
            }
        }
"""
# Quires that are stored and loaded whole, by the names of their instructions.
LANE_QUIRES = {
    "lane_quire8": ("rvx_vpq8", 128),
    "lane_quire16": ("rvx_vpq16", 256),
    "lane_quire32": ("rvx_vpq32", 512),
    "lane_bquire": ("rvx_vbpq", 840),
    "lane_bquire800": ("rvx_vbp800q", 800),
}
CUSTOM_CSRS = range(0x800, 0x900)  # read and write, for user mode (privileged manual 2.1)
MOST_VALUES = 16  # of a mode that is no rounding mode
SAFE_CSRS = (0x001, 0x002, 0x003, 0x300, 0x340, 0x341, 0x343, 0x800, 0x301)
COUNTERS = frozenset({"cycle", "instret", "mtime"})


@dataclass
class Program:
    """Its C text and the intrinsics it calls, by name as it prints them."""

    text: str
    names: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)  # and why


def program(
    machine: Machine,
    count: int,
    seed: int,
    part: int,
    parts: int,
    thorough: bool,
    extensions: Collection[str] = (),
) -> Program:
    """`count` operands for each intrinsic, or each of one part of them, or of some extensions; if
    thorough, in all modes and with more constants."""
    chosen, found, pools = (
        random.Random(seed),
        Program(""),
        Pools(seed, 1 << max(10, count.bit_length())),
    )
    bodies: list[str] = []
    calls: list[str] = []
    for i, intrinsic in enumerate(wanted(machine, extensions)):
        if i % parts != part:
            continue
        reason = _skipped(machine, intrinsic)
        if reason:
            found.skipped[intrinsic.name] = reason
            continue
        variants = list(_variants(machine, intrinsic, thorough, chosen))
        tried = _modes(machine, intrinsic, thorough, i)
        text = "".join(
            _loop(machine, intrinsic, pools, variant, own, -(-count // len(variants) // len(own)))
            for v, variant in enumerate(variants)
            for own in [_own_modes(intrinsic, variant, tried, v)]
        )
        bodies.append(f"static void run_{i}(void)\n{{\n{text}}}\n")
        found.names.append(intrinsic.name)
        calls.append(f'    one(run_{i}, "{intrinsic.name}", {i}, only);\n')
    found.text = f"""\
#include "rvx.h"
#define POOL {pools.size}u
{OPERANDS}
{pools.text}
{_setup(machine)}
{"".join(bodies)}
static void one(void (*run)(void), const char *name, uint32_t number, const char *only)
{{
    const char *left = name, *right = only;
    while (right && *left && *left == *right)
        left++, right++;
    if (only && (*left || *right))
        return;
    digest = number;
    count = number * 77;
    run();
    report(name);
}}
static void all(const char *only)
{{
{"".join(calls)}}}
#ifdef ONLY
#define WANTED ONLY
#else
#define WANTED 0
#endif
int main(void)
{{
    traced = WANTED != 0;
    all(WANTED);
    return 0;
}}
"""
    return found


def wanted(machine: Machine, extensions: Collection[str]) -> list[Intrinsic]:
    """The intrinsics of the extensions, or all."""
    return [
        intrinsic
        for intrinsic in derive(machine).intrinsics
        if not extensions or intrinsic.instruction.extension in extensions
    ]


def _skipped(machine: Machine, intrinsic: Intrinsic) -> str | None:
    try:
        function(machine, intrinsic.instruction, "tried", Formats())
    except Unsupported as reason:
        return str(reason)
    if any(isinstance(n, ir.RaiseTrap) for n in nodes(intrinsic.instruction.body)):
        return "it may trap, which ends the program"
    csr = machine.csr_at.get(_fixed_csr(intrinsic))
    read = nodes((csr.value,)) if csr else ()
    if any(isinstance(n, ir.State) and n.name in COUNTERS for n in read):
        return "it reads a counter, which stands still on a host"
    return None


def _fixed_csr(intrinsic: Intrinsic) -> int:
    """The CSR that a form of the instruction names; -1: none."""
    placed = {p.field.name for p in intrinsic.placed}
    if "csr" in intrinsic.instruction.operands and "csr" not in placed:
        return intrinsic.instruction.decode(intrinsic.word)["csr"]
    return -1


def _setup(machine: Machine) -> str:
    """Setting the modes, which may cost a simulator new code, and the flags."""
    codes = [c for c, mode in machine.roundings.items() if mode is not None]
    lines = []
    if codes:
        table = ", ".join(map(str, codes))
        lines += [
            f"    static const uint32_t modes[] = {{{table}}};",
            f"    rvx_csrw(RVX_CSR_frm, modes[which % {len(codes)}]);",
        ]
    for name, state in _mode_csrs(machine).items():
        step = "which" if state.width <= 2 else "13 * which"  # small numbers and large ones
        lines.append(f"    rvx_csrw(RVX_CSR_{name}, {step} + which / {len(codes)});")
    flags = "frm" in machine.states
    after = ["    out(rvx_csrr(RVX_CSR_fcsr));"] if flags else []
    after += ["    rvx_csrw(RVX_CSR_fflags, 0);"] if flags else []
    return (
        "static void modes(uint32_t which)\n{\n" + "\n".join([*lines, "    (void)which;"]) + "\n}\n"
        "static void after(void)\n{\n"
        + "\n".join([*after, "    if (traced)", "        put_line();"])
        + "\n}\n"
    )


def _mode_csrs(machine: Machine) -> dict[str, StateElement]:
    """Modes of the machine's own, each with a CSR of its name."""
    found = [(c.name, machine.states.get(c.name)) for c in machine.csrs.values()]
    return {n: s for n, s in found if s is not None and s.mode and n != "frm"}


def _modes(machine: Machine, intrinsic: Intrinsic, thorough: bool, i: int) -> list[int]:
    """Which modes an intrinsic is tried in: all of them only in a sweep."""
    names = {n.name for n in nodes(intrinsic.instruction.body) if isinstance(n, ir.State)}
    codes = [c for c, mode in machine.roundings.items() if mode is not None]
    rounds = intrinsic.instruction.rounds and "frm" in machine.states
    most = len(codes) if rounds else 1
    for name, state in _mode_csrs(machine).items():
        most *= min(1 << state.width, MOST_VALUES) if name in names else 1
    if thorough:
        return list(range(most))
    return [i % most]


def _variants(
    machine: Machine, intrinsic: Intrinsic, thorough: bool, chosen: random.Random
) -> Iterable[dict[str, int]]:
    """Values of the constants: bounds and some between, every rounding mode."""
    if not intrinsic.constants:
        yield {}
        return
    fields = {p.parameter.name: p.field.name for p in intrinsic.placed}
    memory = _has_memory(intrinsic)
    modes = list(machine.roundings) if "rm" in fields.values() else []
    safe = [csr for csr in SAFE_CSRS if csr in machine.csr_at]
    writes = any(isinstance(n, ir.SetCsr) for n in nodes(intrinsic.instruction.body))
    most = len(modes) or (len(safe) if "csr" in fields.values() else 6)
    for i in range(most) if thorough else chosen.sample(range(most), 2):
        values = {}
        for constant in intrinsic.constants:
            match fields[constant.name]:
                case "rm":
                    values[constant.name] = modes[i]
                case "csr":
                    values[constant.name] = safe[i]
                case _:
                    values[constant.name] = _constant(constant, i, memory, chosen)
        if 0x300 in values.values() and writes:
            continue  # mstatus could switch the FPU off
        yield values


def _constant(constant: Constant, i: int, memory: bool, chosen: random.Random) -> int:
    low, high = constant.low, constant.high
    if memory:
        low, high = max(low, -20), min(high, 16)
        low += -low % (4 * constant.step)
        allowed = range(low, high + 1, 4 * constant.step)
    else:
        allowed = range(low, high + 1, constant.step)
    wanted = [allowed[0], allowed[-1], *chosen.choices(allowed, k=20)]
    return [value for value in wanted if value not in constant.refused][i]


def _has_memory(intrinsic: Intrinsic) -> bool:
    return any(isinstance(n, ir.Load | ir.Store) for n in nodes(intrinsic.instruction.body))


def _own_modes(
    intrinsic: Intrinsic, variant: dict[str, int], tried: list[int], v: int
) -> list[int]:
    """Where a constant is the rounding mode, frm does not matter: one of the modes will do."""
    return [tried[v % len(tried)]] if variant.get("rm", 7) != 7 else tried


def _loop(
    machine: Machine,
    intrinsic: Intrinsic,
    pools: Pools,
    constants: dict[str, int],
    tried: list[int],
    count: int,
) -> str:
    """Some calls with random values in each of the modes."""
    lines: list[str] = []
    arguments: list[str] = []
    after: list[str] = []
    body = tuple(nodes(intrinsic.instruction.body))
    aligned = any(isinstance(n, ir.Load | ir.Store) and n.aligned for n in body)
    for parameter in intrinsic.arguments:
        match parameter:
            case Constant(name):
                arguments.append(str(constants[name]))
            case Value(name, type):
                made = _made(intrinsic, pools, parameter, aligned)
                by_pointer = parameter.is_written and parameter is not intrinsic.result
                lines.append(f"{_typed(type.name)}v_{name} = {made};")
                arguments.append(f"{'&' if by_pointer else ''}v_{name}")
                if by_pointer:
                    after.append(f"out({_bits(parameter, f'v_{name}')});")
    numbers = _registers(intrinsic, pools, constants)
    for file, number, value in numbers:
        lines.append(f"{MOVES[file][0]}({number}, (uint32_t){value});")
        after.append(f"out({MOVES[file][1]}({number}));")
    quire = any(isinstance(n, ir.State | ir.SetState) and n.name == "quire" for n in body)
    if quire:
        lines += ["if (!(count & 3))", "    rvx_qclr_s();", "rvx_qmadd_s(22, 23);"]
        for number in (22, 23):
            value = pools.drawn([POSIT], 32, 1)
            lines.insert(0, f"rvx_pmv_w_x({number}, (uint32_t){value});")
    for name, (does, bits) in LANE_QUIRES.items():
        if any(isinstance(n, ir.State | ir.SetState) and n.name == name for n in body):
            lines.append(f"if (make_image(count, {bits}))\n            {does}_load(image);")
            after += [f"{does}_store(image);", f"out_image({bits});"]
    for csr in _own_csrs(machine, body):
        drawn = pools.drawn([], 32, 1)
        lines.append(f"if (!(count & 7))\n            rvx_csrw({csr}, (uint32_t){drawn});")
        after.append(f"out(rvx_csrr({csr}));")
    if "sc" in intrinsic.instruction.mnemonic.split("."):
        lines.append("if (count & 1)\n            rvx_lr_w(v_rs1);")
    call = f"{intrinsic.name}({', '.join(arguments)})"
    result = intrinsic.result
    if result is not None:
        declared = _typed(result.type.name)
        lines.append(
            f"const {declared}result = {call};"
            if "*" not in declared
            else f"{declared}result = {call};"
        )
        after.insert(0, f"out({_bits(result, 'result')});")
    else:
        lines.append(f"{call};")
    after += ["out_memory();"] if _has_memory(intrinsic) else []
    inner = "".join(f"        {line}\n" for line in [*lines, *after])
    listed = ", ".join(map(str, tried))
    return (
        f"    for (size_t m = 0; m < {len(tried)}; m++) {{\n"
        f"    modes((const uint32_t[]){{{listed}}}[m]);\n"
        f"    for (int i = 0; i < {count}; i++) {{\n{inner}"
        f"{QUIRE if quire else ''}        count++;\n        after();\n    }}\n    }}\n"
    )


def _own_csrs(machine: Machine, body: tuple[object, ...]) -> list[str]:
    """The CSRs, of those that are no modes, whose states a body writes."""
    written = {(n.name, n.index) for n in body if isinstance(n, ir.SetState)}
    return [
        f"{csr.address:#x}"
        for csr in machine.csrs.values()
        if csr.address in CUSTOM_CSRS
        and any(isinstance(n, ir.State) and (n.name, n.index) in written for n in nodes(csr.value))
    ]


def _typed(name: str) -> str:
    return name if name.endswith("*") else f"{name} "


def _registers(
    intrinsic: Intrinsic, pools: Pools, constants: dict[str, int]
) -> list[tuple[str, int, str]]:
    found = {}
    for placed in intrinsic.placed:
        operand = intrinsic.instruction.operands[placed.field.name]
        if isinstance(operand, RegisterOperand) and operand.file.name in MOVES:
            number = constants[placed.parameter.name]
            value = pools.drawn(_of_view(operand), operand.file.width, 1)
            found[number] = (operand.file.name, number, value)
    return list(found.values())


def _operand(intrinsic: Intrinsic, value: Value) -> RegisterOperand | None:
    for placed in intrinsic.placed:
        if placed.parameter == value:
            operand = intrinsic.instruction.operands[placed.field.name]
            assert isinstance(operand, RegisterOperand)
            return operand
    return None


def _made(intrinsic: Intrinsic, pools: Pools, value: Value, aligned: bool) -> str:
    """An expression of the parameter's type."""
    type, operand = value.type, _operand(intrinsic, value)
    if type.name.endswith("*"):
        return f"base({0 if aligned else 3})"
    match operand and operand.view:
        case LanesView(_, width, count):
            pass
        case NumberView(_, width):
            count = 1
        case _:
            width, count = {"float": 32, "double": 64}.get(type.name, value.file.width), 1
    drawn = pools.drawn(_of_view(operand) if operand else [], width, count)
    if isinstance(type, Packed):
        return f"{type.name}_from_bits(({type.word}){drawn})"
    if type.name in ("float", "double"):
        return f"bits_{type.name}({drawn})"
    return f"({type.name}){drawn}"


class Pools:
    """Arrays of operands, one for each set of formats, width and number of lanes."""

    def __init__(self, seed: int, size: int) -> None:
        self.size = size  # a power of two
        self._random = random.Random(seed)
        self._names: dict[tuple[object, ...], str] = {}
        self._uses = 0
        self.text = ""

    def drawn(self, formats: list[Format], width: int, count: int) -> str:
        """An expression for the next operand; each use goes through the pool in its own way."""
        key = (tuple(formats), width, count)
        if key not in self._names:
            self._names[key] = f"pool_{len(self._names)}"
            values = [self._packed(_codes(formats, width), width, count) for _ in range(self.size)]
            listed = ",\n".join(f"{value:#x}ull" for value in values)
            self.text += f"static const uint64_t {self._names[key]}[] = {{{listed}}};\n"
        self._uses += 1
        return f"drawn({self._names[key]}, {self._uses * 38 % self.size + 1}u)"

    def _packed(self, codes: list[int], width: int, count: int) -> int:
        lane, found = 0, 0
        for i in range(count):
            lane = self._lane(codes, width, lane)
            found |= lane << i * width
        return found

    def _lane(self, codes: list[int], width: int, before: int) -> int:
        """A special value, something near it or near the lane before, or any bits."""
        chosen = self._random
        match chosen.randrange(8):
            case 0 | 1:
                return chosen.choice(codes)
            case 2:
                return chosen.choice(codes) ^ chosen.getrandbits(max(1, width // 4))
            case 3:
                return before ^ 1 << width - 1
            case 4:
                return before ^ chosen.getrandbits(max(1, width // 2))
        return chosen.getrandbits(width)


def _of_view(operand: RegisterOperand) -> list[Format]:
    match operand.view:
        case LanesView(use) | NumberView(use):
            return [use.format] if isinstance(use, ir.Named) else list(use.formats)
    return []


def _codes(formats: list[Format], width: int) -> list[int]:
    """Codes where things happen."""
    top = 1 << width - 1
    codes = {0, 1, top, top - 1, 2 * top - 1, top + 1, top >> 1, 3, 2}
    for format in formats:
        match format:
            case Float():
                one = (1 - format.emin) << format.fraction if format.emin < 1 else 1
                least = 1 << format.fraction
                near = (one, least, format.max_code, format.max_code + 1, format.max_code // 2)
                magnitudes = {code + d for code in near for d in (-1, 0, 1)}
                codes |= {m | s for m in magnitudes for s in (0, top)}
                codes |= {format.canonical_nan or 0, format.max_code + 2}
            case Power():
                codes |= {format.max_code, format.max_code - 1, format.canonical_nan or 0}
            case Fixed():
                codes |= {10, 7, 2 * top - 3}
    if not formats and width == 32:
        codes |= {0x7F800000, 0xFF800000, 0x7FC00000, 0x3F800000, 0x80808080, 0x00FF00FF}
    return sorted(code & 2 * top - 1 for code in codes)


def _bits(value: Value, name: str) -> str:
    type = value.type
    if isinstance(type, Packed):
        return f"{type.name}_to_bits({name})"
    if type.name in ("float", "double"):
        return f"{type.name}_bits({name})"
    if type.name.endswith("*"):
        return f"(uint64_t)((const unsigned char *){name} - (const unsigned char *)memory)"
    return f"(uint32_t){name}"
