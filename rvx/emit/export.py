"""The encodings and names of a machine as plain data, for JSON. Numbers are numbers."""

from __future__ import annotations

from typing import Any

from rvx.emit.drawing import segments
from rvx.emit.signature import expansion, signature, type_of
from rvx.model.machine import Csr, Instruction, Machine, Operand, RegisterOperand

SCHEMA = 1
"""Raised when a key changes its meaning or goes; keys may be added without."""


def export(machine: Machine) -> dict[str, Any]:
    """The machine, JSON-ready."""
    return {
        "schema": SCHEMA,
        "isa": machine.isa,
        "xlen": machine.xlen,
        "flen": machine.flen,
        "options": dict(machine.options),
        "extensions": [
            {"name": e.name, "requires": list(e.requires), "doc": e.doc, "source": e.source}
            for e in machine.extensions
        ],
        "registers": [
            {
                "name": f.name,
                "count": f.count,
                "bits": f.width,
                "zero": f.zero,
                "names": [list(names) for names in f.names],
                "doc": f.doc,
            }
            for f in machine.files.values()
        ],
        "states": [
            {
                "name": s.name,
                "count": s.count,
                "bits": s.width,
                "mode": s.mode,
                "extension": s.extension,
                "doc": s.doc,
            }
            for s in machine.states.values()
        ],
        "csrs": [_csr(csr) for csr in machine.csrs.values()],
        "ports": [
            {"name": p.name, "address": p.address, "extension": p.extension, "doc": p.doc}
            for p in machine.ports
        ],
        "interrupts": [
            {"cause": i.cause, "extension": i.extension, "doc": i.doc} for i in machine.interrupts
        ],
        "roundings": dict(machine.rounding_names),
        "instructions": [_instruction(i) for i in machine.instructions.values()],
        "aliases": [
            {
                "mnemonic": a.mnemonic,
                "syntax": signature(a),
                "is": expansion(a, machine),
                "target": a.target.mnemonic,
                "doc": a.doc,
            }
            for a in machine.aliases
        ],
    }


def _csr(csr: Csr) -> dict[str, Any]:
    return {
        "name": csr.name,
        "address": csr.address,
        "read_only": csr.is_read_only,
        "privilege": csr.privilege,
        "extension": csr.extension,
        "doc": csr.doc,
    }


def _instruction(instruction: Instruction) -> dict[str, Any]:
    return {
        "mnemonic": instruction.mnemonic,
        "extension": instruction.extension,
        "syntax": signature(instruction),
        "bytes": instruction.length,
        "encoding": _pattern(instruction),
        "match": instruction.match,
        "mask": instruction.mask,
        "excluded": [{"field": name, "value": value} for name, value in instruction.excluded],
        "fields": [
            {
                "name": s.field,
                "high": s.high,
                "low": s.low,
                "value_low": s.value_low,
                "fixed": s.fixed,
            }
            for s in segments(instruction)
        ],
        "operands": [_operand(instruction, operand) for operand in instruction.operands.values()],
        "classes": sorted(instruction.classes),
        "rounds": instruction.rounds,
        "semantics": instruction.text,
        "doc": instruction.doc,
        "source": instruction.source,
    }


def _pattern(instruction: Instruction) -> str:
    """The word with a dash for each bit that varies, as riscv-opcodes writes it."""
    return "".join(s.fixed or "-" * (s.high - s.low + 1) for s in segments(instruction))


def _operand(instruction: Instruction, operand: Operand) -> dict[str, Any]:
    return {
        "name": operand.name,
        "type": type_of(operand),
        "file": operand.file.name if isinstance(operand, RegisterOperand) else None,
        "low": operand.field.low,
        "high": operand.field.high,
        "step": 1 << operand.field.lowest,
        "read": operand.name in instruction.reads,
        "written": operand.name in instruction.writes,
    }
