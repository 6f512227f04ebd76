"""The relocation types of the RISC-V ELF psABI, and the fixups that they are."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from rvx.asm.assembly import Arithmetic, Bytes, Call, FixupKind, InField, Relation
from rvx.asm.standard_field import HALF, WORD
from rvx.model.encoding import Field


class RelocationType(IntEnum):
    """Those that static linking on RV32 knows, by the psABI's numbers."""

    NONE = 0
    WORD32 = 1
    WORD64 = 2
    BRANCH = 16
    JAL = 17
    CALL = 18
    CALL_PLT = 19
    GOT_HI20 = 20
    PCREL_HI20 = 23
    PCREL_LO12_I = 24
    PCREL_LO12_S = 25
    HI20 = 26
    LO12_I = 27
    LO12_S = 28
    ADD8 = 33
    ADD16 = 34
    ADD32 = 35
    ADD64 = 36
    SUB8 = 37
    SUB16 = 38
    SUB32 = 39
    SUB64 = 40
    ALIGN = 43
    RVC_BRANCH = 44
    RVC_JUMP = 45
    RELAX = 51
    SUB6 = 52
    SET6 = 53
    SET8 = 54
    SET16 = 55
    SET32 = 56
    PCREL32 = 57
    PLT32 = 59
    SET_ULEB128 = 60
    SUB_ULEB128 = 61


_T = RelocationType

# The psABI's names where Python could not have them.
_NAMES = {_T.WORD32: "32", _T.WORD64: "64", _T.PCREL32: "32_PCREL"}
# What is refused, and what to do instead.
_THREAD_LOCAL = (21, 22, 29, 30, 31, 32, 49, 50, 62, 63, 64, 65)


def name_of(number: int) -> str:
    """As in the psABI: `R_RISCV_HI20`."""
    try:
        found = _T(number)
    except ValueError:
        return f"relocation {number}"
    return f"R_RISCV_{_NAMES.get(found, found.name)}"


def refusal(number: int) -> str:
    """Why a relocation is not supported."""
    if number in _THREAD_LOCAL:
        return "thread-local storage is not supported: compile without _Thread_local"
    return f"{name_of(number)} is not supported: compile with -fno-pic, and link statically"


# Where the fields are -----------------------------------------------------------------------------

KINDS: Mapping[int, FixupKind] = {
    _T.WORD32: Bytes(4),
    _T.WORD64: Bytes(8),
    _T.BRANCH: InField(WORD["target"], 4, Relation.TARGET),
    _T.JAL: InField(WORD["jump"], 4, Relation.TARGET),
    _T.RVC_BRANCH: InField(HALF["target"], 2, Relation.TARGET),
    _T.RVC_JUMP: InField(HALF["jump"], 2, Relation.TARGET),
    _T.CALL: Call(WORD["upper"], WORD["imm"]),
    _T.CALL_PLT: Call(WORD["upper"], WORD["imm"]),
    _T.GOT_HI20: InField(WORD["upper"], 4, Relation.GOT_HI),
    _T.PCREL_HI20: InField(WORD["upper"], 4, Relation.PCREL_HI),
    _T.PCREL_LO12_I: InField(WORD["imm"], 4, Relation.PCREL_LO),
    _T.PCREL_LO12_S: InField(WORD["store"], 4, Relation.PCREL_LO),
    _T.HI20: InField(WORD["upper"], 4, Relation.HI),
    _T.LO12_I: InField(WORD["imm"], 4, Relation.LO),
    _T.LO12_S: InField(WORD["store"], 4, Relation.LO),
    _T.PCREL32: Arithmetic("pcrel", 32),
    _T.PLT32: Arithmetic("pcrel", 32),
    **{getattr(_T, f"ADD{bits}"): Arithmetic("add", bits) for bits in (8, 16, 32, 64)},
    **{getattr(_T, f"SUB{bits}"): Arithmetic("sub", bits) for bits in (6, 8, 16, 32, 64)},
    **{getattr(_T, f"SET{bits}"): Arithmetic("set", bits) for bits in (6, 8, 16, 32)},
    _T.SET_ULEB128: Arithmetic("set", 0),
    _T.SUB_ULEB128: Arithmetic("sub", 0),
}

_BY_FIELD = {
    (frozenset(kind.field.placements), kind.relation): number
    for number, kind in KINDS.items()
    if isinstance(kind, InField)
}


def number_of(field: Field, relation: Relation) -> int | None:
    """The relocation that fills this field so, or None where the psABI has none."""
    return _BY_FIELD.get((frozenset(field.placements), relation))
