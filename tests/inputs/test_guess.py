"""What annotation, name and use in the body say of a parameter."""

from __future__ import annotations

import pytest

from codeassist import parsing
from codeassist.inputs import shapes
from codeassist.inputs.annotations import from_annotation
from codeassist.inputs.calls import combinations
from codeassist.inputs.names import from_name
from codeassist.inputs.shapes import Shape
from codeassist.inputs.uses import uses
from codeassist.records.program import Function, Module


def one(text: str) -> tuple[Module, Function]:
    """The module of `text` and its last function."""
    module = parsing.parse(parsing.read_source("prog.py", text))
    return module, module.functions[-1]


NOTHING_SAID = ["Any", "object", "T", "", "not python (", "Hashable"]


@pytest.mark.parametrize("text", NOTHING_SAID)
def test_an_annotation_that_says_nothing(text: str) -> None:
    assert from_annotation(text) == []


ANNOTATIONS = [
    ("int", "int"),
    ("list[int]", "list"),
    ("List[List[int]]", "matrix"),
    ("Optional[str]", "str"),  # None comes last
    ("str | None", "str"),
    ("dict[str, list[str]]", "graph"),  # keys lead to keys
    ("dict[int, str]", "dict"),
    ("dict[str, dict[str, float]]", "dict"),  # the inner values are no keys
    ("Callable[[int], bool]", "callable"),
    ("TreeNode | None", "instance"),
    ("'Node'", "instance"),
    ("Literal['a', 'b']", "literal"),
    ("tuple[int, ...]", "tuple"),
]


@pytest.mark.parametrize(("text", "kind"), ANNOTATIONS)
def test_an_annotation_gives_its_shape_first(text: str, kind: str) -> None:
    found = from_annotation(text)
    assert found
    weighted = found[0].kind.replace("weighted-graph", "dict")
    assert weighted == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("arr", "list"),
        ("nums", "list"),
        ("matrix", "matrix"),
        ("graph", "graph"),
        ("text", "str"),
        ("pattern", "str"),
        ("n", "int"),
        ("root", "instance"),
        ("predicate", "callable"),
        ("user_names", "list"),  # by its last word
        ("zzz", ""),
    ],
)
def test_a_name_gives_its_shape_first(name: str, kind: str) -> None:
    found = from_name(name)
    assert (found[0].kind if found else "") == kind


BODIES = [
    ("def f(qq):\n    for row in qq:\n        for c in row:\n            print(c + 1)", "matrix"),
    ("def f(qq):\n    return qq.upper()", "str"),
    ("def f(qq):\n    return qq(3)", "callable"),
    ("def f(qq):\n    while qq:\n        qq = qq.next", "instance"),
    ("def f(qq):\n    for k, v in qq.items():\n        print(k)", "dict"),
    ("def f(qq):\n    return qq // 10", "int"),
    ("def f(qq):\n    qq[0], qq[1] = qq[1], qq[0]", "list"),
    ("def f(qq):\n    for n in qq:\n        for m in qq[n]:\n            print(m)", "graph"),
    ("def f(qq):\n    for a, b in qq:\n        print(a)", "list"),
    ("def g(r):\n    return r % 2\ndef f(qq):\n    return g(qq)", "int"),  # said by the helper
]


@pytest.mark.parametrize(("text", "kind"), BODIES)
def test_use_in_the_body_decides_where_the_name_says_nothing(text: str, kind: str) -> None:
    module, function = one(text)
    assert combinations(function, uses(module, function))[0][0].kind == kind


def test_values_that_are_compared_are_of_one_type() -> None:
    module, function = one("def f(xs, t):\n    for x in xs:\n        if x == t:\n            return x")
    first = combinations(function, uses(module, function))[0]
    assert first[0].parts[0].kind == first[1].kind if first[0].parts else first[1].kind == "str"


def test_no_parameters_give_one_empty_combination() -> None:
    module, function = one("def f():\n    return 1")
    assert combinations(function, uses(module, function)) == [()]


def test_an_unparsable_body_is_no_obstacle() -> None:
    module, function = one("def f(xs):\n    return xs\n")
    assert uses(module, function).tags is not None
    assert Shape("list", (shapes.INT,)) == shapes.INTS
