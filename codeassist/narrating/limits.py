"""Limits: where the inputs came from, which lines no run reached, what was not run and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from codeassist.messages import DEFAULT, catalogue
from codeassist.narrating.book import escape, slot
from codeassist.narrating.margins import unreached
from codeassist.narrating.subject import Subject
from codeassist.records.answer import Section, Sentence

MOST_LINES = 5


def section(subject: Subject) -> Section | None:
    """What the reader must know about the ground that the explanation stands on."""
    sentences = [*_runs(subject), *_lines(subject), *_reasons(subject)]
    return subject.section("limits", sentences) if sentences else None


def _runs(subject: Subject) -> Iterator[Sentence]:
    origins = Counter(trace.header.run.origin for trace in subject.evidence.runs)
    if not origins:
        return
    parts = [
        subject.text(f"origin.{origin}", count=count)
        for origin, count in origins.items()
        if f"origin.{origin}" in subject.text
    ]
    total = sum(origins.values())
    text = subject.text("limits.runs", count=total, parts=subject.text.listing(parts, "plus"))
    yield Sentence(text, fact="runs")


def _lines(subject: Subject) -> Iterator[Sentence]:
    if not subject.evidence.reached:
        return
    groups = unreached(subject)
    if not groups:
        yield Sentence(subject.text("limits.all_reached"), fact="runs")
        return
    claims, shown = [], []
    for first, last in groups[:MOST_LINES]:
        ends = [
            subject.book.add("unreachable", scope="all", line=line) for line in dict.fromkeys((first, last))
        ]
        claims += ends
        shown.append("-".join(slot(claim, "line") for claim in ends))
    if len(groups) > MOST_LINES:
        shown.append(subject.text("list.others", count=len(groups) - MOST_LINES))
    single = len(groups) == 1 and groups[0][0] == groups[0][1]
    text = subject.text("limits.unreached", count=1 if single else 2, lines=subject.text.listing(shown))
    yield Sentence(text, tuple(claims))


def _reasons(subject: Subject) -> Iterator[Sentence]:
    for reason in subject.evidence.limits:
        if reason.startswith("not reached:"):
            continue  # said above, with a claim
        told = catalogue(DEFAULT)("limits.no_input") == reason
        yield Sentence(subject.text("limits.no_input") if told else escape(reason), fact="runs")
