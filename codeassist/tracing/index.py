"""One pass over a trace log: where each event stands and who made it. No value is looked at."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from typing import Any

from codeassist.records.errors import TraceError
from codeassist.records.location import FunctionId
from codeassist.records.trace import KINDS, Activation, Change, Output
from codeassist.tracing import log as entries
from codeassist.tracing.changes import change
from codeassist.tracing.cursor import Cursor, Keyframes
from codeassist.tracing.decode import Objects, damaged
from codeassist.tracing.log import Log, run_end
from codeassist.tracing.replay import Frame, Happening, Machine, Store

FAR = 4000
"""events after which a change of an earlier step is looked up through the index"""

_NUMBER = {kind: number for number, kind in enumerate(KINDS)}
_LINE = _NUMBER["line"]
_STEP, _STORE, _OTHER, _NEITHER, _TURN = range(5)
_STORING = frozenset(
    (
        entries.BIND,
        entries.UNBIND,
        entries.CELL,
        entries.CELL_EMPTY,
        entries.SPLICE,
        entries.SET,
        entries.ITEM,
        entries.DELETE,
        entries.FILL,
        entries.FILL_FLAT,
        entries.ADD,
        entries.DISCARD,
        entries.GLOBAL,
    )
)
_SKIPPED = frozenset((entries.NEW, entries.AUDIT, entries.TAKEN, entries.CLASS))


class _Blank(Objects):
    """Objects of a pass that looks at no value."""

    def value(self, told: Any) -> Any:
        """Nothing."""
        return None

    def values(self, told: Any) -> list[Any]:
        """As many nothings."""
        return [None] * len(told)


class Index:
    """Columns over all events, in order, and the activations."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.keyframes = Keyframes()
        self.kinds = bytearray()
        self.sites = array("i")
        self.owners = array("i")
        self.depths = array("i")
        self.places = array("q")
        self.rows: list[_Row] = []
        self.calls: Counter[FunctionId] = Counter()
        self.late: list[tuple[int, int]] = []
        """(event, entry): stores that a step made more than FAR events after it began"""
        self.outputs: list[Output] = []
        self.entries = 0
        self.damaged = log.damaged
        self._far: dict[int, dict[str, Change]] | None = None
        self._build()
        self.activations = [row.record() for row in self.rows]

    def _build(self) -> None:
        machine = Machine(self.log)
        machine.objects = _Blank()
        tags = [_tag(site.kind, site.op) for site in self.log.sites]
        try:
            for chunk in range(len(self.log.chunks)):
                self._scan(machine, tags, chunk, self.log.flat(chunk))
        except TraceError as error:  # what came before is sound
            self.damaged = error.message
        except (IndexError, TypeError, ValueError, OverflowError, StopIteration) as error:
            self.damaged = damaged(f"a chunk does not unpack ({type(error).__name__})").message
        for row in self.rows:
            row.close(machine.frames.get(row.id))

    def _scan(self, machine: Machine, tags: list[int], chunk: int, flat: list[Any]) -> None:
        """Note the events of one chunk. Plain steps and stores are most of it and stay in this loop."""
        sites, place, end = self.log.sites, 0, len(flat)
        known = len(sites)
        while place < end:
            first = flat[place]
            if type(first) is list:
                self._apart(machine, first)
                place += 1
                self.entries += 1
                continue
            if type(first) is not int or first >= known:
                raise damaged("a site number without a row")
            if first < 0:
                if first in (entries.FILL_FLAT, entries.EXTEND):
                    self._stored(machine)
                place = run_end(flat, place, end)
                self.entries += 1
                continue
            place += 1
            whole = sites[first]
            if place + whole.size > end:
                flat += self.log.borrow(chunk, place + whole.size - end)
                if place + whole.size > len(flat):
                    return
            for number in whole.rows or (first,):
                site, tag = sites[number], tags[number]
                if tag == _STEP or tag == _TURN and machine.stack and machine.turns(site, site.info["of"]):
                    if machine.stack:
                        self._step(machine, site.info["of"] if tag else number, site.function)
                elif tag == _STORE:
                    self._stored(machine)
                elif tag == _OTHER:
                    self._take(machine, [number, *flat[place : place + site.size]] if site.size else number)
                place += site.size
                self.entries += 1

    def _step(self, machine: Machine, number: int, function: FunctionId) -> None:
        frame = machine.stack[-1]
        if frame.function is not function:
            self._take(machine, number)
            return
        frame.step = number
        frame.event = event = machine.events
        machine.events = event + 1
        self.kinds.append(_LINE)
        self.sites.append(number)
        self.owners.append(frame.id)
        self.depths.append(len(machine.stack))
        self.places.append(self.entries)
        self.rows[frame.id].events.append(event)

    def _stored(self, machine: Machine) -> None:
        """A store: it belongs to the current activation's latest event, which may be long ago."""
        if machine.stack and machine.events - 1 - machine.stack[-1].event > FAR:
            self.late.append((machine.stack[-1].event, self.entries))

    def _apart(self, machine: Machine, entry: Any) -> None:
        kind = entry[0] if type(entry) is list and entry else None
        if kind in _STORING:
            self._stored(machine)
        elif kind == entries.OUTPUT:
            self.outputs.append(Output(machine.events - 1, str(entry[1]), str(entry[2])))
        elif kind not in _SKIPPED:
            self._take(machine, entry)

    def _take(self, machine: Machine, entry: Any) -> None:
        """Let the machine follow an entry that moves between activations, and note what happened."""
        happening = machine.take(entry)
        for before in machine.before:
            self._note(before)
        if type(happening) is Happening:
            self._note(happening)

    def _note(self, happening: Happening) -> None:
        frame, kind = happening.frame, happening.kind
        if kind == "call":
            if frame.id != len(self.rows):
                raise TraceError("activations are out of order", slug="damaged-trace")
            self.rows.append(_Row(self, frame))
        self.rows[frame.id].note(len(self.kinds), kind)
        self.kinds.append(_NUMBER[kind])
        self.sites.append(happening.site)
        self.owners.append(frame.id)
        self.depths.append(happening.depth)
        self.places.append(self.entries)

    def place(self, event: int) -> int:
        """The entry before which event `event` has not happened yet."""
        return self.places[event] if event < len(self.places) else self.entries

    def far(self, event: int) -> dict[str, Change]:
        """Changes that a step made long after it began, by target."""
        if not self.late:
            return {}
        if self._far is None:
            self._far = self._look_up()
        return self._far.get(event, {})

    def _look_up(self) -> dict[int, dict[str, Change]]:
        found: dict[int, dict[str, Change]] = {}
        cursor = Cursor(self.log, self.keyframes)
        for event, place in self.late:
            cursor.seek(place)
            for happening in cursor.advance():
                if type(happening) is Store and happening.frame is not None:
                    made = change(happening, self.log.sites[self.sites[event]])
                    if made is not None:
                        found.setdefault(event, {})[made.target] = made
        return found

    def event_at(self, place: int) -> int:
        """The first event at or after an entry."""
        return bisect_left(self.places, place)


