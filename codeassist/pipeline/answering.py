"""The hall between prompt and answer: secrets out, the backend asked, its words judged and merged.

Whatever a backend does, an answer comes back: the baseline at worst, with the fault remembered.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from codeassist.plugins import load
from codeassist.records.answer import REFUTED, Answer, Claim, Usage, Verdict
from codeassist.records.backend import Backend, Configuration
from codeassist.records.errors import BackendError, CodeassistError
from codeassist.records.location import FunctionId
from codeassist.records.prompt import Prompt
from codeassist.settings import DECODING, Settings

if TYPE_CHECKING:
    from codeassist.pipeline.session import Session
    from codeassist.verifying import Merged

Judge = Callable[[Sequence[Claim]], list[Verdict]]
OF_ONE_ANSWER = "backend-answer"
"""slug of a fault after which the next function may still be answered"""
ROOM = 12_000
"""tokens of a prompt, for a backend that names no limit"""
SHOWN = 12
"""refuted claims, and sentences, that go back in the repair round"""


@runtime_checkable
class Sender(Protocol):
    """A backend that can show what it would send."""

    def preview(self, prompt: Prompt) -> bytes:
        """The exact body of the first request."""
        ...

    def estimate(self, body: bytes) -> tuple[int, float | None]:
        """Tokens, and US dollars where the price is known."""
        ...


@runtime_checkable
class Small(Protocol):
    """A backend whose prompts must fit a context of its own."""

    def room(self) -> int:
        """Tokens that a prompt may have."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, by the model's own tokenizer."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """A prompt with all that is needed to judge the answer."""

    prompt: Prompt
    function: FunctionId
    source: str
    verdicts: Sequence[Verdict]
    """of the baseline's claims, in order"""
    judge: Judge
    partial: tuple[str, ...] = ()
    """sections of which each sentence that holds is taken, not only all of them together"""


