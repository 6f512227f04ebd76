"""Call frame information, from `.cfi_*`: how debuggers find the caller (DWARF 6.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rvx.asm.leb128 import signed, unsigned
from rvx.asm.section import OpenSection
from rvx.asm.symbol import Label

# Call frame instructions (DWARF 7.24).
ADVANCE_LOC, OFFSET, RESTORE = 0x40, 0x80, 0xC0
ADVANCE_LOC1, ADVANCE_LOC2, ADVANCE_LOC4 = 0x02, 0x03, 0x04
OFFSET_EXTENDED, RESTORE_EXTENDED, UNDEFINED, SAME_VALUE, REGISTER = 0x05, 0x06, 0x07, 0x08, 0x09
REMEMBER_STATE, RESTORE_STATE, DEF_CFA, DEF_CFA_REGISTER = 0x0A, 0x0B, 0x0C, 0x0D
DEF_CFA_OFFSET, OFFSET_EXTENDED_SF = 0x0E, 0x11

# psABI, "DWARF Register Numbers" and "Stack": the return address is in ra, the frame is at sp.
RETURN_ADDRESS, STACK_POINTER = 1, 2
_PCREL_SDATA4 = 0x1B


@dataclass
class Frame:
    """One `.cfi_startproc` to `.cfi_endproc`."""

    start: Label
    is_simple: bool
    return_column: int = RETURN_ADDRESS
    is_signal: bool = False
    end: Label | None = None
    cfa_offset: int = 0
    saved_offsets: list[int] = field(default_factory=list)
    instructions: list[tuple[Label, bytes]] = field(default_factory=list)

    def add(self, here: Label, *parts: bytes | int) -> None:
        """One instruction at this place; integers are bytes."""
        code = b"".join(part if isinstance(part, bytes) else bytes((part,)) for part in parts)
        self.instructions.append((here, code))


@dataclass(frozen=True)
class Reference:
    """Where in the table an address stands: of a place, or (minus its own place) the way to it."""

    at: int
    target: Label | int  # or an offset in the table itself
    is_relative: bool


def eh_frame(frames: Sequence[Frame]) -> tuple[bytes, list[Reference]]:
    """The contents of .eh_frame."""
    return _table(frames, is_eh=True)


def debug_frame(frames: Sequence[Frame]) -> tuple[bytes, list[Reference]]:
    """The contents of .debug_frame."""
    return _table(frames, is_eh=False)


def _table(frames: Sequence[Frame], *, is_eh: bool) -> tuple[bytes, list[Reference]]:
    found, references = bytearray(), []
    common: dict[tuple[bool, int, bool], int] = {}
    for frame in frames:
        kind = (frame.is_simple, frame.return_column, frame.is_signal)
        if kind not in common:
            common[kind] = len(found)
            found += _entry(_common(frame, is_eh))
        start = len(found)
        body = bytearray(12)
        if is_eh:
            body[:4] = (start + 4 - common[kind]).to_bytes(4, "little")
            body.append(0)  # no augmentation data
        else:
            references.append(Reference(start + 4, common[kind], False))
        references.append(Reference(start + 8, frame.start, is_eh))
        assert frame.end is not None
        body[8:12] = (_offset(frame.end) - _offset(frame.start)).to_bytes(4, "little")
        body += _instructions(frame)
        found += _entry(bytes(body))
    return bytes(found), references


def _common(frame: Frame, is_eh: bool) -> bytes:
    """The common information entry, as GNU as writes it."""
    augmentation = (b"zRS" if frame.is_signal else b"zR") if is_eh else b""
    found = (b"\0\0\0\0" if is_eh else b"\xff\xff\xff\xff") + bytes((3,)) + augmentation + b"\0"
    found += unsigned(1) + signed(DATA_ALIGNMENT) + unsigned(frame.return_column)
    if is_eh:
        found += unsigned(1) + bytes((_PCREL_SDATA4,))
    if not frame.is_simple:
        found += bytes((DEF_CFA,)) + unsigned(STACK_POINTER) + unsigned(0)
    return found


DATA_ALIGNMENT = -4


def _entry(body: bytes) -> bytes:
    """An entry with its length, filled up with no-operations."""
    body += bytes(-len(body) % 4)
    return len(body).to_bytes(4, "little") + body


def _instructions(frame: Frame) -> bytes:
    found, at = bytearray(), _offset(frame.start)
    for place, code in frame.instructions:
        found += _advance(_offset(place) - at) + code
        at = _offset(place)
    return bytes(found)


def _advance(distance: int) -> bytes:
    if distance == 0:
        return b""
    if distance < 0x40:
        return bytes((ADVANCE_LOC | distance,))
    for opcode, size in ((ADVANCE_LOC1, 1), (ADVANCE_LOC2, 2), (ADVANCE_LOC4, 4)):
        if distance < 1 << 8 * size:
            return bytes((opcode,)) + distance.to_bytes(size, "little")
    raise AssertionError("no section is so large")


def _offset(place: Label) -> int:
    return (place.fragment.start or 0) + place.offset


def section_of(frame: Frame) -> OpenSection:
    """The section of its code."""
    return frame.start.fragment.section
