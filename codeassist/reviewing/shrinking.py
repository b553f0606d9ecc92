"""A counterexample made small: pieces left out, numbers toward zero, as long as it shows the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from codeassist.reviewing.calls import text_of, tree_of
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


def _simpler(text: str) -> Iterator[str]:
    """Every call that is one step simpler."""
    tree = tree_of(text)
    if tree is None:
        return
    for sign in re.finditer(r"(?<![\w)\]] )-(?=\d)(?!1\]$)", text):
        yield text[: sign.start()] + text[sign.end() :]
    paths = list(_paths(tree))
    for path in paths:
        for make in _steps(_at(tree, path)):
            changed = tree_of(text)  # quicker than copying
            assert changed is not None
            make(_at(changed, path))
            try:
                yield text_of(changed)
            except (ValueError, RecursionError):
                continue


Path = tuple[tuple[str, int | None], ...]


def _paths(node: ast.AST, path: Path = ()) -> Iterator[Path]:
    yield path
    for field, value in ast.iter_fields(node):
        if field == "slice":
            continue
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


Step = Callable[[Any], object]
"""changes a node in place"""


def _steps(node: ast.AST) -> Iterator[Step]:
    """What can be done to one node to make it simpler."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        yield from _fewer_items(node)
    elif isinstance(node, ast.Dict):
        yield from (partial(_without_key, index=index) for index in range(len(node.keys)))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield _nearer_zero
    elif isinstance(node, ast.Constant):
        yield from (
            partial(_put, value=value) for value in _simpler_values(node.value) if value != node.value
        )


def _fewer_items(node: ast.List | ast.Tuple | ast.Set) -> Iterator[Step]:
    """Half of the items, one less, or smaller numbers in the same order; of steps the first and last stay."""
    is_steps = any(isinstance(item, ast.NamedExpr) for item in node.elts)
    count = len(node.elts)
    if not is_steps and count > 3:
        yield partial(_keep, start=0, stop=count // 2)
        yield partial(_keep, start=count // 2, stop=count)
    for index in range(1, count - 1) if is_steps else range(count):
        if count > 1 or not isinstance(node, ast.Set):
            yield partial(_without_item, index=index)
    if not is_steps and count and all(isinstance(item, ast.Constant) for item in node.elts):
        yield _ranked


def _keep(node: Any, start: int, stop: int) -> None:
    node.elts[:] = node.elts[start:stop]


def _without_item(node: Any, index: int) -> None:
    del node.elts[index]


def _without_key(node: Any, index: int) -> None:
    del node.keys[index], node.values[index]


def _put(node: Any, value: object) -> None:
    node.value = value


def _ranked(node: Any) -> None:
    """Numbers replaced by their ranks: the order is the same, the numbers are small."""
    values = [item.value for item in node.elts]
    if all(type(value) is int for value in values):
        order = {value: rank for rank, value in enumerate(sorted(set(values)), 1)}
        node.elts[:] = [ast.Constant(order[value]) for value in values]


def _nearer_zero(node: Any) -> None:
    """-x becomes -1; what is no large whole number becomes 0."""
    operand = node.operand
    if isinstance(operand, ast.Constant):
        operand.value = 1 if type(operand.value) is int and operand.value > 1 else 0


def _simpler_values(value: object) -> list[object]:
    if type(value) is int:
        return [0, 1, 2, 3, 5, value // 2, value - 1]
    if type(value) is float:
        return [0.0, 1.0, 2.0, float(int(value)), value / 2]
    if not isinstance(value, str) or not value:
        return []
    letters = sorted(set(value))
    shorter = [value[:i] + value[i + 1 :] for i in range(min(len(value), 12))]
    plain = "".join(chr(97 + letters.index(c)) for c in value) if len(letters) < 20 else value
    return ["", value[: len(value) // 2], value[len(value) // 2 :], *shorter, plain]
