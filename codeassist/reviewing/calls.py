"""Call expressions taken apart: what is kept and looked at, renaming, kinds of value passed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

KEEP = "__codeassist_keep__"
"""what the probe calls with every argument and receiver"""
_MUTABLE = (
    ast.List,
    ast.Dict,
    ast.Set,
    ast.Call,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
    ast.Name,
    ast.Tuple,
)


def tree_of(text: str) -> ast.expr | None:
    """The syntax of an expression, or None."""
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def text_of(tree: ast.expr) -> str:
    """The expression as text; steps such as `(s := Stack(), s.push(1), s.pop())[-1]` no more brackets."""
    if isinstance(tree, ast.Subscript) and isinstance(tree.value, ast.Tuple) and len(tree.value.elts) > 1:
        steps = [_bare(item) for item in tree.value.elts]
        return f"({', '.join(steps)})[{ast.unparse(tree.slice)}]"
    return ast.unparse(tree)


def _bare(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text[1:-1] if isinstance(node, ast.NamedExpr) else text


def target_call(tree: ast.expr, name: str) -> ast.Call | None:
    """The last call of `name` (or of a method of that name) in an expression."""
    found = None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == name:
            found = node
    return found


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def observed(text: str, name: str, renamed: Mapping[str, str] | None = None) -> str:
    """The call with its arguments and receivers handed through the probe, its identifiers renamed."""
    tree = tree_of(text)
    if tree is None:
        return text
    if renamed:
        tree = _Rename(renamed).visit(tree)
        name = renamed.get(name, name)
    call = target_call(tree, name)
    tree = _Keep(call).visit(tree)
    return ast.unparse(tree)


@dataclass(frozen=True, slots=True)
class Kept:
    """One value that is looked at after the call: what to call it, and what it was, if the text says so."""

    label: str
    value: object = None
    has_value: bool = False


def kept_of(text: str, name: str, parameters: Sequence[str] = ()) -> list[Kept]:
    """What `observed` keeps, in the order of evaluation; arguments by the names of `parameters`."""
    tree = tree_of(text)
    if tree is None:
        return []
    keep = _Keep(target_call(tree, name))
    keep.visit(tree)
    return [_kept(label, node, parameters) for label, node in keep.kept]


def _kept(label: str, node: ast.expr, parameters: Sequence[str]) -> Kept:
    if label.isdigit():
        label = parameters[int(label)] if int(label) < len(parameters) else "argument"
    try:
        return Kept(label, ast.literal_eval(node), True)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return Kept(label)


class _Keep(ast.NodeTransformer):
    """Wraps what may be changed by the call."""

    def __init__(self, call: ast.Call | None) -> None:
        self.call = call
        self.kept: list[tuple[str, ast.expr]] = []

    def visit_Call(self, node: ast.Call) -> ast.expr:
        is_target = node is self.call
        if isinstance(node.func, ast.Attribute):
            receiver = self.visit(node.func.value)
            if is_target and isinstance(receiver, (ast.Call, ast.List, ast.Dict, ast.Set)):
                receiver = self._wrapped(receiver, "self")
            node.func.value = receiver
        node.args = [self._argument(a, is_target, str(i)) for i, a in enumerate(node.args)]
        for keyword in node.keywords:
            keyword.value = self._argument(keyword.value, is_target, keyword.arg or "**")
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        node.value = self._wrapped(self.visit(node.value), node.target.id)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        return node

    def _argument(self, node: ast.expr, is_target: bool, name: str) -> ast.expr:
        plain = isinstance(node, ast.Starred) or not isinstance(node, _MUTABLE)
        inner = self.visit(node)
        return self._wrapped(inner, name) if is_target and not plain else inner

    def _wrapped(self, node: ast.expr, name: str) -> ast.expr:
        self.kept.append((name, node))
        return ast.Call(ast.Name(KEEP, ast.Load()), [node], [])


class _Rename(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        node.attr = self.names.get(node.attr, node.attr)
        self.generic_visit(node)
        return node


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The expression with other identifiers."""
    tree = tree_of(text)
    return text if tree is None or not names else text_of(_Rename(names).visit(tree))


# --- kinds of value --------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def kinds(text: str, name: str) -> frozenset[str]:
    """Paths of types that a call passes, such as `0:list`, `0[]:int`; `0:unsorted`: out of order."""
    tree = tree_of(text)
    call = target_call(tree, name) if tree is not None else None
    if call is None:
        return frozenset()
    found: set[str] = set()
    for index, node in enumerate(call.args):
        found.update(_paths(node, str(index), 0))
    for keyword in call.keywords:
        found.update(_paths(keyword.value, keyword.arg or "**", 0))
    found.add(f"arguments:{len(call.args)}")
    return frozenset(found)


def _paths(node: ast.expr, path: str, depth: int) -> Iterator[str]:
    if isinstance(node, ast.Starred):
        path, node = f"*{path}", node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        node = node.operand
    if isinstance(node, ast.Constant):
        yield f"{path}:{type(node.value).__name__}"
        return
    yield f"{path}:{_kind(node)}"
    if depth > 2:
        return
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        yield from _order(node, path)
        for item in node.elts:
            yield from _paths(item, f"{path}[]", depth + 1)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                yield from _paths(key, f"{path}.keys", depth + 1)
            yield from _paths(value, f"{path}[]", depth + 1)
    elif isinstance(node, ast.Call):
        for index, item in enumerate(node.args):
            yield from _paths(item, f"{path}({index})", depth + 1)


def _kind(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _called(node)
    return type(node).__name__.lower()


def _order(node: ast.List | ast.Tuple | ast.Set, path: str) -> Iterator[str]:
    """Marks of a sequence that a function may need to be absent: out of order, of rows of unequal length."""
    if isinstance(node, ast.Set):
        return
    try:
        values = [ast.literal_eval(item) for item in node.elts]
        if len(values) > 1 and values != sorted(values):
            yield f"{path}:unsorted"
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return
    if len({len(v) for v in values if isinstance(v, (list, tuple))}) > 1:
        yield f"{path}:ragged"
