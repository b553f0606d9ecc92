"""Which parts of an explanation become notes in the source: goals, invariants, counts, docstrings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from codeassist.editing.notes import Docstring, Note
from codeassist.messages import Catalogue, catalogue
from codeassist.records.answer import VERIFIED, Claim, Table, Verdict
from codeassist.records.report import Explanation

KINDS = ("goals", "invariants", "runs", "docstrings")
DEFAULT = ("goals", "invariants")
_RESTATES = 0.42
"""share of its source lines that a goal quotes, from which on it says nothing new"""


def notes(explanation: Explanation, kinds: Sequence[str], lang: str) -> list[Note | Docstring]:
    """The notes of these kinds on one function, in the language `lang`."""
    text = catalogue(lang)
    found: list[Note | Docstring] = []
    if "goals" in kinds:
        found += _goals(explanation)
    if "invariants" in kinds:
        found += _held(explanation, text)
    if "runs" in kinds:
        found += _counts(explanation, text)
    if "docstrings" in kinds and not explanation.is_static:
        found += _docstring(explanation, text)
    return found


def _goals(explanation: Explanation) -> Iterator[Note]:
    """The sub-goals of the plan, those left out that only repeat their line."""
    lines = {line.number: line.text.strip() for line in explanation.source}
    for table in _tables(explanation, "plan"):
        for span, words in table.rows:
            first, _, last = span.strip().partition("-")
            if first.isdigit():
                told = [lines.get(n, "") for n in range(int(first), int(last or first) + 1)]
                if not _restates(words, "".join(told)):
                    yield Note(int(first), _plain(words))


def _restates(words: str, code: str) -> bool:
    """Whether most of the lines stands in the words."""
    parts = (part.removesuffix("...") for part in re.findall("`([^`]*)`", words))
    quoted = sum(len(part) for part in parts if part in code)
    return bool(code) and quoted / len(code) >= _RESTATES


def _held(explanation: Explanation, text: Catalogue) -> Iterator[Note]:
    """What held at every turn of a loop, and what makes it end: those that the explanation tells."""
    told = {id for s in explanation.sections if s.id == "why" for t in s.sentences for id in t.claims}
    for claim, verdict in explanation.claims:
        if claim.id in told and verdict.status == VERIFIED and claim.kind in ("invariant", "variant"):
            yield _on_loop(claim, verdict, text)


def _on_loop(claim: Claim, verdict: Verdict, text: Catalogue) -> Note:
    key = f"annotate.{claim.kind}"
    parts = {"expr": claim.fields["expr"], "count": verdict.runs}
    return Note(int(claim.fields["line"]), text(key, **parts))


def _counts(explanation: Explanation, text: Catalogue) -> Iterator[Note]:
    """The margin notes, which are about one run: the first of them says which."""
    call = explanation.inputs[0].call if explanation.inputs else ""
    verified = {claim.id for claim, verdict in explanation.claims if verdict.status == VERIFIED}
    for note in explanation.annotations:
        if note.claims and set(note.claims) <= verified:
            yield Note(note.line, text("annotate.run", note=_plain(note.text), call=call))


def _docstring(explanation: Explanation, text: Catalogue) -> Iterator[Docstring]:
    """Summary, contract and cost, for a function that has no docstring."""
    summary = _plain(explanation.summary.text)
    rows = [
        text("annotate.row", label=_plain(label), words=_plain(words))
        for label, words in _contract(explanation)
    ]
    grown = explanation.complexity
    if grown:
        rows.append(text("annotate.cost", cls=grown["class"], size=grown["in"]))
    if summary:
        paragraphs = (summary, "\n".join(rows)) if rows else (summary,)
        source = text("annotate.source", count=len(explanation.inputs))
        yield Docstring(explanation.line, paragraphs, source)


def _contract(explanation: Explanation) -> Iterator[tuple[str, str]]:
    verified = {claim.id for claim, verdict in explanation.claims if verdict.status == VERIFIED}
    for table in _tables(explanation, "contract"):
        for number, row in enumerate(table.rows):
            claims = table.claims[number] if number < len(table.claims) else ()
            if set(claims) <= verified:
                yield row[0], row[1]


def _tables(explanation: Explanation, section: str) -> Iterator[Table]:
    for found in explanation.sections:
        if found.id == section:
            yield from (table for table in found.tables if not any(table.columns))


def _plain(words: str) -> str:
    """Words without the marks of code."""
    return words.replace("`", "")
