"""Inputs that are searched for: drawn alike, the same everywhere, small, and nothing left on disk."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from codeassist import parsing
from codeassist.inputs import choose
from codeassist.inputs.choose import coverage, trial_of
from codeassist.inputs.searching import drawn, pattern, simpler
from codeassist.records.run import Budget
from codeassist.tracing import LocalRunner

NO_PATTERN = [
    "f()",
    "f(x)",
    "f(len)",
    "f(*[1])",
    "f(**{})",
    "f(1)[0]",
    "f(g(1))",
    "1 + 1",
    "f(",
    "f(Node(1))",
    "",
]


@pytest.mark.parametrize("call", NO_PATTERN)
def test_what_is_not_written_out_has_no_pattern(call: str) -> None:
    assert pattern(call) is None
    assert list(simpler(call)) == []


VALUES = ["f(3)", "f('ab', [1, 2])", "a.b({'x': [1.5]}, k=(1, True))", "f(None, {1, 2})", "f([])"]


@pytest.mark.parametrize("call", VALUES)
def test_what_is_drawn_is_of_the_same_kinds_and_the_same_each_time(call: str) -> None:
    found = pattern(call)
    assert found is not None
    assert found.write(found.values) == call
    first, second = (drawn(found, [7], ["word"]) for _ in range(2))
    assert first == second
    assert len(first) > (1 if call != "f([])" else 0)
    for text in first:
        made = pattern(text)
        assert made is not None
        assert [type(v) for v in made.values] == [type(v) for v in found.values]
        ast.parse(text)


def test_simpler_calls_are_simpler() -> None:
    found = list(simpler("f([30, 4], 'abc')"))
    assert "f([4], 'abc')" in found
    assert "f([30, 4], 'ab')" in found
    assert "f([2, 4], 'abc')" in found
    assert all(len(text) <= len("f([30, 4], 'abc')") for text in found)
    assert list(simpler("f([], '', 0, None, True)")) == []


PROGRAM = '''
def grade(text):
    """Of which kind.

    >>> grade("hello there")
    'plain'
    """
    if text.startswith("\\t"):
        return "tab"
    if text.isdigit():
        return "number"
    depth = 0
    for c in text:
        if c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
            if depth < 0:
                return "broken"
    if depth:
        return "open"
    return "plain"


def triangle(a: int, b: int, c: int) -> str:
    if a + b <= c or a + c <= b or b + c <= a:
        return "none"
    if a == b == c:
        return "equal"
    if a == b or b == c or a == c:
        return "two"
    return "any"
'''


@pytest.mark.parametrize("name", ["grade", "triangle"])
def test_lines_behind_narrow_tests_are_reached_by_small_inputs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    path = tmp_path / "prog.py"
    path.write_text(PROGRAM)
    module = parsing.parse(parsing.read_source(str(path)))
    function = parsing.find(module, name)
    runner = LocalRunner(root=str(tmp_path))
    try:
        runs = choose(module, function, runner, Budget(30))
        traces = list(runner.run(runs, Budget(30)))
    finally:
        runner.close()
    reached = frozenset[int]().union(*(trial_of(trace, function).lines for trace in traces))
    assert coverage(reached, function) == 1.0
    assert os.listdir(tmp_path / "elsewhere") == []
    if name == "grade":
        assert runs[0].call == "grade('hello there')"
        assert {"grade('(')", "grade(')')"} <= {run.call for run in runs}
