"""Call sites against a signature that changed: which of them can no longer be bound."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from codeassist.records.program import Function


@dataclass(frozen=True, slots=True)
class Shape:
    """How a call site passes its arguments: how many by position, which by keyword."""

    positional: int
    keywords: tuple[str, ...]
    text: str


def shape(arguments: Sequence[str], callee: str) -> Shape | None:
    """The shape of a call site; None where a star hides it."""
    try:
        tree = ast.parse(f"_({', '.join(arguments)})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return None
    if not isinstance(tree, ast.Call) or any(isinstance(a, ast.Starred) for a in tree.args):
        return None
    if any(k.arg is None for k in tree.keywords):
        return None
    return Shape(
        len(tree.args), tuple(k.arg or "" for k in tree.keywords), f"{callee}({', '.join(arguments)})"
    )


def problem(function: Function, given: Shape, bound: bool) -> str:
    """Why the call cannot be bound, in Python's own words, or ''; `bound`: the first parameter is given."""
    parameters = function.parameters[1:] if bound else function.parameters
    places = [p for p in parameters if p.kind in ("positional-only", "positional")]
    named = {p.name: p for p in parameters if p.kind in ("positional", "keyword-only")}
    has_star = any(p.kind == "star" for p in parameters)
    has_double = any(p.kind == "double-star" for p in parameters)
    if given.positional > len(places) and not has_star:
        plural = "s" if len(places) != 1 else ""
        return f"takes {len(places)} positional argument{plural} but {given.positional} were given"
    filled = {p.name for p in places[: given.positional]}
    for keyword in given.keywords:
        if keyword not in named and not has_double:
            return f"got an unexpected keyword argument '{keyword}'"
        if keyword in filled:
            return f"got multiple values for argument '{keyword}'"
        filled.add(keyword)
    missing = [
        p.name
        for p in parameters
        if not p.default
        and p.kind in ("positional-only", "positional", "keyword-only")
        and p.name not in filled
    ]
    if missing:
        plural = "s" if len(missing) > 1 else ""
        return f"missing {len(missing)} required argument{plural}: {', '.join(map(repr, missing))}"
    return ""
