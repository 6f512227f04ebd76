"""What the past still means to a core's timing, as JSON: by its content, not by the numbers that
one process's transducer gives it."""

from __future__ import annotations

from enum import Enum
from typing import Any, Final, TypeAlias

from rvx.timing import Pipeline
from rvx.timing.pipeline import Pending
from rvx.timing.state import Costs, Flight, Flow, InUnit, Issued, State, View

_Json: TypeAlias = Any
_RECORDS: Final = {kind.__name__: kind for kind in (Costs, Flight, InUnit, Issued, State, View)}


def write_hazard(pipeline: Pipeline | None) -> _Json:
    """None where no core's timing is counted."""
    if pipeline is None:
        return None
    state, costs, killed, is_target = pipeline.pending
    table = pipeline.transducer
    parts = (table.states[state], table.costs[costs], table.killed[killed])
    return [*map(_written, parts), is_target]


def read_hazard(pipeline: Pipeline | None, text: _Json) -> Pending:
    """For `Clock.resume`."""
    if pipeline is None:
        return 0, 0, 0, False
    state, costs, view, is_target = text
    table = pipeline.transducer
    return (
        table.states.number(_read(state)),
        table.costs.number(_read(costs)),
        table.killed.number(_read(view)),
        is_target,
    )


def _written(thing: object) -> _Json:
    match thing:
        case Flow():
            return {"flow": thing.name}
        case frozenset():
            return {"set": sorted(map(_written, thing))}
        case tuple():
            values = [_written(each) for each in thing]
            name = type(thing).__name__
            return {name: values} if name in _RECORDS else values
    assert not isinstance(thing, Enum)
    return thing


def _read(text: _Json) -> Any:  # noqa: ANN401 -- a part of a record
    match text:
        case list():
            return tuple(_read(each) for each in text)
        case {"flow": name}:
            return Flow[name]
        case {"set": members}:
            return frozenset(_read(each) for each in members)
        case dict():
            [(name, values)] = text.items()
            return _RECORDS[name](*map(_read, values))
    return text
