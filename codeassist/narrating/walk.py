"""One activation read from its trace: steps with their occurrence, loops with their turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codeassist.narrating.body import LOOPS, Body
from codeassist.records.location import FunctionId
from codeassist.records.trace import Activation, Event, ExceptionInfo, Trace, TraceReader

MOST_EVENTS = 20_000
"""events, those of callees included, that are read for one activation"""
MOST_STEPS = 20_000
"""steps of one activation that are read; beyond, the worked run tells of the first ones"""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of claims.md: its statement (index in Module.statements) and its place."""

    event: int
    statement: int
    line: int
    occurrence: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One iteration of a loop: positions in Walk.steps, the header step and the half-open body."""

    header: int
    start: int
    end: int


@dataclass(slots=True)
class Entry:
    """One execution of a loop: its turns and how it was left."""

    loop: int
    number: int
    """k-th entry of this loop in the activation, from 1"""
    first: int
    turns: list[Turn] = field(default_factory=list)
    last: int = 0
    """position of the last step that belongs to it"""
    left_by: str = ""
    """exhausted, condition, break, return or exception; empty where the record ends before"""


@dataclass(slots=True)
class Walk:
    """The steps of one activation in order, and the loops they went through."""

    reader: TraceReader
    activation: Activation
    steps: list[Step]
    end: Event | None
    """its `return` or `unwind`, or None where the record ends before"""
    whole: bool
    entries: list[Entry] = field(default_factory=list)
    receiver: str = ""
    """first parameter of a method, whose attributes are shown one by one"""
    _states: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    def before(self, position: int) -> Mapping[str, Any]:
        """Variables just before the step at `position`; len(steps) means: as the activation ended."""
        if position not in self._states:
            event = self._event(position)
            self._states[position] = self.reader.state(event, self.activation.id).variables
        return self._states[position]

    def fetch(self, positions: Iterable[int]) -> None:
        """Read the variables before all these positions in one pass."""
        missing = sorted({self._event(p): p for p in positions if p not in self._states}.items())
        moments = [(event, self.activation.id) for event, _ in missing]
        for (_, position), state in zip(missing, self.reader.states(moments), strict=True):
            self._states[position] = state.variables

    def _event(self, position: int) -> int:
        if position < len(self.steps):
            return self.steps[position].event
        return self.end.index if self.end else len(self.reader)

    def of(self, loop: int) -> list[Entry]:
        """The executions of one loop."""
        return [entry for entry in self.entries if entry.loop == loop]

    def counts(self) -> Counter[int]:
        """Steps by statement."""
        return Counter(step.statement for step in self.steps)


def activation_of(trace: Trace, function: FunctionId, last: bool = False) -> Activation | None:
    """The first activation of `function` in the run, or the last that no other one of it holds.

    A method is shown at the last call: the ones before it bring the object into its state.
    """
    if trace.reader is None:
        return None
    every = trace.reader.activations()
    matches = [a for a in every if a.function.qualname == function.qualname]
    found = [a for a in matches if a.function.path == function.path] or matches
    if last:
        ids = {a.id for a in found}
        found = [a for a in found if not _inside(a, ids, every)][-1:]
    return next(iter(found), None)


def _inside(activation: Activation, ids: set[int], every: Sequence[Activation]) -> bool:
    above = activation.parent
    while above is not None and above not in ids:
        above = every[above].parent
    return above is not None


def entry_values(trace: Trace, activation: Activation) -> Mapping[str, Any]:
    """Parameters at entry of an activation, by name."""
    event = event_at(trace.reader, activation.events[0]) if activation.events else None
    return event.value if event is not None and isinstance(event.value, Mapping) else {}


def event_at(reader: TraceReader | None, index: int) -> Event | None:
    """One event, by its index."""
    return None if reader is None else next(iter(reader.events(index, index + 1)), None)


def end_of(reader: TraceReader, activation: Activation) -> Event | None:
    """The `return` or `unwind` event of an activation, or None where it never ended."""
    if not activation.events:
        return None
    last = event_at(reader, activation.events[-1])
    return last if last is not None and last.kind in ("return", "unwind") else None


def walk(trace: Trace, activation: Activation, body: Body) -> Walk | None:
    """Read the steps of one activation and find the turns of its loops."""
    reader = trace.reader
    if reader is None or not activation.events:
        return None
    events = _own(reader, activation)
    table = _statements(body)
    steps, seen = [], Counter[int]()
    for event in events:
        if event.kind != "line":
            continue
        statement = table.get((event.line, event.column), table.get((event.line, -1), -1))
        if statement < 0:
            continue
        seen[statement] += 1
        steps.append(Step(event.index, statement, event.line, seen[statement]))
    whole = len(activation.events) <= len(events) and trace.header.complete
    result = Walk(reader, activation, steps, end_of(reader, activation), whole)
    result.entries = _entries(steps, body, result)
    return result


def _own(reader: TraceReader, activation: Activation) -> list[Event]:
    wanted: Sequence[int] = activation.events[:MOST_STEPS]
    stop = min(wanted[-1] + 1, wanted[0] + MOST_EVENTS)
    return [event for event in reader.events(wanted[0], stop) if event.activation == activation.id]


def _statements(body: Body) -> dict[tuple[int, int], int]:
    """Statement by (line, column) of its header, and by (line, -1) where a line has only one."""
    table: dict[tuple[int, int], int] = {}
    for index, statement in body.statements():
        table[statement.header.line, statement.header.column] = index
        if body.alone(index):
            table[statement.header.line, -1] = index
    return table


def _entries(steps: list[Step], body: Body, found: Walk) -> list[Entry]:
    """The executions of loops, in the order in which they began."""
    entries: list[Entry] = []
    numbers: Counter[int] = Counter()
    open_: list[Entry] = []
    loops = {index: body.at(index) for index in body.loops()}
    inside = {index: frozenset(body.within(index, "body")) for index in loops}
    for position, step in enumerate(steps):
        while open_ and not _continues(open_[-1], step.statement, inside):
            _leave(open_.pop(), position, steps, body)
        if step.statement in loops and not (open_ and open_[-1].loop == step.statement):
            numbers[step.statement] += 1
            entry = Entry(step.statement, numbers[step.statement], position)
            open_.append(entry)
            entries.append(entry)
        elif step.statement in loops and open_[-1].turns:
            _close_turn(open_[-1], position)
        _begin_turn(position, steps, inside, open_)
    for entry in open_:
        _leave(entry, len(steps), steps, body)
        entry.left_by = _final(entry, found, body, steps)
    return entries


def _continues(entry: Entry, statement: int, inside: Mapping[int, frozenset[int]]) -> bool:
    return statement == entry.loop or statement in inside[entry.loop]


def _begin_turn(
    position: int, steps: list[Step], inside: Mapping[int, frozenset[int]], open_: list[Entry]
) -> None:
    """A header step whose next step lies in the loop's body starts a turn."""
    if not open_ or steps[position].statement != open_[-1].loop or position + 1 == len(steps):
        return
    if steps[position + 1].statement in inside[open_[-1].loop]:
        open_[-1].turns.append(Turn(position, position + 1, 0))


