"""Numbers and texts of a run packed for the viewer: values as single integers, operations as flat lists.

A value is one integer: `3 * n` a small number (zigzag: 0, -1, 1, -2 ... are n = 0, 1, 2, 3 ...), `3 * n + 1`
the n-th literal text of the table, `3 * n + 2` the object of number n. Columns are lists of differences.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from codeassist.records.deltas import BIND, FORGET, GLOBAL, NEW, SPLICE, UNBIND, Ref
from codeassist.records.text import inert
from codeassist.records.values import literal

SMALL = 1 << 30
LONG, MANY_LONG, CUT = 400, 2000, 100
"""characters of a text that are kept, how many texts may be that long, and what is kept of further ones"""
KINDS = ("items", "members", "pairs", "object", "named", "enum", "tensor")


class Texts:
    """A table of texts, each once, in the order in which they are first needed."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self._known: dict[str, int] = {}
        self._atoms: dict[Any, int] = {}
        self._long = 0

    def plain(self, text: str) -> int:
        """The number of a text that stands for itself, such as a name."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = len(self.rows)
            self.rows.append(inert(text))
        return known

    def atom(self, value: Any) -> int:
        """The number of a value's literal text; one that is long is cut."""
        kind = type(value)
        if kind not in _KEYED:
            return self.plain(self._literal(value))
        known = self._atoms.get((kind, value))
        if known is None:
            known = self._atoms[kind, value] = self.plain(self._literal(value))
        return known

    def _literal(self, value: Any) -> str:
        limit = LONG if self._long < MANY_LONG else CUT
        text = literal(value, limit)
        self._long += len(text) > CUT
        return text


_KEYED = (type(None), bool, int, str, bytes)
"""kinds of which equal values have equal texts"""


class Packer:
    """Operations of records.deltas -> one flat list of integers."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def value(self, value: Any) -> int:
        """One value as one integer."""
        kind = type(value)
        if kind is Ref:
            return 3 * int(value.number) + 2
        if kind is int and -SMALL < value < SMALL:
            return int(3 * (2 * value if value >= 0 else -2 * value - 1))
        return 3 * self.texts.atom(value) + 1

    def operations(self, operations: Iterable[tuple[Any, ...]], home: int = 0) -> list[int]:
        """Operations in order; activations are told as differences from `home`."""
        flat: list[int] = []
        for operation in operations:
            flat.append(operation[0])
            _PACKED[operation[0]](self, flat, operation, home)
        return flat

    def _new(self, flat: list[int], operation: tuple[Any, ...], home: int) -> None:
        _, number, kind, cls, content = operation
        flat += [number, KINDS.index(kind), self.texts.plain(cls), len(content)]
        flat += map(self.value, content)

    def _splice(self, flat: list[int], operation: tuple[Any, ...], home: int) -> None:
        _, number, start, removed, items = operation
        flat += [number, start, removed, len(items)]
        flat += map(self.value, items)

    def _bind(self, flat: list[int], operation: tuple[Any, ...], home: int) -> None:
        flat += [operation[1] - home, self.texts.plain(operation[2])]
        flat += map(self.value, operation[3:])

    def _global(self, flat: list[int], operation: tuple[Any, ...], home: int) -> None:
        flat += [self.texts.plain(operation[1]), self.texts.plain(operation[2])]
        flat += map(self.value, operation[3:])


_PACKED = {
    NEW: Packer._new,
    SPLICE: Packer._splice,
    BIND: Packer._bind,
    UNBIND: Packer._bind,
    GLOBAL: Packer._global,
    FORGET: Packer._global,
}


def differences(column: Sequence[int]) -> list[int]:
    """The first number, then what each differs by from the one before it."""
    return [number - before for number, before in zip(column, [0, *column[:-1]], strict=False)]


def squeezed(document: Any) -> str:
    """A JSON document as base64 of its deflated bytes."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(squeezer.compress(text.encode("ascii")) + squeezer.flush()).decode("ascii")
