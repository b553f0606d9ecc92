"""One prompt for one function: ground rules, evidence with ids, numbered code, within a budget."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from codeassist.prompting import templates
from codeassist.records.answer import Answer, Claim
from codeassist.records.errors import PromptError
from codeassist.records.program import Function, Module
from codeassist.records.prompt import Message, Prompt
from codeassist.records.text import inert

CHARACTERS_PER_TOKEN = 4
"""a labelled estimate: real tokenizers are not there offline"""
FACTS_SHARE = 75
"""per cent of the free room that facts may take where there are neighbours"""
FRAME = "\n\nNearby, the function:\n0123456789ab\n0123456789ab\n"
"""about what stands around a neighbour: its name and two markers"""


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
    budget: int = 12_000,
    override: str = "",
    phrases: str = "",
    history: Sequence[tuple[str, str]] = (),
    count: Callable[[str], int] | None = None,
) -> Prompt:
    """The prompt of `task` for `function`; `facts` are claims that the judge has verified.

    `neighbours` are callees and callers, nearest first; what `budget` tokens cannot hold is named
    in `omitted`. `phrases` are the wordings in which a claim may be told, `history` earlier questions
    with their answers, `count` the tokens of a text. The same arguments give the same bytes.
    """
    desk = _Desk(task, module, function, baseline, question, history, lang, override, phrases)
    left = budget - desk.size(count)
    if left < 0 and phrases:
        desk = _Desk(task, module, function, baseline, question, (), lang, override, "", is_short=True)
        left = budget - desk.size(count)
    lines = [json.dumps(claim.to_json(), sort_keys=True) for claim in facts]
    room = left if not neighbours else left * FACTS_SHARE // 100
    told, used = _fitting(lines, room, count)
    kept, omitted = _fit([_neighbour(m, f) for m, f in neighbours], left - used, count)
    if len(told) < len(lines):
        omitted.append(f"{len(lines) - len(told)} facts")
    return desk.prompt(told, kept, omitted)


class _Desk:
    """What every prompt about one function holds: rules, code, question."""

    def __init__(
        self,
        task: str,
        module: Module,
        function: Function,
        baseline: Answer,
        question: str,
        history: Sequence[tuple[str, str]],
        lang: str,
        override: str,
        phrases: str,
        is_short: bool = False,
    ) -> None:
        self.task, self.baseline = task, baseline
        rules = "short" if is_short and _has_short(lang, override) else "system"
        self.texts = [templates.read(name, lang, override) for name in (rules, task)]
        marker = _marker(module, function)
        self.system = templates.fill(self.texts[0], marker=marker, lang=lang, phrases=phrases)
        self.values = {
            "marker": marker,
            "path": inert(module.source.path),
            "qualname": function.id.qualname,
            "code": _numbered(module, function),
            "sections": [section.id for section in baseline.sections],
            "question": inert(question),
            "history": [(inert(asked), inert(answered)) for asked, answered in history],
        }

    def user(self, facts: Sequence[str], kept: Sequence[Part]) -> str:
        return templates.fill(self.texts[1], **self.values, facts=facts, neighbours=kept)

    def size(self, count: Callable[[str], int] | None) -> int:
        """Tokens without facts and neighbours."""
        return _tokens(self.system, count) + _tokens(self.user((), ()), count)

    def prompt(self, facts: Sequence[str], kept: Sequence[Part], omitted: Sequence[str]) -> Prompt:
        messages = (Message("system", self.system), Message("user", self.user(facts, kept)))
        digest = templates.digest(*self.texts)
        return _prompt(self.task, messages, self.baseline, kept, omitted, digest)


def _has_short(lang: str, override: str) -> bool:
    try:
        templates.read("short", lang, override)
    except PromptError:
        return False
    return True


def _tokens(text: str, count: Callable[[str], int] | None) -> int:
    return count(text) if count is not None else len(text) // CHARACTERS_PER_TOKEN


def _fitting(lines: Sequence[str], room: int, count: Callable[[str], int] | None) -> tuple[list[str], int]:
    """The first lines that the room holds, and the tokens that they take."""
    kept, used = [], 0
    for line in lines:
        cost = _tokens(line, count) + 1
        if used + cost > room:
            break
        kept.append(line)
        used += cost
    return kept, used


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


def _neighbour(module: Module, function: Function) -> tuple[Part, Part]:
    """A neighbour whole, and as its signature alone."""
    name = str(function.id.qualname)
    header = function.header
    lines = module.source.lines[header.line - 1 : header.end_line]
    signature = "\n".join(f"{n:5} {inert(text)}" for n, text in enumerate(lines, header.line))
    return Part(name, _numbered(module, function)), Part(name, signature)


def _fit(
    parts: Sequence[tuple[Part, Part]], left: int, count: Callable[[str], int] | None
) -> tuple[list[Part], list[str]]:
    """The neighbours that fit, the nearest first; of the others the signature, as far as that fits."""
    kept, omitted, shorter = [], [], []
    for whole, signature in parts:
        cost = _tokens(FRAME + whole.name + whole.text, count) + 1
        if cost <= left:
            kept.append(whole)
            left -= cost
        else:
            omitted.append(whole.name)
            shorter.append(signature)
    for signature in shorter:
        cost = _tokens(FRAME + signature.name + signature.text, count) + 1
        if cost > left:
            break
        kept.append(signature)
        left -= cost
    return kept, omitted
