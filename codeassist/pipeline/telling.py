"""The hall's hand-over to a backend that tells steps, and what of its words may be shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from codeassist.messages import catalogue
from codeassist.pipeline.lessons import claims_at, placed_steps
from codeassist.records.answer import VERIFIED, Answer, Claim, Section, Sentence, Verdict
from codeassist.records.location import FunctionId
from codeassist.records.prompt import AskedStep
from codeassist.records.trace import Trace

if TYPE_CHECKING:
    from codeassist.gpt.narration import Step

MOST = 16
"""steps that are told of one function"""
EACH = 2
"""steps of one line: the first of them, and the first that comes out differently"""
EVENTS = 20_000
"""events of a run beyond which only its first part would be told"""


def steps(trace: Trace, lines: Sequence[str], function: FunctionId) -> tuple[AskedStep, ...]:
    """The steps of the first activation of a function that can be told, each with its one true wording."""
    if trace.reader is None or len(trace.reader) > EVENTS:
        return ()
    found: list[AskedStep] = []
    seen: dict[tuple[int, object], int] = {}
    for place, step in placed_steps(trace, lines):
        key = (place["line"], step.taken)
        is_own = place["func"] == function.qualname and place["call"] == 1
        if not is_own or key in seen or sum(line == place["line"] for line, _ in seen) >= EACH:
            continue
        words = wording(step)
        if words:
            seen[key] = 1
            found.append(AskedStep(step, partial(claims_at, place), words))
        if len(found) >= MOST:
            break
    return tuple(found)


def wording(step: Step) -> str:
    """The sentence that says what a step does, with slots; empty where nobody can be sure of it.

    It comes from the line alone, by rule, so that a network that writes anything else is not believed.
    """
    from codeassist.gpt.codec import Letters, Unspeakable
    from codeassist.gpt.narration import read_answer, spell_prompt, try_example

    example = try_example(step)
    if example is None:
        return ""
    letters = Letters()
    try:
        spell_prompt(step, letters)
        return read_answer(example.answer, letters, step).text
    except Unspeakable:
        return ""


def told(
    answer: Answer,
    asked: Sequence[AskedStep],
    baseline: Answer,
    verdicts: Mapping[str, Verdict],
    judge: Callable[[Sequence[Claim]], list[Verdict]],
    lang: str,
) -> tuple[Answer, list[Verdict], int]:
    """The baseline with the sentences that hold, the verdict of each claim, and how many did not hold."""
    own = {claim.id for claim in baseline.claims}
    new = [claim for claim in answer.claims if claim.id not in own]
    judged = {**verdicts, **{c.id: v for c, v in zip(new, judge(new), strict=True)}}
    words = {_shape(each.wording) for each in asked}
    sentences = [s for section in answer.sections if section.id == "narration" for s in section.sentences]
    kept = [s for s in sentences if _stands(s, words, judged)]
    used = {id for sentence in kept for id in sentence.claims}
    claims = (*baseline.claims, *(claim for claim in new if claim.id in used))
    section = Section("narration", catalogue(lang)("title.narration"), tuple(_placed(kept, claims)))
    sections = _inserted(baseline.sections, section) if kept else baseline.sections
    shown = replace(answer, sections=sections, annotations=baseline.annotations, claims=claims)
    return shown, [judged[claim.id] for claim in claims], len(sentences) - len(kept)


def _stands(sentence: Sentence, words: set[str], judged: Mapping[str, Verdict]) -> bool:
    """Whether the words are those of the line, and every claim is verified."""
    is_true = all(judged[id].status == VERIFIED for id in sentence.claims)
    return bool(sentence.claims) and is_true and _shape(sentence.text) in words


def _shape(text: str) -> str:
    """A sentence whose slots have lost their ids."""
    return re.sub(r"\{[a-z]+\d+\.", "{.", text)


def _placed(sentences: Sequence[Sentence], claims: Sequence[Claim]) -> list[Sentence]:
    """Each sentence with its line in front, as a slot."""
    lines = {claim.id for claim in claims if claim.fields.get("line")}
    placed = []
    for sentence in sentences:
        here = next((id for id in sentence.claims if id in lines), "")
        lead = f"{{{here}.line}}: " if here else ""
        placed.append(replace(sentence, text=lead + sentence.text))
    return placed


def _inserted(sections: Sequence[Section], section: Section) -> tuple[Section, ...]:
    """After the worked run, or at the end."""
    at = next((n for n, s in enumerate(sections, 1) if s.id == "worked-run"), len(sections))
    return (*sections[:at], section, *sections[at:])
