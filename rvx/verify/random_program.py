"""Random programs that another simulator can run too."""

from __future__ import annotations

from rvx.model.machine import Machine
from rvx.verify.deviation import COMMON_CSRS, LEFT_OUT
from rvx.verify.shape import Shape


def shape_for(machine: Machine, peer: str, size: int, steps: int) -> Shape:
    """Programs without what the two are known to do differently."""
    common = COMMON_CSRS[peer]
    csrs = {name for name in machine.csrs if name not in common}
    left_out = {
        mnemonic
        for mnemonic in machine.instructions
        for name in LEFT_OUT[peer]
        if mnemonic == name or mnemonic.startswith(f"{name}.")
    }
    return Shape(
        size,
        steps,
        traps=peer == "spike",
        interrupts=False,  # when they are taken is each simulator's own affair
        misaligned_atomics=False,  # an access fault to Spike, a misaligned address to rvx
        left_out=frozenset(csrs | left_out),
    )
