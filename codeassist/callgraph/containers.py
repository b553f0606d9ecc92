"""Containers: reading and writing by constant key, by any key, and turn by turn."""

from __future__ import annotations

from typing import Any

from codeassist.callgraph.solver import Solver
from codeassist.callgraph.values import Box, External, Generator, Key, Typed, Value

WIDTH = 256
"""constant keys told apart in one container; further ones share a place"""


def cell(s: Solver, box: Box, key: str | int | None) -> int:
    """The node behind one key; None and keys beyond WIDTH share one."""
    if key is None or key not in box.fields and len(box.fields) >= WIDTH:
        return any_cell(s, box)
    node = box.fields.get(key)
    if node is None:
        box.fields[key] = node = s.grow(1)
        _announce(s, box, key, node)
    return node


def any_cell(s: Solver, box: Box) -> int:
    """The node for keys that are not known."""
    if box.any < 0:
        box.any = s.grow(1)
        for _, target in tuple(box.readers):
            s.edge(box.any, target)
    return box.any


def _announce(s: Solver, box: Box, key: str | int, node: int) -> None:
    for wanted, target in tuple(box.readers):
        if wanted is None or _same(box, wanted, key):
            s.edge(node, target)


def _same(box: Box, wanted: Any, key: Any) -> bool:
    """Whether a key read is the key written; an index from the end may be any."""
    if box.kind in ("list", "tuple") and isinstance(wanted, int) and wanted < 0:
        return bool(wanted == key or box.any >= 0 or key == len(box.fields) + wanted)
    return bool(wanted == key and type(wanted) is type(key))


def read(s: Solver, box: Box, key: str | int | None, target: int) -> None:
    """Let `target` hold what is, and will be, under the key (None: under any)."""
    if target < 0:
        return
    if (key, target) in box.readers:
        return
    box.readers[key, target] = None
    for known, node in tuple(box.fields.items()):
        if key is None or _same(box, key, known):
            s.edge(node, target)
    s.edge(box.any, target)


def item(s: Solver, value: Value, data: tuple[Value | None, int]) -> None:
    """React to a container that is read under one key value (None: unknown)."""
    key, target = data
    if isinstance(value, Box):
        read(s, value, key.value if isinstance(key, Key) else None, target)
    elif isinstance(value, (Key, Typed)) and _is_text(value):
        s.add(target, s.typed("str"))
    elif isinstance(value, External):
        s.add(target, s.external(value.name, True))


def _is_text(value: Key | Typed) -> bool:
    return value.type == "str" if isinstance(value, Typed) else isinstance(value.value, str)


def put(s: Solver, value: Value, data: tuple[Value | None, int]) -> None:
    """React to a container that is written under one key value."""
    key, source = data
    if not isinstance(value, Box):
        return
    known = key.value if isinstance(key, Key) else None
    if isinstance(known, int) and known < 0:
        known = None
    s.edge(source, cell(s, value, known))
    if value.kind == "dict" and key is not None:
        s.add(keys_of(s, value), key)


def put_in(s: Solver, key: Value, data: tuple[Box, int]) -> None:
    """React to a key under which a value stands in a new dictionary."""
    put(s, data[0], (key, data[1]))


def keys_of(s: Solver, box: Box) -> int:
    """The node of a dictionary's keys."""
    if box.keys < 0:
        box.keys = s.grow(1)
        for key in box.fields:
            s.add(box.keys, s.key(key))
    return box.keys


def unpack(s: Solver, value: Value, data: tuple[Any, int]) -> None:
    """React to what is unpacked: `data` is the index, or (first, behind the last) of a starred target."""
    where, target = data
    if isinstance(where, tuple):
        _unpack_rest(s, value, where[0], where[1], target)
    elif isinstance(value, Box) and value.kind in ("list", "tuple"):
        read(s, value, where, target)
    else:
        each(s, value, target)


def _unpack_rest(s: Solver, value: Value, first: int, behind: int, target: int) -> None:
    key = (value, first, behind, target)
    if key in s.memo:
        return
    s.memo[key] = rest = Box("list")
    s.add(target, rest)
    if isinstance(value, Box) and value.kind in ("list", "tuple"):
        _slice_into(s, value, rest, first, len(value.fields) - behind)
    else:
        each(s, value, any_cell(s, rest))


def _slice_into(s: Solver, box: Box, rest: Box, start: int, stop: int) -> None:
    for key, node in tuple(box.fields.items()):
        if isinstance(key, int) and start <= key < stop:
            s.edge(node, cell(s, rest, key - start))
    if box.any >= 0:
        s.edge(box.any, any_cell(s, rest))


def slice_of(s: Solver, value: Value, data: tuple[Any, Any, int]) -> None:
    """React to what is sliced with constant bounds (Ellipsis: unknown ones)."""
    start, stop, target = data
    if not isinstance(value, Box) or value.kind not in ("list", "tuple"):
        s.add(target, value)
        return
    key = (value, start, stop, target)
    if key in s.memo:
        return
    s.memo[key] = rest = Box(value.kind)
    s.add(target, rest)
    if start is ... or stop is ...:
        read(s, value, None, any_cell(s, rest))
    else:
        first, last, _ = slice(start, stop).indices(len(value.fields))
        _slice_into(s, value, rest, first, last)


def all_of(s: Solver, value: Value, target: int) -> None:
    """React to a container all of whose values are wanted."""
    if isinstance(value, Box):
        read(s, value, None, target)
    else:
        each(s, value, target)


def each(s: Solver, value: Value, target: int) -> None:
    """What one turn over a value gives, for values without special methods of the target."""
    if isinstance(value, Box):
        if value.kind == "dict":
            s.edge(keys_of(s, value), target)
        else:
            read(s, value, None, target)
    elif isinstance(value, Generator):
        s.edge(value.function.yields, target)
    elif isinstance(value, (Key, Typed)) and _is_text(value):
        s.add(target, s.typed("str"))
    elif isinstance(value, External):
        s.add(target, s.external(value.name, True))


def extend(s: Solver, value: Value, iterable: int) -> None:
    """React to a list that is extended in place."""
    if isinstance(value, Box) and value.kind in ("list", "set"):
        s.watch(iterable, all_of, any_cell(s, value))
