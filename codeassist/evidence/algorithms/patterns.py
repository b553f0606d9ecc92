"""Patterns of code, letters standing for any expression, and the normal form in which they are looked for.

`m = (L + H) // 2; L = m + 1` matches wherever statements of these shapes stand, in any order, with the
same expression for the same letter; a small letter is a variable, `_` is anything, `f(...)` any call of f.
Names of the program never matter; names of built-ins do.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

Bindings = dict[str, str]
_FLIPPED = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_COMMUTE = (ast.Add, ast.Mult, ast.BitXor, ast.BitAnd, ast.BitOr)
MOST_STEPS = 60_000
"""unifications tried for one pattern: hostile code must not make a search long"""


# --- normal form -------------------------------------------------------------------------------------


class Normal(ast.NodeTransformer):
    """One spelling for what can be spelt in several ways: `x += 1`, `b > a`, `n >> 1`."""

    def __init__(self, imported: Mapping[str, str]) -> None:
        self.imported = imported

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """An imported name as the dotted one of the library."""
        known = self.imported.get(node.id)
        return _dotted(known) if known and isinstance(node.ctx, ast.Load) else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """`x += e` as `x = x + e`."""
        read: Any = copy.deepcopy(node.target)
        read.ctx = ast.Load()
        return self._again(ast.Assign([node.target], ast.BinOp(read, node.op, node.value)))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """An annotated assignment without its annotation."""
        return self._again(ast.Assign([node.target], node.value)) if node.value else ast.Pass()

    def _again(self, node: ast.AST) -> ast.AST:
        made: ast.AST = self.visit(node)
        return made

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """`b > a` as `a < b`, also in chains."""
        self.generic_visit(node)
        if node.ops and all(type(op) in _FLIPPED for op in node.ops):
            every = [node.left, *node.comparators][::-1]
            return ast.Compare(every[0], [_FLIPPED[type(op)]() for op in node.ops[::-1]], every[1:])
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """Negative numbers as constants; `not a < b` as `b <= a`."""
        self.generic_visit(node)
        inner = node.operand
        number = inner.value if isinstance(inner, ast.Constant) else None
        if isinstance(node.op, ast.USub) and isinstance(number, (int, float)):
            return ast.Constant(-number)
        if isinstance(node.op, ast.Not) and isinstance(inner, ast.Compare) and len(inner.ops) == 1:
            opposite = {ast.Lt: ast.LtE, ast.LtE: ast.Lt}.get(type(inner.ops[0]))
            if opposite:
                return ast.Compare(inner.comparators[0], [opposite()], [inner.left])
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Shifts as multiplications, `x - 1` as `x + -1`, `x & 1` as `x % 2`, constants together."""
        self.generic_visit(node)
        left: Any = node.left
        right: Any = node.right
        if isinstance(node.op, ast.RShift) and _is_int(right):
            return ast.BinOp(left, ast.FloorDiv(), ast.Constant(2 ** min(right.value, 99)))
        if isinstance(node.op, ast.LShift):
            if _is_int(left) and left.value == 1:
                return ast.BinOp(ast.Constant(2), ast.Pow(), right)
            if _is_int(right):
                return ast.BinOp(left, ast.Mult(), ast.Constant(2 ** min(right.value, 99)))
        if isinstance(node.op, ast.BitAnd) and _is_int(right) and right.value == 1:
            return ast.BinOp(left, ast.Mod(), ast.Constant(2))
        if isinstance(node.op, ast.Sub) and _is_int(right):
            return _added(left, -right.value)
        if isinstance(node.op, ast.Add) and _is_int(right):
            return _added(left, right.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """`int(a / b)` and `math.floor(a / b)` as `a // b`; `range(0, n)` as `range(n)`."""
        self.generic_visit(node)
        name = ast.unparse(node.func) if isinstance(node.func, (ast.Name, ast.Attribute)) else ""
        if name in ("int", "math.floor") and len(node.args) == 1:
            inner = node.args[0]
            if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div):
                return ast.BinOp(inner.left, ast.FloorDiv(), inner.right)
        if name == "range" and len(node.args) == 2 and ast.unparse(node.args[0]) == "0":
            node.args = node.args[1:]
        return node


