"""The pseudo-instructions that become several instructions. All others are the machine's aliases.

These mnemonics, and those they become, are the only ones that the assembler knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from rvx.asm.argument import Argument, Call
from rvx.asm.assembly import Call as Pair
from rvx.asm.assembly import InField, Relation
from rvx.asm.expression import Name, Tree
from rvx.asm.parser import Plain
from rvx.asm.relocation import high_part, low_part, signed
from rvx.asm.symbol import Symbol
from rvx.asm.unit import Unit
from rvx.model import machine as model
from rvx.model.machine import (
    Address,
    ImmediateOperand,
    Instruction,
    RegisterFile,
    RegisterOperand,
)

Pseudo: TypeAlias = Callable[[Unit, Call], None]


def _li(unit: Unit, call: Call) -> None:
    rd, value = call.arguments_between(2, 2, "li rd, value")
    destination = _register(unit, call, rd)
    match unit.operand(value):
        case Plain(Name(text, _)) if unit.is_register(text):
            raise value.error(f"`{text}` is a register, but a number is wanted: write `mv`")
    tree = unit.expression(value)
    if not isinstance(tree, int):
        # Known to the linker only: room for any value.
        _emit(unit, call, "lui", (Relation.HI, tree, value), rd=destination)
        _emit(unit, call, "addi", (Relation.LO, tree, value), rd=destination, rs1=destination)
        return
    if not -(1 << unit.xlen - 1) <= tree < 1 << unit.xlen:
        raise value.error(f"{tree} has more than {unit.xlen} bits")
    number = signed(tree, unit.xlen)
    low, high = low_part(number), high_part(number)
    if low == number:
        _emit(unit, call, "addi", low, rd=destination, rs1=_zero(unit, call))
        return
    if signed(number, 32) != number:
        raise value.error(f"{number} needs more than lui and addi: load it from memory")
    _emit(unit, call, "lui", high, rd=destination)
    if low:
        # Where registers are wider than lui's result the sum must wrap as lui's does.
        add = "addiw" if "addiw" in unit.machine.instructions else "addi"
        _emit(unit, call, add, low, rd=destination, rs1=destination)


def _la(unit: Unit, call: Call) -> None:
    if call.name == "lga" or (call.name == "la" and unit.options.is_pic):
        rd, symbol = call.arguments_between(2, 2, f"{call.name} rd, symbol")
        destination = _register(unit, call, rd)
        low = _upper(unit, call, destination, symbol, Relation.GOT_HI)
        load = "lw" if unit.xlen == 32 else "ld"
        _emit(unit, call, load, low, rd=destination, rs1=destination)
        return
    rd, symbol = call.arguments_between(2, 2, f"{call.name} rd, symbol")
    destination = _register(unit, call, rd)
    low = _upper(unit, call, destination, symbol)
    _emit(unit, call, "addi", low, rd=destination, rs1=destination)


def _call(unit: Unit, call: Call) -> None:
    *link, symbol = call.arguments_between(1, 2, "call symbol")
    ra = _register(unit, call, link[0]) if link else _named(unit, call, "ra")
    _far(unit, call, symbol, ra, ra)


def _tail(unit: Unit, call: Call) -> None:
    (symbol,) = call.arguments_between(1, 1, "tail symbol")
    _far(unit, call, symbol, _named(unit, call, "t1"), _zero(unit, call))


def _jump(unit: Unit, call: Call) -> None:
    symbol, rt = call.arguments_between(2, 2, "jump symbol, scratch register")
    _far(unit, call, symbol, _register(unit, call, rt), _zero(unit, call))


def _extend(right: str, kept: int) -> Pseudo:
    """Keep the low bits only, by a shift up and one down, where no instruction does it."""

    def extend(unit: Unit, call: Call) -> None:
        rd, rs = call.arguments_between(2, 2, f"{call.name} rd, rs")
        destination, source = _register(unit, call, rd), _register(unit, call, rs)
        amount = unit.xlen - kept
        _emit(unit, call, "slli", amount, rd=destination, rs1=source)
        _emit(unit, call, right, amount, rd=destination, rs1=destination)

    return extend


def _trap(unit: Unit, call: Call) -> None:
    """What no machine executes: zeros where there are short forms, else a write of a CSR that
    cannot be written, as the toolchains have it."""
    call.arguments_between(0, 0, call.name)
    if unit.options.is_compressed or call.name == "c.unimp":
        unit.emit_word(0, 2, call)
    else:
        unit.emit_word(0xC000_1073, 4, call)


# Aliases of these names would be narrower (`li` as addi), so these come before them.
PSEUDO: Mapping[str, Pseudo] = {
    "li": _li,
    "la": _la,
    "lla": _la,
    "lga": _la,
    "call": _call,
    "tail": _tail,
    "jump": _jump,
}

# Only for machines without an instruction or alias of the name.
FALLBACK: Mapping[str, Pseudo] = {
    "sext.b": _extend("srai", 8),
    "sext.h": _extend("srai", 16),
    "zext.h": _extend("srli", 16),
    "unimp": _trap,
    "c.unimp": _trap,
}


def load_or_store(unit: Unit, call: Call) -> bool:
    """`lw rd, symbol` and `sw rs2, symbol, scratch`, for every instruction whose operands are a
    register and an address. Returns False if the call is no such thing."""
    match unit.machine.instructions.get(call.name):
        case (
            Instruction(
                syntax=(
                    model.Plain(RegisterOperand() as data),
                    Address(ImmediateOperand(), RegisterOperand() as base),
                )
            ) as instruction
        ):
            pass
        case _:
            return False
    arguments = call.arguments()
    # A register that is loaded can hold the address until then.
    own = data.file is base.file and data.name in instruction.writes
    if len(arguments) != 3 and not (own and len(arguments) == 2):
        return False
    value = _index(unit, data.file, arguments[0])
    scratch = _index(unit, base.file, arguments[2 if len(arguments) == 3 else 0])
    match unit.operand(arguments[1]):
        case Plain(Name(text, _)) if unit.is_register(text):
            return False
        case Plain() if value is not None and scratch is not None:
            low = _upper(unit, call, scratch, arguments[1])
            _emit(unit, call, call.name, low, **{data.name: value, base.name: scratch})
            return True
    return False


# Parts ------------------------------------------------------------------------------------------


def _emit(
    unit: Unit,
    call: Call,
    mnemonic: str,
    immediate: int | tuple[Relation, Tree, Argument],
    **registers: int,
) -> None:
    """One instruction of the expansion: registers by field, and its only immediate."""
    instruction = _instruction(unit, call, mnemonic)
    (operand,) = (o for o in instruction.operands.values() if isinstance(o, ImmediateOperand))
    if isinstance(immediate, int):
        word = instruction.encode(**registers, **{operand.name: immediate})
        unit.emit_instruction(word, instruction.length, call)
        return
    relation, tree, argument = immediate
    kind = InField(operand.field, instruction.length, relation)
    unit.fix(kind, tree, argument.position())
    word = instruction.encode(**registers, **{operand.name: 0})
    unit.emit_word(word, instruction.length, call)


def _far(unit: Unit, call: Call, symbol: Argument, scratch: int, link: int) -> None:
    """A jump to anywhere: auipc and jalr, which share one fixup."""
    upper, jump = _instruction(unit, call, "auipc"), _instruction(unit, call, "jalr")
    high = next(o for o in upper.operands.values() if isinstance(o, ImmediateOperand))
    low = next(o for o in jump.operands.values() if isinstance(o, ImmediateOperand))
    tree = unit.expression(symbol)
    unit.fix(Pair(high.field, low.field), tree, symbol.position())
    unit.emit_word(upper.encode(rd=scratch, **{high.name: 0}), upper.length, call)
    unit.emit_word(jump.encode(rd=link, rs1=scratch, **{low.name: 0}), jump.length, call)


def _upper(
    unit: Unit,
    call: Call,
    rd: int,
    symbol: Argument,
    relation: Relation = Relation.PCREL_HI,
) -> tuple[Relation, Tree, Argument]:
    """Emit auipc with the upper part of the distance; the lower part is for what follows."""
    place = Symbol(".", call.position(), unit.here())
    tree = unit.expression(symbol)
    _emit(unit, call, "auipc", (relation, tree, symbol), rd=rd)
    return Relation.PCREL_LO, place, symbol


def _instruction(unit: Unit, call: Call, mnemonic: str) -> Instruction:
    try:
        return unit.machine.instructions[mnemonic]
    except KeyError:
        raise call.error(
            f"{call.name} needs {mnemonic}, which {unit.machine.isa} does not have"
        ) from None


def _integers(unit: Unit, call: Call) -> RegisterFile:
    if (file := unit.machine.files.get("x")) is None:
        raise call.error(f"{call.name} needs registers x, which {unit.machine.isa} does not have")
    return file


def _index(unit: Unit, file: RegisterFile, argument: Argument) -> int | None:
    match unit.operand(argument):
        case Plain(Name(text, _)):
            return file.index_of(text)
    return None


def _register(unit: Unit, call: Call, argument: Argument) -> int:
    file = _integers(unit, call)
    if (index := _index(unit, file, argument)) is None:
        raise argument.error(f"`{argument.text}` is not a register, x0 to x{file.count - 1}")
    return index


def _named(unit: Unit, call: Call, name: str) -> int:
    if (index := _integers(unit, call).index_of(name)) is None:
        raise call.error(f"{call.name} needs the register {name}, which has no such name here")
    return index


def _zero(unit: Unit, call: Call) -> int:
    return _integers(unit, call).zero or 0
