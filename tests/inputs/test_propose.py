"""Runs as proposed: complete, readable expressions, in the order given, doctest, main, generated."""

from __future__ import annotations

import ast

import pytest

from codeassist import parsing
from codeassist.inputs.examples import in_tests
from codeassist.inputs.propose import generated, propose, written
from codeassist.records.program import Function, Module


def one(text: str, qualname: str) -> tuple[Module, Function]:
    module = parsing.parse(parsing.read_source("prog.py", text))
    return module, parsing.find(module, qualname)


SEARCH = '''
def search(xs, target):
    """Find it.

    >>> xs = [1, 3, 5]
    >>> search(xs, 3)
    1
    """
    for i, x in enumerate(xs):
        if x == target:
            return i
    return -1

if __name__ == "__main__":
    data = [4, 5]
    print(search(data, 5))
'''


def test_order_and_origin() -> None:
    module, function = one(SEARCH, "search")
    runs = propose(module, function, calls=["search([9], 9)"])
    assert [run.origin for run in runs][:4] == ["call", "doctest", "main", "generated"]
    assert [run.call for run in runs][:3] == ["search([9], 9)", "search([1, 3, 5], 3)", "search([4, 5], 5)"]
    assert len(runs) <= 24


def test_every_generated_call_parses_and_names_the_function() -> None:
    module, function = one(SEARCH, "search")
    for run in propose(module, function):
        tree = ast.parse(run.call, mode="eval")
        assert any(isinstance(n, ast.Name) and n.id == "search" for n in ast.walk(tree)), run.call


def test_the_same_every_time() -> None:
    module, function = one(SEARCH, "search")
    assert propose(module, function) == propose(module, function)


NOT_CALLS_OF_IT = [
    '"""\n>>> other(3)\n"""\ndef f(x):\n    return x',
    '"""\n>>> f\n"""\ndef f(x):\n    return x',
    '"""\nno prompt: f(3)\n"""\ndef f(x):\n    return x',
    '"""\n>>> f(3\n"""\ndef f(x):\n    return x',
    'def f(x):\n    return x\nif __name__ == "__main__":\n    print("f(3)")',
]


@pytest.mark.parametrize("text", NOT_CALLS_OF_IT)
def test_what_is_no_example(text: str) -> None:
    module, function = one(text, "f")
    assert written(module, function) == []


DOCTESTS = [
    # a name that stands for a literal is put in place
    (">>> xs = [2, 1]\n>>> f(xs)", "f([2, 1])", ()),
    # the call alone, not what is done with its result
    (">>> print(f(3))", "f(3)", ()),
    (">>> result = f(3)", "f(3)", ()),
    (">>> f(3) == 4\nTrue", "f(3)", ()),
    # what cannot be put in place becomes part of one expression
    (
        ">>> xs = list(range(3))\n>>> xs.append(4)\n>>> f(xs)",
        "(xs := list(range(3)), xs.append(4), f(xs))[-1]",
        (),
    ),
    # statements that an expression cannot hold stay setup
    (">>> import math\n>>> f(math.pi)", "f(math.pi)", ("import math",)),
]


@pytest.mark.parametrize(("lines", "call", "setup"), DOCTESTS)
def test_doctests(lines: str, call: str, setup: tuple[str, ...]) -> None:
    module, function = one(
        f'def f(x):\n    """\n    {lines.replace(chr(10), chr(10) + "    ")}\n    """\n', "f"
    )
    runs = written(module, function)
    assert [(run.call, run.setup) for run in runs] == [(call, setup)]


def test_a_generator_is_kept_with_what_drains_it() -> None:
    module, function = one('def f(n):\n    """\n    >>> list(f(3))\n    """\n    yield n', "f")
    assert [run.call for run in written(module, function)] == ["list(f(3))"]


def test_calls_in_tests() -> None:
    module, function = one("def f(x):\n    return x", "f")
    text = "def test_f():\n    xs = [1]\n    assert f(xs) == [1]\n\ndef helper():\n    f(5)\n"
    assert [example.call for example in in_tests(text, module, function)] == ["f([1])"]


STACK = """
class Stack:
    def __init__(self, size=3):
        self.items = []
    def push(self, item):
        self.items.append(item)
    def pop(self):
        return self.items.pop()
    def __len__(self):
        return len(self.items)
    @property
    def top(self):
        return self.items[-1]
    @staticmethod
    def of(items):
        return items
"""


@pytest.mark.parametrize(
    ("method", "last"),
    [("pop", "stack.pop()"), ("push", "stack.push(6)"), ("__len__", "len(stack)"), ("top", "stack.top")],
)
def test_a_method_is_called_on_a_filled_object(method: str, last: str) -> None:
    module, function = one(STACK, f"Stack.{method}")
    first = generated(module, function)[0][0]
    assert first.startswith("(stack := Stack(), stack.push(")
    assert first.endswith(last + ")[-1]")
    assert first.count("stack.push(") >= 4


def test_static_methods_and_constructors() -> None:
    module, function = one(STACK, "Stack.of")
    assert generated(module, function)[0][0].startswith("Stack.of([")
    module, function = one(STACK, "Stack.__init__")
    assert "Stack()" in generated(module, function)[0]


NODE = "class Node:\n    def __init__(self, value, next=None):\n        self.value, self.next = value, next\n"


def test_a_linked_list_is_built_by_nesting() -> None:
    module, function = one(
        NODE + "def length(head):\n    n = 0\n    while head:\n        n += 1\n        head = head.next\n",
        "length",
    )
    assert generated(module, function)[0][0] == "length(Node(1, Node(2, Node(3, Node(4)))))"


def test_a_nested_function_runs_when_the_outer_one_does() -> None:
    module, function = one(
        "def outer(n):\n    def inner(k):\n        return k\n    return inner(n)\n", "outer.inner"
    )
    assert propose(module, function)[0].call.startswith("outer(")


def test_a_function_without_parameters_is_simply_called() -> None:
    module, function = one("def main():\n    return 1\n", "main")
    assert [run.call for run in propose(module, function)] == ["main()"]
