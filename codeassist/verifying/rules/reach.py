"""unreachable: no step of that statement in any run."""

from __future__ import annotations

from codeassist.verifying.case import Case
from codeassist.verifying.findings import Finding, Unchecked, refuted, verified


def unreachable(case: Case) -> Finding:
    """No step of that statement in this run; the judge asks every run."""
    statement = case.statement()
    for activation in case.reading.of(case.path, case.func):
        for step in case.reading.steps(activation, statement):
            return refuted("counterexample", actual="reached", **case.where(step.index, activation))
    if not case.reading.complete:
        raise Unchecked("incomplete-trace")
    return verified("held")
