"""Tests spelt with the values of their operands, and where nothing may be said."""

from __future__ import annotations

from typing import Any

import pytest

from codeassist.narrating.operands import Unknown, evaluate, parse, spell
from codeassist.records.values import Instance, Opaque

NODE = Instance("Node", {"value": 3, "next": None})

UNTOLD = [
    ("f(x)", {}, "a call is never run"),
    ("x.y", {"x": Opaque("File")}, "an opaque object has no attributes"),
    ("x", {}, "an unbound name"),
    ("x[5]", {"x": [1]}, "an index that fails"),
    ("x < y", {"x": 1, "y": "a"}, "an order that fails"),
    ("x == y", {"x": NODE, "y": NODE}, "objects compare by code of the program"),
    ("x is y", {"x": [], "y": []}, "identity is not recorded"),
    ("x * y", {"x": "a", "y": 10**9}, "a repetition of any size"),
    ("x ** y", {"x": 10, "y": 10**9}, "a power of any size"),
    ("x << y", {"x": 1, "y": 10**9}, "a shift of any size"),
    ("len(x)", {"x": [1], "len": 3}, "a builtin that the program shadows"),
    ("__import__('os')", {}, "an import"),
]


@pytest.mark.parametrize(("text", "variables", "why"), UNTOLD, ids=[row[2] for row in UNTOLD])
def test_what_cannot_be_told_is_unknown(text: str, variables: dict[str, Any], why: str) -> None:
    node = parse(text)
    assert node is not None
    with pytest.raises(Unknown):
        evaluate(node, variables)


@pytest.mark.parametrize("text", ["", "x =", "(" * 500, "lambda: (", "\x00"])
def test_text_that_is_no_expression_gives_nothing(text: str) -> None:
    assert parse(text) is None
    assert spell(text, {}) == []


TOLD = [
    ("xs[mid] == target", {"xs": [1, 3, 5], "mid": 2, "target": 9}, "5 == 9"),
    ("low <= high", {"low": 0, "high": 5}, "0 <= 5"),
    ("not x", {"x": 0}, "not 0"),
    ("j > 0 and xs[j - 1] > v", {"j": 0, "xs": [], "v": 1}, "0 > 0"),
    ("j > 0 and xs[j - 1] > v", {"j": 1, "xs": [3], "v": 1}, "1 > 0 and 3 > 1"),
    ("a or b", {"a": 0, "b": 2}, "0 or 2"),
    ("is_prime(n)", {"n": 5}, "is_prime(5)"),
    ("len(xs) <= 1", {"xs": [1, 2, 3]}, "3 <= 1"),
    ("c in seen", {"c": "a", "seen": ["x"] * 50}, "'a' in seen"),
    ("node.value > low", {"node": NODE, "low": 1}, "3 > 1"),
    ("node.next is None", {"node": NODE}, "None is None"),
    ("n % i == 0", {"n": 9, "i": 3}, "0 == 0"),
    ("x > LIMIT", {"x": 4}, "4 > LIMIT"),
]


@pytest.mark.parametrize(("text", "variables", "said"), TOLD)
def test_a_test_is_spelt_with_its_operands(text: str, variables: dict[str, Any], said: str) -> None:
    assert "".join(value or source for source, value in spell(text, variables)) == said


def test_nothing_is_spelt_where_no_operand_is_known() -> None:
    assert spell("f(x) == g(y)", {}) == []
