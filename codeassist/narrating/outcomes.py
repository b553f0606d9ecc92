"""What came out of each activation of a function: arguments, result or exception, read in one pass a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codeassist.narrating.walk import activation_of
from codeassist.records.location import FunctionId
from codeassist.records.trace import Activation, Event, ExceptionInfo, Trace, TraceReader

MOST_RUNS = 300
"""runs that are read; more add nothing that a reader would see"""
MOST_EVENTS = 12_000
"""events that are read, over all runs: the first runs are the telling ones"""
MOST_OUTCOMES = 1500


@dataclass(slots=True)
class Outcome:
    """One activation as data. What needs a look at variables is read when it is asked for."""

    run: int
    reader: TraceReader
    activation: Activation
    shown: bool
    """whether its run is told by this activation"""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    end: Event | None = None
    items: list[Any] = field(default_factory=list)
    lines: Counter[int] = field(default_factory=Counter)
    last_line: int = 0
    _at_exit: Mapping[str, Any] | None = None

    @property
    def call(self) -> int:
        """k-th activation of the function in its run."""
        return self.activation.call

    @property
    def returned(self) -> bool:
        """Whether it ended normally."""
        return self.end is not None and self.end.kind == "return"

    @property
    def result(self) -> Any:
        """The value that it returned."""
        return self.end.value if self.end is not None and self.returned else None

    @property
    def exception(self) -> ExceptionInfo | None:
        """The exception that left it."""
        value = self.end.value if self.end is not None and self.end.kind == "unwind" else None
        return value if isinstance(value, ExceptionInfo) else None

    @property
    def at_exit(self) -> Mapping[str, Any]:
        """The objects passed, as they were at the end."""
        if self._at_exit is None:
            index = self.end.index if self.end is not None else len(self.reader)
            names = self.arguments
            self._at_exit = {name: self.reader.argument(self.activation.id, name, index) for name in names}
        return self._at_exit

    @property
    def at_end(self) -> Mapping[str, Any]:
        """Its variables as it ended."""
        index = self.end.index if self.end is not None else len(self.reader)
        return self.reader.state(index, self.activation.id).variables

    @property
    def last(self) -> tuple[int, int]:
        """Line and occurrence of its last step."""
        return self.last_line, self.lines[self.last_line]


def read_outcomes(runs: Sequence[Trace], function: FunctionId, last: bool) -> list[Outcome]:
    """Every activation of the function that ended, up to a cap: a contract speaks of all of them."""
    found: list[Outcome] = []
    left = MOST_EVENTS
    for number, trace in enumerate(runs[:MOST_RUNS]):
        if trace.reader is None or left <= 0 and number or len(found) >= MOST_OUTCOMES:
            continue
        mine = _activations(number, trace, function, last)
        stop = min(len(trace.reader), max(left, MOST_EVENTS // 4))
        left -= stop
        for event in trace.reader.events(0, stop):
            if event.activation in mine:
                _note(mine[event.activation], event)
        found += [outcome for outcome in mine.values() if outcome.end is not None]
    return found[:MOST_OUTCOMES]


def _activations(number: int, trace: Trace, function: FunctionId, last: bool) -> dict[int, Outcome]:
    shown = activation_of(trace, function, last)
    if shown is None or trace.reader is None:
        return {}
    same = [a for a in trace.reader.activations() if a.function == shown.function]
    return {a.id: Outcome(number, trace.reader, a, a.id == shown.id) for a in same}


def _note(outcome: Outcome, event: Event) -> None:
    if event.kind == "call":
        outcome.arguments = event.value if isinstance(event.value, Mapping) else {}
    elif event.kind == "line":
        outcome.lines[event.line] += 1
        outcome.last_line = event.line
    elif event.kind == "yield":
        outcome.items.append(event.value)
    elif event.kind in ("return", "unwind"):
        outcome.end = event
