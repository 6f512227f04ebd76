"""Cases and faults as text: bits, the numbers that they are, and what `--case` takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from rvx.asm import AssemblyError, assemble, link
from rvx.jit.layout import Place
from rvx.model.decoder import Decoder
from rvx.model.expression import FormatUse
from rvx.model.machine import Machine
from rvx.number import NV, Format, flag_names
from rvx.verify.exact import Body, NotCovered, Start, decode
from rvx.verify.exact.number import MINUS_ZERO, NAN, decided, is_infinite, is_negative
from rvx.verify.exact.word import format_of
from rvx.verify.instruction.case import PC, Case, Seen, width
from rvx.verify.instruction.check import Mismatch
from rvx.verify.instruction.outcome import Difference
from rvx.verify.instruction.round_trip import BASE, RoundTripFault, written


class CaseError(ValueError):
    """A text that is no case."""


@dataclass(frozen=True)
class _Numbers:
    """What is in a place, as the instruction's views have it: low bit, width, format."""

    parts: tuple[tuple[int, int, Format], ...]

    def shown(self, value: int) -> str:
        """The numbers, the lowest lane first."""
        texts = [
            number_text(format, value >> low & (1 << width) - 1)
            for low, width, format in self.parts
        ]
        return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]" if texts else ""


def fault_text(machine: Machine, fault: Mismatch | RoundTripFault) -> str:
    """The counter-example: the instruction, its operands, what was expected and what came."""
    if isinstance(fault, RoundTripFault):
        return (
            f"{fault.mnemonic}: cannot {fault.step} `{fault.line}`\n"
            f"  expected {fault.expected}\n  got      {fault.got}"
        )
    case, seen = fault.case, Seen(machine, fault.case.instruction, fault.case.fields)
    numbers = _Views(machine, case, seen)
    digits = case.instruction.length * 2
    lines = [
        f"{case.instruction.mnemonic}: {fault.what} differs from {fault.against}",
        f"  {line_of(machine, case)}    # {case.word:#0{digits + 2}x}",
    ]
    for place, value in sorted(_given(machine, case, seen).items()):
        lines.append(
            _aligned(place_name(place), _bits(machine, place, value), numbers.of(place, value))
        )
    for difference in fault.differences:
        lines.append(f"  {_what(difference)}:")
        for label, found in (("expected", difference.expected), ("got", difference.got)):
            lines.append(f"    {label:9}{_value(machine, difference, found, numbers)}")
    return "\n".join(lines)


def _aligned(name: str, bits: str, number: str) -> str:
    return f"  {name} = {bits}   {number}".rstrip()


def _what(difference: Difference) -> str:
    return difference.what if difference.place is None else place_name(difference.place)


def _value(machine: Machine, difference: Difference, value: int | None, numbers: _Views) -> str:
    if value is None:
        return "nothing"
    if difference.place is None:
        return f"{value:#x}"
    bits, number = _bits(machine, difference.place, value), numbers.of(difference.place, value)
    return f"{bits}   {number}".rstrip()


def _bits(machine: Machine, place: Place, value: int) -> str:
    if place.space == "state" and place.name not in machine.states:
        return f"{value:#x}"
    return f"{value:#0{-(-width(machine, place) // 4) + 2}x}"


def place_name(place: Place) -> str:
    """As `--case` has it: f3, frm, table[2]."""
    if place.space == "register":
        return f"{place.name}{place.number}"
    return f"{place.name}[{place.number}]" if place.number else place.name


def line_of(machine: Machine, case: Case) -> str:
    """The assembly line; the word where assembly cannot say it."""
    line = written(machine, case.instruction, case.fields)
    try:
        found = _word(machine, line)
    except (AssemblyError, IndexError):
        found = None
    digits = 2 * case.instruction.length
    return line if found == case.word else f"{case.word:#0{digits + 2}x}"


def case_text(machine: Machine, case: Case) -> str:
    """The case for `--case`: an assembly line, and values of registers and states."""
    seen = Seen(machine, case.instruction, case.fields)
    values = [f"{place_name(p)}={v:#x}" for p, v in sorted(_given(machine, case, seen).items())]
    return "; ".join([line_of(machine, case), *values])


def parse_case(machine: Machine, text: str) -> Case:
    """What `case_text` wrote. Raises CaseError, and AssemblyError for the line."""
    line, *settings = (part.strip() for part in text.split(";"))
    word = int(line, 16) if line.lower().startswith("0x") else _word(machine, line)
    instruction = Decoder(machine).decode(word)
    if instruction is None:
        raise CaseError(f"{line}: no instruction of {machine.isa}")
    fields = instruction.decode(word)
    seen = Seen(machine, instruction, fields)
    values = {p: 0 for p in seen.places if p.space == "register"}
    for place in (*seen.places, *seen.modes):
        if place.space == "state":
            values[place] = machine.states[place.name].reset[place.number]
    for setting in settings:
        place, value = _setting(machine, setting)
        if place not in values:
            raise CaseError(f"{setting}: this instruction has nothing to do with it")
        values[place] = value
    return Case(instruction, fields, values)


