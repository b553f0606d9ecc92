"""A saved chat: turns of question and checked answer over the same evidence."""

from __future__ import annotations

from dataclasses import dataclass, field

from codeassist.records.answer import Answer, Claim, Usage, Verdict
from codeassist.records.found import Match
from codeassist.records.report import SettledSection


@dataclass(frozen=True, slots=True)
class Reply:
    """One question answered: what a reader sees, and the claims behind it; refuted ones are not in it."""

    question: str
    sections: tuple[SettledSection, ...]
    claims: tuple[tuple[Claim, Verdict], ...] = ()
    answered: bool = True
    """false where the evidence has nothing to say, and the sentence only says so"""
    understood: str = ""
    """the question of docs/query.md that it was taken for, if any"""
    function: str = ""
    """the function that it speaks of"""
    run: str = ""
    """the call that was recorded, and where it came from"""
    backend: str = "offline"
    matches: tuple[Match, ...] = ()
    count: int = 0
    usage: Usage = field(default_factory=Usage)

    @property
    def text(self) -> str:
        """Its sentences as one text."""
        return " ".join(s.text for section in self.sections for s in section.sentences)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and the answer that was given."""

    question: str
    answer: Answer
    preference: str = ""
    """better or worse, when the user said so"""
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of one chat about one target."""

    target: str
    turns: tuple[Turn, ...] = ()
    call: str = ""
    """what was run, where it was said"""
