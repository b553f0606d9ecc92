"""Answers to the questions of docs/query.md, from a trace alone: the program does not run again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from codeassist.records.errors import UsageError
from codeassist.records.found import Found, Match
from codeassist.records.program import Module
from codeassist.records.statements import statements_on
from codeassist.records.trace import Activation, Event, Trace, TraceReader
from codeassist.records.values import equal, literal
from codeassist.tracing.moments import Moment, in_scope, moments, with_values
from codeassist.tracing.plain import integer_test, plain_moments
from codeassist.tracing.questions import Question, free_names, parse_question, subject

Evaluate = Callable[[str, Mapping[str, Any]], Any]
"""(expression, variables) -> value; raises Unevaluable where there is none"""


Worth = Callable[[Any], Any] | None


class Unevaluable(Exception):
    """The expression has no value over these variables: a name is unbound, an operation raises."""


_MISSING = object()


def query(
    trace: Trace, text: str, evaluate: Evaluate, modules: Callable[[], Mapping[str, Module]] = dict
) -> Found:
    """Answer one question. `modules` gives path -> facts, for `why` and for lines inside a statement.

    Raises UsageError for a text that is no question.
    """
    reader = _reader(trace)
    # functions are known only once the whole trace is read: ask for them only where it matters
    names = _function_names(reader) if " in " in text else frozenset()
    question = parse_question(text, names)
    asked = _Asked(trace, reader, question, evaluate, modules)
    answer: Callable[[_Asked], Found] = _ANSWERS[question.form]
    return answer(asked)


def _reader(trace: Trace) -> TraceReader:
    if trace.reader is None:
        raise UsageError("this run was not recorded step by step", slug="not-run")
    return trace.reader


def _function_names(reader: TraceReader) -> frozenset[str]:
    names = {activation.function.qualname for activation in reader.activations()}
    return frozenset(names | {name.rpartition(".")[2] for name in names})


class _Asked:
    """One question with what it takes to answer it."""

    def __init__(
        self,
        trace: Trace,
        reader: TraceReader,
        question: Question,
        evaluate: Evaluate,
        modules: Callable[[], Mapping[str, Module]],
    ) -> None:
        self.trace, self.reader, self.question = trace, reader, question
        self.evaluate, self.modules = evaluate, modules

    def value(self, text: str, variables: Mapping[str, Any]) -> Any:
        """The value of `text`, or _MISSING."""
        try:
            return self.evaluate(text, variables)
        except Unevaluable:
            return _MISSING

    def states(self, worth: Worth = None) -> Iterator[tuple[Moment, Mapping[str, Any]]]:
        """Every moment at which the names of the question can have changed, with the variables then.

        `worth` may say of a value of the only name that it cannot matter.
        """
        return with_values(self.reader, self.moments(worth))

    def moments(self, worth: Worth = None) -> Iterator[Moment]:
        """Those moments, from the log alone where the names hold immediate values only."""
        names, scope = self.question.names, self.question.scope
        found = plain_moments(self.reader, names, scope, worth)
        return moments(self.reader, names, scope) if found is None else found

    def found(self, matches: list[Match], count: int | None = None, *notes: str) -> Found:
        """The answer; an incomplete run is said."""
        if not self.trace.header.complete:
            notes = (*notes, "the run was cut off: what is not found may still have happened")
        if not matches and self.is_unbound():
            notes = (*notes, f"{', '.join(sorted(self.question.names))}: never bound in this run")
        number = len(matches) if count is None else count
        return Found(self.question.text, number, tuple(matches), notes, count is not None)

    def is_unbound(self) -> bool:
        """Whether no activation ever binds a name of the question: it may be a slip of the pen."""
        names = self.question.names
        if not names or self.question.form not in ("condition", "when", "writes"):
            return False
        return next(self.moments(), None) is None


def _match(event: Event, value: Any, name: str = "", parts: Mapping[str, Any] | None = None) -> Match:
    text = None if value is _MISSING else literal(value)
    inside = tuple((name, literal(item)) for name, item in (parts or {}).items())
    return Match(event.index, event.line, event.function.qualname, text, event.function.path, name, inside)


def _conditions(asked: _Asked) -> Iterator[tuple[Moment, Match]]:
    text = asked.question.text
    name = subject(text)
    quick = integer_test(text, asked.question.names)
    for moment, variables in asked.states(_worth(asked.question.names, quick)):
        holds = quick(variables) if quick is not None else NotImplemented
        if holds is NotImplemented:
            holds = asked.value(text, variables)
        if holds is not _MISSING and holds:
            value = asked.value(name, variables) if name else _shown(asked, variables)
            yield moment, _match(moment.event, value, name)


def _worth(names: frozenset[str], test: Callable[[Mapping[str, Any]], Any] | None) -> Worth:
    """Whether a value of the only name can make the test hold; None where that is not decided so easily."""
    if test is None or len(names) != 1:
        return None
    (name,) = names
    return lambda value: test({name: value}) is not False  # NotImplemented: perhaps


def _shown(asked: _Asked, variables: Mapping[str, Any]) -> Any:
    names = sorted(asked.question.names & variables.keys())
    return variables[names[0]] if len(names) == 1 else {name: variables[name] for name in names}


def _condition(asked: _Asked) -> Found:
    kind = asked.question.kind
    if not asked.question.names:
        raise UsageError(f"{asked.question.text!r} names no variable", slug="bad-query")
    found = _conditions(asked)
    if kind == "first":
        first = next(found, None)
        return asked.found([] if first is None else [first[1]])
    if kind == "last":
        last: Match | None = None
        for _, last in found:  # noqa: B007 - only the last one is wanted
            pass
        return asked.found([] if last is None else [last])
    matches = sorted((match for _, match in found), key=lambda match: match.step)
    return asked.found(matches)


def _when(asked: _Asked) -> Found:
    return asked.found(sorted(_changes(asked, asked.question.text), key=lambda match: match.step))


def _changes(asked: _Asked, text: str, with_first: bool = True) -> Iterator[Match]:
    """Steps after which the value of `text` differs; of nested steps only the innermost.

    `with_first`: that the variable itself becomes bound is a change too.
    """
    base = text.partition("[")[0].partition(".")[0]
    before: dict[int, Any] = {}
    known: set[int] = set()
    told = -1
    for moment, variables in asked.states():
        value, activation = asked.value(text, variables), moment.event.activation
        old = before.get(activation, _MISSING)
        before[activation] = value
        is_born = base in variables and activation not in known
        known.update([activation] if base in variables else [])
        if _same(old, value) or moment.event.kind != "line" or is_born and not with_first:
            continue
        if told > moment.event.index:
            continue
        told = moment.event.index
        yield _match(moment.event, value, text)


def _same(old: Any, new: Any) -> bool:
    if old is _MISSING or new is _MISSING:
        return old is new
    return equal(old, new)


def watch(trace: Trace, text: str, evaluate: Evaluate) -> Iterator[Match]:
    """What the expression became at each step and each call, whenever it is another value than before."""
    asked = _Asked(trace, _reader(trace), Question("when", "when", text, free_names(text)), evaluate, dict)
    before: dict[int, Any] = {}
    for moment, variables in asked.states():
        value, activation = asked.value(text, variables), moment.event.activation
        old = before.get(activation, _MISSING)
        before[activation] = value
        if not _same(old, value):
            yield _match(moment.event, value, text)


def _writes(asked: _Asked) -> Found:
    target = normal(asked.question.text)
    name = target.partition("[")[0].partition(".")[0]
    if name == target:
        stores = plain_moments(asked.reader, asked.question.names, asked.question.scope)
        if stores is not None:
            return asked.found([_stored(moment, name) for moment in stores if moment.event.kind == "line"])
    found = {match.step: match for match in _changes(asked, target, with_first=name == target)}
    for event in asked.reader.events():
        if event.kind != "line" or asked.question.scope and not in_scope(event, asked.question.scope):
            continue
        for change in event.changes:
            path = change.target
            inside = path == target or path.startswith((target + "[", target + "."))
            if inside and event.index not in found:
                value = change.value if path == target and change.kind != "delete" else _MISSING
                found[event.index] = _match(event, value, path)
    return asked.found(sorted(found.values(), key=lambda match: match.step))


def _stored(moment: Moment, name: str) -> Match:
    """A step that bound `name`, to what it is then; or unbound it."""
    return _match(moment.event, (moment.values or {}).get(name, _MISSING), name)


def normal(target: str) -> str:
    """A target as the recorder writes it: no blanks outside strings, single quotes, plain literals."""
    import ast

    from codeassist.tracing.questions import expression

    tree = expression(target)
    node: Any = tree
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    if not isinstance(node, ast.Name):
        raise UsageError(f"{target!r} is no target", hint="write x, x[2], d['k'] or self.root.left")
    return ast.unparse(tree)


def _calls(asked: _Asked) -> Found:
    question = asked.question
    found = [
        _match(event, variables, "arguments", variables)
        for event, variables, end in _calls_of(asked, "result" in question.names)
        if _holds(asked, variables, end)
    ]
    if question.kind == "count":
        return asked.found([], len(found))
    return asked.found(sorted(found, key=lambda match: match.step))


def _holds(asked: _Asked, variables: Mapping[str, Any], end: Event | None) -> bool:
    text = asked.question.text
    if not text:
        return True
    extra = {"result": end.value} if end is not None and end.kind == "return" else {}
    holds = asked.value(text, {**extra, **variables})
    return holds is not _MISSING and bool(holds)


def _calls_of(asked: _Asked, with_end: bool) -> Iterator[tuple[Event, Mapping[str, Any], Event | None]]:
    """Calls of the function asked about with their parameters, and how they ended where that matters."""
    open_calls: dict[int, Event] = {}
    for event in asked.reader.events():
        if event.kind == "call" and in_scope(event, asked.question.name):
            if with_end:
                open_calls[event.activation] = event
            else:
                yield event, _parameters(event), None
        elif event.kind in ("return", "unwind") and event.activation in open_calls:
            entry = open_calls.pop(event.activation)
            yield entry, _parameters(entry), event


def _parameters(event: Event) -> Mapping[str, Any]:
    return event.value if isinstance(event.value, dict) else {}


def _line(asked: _Asked) -> Found:
    number = _canonical(asked)
    steps = [event for event in asked.reader.events() if _is_step_at(asked, event, number)]
    if asked.question.kind == "count":
        return asked.found([], len(steps))
    if asked.question.kind != "every":
        steps = steps[:1] if asked.question.kind == "first" else steps[-1:]
    return asked.found([_match(event, _MISSING) for event in steps])


def _is_step_at(asked: _Asked, event: Event, number: int) -> bool:
    if event.kind != "line" or event.line != number:
        return False
    if asked.question.scope and not in_scope(event, asked.question.scope):
        return False
    path = event.function.path
    wanted = asked.question.file or asked.trace.header.run.path
    return path == wanted or path.endswith("/" + wanted.lstrip("./")) or wanted.endswith("/" + path)


def _canonical(asked: _Asked) -> int:
    """The first line of the statement that covers the line asked for."""
    number = asked.question.number
    for path, module in asked.modules().items():
        if path == asked.trace.header.run.path or path.endswith("/" + asked.question.file.lstrip("./")):
            scopes = {statement.function for statement in module.statements}
            lines = {s.header.line for scope in scopes for s in statements_on(module, scope, number)}
            if lines and number not in lines:
                return max(lines)
    return number


def _tail(activation: Activation) -> str:
    return activation.function.qualname.rpartition(".")[2]


def _depth(asked: _Asked) -> Found:
    name = asked.question.name
    chosen = [a for a in asked.reader.activations() if not name or name in (a.function.qualname, _tail(a))]
    if not chosen:
        return asked.found([])
    best, depth = chosen[0], 0
    depths: dict[int, int] = {}
    for activation in asked.reader.activations():
        outer = depths.get(activation.parent, 0) if activation.parent is not None else 0
        counts = not name or name in (activation.function.qualname, _tail(activation))
        depths[activation.id] = outer + counts
        if counts and outer + 1 > depth:
            best, depth = activation, outer + 1
    event = next(iter(asked.reader.events(best.events[0], best.events[0] + 1)))
    return asked.found([_match(event, depth, "depth")])


def _step(asked: _Asked) -> Found:
    number = asked.question.number
    if not 0 <= number < len(asked.reader):
        raise UsageError(
            f"no step {number}: the run has steps 0 to {len(asked.reader) - 1}", slug="bad-query"
        )
    event = next(iter(asked.reader.events(number, number + 1)))
    own = asked.reader.activations()[event.activation].events
    position = _position(own, number)
    after = own[position + 1] if position + 1 < len(own) else len(asked.reader)
    if event.kind in ("return", "unwind", "raise"):
        after = number
    state = asked.reader.state(after, event.activation)
    variables = dict(state.variables)
    return asked.found([_match(event, variables, "variables", variables)])


def _position(own: Any, index: int) -> int:
    from bisect import bisect_left

    return bisect_left(own, index)


def _why(asked: _Asked) -> Found:
    from codeassist.tracing.why import why

    chain = why(asked.trace, asked.question.text, asked.question.number, asked.modules(), asked.evaluate)
    return asked.found(list(chain))


_ANSWERS: dict[str, Callable[[_Asked], Found]] = {
    "condition": _condition,
    "when": _when,
    "writes": _writes,
    "calls": _calls,
    "line": _line,
    "depth": _depth,
    "step": _step,
    "why": _why,
}
