"""delta, branch, next and executes: single steps and their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from codeassist.records.statements import names_a_step, statements_on
from codeassist.records.structure import Structure
from codeassist.records.trace import Activation
from codeassist.records.values import literal, opaque
from codeassist.verifying.case import Case
from codeassist.verifying.compare import differs, matches
from codeassist.verifying.findings import Finding, Unchecked, decide, refuted, verified
from codeassist.verifying.reading import EVENT_KINDS, LINE, RAISE, UNWIND, Step

_UNBOUND: Any = object()
_COMING_BACK = tuple(EVENT_KINDS.index(k) for k in ("return", "yield", "unwind"))


def delta(case: Case) -> Finding:
    """Exactly these variables differ between before and after the step."""
    claimed = {name: [_side(case, side) for side in pair] for name, pair in case["changes"].items()}
    statement, activation = case.statement(), case.activation()

    def at(step: Step) -> Finding:
        after = case.reading.completed(activation, step)
        old, new = case.reading.state(step.index, activation.id), case.reading.state(after, activation.id)
        bound = {
            change.variable for change in case.reading.event(step.index).changes if change.kind == "bind"
        }
        return _compare(case, claimed, old, new, bound, case.where(step.index, activation, "", after))

    steps = case.reading.steps(activation, statement)
    return case.occurrences(steps, case.reading.closed(activation), at)


def _side(case: Case, text: str | None) -> Any:
    return _UNBOUND if text is None else case.literal(text)


def _compare(
    case: Case,
    claimed: Mapping[str, Any],
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    bound: set[str],
    where: Any,
) -> Finding:
    """Two states against the claimed changes; a definite contradiction counts before any doubt."""
    doubt = False
    actual = {}
    for name in {**old, **new}:
        before, after = old.get(name, _UNBOUND), new.get(name, _UNBOUND)
        changed = _changed(before, after, name in bound)
        doubt = doubt or changed is None
        if changed:
            actual[name] = (before, after)
            doubt = doubt or name in claimed and any(v is not _UNBOUND and opaque(v) for v in (before, after))
        elif changed is False and name in claimed:
            return refuted(actual=f"{name} does not change", **where)
    text = _text(actual)
    if set(claimed) - set(old) - set(new) or set(actual) - set(claimed):
        return refuted(actual=text, **where)
    if any(not _sides_match(case, actual[name], claimed[name]) for name in actual):
        return refuted(actual=text, **where)
    if doubt:
        raise Unchecked("opaque")
    return verified(actual=text, **where)


def _changed(before: Any, after: Any, bound: bool) -> bool | None:
    if before is _UNBOUND or after is _UNBOUND:
        return before is not after
    answer = differs(before, after)
    return None if answer is False and bound and opaque(before) is not None else answer


def _sides_match(case: Case, actual: tuple[Any, Any], claimed: list[Any]) -> bool:
    for real, said in zip(actual, claimed, strict=True):
        if real is _UNBOUND or said is _UNBOUND:
            if real is not said:
                return False
        elif opaque(real) is None and not matches(real, said, case["loose"]):
            return False
    return True


def _text(changes: Mapping[str, tuple[Any, Any]]) -> str:
    def side(value: Any) -> str:
        return "unbound" if value is _UNBOUND else literal(value, 200)

    return ", ".join(f"{name}: {side(a)} -> {side(b)}" for name, (a, b) in changes.items())


def next_(case: Case) -> Finding:
    """The line of the following step of that activation."""
    statement, activation = case.statement(), case.activation()

    def at(step: Step) -> Finding:
        where = case.where(step.index, activation)
        following = _next_own(case, activation, step)
        if following is None:
            return decide(case["next"] == "end", actual="end", **where)
        line = case.line_of(following)
        wanted = case["next"]
        header = case.reading.facts(case.path, following).header
        holds = wanted != "end" and (
            wanted == line or header.covers(wanted) and _names(case, following, wanted)
        )
        return decide(holds, actual=str(line), **where)

    steps = case.reading.steps(activation, statement)
    return case.occurrences(steps, case.reading.closed(activation), at)


def _next_own(case: Case, activation: Activation, step: Step) -> int | None:
    """The statement of the next step, None when the activation leaves."""
    for index in activation.events[step.position + 1 :]:
        if case.reading.kinds[index] == LINE:
            return case.reading.statements[index]
    if case.reading.exit(activation) is None:
        raise case.reading.missing(case.reading.closed(activation))
    return None


def _names(case: Case, statement: int, line: int) -> bool:
    """Whether `line`, if not the first line of the statement, names it and nothing else."""
    module = case.reading.modules[case.path]
    return list(statements_on(module, case.func, line)) == [module.statements[statement]]


def executes(case: Case) -> Finding:
    """Number of steps of that statement in that activation."""
    statement, activation = case.statement(), case.activation()
    steps = case.reading.steps(activation, statement)
    closed = case.reading.closed(activation)
    where = {"step": steps[-1].index, "line": case.line_of(statement)} if steps else {}
    return case.counted(len(steps), case["count"], closed, **where)


@dataclass(frozen=True)
class Evaluation:
    """One evaluation of a test: its step, its outcome (None: it raised), and where it began and ended."""

    step: int
    activation: Activation
    taken: bool | None
    start: int
    end: int


def branch(case: Case) -> Finding:
    """The k-th evaluation of that test was truthy."""
    activations = case.activations()
    statement = case.reading.test(case.path, case.func, case["line"])
    found = [e for activation in activations for e in _evaluations(case, activation, statement)]
    begun, ended = sorted(found, key=lambda e: e.start), sorted(found, key=lambda e: e.end)
    closed = all(case.reading.closed(a) for a in activations) and (
        case["call"] != "all" or case.reading.complete
    )

    def at(one: Evaluation) -> Finding:
        where = case.where(one.step, one.activation)
        if one.taken is None:
            return refuted("raised", actual="raised", **where)
        return decide(one.taken is case["taken"], actual=str(one.taken), **where)

    finding = case.occurrences(begun, closed, at)
    if begun != ended and case.occurrences(ended, closed, at).verified is not finding.verified:
        raise Unchecked("supported-only")  # a test that contains another: which one came first is open
    return finding


def _evaluations(case: Case, activation: Activation, statement: int) -> list[Evaluation]:
    """Every evaluation of the test in one activation."""
    kind = case.reading.facts(case.path, statement).kind
    steps = case.reading.steps(activation, statement)
    found = []
    for step in steps:
        if kind not in ("if", "while"):
            marks = _arms(case, activation, step)
            found += [Evaluation(step.index, activation, taken, at, at) for at, taken in marks]
        elif (end := case.reading.following(activation, step)) is not None:  # else cut off: not in the trace
            taken = _taken(case, activation, step)
            found.append(Evaluation(step.index, activation, taken, step.index, end))
    return found


def _taken(case: Case, activation: Activation, step: Step) -> bool | None:
    following = case.reading.following(activation, step)
    assert following is not None  # steps without one are left out
    kind = case.reading.kinds[following]
    if kind in (RAISE, UNWIND):
        return None
    structure = case.reading.structure(case.path)
    assert structure is not None  # the statement was found in it
    if not _has_first_step(structure, step.statement):
        raise Unchecked("ambiguous-line")
    after = case.reading.statements[following] if kind == LINE else -1
    return after >= 0 and structure.block(after, step.statement) == "body"


def _has_first_step(structure: Structure, statement: int) -> bool:
    """Whether entering the body shows as a step of it (a body of `global x` alone does not)."""
    return any(
        other.parent == statement and other.block == "body" and (names_a_step(other) or other.kind == "try")
        for other in structure.statements
    )


def _arms(case: Case, activation: Activation, step: Step) -> list[tuple[int, bool]]:
    """Where and how the conditional expression of the step came out, as the recorder marked it."""
    event = case.reading.event(step.index)
    own = [taken for line, column, taken in event.tests if (line, column) != (event.line, event.column)]
    marks = [(step.index, taken) for taken in own]
    following = case.reading.following(activation, step)
    if following is not None:
        marks += _late_marks(case, activation, step.index, following)
    if not marks and following is not None and case.reading.kinds[following] not in (RAISE, UNWIND):
        raise Unchecked("opaque")  # the expression may stand where it was not evaluated, or not be marked
    return marks


def _late_marks(case: Case, activation: Activation, start: int, stop: int) -> list[tuple[int, bool]]:
    """Marks made after a callee came back stand at the callee's last event, which has no test of its own."""
    found = []
    for index in range(start + 1, stop):
        if case.reading.kinds[index] in _COMING_BACK:
            event = case.reading.event(index)
            if event.tests and case.reading.activations[event.activation].parent == activation.id:
                found += [(index, taken) for *_, taken in event.tests]
    return found
