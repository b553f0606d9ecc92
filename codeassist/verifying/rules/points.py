"""value and type: an expression in one state."""

from __future__ import annotations

from typing import Any

from codeassist.records.values import type_name
from codeassist.verifying.case import Case
from codeassist.verifying.findings import Finding, Unchecked, decide
from codeassist.verifying.objects import TypeName
from codeassist.verifying.reading import Step


def value(case: Case) -> Finding:
    """`expr` in that state equals `value`."""
    case.literal(case["value"])
    return _at(case, lambda actual, **where: case.equals(actual, case["value"], **where))


def type_(case: Case) -> Finding:
    """The type name of `expr` in that state."""

    def judge(actual: Any, **where: Any) -> Finding:
        if type(actual) is TypeName:
            raise Unchecked("opaque")
        name = type_name(actual)
        wanted = case["type"].rsplit(".", 1)[-1]
        return decide(name == wanted, actual=name, **where)

    return _at(case, judge)


def _at(case: Case, judge: Any) -> Finding:
    case.pure(case["expr"])
    statement, activation = case.statement(), case.activation()

    def at(step: Step) -> Finding:
        before = case["when"] == "before"
        index = step.index if before else case.reading.completed(activation, step)
        where = case.where(step.index, activation, case["expr"], index)
        actual = case.evaluate(case["expr"], case.scope(index, activation), **where)
        finding: Finding = judge(actual, **where)
        return finding

    steps = case.reading.steps(activation, statement)
    return case.occurrences(steps, case.reading.closed(activation), at)
