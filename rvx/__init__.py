"""rvx: a RISC-V ISA-extension toolkit. One description; number formats as types; true cycles.

>>> import rvx
>>> rvx.execute("add", rs1=2, rs2=3).operands["rd"]
5
>>> machine = rvx.Machine(isa="rv32imf_xdotp", core="cv32e40p")    # doctest: +SKIP
>>> machine.load("kernel.elf"); machine.run(); machine.read("result", "float32", 16)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rvx.machine.simulator import RunResult
    from rvx.machine.simulator import Simulator as Machine
    from rvx.machine.single import Executed, execute

__all__ = ["Executed", "Machine", "RunResult", "execute"]

_HOMES = {
    "Executed": ("rvx.machine.single", "Executed"),
    "Machine": ("rvx.machine.simulator", "Simulator"),
    "RunResult": ("rvx.machine.simulator", "RunResult"),
    "execute": ("rvx.machine.single", "execute"),
}


def __getattr__(name: str) -> object:
    """Load the simulator when it is asked for: `import rvx.number` alone stays cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rvx' has no attribute '{name}'")
    from importlib import import_module

    module, attribute = _HOMES[name]
    found: object = getattr(import_module(module), attribute)
    return found
