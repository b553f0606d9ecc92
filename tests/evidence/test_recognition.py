"""Algorithms are named by the marks of their code and their answers; names say nothing."""

import ast
import random
from pathlib import Path

import pytest

from codeassist import parsing
from codeassist.evidence import recognise
from codeassist.evidence.algorithms import needed_order
from codeassist.evidence.algorithms.code import code_of
from codeassist.evidence.algorithms.marks import MARKS
from codeassist.evidence.algorithms.patterns import parsed
from codeassist.evidence.algorithms.table import PROBLEMS, SIGNATURES
from codeassist.evidence.algorithms.trial import Outcome, first_input, inputs_of, solved
from codeassist.messages import catalogue
from codeassist.records.run import Budget
from codeassist.tracing import LocalRunner

# what must not be named: wrong answers, or the answers by another way
UNNAMED = {
    "library call": "def f(a):\n    return sorted(a)\n",
    "wrong search": """
def f(a, b):
    c, d = 0, len(a) - 1
    while c < d:
        e = (c + d) // 2
        if a[e] == b:
            return e
        if a[e] < b:
            c = e + 1
        else:
            d = e - 1
    return -1
""",
    "sort that forgets the last pass": """
def f(a):
    for i in range(len(a) - 2):
        for j in range(len(a) - 2 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
    return a
""",
    "greatest common divisor gone wrong": """
def f(a, b):
    while b:
        a, b = b, a % b
    return a + b + 1
""",
    "a plain sum": "def f(a, b):\n    return 3 * a + 2 * b\n",
    "a lookup": "def f(a, b):\n    return a.get(b)\n",
    "no end": "def f(a):\n    while True:\n        a = a\n",
    "needs more": "class A:\n    def __init__(self, x):\n        self.x = x\n    def f(self, a):\n        return a\n",  # noqa: E501
}

NAMED = {
    "bubble sort": """
def f(a):
    b = list(a)
    for c in range(len(b)):
        for d in range(len(b) - 1, c, -1):
            if b[d - 1] > b[d]:
                e = b[d]
                b[d] = b[d - 1]
                b[d - 1] = e
    return b
""",
    "insertion sort": """
def f(a):
    for b in range(1, len(a)):
        c, d = a[b], b
        while d > 0 and c < a[d - 1]:
            a[d] = a[d - 1]
            d -= 1
        a[d] = c
""",
    "quick sort": """
def f(a):
    if len(a) < 2:
        return a
    b, *c = a
    return f([d for d in c if d < b]) + [b] + f([d for d in c if d >= b])
""",
    "merge sort": """
def f(a):
    if len(a) <= 1:
        return a
    return g(f(a[: len(a) // 2]), f(a[len(a) // 2 :]))

def g(a, b):
    c, d, e = [], 0, 0
    while d < len(a) and e < len(b):
        if a[d] <= b[e]:
            c.append(a[d])
            d += 1
        else:
            c.append(b[e])
            e += 1
    return c + a[d:] + b[e:]
""",
    "binary search": """
def f(a, b, c=0, d=None):
    if d is None:
        d = len(b)
    if c >= d:
        return None
    e = c + (d - c) // 2
    if b[e] == a:
        return e
    return f(a, b, e + 1, d) if b[e] < a else f(a, b, c, e)
""",
    "linear search": """
def f(a, b):
    for c, d in enumerate(a):
        if d == b:
            return c
    return -1
""",
    "Euclid's algorithm": "def f(a, b):\n    return a if not b else f(b, a % b)\n",
    "sieve of Eratosthenes": """
def f(a):
    b = [True] * (a + 1)
    for c in range(2, a + 1):
        if b[c]:
            for d in range(c * c, a + 1, c):
                b[d] = False
    return [c for c in range(2, a + 1) if b[c]]
""",
    "breadth-first search": """
from collections import deque

def f(a, b):
    c, d, e = deque([b]), {b}, []
    while c:
        g = c.popleft()
        e.append(g)
        for h in a[g]:
            if h not in d:
                d.add(h)
                c.append(h)
    return e
""",
    "depth-first search": """
def f(a, b, c=None):
    c = c or []
    c.append(b)
    for d in a[b]:
        if d not in c:
            f(a, d, c)
    return c
""",
    "Dijkstra's algorithm": """
import heapq as q

def f(a, b):
    c = {d: float("inf") for d in a}
    c[b] = 0
    e = [(0, b)]
    while e:
        g, h = q.heappop(e)
        if g > c[h]:
            continue
        for i, j in a[h].items():
            if g + j < c[i]:
                c[i] = g + j
                q.heappush(e, (g + j, i))
    return c
""",
    "Levenshtein distance": """
def f(a, b):
    c = list(range(len(b) + 1))
    for d, e in enumerate(a, 1):
        g = [d]
        for h, i in enumerate(b, 1):
            g.append(min(c[h] + 1, g[-1] + 1, c[h - 1] + (e != i)))
        c = g
    return c[-1]
""",
    "Kadane's algorithm": """
def f(a):
    b = c = a[0]
    for d in a[1:]:
        c = max(d, c + d)
        b = max(b, c)
    return b
""",
    "Tower of Hanoi": """
def f(a, b, c, d):
    if a == 0:
        return []
    return f(a - 1, b, d, c) + [(b, c)] + f(a - 1, d, c, b)
""",
    "Caesar cipher": """
def f(a, b):
    c = ""
    for d in a:
        e = 97 if d.islower() else 65
        c += chr((ord(d) - e + b) % 26 + e)
    return c
""",
}


