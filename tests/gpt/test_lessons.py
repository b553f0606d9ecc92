"""Recorded runs become lessons: the hall's hand-over, through the real tracer."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeassist.gpt.dataset import open_data
from codeassist.gpt.narration import Step, try_example
from codeassist.pipeline import lessons
from codeassist.records.run import Budget, Run
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
def recorded(tmp_path_factory: pytest.TempPathFactory) -> list[Step]:
    path = tmp_path_factory.mktemp("program") / "program.py"
    path.write_text(SOURCE)
    with LocalRunner(root=str(path.parent)) as runner:
        (trace,) = runner.run([Run(str(path), "f([1, 5])", root=str(path.parent))], Budget(60.0))
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


def test_random_programs_make_a_data_folder(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(lessons, "PROGRAMS", 6)
    lessons.from_traces(tmp_path, 60, 192)
    about, learning, testing = open_data(tmp_path)
    assert about.kind == "examples"
    assert 40 <= learning.count + testing.count <= 60