def _is_int(node: Any) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _added(left: Any, number: int) -> ast.expr:
    last: Any = left.right if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add) else None
    if _is_int(last):
        number, left = number + last.value, left.left
    if _is_int(left):
        return ast.Constant(left.value + number)
    return ast.BinOp(left, ast.Add(), ast.Constant(number)) if number else left


def _dotted(text: str) -> ast.expr:
    first, *rest = text.split(".")
    node: ast.expr = ast.Name(first, ast.Load())
    for part in rest:
        node = ast.Attribute(node, part, ast.Load())
    return node


def normal(node: ast.AST, imported: Mapping[str, str]) -> ast.AST:
    """A normalised copy of `node`."""
    made: ast.AST = Normal(imported).visit(copy.deepcopy(node))
    return made


# --- matching ----------------------------------------------------------------------------------------


class Pool:
    """The nodes of some code in normal form, by type; swaps and pairwise assignments spelt out."""

    def __init__(self, trees: Sequence[ast.AST]) -> None:
        self.nodes: dict[type, list[ast.AST]] = {}
        for tree in trees:
            for node in ast.walk(tree):
                self._add(node)
                for block in _blocks(node):
                    for swap in _swaps_by_hand(block):
                        self._add(swap)
        self._known: dict[str, bool] = {}

    def _add(self, node: ast.AST) -> None:
        self.nodes.setdefault(type(node), []).append(node)
        if isinstance(node, ast.Assign):
            self.nodes[ast.Assign] += [*_singles(node), *_turned(node)]

    def has(self, pattern: str) -> bool:
        """Whether every part of `pattern` (parts are divided by `;`) is found, letters bound alike."""
        if pattern not in self._known:
            self._known[pattern] = next(self.find(pattern), None) is not None
        return self._known[pattern]

    def find(self, pattern: str) -> Iterator[Bindings]:
        """The ways in which `pattern` is found: letter -> the expression it stands for, unparsed."""
        return self._parts(parsed(pattern), {}, [MOST_STEPS])

    def _parts(self, parts: Sequence[ast.AST], bound: Bindings, left: list[int]) -> Iterator[Bindings]:
        if not parts:
            yield bound
            return
        for node in self.nodes.get(type(parts[0]), ()):
            for found in unify(parts[0], node, bound, left):
                yield from self._parts(parts[1:], found, left)


@lru_cache(maxsize=2048)
def parsed(pattern: str) -> tuple[ast.AST, ...]:
    """The parts of a pattern as syntax in normal form: expressions, or assignments and other statements."""
    body = ast.parse(pattern).body
    parts = [normal(part, {}) for part in body]
    return tuple(part.value if isinstance(part, ast.Expr) else part for part in parts)


def unify(pattern: Any, node: Any, bound: Bindings, left: list[int]) -> Iterator[Bindings]:
    """The bindings, beyond `bound`, with which `pattern` becomes `node`."""
    left[0] -= 1
    if left[0] < 0:
        return
    if isinstance(pattern, ast.Name) and (pattern.id == "_" or _is_letter(pattern.id)):
        yield from _bind(pattern.id, node, bound)
    elif isinstance(pattern, ast.Name) and len(pattern.id) == 1:
        yield from _bind(pattern.id, node, bound) if isinstance(node, ast.Name) else ()
    elif type(pattern) is type(node):
        yield from _inside(pattern, node, bound, left)


def _is_letter(name: str) -> bool:
    return len(name) == 1 and name.isupper()


def _bind(letter: str, node: Any, bound: Bindings) -> Iterator[Bindings]:
    if letter == "_":
        yield bound
        return
    text = ast.unparse(node) if isinstance(node, ast.AST) else str(node)
    if bound.get(letter, text) == text:
        yield {**bound, letter: text}


