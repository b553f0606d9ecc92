"""`codeassist quiz`: the run asks and grades, on a terminal and through a pipe."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from codeassist import pipeline
from codeassist.pipeline.quizzing import is_right, quiz, solution
from codeassist.records.errors import UsageError
from codeassist.records.quiz import KINDS, Question

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SEARCH = f"{EXAMPLES}/binary_search.py::binary_search"


def asked(target: str, call: str = "", most: int = 10) -> tuple[Question, ...]:
    with pipeline.session(target.partition("::")[0]) as opened:
        return quiz(target, opened, call, most).questions


def test_questions_come_in_the_order_of_the_run_each_line_before_any_twice() -> None:
    found = asked(SEARCH, "binary_search([1, 3, 5, 7], 7)", 7)
    assert [question.step for question in found] == sorted(question.step for question in found)
    assert {question.kind for question in found} == set(KINDS)
    assert len({question.line for question in found}) >= 5
    first = found[0]
    assert (first.name, first.answer, dict(first.known)) == ("low <= high", True, {"low": "0", "high": "3"})


PLAIN = ("binary_search", "gcd", "insertion_sort", "kmp", "merge_sort", "n_queens")
"""examples whose values can be written; of linked lists nothing can be asked"""


@pytest.mark.parametrize("path", [EXAMPLES / f"{name}.py" for name in PLAIN], ids=lambda path: path.stem)
def test_the_solution_is_right_and_another_is_not(path: Path) -> None:
    with pipeline.session(str(path)) as opened:
        module = opened.parse(__import__("codeassist.targets", fromlist=["x"]).Target(str(path)))
    function = next(f for f in module.functions if f.kind == "function" and f.parent == "<module>")
    for question in asked(f"{path}::{function.name}", most=4):
        text = solution(question)
        assert is_right(question, text) is True, question
        assert (
            is_right(question, "'something else'" if question.kind != "branch" else str(not question.answer))
            is False
        )


@pytest.mark.parametrize(
    ("kind", "answer", "text", "verdict"),
    [
        ("branch", True, "maybe", None),
        ("branch", True, "", None),
        ("branch", True, "Y", True),
        ("branch", False, "是", False),
        ("value", 3, "three", None),
        ("value", 3, "__import__('os').getcwd()", None),
        ("value", 3, "1 + 2", None),
        ("value", 3, "((((", None),
        ("value", 3, "3", True),
        ("value", 3, "3.0", False),
        ("value", True, "1", False),
        ("value", "a", "'a'", True),
        ("return", [1, (2,)], "[1, (2,)]", True),
        ("return", {1, 2}, "{2, 1}", True),
    ],
)
def test_grading(kind: str, answer: object, text: str, verdict: bool | None) -> None:
    assert is_right(Question(kind, 0, "", 1, "f", "x", (), answer), text) is verdict


def test_a_run_without_anything_to_ask_says_so(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("def f():\n    pass\n")
    with pytest.raises(UsageError, match="nothing in this run can be asked"):
        asked(f"{tmp_path}/one.py::f", "f()")


def test_on_a_terminal() -> None:
    command = [
        "-m",
        "codeassist",
        "quiz",
        SEARCH,
        "--call",
        "binary_search([1, 3, 5], 5)",
        "--color",
        "never",
    ]
    child = pexpect.spawn(sys.executable, command, encoding="utf-8", timeout=40, dimensions=(40, 100))
    child.expect_exact("question 1 of ")
    child.expect_exact("does low <= high hold? (y or n)")
    child.sendline("perhaps")
    child.expect_exact("y or n; Enter shows the answer")
    child.sendline("y")
    child.expect_exact("✓")
    child.expect_exact("what is mid after line 14?")
    child.sendline("0")
    child.expect_exact("✗ the run shows 1")
    child.expect_exact("question 3 of ")
    child.sendline("")
    child.expect_exact("it is False")
    child.sendline("q")
    child.expect_exact("1 of 3 right")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_through_a_pipe_and_in_chinese() -> None:
    command = [sys.executable, "-m", "codeassist", "quiz", SEARCH, "--lang", "zh-CN", "--questions", "1"]
    done = subprocess.run(command, input="y\n", capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert "成立吗" in done.stdout
    assert "1 题中答对 1 题" in done.stdout
    assert "> " not in done.stdout
