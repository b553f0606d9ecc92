"""Literal text and strict equality, as claims.md settles them."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeassist.records.values import (
    EnumMember,
    Instance,
    NamedTuple,
    Opaque,
    equal,
    literal,
    opaque,
    type_name,
)

DIFFERENT = [
    (True, 1),
    (1, 1.0),
    ([1], (1,)),
    ([True], [1]),
    ({1: "a"}, {True: "a"}),
    ({1}, {1.0}),
    ("a", b"a"),
    (Instance("Node", {"value": 1}), Instance("Node", {"value": True})),
    (Instance("Node", {"value": 1}), Instance("Leaf", {"value": 1})),
    (NamedTuple("P", ("x",), (1,)), (1,)),
    (Opaque("function"), Opaque("function")),
    (deque([1]), deque([1], maxlen=3)),
    (0.1, 0.1000001),
    (set(), {}),
    (range(3), [0, 1, 2]),
]


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_equal_keeps_apart(a: object, b: object) -> None:
    assert not equal(a, b)
    assert not equal([a], [b])


SAME = [
    (0.1 + 0.2, 0.3),
    (float("nan"), float("nan")),
    ({1: 2, 3: 4}, {3: 4, 1: 2}),
    ({1, 2}, {2, 1}),
    (Instance("Node", {"a": [1], "b": 2}), Instance("Node", {"b": 2, "a": [1]})),
    (EnumMember("Color", "RED", 1), EnumMember("Color", "RED", 1)),
    (Fraction(1, 2), Fraction(2, 4)),
    (Decimal("NaN"), Decimal("NaN")),
    ({Instance("K", {"n": 1}): 1}, {Instance("K", {"n": 1}): 1}),
    (slice(1, None), slice(1, None)),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_equal_holds(a: object, b: object) -> None:
    assert equal(a, b)
    assert equal({"k": a}, {"k": b})


@pytest.mark.parametrize(
    ("a", "b", "same"), [(True, 1, True), (1, 1.0, True), ("1", 1, False), ([1], (1,), False)]
)
def test_loose_relaxes_numbers_only(a: object, b: object, same: bool) -> None:
    assert equal(a, b, loose=True) is same


def test_equal_ends_on_cycles() -> None:
    a: list[object] = [1]
    a.append(a)
    b: list[object] = [1]
    b.append(b)
    assert equal(a, b)
    assert literal(a) == "[1, ...]"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (deque([1, 2]), "deque([1, 2])"),
        (deque([1], maxlen=2), "deque([1], maxlen=2)"),
        (defaultdict(list, {1: [2]}), "defaultdict(list, {1: [2]})"),
        (Counter("aab"), "Counter({'a': 2, 'b': 1})"),
        (OrderedDict(a=1), "OrderedDict({'a': 1})"),
        ((1,), "(1,)"),
        (set(), "set()"),
        (frozenset({2, 1}), "frozenset({1, 2})"),
        (float("inf"), "float('inf')"),
        (Instance("Node", {"value": 1, "next": None}), "Node(value=1, next=None)"),
        (NamedTuple("P", ("x", "y"), (1, 2)), "P(x=1, y=2)"),
        (EnumMember("Color", "RED", 1), "Color(1)"),
        (Fraction(1, 2), "Fraction(1, 2)"),
    ],
)
def test_literal_text(value: object, text: str) -> None:
    assert literal(value) == text


numbers = st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | numbers | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(plain)
def test_literal_reads_back_as_the_same_value(value: object) -> None:
    import ast

    assert equal(ast.literal_eval(literal(value)), value)


def test_opaque_is_found_at_any_depth() -> None:
    assert opaque([1, {"a": (2, Opaque("function"))}]) is not None
    assert opaque([1, {"a": (2, range(3))}]) is None


def test_type_names() -> None:
    assert type_name(Instance("Node")) == "Node"
    assert type_name(True) == "bool"
