"""A place in a trace log with the state there; moves forward by replay and back by keyframes."""

from __future__ import annotations

import pickle
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from codeassist.tracing import logged  # noqa: F401  (registers its readers)
from codeassist.tracing.log import Log
from codeassist.tracing.replay import Machine

KEYFRAME_ENTRIES = 20_000
KEYFRAME_BYTES = 200 << 20


class Keyframes:
    """Saved machine states at the starts of chunks. Only our own memory is ever unpickled."""

    def __init__(self) -> None:
        self.places: list[int] = []
        self.frames: list[tuple[int, bytes]] = []
        self.bytes = 0

    def offer(self, place: int, chunk: int, machine: Machine) -> None:
        """Save the state before entry `place`, the first of `chunk`, if there is reason and room."""
        if place - (self.places[-1] if self.places else 0) < KEYFRAME_ENTRIES or self.bytes > KEYFRAME_BYTES:
            return
        state = {name: value for name, value in vars(machine).items() if name != "log"}
        try:
            data = pickle.dumps(state, protocol=pickle.HIGHEST_PROTOCOL)
        except RecursionError:  # a long linked structure: seeking is slower without this keyframe
            return
        self.places.append(place)
        self.frames.append((chunk, data))
        self.bytes += len(data)

    def before(self, place: int) -> tuple[int, int, bytes] | None:
        """The last keyframe at or before entry `place`: (entry, chunk, state)."""
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
        entry = self.peek()
        happening = self.machine.take(entry)
        self.offset += 1
        self.place += 1
        if happening is None:
            return self.machine.before
        return [*self.machine.before, *(happening if type(happening) is list else (happening,))]

    def walk(self, stop: int) -> Iterator[Any]:
        """Replay up to entry `stop`, telling each happening."""
        while self.place < stop and self.peek() is not None:
            yield from self.advance()

    def seek(self, place: int) -> None:
        """Stand before entry `place`."""
        saved = self.keyframes.before(place)
        if place < self.place or (saved is not None and saved[0] > self.place):
            self._restore(saved)
        take = self.machine.take
        while self.place < place and self.peek() is not None:
            stop = min(len(self.entries), self.offset + place - self.place)
            for entry in self.entries[self.offset : stop]:
                take(entry)
            self.place += stop - self.offset
            self.offset = stop

    def _restore(self, saved: tuple[int, int, bytes] | None) -> None:
        self._reset()
        if saved is not None:
            self.place, chunk, data = saved
            vars(self.machine).update(pickle.loads(data))
            self.chunk, self.entries, self.offset = chunk - 1, [], 0
