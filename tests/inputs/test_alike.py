"""Generated calls beside written ones have their types."""

from __future__ import annotations

import pytest

from codeassist.inputs.alike import alike
from codeassist.records.run import Run


def example(call: str) -> Run:
    return Run(path="p.py", call=call, origin="doctest")


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("f([1, 2], 2)", "f([], 0)"),
        ("f([1, 2], 2)", "f([3.5], 2)"),
        ("f({'a': ['b']})", "f({'x': ['y'], 'z': []})"),
        ("f(x)", "f('anything')"),
        ("list(f('a'))", "list(f('b'))"),
    ],
)
def test_calls_of_the_same_types_stay(written: str, made: str) -> None:
    assert made in alike([[made]], [example(written)])[0]


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("f([1, 2], 2)", "f('ab', 'b')"),
        ("f([1, 2], 2)", "f(['a'], 2)"),
        ("f('ababc')", "f([1, 2])"),
        ("f({'a': {'b': 1}})", "f({'a': ['b']})"),
        ("f(key=2)", "f(key='a')"),
        ("f(True)", "f(3)"),
    ],
)
def test_calls_of_other_types_go(written: str, made: str) -> None:
    assert made not in alike([[made]], [example(written)])[0]


def test_without_examples_nothing_changes() -> None:
    groups = [["f([1])"], ["f('a')"]]
    assert alike(groups, []) == groups


def test_an_example_is_varied_and_its_order_kept() -> None:
    (made,) = alike([], [example("f([1, 2, 3], 2)")])
    assert "f([], 2)" in made
    assert "f([1], 2)" in made
    assert "f([1, 2, 3], 0)" in made
    assert "f([3, 2, 1], 2)" not in made  # it may have to be in order
    assert "f([1, 2, 3])" in alike([], [example("f([3, 1, 2])")])[0]
