"""What a backend is asked: the parts of one prompt and what had to be left out."""

from __future__ import annotations

from dataclasses import dataclass

from codeassist.records.answer import Answer


@dataclass(frozen=True, slots=True)
class Message:
    """One message: `role` is system, user or assistant."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt for one function; `baseline` is what the offline backend answers."""

    task: str
    messages: tuple[Message, ...]
    baseline: Answer
    template_digest: str
    included: tuple[str, ...]
    omitted: tuple[str, ...]
    token_estimate: int
    digest: str
    requests: int = 3
    """requests that may still be spent on it, failed ones and the repair round included"""
    seconds: float = 0.0
    """seconds that are left for it; 0: those of the backend's own deadline"""
