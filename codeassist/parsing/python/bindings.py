"""Which names a block of statements binds, nested functions left out."""

from __future__ import annotations

import ast
from collections.abc import Iterable


def bound(statements: Iterable[ast.stmt]) -> dict[str, None]:
    """Names bound by the statements themselves, in order; a walrus is not looked for."""
    names: dict[str, None] = {}
    stack = list(statements)
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is ast.Expr or kind is ast.Return:
            continue
        if kind is ast.Assign:
            for target in node.targets:  # type: ignore[attr-defined]
                _targets(target, names)
        elif kind in (ast.AugAssign, ast.AnnAssign):
            _targets(node.target, names)  # type: ignore[attr-defined]
        elif kind in (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef):
            names[node.name] = None  # type: ignore[attr-defined]
        elif kind in (ast.Import, ast.ImportFrom):
            for alias in node.names:  # type: ignore[attr-defined]
                names[alias.asname or alias.name.partition(".")[0]] = None
        else:
            _compound(node, names, stack)
    return names


def _compound(node: ast.stmt, names: dict[str, None], stack: list[ast.stmt]) -> None:
    for target in _own_targets(node):
        _targets(target, names)
    for field in ("body", "orelse", "finalbody"):
        stack.extend(getattr(node, field, ()))
    for handler in getattr(node, "handlers", ()):
        if handler.name:
            names[handler.name] = None
        stack.extend(handler.body)
    for case in getattr(node, "cases", ()):
        names.update(dict.fromkeys(captures(case.pattern)))
        stack.extend(case.body)


def _own_targets(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return [node.target]
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return [item.optional_vars for item in node.items if item.optional_vars]
    return []


def _targets(target: ast.expr, names: dict[str, None]) -> None:
    if isinstance(target, ast.Name):
        names[target.id] = None
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            _targets(element, names)
    elif isinstance(target, ast.Starred):
        _targets(target.value, names)


def captures(pattern: ast.pattern) -> list[str]:
    """Names that a `case` pattern binds."""
    found = []
    for node in ast.walk(pattern):
        name = (
            getattr(node, "rest", None) if isinstance(node, ast.MatchMapping) else getattr(node, "name", None)
        )
        if isinstance(name, str):
            found.append(name)
    return found
