"""Ranks the shapes that a parameter may have: annotation first, then use in the body and name together."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from codeassist.inputs import shapes
from codeassist.inputs.annotations import from_annotation
from codeassist.inputs.names import from_name
from codeassist.inputs.shapes import Shape
from codeassist.inputs.uses import Uses, shapes_from_uses
from codeassist.records.program import Parameter

_FALLBACK = (shapes.INTS, shapes.INT, shapes.STR, shapes.MATRIX, shapes.GRAPH)
_GRAPHS = ("G", "H", "g", "graph", "DG", "digraph", "T", "tree")
"""names for a graph object in a module that imports networkx"""
_LOOSE = (shapes.INTS, shapes.MAPPING, shapes.SET)
"""what an annotation without parameters, such as `list`, stands for: use and name say more"""


def guesses(parameter: Parameter, found: Uses, limit: int = 5) -> list[Shape]:
    """Shapes to try for one parameter, the likeliest first, at least one."""
    if found.imports and parameter.name.strip("_12") in _GRAPHS:
        name = sorted(found.imports)[0]
        return [Shape("networkx", note=name), Shape("networkx", note=name + " directed")]
    used = shapes_from_uses(found, parameter.name)
    named = from_name(parameter.name)
    declared = from_annotation(parameter.annotation) if parameter.annotation else []
    if declared:
        return _declared(declared, used, named, "[" not in parameter.annotation)[:limit]
    given = _from_default(parameter.default)
    if used and used[0].kind in ("callable", "instance"):
        return _instances(used, named)[:limit]
    ranked = _ranked(used, named)
    return list(dict.fromkeys([*given, *ranked, *_FALLBACK]))[:limit]


def _declared(declared: list[Shape], used: list[Shape], named: list[Shape], loose: bool) -> list[Shape]:
    first = declared[0]
    if loose and first in _LOOSE or first.kind == "matrix":
        family = [shape for shape in _ranked(used, named) if _related(shape, first)]
        return list(dict.fromkeys([*family, *declared]))
    notes = [shape for shape in [*named, *used] if shape.kind == first.kind and shape.note]
    texts = [shape for shape in named if shape.kind == "literal" and _literal_kind(shape) == first.kind]
    if first.kind in ("int", "str") and (notes or texts):
        return list(dict.fromkeys([*texts, *notes[:1], *declared]))
    if first.kind == "instance" and used and used[0].kind == "instance":
        return [Shape("instance", tuple(used), first.note), *declared[1:]]
    return declared


def _related(shape: Shape, declared: Shape) -> bool:
    if declared == shapes.INTS:
        return shape.kind in ("list", "matrix", "adjacency", "edges")
    if declared == shapes.MAPPING:
        return shape.kind in ("dict", "graph", "weighted-graph")
    return shape.kind == declared.kind


def _literal_kind(shape: Shape) -> str:
    try:
        return type(ast.literal_eval(shape.note)).__name__
    except (ValueError, SyntaxError):
        return ""


def _from_default(text: str) -> list[Shape]:
    """The shape of a default value: the parameter takes things like it."""
    try:
        value = ast.literal_eval(text) if text else None
    except (ValueError, SyntaxError):
        return []
    by_type = {int: shapes.INT, float: shapes.FLOAT, str: shapes.STR, bool: shapes.BOOL}
    return [by_type[type(value)]] if type(value) in by_type else []


def _instances(used: Sequence[Shape], named: Sequence[Shape]) -> list[Shape]:
    return list(dict.fromkeys([*used, *(shape for shape in named if shape.kind != "instance")]))


def _ranked(used: Sequence[Shape], named: Sequence[Shape]) -> list[Shape]:
    """Both lists merged: what use and name agree on comes first."""
    scores: dict[Shape, float] = {}
    for weight, step, source in ((3.0, 0.4, used), (2.6, 0.6, named)):
        for rank, shape in enumerate(source):
            scores[shape] = scores.get(shape, 0.0) + max(weight - step * rank, 0.2)
    for shape in list(scores):
        if shape.note and any(shape.kind == other.kind for other in used):
            scores[shape] += 2.5
    return sorted(scores, key=lambda shape: -scores[shape])
