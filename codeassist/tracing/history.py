"""A run indexed for walking backwards: steps of an activation, calls made by a step, last stores."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from codeassist.records.errors import UsageError
from codeassist.records.program import Module, Statement
from codeassist.records.structure import Structure
from codeassist.records.trace import Activation, Change, Event, TraceReader

LARGEST = 3_000_000
"""events of a run that is held in memory for walking back"""


class History:
    """All events of one run with the indexes that a walk backwards needs."""

    def __init__(self, reader: TraceReader, modules: Mapping[str, Module]) -> None:
        if len(reader) > LARGEST:
            raise UsageError(f"the run has more than {LARGEST:,} events", hint="trace a smaller input")
        self.reader = reader
        self.events: list[Event] = list(reader.events())
        self.activations: Sequence[Activation] = reader.activations()
        self.structures = {path: Structure(module) for path, module in modules.items()}
        self._children: dict[int, list[Activation]] = {}
        self._shared: dict[str, list[int]] = {}
        for activation in self.activations:
            if activation.parent is not None and activation.events:
                self._children.setdefault(activation.parent, []).append(activation)
        for event in self.events:
            for change in event.changes:
                if change.scope != "local":
                    self._shared.setdefault(change.variable, []).append(event.index)
        self._states: dict[tuple[int, int], Mapping[str, Any]] = {}

    def statement(self, event: Event) -> Statement | None:
        """The facts of the statement that a `line` event executed."""
        index = self.index(event)
        return None if index is None else self.structures[event.function.path].statement(index)

    def index(self, event: Event) -> int | None:
        """Its index among the statements of its module."""
        structure = self.structures.get(event.function.path)
        return None if structure is None else structure.of(event)

    def steps_before(self, activation: int, index: int) -> Iterator[Event]:
        """Own `line` events before event `index`, the latest first."""
        own = self.activations[activation].events
        for position in range(bisect_left(own, index) - 1, -1, -1):
            event = self.events[own[position]]
            if event.kind == "line":
                yield event

    def step_at(self, activation: int, index: int) -> Event | None:
        """The step of the activation that was being executed at event `index`."""
        return next(self.steps_before(activation, index), None)

    def after(self, event: Event) -> int:
        """The moment at which the step is complete: the next own event of its activation."""
        own = self.activations[event.activation].events
        position = bisect_right(own, event.index)
        return own[position] if position < len(own) else len(self.events)

    def calls(self, event: Event) -> list[Activation]:
        """Activations that the step itself entered or resumed, in order of entry."""
        end = self.after(event)
        return [
            child
            for child in self._children.get(event.activation, ())
            if event.index < child.events[0] < end or _is_inside(child.events, event.index, end)
        ]

    def variables(self, index: int, activation: int) -> Mapping[str, Any]:
        """Variables of the activation just before event `index`, remembered for a while."""
        key = (index, activation)
        if key not in self._states:
            if len(self._states) > 256:
                self._states.clear()
            self._states[key] = self.reader.state(index, activation).variables
        return self._states[key]

    def shared_store(self, name: str, index: int) -> tuple[Event, Change] | None:
        """The last nonlocal or global store to `name` before event `index`, in any activation."""
        known = self._shared.get(name, [])
        for position in range(bisect_left(known, index) - 1, -1, -1):
            event = self.events[known[position]]
            for change in event.changes:
                if change.variable == name and change.scope != "local":
                    return event, change
        return None


def _is_inside(indexes: Sequence[int], start: int, end: int) -> bool:
    position = bisect_right(indexes, start)
    return position < len(indexes) and indexes[position] < end
