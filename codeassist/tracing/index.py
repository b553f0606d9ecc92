"""One pass over a trace log: where each event stands and who made it. No value is looked at."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import Any

from codeassist.records.errors import TraceError
from codeassist.records.location import FunctionId
from codeassist.records.trace import KINDS, Activation, Change, Output
from codeassist.tracing import log as entries
from codeassist.tracing.changes import change
from codeassist.tracing.cursor import Cursor, Keyframes
from codeassist.tracing.decode import Objects, damaged
from codeassist.tracing.log import Log, Site, run_end
from codeassist.tracing.replay import Frame, Happening, Machine, Store

FAR = 4000
"""events after which a change of an earlier step is looked up through the index"""

_NUMBER = {kind: number for number, kind in enumerate(KINDS)}
_LINE = _NUMBER["line"]
_LINE_BYTE = bytes([_LINE])
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
        self.turf = array("q"), array("i")
        """entries at which another activation became the current one, and which (-1: none)"""
        self.damaged = log.damaged
        self._far: dict[int, dict[str, Change]] | None = None
        self._build()
        self.activations = [row.record() for row in self.rows]

    def _build(self) -> None:
        machine = Machine(self.log)
        machine.objects = _Blank()
        plans = [_plan(self.log.sites, number) for number in range(len(self.log.sites))]
        try:
            for chunk in range(len(self.log.chunks)):
                self._scan(machine, plans, chunk, self.log.flat(chunk))
        except TraceError as error:  # what came before is sound
            self.damaged = error.message
        except (IndexError, TypeError, ValueError, OverflowError, StopIteration) as error:
            self.damaged = damaged(f"a chunk does not unpack ({type(error).__name__})").message
        for row in self.rows:
            row.close(machine.frames.get(row.id))

    def _scan(self, machine: Machine, plans: list[_Plan], chunk: int, flat: list[Any]) -> None:
        """Note the events of one chunk: plain steps and stores in this loop, all else with the machine."""
        place, end, known = 0, len(flat), len(plans)
        sites, places = self.sites.append, self.places.append
        while place < end:
            frame, entry = self._current(machine), self.entries
            function = frame.function if frame is not None else None
            events = first_event = machine.events
            step, latest = (frame.step, frame.event) if frame is not None else (-1, -1)
            plan: _Plan | None = None
            while place < end:
                first = flat[place]
                if type(first) is not int or not 0 <= first < known:
                    plan = None
                    break
                plan = plans[first]
                if plan.function is not function or function is None or place + plan.size > end:
                    break
                if plan.stores and events - 1 - latest > FAR:
                    break
                for number, offset, is_turn in plan.steps:
                    if is_turn and number == step:
                        continue
                    sites(number)
                    places(entry + offset)
                    step, latest = number, events
                    events += 1
                place += plan.size
                entry += plan.entries
            if frame is not None and events > first_event:
                self._ran(machine, frame, first_event, events, step)
            self.entries = entry
            if place < end:
                place = self._slow(machine, plan, chunk, flat, place)

    def _current(self, machine: Machine) -> Frame | None:
        """The activation whose entries follow."""
        frame = machine.stack[-1] if machine.stack else None
        number = frame.id if frame is not None else -1
        if not self.turf[1] or self.turf[1][-1] != number:
            self.turf[0].append(self.entries)
            self.turf[1].append(number)
        return frame

    def _ran(self, machine: Machine, frame: Frame, first: int, stop: int, step: int) -> None:
        """Steps `first` to `stop` were all those of one activation."""
        count = stop - first
        self.kinds.extend(_LINE_BYTE * count)
        self.owners.extend(array("i", [frame.id]) * count)
        self.depths.extend(array("i", [len(machine.stack)]) * count)
        self.rows[frame.id].events.extend(range(first, stop))
        frame.step, frame.event, machine.events = step, stop - 1, stop

    def _slow(self, machine: Machine, plan: _Plan | None, chunk: int, flat: list[Any], place: int) -> int:
        """Note what stands at one place of a chunk, whatever it is; the place after it."""
        first, end = flat[place], len(flat)
        if type(first) is list:
            self._apart(machine, first)
            self.entries += 1
            return place + 1
        if plan is None:
            if type(first) is not int or first not in entries.RUNS:
                raise damaged("a site number without a row")
            if first in (entries.FILL_FLAT, entries.EXTEND):
                self._stored(machine)
            self.entries += 1
            return run_end(flat, place, end)
        if place + plan.size > end:
            flat += self.log.borrow(chunk, place + plan.size - end)
            if place + plan.size > len(flat):
                return len(flat)
        place += 1
        for number in self.log.sites[first].rows or (first,):
            self._row(machine, number, flat, place)
            place += self.log.sites[number].size
            self.entries += 1
            self._current(machine)
        return place

    def _row(self, machine: Machine, number: int, flat: list[Any], place: int) -> None:
        """Note one entry of values, which start at `place`."""
        site = self.log.sites[number]
        tag = _tag(site.kind, site.op)
        if tag == _STEP or tag == _TURN and machine.stack and machine.turns(site, site.info["of"]):
            if machine.stack:
                self._step(machine, site.info["of"] if tag else number, site.function)
        elif tag == _STORE:
            self._stored(machine)
        elif tag == _OTHER:
            self._take(machine, [number, *flat[place : place + site.size]] if site.size else number)

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

    def owner_at(self, entry: int, latest: int) -> int:
        """The activation that made an entry, `latest` being the last event at or before it; -1: none."""
        if latest >= 0 and self.places[latest] == entry:
            return self.owners[latest]
        i = bisect_right(self.turf[0], entry) - 1
        return self.turf[1][i] if i >= 0 else -1

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


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the pass does at a site: steps and stores of one function, or (`function` None) more than that."""

    function: FunctionId | None
    size: int
    """items of the log"""
    entries: int
    steps: tuple[tuple[int, int, bool], ...]
    """(site, number of the entry in the block, is the turn of a loop)"""
    stores: bool


def _plan(sites: list[Site], number: int) -> _Plan:
    site = sites[number]
    rows = site.rows or (number,)
    tags = [_tag(sites[n].kind, sites[n].op) for n in rows]
    steps = tuple(
        (sites[n].info["of"] if tag == _TURN else n, i, tag == _TURN)
        for i, (n, tag) in enumerate(zip(rows, tags, strict=True))
        if tag in (_STEP, _TURN)
    )
    is_plain = _OTHER not in tags and all(sites[n].function is site.function for n in rows)
    function = site.function if is_plain else None
    return _Plan(function, site.size + 1, len(rows), steps, _STORE in tags)


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
