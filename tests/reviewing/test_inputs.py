"""Calls near a call, made observable, and made small again."""

from __future__ import annotations

import ast

import pytest

from codeassist.records.location import FunctionId, Span
from codeassist.records.program import Function, Parameter
from codeassist.reviewing.calls import kept_of, kinds, observed, renamed
from codeassist.reviewing.comparing import Difference
from codeassist.reviewing.neighbours import Constants, Neighbours, constants
from codeassist.reviewing.shrinking import shrink
from codeassist.reviewing.signatures import problem, shape

KEEP = "__codeassist_keep__"


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("f(1, 'a')", "f(1, 'a')"),  # nothing that could change
        ("f([1], k={2: 3})", f"f({KEEP}([1]), k={KEEP}({{2: 3}}))"),
        ("list(f([1]))", f"list(f({KEEP}([1])))"),
        ("Stack([1]).f()", f"{KEEP}(Stack([1])).f()"),
        ("(s := Stack(), s.push(1), s.f())[-1]", f"((s := {KEEP}(Stack())), s.push(1), s.f())[-1]"),
        ("f(", "f("),
    ],
)
def test_arguments_and_receivers_are_looked_at(call: str, wanted: str) -> None:
    assert observed(call, "f") == wanted


def test_what_is_kept_has_a_name_and_a_value() -> None:
    (kept,) = kept_of("f(3, [2, 1])", "f", ["n", "xs"])
    assert (kept.label, kept.value, kept.has_value) == ("xs", [2, 1], True)


def test_a_renamed_function_is_called_by_its_name() -> None:
    assert (
        renamed("(s := Old(), s.f([f(2)]))[-1]", {"f": "g", "Old": "New"}) == "(s := New(), s.g([g(2)]))[-1]"
    )


def test_kinds_of_argument() -> None:
    assert kinds("f([2, 1], -1)", "f") == {"0:list", "0:unsorted", "0[]:int", "1:int", "arguments:2"}
    assert kinds("f([1, 2], 1)", "f") < kinds("f([2, 1], 1)", "f")
    assert "0:ragged" in kinds("f([[1], [1, 2]])", "f")


@pytest.mark.parametrize(
    "call", ["f([1, 2, 3], 2)", "f('abc')", "f({'a': [1]})", "(s := S(), s.add(1), s.f(2))[-1]"]
)
def test_neighbours_are_calls_of_the_function_and_always_the_same(call: str) -> None:
    made = [list(Neighbours("f", Constants((7,), ("x",))).around(call, 200)) for _ in range(2)]
    assert made[0] == made[1]
    assert len(set(made[0])) > 15
    for text in made[0]:
        tree = ast.parse(text, mode="eval")
        assert any(isinstance(n, ast.Call) and ast.unparse(n.func).endswith("f") for n in ast.walk(tree))


def test_sorted_lists_mostly_stay_sorted_and_matrices_rectangular() -> None:
    lists = [
        ast.literal_eval(text[2:-1]) for text in Neighbours("f", Constants()).around("f([1, 3, 5, 7])", 300)
    ]
    assert sum(xs == sorted(xs) for xs in lists) > 250
    grids = [
        ast.literal_eval(t[2:-1]) for t in Neighbours("f", Constants()).around("f([[1, 2], [3, 4]])", 300)
    ]
    assert sum(len(set(map(len, grid))) == 1 for grid in grids if all(type(r) is list for r in grid)) > 100


def test_constants_bring_their_neighbours() -> None:
    found = constants(["if x < 10 and name == 'root':\n    pass"])
    assert set(found.numbers) == {9, 10, 11, -10}
    assert found.texts == ("root",)


def test_shrinking_keeps_what_is_shown() -> None:
    def check(calls: list[str]) -> list[Difference | None]:
        """Differs where the list holds two equal items."""
        values = [ast.literal_eval(call[2:-1]) for call in calls]
        return [
            Difference("value", c, "1", "2") if isinstance(v, list) and len(set(v)) < len(v) else None
            for c, v in zip(calls, values, strict=True)
        ]

    start = Difference("value", "f([40, -7, 13, 99, 13, 8, 2])", "1", "2")
    assert shrink(start, check).call == "f([1, 1])"  # type: ignore[arg-type]


def parameters(*names: str) -> Function:
    span = Span(1, 0, 1, 1)
    found = [
        Parameter(
            n.strip("=*"), "keyword-only" if n[0] == "*" else "positional", "", "1" if n[-1] == "=" else ""
        )
        for n in names
    ]
    return Function(FunctionId("m.py", "f"), "function", "f", span, span, "<module>", tuple(found))


@pytest.mark.parametrize(
    ("names", "arguments", "words"),
    [
        (["a", "b="], ["1"], ""),
        (["a", "*b="], ["1", "b=2"], ""),
        (["a"], ["1", "2"], "takes 1 positional argument but 2 were given"),
        (["a", "b"], ["1"], "missing 1 required argument: 'b'"),
        (["a"], ["1", "c=2"], "got an unexpected keyword argument 'c'"),
        (["a"], ["1", "a=2"], "got multiple values for argument 'a'"),
    ],
)
def test_calls_against_signatures(names: list[str], arguments: list[str], words: str) -> None:
    given = shape(arguments, "f")
    assert given is not None
    assert problem(parameters(*names), given, bound=False) == words


def test_a_star_hides_what_is_passed() -> None:
    assert shape(["*args"], "f") is None
