"""How a store is written: the path from a variable to the object that changed (`xs[2]`, `self.root`)."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from codeassist.records.values import Instance, NamedTuple, literal

_MAPPINGS = (dict, defaultdict, Counter, OrderedDict)
_SEQUENCES = (list, tuple, deque)
_MAX_VISITS = 4000
_MAX_DEPTH = 6


def find(target: Any, variables: Mapping[str, Any], names: Iterable[str]) -> str:
    """The shortest path to `target`, from the variables `names` first; empty when there is none."""
    order = [name for name in names if name in variables]
    order += [name for name in variables if name not in order]
    for name in order:
        if variables[name] is target:
            return name
    level = [(name, variables[name]) for name in order]
    seen: set[int] = set()
    for _ in range(_MAX_DEPTH):
        following: list[tuple[str, Any]] = []
        for path, holder in level:
            if id(holder) in seen:
                continue
            seen.add(id(holder))
            for step, item in _inside(holder):
                if item is target:
                    return path + step
                if not isinstance(item, (str, int, float, type(None))):
                    following.append((path + step, item))
            if len(seen) > _MAX_VISITS:
                return ""
        level = following
    return ""


def _inside(holder: Any) -> Iterator[tuple[str, Any]]:
    """What `holder` holds, each with the text that leads to it."""
    kind = type(holder)
    if kind in _SEQUENCES:
        for i, item in enumerate(holder):
            if type(item) not in (int, str, float):
                yield f"[{i}]", item
    elif kind in _MAPPINGS:
        for key, item in holder.items():
            if type(item) not in (int, str, float):
                yield f"[{literal(key, 40)}]", item
    elif kind is Instance:
        for name, item in holder.attributes.items():
            yield f".{name}", item
    elif kind is NamedTuple:
        for name, item in zip(holder.fields, holder.items, strict=False):
            yield f".{name}", item


def step_text(target: Any, key: Any) -> str:
    """The last step of a path: an item's index or key, or an attribute's name."""
    return f".{key}" if type(target) is Instance else f"[{literal(key, 200)}]"


def root(path: str) -> str:
    """The variable at which a path starts."""
    for i, character in enumerate(path):
        if character in ".[":
            return path[:i]
    return path
