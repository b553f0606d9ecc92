"""How a result relates to what came in: a short list of relations, tried on every recorded run.

A relation is proposed only if it held on all normal ends of varied runs; the judge decides it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from codeassist.narrating.outcomes import Outcome
from codeassist.records.values import literal

ENOUGH = 4
"""runs with a result that are needed before a relation is said at all"""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation by name (a text key), its expression for the judge, and its check."""

    key: str
    expr: str
    check: Callable[[Any, Any], bool]
    weak: bool = False
    """true of many functions: says what holds, not what the function is for"""


def _sorted(result: Any, xs: Any) -> bool:
    return isinstance(xs, (list, tuple)) and isinstance(result, list) and result == sorted(xs)


def _permutation(result: Any, xs: Any) -> bool:
    return _lists(result, xs) and sorted(result) == sorted(xs)


def _lists(result: Any, xs: Any) -> bool:
    return isinstance(xs, (list, tuple)) and isinstance(result, (list, tuple))


def _chosen(result: Any, xs: Any) -> bool:
    return _lists(result, xs) and len(result) <= len(xs) and all(item in xs for item in result)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _items(xs: Any) -> bool:
    return isinstance(xs, (list, tuple)) and len(xs) > 0


UNARY: tuple[Relation, ...] = (
    Relation("sorted", "result == sorted(old({x}))", _sorted),
    Relation("sum", "result == sum(old({x}))", lambda r, x: _number(r) and _items(x) and r == sum(x)),
    Relation("max", "result == max(old({x}))", lambda r, x: _items(x) and r == max(x)),
    Relation("min", "result == min(old({x}))", lambda r, x: _items(x) and r == min(x)),
    Relation(
        "reversed",
        "result == old({x})[::-1]",
        lambda r, x: isinstance(x, (str, list, tuple)) and r == x[::-1],
    ),
    Relation(
        "length", "result == len(old({x}))", lambda r, x: _number(r) and hasattr(x, "__len__") and r == len(x)
    ),
    Relation(
        "palindrome",
        "result == (old({x}) == old({x})[::-1])",
        lambda r, x: isinstance(r, bool) and isinstance(x, (str, list, tuple)) and r == (x == x[::-1]),
    ),
    Relation("abs", "result == abs(old({x}))", lambda r, x: _number(x) and r == abs(x)),
    Relation("square", "result == old({x}) * old({x})", lambda r, x: _number(x) and r == x * x),
    Relation(
        "even",
        "result == (old({x}) % 2 == 0)",
        lambda r, x: isinstance(r, bool) and _number(x) and r == (x % 2 == 0),
    ),
    Relation("permutation", "sorted(result) == sorted(old({x}))", _permutation),
    Relation("chosen", "all(item in old({x}) for item in result)", _chosen, weak=True),
)

BINARY: tuple[Relation, ...] = (
    Relation(
        "contains",
        "result == (old({y}) in old({x}))",
        lambda r, p: (
            isinstance(r, bool) and isinstance(p[0], (list, tuple, str, set, dict)) and r == (p[1] in p[0])
        ),
    ),
    Relation(
        "count",
        "result == len([item for item in old({x}) if item == old({y})])",
        lambda r, p: _number(r) and _items(p[0]) and r == list(p[0]).count(p[1]),
    ),
    Relation(
        "product",
        "result == old({x}) * old({y})",
        lambda r, p: _number(p[0]) and _number(p[1]) and r == p[0] * p[1],
    ),
    Relation(
        "total",
        "result == old({x}) + old({y})",
        lambda r, p: _number(p[0]) and _number(p[1]) and r == p[0] + p[1],
    ),
)

IN_PLACE: tuple[Relation, ...] = (
    Relation("sorts", "{x} == sorted(old({x}))", lambda after, x: isinstance(x, list) and after == sorted(x)),
    Relation("reverses", "{x} == old({x})[::-1]", lambda after, x: isinstance(x, list) and after == x[::-1]),
    Relation(
        "reorders",
        "sorted({x}) == sorted(old({x}))",
        lambda after, x: isinstance(x, list) and sorted(after) == sorted(x),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A relation that held, with the parameters it speaks of."""

    relation: Relation
    names: tuple[str, ...]

    @property
    def expr(self) -> str:
        """The expression for a `post` claim."""
        return self.relation.expr.format(x=self.names[0], y=self.names[-1])


def of_result(outcomes: Sequence[Outcome], parameters: Sequence[str]) -> Found | None:
    """The first relation between the result and one or two parameters that held in all runs."""
    normal = [o for o in outcomes if o.returned and not o.items]
    if not _varied([o.result for o in normal]):
        return None
    for relation in UNARY:
        for name in parameters:
            pairs = [(o.result, o.arguments.get(name)) for o in normal]
            if _held(relation, pairs) and _telling(relation, pairs):
                return Found(relation, (name,))
    return _of_two(normal, parameters)


def _of_two(normal: Sequence[Outcome], parameters: Sequence[str]) -> Found | None:
    for relation in BINARY:
        for x in parameters:
            for y in parameters:
                pairs = [(o.result, (o.arguments.get(x), o.arguments.get(y))) for o in normal]
                if x != y and _held(relation, pairs):
                    return Found(relation, (x, y))
    return None


def in_place(outcomes: Sequence[Outcome], name: str) -> Found | None:
    """What happened to the list passed as `name`, in all runs."""
    normal = [o for o in outcomes if o.returned and o.shown and isinstance(o.arguments.get(name), list)]
    pairs = [(o.at_exit.get(name), o.arguments[name]) for o in normal]
    if len(pairs) < ENOUGH or all(_same(after, before) for after, before in pairs):
        return None
    return next((Found(r, (name,)) for r in IN_PLACE if _held(r, pairs)), None)


def _telling(relation: Relation, pairs: Sequence[tuple[Any, Any]]) -> bool:
    """Whether some run would have shown the difference: a long enough input that is not symmetric."""
    if relation.key in ("sorted", "reversed", "permutation", "max", "min", "sum", "chosen"):
        return any(hasattr(x, "__len__") and len(x) > 2 and not _same(r, x) for r, x in pairs)
    return True


def _held(relation: Relation, pairs: Sequence[tuple[Any, Any]]) -> bool:
    try:
        return len(pairs) >= ENOUGH and all(relation.check(r, x) for r, x in pairs)
    except Exception:  # recorded values of mixed types: no relation
        return False


def _varied(results: Sequence[Any]) -> bool:
    return len(results) >= ENOUGH and len({literal(result) for result in results}) > 1


def _same(a: Any, b: Any) -> bool:
    return literal(a) == literal(b)