def _tag(kind: str, operation: str) -> int:
    """What the pass has to do at a site."""
    if kind == "enter":
        return _OTHER
    if not operation:
        return _STEP
    if operation == "turn":
        return _TURN
    if operation in ("return", "end", "leave", "caught", "yield", "resume"):
        return _OTHER
    return _NEITHER if operation == "taken" else _STORE


class _Row:
    """An activation while the index is built."""

    def __init__(self, index: Index, frame: Frame) -> None:
        self.id = frame.id
        self.function = index.log.sites[frame.site].function
        index.calls[self.function] += 1
        self.call = index.calls[self.function]
        self.parent, self.thread, self.depth = frame.parent, frame.thread, frame.depth
        self.events = array("i")
        self.status = "open"

    def note(self, event: int, kind: str) -> None:
        """One more event of this activation."""
        self.events.append(event)
        if kind == "return":
            self.status = "returned"
        elif kind == "unwind":
            self.status = "raised"

    def close(self, frame: Frame | None) -> None:
        """The log ended while this activation was alive."""
        if frame is not None and frame.suspended:
            self.status = "suspended"

    def record(self) -> Activation:
        """The activation as the rooms see it."""
        return Activation(
            self.id, self.function, self.call, self.parent, self.thread, self.depth, self.events, self.status
        )
