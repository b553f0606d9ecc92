"""What full traces say of one function: lines, types of arguments and results, mutation, exceptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from codeassist.records.location import FunctionId
from codeassist.records.program import Function
from codeassist.records.trace import Activation, Event, ExceptionInfo, Trace, TraceReader
from codeassist.records.values import equal, type_name

MOST_ACTIVATIONS = 20
"""activations of the function that are looked at in one run"""
MOST_EVENTS = 200_000
"""events read of one run"""


@dataclass
class Facts:
    """Gathered over all runs of a function."""

    line_counts: Counter[int] = field(default_factory=Counter)
    reached: set[int] = field(default_factory=set)
    mutated: dict[str, bool] = field(default_factory=dict)
    parameter_types: dict[str, dict[str, None]] = field(default_factory=dict)
    result_types: dict[str, None] = field(default_factory=dict)
    raised: dict[str, str] = field(default_factory=dict)


def facts(function: Function, traces: Sequence[Trace]) -> Facts:
    """What the runs that entered `function` say; the counts of lines are the first run's."""
    found = Facts()
    for index, trace in enumerate(traces):
        if trace.reader is None:
            continue
        events = list(own_events(trace.reader, function.id))
        lines = _lines(function, trace.reader)
        found.reached.update(lines)
        if not index:
            found.line_counts.update(lines)
        _see(found, trace.reader, trace.header.run.call, events, activations(trace.reader, function.id))
    return found


def _lines(function: Function, reader: TraceReader) -> list[int]:
    """The steps of the function, and of those defined inside it: their lines are part of its text."""
    every = (e for e in reader.events(0, MOST_EVENTS) if e.kind == "line")
    if function.kind in ("module", "class"):
        return [e.line for e in every if is_same(e.function, function.id)]
    return [e.line for e in every if is_same(e.function, function.id) or _is_inside(e.function, function.id)]


def _is_inside(one: FunctionId, outer: FunctionId) -> bool:
    return one.qualname.startswith(outer.qualname + ".") and is_same(
        FunctionId(one.path, outer.qualname), outer
    )


def activations(reader: TraceReader, function: FunctionId) -> list[Activation]:
    """The first activations of the function."""
    every = (a for a in reader.activations() if is_same(a.function, function))
    return [a for a, _ in zip(every, range(MOST_ACTIVATIONS), strict=False)]


def is_same(one: FunctionId, other: FunctionId) -> bool:
    """Whether both name one function; a path may be written in two ways, a qualified name may not."""
    return one.qualname == other.qualname and (one.path == other.path or one.path.endswith(_tail(other.path)))


def _tail(path: str) -> str:
    return "/" + path.rsplit("/", 1)[-1]


def own_events(reader: TraceReader, function: FunctionId) -> Iterator[Event]:
    """Events of the function's own activations, among the first of the run."""
    return (e for e in reader.events(0, MOST_EVENTS) if is_same(e.function, function))


def _see(
    found: Facts, reader: TraceReader, call: str, events: Iterable[Event], entered: Sequence[Activation]
) -> None:
    kept = {activation.id: activation for activation in entered}
    for event in events:
        if event.kind == "call" and isinstance(event.value, dict):
            for name, value in event.value.items():
                found.parameter_types.setdefault(name, {})[type_name(value)] = None
        elif event.kind == "return":
            found.result_types[type_name(event.value)] = None
        elif event.kind == "unwind" and isinstance(event.value, ExceptionInfo):
            found.raised.setdefault(event.value.cls, call)
        if event.kind in ("return", "unwind") and event.activation in kept:
            _mutation(found, reader, kept[event.activation], event.index)


def _mutation(found: Facts, reader: TraceReader, activation: Activation, end: int) -> None:
    start = activation.events[0] if len(activation.events) else 0
    entry = next(iter(reader.events(start, start + 1)), None)
    given: Any = entry.value if entry is not None else None
    for name, value in given.items() if isinstance(given, dict) else ():
        if type_name(value) in (
            "int",
            "str",
            "float",
            "bool",
            "NoneType",
            "tuple",
            "bytes",
            "range",
            "frozenset",
        ):
            continue
        changed = not equal(value, reader.argument(activation.id, name, end))
        found.mutated[name] = found.mutated.get(name, False) or changed
