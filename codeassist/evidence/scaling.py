"""Makes a value of another size after the pattern of an example: a longer list, a larger graph."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

FLAVOURS = ("random", "sorted", "reversed", "equal", "alike")
"""`alike` repeats what the example holds; where the program's steps depend on its data these differ"""

DEGREE = 3
"""arcs from each node of a scaled graph"""


def is_sizable(value: Any) -> bool:
    """Whether a value has a size that can grow: a container with something in it, or a text."""
    if isinstance(value, (list, dict, set, frozenset, str, bytes)):
        return len(value) > 0
    return isinstance(value, tuple) and len(value) > 3


class _Random(random.Random):
    """Random numbers with the span that elements are drawn from: the largest size of the call."""

    span = 0


def scaled(value: Any, n: int, flavour: str, seed: int = 0, span: int = 0) -> Any:
    """`value` grown (or shrunk) to size `n`: items, nodes, characters, or rows and columns.

    Elements are drawn from a range as wide as `span`, the largest size in the call, so that values of
    several sizes still mix.
    """
    rng = _Random(f"{seed} {n} {flavour}")
    rng.span = max(span, n)
    return _scaled(value, n, flavour, rng)


def _scaled(value: Any, n: int, flavour: str, rng: _Random) -> Any:
    if isinstance(value, str):
        return _text(value, n, flavour, rng)
    if isinstance(value, bytes):
        return (value * (n // len(value) + 1))[:n]
    if isinstance(value, (set, frozenset)):
        return type(value)(_items(sorted(value, key=repr), n, "random", rng))
    if isinstance(value, dict):
        return _graph(value, n, flavour, rng) if is_graph(value) else _mapping(value, n, flavour, rng)
    if isinstance(value, (list, tuple)):
        return type(value)(_items(list(value), n, flavour, rng))
    return value


def _text(value: str, n: int, flavour: str, rng: _Random) -> str:
    if flavour == "equal":
        return value[0] * n
    if flavour == "alike":
        return (value * (n // len(value) + 1))[: max(n // len(value), 1) * len(value)]
    letters = [rng.choice(sorted(set(value))) for _ in range(n)]
    return "".join(_in_order(letters, flavour))


def _in_order(items: list[Any], flavour: str) -> list[Any]:
    if flavour not in ("sorted", "reversed"):
        return items
    try:
        return sorted(items, reverse=flavour == "reversed")
    except TypeError:
        return items


def _items(example: list[Any], n: int, flavour: str, rng: _Random) -> list[Any]:
    first = example[0]
    if all(type(item) is int for item in example):
        return _numbers(example, n, flavour, rng)
    if all(isinstance(item, float) for item in example):
        return _in_order([round(rng.uniform(min(example), max(example) + n), 2) for _ in range(n)], flavour)
    if all(isinstance(item, (list, tuple, set)) for item in example):
        return _rows(example, n, flavour, rng)
    if all(isinstance(item, str) for item in example):
        return _words(example, n, flavour, rng)
    if flavour in ("equal", "alike"):
        return [example[i % len(example)] if flavour == "alike" else first for i in range(n)]
    return [rng.choice(example) for _ in range(n)]


def _numbers(example: list[int], n: int, flavour: str, rng: _Random) -> list[int]:
    low, high = min(example), max(example)
    size = len(example)
    if flavour == "alike":
        return [example[i % size] for i in range(n)]
    if flavour == "equal":
        return [example[0]] * n
    if size > 1 and set(example) == set(range(low, low + size)) and low in (0, 1):
        return _in_order(rng.sample(range(low, low + n), n), flavour)
    if set(example) <= {0, 1} or high - low < 3 and size > 3:
        return _in_order([rng.choice(example) for _ in range(n)], flavour)
    bottom = low - rng.span if low < 0 else low
    if len(set(example)) == size:
        return _in_order(rng.sample(range(bottom, low + 4 * rng.span + 4), n), flavour)
    return _in_order([rng.randint(bottom, max(high, low + rng.span)) for _ in range(n)], flavour)


def _words(example: list[str], n: int, flavour: str, rng: _Random) -> list[str]:
    if flavour in ("alike", "equal"):
        return [example[i % len(example) if flavour == "alike" else 0] for i in range(n)]
    letters = sorted(set("".join(example))) or ["a"]
    if all(len(word) == 1 for word in example):
        return _in_order([rng.choice(letters) for _ in range(n)], flavour)
    length = max(3, round(sum(map(len, example)) / len(example)))
    return _in_order(["".join(rng.choice(letters) for _ in range(length)) for _ in range(n)], flavour)


def _rows(example: list[Any], n: int, flavour: str, rng: _Random) -> list[Any]:
    kind = type(example[0])
    if is_adjacency(example):
        return [kind(sorted({j % n for j in _reached(i, n, flavour, rng)})) for i in range(n)]
    if is_rectangle(example) and kind is list and not is_pairs(example):
        rows = max(n, 1)
        return [_items(list(example[i % len(example)]), rows, flavour, rng) for i in range(rows)]
    return [kind(_record(list(example[i % len(example)]), n, rng)) for i in range(n)]


def _record(example: list[Any], n: int, rng: _Random) -> list[Any]:
    """One item of fixed length, such as an interval, an edge or a weighted edge."""
    numbers = [item for item in example[:2] if type(item) is int]
    if len(numbers) == 2:
        pair = [rng.randrange(max(n, 1)), rng.randrange(max(n, 1))]
        rising = example[0] <= example[1]
        rest = [rng.randint(1, 9) if type(item) is int and item > 0 else item for item in example[2:]]
        return [*(sorted(pair) if rising else pair), *rest]
    return example


def is_rectangle(rows: Sequence[Any]) -> bool:
    """Whether all rows have the same length, at least one."""
    lengths = {len(row) for row in rows if hasattr(row, "__len__")}
    return len(lengths) == 1 and lengths != {0}


def is_pairs(rows: Sequence[Any]) -> bool:
    """Whether the rows are rather records of two or three: more of them than a matrix of that width has."""
    return len(rows[0]) <= 2 and len(rows) > 2 or len(rows[0]) == 3 and len(rows) > 3


def is_adjacency(rows: Sequence[Any]) -> bool:
    """Whether the rows are lists of neighbours by number: ragged, each number names a row."""
    lists = all(isinstance(row, (list, set)) for row in rows)
    return lists and not is_rectangle(rows) and all(
        type(item) is int and 0 <= item < len(rows) for row in rows for item in row
    )  # fmt: skip


def is_network(value: Any) -> bool:
    """Whether a value says which node leads to which: a graph by keys, or lists of neighbours by number."""
    if isinstance(value, dict):
        return is_graph(value)
    rows = isinstance(value, list) and len(value) > 1 and all(isinstance(row, (list, set)) for row in value)
    return rows and is_adjacency(value)


def is_graph(value: Mapping[Any, Any]) -> bool:
    """Whether each value is a collection of keys, or of pairs that begin with one."""
    return bool(value) and all(
        isinstance(inner, (list, set, tuple, dict)) and all(_names_key(item, value) for item in inner)
        for inner in value.values()
    ) and any(value.values())  # fmt: skip


def _names_key(item: Any, value: Mapping[Any, Any]) -> bool:
    if isinstance(item, (list, dict, set)):
        return False
    return (
        item in value or isinstance(item, tuple) and len(item) == 2 and (item[0] in value or item[1] in value)
    )


def _graph(value: Mapping[Any, Any], n: int, flavour: str, rng: _Random) -> dict[Any, Any]:
    """Arcs to random nodes; `sorted`: to the next nodes, so that it is long; `dense`: to half of all."""
    keys = list(value)
    whole = all(type(key) is int for key in keys)
    names = list(range(n)) if whole else keys[: min(len(keys), n)] + [f"v{i}" for i in range(len(keys), n)]
    acyclic, mutual = not _has_cycle(value), _is_mutual(value)
    arcs: dict[int, set[int]] = {i: set() for i in range(n)}
    for i in range(n):
        for j in _reached(i, n, flavour, rng):
            a, b = (min(i, j), max(i, j)) if acyclic else (i, j)
            if b < n and a != b:
                arcs[a].add(b)
                if mutual:
                    arcs[b].add(a)
    example = next(inner for inner in value.values() if inner)
    return {
        names[i]: _neighbours(example, [names[j] for j in sorted(found)], rng, value)
        for i, found in arcs.items()
    }


def _reached(i: int, n: int, flavour: str, rng: _Random) -> list[int]:
    if flavour in ("sorted", "alike"):
        return [i + 1, i + 2]
    degree = n // 2 if flavour == "dense" else DEGREE
    return sorted({i + 1, *(rng.randrange(n) for _ in range(degree - 1))})


def _neighbours(example: Any, names: list[Any], rng: _Random, value: Mapping[Any, Any]) -> Any:
    if isinstance(example, dict):
        return {name: rng.randint(1, 9) for name in names}
    first = next(iter(example))
    if first in value:
        return type(example)(names)
    front = isinstance(first, tuple) and first[0] in value
    return type(example)((name, rng.randint(1, 9)) if front else (rng.randint(1, 9), name) for name in names)


def _targets(value: Mapping[Any, Any], key: Any) -> list[Any]:
    return [item if item in value else next(p for p in item if p in value) for item in value[key]]


def _is_mutual(value: Mapping[Any, Any]) -> bool:
    arcs = {(a, b) for a in value for b in _targets(value, a)}
    return all((b, a) in arcs for a, b in arcs)


def _has_cycle(value: Mapping[Any, Any]) -> bool:
    """Whether the arcs lead back somewhere: nodes without arcs are taken away until none is left."""
    left = {key: set(_targets(value, key)) for key in value}
    while left:
        free = [key for key, targets in left.items() if not targets & left.keys()]
        if not free:
            return True
        for key in free:
            del left[key]
    return False


def _mapping(value: Mapping[Any, Any], n: int, flavour: str, rng: _Random) -> dict[Any, Any]:
    keys, values = list(value), list(value.values())
    whole = all(type(key) is int for key in keys)
    names: list[Any] = list(range(n)) if whole else [f"k{i}" for i in range(n)]
    if all(type(item) is int for item in values):
        return dict(zip(names, _numbers(values, n, flavour, rng), strict=True))
    return {name: values[i % len(values)] for i, name in enumerate(names)}