def _setting(machine: Machine, text: str) -> tuple[Place, int]:
    name, equals, number = (part.strip() for part in text.partition("="))
    try:
        value = int(number, 0)
    except ValueError:
        value = -1
    if not equals or value < 0:
        raise CaseError(f"'{text}': write NAME=VALUE, as f3=0x3f800000")
    place = _place(machine, name)
    if place is None:
        raise CaseError(f"{machine.isa} has no register and no state '{name}'")
    if value >> width(machine, place):
        raise CaseError(f"{text}: {name} has {width(machine, place)} bits")
    return place, value


def _place(machine: Machine, name: str) -> Place | None:
    for file in machine.files.values():
        if (number := file.index_of(name)) is not None:
            return Place("register", file.name, number)
    state, _, index = name.rstrip("]").partition("[")
    if state in machine.states and (not index or index.isdecimal()):
        number = int(index or 0)
        if number < machine.states[state].count:
            return Place("state", state, number)
    return None


def _word(machine: Machine, line: str) -> int:
    executable = link([assemble(f"_start:\n{line}\n", machine, file="case")], text_base=BASE)
    return int.from_bytes(executable.sections[0].contents[:4], "little")


def _given(machine: Machine, case: Case, seen: Seen) -> dict[Place, int]:
    """The values that matter: of registers that are read, and states that are not at reset."""
    found = {}
    for place, value in case.values.items():
        if place.space == "register":
            if value or place in _read(seen):
                found[place] = value
        elif value != machine.states[place.name].reset[place.number]:
            found[place] = value
    return found


def _read(seen: Seen) -> set[Place]:
    return {seen.place_of[piece.source] for piece in seen.footprint.pieces} & set(seen.places)


class _Views:
    """Which numbers are in the places of a case."""

    def __init__(self, machine: Machine, case: Case, seen: Seen) -> None:
        self._machine, self._seen = machine, seen
        self._body = Body(machine, case.instruction, case.fields, case.word)
        states = {s.name: list(s.reset) for s in machine.states.values()}
        registers = {f.name: [0] * f.count for f in machine.files.values()}
        for place, value in case.values.items():
            (registers if place.space == "register" else states)[place.name][place.number] = value
        self._body.start = Start(registers, states, PC, lambda address, size: None)

    def of(self, place: Place, value: int) -> str:
        """The numbers in the place, or the flags."""
        if place == ("state", "fflags", 0):
            return flag_names(value)
        parts = tuple(self._parts(place))
        if len(parts) == 1 and place.space == "register" and self._is_loose(place, parts[0], value):
            return "not boxed: NaN"
        return _Numbers(parts).shown(value)

    def _is_loose(self, place: Place, part: tuple[int, int, Format], value: int) -> bool:
        """Whether a boxed file's register holds a narrower number and has no ones above it."""
        file, low, bits = self._machine.files[place.name], part[0], part[1]
        above = file.width - low - bits
        return file.boxed and value >> low + bits != (1 << above) - 1

    def _parts(self, place: Place) -> Iterator[tuple[int, int, Format]]:
        uses: Mapping[tuple[int, int], FormatUse] = self._seen.formats(place)
        for (low, bits), use in sorted(uses.items(), key=lambda item: item[0]):
            try:
                yield low, bits, format_of(self._body, use)
            except (NotCovered, IndexError):
                return


def number_text(format: Format, code: int) -> str:
    """The number that a code is, short."""
    try:
        number = decided(decode(format, code))
    except (NotCovered, AssertionError):
        return ""
    if number.kinds == NAN:
        return "a signaling NaN" if number.flags & NV else "NaN"
    if is_infinite(number):
        return "-inf" if is_negative(number) else "inf"
    if not number.total:
        return "-0" if number.kinds == MINUS_ZERO else "0"
    assert isinstance(number.total, Fraction)
    return _decimal(number.total)


def _decimal(value: Fraction) -> str:
    """Decimal where that is exact and short, else a multiple of a power of two and about what."""
    if value.denominator == 1 and abs(value) < 1 << 64:
        return str(value.numerator)
    try:
        near = float(value)
    except OverflowError:
        near = 0.0
    if near and Fraction(near) == value and len(text := f"{near:.9g}") < 12 and float(text) == near:
        return text
    odd, exponent = value.numerator, -(value.denominator.bit_length() - 1)
    while odd % 2 == 0:
        odd, exponent = odd // 2, exponent + 1
    power = {1: f"2^{exponent}", -1: f"-2^{exponent}"}.get(odd, f"{odd} * 2^{exponent}")
    return f"{power} ({near:.9g})" if near and abs(odd) > 1 else power
