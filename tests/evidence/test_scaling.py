"""Values of another size after the pattern of an example, and calls written again with them."""

from __future__ import annotations

from typing import Any

import pytest

from codeassist.evidence.scaling import FLAVOURS, is_graph, is_network, is_sizable, scaled
from codeassist.evidence.slots import template, write


@pytest.mark.parametrize("value", [3, 2.5, None, True, [], "", {}, (1, 2), set()])
def test_what_has_no_size_to_grow(value: Any) -> None:
    assert not is_sizable(value)


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(
    "value",
    [
        [3, 1, 2],
        "abc",
        {1, 2, 3},
        {"a": 1},
        {"a": ["b"], "b": []},
        [[1, 2], [3, 4]],
        [(1, 3), (2, 6), (8, 10)],
        b"ab",
    ],
)
def test_size_and_type(value: Any, flavour: str) -> None:
    grown = scaled(value, 12, flavour)
    assert type(grown) is type(value)
    assert 9 <= len(grown) <= 12


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_same_every_time(flavour: str) -> None:
    assert scaled([3, 1, 2], 20, flavour) == scaled([3, 1, 2], 20, flavour)


def test_the_pattern_of_numbers_is_kept() -> None:
    assert sorted(scaled([2, 0, 1], 9, "random")) == list(range(9))
    assert sorted(scaled([3, 1, 2], 9, "random")) == list(range(1, 10))
    assert set(scaled([0, 1, 1, 0], 9, "random")) <= {0, 1}
    assert len(set(scaled([5, 2, 9, 1], 50, "random"))) == 50
    assert min(scaled([5, 2, 9, 1], 50, "random")) >= 1
    assert min(scaled([-5, 2, 9, 1], 50, "random")) < 0
    ordered = scaled([5, 2, 9, 1], 50, "sorted")
    assert ordered == sorted(ordered)


def test_a_graph_stays_a_graph() -> None:
    assert is_graph(scaled({"a": ["b"], "b": []}, 30, "random"))
    mutual = scaled({0: [1], 1: [0]}, 30, "random")
    assert all(a in mutual[b] for a in mutual for b in mutual[a])
    acyclic = scaled({0: [1], 1: [2], 2: []}, 30, "random")
    assert all(a < b for a in acyclic for b in acyclic[a])
    weighted = scaled({"a": {"b": 3}, "b": {}}, 30, "random")
    assert all(isinstance(w, int) for arcs in weighted.values() for w in arcs.values())
    assert is_network(scaled([[1, 2], [2], []], 30, "random"))


def test_no_graphs() -> None:
    assert not is_graph({"a": 1})
    assert not is_graph({"a": ["x"]})
    assert not is_graph({"a": []})
    assert not is_network([[1, 2], [3, 4]])


@pytest.mark.parametrize("call", ["f", "f(", "x + 1", "lambda: f(3)", ""])
def test_no_call_to_take_apart(call: str) -> None:
    assert template(call) is None


def run(
    call: str, sizes: dict[int, int], flavour: str = "random", variant: str = "example", **names: Any
) -> Any:
    """What the call written at these sizes gives."""
    form = template(call, ["a", "b", "c"])
    assert form is not None
    setup, text = write(form, sizes, flavour, variant)
    scope = dict(names)
    for statement in setup:
        exec(statement, scope)
    return eval(text, scope)


def test_a_call_at_another_size() -> None:
    assert run("f([3, 1, 2], 5)", {0: 9}, f=lambda a, b: (len(a), b)) == (9, 5)
    assert run("f(7)", {0: 40}, f=lambda a: a) == 40
    assert run("f([3, 1], key=2)", {0: 5}, f=lambda a, key: (len(a), key)) == (5, 2)


def test_a_number_follows_its_container() -> None:
    assert run("f([3, 1, 2], 3)", {0: 9}, f=lambda a, b: b - len(a)) == 0


def test_what_is_looked_for() -> None:
    def inside(a: list[int], b: int) -> tuple[bool, bool]:
        return b in a, b > max(a)

    call = "f([5, 2, 9], 9)"
    assert run(call, {0: 30}, "random", "last", f=inside)[0]
    assert run(call, {0: 30}, "random", "absent high", f=inside) == (False, True)
    assert run(call, {0: 30}, "random", "absent low", f=inside) == (False, False)


def test_a_node_stays_in_its_graph() -> None:
    call = "f({'a': ['b'], 'b': ['c'], 'c': []}, 'a', 'c')"
    assert run(call, {0: 30}, f=lambda g, s, t: (len(g), s in g, t in g, s != t)) == (30, True, True, True)


class Node:
    def __init__(self, value: int, left: Any = None, right: Any = None) -> None:
        self.value, self.left, self.right = value, left, right


def count(node: Any) -> int:
    return 0 if node is None else 1 + count(node.left) + count(node.right)


def depth(node: Any) -> int:
    return 0 if node is None else 1 + max(depth(node.left), depth(node.right))


def test_trees_and_chains() -> None:
    tree = "f(Node(2, Node(1), Node(3)))"
    assert run(tree, {0: 31}, f=count, Node=Node) == 31
    assert run(tree, {0: 31}, f=depth, Node=Node) == 5
    assert run(tree, {0: 31}, "sorted", f=depth, Node=Node) == 31
    assert run("f(Node(1, Node(2)))", {0: 31}, f=count, Node=Node) == 31


def test_an_object_is_filled_before_the_call() -> None:
    call = "(xs := list(), xs.append(5), xs.append(2), len(xs))[-1]"
    form = template(call)
    assert form is not None
    grows = form.growing()
    setup, _ = write(form, {grows[0]: 40}, "random", "example")
    scope: dict[str, Any] = {}
    for statement in setup:
        exec(statement, scope)
    assert eval("len(xs)", scope) == 40
