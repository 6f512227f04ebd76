"""Names that C and C++ accept."""

from __future__ import annotations

import re
from collections.abc import Container

# Keywords of C23 and C++23 in lower case, the alternative tokens, and the member of our structs.
_KEYWORDS = """
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl
    concept const consteval constexpr constinit const_cast continue co_await co_return co_yield
    decltype default delete do double dynamic_cast else enum explicit export extern false float for
    friend goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or
    or_eq private protected public raw register reinterpret_cast requires restrict return short
    signed sizeof static static_assert static_cast struct switch template this thread_local throw
    true try typedef typeid typename typeof typeof_unqual union unsigned using virtual void
    volatile wchar_t while xor xor_eq
"""
_TAKEN = frozenset(_KEYWORDS.split())


def identifier(text: str) -> str:
    """The text with everything that C has no letter for made underscores."""
    return re.sub(r"[^A-Za-z0-9_]", "_", text)


def parameter_name(text: str) -> str:
    """A name for a parameter, also of a macro."""
    name = identifier(text)
    return f"{name}_" if name in _TAKEN else name


def untaken(name: str, taken: Container[str]) -> str:
    """The name, with underscores added until it is nobody else's."""
    while name in taken:
        name += "_"
    return name
