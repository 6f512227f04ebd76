"""Where other simulators are known to differ from rvx, each with its reason: all in one place."""

from __future__ import annotations

from collections.abc import Mapping

from rvx.model.machine import CsrOperand, Instruction

# CSRs whose value is the machine's own affair. A read takes over the other's value.
_COUNTERS = "counts what each simulator calls a cycle, and its own start code"
_IDENTITY = "says who made the machine"
_OWN_CSRS: dict[range, str] = {
    range(0xB00, 0xBA0): _COUNTERS,
    range(0xC00, 0xCA0): _COUNTERS,
    range(0xF11, 0xF16): _IDENTITY,
    range(0x301, 0x302): "misa reads as zero here, which the manual allows; Spike has one",
    range(0x344, 0x345): "Spike's timer is due at reset, and mip says so",
    range(0x304, 0x305): "Spike has no bits for interrupts that it lacks",
}
_UNICORN_CSRS = {0x300: "unicorn has user mode: mstatus.MPP is another bit there"}

# States at reset: rvx starts with the floating-point unit on and mret staying in machine mode, so
# that programs without start-up code run.
SPIKE_RESET = {"fs": 0, "mpp": 0}

# What random programs leave out: instructions and their variants (`.aq`), with the reason.
LEFT_OUT = {
    "spike": {
        "wfi": "Spike waits for an interrupt; rvx goes on, as the manual allows",
        "sc.w": "Spike gives up reservations every few thousand instructions",
    },
    "unicorn": {"wfi": "unicorn waits for an interrupt; rvx goes on, as the manual allows"},
}
# CSRs that both have, with the same bits: what is left of the CSRs. Unicorn does not notice in all
# places that mstatus has turned the floating-point unit off.
_CSRS = ("fflags", "frm", "fcsr", "mscratch", "mepc", "mcause", "mtval", "mtvec")
COMMON_CSRS = {"spike": (*_CSRS, "mstatus"), "unicorn": _CSRS}

# Extensions whose instructions unicorn has, all of them.
UNICORN_KNOWS = frozenset({"I", "M", "F", "D", "C", "Zcf", "Zcd"})


def own_csr(instruction: Instruction, fields: Mapping[str, int], peer: str) -> str | None:
    """Why the CSR that it reads may differ, or None."""
    for name, operand in instruction.operands.items():
        if isinstance(operand, CsrOperand):
            return uncompared_csr(fields[name], peer)
    return None


def uncompared_csr(number: int, peer: str) -> str | None:
    """Why the CSR may differ, or None."""
    if peer == "unicorn" and number in _UNICORN_CSRS:
        return _UNICORN_CSRS[number]
    return next((why for numbers, why in _OWN_CSRS.items() if number in numbers), None)


# Instructions that unicorn 2.1.4 executes otherwise; rvx's result is put into it.
UNICORN_DEVIATES = {
    **dict.fromkeys(
        ("fmin.s", "fmax.s", "fmin.d", "fmax.d"),
        "a signaling NaN gives the canonical NaN (F before 2.2)",
    ),
    **dict.fromkeys(
        [f"{op}.{of}" for op in ("fmadd", "fmsub", "fnmadd", "fnmsub") for of in "sd"],
        "an infinity times zero plus a quiet NaN does not raise NV",
    ),
}
