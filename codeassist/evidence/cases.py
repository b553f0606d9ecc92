"""Runs as facts: what each call gave, and what is special about its input."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from codeassist.records.evidence import Case
from codeassist.records.trace import Trace
from codeassist.records.values import literal

_LIMIT = 200
_READABLE = 48
"""characters of a call that is easy to read"""
EDGES = (
    "empty",
    "one element",
    "zero",
    "negative",
    "all equal",
    "duplicates",
    "sorted",
    "reversed",
    "not found",
    "none",
)
"""what can be special about an input, the most telling first"""


def cases(traces: Sequence[Trace]) -> tuple[Case, ...]:
    """One case for each trace, in order."""
    return tuple(case_of(index, trace) for index, trace in enumerate(traces))


def case_of(index: int, trace: Trace) -> Case:
    """What run number `index` gave."""
    outcome = trace.header.outcome
    if outcome.exception is not None:
        said = outcome.exception.message
        text = f"{outcome.exception.cls}: {said}" if said else outcome.exception.cls
    else:
        text = literal(outcome.result, _LIMIT) if outcome.kind == "returned" else outcome.kind
    run = trace.header.run
    return Case(run.call, run.origin, text, outcome.kind, index, tag(run.call, outcome.result, outcome.kind))


def edge_cases(found: Sequence[Case]) -> tuple[Case, ...]:
    """For each kind of edge a case that shows it, of the first ones the shortest to read.

    The run being explained is left out.
    """
    shown: dict[str, list[Case]] = {}
    for case in found[1:]:
        if case.tag and case.kind in ("returned", "raised") and case.origin != "probe":
            shown.setdefault(case.tag, []).append(case)
    return tuple(_readable(shown[name]) for name in EDGES if name in shown)


def _readable(found: Sequence[Case]) -> Case:
    """The first that fits a line; none does: the shortest."""
    fitting = (case for case in found if len(case.call) <= _READABLE)
    return next(fitting, min(found, key=lambda case: len(case.call)))


def tag(call: str, result: Any, kind: str) -> str:
    """What is special about the input of `call`; "" for nothing."""
    values = [value for value in arguments(call) if value is not UNKNOWN]
    containers = [value for value in values if isinstance(value, (list, tuple, str, dict, set, bytes))]
    numbers = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    if any(len(value) == 0 for value in containers):
        return "empty"
    if _missing(containers, numbers, result, kind):
        return "not found"
    lists = [value for value in containers if isinstance(value, list)]
    return _of_lists(lists) or _of_values(values, containers, numbers)


def _of_lists(lists: Sequence[list[Any]]) -> str:
    for value in lists:
        if len(value) == 1:
            return "one element"
        if all(type(item) in (int, float, str) for item in value):
            return _order(value)
    return ""


def _order(value: list[Any]) -> str:
    try:
        ordered = sorted(value)
    except TypeError:
        return ""
    if ordered[0] == ordered[-1]:
        return "all equal"
    if len(set(value)) < len(value):
        return "duplicates"
    if value == ordered:
        return "sorted"
    if value == ordered[::-1]:
        return "reversed"
    return "negative" if isinstance(ordered[0], (int, float)) and ordered[0] < 0 else ""


def _of_values(values: Sequence[Any], containers: Sequence[Any], numbers: Sequence[float]) -> str:
    if any(value is None for value in values):
        return "none"
    if any(len(value) == 1 for value in containers):
        return "one element"
    if not containers and numbers:
        return "zero" if 0 in numbers else "negative" if min(numbers) < 0 else ""
    return ""


def _missing(containers: Sequence[Any], numbers: Sequence[float], result: Any, kind: str) -> bool:
    """An element that the only list does not hold, and a result that says so."""
    if len(containers) != 1 or len(numbers) != 1 or not isinstance(containers[0], (list, tuple)):
        return False
    says = kind == "raised" and bool(numbers[0]) or result is None or result is False or result == -1
    return numbers[0] not in containers[0] and says


UNKNOWN = object()


def arguments(call: str) -> Iterator[Any]:
    """Values of the arguments that are literals, `UNKNOWN` for the others."""
    try:
        node = ast.parse(call, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Tuple) and node.value.elts:
        node = node.value.elts[-1]
    if not isinstance(node, ast.Call):
        return
    for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
        try:
            yield ast.literal_eval(argument)
        except (ValueError, SyntaxError, TypeError, RecursionError):
            yield UNKNOWN
