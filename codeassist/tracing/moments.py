"""When a variable can have become something else: the moments at which a condition is looked at again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from codeassist.records.trace import Event, TraceReader
from codeassist.records.values import ATOMS

BATCH = 512
"""moments whose states are read together: few enough for a quick first answer"""
_ATOMS = frozenset(ATOMS)


@dataclass(frozen=True, slots=True)
class Moment:
    """`event` is complete when `index` (the next own event of its activation) is reached."""

    event: Event
    index: int
    values: Mapping[str, Any] | None
    """the names asked for, where all are immediate values; None: look at the state"""


@dataclass(slots=True)
class _Life:
    """What is known of one open activation."""

    known: dict[str, Any] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    """names of interest that the activation has bound"""
    pending: Event | None = None
    is_touched: bool = False
    stores: int = 0
    """number of shared stores in the run when `pending` began"""


def moments(reader: TraceReader, names: frozenset[str], scope: str = "") -> Iterator[Moment]:
    """Moments at which the value of an expression over `names` may differ, in the order they come."""
    lives: dict[int, _Life] = {}
    shared = 0
    for event in reader.events():
        if scope and not in_scope(event, scope):
            shared += any(change.kind != "bind" or change.scope != "local" for change in event.changes)
            _forget_shared(lives, event)
            continue
        life = lives.get(event.activation)
        if life is None:
            life = lives[event.activation] = _Life()
        is_stale = life.is_touched or shared != life.stores and len(life.known) < len(names)
        if life.pending is not None and is_stale and (life.bound or life.is_touched):
            values = dict(life.known) if len(life.known) == len(names) else None
            yield Moment(life.pending, event.index, values)
        if event.kind == "raise":
            life.pending = None
            continue
        if event.kind in ("return", "unwind"):
            del lives[event.activation]
            continue
        life.stores = shared
        life.pending, life.is_touched = event, _take(life, event, names)
        for change in event.changes:
            if change.kind != "bind" or change.scope != "local":
                shared += 1
        _forget_shared(lives, event)


def in_scope(event: Event, scope: str) -> bool:
    """Whether the event is one of the function named `scope` (qualified or its last part)."""
    name = event.function.qualname
    return name == scope or name.rpartition(".")[2] == scope


def _take(life: _Life, event: Event, names: frozenset[str]) -> bool:
    """Learn from an event; whether a name of interest was touched."""
    touched = False
    if event.kind == "call" and isinstance(event.value, dict):
        for name in names & event.value.keys():
            touched = True
            life.bound.add(name)
            _learn(life, name, event.value[name])
    for change in event.changes:
        if change.variable in names:
            touched = True
            if change.kind == "delete" and change.target == change.variable:
                life.bound.discard(change.variable)
                life.known.pop(change.variable, None)
                continue
            life.bound.add(change.variable)
            if change.kind == "bind" and change.scope == "local":
                _learn(life, change.variable, change.value)
            else:
                life.known.pop(change.variable, None)
    return touched


def _learn(life: _Life, name: str, value: Any) -> None:
    if type(value) in _ATOMS:
        life.known[name] = value
    else:
        life.known.pop(name, None)


def _forget_shared(lives: dict[int, _Life], event: Event) -> None:
    """A nonlocal or global store may rebind what another activation calls by that name."""
    for change in event.changes:
        if change.scope != "local":
            for life in lives.values():
                life.known.pop(change.variable, None)


def with_values(reader: TraceReader, found: Iterator[Moment]) -> Iterator[tuple[Moment, Mapping[str, Any]]]:
    """Each moment with the variables of its activation; states are read in batches."""
    while batch := list(islice(found, BATCH)):
        wanted = [(m.index, m.event.activation) for m in batch if m.values is None]
        states = reader.states(wanted) if wanted else iter(())
        for moment in batch:
            yield moment, moment.values if moment.values is not None else next(states).variables
