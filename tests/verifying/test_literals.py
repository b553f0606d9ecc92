"""Literal text of claims: what records write is read back, and nothing else is believed."""

# ruff: noqa: E501 - tables read better unbroken
from __future__ import annotations

from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeassist.records.values import EnumMember, Instance, NamedTuple, literal
from codeassist.verifying.compare import matches
from codeassist.verifying.literals import BadLiteral, parse_literal

BAD = ["x", "[1,", "", "f(x)", "1 + 1", "not True", "{[1]: 2}", "range(10 ** 12)", "list(range(9))", "bytearray(10 ** 12)",
       "Fraction('1e1000000')", "-" * 100_000 + "1", "[" * 5000, "9" * 10_000, "lambda: 1", "[x for x in [1]]", "Color.RED"]  # fmt: skip


@pytest.mark.parametrize("text", BAD, ids=[text[:20] for text in BAD])
def test_what_is_no_literal_is_refused(text: str) -> None:
    with pytest.raises(BadLiteral):
        parse_literal(text)


VALUES = [
    None, True, 0, -1, 1.5, float("nan"), float("inf"), 1 + 2j, "a'b", b"x", bytearray(b"y"), [1, [2]], (1,), (), {1, 2}, set(),
    frozenset({1}), {"a": [1]}, range(3), slice(1, None, 2), deque([1], maxlen=3), Counter("aab"), OrderedDict(b=1, a=2),
    defaultdict(list, {"a": [1]}), array("i", [1, 2]), Fraction(1, 3), Decimal("0.10"), 10**5000, Ellipsis,
    NamedTuple("Point", ("x", "y"), (1, [2])), EnumMember("Color", "RED", 1),
    Instance("Node", {"value": 1, "_next": Instance("Node", {"value": 2, "_next": None})}), [Instance("Empty", {})],
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=[literal(v, 30) for v in VALUES])
def test_written_values_are_read_back(value: object) -> None:
    assert matches(value, parse_literal(literal(value)))


DIFFERENT = [
    (1, "True"), (1, "1.0"), ([1], "(1,)"), (True, "1"), ("1", "1"), ({1}, "frozenset({1})"), ({}, "set()"), (0.0, "0"),
    ([1, 2], "[2, 1]"), (b"x", "'x'"), (b"x", "bytearray(b'x')"), ({"a": 1}, "{'a': True}"), (deque([1]), "[1]"),
    (deque([1], maxlen=2), "deque([1])"), (Counter("a"), "{'a': 1}"), (Fraction(1, 2), "0.5"), (Decimal("0.1"), "0.1"),
    (Instance("Node", {"value": 1, "next": None}), "Node(value=1)"), (Instance("Node", {"value": 1}), "Node(1)"),
    (Instance("Node", {"value": 1}), "Leaf(value=1)"), (Instance("Node", {"value": 1}), "Node(value=True)"),
    (NamedTuple("P", ("x",), (1,)), "(1,)"), (NamedTuple("P", ("x",), (1,)), "P(y=1)"), (EnumMember("C", "R", 1), "C(2)"),
    (EnumMember("C", "R", 1), "1"), (None, "False"), ([Instance("N", {})], "[N(), N()]"), (1.0, "1.00000001"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "text"), DIFFERENT, ids=[row[1] for row in DIFFERENT])
def test_strict_equality_is_strict(value: object, text: str) -> None:
    assert not matches(value, parse_literal(text))


def test_loose_relaxes_numbers_only() -> None:
    assert matches([1, True], parse_literal("[1.0, 1]"), loose=True)
    assert not matches([1], parse_literal("(1,)"), loose=True)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=3).map(tuple)
    | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(plain)
@settings(max_examples=150, deadline=None)
def test_round_trip(value: object) -> None:
    assert matches(value, parse_literal(literal(value)))
