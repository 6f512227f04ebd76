"""The counter-example that `rvx verify` finds for a mutant, checked to be one."""

from __future__ import annotations

from collections.abc import Sequence

from rvx.model.machine import Machine
from rvx.verify.instruction.again import again
from rvx.verify.instruction.check import Mismatch, Oracle
from rvx.verify.instruction.show import case_text, fault_text, parse_case
from rvx.verify.instruction.verifier import Settings, Verifier

SETTINGS = Settings(cases=1000)  # as `rvx verify` without mnemonics has them


def found(machine: Machine, mnemonic: str, oracles: Sequence[Oracle] = ()) -> str:
    """The counter-example as text. Its case, read from text again, fails again."""
    verdict = Verifier(machine, SETTINGS, oracles).verify(mnemonic)
    fault = verdict.fault
    assert fault is not None, f"{mnemonic}: nothing found in {verdict.tally}"
    if isinstance(fault, Mismatch):
        case = parse_case(machine, case_text(machine, fault.case))
        assert case.word == fault.case.word
        assert again(machine, case, oracles) is not None
    return fault_text(machine, fault)
