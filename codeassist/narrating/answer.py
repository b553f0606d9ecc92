"""The baseline answer: every section of the anatomy that has something to say, in its order."""

from __future__ import annotations

from collections.abc import Callable

from codeassist.narrating import (
    contract,
    cost,
    edges,
    limits,
    margins,
    plan,
    purpose,
    reading,
    reasons,
    structure,
    variables,
    worked,
)
from codeassist.narrating.subject import Subject, subject_of
from codeassist.records.answer import Answer, Section
from codeassist.records.evidence import Evidence
from codeassist.records.program import CallGraph, Function, Module

SECTIONS: tuple[Callable[[Subject], Section | None], ...] = (
    purpose.section,
    contract.section,
    plan.section,
    worked.section,
    variables.section,
    reasons.section,
    cost.section,
    edges.section,
    structure.section,
    limits.section,
)


def compose(
    module: Module,
    function: Function,
    evidence: Evidence,
    graph: CallGraph | None,
    *,
    lang: str = "en",
    level: str = "learner",
) -> Answer:
    """What the runs and the source say of `function`, as sentences with slots and their claims.

    Without runs (`evidence.runs` empty) the answer is static: no claim in it needs a run.
    """
    subject = subject_of(module, function, evidence, graph, lang, level)
    if module.language != "python":
        return reading.compose(subject)
    summary = purpose.summary(subject)
    found = [write(subject) for write in SECTIONS]
    notes = margins.notes(subject)
    sections = tuple(s for s in found if s is not None and (s.sentences or s.tables))
    return Answer(summary, sections, notes, subject.book.claims())
