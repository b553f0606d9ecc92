"""Recorded runs become lessons: the hall's hand-over, through the real tracer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from codeassist import parsing, verifying
from codeassist.gpt.codec import Letters
from codeassist.gpt.dataset import open_data
from codeassist.gpt.narration import Step, read_answer, spell_prompt, try_example
from codeassist.pipeline import lessons
from codeassist.records.run import Budget, Run
from codeassist.records.trace import Trace
from codeassist.tracing import LocalRunner

SOURCE = """\
def f(xs):
    total = 0
    for x in xs:
        if x > 2:
            total += x
    try:
        y = xs[9]
    except IndexError:
        xs.append(total)
    return total
"""


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    path = tmp_path_factory.mktemp("program") / "program.py"
    path.write_text(SOURCE)
    with LocalRunner(root=str(path.parent)) as runner:
        (found,) = runner.run([Run(str(path), "f([1, 5])", root=str(path.parent))], Budget(60.0))
    return found


@pytest.fixture(scope="module")
def recorded(trace: Trace) -> list[Step]:
    return list(lessons.steps(trace, SOURCE.split("\n")))


def test_a_step_that_raised_is_no_lesson(recorded):
    assert not any(step.line == "y = xs[9]" for step in recorded)


def test_steps_are_what_the_run_did(recorded):
    xs = {"xs": [1, 5]}
    wanted = [
        Step("total = 0", xs, {**xs, "total": 0}),
        Step("for x in xs:", {**xs, "total": 0}, {**xs, "total": 0, "x": 1}, 0, True),
        Step("if x > 2:", {**xs, "total": 0, "x": 1}, {**xs, "total": 0, "x": 1}, 0, False),
        Step("for x in xs:", {**xs, "total": 0, "x": 1}, {**xs, "total": 0, "x": 5}, 1, True),
        Step("if x > 2:", {**xs, "total": 0, "x": 5}, {**xs, "total": 0, "x": 5}, 0, True),
        Step("total += x", {**xs, "total": 0, "x": 5}, {**xs, "total": 5, "x": 5}),
        Step("for x in xs:", {**xs, "total": 5, "x": 5}, {**xs, "total": 5, "x": 5}, 2, False),
    ]
    assert [step for step in recorded if step.line in {step.line for step in wanted}] == wanted
    assert recorded[-1].result == 5


def test_the_walker_agrees_with_every_step(recorded):
    told = {step.line for step in recorded if try_example(step)}
    assert told >= {
        "total = 0",
        "for x in xs:",
        "if x > 2:",
        "total += x",
        "xs.append(total)",
        "return total",
    }


def judged(trace: Trace, harm) -> list[str]:
    """What the judge says of every claim of the right answers, after `harm` has changed the answers."""
    module = parsing.parse(parsing.read_source(trace.header.run.path))
    statuses = []
    for place, step in lessons.placed_steps(trace, SOURCE.split("\n")):
        example = try_example(step)
        if example is None:
            continue
        letters = Letters()
        spell_prompt(step, letters)
        claims = lessons.claims_at(place, read_answer(harm(example.answer), letters, step))
        statuses += [v.status for v in verifying.judge(claims, [trace], {module.source.path: module})]
    return statuses


def test_the_judge_verifies_right_answers(trace):
    statuses = judged(trace, lambda answer: answer)
    assert set(statuses) == {"verified"}
    assert len(statuses) >= 9


def test_the_judge_refutes_wrong_answers(trace):
    def wrong(answer: str) -> str:
        scratch, after, said = answer.split("\n")
        after = re.sub(r"\d(?=[];, ]|$)", lambda digit: str((int(digit.group()) + 1) % 10), after)
        swapped = {"?=True": "?=False", "?=False": "?=True"}
        after = re.sub(r"\?=\w+", lambda said: swapped[said.group()], after)
        return "\n".join([scratch, after, said])

    statuses = judged(trace, wrong)
    assert set(statuses) <= {"refuted", "verified"}
    assert statuses.count("refuted") >= 7


def test_random_programs_make_a_data_folder(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(lessons, "PROGRAMS", 6)
    lessons.from_traces(tmp_path, 60, 192)
    about, learning, testing = open_data(tmp_path)
    assert about.kind == "examples"
    assert 40 <= learning.count + testing.count <= 60
