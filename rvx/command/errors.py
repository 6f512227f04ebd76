"""Which exceptions are the user's business, and the line that they become."""

from __future__ import annotations

import errno

from rvx.asm import AssemblyError
from rvx.description import DescriptionError
from rvx.machine.memory import MemoryMapError
from rvx.machine.program import ProgramError
from rvx.machine.report import UnhandledTrap
from rvx.machine.simulator import CoreTextError

USER_ERRORS = (
    AssemblyError,
    CoreTextError,
    DescriptionError,
    MemoryMapError,
    ProgramError,
    UnhandledTrap,
)


def expected(error: Exception) -> str | None:
    """One line for an error that is no fault of rvx, or None."""
    if isinstance(error, USER_ERRORS):
        return str(error)
    if isinstance(error, OSError) and error.errno is not None:
        name = error.filename2 or error.filename or "standard output"  # which alone has no name
        return f"{name}: {error.strerror or errno.errorcode.get(error.errno, 'error')}"
    if isinstance(error, MemoryError):
        return "this takes more memory than the host has"
    return None
