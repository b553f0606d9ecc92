"""Questions to a run: what is not found first, then what is, each beside the program that it speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeassist.records.errors import UsageError
from codeassist.records.run import Budget, Run
from codeassist.tracing import LocalRunner
from codeassist.tracing.query import query
from tests.support.runs import CALL, SEARCH, ask, asked, seen

NESTED = """\
def swap(xs, i, j):
    xs[i], xs[j] = xs[j], xs[i]

def sort(data):
    total = 0
    for i in range(len(data)):
        for j in range(i):
            if data[i] < data[j]:
                swap(data, i, j)
    return data

def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)

def fill(size):
    grid = [[0] * size for _ in range(size)]
    row = grid[1]
    row[0] = 7
    grid[1][0] = 8
    grid[0][1] = 9
    del row
    return grid

count = 0

def outer():
    hits = 0
    def inner():
        nonlocal hits
        hits += 1
    inner()
    inner()
    return hits
"""


@pytest.mark.parametrize(
    "question",
    [
        "first low > 5",
        "first nope > 2",
        "when nope changes",
        "writes to xs[2]",
        "calls to search where target > 9",
        "first xs[mid] == 100",
        "first steps[7] == 1",
        "calls to nobody",
        "first high < 0 in search",
    ],
)
def test_nothing_is_found_where_nothing_is(question: str) -> None:
    assert asked(SEARCH, CALL, question) == []


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("", "question"),
        ("frobnicate", "question"),
        ("first low >", "expression"),
        ("at step 999", "steps 0 to"),
        ("first 1 < 2", "names no variable"),
        ("first open(low)", "cannot be evaluated"),
        ("writes to f(x)", "target"),
        ("first " + "(" * 3000, "characters"),
        ("why nope", "no value"),
    ],
)
def test_what_is_no_question_is_said_in_one_line(question: str, word: str) -> None:
    with pytest.raises(UsageError, match=word) as raised:
        ask(seen(SEARCH, CALL), question)
    assert "\n" not in str(raised.value)


SEARCHED = [
    ("first low > 2", [(10, "3")]),
    ("last low <= high", [(10, "3")]),
    ("every mid > 1", [(5, "2"), (5, "4")]),
    ("when low changes", [(2, "0"), (10, "3")]),
    ("when high - low changes", [(2, "5"), (10, "2")]),
    ("when steps changes", [(3, "[]"), (6, "[2]"), (6, "[2, 4]")]),
    ("writes to low", [(2, "0"), (10, "3")]),
    ("writes to steps[1]", [(6, "4")]),
    ("first xs[mid] == target", [(5, "9")]),
    ("first low > 0 and mid > 0", [(10, "{'low': 3, 'mid': 2}")]),
    ("first len(steps) == 2", [(6, "2")]),
    ("first 3 <= low", [(10, "3")]),
    ("max depth", [(1, "1")]),
    ("calls to search where target > 3", [(1, "{'xs': [1, 3, 5, 7, 9, 11], 'target': 9}")]),
    ("calls to search where result[0] == 4", [(1, "{'xs': [1, 3, 5, 7, 9, 11], 'target': 9}")]),
    ("first low > 2 in search", [(10, "3")]),
    ("first line 6", [(6, None)]),
]


@pytest.mark.parametrize("really", [False, True], ids=["oracle", "recorder"])
@pytest.mark.parametrize(("question", "expected"), SEARCHED, ids=[row[0] for row in SEARCHED])
def test_answers_about_a_search(question: str, expected: list[tuple[int, str]], really: bool) -> None:
    assert asked(SEARCH, CALL, question, really) == expected


NESTEDS = [
    ("sort([3, 1, 2])", "when data changes", [(9, "[1, 3, 2]"), (9, "[1, 2, 3]")]),  # by swap, through xs
    ("sort([3, 1, 2])", "when xs changes", [(2, "[1, 3, 2]"), (2, "[1, 2, 3]")]),
    ("sort([3, 1, 2])", "writes to data[1]", [(9, "3"), (9, "2")]),
    ("sort([3, 1, 2])", "calls to swap where i > 1", [(1, "{'xs': [1, 3, 2], 'i': 2, 'j': 1}")]),
    ("fib(5)", "max depth", [(12, "5")]),
    ("fib(5)", "max depth of fib", [(12, "5")]),
    ("fib(4)", "calls to fib where n == 0", [(12, "{'n': 0}"), (12, "{'n': 0}")]),
    ("fill(3)", "writes to grid[1][0]", [(20, "7"), (21, "8")]),  # the first through row
    ("fill(3)", "first grid[0][1] == 9", [(22, "9")]),
    ("fill(3)", "when row[0] changes", [(19, "0"), (20, "7"), (21, "8"), (23, None)]),
    ("outer()", "when hits changes", [(29, "0"), (32, "1"), (32, "2")]),
]


@pytest.mark.parametrize("really", [False, True], ids=["oracle", "recorder"])
@pytest.mark.parametrize(("call", "question", "expected"), NESTEDS, ids=[f"{r[0]} {r[1]}" for r in NESTEDS])
def test_answers_across_calls_and_names(
    call: str, question: str, expected: list[tuple[int, str]], really: bool
) -> None:
    assert asked(NESTED, call, question, really) == expected


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("count line 4", 2),
        ("count line 12", 0),
        ("count line 99", 0),
        ("count calls to search", 1),
        ("count low >= 0", 2),
    ],
)
def test_counts(question: str, count: int) -> None:
    assert ask(seen(SEARCH, CALL), question).count == count


def test_a_line_inside_a_statement_counts_its_statement() -> None:
    program = "def f(x):\n    y = (x +\n         1)\n    return y\n"
    assert ask(seen(program, "f(2)"), "count line 3").count == 1


def test_at_step_tells_all_variables_once_the_step_is_done() -> None:
    match = ask(seen(SEARCH, CALL), "at step 1").matches[0]
    assert dict(match.parts) == {"xs": "[1, 3, 5, 7, 9, 11]", "target": "9", "low": "0", "high": "5"}


def test_a_name_that_is_never_bound_is_said() -> None:
    assert "never bound" in ask(seen(SEARCH, CALL), "first nope > 2").notes[0]


@pytest.mark.parametrize("exact", [False, True])
def test_writes_of_an_equal_value_are_writes(exact: bool, tmp_path: Path) -> None:
    path = tmp_path / "prog.py"
    path.write_text(
        "def f():\n    x = 1\n    for _ in range(2):\n        x = 1\n    return x\n" + "# exec\n" * exact
    )
    with LocalRunner(root=str(tmp_path)) as runner:
        (trace,) = runner.run([Run(str(path), "f()")], Budget(20))
    found = query(trace, "writes to x", lambda text, values: values[text])
    assert [(match.line, match.value) for match in found.matches] == [(2, "1"), (4, "1"), (4, "1")]
