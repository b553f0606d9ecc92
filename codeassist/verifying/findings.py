"""What one rule says of one claim: a finding, or why it can say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from codeassist.records.answer import REFUTED, VERIFIED

STATE_NAMES, STATE_TEXT = 12, 200
"""how many variables, and how many characters of each, a witness shows"""


@dataclass(frozen=True, slots=True)
class Finding:
    """A decided claim: verified or refuted, the reason, and where the run shows it."""

    status: str
    reason: str
    actual: str = ""
    step: int | None = None
    line: int | None = None
    state: Mapping[str, Any] = field(default_factory=dict)
    runs: int = 1

    @property
    def verified(self) -> bool:
        """Whether the claim stands."""
        return self.status == VERIFIED


class Unchecked(Exception):
    """The claim cannot be decided, for one of the reasons of claims.md."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refuted(Exception):
    """The claim is false, found out while looking for what it speaks of."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.reason)
        self.finding = finding


def verified(reason: str = "decided", **where: Any) -> Finding:
    """The claim is true of what the run shows."""
    return Finding(VERIFIED, reason, **where)


def refuted(reason: str = "wrong-value", **where: Any) -> Finding:
    """The claim is false of what the run shows."""
    return Finding(REFUTED, reason, **where)


def decide(holds: bool, **where: Any) -> Finding:
    """Verified or refuted by one comparison."""
    return verified(**where) if holds else refuted(**where)


def no_such_step(**where: Any) -> Refuted:
    """The claim speaks of a step, entry or call beyond those that happened."""
    return Refuted(refuted("no-such-step", **where))