@dataclass(slots=True)
class Asker:
    """One backend, asked about function after function."""

    settings: Settings
    backend: Backend
    context: Callable[[], Sequence[str]]
    """texts in which secrets may show"""
    faults: list[BackendError] = field(default_factory=list)
    replaced: dict[str, str] = field(default_factory=dict)
    used: Usage = field(default_factory=Usage)
    opinions: int = 0
    models: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    lock: Any = field(default_factory=threading.RLock)
    """held by whoever touches traces and modules: answers come back in threads"""
    left_out: dict[str, None] = field(default_factory=dict)
    """what prompts had no room for"""

    @property
    def parallel(self) -> int:
        """Answers that the backend can be asked for at once."""
        return int(getattr(self.backend, "parallel", 1))

    def ask(self, question: Question) -> tuple[Answer, list[Verdict]]:
        """The answer with the verdict of each claim; the baseline where the backend fails."""
        baseline = question.prompt.baseline, list(question.verdicts)
        if any(fault.slug != OF_ONE_ANSWER for fault in self.faults):
            return baseline
        try:
            started = time.monotonic()
            self.left_out.update(dict.fromkeys(question.prompt.omitted))
            answer = self.completed(self.safe(question.prompt))
            if answer is question.prompt.baseline:
                return baseline
            return self._checked(question, answer, time.monotonic() - started)
        except BackendError as error:
            self.faults.append(error)
            return baseline

    def completed(self, prompt: Prompt) -> Answer:
        """What the backend answers. Raises BackendError whatever a stranger's backend does."""
        try:
            answer = self.backend.complete(prompt)
        except CodeassistError:
            raise
        except Exception as error:
            raise BackendError(
                f"it failed with {type(error).__name__}: {error}", hint="report it there"
            ) from error
        if not isinstance(answer, Answer):
            raise BackendError(f"it answered with {type(answer).__name__}, not with an Answer")
        return answer

    def safe(self, prompt: Prompt, always: bool = False) -> Prompt:
        """The prompt as it may leave the machine. Raises BackendError where it may not."""
        from codeassist.prompting import redact

        if not always and not getattr(self.backend, "sends", True):
            return prompt
        with self.lock:
            found = redact(prompt, self.context(), prompt.baseline.claims)
            for each in found.replaced:
                self.replaced[each.placeholder] = each.kind
        return found.prompt

    def preview(self, prompt: Prompt) -> Iterator[str]:
        """The body of the request as it would be sent, a line; what it may cost goes to the notes."""
        safe = self.safe(prompt)
        if not isinstance(self.backend, Sender):
            self.notes = [f"{self.backend.name} sends nothing"]
            return
        body = self.backend.preview(safe)
        tokens, dollars = self.backend.estimate(body)
        price = "no known price" if dollars is None else f"at most ${dollars:.4f}"
        self.notes.append(f"{self.backend.name}: about {tokens} tokens, {price}; nothing was sent")
        yield body.decode("utf-8") + "\n"

    def identity(self) -> str:
        """What an answer depends on beside the prompt: the backend and its configuration, no key."""
        own = getattr(self.backend, "identity", "")
        return f"{self.backend.name} {getattr(self.backend, 'configuration', '')!r} {own}"

    def room(self) -> tuple[int, Callable[[str], int] | None]:
        """Tokens that a prompt may have, and how they are counted (None: estimated)."""
        if not isinstance(self.backend, Small):
            return ROOM, None
        try:
            return self.backend.room(), self.backend.count_tokens
        except BackendError as error:
            self.faults.append(error)  # it is told with the first function, and nothing is asked
            return ROOM, None

    def _checked(self, question: Question, answer: Answer, took: float) -> tuple[Answer, list[Verdict]]:
        """Judge the answer, send what is wrong back once, keep what holds."""
        from codeassist import verifying

        self._count(answer)
        if question.prompt.steps:
            return self._told(question, answer)
        first, verdicts = self._merged(question, question.prompt.baseline, answer)
        last = first
        if first.failures:
            last = self._repaired(question, answer, first, verdicts, took) or first
        asides = {**{k: v for k, v in first.asides.items() if k not in last.revised}, **last.asides}
        with self.lock:
            self.opinions += sum(map(len, asides.values()))
        return verifying.with_opinions(last.answer, asides), list(last.verdicts)

    def _told(self, question: Question, answer: Answer) -> tuple[Answer, list[Verdict]]:
        """The baseline with those of the told steps that hold."""
        from codeassist.pipeline import telling

        baseline = question.prompt.baseline
        known = _by_id(baseline.claims, question.verdicts)
        with self.lock:
            shown, verdicts, wrong = telling.told(
                answer, question.prompt.steps, baseline, known, question.judge, self.settings["lang"]
            )
        if wrong:
            said = "1 sentence" if wrong == 1 else f"{wrong} sentences"
            self.notes.append(f"{self.backend.name}: {said} did not hold: left out")
        return shown, verdicts

    def _merged(
        self, question: Question, baseline: Answer, answer: Answer, known: dict[str, Verdict] | None = None
    ) -> tuple[Merged, dict[str, Verdict]]:
        from codeassist import verifying

        own = {claim.id for claim in baseline.claims}
        new = [replace(claim, path="") for claim in answer.claims if claim.id not in own]
        verdicts = known or _by_id(question.prompt.baseline.claims, question.verdicts)
        with self.lock:
            verdicts = {**verdicts, **_by_id(new, question.judge(new))}
        merged = verifying.merge(
            baseline,
            answer,
            verdicts,
            func=question.function.qualname,
            source=question.source,
            lang=self.settings["lang"],
            partial=question.partial,
        )
        return merged, verdicts

    def _repaired(
        self,
        question: Question,
        answer: Answer,
        first: Merged,
        verdicts: dict[str, Verdict],
        took: float,
    ) -> Merged | None:
        """The second answer over what held of the first; None where there is none."""
        from codeassist import prompting, verifying

        left = question.prompt.requests - answer.usage.requests
        seconds = self.settings["deadline"] - took
        if left < 1 or seconds <= 0:
            return None
        own = frozenset(claim.id for claim in question.prompt.baseline.claims)
        kept = verifying.renamed(first.answer, own, "k")
        known = _by_id(kept.claims, first.verdicts)
        refuted = [c for c in answer.claims if c.id not in own and verdicts[c.id].status == REFUTED]
        prompt = prompting.repair(
            question.prompt,
            _said(answer, own),
            [_counterexample(claim, verdicts[claim.id]) for claim in refuted[:SHOWN]],
            [each.text for each in first.failures if each.why != REFUTED][:SHOWN],
            lang=self.settings["lang"],
            override=self.settings["prompts"],
            requests=left,
        )
        try:
            again = self.completed(self.safe(replace(prompt, baseline=kept, seconds=seconds)))
        except BackendError:  # the first answer fits and stands as far as it holds
            return None
        self._count(again)
        return self._merged(question, kept, again, known)[0]

    def _count(self, answer: Answer) -> None:
        fields = Usage.__dataclass_fields__
        with self.lock:
            mine, more = self.used, answer.usage
            self.used = Usage(*(getattr(mine, name) + getattr(more, name) for name in fields))
            self.models.add(answer.model)

    def told(self) -> list[str]:
        """Lines for the user: what it cost, what was replaced, what is hidden."""
        if self.faults and not self.models:
            return []  # one line tells of the fault, and there is nothing else to tell
        used = getattr(self.backend, "used", self.used)
        lines = [*self.notes, *([_usage(self.backend, self.models, used)] if used.requests else [])]
        if self.replaced and lines:
            secrets = ", ".join(f"{place} ({kind})" for place, kind in self.replaced.items())
            lines.append(f"secrets were replaced before anything was sent: {secrets}")
        if self.left_out and lines:
            lines.append(f"the prompt had no room for {_some(list(self.left_out))}")
        if self.opinions:
            lines.append(f"left out as opinions of the model: {self.opinions}; --opinions shows them")
        return lines

    def unanswered(self) -> list[tuple[BackendError, str]]:
        """Each fault once, with its line and the number of functions that met it."""
        lines = [str(fault) for fault in self.faults]
        return [
            (fault, f"{self.backend.name}: {line}{_often(lines.count(line))}")
            for number, (fault, line) in enumerate(zip(self.faults, lines, strict=True))
            if line not in lines[:number]
        ]


