"""Renderers of a report: name -> function, loaded when chosen."""

from __future__ import annotations

import importlib
from typing import cast

from codeassist.records.report import Explanation, Report, SettledSection, SettledSentence

FORMATS = {
    "terminal": "codeassist.rendering.terminal:render",
    "markdown": "codeassist.rendering.markdown:render",
    "json": "codeassist.rendering.json:render",
    "html": "codeassist.rendering.html:render",
}
"""format -> where its renderer stands"""
IN_DETAIL = 6
"""explanations shown in detail beside an overview, unless all are asked for"""


def render_report(
    report: Report,
    format: str,
    *,
    width: int = 100,
    color: bool = False,
    show_all: bool = False,
    opinions: bool = False,
) -> str:
    """The report as text that ends in a newline. Raises KeyError for a format that the table lacks.

    Sentences that no run decided are left out unless `opinions`; JSON always holds every explanation.
    """
    module, _, name = FORMATS[format].partition(":")
    function = getattr(importlib.import_module(module), name)
    shown = selected(report, opinions, show_all or format == "json")
    return cast("str", function(shown, width=width, color=color))


def selected(report: Report, opinions: bool, show_all: bool) -> Report:
    """What a reader gets to see of it: opinions only when asked for, details of the heaviest functions."""
    from dataclasses import replace

    kept = list(report.explanations)
    if report.overview is not None and not show_all and len(kept) > IN_DETAIL:
        heaviest = sorted(kept, key=lambda e: -e.weight)[:IN_DETAIL]
        kept = [explanation for explanation in kept if explanation in heaviest]
    if not opinions:
        kept = [_decided(explanation) for explanation in kept]
    return replace(report, explanations=tuple(kept))


def _decided(explanation: Explanation) -> Explanation:
    from dataclasses import replace

    sections = []
    for section in explanation.sections:
        sentences = tuple(s for s in section.sentences if s.status != "opinion")
        if sentences or section.tables:
            sections.append(replace(section, sentences=sentences))
    return replace(explanation, sections=tuple(sections))


def section_of(explanation: Explanation, id: str) -> SettledSection | None:
    """One section by its id."""
    return next((section for section in explanation.sections if section.id == id), None)


def opening(explanation: Explanation) -> tuple[SettledSentence, ...]:
    """The sentences that come first: the summary, and what the purpose adds to it."""
    purpose = section_of(explanation, "purpose")
    found = (explanation.summary, *(purpose.sentences if purpose else ()))
    told = dict.fromkeys(sentence.text for sentence in found if sentence.text)
    return tuple(next(s for s in found if s.text == text) for text in told)


def summary(explanation: Explanation) -> str:
    """The summary, or the next sentence of the purpose where the judge refuted it."""
    return next((sentence.text for sentence in opening(explanation)), "")


def in_order(explanation: Explanation) -> list[SettledSection | None]:
    """The sections after the purpose; None stands where the annotated source belongs."""
    found: list[SettledSection | None] = [s for s in explanation.sections if s.id != "purpose"]
    before = [n for n, s in enumerate(found) if s and s.id in ("contract", "plan", "worked-run")]
    found.insert(before[-1] + 1 if before else 0, None)
    return found
