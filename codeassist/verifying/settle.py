"""An answer and its verdicts -> what may be shown: slots filled, refuted sentences gone, the rest marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codeassist.records.answer import (
    REFUTED,
    UNCHECKED,
    VERIFIED,
    Annotation,
    Answer,
    Claim,
    Section,
    Sentence,
    Table,
    Verdict,
)
from codeassist.records.report import SettledSection, SettledSentence

OPINION = "opinion"
WIDEST = 60
"""characters that one slot may fill"""
_SLOT = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Settled:
    """What is left of an answer once the judge has spoken; no refuted claim is behind any of it."""

    summary: SettledSentence
    """a refuted summary gives way to the purpose's next sentence; empty when none stands"""
    sections: tuple[SettledSection, ...]
    annotations: tuple[Annotation, ...]
    claims: tuple[tuple[Claim, Verdict], ...]
    dropped: int = 0
    """sentences, rows and notes that a refuted claim or an unfillable slot took away"""


class _Unusable(Exception):
    """A slot that no verdict can fill."""


def settle(answer: Answer, verdicts: Sequence[Verdict]) -> Settled:
    """Fill slots from judged claims; drop what a refuted claim stands behind."""
    desk = _Desk(answer.claims, verdicts)
    sections = tuple(s for s in map(desk.section, answer.sections) if s.sentences or s.tables)
    notes = tuple(note for note in map(desk.note, answer.annotations) if note)
    summary = desk.sentence(answer.summary) or _next_best(sections)
    kept = tuple((c, v) for c, v in desk.known.values() if v.status != REFUTED)
    return Settled(summary, sections, notes, kept, desk.dropped)


def _next_best(sections: Sequence[SettledSection]) -> SettledSentence:
    """The first sentence that stands in the section of the purpose, in place of a refuted summary."""
    found = (s for section in sections if section.id == "purpose" for s in section.sentences)
    return next(found, SettledSentence("", (), UNCHECKED))


class _Desk:
    """Claims with their verdicts by id, and the count of what was thrown away."""

    def __init__(self, claims: Sequence[Claim], verdicts: Sequence[Verdict]) -> None:
        self.known = {claim.id: (claim, verdict) for claim, verdict in zip(claims, verdicts, strict=True)}
        self.dropped = 0

    def section(self, section: Section) -> SettledSection:
        sentences = tuple(s for s in map(self.sentence, section.sentences) if s)
        tables = tuple(t for t in map(self.table, section.tables) if t.rows)
        return SettledSection(section.id, section.title, sentences, tables)

    def sentence(self, sentence: Sentence) -> SettledSentence | None:
        """The sentence with its status, None when it must not be shown.

        What restates the source (a docstring quoted, a list of callees) was decided by no run: unchecked.
        """
        claims = (*sentence.claims, *(c for c in _slots(sentence.text) if c not in sentence.claims))
        text = self.filled(sentence.text, claims)
        if text is None:
            return None
        if not claims:
            return SettledSentence(text, (), UNCHECKED if sentence.fact else OPINION)
        return SettledSentence(text, claims, self.status(claims))

    def status(self, claims: Sequence[str]) -> str:
        """verified only if every claim is; a claim that nobody made is unchecked."""
        found = [self.known[c][1].status if c in self.known else UNCHECKED for c in claims]
        return VERIFIED if all(status == VERIFIED for status in found) else UNCHECKED

    def table(self, table: Table) -> Table:
        """The rows that stand."""
        rows, claims = [], []
        for number, row in enumerate(table.rows):
            behind = table.claims[number] if number < len(table.claims) else ()
            behind = (*behind, *(c for cell in row for c in _slots(cell) if c not in behind))
            cells = [self.filled(cell, behind) for cell in row]
            if None not in cells:
                rows.append(tuple(cell for cell in cells if cell is not None))
                claims.append(behind)
        caption = self.filled(table.caption, tuple(_slots(table.caption))) or ""
        return Table(table.columns, tuple(rows), tuple(claims), caption)

    def note(self, note: Annotation) -> Annotation | None:
        """A margin note that stands."""
        claims = (*note.claims, *(c for c in _slots(note.text) if c not in note.claims))
        text = self.filled(note.text, claims)
        return None if text is None else Annotation(note.line, text, claims)

    def filled(self, text: str, claims: Sequence[str]) -> str | None:
        """The text with its slots filled; None when a refuted claim or an empty slot forbids it."""
        try:
            if any(c in self.known and self.known[c][1].status == REFUTED for c in claims):
                raise _Unusable
            return _SLOT.sub(self.slot, text)
        except _Unusable:
            self.dropped += 1
            return None

    def slot(self, match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        name, _, path = match[1].partition(".")
        if name not in self.known:
            raise _Unusable
        return shortened(_text(_field(*self.known[name], path)))


def fill(text: str, known: Mapping[str, tuple[Claim, Verdict]]) -> str | None:
    """The text with its slots filled from `known` (by id); None where one cannot be filled."""
    desk = _Desk((), ())
    desk.known.update(known)
    return desk.filled(text, ())


def shortened(text: str) -> str:
    """A slot's text, cut to WIDEST characters; the claim itself keeps the whole value."""
    return text if len(text) <= WIDEST else text[: WIDEST - 3] + "..."


def _slots(text: str) -> list[str]:
    """Ids of the claims whose fields a text shows."""
    inner = [match[1] for match in _SLOT.finditer(text) if match[1] is not None]
    return [part.partition(".")[0] for part in inner]


def _field(claim: Claim, verdict: Verdict, path: str) -> Any:
    """A field of the claim, or what its verdict knows: actual, runs, line, step."""
    name, *rest = path.split(".")
    if name == "actual":
        return verdict.actual
    if name == "runs":
        return verdict.runs
    value = claim.fields.get(name)
    if value is None and verdict.witness and name in ("line", "step", "run"):
        value = getattr(verdict.witness, name)
    for part in rest:
        value = _inside(value, part)
    if value is None:
        raise _Unusable
    return value


def _inside(value: Any, part: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, (list, tuple)) and part.isdigit() and int(part) < len(value):
        return value[int(part)]
    return None


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {_text(item)}" for name, item in value.items())
    if isinstance(value, (list, tuple)):
        return " -> ".join(_text(item) for item in value)
    return str(value)
