"""CSR accesses: the number is known, so the CSR's own expression and statements are inlined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rvx.jit.effects import Local
from rvx.jit.layout import Place
from rvx.model.machine import Csr

if TYPE_CHECKING:
    from rvx.jit.lowering import Lowering


def read(to: Lowering) -> str:
    """The CSR's value, once an instruction. Refuses where the reference traps."""
    if to.csr_value is not None:
        return to.csr_value
    if (csr := _selected(to)) is None:
        return "0"
    privilege = Place("state", "privilege", 0)
    if privilege.name in to.machine.states:
        width = to.machine.states[privilege.name].width
        known = to.guest.read(privilege)
        to.refuse(to.out.compare("ult", width, known, str(csr.privilege)))
    with to.inlined({}):
        _check_needs(to, csr)
        value = to.word(csr.value)
    if to.is_certain:
        to.csr_value = value
    return value


def write(to: Lowering, value: str, width: int) -> None:
    """Note the effects of a write. Refuses where the reference traps."""
    if (csr := _selected(to)) is None:
        return
    if csr.is_read_only:
        to.refuse()
    with to.inlined({"value": Local(value, width)}):
        _check_needs(to, csr)
        to.body(csr.write)


def _selected(to: Lowering) -> Csr | None:
    """The CSR, or None where there is none: then the instruction has been refused."""
    csr = to.machine.csr_at.get(to.fields["csr"])
    if csr is None:
        to.refuse()
    return csr


def _check_needs(to: Lowering, csr: Csr) -> None:
    if csr.needs is not None:
        to.refuse(to.out.op("xor", 1, to.truth(csr.needs), "1"))
