"""Markdown reference pages of a machine: an index, and a page for each extension."""

from __future__ import annotations

from rvx.emit.derive import derive
from rvx.emit.index_page import index_page
from rvx.emit.instruction_page import FromC, extension_page
from rvx.emit.intrinsic import Intrinsic
from rvx.model.machine import Machine

_INDEX = "index.md"


def pages(machine: Machine) -> dict[str, str]:
    """The pages by file name."""
    derived = derive(machine)
    by_mnemonic: dict[str, list[Intrinsic]] = {}
    for intrinsic in derived.intrinsics:
        if not intrinsic.is_alias:
            by_mnemonic.setdefault(intrinsic.instruction.mnemonic, []).append(intrinsic)
    from_c = FromC(by_mnemonic, {each.mnemonic: each.reason for each in derived.left_out})
    files = {e.name: _file_name(e.name) for e in machine.extensions}
    return {_INDEX: index_page(machine, files)} | {
        files[extension.name]: extension_page(machine, extension, from_c)
        for extension in machine.extensions
    }


def _file_name(extension: str) -> str:
    name = f"{extension.lower()}.md"
    return name if name != _INDEX else f"extension_{name}"
