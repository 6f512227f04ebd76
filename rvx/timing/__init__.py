"""A core's timing, read from its declaration: the cycle in which each instruction is issued.

The text says how long things take and when something is held (`isa/cores/*.isa`); the engine
clocks a fixed in-order pipeline by it. It knows no core and no mnemonic.
"""

from rvx.timing.outcome import Outcome
from rvx.timing.pipeline import Pipeline

__all__ = ["Outcome", "Pipeline"]
