"""One pass over a trace log: where each event stands, who made it, and what came late."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import Any

from codeassist.records.errors import TraceError
from codeassist.records.location import FunctionId
from codeassist.records.trace import KINDS, Activation, Change, Output
from codeassist.tracing.changes import change
from codeassist.tracing.cursor import Cursor, Keyframes
from codeassist.tracing.log import Log
from codeassist.tracing.replay import Frame, Happening, Store

FAR = 4000
"""events after which a change of an earlier step is kept in the index"""

_NUMBER = {kind: number for number, kind in enumerate(KINDS)}


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
        self.far: dict[int, dict[str, Change]] = {}
        self.late: dict[int, int] = {}
        """event -> last entry that belongs to it, where other events lie between"""
        self.outputs: list[Output] = []
        self.entries = 0
        self.damaged = log.damaged
        self._build()
        self.activations = [row.record() for row in self.rows]

    def _build(self) -> None:
        cursor = Cursor(self.log, self.keyframes)
        try:
            while cursor.peek() is not None:
                if cursor.place >= self.keyframes.next:
                    self.keyframes.offer(cursor)
                place = cursor.place
                for happening in cursor.advance():
                    self._note(place, happening)
        except TraceError as error:  # what came before is sound
            self.damaged = error.message
        self.entries = cursor.place
        self.mistrust = cursor.machine.mistrust
        for row in self.rows:
            row.close(cursor.machine.frames.get(row.id))

    def _note(self, place: int, happening: Any) -> None:
        kind = type(happening)
        if kind is Happening:
            self._note_event(place, happening)
        elif kind is Store:
            self._note_store(place, happening)
        elif kind is tuple and happening[0] == "output":
            self.outputs.append(Output(len(self.kinds) - 1, happening[1], happening[2]))

    def _note_event(self, place: int, happening: Happening) -> None:
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
        self.places.append(place)

    def _note_store(self, place: int, store: Store) -> None:
        if store.frame is None:
            return
        event, newest = store.frame.event, len(self.kinds) - 1
        if event == newest:
            return
        self.late[event] = place
        if newest - event > FAR:
            made = change(store, self.log.sites[self.sites[event]])
            if made is not None:
                self.far.setdefault(event, {})[made.target] = made

    def place(self, event: int) -> int:
        """The entry before which event `event` has not happened yet."""
        return self.places[event] if event < len(self.places) else self.entries


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
