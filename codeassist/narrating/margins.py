"""Margin notes: turns of loops, shares of branches, values returned, lines that no run reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from codeassist.narrating.body import LOOPS
from codeassist.narrating.book import slot
from codeassist.narrating.cells import result_text
from codeassist.narrating.subject import Subject
from codeassist.narrating.walk import Walk
from codeassist.records.answer import Annotation


def notes(subject: Subject) -> tuple[Annotation, ...]:
    """One note at most for each line, in source order."""
    if subject.walk is None:
        return ()
    found = [*_from_run(subject, subject.walk), *_unreached(subject)]
    by_line: dict[int, Annotation] = {}
    for note in found:
        by_line.setdefault(note.line, note)
    return tuple(by_line[line] for line in sorted(by_line))


def _from_run(subject: Subject, walk: Walk) -> Iterator[Annotation]:
    if not walk.whole:
        return
    counts = walk.counts()
    for index, statement in subject.body.statements():
        if not counts[index] or not subject.body.alone(index):
            continue
        if statement.kind in LOOPS:
            yield _turns(subject, walk, index)
        elif statement.kind == "if":
            yield from _share(subject, index, counts)
    yield from _result(subject, walk)


def _call(walk: Walk) -> dict[str, Any]:
    return {} if walk.activation.call == 1 else {"call": walk.activation.call}


def _turns(subject: Subject, walk: Walk, index: int) -> Annotation:
    entries = walk.of(index)
    total = sum(len(entry.turns) for entry in entries)
    line = subject.body.at(index).header.line
    entry: Any = 1 if len(entries) == 1 else "total"
    claim = subject.book.add("iterations", line=line, count=total, entry=entry, **_call(walk))
    key = "margin.turns" if len(entries) == 1 else "margin.turns_total"
    text = subject.text(key, count=total, turns=slot(claim, "count"))
    return Annotation(line, _of_one_call(subject, text), (claim,))


def _of_one_call(subject: Subject, text: str) -> str:
    """Counts of one call among several must say so: the numbers beside the source are of all."""
    several = sum(outcome.run == 0 for outcome in subject.outcomes) > 1
    return subject.text("margin.one_call", note=text) if several else text


def _share(subject: Subject, index: int, counts: Any) -> Iterator[Annotation]:
    """How often a test was true: the steps of its body's first statement among its own."""
    body = subject.body
    inner = [i for i in body.inside(index) if body.alone(i) and body.at(i).kind not in (*LOOPS, "try")]
    if not inner or inner[0] != body.inside(index)[0] or body.at(index).tests != 1:
        return
    line, first = body.at(index).header.line, body.at(inner[0]).header.line
    tests = subject.book.add("executes", line=line, count=counts[index], **_walk_call(subject))
    taken = subject.book.add("executes", line=first, count=counts[inner[0]], **_walk_call(subject))
    if counts[index] == 1:
        return
    text = subject.text(
        _share_key(counts[inner[0]], counts[index]),
        taken=slot(taken, "count"),
        tests=slot(tests, "count"),
        count=counts[index],
    )
    yield Annotation(line, _of_one_call(subject, text), (tests, taken))


def _share_key(taken: int, tests: int) -> str:
    if not taken:
        return "margin.never"
    return "margin.always" if taken == tests else "margin.share"


def _walk_call(subject: Subject) -> dict[str, Any]:
    return _call(subject.walk) if subject.walk else {}


def _result(subject: Subject, walk: Walk) -> Iterator[Annotation]:
    """The value that the explained run returned, at the statement that returned it."""
    if walk.end is None or walk.end.kind != "return" or not walk.steps:
        return
    last = walk.steps[-1]
    if subject.body.at(last.statement).kind == "return" and subject.body.alone(last.statement):
        cell = result_text(subject.book, walk.end.value, limit=40, **_call(walk))
        if cell.text:
            yield Annotation(last.line, subject.text("margin.returns", value=cell.text), cell.claims)


def _unreached(subject: Subject) -> Iterator[Annotation]:
    """A note at the first line of each group."""
    for first, _ in unreached(subject):
        claim = subject.book.add("unreachable", scope="all", line=first)
        yield Annotation(first, subject.text("margin.unreached"), (claim,))


def unreached(subject: Subject) -> list[tuple[int, int]]:
    """First and last header lines of the groups of neighbours that no run reached, outermost ones only."""
    if not subject.evidence.reached:
        return []
    groups: list[tuple[int, int]] = []
    key: tuple[int | None, str] | None = None
    covered = -1
    for index, statement in subject.body.statements():
        line = statement.header.line
        if line <= covered or statement.kind in ("global", "nonlocal"):
            continue
        if not _missed(subject, index):
            key = None
            continue
        covered = statement.span.end_line
        joined = key == (statement.parent, statement.block)
        groups[len(groups) - joined :] = [(groups[-1][0] if joined else line, line)]
        key = (statement.parent, statement.block)
    return groups


def _missed(subject: Subject, index: int) -> bool:
    statement = subject.body.at(index)
    named = subject.body.alone(index) and statement.kind not in ("try", "except", "pass")
    return named and statement.header.line not in subject.evidence.reached
