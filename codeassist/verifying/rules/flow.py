"""depends: where the value of a variable that a step reads was written."""

from __future__ import annotations

from typing import Any

from codeassist.records.trace import Activation
from codeassist.verifying.case import Case, quantified
from codeassist.verifying.compare import differs
from codeassist.verifying.findings import Finding, Unchecked, decide, no_such_step
from codeassist.verifying.reading import Step


def depends(case: Case) -> Finding:
    """The value of each variable read there was last written at that line, or came in as an argument."""
    statement, activation = case.statement(), case.activation()
    facts = case.reading.facts(case.path, statement)
    read = {*facts.reads, *(facts.writes if facts.kind == "augassign" else ())}

    def at(step: Step) -> Finding:
        return quantified(True, True, (one(step, name, line) for name, line in case["on"].items()))

    def one(step: Step, name: str, line: Any) -> Finding | Unchecked:
        if name not in read:
            raise no_such_step(**case.where(step.index, activation))
        try:
            return _source(case, activation, step, name, line)
        except Unchecked as error:
            return error

    steps = case.reading.steps(activation, statement)
    return case.occurrences(steps, case.reading.closed(activation), at)


def _source(case: Case, activation: Activation, step: Step, name: str, line: Any) -> Finding:
    """One variable: its last binding, and a doubt where its content changed since."""
    if name not in case.reading.state(step.index, activation.id):
        raise no_such_step(**case.where(step.index, activation))
    found = _last_binding(case, activation, step, name)
    if found is None:
        given = case.reading.event(activation.events[0]).value
        if name not in given:
            raise Unchecked("opaque")  # bound outside this activation
        actual: Any = "argument"
        start = activation.events[0]
        fresh = given[name]
    else:
        actual, start = case.line_of(found.statement), case.reading.completed(activation, found)
        fresh = case.reading.state(start, activation.id).get(name)
    now = case.reading.state(step.index, activation.id)[name]
    if differs(fresh, now) is not False and not _is_plainly_wrong(case, activation, found, line):
        raise Unchecked("supported-only")  # bound in one place, changed in another
    holds = actual == line or found is not None and _names(case, found, line)
    return decide(holds, actual=f"{name}: {actual}", **case.where(step.index, activation, name))


def _last_binding(case: Case, activation: Activation, step: Step, name: str) -> Step | None:
    before = [s for s in case.reading.steps(activation) if s.position < step.position]
    for earlier in reversed(before):
        changes = case.reading.event(earlier.index).changes
        deleted = any(c.kind == "delete" and c.target == name for c in changes)
        if deleted or case.reading.binds(activation, earlier, name):
            return earlier
    return None


def _is_plainly_wrong(case: Case, activation: Activation, found: Step | None, line: Any) -> bool:
    """Whether neither the binding nor any step since can be what `line` means."""
    if line == "argument":
        return found is not None
    start = found.index if found else -1
    steps = [s for s in case.reading.steps(activation) if s.index >= start]
    elsewhere = len(case.reading.activations) > 1
    return not elsewhere and not any(_names(case, s, line) for s in steps)


def _names(case: Case, step: Step, line: Any) -> bool:
    return type(line) is int and case.reading.facts(case.path, step.statement).header.covers(line)
