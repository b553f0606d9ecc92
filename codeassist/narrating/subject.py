"""What every section is written from: the function, its evidence, the explained run, the claims so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from codeassist.messages import Catalogue, catalogue
from codeassist.narrating.body import Body, body_of
from codeassist.narrating.book import Book, escape
from codeassist.narrating.outcomes import Outcome, read_outcomes
from codeassist.narrating.walk import Walk, activation_of, walk
from codeassist.records.answer import Section, Sentence, Table
from codeassist.records.evidence import Evidence
from codeassist.records.program import CallGraph, Function, Module
from codeassist.records.trace import Trace


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

    @property
    def is_learner(self) -> bool:
        """Whether the reader is learning; a developer gets fewer and terser sentences, equally true."""
        return self.level != "developer"

    def say(self, key: str, **parts: Any) -> str:
        """A text in the words of the level: `key.developer` where there is one."""
        own = f"{key}.developer"
        return self.text(own if not self.is_learner and own in self.text else key, **parts)

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
        book=Book(function.id.qualname, function.id.path if _elsewhere(evidence) else ""),
        walk=_explained(body, evidence),
        outcomes=read_outcomes(evidence.runs, evidence.function, shows_last(function)),
    )


def _elsewhere(evidence: Evidence) -> bool:
    """Whether a run starts in another file than the function's: a claim must then say which it means."""
    return any(trace.header.run.path != evidence.function.path for trace in evidence.runs)


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


def code(text: str) -> str:
    """Source text inside a sentence: marked as code, its braces kept from being slots."""
    return f"`{escape(text.replace('`', chr(39)))}`"
