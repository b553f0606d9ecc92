"""Lexical qualified names: repeats get `#2`, lambdas are numbered by order of appearance in their scope."""

from __future__ import annotations

import ast
from collections import Counter

MODULE = "<module>"

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Names:
    """Hands out the qualified names inside each scope."""

    def __init__(self, tree: ast.Module) -> None:
        self._seen: Counter[tuple[str, str]] = Counter()
        self._lambdas: dict[ast.Lambda, str] = {}
        self._scopes: dict[Scope, str] = {}
        self._name(tree)

    def scope(self, node: Scope) -> str:
        """Qualified name of a function or class."""
        return self._scopes[node]

    def lambda_(self, node: ast.Lambda) -> str:
        """Qualified name of a lambda."""
        return self._lambdas[node]

    def _name(self, tree: ast.Module) -> None:
        pending: list[tuple[str, list[ast.AST]]] = [(MODULE, list(tree.body))]
        while pending:
            qualname, roots = pending.pop()
            scopes, lambdas = _own(roots)
            for scope in scopes:
                self._scopes[scope] = name = self._fresh(qualname, scope.name)
                pending.append((name, list(scope.body)))
            for number, node in enumerate(lambdas, 1):
                self._lambdas[node] = name = join(qualname, f"<lambda{number}>")
                pending.append((name, [node.body]))

    def _fresh(self, parent: str, name: str) -> str:
        self._seen[parent, name] += 1
        count = self._seen[parent, name]
        return join(parent, name if count == 1 else f"{name}#{count}")


def join(parent: str, name: str) -> str:
    """`parent.name`; a top-level name stands alone."""
    return name if parent == MODULE else f"{parent}.{name}"


def _own(roots: list[ast.AST]) -> tuple[list[Scope], list[ast.Lambda]]:
    """Functions, classes and lambdas whose scope holds `roots`, in source order."""
    scopes: list[Scope] = []
    lambdas: list[ast.Lambda] = []
    stack = list(roots)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            scopes.append(node)
            stack.extend(outside(node))
        elif isinstance(node, ast.Lambda):
            lambdas.append(node)
            stack.append(node.args)
        else:
            stack.extend(ast.iter_child_nodes(node))
    return sorted(scopes, key=_place), sorted(lambdas, key=_place)


def outside(node: Scope) -> list[ast.AST]:
    """The parts of a definition that are evaluated in the scope around it."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    return [*node.decorator_list, node.args, *([node.returns] if node.returns else [])]


def _place(node: Scope | ast.Lambda) -> tuple[int, int]:
    return node.lineno, node.col_offset
