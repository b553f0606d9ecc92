"""The code that a function consists of: its own, and that of the functions of its file which it calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from codeassist.evidence.algorithms.patterns import Pool, normal

MOST = 16
"""functions that are read together"""
_DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Code:
    """Functions in normal form, the one that is looked at first; what their calls and loops amount to."""

    trees: tuple[ast.AST, ...]

    @cached_property
    def pool(self) -> Pool:
        """All nodes, for patterns."""
        return Pool(self.trees)

    @cached_property
    def recursive(self) -> tuple[ast.Call, ...]:
        """Calls by which one of the functions reaches itself again."""
        return tuple(_recursive(self.trees))

    @cached_property
    def depth(self) -> int:
        """How deep loops are nested in one function, comprehensions included."""
        return max((_depth(tree) for tree in self.trees), default=0)

    @cached_property
    def loops(self) -> tuple[ast.AST, ...]:
        """Every loop statement."""
        return tuple(n for tree in self.trees for n in ast.walk(tree) if isinstance(n, _LOOPS))

    def recurs_in_loop(self) -> bool:
        """Whether a loop holds a call by which a function reaches itself again."""
        wanted = {id(call) for call in self.recursive}
        bodies = [
            n for tree in self.trees for n in ast.walk(tree) if isinstance(n, (*_LOOPS, *_COMPREHENSIONS))
        ]
        return any(id(n) in wanted for body in bodies for n in ast.walk(body))


@lru_cache(maxsize=32)
def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def code_of(text: str, line: int, name: str) -> Code | None:
    """The code of the function `name` that is defined around `line` of `text`; None where that does not parse."""
    tree = _tree(text)
    if tree is None:
        return None
    own = _definition(tree, line, name)
    if own is None:
        return None
    found = list(_reached(own, _named(tree)))
    try:
        return Code(tuple(normal(_without_docstring(node), _imported(tree)) for node in found))
    except RecursionError:
        return None


def _definition(tree: ast.Module, line: int, name: str) -> ast.AST | None:
    fits = [
        n for n in ast.walk(tree) if isinstance(n, _DEFS) and n.name == name and _first(n) <= line <= _end(n)
    ]
    return max(fits, key=_first, default=None)


def _first(node: ast.AST) -> int:
    lines = [d.lineno for d in getattr(node, "decorator_list", ())]
    return int(min([getattr(node, "lineno", 0), *lines]))


def _end(node: ast.AST) -> int:
    return getattr(node, "end_lineno", 0) or 0


def _imported(tree: ast.Module) -> dict[str, str]:
    """Local name -> dotted name, for everything that is imported."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update({a.asname: a.name for a in node.names if a.asname})
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.update({a.asname or a.name: f"{node.module}.{a.name}" for a in node.names})
    return found


def _named(tree: ast.Module) -> dict[str, list[ast.AST]]:
    """Functions and classes of the file by name; methods too, since `self.f` names them."""
    found: dict[str, list[ast.AST]] = {}
    for node in ast.walk(tree):
        if isinstance(node, (*_DEFS, ast.ClassDef)):
            found.setdefault(node.name, []).append(node)
    return found


def _reached(own: ast.AST, known: Mapping[str, list[ast.AST]]) -> Iterator[ast.AST]:
    """The function, then what its calls lead to; a function nested in one of these is part of it."""
    waiting, seen, inside = [own], {id(own)}, {id(n) for n in ast.walk(own)}
    while waiting and len(seen) <= MOST:
        node = waiting.pop(0)
        yield node
        for name in _names_used(node):
            for other in known.get(name, ()):
                if id(other) not in seen and id(other) not in inside:
                    seen.add(id(other))
                    inside.update(id(n) for n in ast.walk(other))
                    waiting.append(other)


def _names_used(node: ast.AST) -> list[str]:
    found: dict[str, None] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            if isinstance(part.func, ast.Name):
                found[part.func.id] = None
            elif isinstance(part.func, ast.Attribute) and _is_own(part.func.value):
                found[part.func.attr] = None
    return list(found)


def _is_own(node: ast.expr) -> bool:
    """Whether an attribute of it is a method of the file: of `self`, or of a class by its name."""
    return isinstance(node, ast.Name) and (node.id in ("self", "cls") or node.id[:1].isupper())


def _without_docstring(node: ast.AST) -> ast.AST:
    body = getattr(node, "body", None)
    if not body or len(body) < 2 or not isinstance(body[0], ast.Expr):
        return node
    if not isinstance(body[0].value, ast.Constant) or not isinstance(body[0].value.value, str):
        return node
    return type(node)(**{name: getattr(node, name, None) for name in node._fields} | {"body": body[1:]})


def _definitions(trees: tuple[ast.AST, ...]) -> list[ast.AST]:
    return [n for tree in trees for n in ast.walk(tree) if isinstance(n, _DEFS)]


def _recursive(trees: tuple[ast.AST, ...]) -> Iterator[ast.Call]:
    every = _definitions(trees)
    calls = {id(d): list(_own_calls(d)) for d in every}
    names = {id(d): d.name for d in every}  # type: ignore[attr-defined]
    reach = {id(d): {name for name, _ in calls[id(d)]} for d in every}
    by_name: dict[str, set[str]] = {}
    for definition in every:
        by_name.setdefault(names[id(definition)], set()).update(reach[id(definition)])
    closed = {name: _closure(name, by_name) for name in by_name}
    for definition in every:
        own = names[id(definition)]
        for name, call in calls[id(definition)]:
            if name == own or own in closed.get(name, ()):
                yield call


def _closure(name: str, leads: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        for other in leads.get(waiting.pop(), ()):
            if other not in seen and other in leads:
                seen.add(other)
                waiting.append(other)
    return seen


def _own_calls(definition: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Calls in a function's own body, those of functions nested in it left out."""
    waiting = list(ast.iter_child_nodes(definition))
    while waiting:
        node = waiting.pop()
        if isinstance(node, _DEFS):
            continue
        waiting.extend(ast.iter_child_nodes(node))
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id, node
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr, node


def _depth(node: ast.AST, above: int = 0) -> int:
    here = above + isinstance(node, (*_LOOPS, *_COMPREHENSIONS))
    below = [_depth(child, here) for child in ast.iter_child_nodes(node)]
    return max([here, *below])
