"""The shape of a model's answer as JSON: what is asked for, and how a reply becomes an Answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from codeassist.records.answer import Annotation, Answer, Claim, Section, Sentence
from codeassist.records.errors import BackendError
from codeassist.records.prompt import Prompt

ENVELOPE = ("kind", "id", "text", "scope", "path")


def answer_from_json(document: Any, prompt: Prompt, backend: str) -> Answer:
    """A reply revises the baseline section by section; what it leaves out keeps the baseline's words.

    Raises BackendError when the reply does not fit the schema.
    """
    try:
        revised = _revise(prompt.baseline, document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackendError(
            f"the answer of {backend} does not fit the schema ({type(error).__name__}: {error})",
            hint="the local explanation is shown instead",
        ) from None
    return replace(revised, backend=backend, prompt_digest=prompt.digest)


def _revise(baseline: Answer, document: dict[str, Any]) -> Answer:
    claims = [_claim(item) for item in document["claims"]]
    ids = [claim.id for claim in (*baseline.claims, *claims)]
    if len(set(ids)) < len(ids):
        raise ValueError("an id of a claim is used again")
    sections = {item["id"]: [_sentence(s) for s in item["sentences"]] for item in document["sections"]}
    summary = _sentence(document["summary"]) if document.get("summary") else baseline.summary
    notes = [
        Annotation(int(note["line"]), str(note["text"]), tuple(note["claims"]))
        for note in document.get("annotations", [])
    ]
    return replace(
        baseline,
        summary=summary,
        sections=tuple(_section(section, sections.get(section.id)) for section in baseline.sections),
        annotations=tuple(notes) or baseline.annotations,
        claims=(*baseline.claims, *claims),
    )


def _section(baseline: Section, sentences: list[Sentence] | None) -> Section:
    return baseline if sentences is None else replace(baseline, sentences=tuple(sentences))


def _sentence(item: dict[str, Any]) -> Sentence:
    return Sentence(str(item["text"]), tuple(str(name) for name in item["claims"]))


def _claim(item: dict[str, Any]) -> Claim:
    fields = {name: value for name, value in item.items() if name not in ENVELOPE}
    return Claim(
        str(item["kind"]),
        fields,
        str(item["id"]),
        str(item.get("text", "")),
        item.get("scope"),
        str(item.get("path", "")),
    )