def _close_turn(entry: Entry, position: int) -> None:
    last = entry.turns[-1]
    if not last.end:
        entry.turns[-1] = Turn(last.header, last.start, position)


def _leave(entry: Entry, position: int, steps: list[Step], body: Body) -> None:
    entry.last = position - 1
    if entry.turns:
        _close_turn(entry, position)
    if steps[entry.last].statement == entry.loop:
        entry.left_by = "exhausted" if body.at(entry.loop).kind == "for" else "condition"
    else:
        kind = body.at(steps[entry.last].statement).kind
        entry.left_by = "break" if kind == "break" else "exception"


def _final(entry: Entry, found: Walk, body: Body, steps: list[Step]) -> str:
    if found.end is None or not found.whole:
        return ""
    if found.end.kind == "unwind":
        return "exception"
    last = steps[entry.last].statement
    if last == entry.loop:
        return "exhausted" if body.at(entry.loop).kind == "for" else "condition"
    if body.at(last).kind == "return":
        return "return"
    return "break" if body.at(last).kind == "break" else ""


def exception_of(event: Event | None) -> ExceptionInfo | None:
    """The exception with which an activation was left."""
    value = event.value if event is not None and event.kind == "unwind" else None
    return value if isinstance(value, ExceptionInfo) else None


__all__ = [
    "LOOPS",
    "Entry",
    "Step",
    "Turn",
    "Walk",
    "activation_of",
    "end_of",
    "entry_values",
    "event_at",
    "exception_of",
    "walk",
]
