"""Generated calls beside written ones: of the same types, and variations of what somebody wrote."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from codeassist.records.run import Run

_MOST_VARIED = 16
"""variations of one example"""
_TYPICAL = 8
"""generated calls that come before the variations"""
_DRAINS = ("list", "sorted", "tuple", "set", "sum", "next", "dict")
_NUMBERS = frozenset(("int", "float", "bool"))
Seen = dict[int | str, list[Any]]
"""values that written examples pass, by position or keyword"""


def alike(groups: Sequence[list[str]], examples: Sequence[Run]) -> list[list[str]]:
    """`groups` without the calls whose arguments are of other types than those of the examples.

    Variations of the first example join the first group; without examples all stay as they are.
    """
    seen = _seen(examples)
    if not seen:
        return list(groups)
    kept = [[text for text in group if _agrees(text, seen)] for group in groups]
    varied = list(_variations(examples[0].call)) if not examples[0].setup else []
    first = kept[0] if kept else []
    mixed = list(dict.fromkeys([*first[:_TYPICAL], *varied, *first[_TYPICAL:]]))
    return [group for group in (mixed, *kept[1:]) if group]


# --- the same types ----------------------------------------------------------------------------------


def _seen(examples: Sequence[Run]) -> Seen:
    seen: Seen = {}
    for run in examples:
        for place, node in _arguments(run.call):
            value = _literal(node)
            if value is not _UNKNOWN:
                seen.setdefault(place, []).append(value)
    return seen


def _agrees(call: str, seen: Seen) -> bool:
    """Whether each literal argument is of a type that some example passes at its place."""
    for place, node in _arguments(call):
        value = _literal(node)
        known = seen.get(place, [])
        if value is not _UNKNOWN and known and not any(_same(value, other) for other in known):
            return False
    return True


def _same(value: Any, other: Any) -> bool:
    """One type, and one type of items where both have any; int and float are one."""
    if type(value) is not type(other):
        return {type(value).__name__, type(other).__name__} <= _NUMBERS - {"bool"}
    if isinstance(value, dict):
        pairs = zip(list(value.items())[:1], list(other.items())[:1], strict=False)
        return all(_same(k, q) and _same(v, w) for (k, v), (q, w) in pairs)
    if isinstance(value, (list, tuple, set, frozenset)):
        return not value or not other or all(any(_same(a, b) for b in other) for a in value)
    return True


# --- variations --------------------------------------------------------------------------------------


def _variations(call: str) -> Iterator[str]:
    """The example with one argument changed at a time: emptied, cut to one item, turned round, doubled."""
    count = 0
    for place, node in _arguments(call):
        value = _literal(node)
        for other in _varied(value) if value is not _UNKNOWN else ():
            if count < _MOST_VARIED:
                count += 1
                yield _with(call, place, repr(other))


def _varied(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value - 1, value + 1, 0, 1)
    elif isinstance(value, (str, list, tuple)):
        yield from _of_sequence(value)
    elif isinstance(value, (dict, set)) and value:
        yield type(value)()


def _of_sequence(value: Any) -> Iterator[Any]:
    """Shorter ones, one with an item twice, and other orders; what is in order stays so."""
    if len(value):
        yield from (value[:0], value[:1])
    if len(value) > 2:
        yield value[: len(value) // 2]
    if len(value) > 1:
        yield value[:1] + value[:1] + value[2:]
    try:
        ordered = sorted(value) if isinstance(value, list) else value
    except TypeError:
        return
    if ordered != value:
        yield from (ordered, value[::-1])


# --- calls -------------------------------------------------------------------------------------------

_UNKNOWN: Any = object()


def _arguments(call: str) -> list[tuple[int | str, ast.expr]]:
    """The arguments of the call, by position or keyword; none for another expression."""
    node = _call(_tree(call))
    if node is None:
        return []
    return [*enumerate(node.args), *((k.arg, k.value) for k in node.keywords if k.arg)]


def _tree(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _call(node: ast.expr | None) -> ast.Call | None:
    """The call itself, or the one whose values `list(...)` and the like ask for."""
    if not isinstance(node, ast.Call):
        return None
    inner = node.args[0] if len(node.args) == 1 and not node.keywords else None
    drained = isinstance(node.func, ast.Name) and node.func.id in _DRAINS
    return inner if drained and isinstance(inner, ast.Call) else node


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return _UNKNOWN


def _with(call: str, place: int | str, text: str) -> str:
    """The call with another text for one argument."""
    tree = _tree(call)
    node = _call(tree)
    assert tree is not None
    assert node is not None
    value = ast.parse(text, mode="eval").body
    if isinstance(place, int):
        node.args[place] = value
    for keyword in node.keywords:
        if keyword.arg == place:
            keyword.value = value
    return ast.unparse(tree)
