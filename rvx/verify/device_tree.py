"""A flattened device tree (devicetree specification 0.4, chapter 5) of one bare RISC-V hart.

Spike would have `dtc` compile one; with this it needs nothing beside itself.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import TypeAlias

Property: TypeAlias = "str | list[int] | Mapping[str, Property]"  # a mapping is a node

_MAGIC, _VERSION, _COMPATIBLE = 0xD00DFEED, 17, 16
_BEGIN, _END, _PROPERTY, _FINISH = 1, 2, 3, 9
_HEADER = struct.Struct(">10I")
_RESERVED = bytes(16)  # the empty list of reserved memory


class _Tree:
    """The structure and strings blocks while they grow."""

    def __init__(self) -> None:
        self.structure, self.strings = bytearray(), bytearray()
        self._names: dict[str, int] = {}

    def node(self, name: str, properties: Mapping[str, Property]) -> None:
        self.structure += struct.pack(">I", _BEGIN) + _padded(name.encode() + b"\0")
        for key, value in properties.items():
            if isinstance(value, Mapping):
                self.node(key, value)
            else:
                self._property(key, value)
        self.structure += struct.pack(">I", _END)

    def _property(self, name: str, value: str | list[int]) -> None:
        if name not in self._names:
            self._names[name] = len(self.strings)
            self.strings += name.encode() + b"\0"
        if isinstance(value, str):
            data = value.encode() + b"\0"
        else:
            data = struct.pack(f">{len(value)}I", *value)
        self.structure += struct.pack(">3I", _PROPERTY, len(data), self._names[name])
        self.structure += _padded(data)


def flattened(root: Mapping[str, Property]) -> bytes:
    """The tree as a blob."""
    tree = _Tree()
    tree.node("", root)
    tree.structure += struct.pack(">I", _FINISH)
    reserved = _HEADER.size
    structure = reserved + len(_RESERVED)
    strings = structure + len(tree.structure)
    header = _HEADER.pack(
        _MAGIC,
        strings + len(tree.strings),
        structure,
        strings,
        reserved,
        _VERSION,
        _COMPATIBLE,
        0,
        len(tree.strings),
        len(tree.structure),
    )
    return header + _RESERVED + bytes(tree.structure) + bytes(tree.strings)


def bare_hart(isa: str, ram: range) -> bytes:
    """One hart without protection or translation, its memory and its local interrupts."""
    controller: Property = {
        "#address-cells": [2],
        "#interrupt-cells": [1],
        "interrupt-controller": [],
        "compatible": "riscv,cpu-intc",
        "phandle": [1],
    }
    cpu: Property = {
        "device_type": "cpu",
        "reg": [0],
        "status": "okay",
        "compatible": "riscv",
        "riscv,isa": isa,
        "mmu-type": "riscv,sv32",
        "riscv,pmpregions": [0],
        "riscv,pmpgranularity": [4],
        "clock-frequency": [1_000_000_000],
        "interrupt-controller": controller,
    }
    frequency = {"#address-cells": [1], "#size-cells": [0], "timebase-frequency": [10_000_000]}
    clint: Property = {
        "compatible": "riscv,clint0",
        "interrupts-extended": [1, 3, 1, 7],
        "reg": [0, 0x200_0000, 0, 0xC_0000],
    }
    return flattened(
        {
            "#address-cells": [2],
            "#size-cells": [2],
            "compatible": "ucbbar,spike-bare-dev",
            "model": "ucbbar,spike-bare",
            "cpus": {**frequency, "cpu@0": cpu},
            f"memory@{ram.start:x}": {"device_type": "memory", "reg": [0, ram.start, 0, len(ram)]},
            "soc": {
                "#address-cells": [2],
                "#size-cells": [2],
                "compatible": "simple-bus",
                "ranges": [],
                "clint@2000000": clint,
            },
        }
    )


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
