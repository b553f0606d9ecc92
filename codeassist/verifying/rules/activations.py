"""returns, yields, raises, prints, calls, call_args and depth: what activations take and give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codeassist.records.trace import Activation
from codeassist.records.values import literal, opaque
from codeassist.verifying.case import Case
from codeassist.verifying.compare import matches
from codeassist.verifying.findings import Finding, Unchecked, decide, refuted
from codeassist.verifying.reading import CALL, EVENT_KINDS, RETURN, UNWIND

_YIELD, _RESUME = EVENT_KINDS.index("yield"), EVENT_KINDS.index("resume")


def _exit(case: Case, activation: Activation) -> int:
    """The event by which the activation left; refuted when it never did in a whole trace."""
    index = case.reading.exit(activation)
    if index is None:
        raise case.reading.missing(case.reading.closed(activation))
    return index


def returns(case: Case) -> Finding:
    """The activation returned that value."""
    case.literal(case["value"])
    activation = case.activation()
    index = _exit(case, activation)
    event = case.reading.event(index)
    where = case.where(index, activation)
    if case.reading.kinds[index] == UNWIND:
        return refuted("raised", actual=_class_of(event.value), **where)
    return case.equals(event.value, case["value"], **where)


def yields(case: Case) -> Finding:
    """The values that the activation yielded, in order."""
    case.literal(case["values"])
    activation = case.activation()
    own = [index for index in activation.events if case.reading.kinds[index] == _YIELD]
    if not case.reading.closed(activation):
        raise Unchecked("incomplete-trace")
    values = [case.reading.event(index).value for index in own]
    where = {"step": own[-1], "line": case.reading.event(own[-1]).line} if own else {}
    return case.equals(values, case["values"], **where)


def raises(case: Case) -> Finding:
    """That exception class left the activation, raised at that line."""
    activation = case.activation()
    wanted = case["exception"].rsplit(".", 1)[-1]
    statement = None
    if case["line"] is not None:
        statement = case.reading.statement(case.path, case.func, case["line"])
    index = _exit(case, activation)
    event, where = case.reading.event(index), case.where(index, activation)
    if case.reading.kinds[index] != UNWIND:
        return refuted("wrong-value", actual=f"returned {literal(event.value, 200)}", **where)
    line = getattr(event.value, "line", 0)
    holds = _class_of(event.value) == wanted and (statement is None or line == case.line_of(statement))
    return decide(holds, actual=f"{_class_of(event.value)} at line {line}", **where)


def _class_of(value: Any) -> str:
    return str(getattr(value, "cls", ""))


def prints(case: Case) -> Finding:
    """What the activation and its callees wrote to stdout, exactly."""
    activation = case.activation()
    if not case.reading.closed(activation):
        raise Unchecked("incomplete-trace")
    if len({a.thread for a in case.reading.activations}) > 1:
        raise Unchecked("opaque")
    spans = _running(case, activation)
    parts = [o for o in case.reading.reader.output() if o.stream == "stdout"]
    text = "".join(o.text for o in parts if any(start <= o.index < stop for start, stop in spans))
    reason = {"step": activation.events[-1], "line": case.reading.event(activation.events[-1]).line}
    return decide(text == case["text"], actual=repr(text), **reason)


def _running(case: Case, activation: Activation) -> list[tuple[int, int]]:
    """Ranges of event indexes during which the activation, or what it called, had control."""
    spans, start = [], None
    for index in activation.events:
        kind = case.reading.kinds[index]
        if kind in (CALL, _RESUME):
            start = index
        elif kind in (_YIELD, RETURN, UNWIND) and start is not None:
            spans.append((start, index))
            start = None
    if start is not None:
        spans.append((start, len(case.reading.kinds)))
    return spans


def calls(case: Case) -> Finding:
    """Activations of func in the run, made from that caller, with these parameters at entry."""
    claimed = {name: case.literal(text) for name, text in (case["args"] or {}).items()}
    found = case.reading.of(case.path, case.func)
    if case["caller"] is not None:
        found = [a for a in found if _caller(case, a) == case["caller"]]
    if claimed:
        found = [a for a in found if _has_arguments(case, a, claimed)]
    where = (
        {"step": found[-1].events[0], "line": case.reading.event(found[-1].events[0]).line} if found else {}
    )
    return case.counted(len(found), case["count"], case.reading.complete, **where)


def _caller(case: Case, activation: Activation) -> str:
    if activation.parent is None:
        return ""
    return case.reading.activations[activation.parent].function.qualname


def _has_arguments(case: Case, activation: Activation, claimed: Mapping[str, Any]) -> bool:
    given = _arguments(case, activation)
    for name, value in claimed.items():
        if name not in given:
            return False
        if opaque(given[name]) is not None:
            raise Unchecked("opaque")
        if not matches(given[name], value, case["loose"]):
            return False
    return True


def _arguments(case: Case, activation: Activation) -> Mapping[str, Any]:
    given = case.reading.event(activation.events[0]).value
    return given if isinstance(given, Mapping) else {}


def call_args(case: Case) -> Finding:
    """Parameters at entry of that activation."""
    for text in case["args"].values():
        case.literal(text)
    activation = case.activation()
    given = _arguments(case, activation)
    where: dict[str, Any] = {
        "step": activation.events[0],
        "line": case.reading.event(activation.events[0]).line,
    }
    where["state"] = case.shown(given)
    shown = ", ".join(f"{name}={literal(value, 200)}" for name, value in given.items())
    doubt = False
    for name, text in case["args"].items():
        if name not in given:
            return refuted("no-such-step", actual=shown, **where)
        if opaque(given[name]) is not None:
            doubt = True
        elif not (finding := case.equals(given[name], text)).verified:
            return refuted(finding.reason, actual=shown, **where)
    if doubt:
        raise Unchecked("opaque")
    return decide(True, actual=shown, **where)


def depth(case: Case) -> Finding:
    """Most simultaneous activations of func; the first call is 1."""
    found = case.reading.of(case.path, case.func)
    moments = []
    for activation in found:
        end = case.reading.exit(activation)
        moments.append((activation.events[0], 1))
        moments += [(end, -1)] if end is not None else []
    now = most = step = 0
    for index, change in sorted(moments):
        now += change
        if now > most:
            most, step = now, index
    return case.counted(
        most, case["max"], case.reading.complete, step=step, line=case.reading.event(step).line
    )
