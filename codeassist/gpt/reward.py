"""What an answer is worth: the share of its claims that the recorded run bears out, less a price for silence.

    reward = verified / claims - silence * max(0, 1 - told / expected)

`told` counts distinct verified claims, `expected` what a full answer would hold. So neither saying nothing
nor saying one true thing again and again pays, and a guess that is wrong costs its share.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codeassist.gpt.codec import Letters, Unspeakable
from codeassist.gpt.narration import Narration, Step, read_answer, spell_prompt, try_example

SILENCE = 0.5
"""price of saying nothing; a wholly true and full answer is worth 1, an unreadable one minus this"""

Statuses = Sequence[str]
"""verified, refuted or unchecked, for each claim of a narration"""
Judge = Callable[[Narration], Statuses]
"""the hall's judge for one step of a recorded run"""


@dataclass(slots=True)
class Question:
    """One step of a recorded run, put to the network; `judge` knows the run."""

    step: Step
    judge: Judge
    prompt: str
    letters: Letters
    expected: int
    """claims of the true answer"""


@dataclass(slots=True)
class Tally:
    """What the judge said of many answers."""

    answers: int = 0
    parsed: int = 0
    claims: int = 0
    verified: int = 0
    refuted: int = 0
    distinct: int = 0
    """verified claims, the same one in an answer counted once"""
    rewards: list[float] = field(default_factory=list)

    def shares(self) -> dict[str, float]:
        """The figures by which two networks are compared."""
        return {
            "reward": sum(self.rewards) / max(1, len(self.rewards)),
            "verified": self.verified / max(1, self.claims),
            "refuted": self.refuted / max(1, self.claims),
            "claims": self.claims / max(1, self.answers),
            "distinct": self.distinct / max(1, self.answers),
            "parsed": self.parsed / max(1, self.answers),
        }


def question_of(step: Step, judge: Judge) -> Question | None:
    """The question that a step makes; None where the true answer cannot be spelled."""
    example = try_example(step)
    if example is None:
        return None
    letters = Letters()
    prompt = spell_prompt(step, letters)
    try:
        truth = read_answer(example.answer, letters, step)
    except Unspeakable:
        return None
    return Question(step, judge, prompt, letters, max(1, len(truth.claims)))


def weigh(question: Question, answer: str, tally: Tally | None = None) -> float:
    """The reward of one answer; what was found is added to `tally`."""
    tally = tally if tally is not None else Tally()
    tally.answers += 1
    try:
        narration = read_answer(answer, question.letters, question.step)
    except Unspeakable:
        tally.rewards.append(-SILENCE)
        return -SILENCE
    tally.parsed += 1
    statuses = question.judge(narration)
    told = told_by(narration.claims, statuses)
    tally.claims += len(statuses)
    tally.verified += statuses.count("verified")
    tally.refuted += statuses.count("refuted")
    tally.distinct += told
    worth = reward(statuses, told, question.expected)
    tally.rewards.append(worth)
    return worth


def reward(statuses: Statuses, told: int, expected: int) -> float:
    """The formula of this file."""
    share = statuses.count("verified") / len(statuses) if statuses else 0.0
    return share - SILENCE * max(0.0, 1 - told / max(1, expected))


def told_by(claims: Sequence[Mapping[str, Any]], statuses: Statuses) -> int:
    """How many distinct claims were verified."""
    return len({key(claim) for claim, said in zip(claims, statuses, strict=True) if said == "verified"})


def key(claim: Mapping[str, Any]) -> str:
    """What a claim says, whatever its number."""
    return json.dumps({name: value for name, value in claim.items() if name != "id"}, sort_keys=True)