class Renamer(ast.NodeTransformer):
    """Every name of the program another one; docstrings gone."""

    def __init__(self, seed):
        self.rng, self.names = random.Random(seed), {}

    def name(self, old):
        return self.names.setdefault(old, f"x{self.rng.randrange(10**6)}_{len(self.names)}")

    def visit_arg(self, node):
        node.arg = self.name(node.arg)
        return node

    def visit_Name(self, node):
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_FunctionDef(self, node):
        node.name = self.name(node.name)
        return self.generic_visit(node)


def renamed(text):
    """The same program with other names, the first function's first."""
    tree, renamer = ast.parse(text), Renamer(7)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            renamer.name(node.name)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            renamer.name(node.id)
        if isinstance(node, ast.arg):
            renamer.name(node.arg)
    return ast.unparse(renamer.visit(tree)), renamer.names["f"]


@pytest.fixture(scope="module")
def recognised(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recognised")
    runners = []

    def of(text, name):
        path = Path(folder) / f"m{len(runners)}.py"
        path.write_text(text)
        module = parsing.parse(parsing.read_source(str(path)))
        runners.append(LocalRunner(root=str(folder)))
        return recognise(module, parsing.find(module, name), runners[-1], Budget(30))

    yield of
    for runner in runners:
        runner.close()


@pytest.mark.parametrize("what", UNNAMED)
def test_what_is_not_the_algorithm_is_not_named_and_the_reason_is_given(recognised, what) -> None:
    found = recognised(UNNAMED[what], "A.f" if "class" in UNNAMED[what] else "f")
    assert not found.name
    assert found.because


@pytest.mark.parametrize("name", NAMED)
def test_the_algorithm_is_named_whatever_its_names_are(recognised, name) -> None:
    text, function = renamed(NAMED[name])
    found = recognised(text, function)
    assert found.name == name
    assert found.because
    assert found.confidence > 0.8


def test_independent_statements_may_stand_in_any_order(recognised) -> None:
    text = "def f(a, b):\n    low = 0\n    high = len(a) - 1\n    while low <= high:\n"
    text += "        mid = (low + high) // 2\n"
    text += (
        "        if a[mid] == b:\n            return mid\n        if a[mid] < b:\n            low = mid + 1\n"
    )
    text += "        else:\n            high = mid - 1\n    return -1\n"
    swapped = text.replace("    low = 0\n    high = len(a) - 1\n", "    high = len(a) - 1\n    low = 0\n")
    assert recognised(text, "f").name == recognised(swapped, "f").name == "binary search"


def test_a_near_miss_is_told_with_the_input_that_shows_it(recognised) -> None:
    found = recognised(UNNAMED["wrong search"], "f")
    assert found.reason == "none.behaviour"
    assert ", but for (" in found.because


# --- the tables ----------------------------------------------------------------------------------------


def test_there_are_enough_algorithms_and_families() -> None:
    assert len({sign.name for sign in SIGNATURES}) > 250
    assert len({problem.family for problem in PROBLEMS}) > 10


def test_every_signature_solves_a_problem_and_every_mark_can_be_read() -> None:
    keys = {problem.key for problem in PROBLEMS}
    assert len(keys) == len(PROBLEMS)
    for sign in SIGNATURES:
        assert sign.solves in keys
        for mark in (*sign.needs, *sign.lacks):
            for part in mark.split(" | "):
                assert part.strip() in MARKS or parsed(part.strip())


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_every_problem_has_its_words(lang) -> None:
    text = catalogue(lang)
    assert not [p.key for p in PROBLEMS if f"recognition.does.{p.key}" not in text]


def test_inputs_are_the_same_each_time() -> None:
    for problem in PROBLEMS:
        first = problem.forms[0](random.Random(f"{problem.key} 0"), 0)[0]
        assert repr(first_input(problem, 0)) == repr(first)


@pytest.mark.parametrize("text", ["def f(:", "def f(a):\n    return " + "(" * 300 + "a" + ")" * 300, ""])
def test_code_that_cannot_be_read_has_no_marks(text) -> None:
    assert code_of(text, 1, "f") is None


def test_a_search_of_sorted_lists_needs_them_sorted_and_a_small_list_shows_it(tmp_path):
    path = tmp_path / "m.py"
    path.write_text(
        NAMED["binary search"]
        + "\ndef g(a, b):\n    for c in b:\n        if c == a:\n            return True\n    return False\n"
    )
    module, runner = parsing.parse(parsing.read_source(str(path))), LocalRunner(root=str(tmp_path))
    try:
        function = parsing.find(module, "f")
        known = recognise(module, function, runner, Budget(30))
        assert needed_order(module, function, known, runner, Budget(30)) == ("b", "f(2, [2, 1])")
        plain = parsing.find(module, "g")
        assert (
            needed_order(module, plain, recognise(module, plain, runner, Budget(30)), runner, Budget(30))
            is None
        )
    finally:
        runner.close()


IDLE = {
    "true": lambda *a: True, "false": lambda *a: False, "zero": lambda *a: 0, "one": lambda *a: 1,
    "none": lambda *a: None, "nothing": lambda *a: [],
    "the first": lambda *a: a[0], "the last": lambda *a: a[-1],
    "the head": lambda *a: a[0][0], "the tail": lambda *a: a[0][-1], "the size": lambda *a: len(a[0]),
    "even": lambda n: n % 2 == 0, "half": lambda n: n // 2, "next": lambda n: n + 1,
    "product": lambda a, b: a * b,
    "less": lambda a, b: a < b, "same size": lambda a, b: len(a) == len(b), "long": lambda a: len(a) > 3,
}  # fmt: skip


@pytest.mark.parametrize("what", IDLE)
def test_an_idle_answer_solves_no_problem(what):
    for problem in PROBLEMS:
        for form in range(len(problem.forms)):
            try:
                outcomes = [
                    Outcome(given, instance, IDLE[what](*given), given)
                    for given, instance in inputs_of(problem, form, problem.trials)
                ]
            except (TypeError, IndexError, KeyError):
                continue
            assert solved(problem, outcomes)[1] < len(outcomes), (problem.key, form)
