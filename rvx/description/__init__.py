"""Descriptions: text in, checked machine out."""

from rvx.description.load import DEFAULT_ISA, isa_of_core, known_names, load_core, load_machine
from rvx.description.syntax import DescriptionError, Position

__all__ = [
    "DEFAULT_ISA",
    "DescriptionError",
    "Position",
    "isa_of_core",
    "known_names",
    "load_core",
    "load_machine",
]