def _inside(pattern: Any, node: Any, bound: Bindings, left: list[int]) -> Iterator[Bindings]:
    if isinstance(pattern, ast.BinOp):
        yield from _fields(pattern, node, ("op", "left", "right"), bound, left)
        if isinstance(pattern.op, _COMMUTE) and type(pattern.op) is type(node.op):
            turned = ast.BinOp(node.right, node.op, node.left)
            yield from _fields(pattern, turned, ("left", "right"), bound, left)
    elif isinstance(pattern, ast.Compare) and isinstance(pattern.ops[0], (ast.Eq, ast.NotEq)):
        yield from _fields(pattern, node, ("ops", "left", "comparators"), bound, left)
        if len(node.ops) == 1 and type(node.ops[0]) is type(pattern.ops[0]):
            turned_ = ast.Compare(node.comparators[0], node.ops, [node.left])
            yield from _fields(pattern, turned_, ("left", "comparators"), bound, left)
    elif isinstance(pattern, ast.Call) and _takes_anything(pattern):
        yield from unify(pattern.func, node.func, bound, left)
    elif isinstance(pattern, ast.AST):
        names = [name for name in pattern._fields if name not in ("ctx", "type_comment", "kind")]
        yield from _fields(pattern, node, names, bound, left)
    elif isinstance(pattern, list):
        yield from _lists(pattern, node, bound, left)
    elif isinstance(pattern, str) and _is_letter(pattern):
        yield from _bind(pattern, node, bound)
    elif pattern == node:
        yield bound


def _takes_anything(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Constant) and first.value is ...


def _fields(
    pattern: Any, node: Any, names: Sequence[str], bound: Bindings, left: list[int]
) -> Iterator[Bindings]:
    if not names:
        yield bound
        return
    for found in unify(getattr(pattern, names[0]), getattr(node, names[0], None), bound, left):
        yield from _fields(pattern, node, names[1:], found, left)


def _lists(pattern: list[Any], node: list[Any], bound: Bindings, left: list[int]) -> Iterator[Bindings]:
    if len(pattern) != len(node):
        return
    if not pattern:
        yield bound
        return
    for found in unify(pattern[0], node[0], bound, left):
        yield from _lists(pattern[1:], node[1:], found, left)


# --- what is spelt out -------------------------------------------------------------------------------


def _singles(node: ast.Assign) -> Iterator[ast.Assign]:
    """`a, b = c, d` also as `a = c` and `b = d`; `a = b = c` as two."""
    for target in node.targets:
        if len(node.targets) > 1:
            yield ast.Assign([target], node.value)
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            if len(target.elts) == len(node.value.elts):
                pairs = zip(target.elts, node.value.elts, strict=True)
                yield from (ast.Assign([left], right) for left, right in pairs)


def _turned(node: ast.Assign) -> Iterator[ast.Assign]:
    """`a, b = b, a` also as `b, a = a, b`."""
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == 2:
        if len(value.elts) == 2:
            yield ast.Assign(
                [ast.Tuple(target.elts[::-1], ast.Store())], ast.Tuple(value.elts[::-1], ast.Load())
            )


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block


def _swaps_by_hand(block: Sequence[ast.stmt]) -> Iterator[ast.Assign]:
    """`t = a; a = b; b = t` also as `a, b = b, a`."""
    single = [s for s in block if isinstance(s, ast.Assign) and len(s.targets) == 1]
    for first in single:
        held = ast.unparse(first.targets[0])
        for second in single[single.index(first) + 1 :]:
            if ast.unparse(second.targets[0]) != ast.unparse(first.value):
                continue
            other = ast.unparse(second.value)
            if any(ast.unparse(s.value) == held and ast.unparse(s.targets[0]) == other for s in single):
                pair = ast.Tuple([first.value, second.value], ast.Store())
                yield ast.Assign([pair], ast.Tuple([second.value, first.value], ast.Load()))
