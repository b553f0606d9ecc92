"""A saved chat: turns of question and checked answer over the same evidence."""

from __future__ import annotations

from dataclasses import dataclass

from codeassist.records.answer import Answer


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and the answer that was given."""

    question: str
    answer: Answer
    preference: str = ""
    """better or worse, when the user said so"""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of one chat about one target."""

    target: str
    turns: tuple[Turn, ...] = ()
