"""Steps and turns of one activation, read from a trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeassist import parsing
from codeassist.narrating.body import body_of
from codeassist.narrating.walk import Walk, activation_of, walk
from tests.support.oracle import oracle_trace
from tests.support.telling import module_of


def walked(folder: Path, text: str, call: str, qualname: str = "f") -> Walk:
    module = module_of(folder, text)
    function = parsing.find(module, qualname)
    trace = oracle_trace(text, call, path=module.source.path)
    activation = activation_of(trace, function.id)
    assert activation is not None
    found = walk(trace, activation, body_of(module, function))
    assert found is not None
    return found


LOOPS = [
    ("for x in xs:\n        pass\n    return 1", "f([])", [(0, "exhausted")]),
    ("for x in xs:\n        pass\n    return 1", "f([1, 2])", [(2, "exhausted")]),
    ("for x in xs: x += 1\n    return x", "f([1, 2])", [(2, "exhausted")]),
    ("for x in xs:\n        if x > 1:\n            break\n    return x", "f([1, 2, 3])", [(2, "break")]),
    ("for x in xs:\n        if x > 1:\n            return x", "f([1, 2, 3])", [(2, "return")]),
    ("for x in xs:\n        1 / x", "f([1, 0])", [(2, "exception")]),
    ("while xs:\n        xs.pop()", "f([1, 2])", [(2, "condition")]),
    ("while True:\n        xs.pop()\n        if not xs:\n            break", "f([1, 2])", [(2, "break")]),
    (
        "for x in xs:\n        for y in xs:\n            pass",
        "f([1, 2])",
        [(2, "exhausted"), (2, "exhausted"), (2, "exhausted")],
    ),
    ("for x in xs:\n        for y in xs:\n            break", "f([1])", [(1, "exhausted"), (1, "break")]),
    ("for x in xs:\n        pass\n    else:\n        x = 2\n    return x", "f([1])", [(1, "exhausted")]),
    ("for x in xs:\n        try:\n            1 / x\n        except ZeroDivisionError:\n            continue",
     "f([0, 1])", [(2, "exhausted")]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "call", "turns"), LOOPS)
def test_turns_of_loops_and_how_they_were_left(
    tmp_path: Path, body: str, call: str, turns: list[tuple[int, str]]
) -> None:
    text = f"def f(xs):\n    {body}\n"
    try:
        found = walked(tmp_path, text, call)
    except ZeroDivisionError:
        pytest.fail("the oracle records exceptions")
    assert [(len(entry.turns), entry.left_by) for entry in found.entries] == turns


def test_occurrences_count_the_steps_of_one_statement(tmp_path: Path) -> None:
    found = walked(tmp_path, "def f(n):\n    while n:\n        n -= 1\n    return n\n", "f(2)")
    assert [(step.line, step.occurrence) for step in found.steps] == [
        (2, 1), (3, 1), (2, 2), (3, 2), (2, 3), (4, 1),
    ]  # fmt: skip


def test_a_function_that_the_run_never_entered_has_no_activation(tmp_path: Path) -> None:
    text = "def f():\n    pass\ndef g():\n    pass\n"
    module = module_of(tmp_path, text)
    trace = oracle_trace(text, "g()", path=module.source.path)
    assert activation_of(trace, parsing.find(module, "f").id) is None
