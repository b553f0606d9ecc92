"""Reads a page as the viewer does: an independent replay of its documents, to be held against a reader."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

NEW, SPLICE, BIND, UNBIND, GLOBAL, FORGET = range(6)
CALL, LINE, RETURN, YIELD, RESUME, RAISE, UNWIND = range(7)
PART = re.compile(r'<script type="text/plain" data-of="(\w+)" data-part="(\w+)">([^<]*)</script>')


def documents(page: str, key: str = "0") -> dict[str, Any]:
    """The documents of one viewer of a page, by the name of their part."""
    return {
        part: json.loads(zlib.decompress(base64.b64decode(data), -15))
        for of, part, data in PART.findall(page)
        if of == key
    }


class Paged:
    """The state of a run as its page tells it; `step` moves one event on."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.whole, self.parts = found["whole"], found
        self.texts = self.whole["texts"]
        self.places, self.owners = _summed(self.whole["placed"]), _summed(self.whole["activations"])
        self.threads = dict(self.whole["threads"])
        self.at, self.part, self.offset = -1, -1, 0
        self.objects: dict[int, tuple[int, str, list[int]]] = {}
        self.frames: dict[int, dict[str, int]] = {}
        self.globals: dict[str, dict[str, int]] = {}
        self.stacks: dict[int, list[int]] = {}
        self.leaving: tuple[int, int, bool] | None = None

    def step(self) -> int:
        """Replay the next event; its index."""
        self.at += 1
        if self.at in self.whole["starts"]:
            self._open(self.whole["starts"].index(self.at))
        document = self.parts[str(self.part)]
        self._begin(self.whole["kinds"][self.at], self.owners[self.at])
        size = document["sizes"][self.at - self.whole["starts"][self.part]]
        self._apply(document["flat"][self.offset : self.offset + size], self.owners[self.at])
        self.offset += size
        return self.at

    def _open(self, part: int) -> None:
        """What a stretch opens with says everything: nothing is taken over from the one before."""
        document = self.parts[str(part)]
        self.part, self.offset, self.leaving = part, 0, None
        self.objects, self.globals, self.frames = {}, {}, {}
        self.stacks = {thread: list(stack) for thread, *stack in document["stacks"]}
        for stack in self.stacks.values():
            self.frames.update({activation: {} for activation in stack})
        self._apply(document["opening"], 0)

    def _begin(self, kind: int, activation: int) -> None:
        if self.leaving is not None:
            thread, gone, for_good = self.leaving
            self.stacks[thread].remove(gone)
            if for_good:
                del self.frames[gone]
            self.leaving = None
        thread = self.threads.get(activation, 0)
        stack = self.stacks.setdefault(thread, [])
        if kind in (CALL, RESUME):
            stack.append(activation)
        if kind in (CALL, RESUME):
            self.frames.setdefault(activation, {})
        if kind in (RETURN, UNWIND, YIELD):
            assert stack[-1] == activation
            self.leaving = thread, activation, kind != YIELD

    def _apply(self, flat: list[int], home: int) -> None:
        i = 0
        while i < len(flat):
            kind = flat[i]
            if kind == NEW:
                _, number, how, cls, size = flat[i : i + 5]
                self.objects[number] = (how, self.texts[cls], flat[i + 5 : i + 5 + size])
                i += 5 + size
            elif kind == SPLICE:
                _, number, start, removed, size = flat[i : i + 5]
                items = self.objects[number][2]
                assert start + removed <= len(items)
                items[start : start + removed] = flat[i + 5 : i + 5 + size]
                i += 5 + size
            elif kind == BIND:
                self.frames.setdefault(flat[i + 1] + home, {})[self.texts[flat[i + 2]]] = flat[i + 3]
                i += 4
            elif kind == UNBIND:
                del self.frames[flat[i + 1] + home][self.texts[flat[i + 2]]]
                i += 3
            elif kind == GLOBAL:
                self.globals.setdefault(self.texts[flat[i + 1]], {})[self.texts[flat[i + 2]]] = flat[i + 3]
                i += 4
            else:
                assert kind == FORGET
                self.globals.get(self.texts[flat[i + 1]], {}).pop(self.texts[flat[i + 2]], None)
                i += 3

    def text(self, value: int, path: tuple[int, ...] = ()) -> Any:
        """A value as nested lists: kind, class and content, atoms as their literal text."""
        if value % 3 == 0:
            n = value // 3
            return str(n // 2 if n % 2 == 0 else -(n + 1) // 2)
        if value % 3 == 1:
            return self.texts[(value - 1) // 3]
        number = (value - 2) // 3
        if number in path:
            return ["cycle"]
        how, cls, items = self.objects[number]
        content = [self.text(item, (*path, number)) for item in items]
        return [cls, sorted(content, key=json.dumps) if how == 1 else content]


def _summed(column: list[int]) -> list[int]:
    total, found = 0, []
    for difference in column:
        total += difference
        found.append(total)
    return found
