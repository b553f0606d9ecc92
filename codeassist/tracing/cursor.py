"""A place in a trace log with the state there; moves forward by replay and back by keyframes."""

from __future__ import annotations

import pickle
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from codeassist.tracing import logged  # noqa: F401  (registers its readers)
from codeassist.tracing.log import Log
from codeassist.tracing.replay import Machine

KEYFRAME_ENTRIES = 3_000
KEYFRAME_BYTES = 150 << 20
_BYTES_PER_ENTRY = 40


class Keyframes:
    """Saved machine states, the denser the smaller they are. Only our own memory is ever unpickled."""

    def __init__(self) -> None:
        self.places: list[int] = []
        self.frames: list[tuple[int, int, bytes]] = []
        self.bytes = 0
        self.next = KEYFRAME_ENTRIES

    def offer(self, cursor: Cursor) -> None:
        """Save the state before the next entry of `cursor`, if there is room."""
        state = {name: value for name, value in vars(cursor.machine).items() if name != "log"}
        self.next = cursor.place + KEYFRAME_ENTRIES
        try:
            data = pickle.dumps(state, protocol=pickle.HIGHEST_PROTOCOL)
        except RecursionError:  # a long linked structure: seeking is slower without this keyframe
            self.next += 10 * KEYFRAME_ENTRIES
            return
        self.places.append(cursor.place)
        self.frames.append((cursor.chunk, cursor.offset, data))
        self.bytes += len(data)
        self.next += len(data) // _BYTES_PER_ENTRY
        if self.bytes > KEYFRAME_BYTES:
            self._thin()

    def _thin(self) -> None:
        """Drop every second keyframe."""
        del self.places[::2], self.frames[::2]
        self.bytes = sum(len(data) for _, _, data in self.frames)

    def before(self, place: int) -> tuple[int, int, int, bytes] | None:
        """The last keyframe at or before entry `place`: (entry, chunk, offset in it, state)."""
        i = bisect_right(self.places, place) - 1
        return (self.places[i], *self.frames[i]) if i >= 0 else None


class Cursor:
    """Stands before entry `place`; `machine` holds the state there."""

    def __init__(self, log: Log, keyframes: Keyframes) -> None:
        self.log = log
        self.keyframes = keyframes
        self._reset()

    def _reset(self) -> None:
        self.machine = Machine(self.log)
        self.place, self.chunk, self.offset = 0, -1, 0
        self.entries: list[Any] = []

    def peek(self) -> Any:
        """The next entry, or None at the end of the log."""
        while self.offset >= len(self.entries):
            if self.chunk + 1 >= len(self.log.chunks):
                return None
            self.chunk += 1
            self.entries = self.log.entries(self.chunk)
            self.offset = 0
        return self.entries[self.offset]

    def advance(self) -> list[Any]:
        """Replay one entry; all that happened by it, as Machine.take tells it."""
        entry = self.entries[self.offset] if self.offset < len(self.entries) else self.peek()
        happening = self.machine.take(entry)
        self.offset += 1
        self.place += 1
        before = self.machine.before
        if happening is None:
            return before
        if type(happening) is list:
            return [*before, *happening]
        return [*before, happening] if before else [happening]

    def walk(self, stop: int) -> Iterator[Any]:
        """Replay up to entry `stop`, telling each happening."""
        while self.place < stop and self.peek() is not None:
            yield from self.advance()

    def seek(self, place: int) -> None:
        """Stand before entry `place`, leaving keyframes on ground that is passed for the first time."""
        saved = self.keyframes.before(place)
        if place < self.place or (saved is not None and saved[0] > self.place):
            self._restore(saved)
        while self.place < place and self.peek() is not None:
            if self.place >= self.keyframes.next:
                self.keyframes.offer(self)
            take = self.machine.take
            stop = min(len(self.entries), self.offset + place - self.place, self.offset + KEYFRAME_ENTRIES)
            for entry in self.entries[self.offset : stop]:
                take(entry)
            self.place += stop - self.offset
            self.offset = stop

    def _restore(self, saved: tuple[int, int, int, bytes] | None) -> None:
        chunk, entries = self.chunk, self.entries
        self._reset()
        if saved is not None:
            self.place, self.chunk, self.offset, data = saved
            vars(self.machine).update(pickle.loads(data))
            self.entries = entries if chunk == self.chunk else self.log.entries(self.chunk)
