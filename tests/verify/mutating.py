"""One fault in an engine, or in a description's text; and the models that mutants are held to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from rvx.description.catalogue import declarations
from rvx.description.isa_string import parse_isa_string
from rvx.description.machine import build_machine
from rvx.description.parse import parse_text
from rvx.description.texts import shipped_texts
from rvx.jit.layout import Place
from rvx.model.machine import Machine
from rvx.number import Float, Posit, Rounding
from rvx.verify.exact import decode, encode
from rvx.verify.exact.number import Number, add, multiply, negate
from rvx.verify.instruction.case import Case
from rvx.verify.instruction.check import Opinion

MODES = [Rounding.RNE, Rounding.RTZ, Rounding.RDN, Rounding.RUP, Rounding.RMM, Rounding.ODD]


@cache
def patched(isa: str, file: str, old: str, new: str) -> Machine:
    """The machine with one text changed in one of the descriptions that ship."""
    texts = dict(shipped_texts())
    name = next(name for name in texts if name.endswith(f"/{file}"))
    assert texts[name].count(old) == 1, f"{old!r} is not once in {file}"
    changed = parse_text(texts[name].replace(old, new), name).declarations
    kept = [d for d in declarations(()) if d.at.file != name]
    return build_machine([*kept, *changed], parse_isa_string(isa), {})


@dataclass(frozen=True)
class Model:
    """An instruction of f or p registers written from its paper: rd as a function of the bits of
    rd, rs1 and rs2, and of the mode state and the rounding mode."""

    mnemonic: str
    result: Callable[[int, int, int, int, Rounding], tuple[int, int]]  # bits and flags
    name: str = "the model"

    def opinion(self, case: Case) -> Opinion | None:
        """None for other instructions, and where the mode is no mode."""
        if case.instruction.mnemonic != self.mnemonic:
            return None
        states = {p.name: v for p, v in case.values.items() if p.space == "state"}
        places = {
            name: Place("register", operand.file.name, case.fields[name])
            for name, operand in case.instruction.operands.items()
        }
        frm = states.get("frm", 0)
        if ("fflags" in states and states["fs"] != 3) or frm >= len(MODES):
            return None
        given = (case.values.get(places[name], 0) for name in ("rd", "rs1", "rs2"))
        bits, flags = self.result(*given, states.get("fmode", 0), MODES[frm])
        found = {places["rd"]: bits}
        if "fflags" in states:
            found[Place("state", "fflags", 0)] = states["fflags"] | flags
        return Opinion(found)


BYTE = (Float(5, 2), Float(4, 3))  # MiniFloat-NN: FP8, FP8alt
HALF = (Float(5, 10), Float(8, 7))  # FP16, FP16alt


def lane(bits: int, i: int, width: int) -> int:
    return bits >> width * i & (1 << width) - 1


def vfdotpex_h_b(
    rd: int, rs1: int, rs2: int, mode: int, rounding: Rounding, sign: int = 1
) -> tuple[int, int]:
    """MiniFloat-NN: each half is rd + a * b + c * d, rounded once (arXiv 2207.03192)."""
    byte, half = BYTE[mode >> 1], HALF[mode & 1]
    result = flags = 0
    for i in range(2):
        total = decode(half, lane(rd, i, 16))
        for j in (2 * i, 2 * i + 1):
            a, b = (decode(byte, lane(bits, j, 8)) for bits in (rs1, rs2))
            total = add(total, multiply(a, b) if sign > 0 else negate(multiply(a, b)))
        code, raised = encode(half, total, rounding)
        result, flags = result | code << 16 * i, flags | raised
    return result, flags


def posit32(operation: Callable[[Number, Number], Number]) -> Callable[..., tuple[int, int]]:
    """Posit Standard 2022, n = 32 and es = 2."""
    format = Posit(32, 2)

    def result(rd: int, rs1: int, rs2: int, mode: int, rounding: Rounding) -> tuple[int, int]:
        return encode(format, operation(decode(format, rs1), decode(format, rs2)), rounding)

    return result


MODELS = (
    Model("vfdotpex.h.b", vfdotpex_h_b),
    Model("vfndotpex.h.b", lambda *given: vfdotpex_h_b(*given, sign=-1)),
    Model("pmul.s", posit32(multiply)),
    Model("padd.s", posit32(add)),
)

__all__ = ["MODELS", "Model", "patched", "replace"]
