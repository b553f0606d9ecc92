"""One prompt for one function: ground rules, evidence with ids, numbered code, within a budget."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from codeassist.prompting import templates
from codeassist.records.answer import Answer, Claim
from codeassist.records.program import Function, Module
from codeassist.records.prompt import Message, Prompt
from codeassist.records.text import inert

CHARACTERS_PER_TOKEN = 4
"""a labelled estimate: real tokenizers are not there offline"""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a prompt that may be left out: its name, its text."""

    name: str
    text: str


def build(
    task: str,
    module: Module,
    function: Function,
    baseline: Answer,
    facts: Sequence[Claim],
    neighbours: Sequence[tuple[Module, Function]] = (),
    *,
    lang: str = "en",
    question: str = "",
    budget: int = 6000,
    override: str = "",
    phrases: str = "",
    history: Sequence[tuple[str, str]] = (),
) -> Prompt:
    """The prompt of `task` for `function`; `facts` are claims that the judge has verified.

    `neighbours` are callees and callers, nearest first; what `budget` tokens cannot hold is named
    in `omitted`. `phrases` are the wordings in which a claim may be told, `history` earlier questions
    with their answers. The same arguments give the same bytes.
    """
    marker = _marker(module, function)
    fixed = Part("function", _numbered(module, function))
    kept, omitted = _fit(fixed, [_neighbour(m, f) for m, f in neighbours], budget)
    system_text, task_text = (templates.read(name, lang, override) for name in ("system", task))
    system = templates.fill(system_text, marker=marker, lang=lang, phrases=phrases)
    user = templates.fill(
        task_text,
        marker=marker,
        path=inert(module.source.path),
        qualname=function.id.qualname,
        code=fixed.text,
        neighbours=kept,
        facts=[json.dumps(claim.to_json(), sort_keys=True) for claim in facts],
        sections=[section.id for section in baseline.sections],
        question=inert(question),
        history=[(inert(asked), inert(answered)) for asked, answered in history],
    )
    return _prompt(task, (Message("system", system), Message("user", user)), baseline, kept, omitted,
                   templates.digest(system_text, task_text))  # fmt: skip


def repair(
    prompt: Prompt,
    said: str,
    refuted: Sequence[str],
    unsaid: Sequence[str],
    *,
    lang: str = "en",
    override: str = "",
    requests: int = 1,
) -> Prompt:
    """The prompt of the one repair round: what was said, what the runs showed instead.

    `refuted` are claims with their counterexamples, `unsaid` sentences that restate no claim.
    """
    text = templates.read("repair", lang, override)
    asked = templates.fill(text, refuted=refuted, unsaid=unsaid)
    messages = (*prompt.messages, Message("assistant", said), Message("user", asked))
    found = _prompt("repair", messages, prompt.baseline, (), prompt.omitted,
                    templates.digest(prompt.template_digest, text))  # fmt: skip
    return replace(found, included=prompt.included, requests=requests)


def _prompt(
    task: str,
    messages: tuple[Message, ...],
    baseline: Answer,
    kept: Sequence[Part],
    omitted: Sequence[str],
    template_digest: str,
) -> Prompt:
    body = json.dumps([[message.role, message.text] for message in messages])
    return Prompt(
        task=task,
        messages=messages,
        baseline=baseline,
        template_digest=template_digest,
        included=("function", *(part.name for part in kept)),
        omitted=tuple(omitted),
        token_estimate=sum(len(m.text) for m in messages) // CHARACTERS_PER_TOKEN,
        digest=hashlib.sha256((template_digest + body).encode()).hexdigest(),
    )


def _marker(module: Module, function: Function) -> str:
    """A delimiter that the code cannot contain on purpose: it depends on all of the code."""
    return hashlib.sha256(f"{module.source.digest}{function.id}".encode()).hexdigest()[:12]


def _numbered(module: Module, function: Function) -> str:
    span = function.span
    lines = module.source.lines[span.line - 1 : span.end_line]
    return "\n".join(f"{number:5} {inert(text)}" for number, text in enumerate(lines, span.line))


def _neighbour(module: Module, function: Function) -> Part:
    return Part(str(function.id.qualname), _numbered(module, function))


def _fit(fixed: Part, parts: Sequence[Part], budget: int) -> tuple[list[Part], list[str]]:
    left = budget * CHARACTERS_PER_TOKEN - len(fixed.text)
    kept, omitted = [], []
    for part in parts:
        if len(part.text) <= left:
            kept.append(part)
            left -= len(part.text)
        else:
            omitted.append(part.name)
    return kept, omitted
