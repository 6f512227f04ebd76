"""Dataclasses that cost next to nothing until they are used.

`dataclasses.dataclass` writes and compiles the methods of a class when it is declared, three
quarters of a millisecond each: most of the time that a start would take which reads its machine
from the cache. `record` is the same to type checkers, to `match` and to `fields` and `replace`,
but compiles `__init__` when the first one is made, and has no need to compile anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

__all__ = ["record"]

_Made: TypeAlias = Any  # a class of records, or a record: what neither declares is set here


def _record(
    *, frozen: bool = False, slots: bool = False, eq: bool = True
) -> Callable[[type], type]:
    """As `dataclass`, for classes that inherit no fields."""

    def decorate(declared: type) -> type:
        names = tuple(n for n, a in declared.__annotations__.items() if "ClassVar" not in str(a))
        defaults = {name: vars(declared)[name] for name in names if name in vars(declared)}
        made: Any = _with_slots(declared, names) if slots else declared
        made.__match_args__ = names  # type: ignore[misc]
        made.__dataclass_fields__ = _Fields(names, defaults)
        made.__init__ = _initialiser(made, names, defaults)
        made.__repr__ = _repr
        if frozen:
            made.__setattr__ = made.__delattr__ = _refuse
        if eq:
            made.__eq__, made.__hash__ = _comparison(names)
            if not frozen:
                made.__hash__ = None
        return made  # type: ignore[no-any-return]

    return decorate


def _with_slots(declared: type, names: tuple[str, ...]) -> type:
    """The class again with slots: they cannot be added to one that exists."""
    left_out = (*names, "__dict__", "__weakref__")
    body = {name: value for name, value in vars(declared).items() if name not in left_out}
    body |= {
        "__slots__": names,
        "__annotations__": declared.__annotations__,
        "__qualname__": declared.__qualname__,
        "__getstate__": _state,
        "__setstate__": _set_state,
    }
    return type(declared.__name__, declared.__bases__, body)


def _initialiser(made: _Made, names: tuple[str, ...], defaults: dict[str, object]) -> object:
    """An `__init__` that puts a compiled one in its place when it is first called."""

    def __init__(self: _Made, *values: object, **named: object) -> None:
        made.__init__ = _compiled(made, names, defaults)
        made.__init__(self, *values, **named)

    return __init__


def _compiled(
    made: _Made, names: tuple[str, ...], defaults: dict[str, object]
) -> Callable[..., None]:
    from dataclasses import MISSING, Field

    parameters, lines = ["self"], []
    scope: dict[str, Any] = {"set": object.__setattr__, "missing": MISSING}
    for name in names:
        default, value = defaults.get(name, MISSING), name
        if isinstance(default, Field):
            if default.default_factory is not MISSING:
                scope[f"make_{name}"] = default.default_factory
                value = f"make_{name}() if {name} is missing else {name}"
            default = default.default
        parameters.append(name if default is MISSING and value == name else f"{name}=of_{name}")
        scope[f"of_{name}"] = default
        lines.append(f" set(self, {name!r}, {value})\n")
    if hasattr(made, "__post_init__"):
        lines.append(" self.__post_init__()\n")
    exec(f"def __init__({', '.join(parameters)}):\n{''.join(lines) or ' pass'}", scope)
    compiled: Callable[..., None] = scope["__init__"]
    compiled.__qualname__ = f"{made.__qualname__}.__init__"  # for errors in a call
    return compiled


def _comparison(names: tuple[str, ...]) -> tuple[object, object]:
    """`__eq__` and `__hash__`: equal are two of one class with equal fields."""
    fields: Callable[[object], object] = attrgetter(*names) if names else lambda _: ()

    def __eq__(self: object, other: object) -> bool:
        if other.__class__ is self.__class__:
            return fields(self) == fields(other)
        return NotImplemented

    def __hash__(self: object) -> int:
        return hash(fields(self))

    return __eq__, __hash__


def _repr(self: _Made) -> str:
    shown = (name for name, field in self.__dataclass_fields__.items() if field.repr)
    parts = (f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{type(self).__qualname__}({', '.join(parts)})"


def _refuse(self: object, name: str, value: object = None) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


# Pickling: what is frozen cannot be set in the usual way.


def _state(self: _Made) -> list[object]:
    return [getattr(self, name) for name in self.__slots__]


def _set_state(self: _Made, state: list[object]) -> None:
    set = object.__setattr__
    for name, value in zip(self.__slots__, state, strict=True):
        set(self, name, value)


class _Fields:
    """What `fields` and `replace` of `dataclasses` look for, made when they do."""

    def __init__(self, names: tuple[str, ...], defaults: dict[str, object]) -> None:
        self._names = names
        self._defaults = defaults

    def __get__(self, one: object, made: _Made) -> object:
        from dataclasses import dataclass

        body = {
            "__annotations__": {name: made.__annotations__[name] for name in self._names},
            "__doc__": "fields",  # without one `dataclass` works one out
            **self._defaults,
        }
        model: _Made = dataclass(init=False, repr=False, eq=False)(type(made.__name__, (), body))
        made.__dataclass_fields__ = model.__dataclass_fields__
        return made.__dataclass_fields__


if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:
    record = _record