def asker(opened: Session) -> Asker:
    """The backend that the settings name, ready to be asked."""
    settings = opened.settings
    made: Backend = load("backends", settings["backend"], settings["plugins"])(configuration(settings))

    def context() -> list[str]:
        from codeassist.prompting.redact import environment

        return [*(module.source.text for module in opened.by_path().values()), *environment()]

    return Asker(settings, made, context)


def configuration(settings: Settings) -> Configuration:
    """What the settings say of the backend; a repository never outweighs the user's environment."""
    base_url = settings["base_url"]
    if settings.origins["base_url"].startswith("repository") and os.environ.get("OPENAI_BASE_URL"):
        base_url = ""
    return Configuration(
        model=settings["model"],
        base_url=base_url,
        key=settings["api_key"],
        deadline=settings["deadline"],
        max_cost=settings["max_cost"],
        price_in=settings["price_in"],
        price_out=settings["price_out"],
        decoding={name: settings[name] for name in DECODING},
    )


def _by_id(claims: Sequence[Claim], verdicts: Sequence[Verdict]) -> dict[str, Verdict]:
    return {claim.id: verdict for claim, verdict in zip(claims, verdicts, strict=True)}


def _said(answer: Answer, own: frozenset[str]) -> str:
    """The model's answer as it would have been written, without what it took over."""
    document: dict[str, Any] = {
        "summary": {"text": answer.summary.text, "claims": list(answer.summary.claims)},
        "sections": [
            {"id": s.id, "sentences": [{"text": t.text, "claims": list(t.claims)} for t in s.sentences]}
            for s in answer.sections
        ],
        "claims": [claim.to_json() for claim in answer.claims if claim.id not in own],
    }
    return json.dumps(document, sort_keys=True)


def _counterexample(claim: Claim, verdict: Verdict) -> str:
    """A refuted claim and what the run showed instead."""
    shown = f"; the run showed {verdict.actual}" if verdict.actual else ""
    place = f" at line {verdict.witness.line}" if verdict.witness and verdict.witness.line else ""
    return f"{json.dumps(claim.to_json(), sort_keys=True)}: {verdict.reason}{shown}{place}"


def _some(names: Sequence[str], most: int = 6) -> str:
    """Names in a row, the first few of many."""
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def _often(times: int) -> str:
    return f" ({times} functions)" if times > 1 else ""


def _usage(backend: Backend, models: set[str], used: Usage) -> str:
    cached = f" ({used.cached_tokens} cached)" if used.cached_tokens else ""
    cost = f", about ${used.cost:.4f}" if used.cost else ""
    requests = "1 request" if used.requests == 1 else f"{used.requests} requests"
    name = " ".join([backend.name, *sorted(filter(None, models))])
    return f"{name}: {requests}, {used.prompt_tokens} tokens in{cached}, {used.completion_tokens} out{cost}"
