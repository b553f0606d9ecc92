"""What every section is written from: the function, its evidence, the explained run, the claims so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codeassist.messages import Catalogue, catalogue
from codeassist.narrating.body import Body, body_of
from codeassist.narrating.book import Book, escape
from codeassist.narrating.walk import Walk, activation_of, end_of, entry_values, walk
from codeassist.records.answer import Section, Sentence, Table
from codeassist.records.evidence import Evidence
from codeassist.records.location import FunctionId
from codeassist.records.program import CallGraph, Function, Module
from codeassist.records.trace import Activation, Event, ExceptionInfo, Trace, TraceReader

MOST_RUNS = 300
"""runs whose outcomes are read; more add nothing that a reader would see"""
MOST_OUTCOMES = 1500
"""activations of the function whose arguments and results are read, over all runs"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One activation as data: arguments at entry, and the result or the exception that left the function."""

    run: int
    arguments: Mapping[str, Any]
    returned: bool
    result: Any = None
    exception: ExceptionInfo | None = None
    at_exit: Mapping[str, Any] | None = None
    """the objects passed, as they were at the end"""
    yielded: Sequence[Any] | None = None
    """the values handed out by a generator, all of them"""
    at_end: Mapping[str, Any] | None = None
    """its variables as it ended"""
    last: tuple[int, int] = (0, 0)
    """line and occurrence of its last step"""
    call: int = 1
    """k-th activation of the function in its run"""
    shown: bool = True
    """whether its run is told by this activation"""


@dataclass(frozen=True, slots=True)
class Subject:
    """One function on its way to an Answer."""

    body: Body
    function: Function
    evidence: Evidence
    graph: CallGraph | None
    text: Catalogue
    level: str
    book: Book
    walk: Walk | None
    outcomes: Sequence[Outcome]

    @property
    def parameters(self) -> list[str]:
        """Names of the parameters that a caller fills (`self` and `cls` left out)."""
        names = [p.name for p in self.function.parameters]
        bound = self.function.kind in ("method", "property", "class-method")
        return names[1:] if bound else names

    @property
    def receiver(self) -> str:
        """The name of the first parameter of a method: `self`; empty elsewhere."""
        return receiver_of(self.function)

    def section(self, id: str, sentences: Sequence[Sentence] = (), tables: Sequence[Table] = ()) -> Section:
        """A section under its title in the language of the answer."""
        kept = tuple(table for table in tables if table.rows)
        return Section(id, self.text(f"title.{id}"), tuple(sentences), kept)


def subject_of(
    module: Module, function: Function, evidence: Evidence, graph: CallGraph | None, lang: str, level: str
) -> Subject:
    """Gather what the sections need, the traces read once."""
    body = body_of(module, function)
    return Subject(
        body=body,
        function=function,
        evidence=evidence,
        graph=graph,
        text=catalogue(lang),
        level=level,
        book=Book(function.id.qualname),
        walk=_explained(body, evidence),
        outcomes=_outcomes(evidence, function),
    )


def _explained(body: Body, evidence: Evidence) -> Walk | None:
    if not evidence.runs:
        return None
    trace: Trace = evidence.runs[0]
    activation = activation_of(trace, evidence.function, shows_last(body.function))
    found = walk(trace, activation, body) if activation is not None else None
    if found is not None:
        found.receiver = receiver_of(body.function)
    return found


def shows_last(function: Function) -> bool:
    """Whether the last call of a run is the one to show: a method's, whose object others prepared."""
    return bool(receiver_of(function)) and function.name != "__init__"


def receiver_of(function: Function) -> str:
    """The name of the first parameter of a method: `self`; empty elsewhere."""
    bound = function.kind in ("method", "property") and function.parameters
    return function.parameters[0].name if bound else ""


def _outcomes(evidence: Evidence, function: Function) -> list[Outcome]:
    """Every activation of the function in the runs, up to a cap: a contract speaks of all of them."""
    found: list[Outcome] = []
    for number, trace in enumerate(evidence.runs[:MOST_RUNS]):
        shown = activation_of(trace, evidence.function, shows_last(function))
        for activation in _activations(trace, evidence.function):
            if len(found) >= MOST_OUTCOMES:
                return found
            outcome = _outcome(number, trace, activation, activation == shown, function.is_generator)
            if outcome is not None:
                found.append(outcome)
    return found


def _activations(trace: Trace, function: FunctionId) -> list[Activation]:
    first = activation_of(trace, function)
    if first is None or trace.reader is None:
        return []
    return [a for a in trace.reader.activations() if a.function == first.function]


def _outcome(
    number: int, trace: Trace, activation: Activation, shown: bool, generator: bool
) -> Outcome | None:
    """What one activation did; None where the record ends before."""
    if trace.reader is None:
        return None
    end = end_of(trace.reader, activation)
    if end is None:
        return None
    arguments = entry_values(trace, activation)
    own = [event for event in _own_events(trace.reader, activation) if event.kind == "line"]
    last = own[-1].line if own else 0
    at_exit = {name: trace.reader.argument(activation.id, name, end.index) for name in arguments}
    shared: dict[str, Any] = {
        "run": number,
        "arguments": arguments,
        "at_exit": at_exit,
        "yielded": _yielded(trace.reader, activation) if generator else None,
        "at_end": trace.reader.state(end.index, activation.id).variables,
        "last": (last, sum(event.line == last for event in own)),
        "call": activation.call,
        "shown": shown,
    }
    if end.kind == "return":
        return Outcome(returned=True, result=end.value, **shared)
    error = end.value if isinstance(end.value, ExceptionInfo) else None
    return Outcome(returned=False, exception=error, **shared)


def _yielded(reader: TraceReader, activation: Activation) -> list[Any]:
    return [event.value for event in _own_events(reader, activation) if event.kind == "yield"]


def _own_events(reader: TraceReader, activation: Activation) -> Iterator[Event]:
    mine = frozenset(activation.events)
    span = reader.events(activation.events[0], activation.events[-1] + 1)
    return (event for event in span if event.index in mine)


def code(text: str) -> str:
    """Source text inside a sentence: marked as code, its braces kept from being slots."""
    return f"`{escape(text.replace('`', chr(39)))}`"
