"""The reward: truth pays, lies cost, silence and repetition do not win."""

from __future__ import annotations

import pytest

from codeassist.gpt.narration import Step, try_example
from codeassist.gpt.reward import SILENCE, Tally, question_of, reward, weigh

V, R, U = "verified", "refuted", "unchecked"
WORTH = [
    # statuses, distinct verified, expected, reward
    ([], 0, 2, -SILENCE),
    ([V, V], 2, 2, 1.0),
    ([V, V, V], 3, 2, 1.0),
    ([V], 1, 2, 1.0 - SILENCE / 2),
    ([V] * 9, 1, 3, 1.0 - SILENCE * 2 / 3),  # one truth again and again
    ([R, R], 0, 2, -SILENCE),
    ([V, R], 1, 2, 0.5 - SILENCE / 2),
    ([U, U], 0, 2, -SILENCE),  # what nobody can check is worth nothing
]


@pytest.mark.parametrize(("statuses", "told", "expected", "worth"), WORTH)
def test_worth(statuses, told, expected, worth):
    assert reward(statuses, told, expected) == pytest.approx(worth)


STEP = Step("total += x", {"total": 3, "x": 4}, {"total": 7, "x": 4})


def judge(narration):
    """Knows this one step."""
    truth = {"before": STEP.before, "after": STEP.after}
    return [V if truth[c["when"]].get(c["expr"]) == eval(c["value"]) else R for c in narration.claims]


def test_the_true_answer_is_worth_most_and_an_unreadable_one_least():
    question = question_of(STEP, judge)
    answer = try_example(STEP).answer
    tally = Tally()
    best = weigh(question, answer, tally)
    wrong = weigh(question, answer.replace("a=7", "a=8"), tally)
    junk = weigh(question, "no such thing", tally)
    assert best == 1.0
    assert junk == -SILENCE
    assert junk < wrong < best
    assert tally.shares()["parsed"] == pytest.approx(2 / 3)
    assert tally.refuted == 1


def test_a_line_that_has_no_words_is_no_question():
    assert question_of(Step("import os", {}, {}), judge) is None
