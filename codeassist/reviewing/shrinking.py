"""A counterexample made small: pieces left out, numbers brought toward zero, as long as it still shows the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from codeassist.reviewing.calls import tree_of
from codeassist.reviewing.comparing import Difference

Check = Callable[[Sequence[str]], Sequence[Difference | None]]
"""calls -> the difference that each shows, in order"""
_ROUNDS = 12
_WIDE = 60


def shrink(found: Difference, check: Check) -> Difference:
    """The simplest call near `found` that shows a difference of the same kind."""
    best = found
    slow = found.kind in ("hangs", "ends")
    for _ in range(3 if slow else _ROUNDS):
        simpler = [t for t in dict.fromkeys(_simpler(best.call)) if weight(t) < weight(best.call)]
        simpler.sort(key=weight)
        shown = [d for d in check(simpler[: 8 if slow else _WIDE]) if d is not None and _is_like(d, found)]
        if not shown:
            return best
        best = min(shown, key=lambda d: weight(d.call))
    return best


def _is_like(a: Difference, b: Difference) -> bool:
    """The same kind of difference, and as telling: a result does not become None on the way."""
    if a.kind != b.kind or a.what != b.what:
        return False
    return not (a.kind == "value" and "None" in (a.old, a.new) and "None" not in (b.old, b.new))


def weight(text: str) -> tuple[int, int, str]:
    """How hard a call is to read: items and characters, then the size of its numbers."""
    numbers = [int(number) for number in re.findall(r"\d{1,9}", text)]
    odd = sum(number not in (0, 1, 2) for number in numbers) + text.count("-")
    return len(text) + text.count(","), sum(numbers) + odd, text


def simplest(differences: Iterable[Difference]) -> Difference:
    """The one that is easiest to read, ordinary results before None and exceptions."""
    return min(differences, key=lambda d: (_is_dull(d), weight(d.call)))


def _is_dull(found: Difference) -> bool:
    return found.kind == "value" and "None" in (found.old, found.new)


def _simpler(text: str) -> Iterator[str]:
    """Every call that is one step simpler."""
    tree = tree_of(text)
    if tree is None:
        return
    paths = list(_paths(tree))
    for path in paths:
        for make in _steps(_at(tree, path)):
            changed = tree_of(text)  # quicker than copying
            assert changed is not None
            make(_at(changed, path))
            try:
                yield ast.unparse(changed)
            except (ValueError, RecursionError):
                continue


Path = tuple[tuple[str, int | None], ...]


def _paths(node: ast.AST, path: Path = ()) -> Iterator[Path]:
    yield path
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST):
                    yield from _paths(item, (*path, (field, index)))
        elif isinstance(value, ast.AST):
            yield from _paths(value, (*path, (field, None)))


def _at(node: ast.AST, path: Path) -> ast.AST:
    for field, index in path:
        value = getattr(node, field)
        node = value if index is None else value[index]
    return node


def _steps(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    """What can be done to one node to make it simpler."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        is_steps = any(isinstance(item, ast.NamedExpr) for item in node.elts)
        indexes = range(1, len(node.elts) - 1) if is_steps else range(len(node.elts))
        if not is_steps and len(node.elts) > 3:
            yield lambda n: _keep(n, slice(0, len(n.elts) // 2))  # type: ignore[attr-defined]
            yield lambda n: _keep(n, slice(len(n.elts) // 2, None))  # type: ignore[attr-defined]
        for index in indexes:
            if not (isinstance(node, ast.Set) and len(node.elts) == 1):
                yield lambda n, i=index: n.elts.pop(i)
        if not is_steps and node.elts and all(isinstance(e, ast.Constant) for e in node.elts):
            yield _ranked
    elif isinstance(node, ast.Dict):
        for index in range(len(node.keys)):
            yield lambda n, i=index: (n.keys.pop(i), n.values.pop(i))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield _without_sign
    elif isinstance(node, ast.Constant):
        yield from _simpler_constant(node.value)


def _keep(node: ast.AST, part: slice) -> None:
    node.elts[:] = node.elts[part]  # type: ignore[attr-defined]


def _ranked(node: ast.AST) -> None:
    """Numbers replaced by their ranks: the order is the same, the numbers are small."""
    values = [item.value for item in node.elts]  # type: ignore[attr-defined]
    if all(type(value) is int for value in values):
        order = {value: rank for rank, value in enumerate(sorted(set(values)), 1)}
        node.elts[:] = [ast.Constant(order[value]) for value in values]  # type: ignore[attr-defined]


def _without_sign(node: ast.AST) -> None:
    """-x becomes -(x // 2) at least; a minus sign before zero goes."""
    operand = node.operand  # type: ignore[attr-defined]
    if isinstance(operand, ast.Constant) and type(operand.value) is int and operand.value > 1:
        operand.value = 1
    elif isinstance(operand, ast.Constant):
        operand.value = 0


def _simpler_constant(value: object) -> Iterator[Callable[[ast.AST], None]]:
    smaller: list[object] = []
    if type(value) is int:
        smaller = [0, 1, 2, 3, 5, value // 2, value - 1]
    elif type(value) is float:
        smaller = [0.0, 1.0, 2.0, float(int(value)), value / 2]
    elif isinstance(value, str) and value:
        smaller = ["", value[: len(value) // 2], value[len(value) // 2 :]]
        smaller += [value[:i] + value[i + 1 :] for i in range(min(len(value), 12))]
        smaller += (
            ["".join(chr(97 + sorted(set(value)).index(c)) for c in value)] if len(set(value)) < 20 else []
        )
    for other in smaller:
        if other != value:
            yield lambda n, v=other: setattr(n, "value", v)
