"""invariant, variant, pre, post and equivalent: expressions that hold wherever they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from codeassist.records.trace import Activation
from codeassist.records.values import equal, literal, opaque
from codeassist.verifying.case import Case
from codeassist.verifying.expressions import Scope, names_in
from codeassist.verifying.findings import Finding, Refuted, Unchecked, refuted, verified
from codeassist.verifying.objects import Classes, Raised
from codeassist.verifying.operations import Operations
from codeassist.verifying.reading import RETURN, Entry


@dataclass(frozen=True)
class Arrival:
    """One moment at which an expression is asked."""

    activation: Activation
    index: int
    entry: int
    """number of the loop's entry, over all activations"""


def invariant(case: Case) -> Finding:
    """Holds at every body_start, body_end, head or exit of that loop."""
    case.pure(case["expr"])
    arrivals = list(_arrivals(case, _POINTS[case["at"]]))
    by_entry = _walk(case, arrivals, lambda a: a.entry)
    if "prev" not in names_in(case["expr"]):
        return by_entry
    by_activation = _walk(case, arrivals, lambda a: a.activation.id)
    if by_entry.verified is not by_activation.verified:
        raise Unchecked("supported-only")  # true for one reading of "previous arrival", not for the other
    return by_entry


def _arrivals(case: Case, points: Callable[[Case, Entry], list[int]]) -> Iterator[Arrival]:
    """Where the expression is asked; nothing asked is nothing checked."""
    activations = case.activations()
    loop = case.reading.loop(case.path, case.func, case["line"])
    number = 0
    moments = []
    for activation in activations:
        for entry in case.reading.entries(activation, loop):
            number += 1
            moments += [Arrival(activation, index, number) for index in points(case, entry)]
    if not moments:
        raise Unchecked("not-reached")
    case.reading.prepare([(m.index, m.activation.id) for m in moments])
    yield from moments


def _body_starts(case: Case, entry: Entry) -> list[int]:
    return entry.bodies


def _heads(case: Case, entry: Entry) -> list[int]:
    return [step.index for step in entry.heads]


def _body_ends(case: Case, entry: Entry) -> list[int]:
    """A body has ended when control is back at the header."""
    return [step.index for step in entry.heads[1:]]


def _exits(case: Case, entry: Entry) -> list[int]:
    return [entry.end] if entry.end is not None and entry.by not in ("", "exception") else []


_POINTS = {"body_start": _body_starts, "body_end": _body_ends, "head": _heads, "exit": _exits}


def _walk(case: Case, arrivals: list[Arrival], group: Callable[[Arrival], int]) -> Finding:
    previous: dict[int, Mapping[str, Any]] = {}
    for arrival in arrivals:
        scope = case.scope(arrival.index, arrival.activation, previous=previous.get(group(arrival)))
        _require(case, scope, case["expr"], arrival.index, arrival.activation)
        previous[group(arrival)] = scope.variables
    return _held(case, len(arrivals))


def _require(case: Case, scope: Scope, expr: str, index: int, activation: Activation) -> None:
    """Refuted, with its witness, where the expression is false or raises."""
    try:
        if case.holds(expr, scope):
            return
        reason, actual = "counterexample", "False"
    except Raised as error:
        reason, actual = "raised", f"{type(error.error).__name__}: {error.error}"[:200]
    where = case.where(index, activation, expr)
    where["state"] = case.shown(scope.variables, expr)
    raise Refuted(refuted(reason, actual=actual, **where))


def _held(case: Case, times: int) -> Finding:
    if not case.reading.complete:
        raise Unchecked("incomplete-trace")
    return verified("held", actual=f"{times} times")


def variant(case: Case) -> Finding:
    """An int, >= 0 at each body start and strictly smaller at each next one of the same entry."""
    case.pure(case["expr"])
    times = 0
    last: tuple[int, int] | None = None
    for arrival in _arrivals(case, _body_starts):
        where = case.where(arrival.index, arrival.activation, case["expr"])
        scope = case.scope(arrival.index, arrival.activation)
        value = case.evaluate(case["expr"], scope, **where)
        if opaque(value) is not None:
            raise Unchecked("opaque")
        if type(value) is not int:
            return refuted("wrong-type", actual=literal(value, 200), **where)
        if value < 0 or last is not None and last[0] == arrival.entry and value >= last[1]:
            return refuted("counterexample", actual=str(value), **where)
        last = (arrival.entry, value)
        times += 1
    return _held(case, times)


def pre(case: Case) -> Finding:
    """Holds at every entry."""
    case.pure(case["expr"])
    found = case.reading.of(case.path, case.func)
    for activation in found:
        around = case.around(activation)
        scope = Scope(around["entry"], **around)
        _require(case, scope, case["expr"], activation.events[0], activation)
    return _held(case, len(found))


def post(case: Case) -> Finding:
    """Holds at every normal exit."""
    case.pure(case["expr"])
    times = 0
    for activation, index in _normal_exits(case):
        moment = case.reading.moment(index, activation.id)
        result = moment.result if moment.returned else case.reading.event(index).value
        variables = {**moment.variables, "result": result}
        scope = Scope(variables, outside=moment.globals, **case.around(activation))
        _require(case, scope, case["expr"], index, activation)
        times += 1
    return _held(case, times)


def _normal_exits(case: Case) -> list[tuple[Activation, int]]:
    exits = [(a, case.reading.exit(a)) for a in case.reading.of(case.path, case.func)]
    found = [(a, i) for a, i in exits if i is not None and case.reading.kinds[i] == RETURN]
    if not found:
        raise Unchecked("not-reached" if case.reading.complete else "incomplete-trace")
    case.reading.prepare([(index, activation.id) for activation, index in found])
    return found


def equivalent(case: Case) -> Finding:
    """`result == expr` at every normal exit, over the parameters as they came in."""
    case.pure(case["expr"])
    exits = _normal_exits(case)
    for activation, index in exits:
        around = case.around(activation)
        result = case.reading.event(index).value
        if opaque(result) is not None:
            raise Unchecked("opaque")
        where = {**case.where(index, activation), "state": case.shown(around["entry"], case["expr"])}
        expected = case.evaluate(case["expr"], Scope(around["entry"], **around), **where)
        if opaque(expected) is not None:
            raise Unchecked("opaque")
        if not _same(case, result, expected):
            text = f"{literal(result, 200)}, not {literal(expected, 200)}"
            return refuted("counterexample", actual=text, **where)
    return _held(case, len(exits))


def _same(case: Case, result: Any, expected: Any) -> bool:
    """Strictly equal, or surely not; equal to Python alone (1 == 1.0) is neither."""
    if equal(result, expected):
        return True
    if Operations(case.allowance, Classes(), crossed=True).equals(result, expected):
        raise Unchecked("supported-only")
    return False
