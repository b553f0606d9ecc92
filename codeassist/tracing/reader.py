"""Reads a recorded run: events, states and outputs, replayed from its log when asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from codeassist.records.deltas import Place, Stretch
from codeassist.records.errors import TraceError
from codeassist.records.location import FunctionId
from codeassist.records.trace import KINDS, Activation, Change, Event, Output, State
from codeassist.tracing.changes import change
from codeassist.tracing.cursor import Cursor
from codeassist.tracing.deltas import places, stretches
from codeassist.tracing.index import FAR, Index
from codeassist.tracing.log import Log, Site
from codeassist.tracing.replay import Frame, Happening, Store
from codeassist.tracing.snapshot import Snapshot

MAX_ARGUMENTS = 2000
"""objects that the value of a call event shows; `argument` shows all"""


class Reader:
    """The TraceReader of a trace log. Nothing is replayed before the first question."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self._index: Index | None = None
        self._cursor: Cursor | None = None

    @property
    def index(self) -> Index:
        """The columns over all events, built at first use."""
        if self._index is None:
            self._index = Index(self.log)
        return self._index

    def __len__(self) -> int:
        """Number of events."""
        return len(self.index.kinds)

    def __bool__(self) -> bool:
        """A reader is there, even of a run without events."""
        return True

    def activations(self) -> Sequence[Activation]:
        """Every activation, by entry order."""
        return self.index.activations

    def output(self) -> Sequence[Output]:
        """What the program wrote, in order."""
        return self.index.outputs

    def mistrust(self) -> str:
        """Replay to the end: which object is not as the program left it, or nothing."""
        return self._at(len(self)).machine.mistrust

    def damage(self) -> str:
        """Why the log could not be read to its end, or nothing."""
        return self.index.damaged

    # -- states ---------------------------------------------------------------------------

    def state(self, index: int, activation: int) -> State:
        """Variables of `activation` just before event `index` (len(self) means: at the end)."""
        return next(iter(self.states([(index, activation)])))

    def states(self, moments: Sequence[tuple[int, int]]) -> Iterator[State]:
        """`state` for many (index, activation) pairs in ascending index order, in one pass."""
        for index, activation in moments:
            yield self._state(index, activation)

    def _state(self, index: int, activation: int) -> State:
        last = self._last_event(activation)
        at = min(index, last) if last is not None else index
        machine = self._at(at).machine
        frame = machine.frames.get(activation)
        snapshot = Snapshot()
        variables, spaces, result = {}, {}, []
        if frame is not None:
            variables = {name: snapshot.copy(value) for name, value in machine.variables(frame).items()}
            module = machine.globals.get(frame.module, {})
            spaces = {name: snapshot.copy(value) for name, value in module.items()}
            result = [snapshot.copy(value) for value in self._returned(at, last)]
        return State(index, activation, variables, result[0] if result else None, bool(result), spaces)

    def _last_event(self, activation: int) -> int | None:
        """The event at which an activation left for good; None while it is open."""
        row = self._activation(activation)
        return row.events[-1] if row.status in ("returned", "raised") else None

    def _activation(self, number: int) -> Activation:
        if not 0 <= number < len(self.index.activations):
            raise TraceError(f"the run has no activation {number}")
        return self.index.activations[number]

    def _returned(self, at: int, last: int | None) -> list[Any]:
        """The value of the return event `at`, live, or nothing."""
        if last is None or at != last or self._cursor is None:
            return []
        return self._cursor.machine.returning(self._cursor.peek())

    def _at(self, event: int) -> Cursor:
        """The shared cursor, standing just before event `event`."""
        if self._cursor is None:
            self._cursor = Cursor(self.log, self.index.keyframes)
        self._cursor.seek(self.index.place(event))
        return self._cursor

    def argument(self, activation: int, name: str, index: int) -> Any:
        """Deep value, just before event `index`, of the object passed as parameter `name`."""
        last = self._last_event(activation)
        cursor = self._at(min(index, last) if last is not None else index)
        frame = cursor.machine.frames.get(activation)
        if frame is None or name not in frame.arguments:
            raise TraceError(f"activation {activation} has no parameter {name}")
        return Snapshot().copy(frame.arguments[name])

    # -- events ---------------------------------------------------------------------------

    def events(self, start: int = 0, stop: int | None = None) -> Iterator[Event]:
        """Events `start` to `stop` in order, with the changes that each step made itself."""
        end = len(self) if stop is None else min(stop, len(self))
        if start >= end:
            return
        cursor = Cursor(self.log, self.index.keyframes)
        cursor.seek(self.index.place(start))
        drafts: deque[_Draft] = deque()
        newest = start - 1
        for happening in cursor.walk(self._reach(end)):
            newest += type(happening) is Happening
            self._gather(happening, drafts, start, end, newest)
            while drafts and cursor.machine.events - drafts[0].index > FAR + 1:
                yield self._finished(drafts.popleft())
        for draft in drafts:
            yield self._finished(draft)

    def outline(self) -> Iterator[tuple[str, FunctionId, int, int]]:
        """Kind, function, line and column of every event, from the index alone."""
        functions = [activation.function for activation in self.index.activations]
        columns = zip(self.index.kinds, self.index.sites, self.index.owners, strict=True)
        for kind, number, owner in columns:
            site = self.log.sites[number]
            yield KINDS[kind], functions[owner], site.line, site.column

    def places(self) -> Sequence[Place]:
        """The statements that the moments of `stretches` name by number."""
        return places(self.log)

    def stretches(self, length: int) -> Iterator[Stretch]:
        """The run as what each event changed, cut into stretches of at least `length` events."""
        return stretches(self.log, self.index, length)

    def _reach(self, end: int) -> int:
        """The entry up to which replay must go for the changes of all events before `end`."""
        return self.index.place(min(end + FAR + 1, len(self)))

    def _gather(self, happening: Any, drafts: deque[_Draft], start: int, end: int, newest: int) -> None:
        kind = type(happening)
        if kind is Happening and newest < end:
            drafts.append(_Draft(newest, happening, self.log.sites[happening.site]))
        elif kind is Store and happening.frame is not None and drafts:
            self._attach(happening, drafts, happening.frame)
        elif kind is tuple and happening[0] == "taken" and drafts:
            drafts[-1].tests.append((*happening[1].info["test"], happening[2]))

    @staticmethod
    def _attach(store: Store, drafts: deque[_Draft], frame: Frame) -> None:
        place = frame.event - drafts[0].index
        if 0 <= place < len(drafts) and drafts[place].happening.kind != "call":
            made = change(store, drafts[place].site)
            if made is not None:
                drafts[place].changes[made.target] = made

    def _finished(self, draft: _Draft) -> Event:
        happening, site, index = draft.happening, draft.site, draft.index
        changes = {**draft.changes, **self.index.far(index)}
        return Event(
            index,
            happening.kind,
            self._activation(happening.frame.id).function,
            site.line,
            site.column,
            happening.depth,
            happening.frame.thread,
            happening.frame.id,
            tuple(changes.values()),
            draft.value,
            tuple(draft.tests) + self._test(index, site, happening),
            site.kind if happening.kind == "line" else "",
        )

    def _test(self, index: int, site: Site, happening: Happening) -> tuple[tuple[int, int, bool], ...]:
        """The outcome of an if, while or for header: whether its body came next."""
        if happening.kind != "line" or site.kind not in ("if", "while", "for"):
            return ()
        following = self._next_own(index, happening.frame.id)
        if following is None or KINDS[self.index.kinds[following]] == "raise":
            return ()
        is_line = KINDS[self.index.kinds[following]] == "line"
        taken = is_line and self.index.sites[following] == site.info.get("first")
        return ((site.line, site.column, taken),)

    def _next_own(self, index: int, activation: int) -> int | None:
        """The activation's next event that is no yield or resumption."""
        events = self.index.activations[activation].events
        place = bisect_right(events, index)
        while place < len(events):
            if KINDS[self.index.kinds[events[place]]] not in ("yield", "resume"):
                return events[place]
            place += 1
        return None


class _Draft:
    """An event whose changes are still being gathered."""

    __slots__ = ("changes", "happening", "index", "site", "tests", "value")

    def __init__(self, index: int, happening: Happening, site: Site) -> None:
        self.index = index
        self.happening = happening
        self.site = site
        self.changes: dict[str, Change] = {}
        self.tests: list[tuple[int, int, bool]] = []
        self.value = _copied(happening)


def _copied(happening: Happening) -> Any:
    if happening.kind == "call":
        snapshot = Snapshot(MAX_ARGUMENTS)
        return {name: snapshot.copy(value) for name, value in happening.payload.items()}
    return Snapshot().copy(happening.payload)
