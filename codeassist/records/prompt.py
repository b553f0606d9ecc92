"""What a backend is asked: the parts of one prompt and what had to be left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from codeassist.records.answer import Answer, Claim


@dataclass(frozen=True, slots=True)
class Message:
    """One message: `role` is system, user or assistant."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class AskedStep:
    """One recorded step that a backend may put into words."""

    step: Any
    """the step as the backend's network reads it"""
    claims: Callable[[Any], list[Claim]]
    """what the network said -> its claims, placed at this step"""
    wording: str
    """the only words, slots included, in which the step may be told"""


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
    steps: tuple[AskedStep, ...] = field(default=(), compare=False, repr=False)
    """steps of the run being explained, for a backend that tells steps"""
    listen: Callable[[str, Any], None] | None = field(default=None, compare=False, repr=False)
    """told of each complete part of a streamed answer: its kind (claim, summary, sentence), and the part"""
