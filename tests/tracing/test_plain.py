"""Questions over immediate values are answered from the log alone, as a replay answers them."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeassist.records.run import Budget, Run
from codeassist.tracing import LocalRunner
from codeassist.tracing.moments import moments
from codeassist.tracing.plain import integer_test, plain_moments
from codeassist.tracing.query import query

SOURCE = '''
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def tree(n):
    """Calls inside a binding step, and a name that is unbound for a while."""
    if n < 1:
        return 0
    left = tree(n - 1)
    k = (n := n + 0) + left
    del k
    for k in range(2):
        left += k
    return left + fails(left) + gcd(n * 6, 4)


def fails(n):
    left = 0
    try:
        left = 1 // (n - 2)
    except ZeroDivisionError:
        left = -5
    return left


def letters(text):
    for c in text:
        n = len(c)
        xs = [n]
        xs.append(c)
    return n


def shared(n):
    total = 0

    def add(x):
        nonlocal total
        total += x

    for k in range(n):
        add(k)
    return total
'''


def run(call: str, folder: Path) -> object:
    """The reader of one call."""
    path = folder / "prog.py"
    path.write_text(SOURCE)
    with LocalRunner(root=str(folder)) as runner:
        (trace,) = runner.run([Run(str(path), call)], Budget(20))
    return trace.reader


@pytest.mark.parametrize(
    ("call", "names", "scope"),
    [
        ("gcd(48, 18)", "a", ""), ("gcd(48, 18)", "ab", ""), ("tree(4)", "n", ""), ("tree(4)", "k", ""),
        ("tree(4)", ("left",), ""), ("tree(4)", "ab", "gcd"), ("tree(3)", "n", "tree"),
        ("letters('abc')", "c", ""), ("letters('abc')", "n", ""), ("shared(3)", "k", ""),
    ],
)  # fmt: skip
def test_moments_are_those_of_a_replay(call: str, names: str, scope: str, tmp_path: Path) -> None:
    reader = run(call, tmp_path)
    wanted = frozenset(names)
    found = plain_moments(reader, wanted, scope)
    assert found is not None
    replayed = [m for m in moments(reader, wanted, scope) if m.values is not None]  # type: ignore[arg-type]
    whole = [m for m in found if len(m.values or ()) == len(wanted)]
    key = [(m.event.index, m.event.line, m.event.function, m.index, m.values) for m in whole]
    assert key == [(m.event.index, m.event.line, m.event.function, m.index, m.values) for m in replayed]
    assert key


@pytest.mark.parametrize(
    ("call", "name"), [("letters('abc')", "xs"), ("shared(3)", "total"), ("shared(3)", "add")]
)
def test_objects_and_shared_variables_are_left_to_the_replay(call: str, name: str, tmp_path: Path) -> None:
    assert plain_moments(run(call, tmp_path), frozenset([name])) is None


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("x < 0", {"x": -1}, True),
        ("x < 0", {"x": 0}, False),
        ("x + 1 == y and y > -3", {"x": 1, "y": 2}, True),
        ("x < 0", {"x": True}, NotImplemented),
        ("x < 0", {}, NotImplemented),
        ("x == 1", {"x": 1.0}, NotImplemented),
    ],
)
def test_whole_numbers_are_compared_directly(text: str, values: dict[str, object], expected: object) -> None:
    test = integer_test(text, frozenset(values) or frozenset("x"))
    assert test is not None
    assert test(values) is expected


def test_other_conditions_are_left_to_the_walker() -> None:
    assert integer_test("x[0] < 1", frozenset("x")) is None
    assert integer_test("x * x < 1", frozenset("x")) is None


def test_values_that_cannot_matter_hide_none_that_do(tmp_path: Path) -> None:
    path = tmp_path / "prog.py"
    path.write_text(
        "def f():\n    x = 1\n    y = (x := -1) + (x := 2)\n    y = (x := 3) + (x := -4)\n    return y\n"
    )
    with LocalRunner(root=str(tmp_path)) as runner:
        (trace,) = runner.run([Run(str(path), "f()")], Budget(20))
    found = query(trace, "every x < 0", lambda text, values: values[text])
    assert [(match.line, match.value) for match in found.matches] == [(4, "-4")]
