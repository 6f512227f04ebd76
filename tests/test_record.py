"""A record is a dataclass to whoever uses it."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from typing import ClassVar

import pytest

from rvx.record import record


@record(frozen=True, slots=True)
class Slotted:
    """Has slots."""

    first: int
    second: tuple[int, ...] = ()


@record(frozen=True, eq=False)
class Plain:
    kind: ClassVar[str] = "plain"
    first: int
    second: str = field(default="two", repr=False)

    @cached_property
    def doubled(self) -> int:
        return 2 * self.first


@record()
class Open:
    first: int
    many: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.first += 1


@record(frozen=True, slots=True)
class Empty:
    pass


@dataclass(frozen=True, slots=True)
class Reference:
    first: int
    second: tuple[int, ...] = ()


def test_what_a_dataclass_does() -> None:
    for made in (Slotted, Reference):
        one = made(1, second=(2,))
        assert (one.first, one.second, made(1).second) == (1, (2,), ())
        assert one == made(1, (2,)) != made(1)
        assert one != (1, (2,))
        assert hash(one) == hash(made(1, (2,)))
        assert repr(one) == f"{made.__name__}(first=1, second=(2,))"
        assert made.__match_args__ == ("first", "second")
        assert is_dataclass(made)
        assert [f.name for f in fields(one)] == ["first", "second"]
        assert replace(one, first=3) == made(3, (2,))
        assert not hasattr(one, "__dict__")
        with pytest.raises(FrozenInstanceError):
            one.first = 2  # type: ignore[misc]
        for wrong in ((), (1, 2, 3)):
            with pytest.raises(TypeError, match=rf"{made.__name__}.__init__\(\)"):
                made(*wrong)  # type: ignore[arg-type]
        assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one
    assert Slotted.__doc__ == "Has slots."


def test_without_comparison() -> None:
    one = Plain(1)
    assert one == one
    assert one != Plain(1)
    assert len({one, Plain(1)}) == 2
    assert (one.doubled, one.kind, repr(one)) == (2, "plain", "Plain(first=1)")
    again = pickle.loads(pickle.dumps(one))
    assert (again.first, again.second, again.doubled) == (1, "two", 2)


def test_what_can_change() -> None:
    one, other = Open(1), Open(1)
    one.many.append(3)
    assert (one.first, one.many, other.many) == (2, [3], [])
    other.many = [3]
    assert one == other
    assert Open.__hash__ is None
    assert repr(one) == "Open(first=2, many=[3])"


def test_without_fields() -> None:
    assert Empty() == Empty()
    assert hash(Empty()) == hash(Empty())
    assert repr(pickle.loads(pickle.dumps(Empty()))) == "Empty()"
