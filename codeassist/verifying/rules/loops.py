"""sequence, iterations and exit_by: one execution of a loop."""

from __future__ import annotations

from codeassist.records.trace import Activation
from codeassist.verifying.case import Case
from codeassist.verifying.findings import Finding, Unchecked, decide
from codeassist.verifying.reading import Entry


def _entry(case: Case, activation: Activation, loop: int) -> Entry:
    """The `entry`-th execution of the loop."""
    entries = case.reading.entries(activation, loop)
    if case["entry"] > len(entries):
        raise case.reading.missing(case.reading.closed(activation))
    number: int = case["entry"]
    return entries[number - 1]


def _whole(case: Case, activation: Activation, entry: Entry) -> bool:
    """Whether no turn of this entry can be missing from the trace."""
    return entry.end is not None or case.reading.closed(activation)


def iterations(case: Case) -> Finding:
    """Body starts in that execution of the loop, or in all of the activation's."""
    activation = case.activation()
    loop = case.reading.loop(case.path, case.func, case["line"])
    line = case.line_of(loop)
    if case["entry"] == "total":
        bodies = [b for entry in case.reading.entries(activation, loop) for b in entry.bodies]
        return case.counted(len(bodies), case["count"], case.reading.closed(activation), line=line)
    entry = _entry(case, activation, loop)
    where = {"step": entry.heads[-1].index, "line": line}
    return case.counted(len(entry.bodies), case["count"], _whole(case, activation, entry), **where)


def exit_by(case: Case) -> Finding:
    """How the loop was left."""
    statement, activation = case.statement(), case.activation()
    if case.reading.loop(case.path, case.func, case["line"]) != statement:
        raise Unchecked("no-statement")
    entry = _entry(case, activation, statement)
    if entry.end is None:
        raise case.reading.missing(case.reading.closed(activation))
    if not entry.by:
        raise Unchecked("opaque")
    step = (entry.bodies or [entry.heads[-1].index])[-1]
    return decide(entry.by == case["by"], actual=entry.by, **case.where(step, activation))


def sequence(case: Case) -> Finding:
    """`var` or `expr` at the successive body starts of that entry, all of them."""
    expr = case["var"] if case["expr"] is None else case["expr"]
    case.pure(expr)
    case.literal(case["values"])
    activation = case.activation()
    loop = case.reading.loop(case.path, case.func, case["line"])
    bodies = _bodies(case, activation, loop)
    case.reading.prepare([(index, activation.id) for index in bodies])
    values = []
    for index in bodies:
        where = case.where(index, activation, expr)
        values.append(case.evaluate(expr, case.scope(index, activation), **where))
    where = case.where(bodies[-1], activation, expr) if bodies else {"line": case.line_of(loop)}
    return case.equals(values, case["values"], **where)


def _bodies(case: Case, activation: Activation, loop: int) -> list[int]:
    entries = case.reading.entries(activation, loop)
    if case["entry"] == "total":
        if not case.reading.closed(activation):
            raise Unchecked("incomplete-trace")
        return [index for entry in entries for index in entry.bodies]
    entry = _entry(case, activation, loop)
    if not _whole(case, activation, entry):
        raise Unchecked("incomplete-trace")
    return entry.bodies
