"""Writes shapes as literal text: a list of values for each shape, the typical one first."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from codeassist.inputs import pools
from codeassist.inputs.instances import instances
from codeassist.inputs.shapes import Shape
from codeassist.records.program import Module


@dataclass(frozen=True)
class Context:
    """What the values of one function share."""

    module: Module
    ordered: bool = False
    """lists are sorted: the function searches in order"""
    numbers: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()
    parameter: str = ""
    second: bool = False
    """a parameter of the same shape came before: this one gets other values, of the same lengths"""


_PLAIN: dict[str, Sequence[str]] = {
    "float": pools.FLOAT,
    "bool": pools.BOOL,
    "bytes": pools.BYTES,
    "none": ("None",),
    "edges": pools.EDGES,
    "adjacency": pools.ADJACENCY,
    "any": ("3", "[3, 1, 2]", "'abc'"),
}


def texts(shape: Shape, context: Context) -> list[str]:
    """Literal texts for `shape`, at least one, without repeats."""
    return list(dict.fromkeys(_texts(shape, context))) or ["None"]


def _texts(shape: Shape, context: Context) -> Sequence[str]:
    kind = shape.kind
    if kind == "literal":
        return (shape.note,)
    if kind == "int":
        pool = pools.SECOND_INT if context.second else pools.INT
        return [*pool[:6], *(str(n) for n in context.numbers[:6]), *pool[6:]]
    if kind == "str":
        return _strings(shape, context)
    if kind == "edges" and shape.note:
        return pools.WEIGHTED_EDGES
    if kind == "callable":
        return _callables(shape)
    if kind == "instance":
        return instances(shape, context.module, context.parameter)
    if kind == "networkx":
        name, _, directed = shape.note.partition(" ")
        return [text.format(name) for text in (pools.NETWORKX_DIRECTED if directed else pools.NETWORKX)]
    if kind in ("graph", "weighted-graph"):
        return _graphs(shape)
    return _PLAIN.get(kind) or _composed(shape, context)


def _strings(shape: Shape, context: Context) -> Sequence[str]:
    if shape.note == "char":
        return pools.CHAR
    if shape.note == "part":
        return pools.PART
    near = [repr(text) for text in context.texts[:4]]
    pool = pools.SECOND_STR if context.second else pools.STR
    return [*pool[:5], *near, *pool[5:]]


def _callables(shape: Shape) -> Sequence[str]:
    arity, _, answer = shape.note.partition(" ")
    return pools.PREDICATES if answer and arity == "1" else pools.CALLABLES.get(arity or "1", ("len",))


def _graphs(shape: Shape) -> Sequence[str]:
    whole = shape.parts[:1] and shape.parts[0].kind == "int"
    if shape.kind == "graph":
        pool: Sequence[str] = (
            pools.INT_GRAPH if whole else (*pools.GRAPH[:1], *pools.INT_GRAPH[:1], *pools.GRAPH[1:])
        )
    else:
        pool = pools.INT_WEIGHTED if whole else pools.WEIGHTED
    return [_as_sets(text) for text in pool] if shape.note == "set" else pool


def _as_sets(text: str) -> str:
    value = ast.literal_eval(text)
    inner = ", ".join(f"{k!r}: {set(v)!r}" for k, v in value.items())
    return "{" + inner + "}"


def _composed(shape: Shape, context: Context) -> Sequence[str]:
    part = shape.parts[0] if shape.parts else Shape("int")
    if shape.kind == "matrix":
        return {"str": pools.TEXT_MATRIX, "float": pools.FLOAT_MATRIX}.get(part.kind, pools.MATRIX)
    if shape.kind == "list":
        return _lists(part, context)
    if shape.kind == "iterator":
        return [f"iter({text})" for text in _lists(part, context)]
    if shape.kind == "set":
        return (
            pools.SETS
            if part.kind == "int"
            else ["set()", "{" + ", ".join(texts(part, context)[:3]) + "}"][::-1]
        )
    if shape.kind == "tuple":
        columns = [texts(inner, context) for inner in shape.parts]
        return ["(" + ", ".join(c[(i + j) % len(c)] for j, c in enumerate(columns)) + ",)" for i in (0, 2, 4)]
    return _mappings(shape, context)


def _lists(part: Shape, context: Context) -> Sequence[str]:
    if part.kind == "int":
        if context.second:
            return pools.SECOND_SORTED if context.ordered else pools.SECOND_INTS
        return pools.SORTED_INTS if context.ordered else pools.INTS
    if part.kind == "str":
        return pools.CHARS if part.note == "char" else pools.STRS
    if part.kind == "float":
        return pools.FLOATS
    if part.kind == "tuple" and all(inner.kind == "int" for inner in part.parts):
        return pools.PAIRS if len(part.parts) == 2 else pools.TRIPLES if len(part.parts) == 3 else pools.INTS
    inner = texts(part, context)
    return ["[" + ", ".join(inner[:3]) + "]", "[" + inner[0] + "]", "[]"]


def _mappings(shape: Shape, context: Context) -> Sequence[str]:
    if shape.kind != "dict" or shape == Shape("dict", (Shape("str"), Shape("int"))):
        return pools.MAPPING
    keys, values = (texts(part, context) for part in shape.parts)
    pairs = [f"{key}: {values[i % len(values)]}" for i, key in enumerate(keys[:3])]
    return ["{" + ", ".join(pairs) + "}", "{}"]


def relative(note: str, containers: Sequence[str], variant: int) -> str:
    """An element, label or position that fits the containers of the same call; "" if there is none."""
    for text in containers:
        value = _value(text)
        if isinstance(value, (list, tuple, str, dict)) and value:
            found = _relative(note, value, variant)
            if found is not None:
                return repr(found)
    return ""


def _relative(note: str, value: Any, variant: int) -> Any:
    if note == "label":
        labels = list(value) if isinstance(value, dict) else list(range(len(value)))
        return labels[-1 if variant % 2 else 0]
    if note in ("first", "last"):
        return None if isinstance(value, dict) else 0 if note == "first" else len(value) - 1
    items = [
        item
        for item in (value.keys() if isinstance(value, dict) else value)
        if not isinstance(item, (list, dict))
    ]
    if not items:
        return None
    missing = 8 if all(isinstance(item, int) for item in items) else None
    choice = [items[len(items) * 2 // 3], items[0], items[-1], missing][variant % 4]
    return items[0] if choice is None else choice


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
