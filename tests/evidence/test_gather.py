"""Evidence of small programs: facts, edge cases, invariants and growth, each from runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeassist import parsing
from codeassist.evidence import gather, measure, with_inputs
from codeassist.evidence.cases import tag
from codeassist.records.evidence import Complexity, Evidence
from codeassist.records.run import Budget, Run
from codeassist.tracing import LocalRunner

PROGRAM = """
import bisect


def insertion(xs):
    for i in range(1, len(xs)):
        j = i
        while j > 0 and xs[j - 1] > xs[j]:
            xs[j - 1], xs[j] = xs[j], xs[j - 1]
            j -= 1
    return xs


def search(xs, target):
    for a, b in zip(xs, xs[1:]):
        if a > b:
            raise ValueError("not sorted")
    low, high = 0, len(xs) - 1
    while low <= high:
        mid = (low + high) // 2
        if xs[mid] == target:
            return mid
        if xs[mid] < target:
            low = mid + 1
        else:
            high = mid - 1
    return -1


def wrapped(xs, x):
    return bisect.bisect_left(xs, x)


def slow(n):
    return 1 if n < 2 else slow(n - 1) + slow(n - 2)


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        prev, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            prev, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, prev + (x != y))
    return row[-1]


def visit(graph, start):
    seen, stack = {start}, [start]
    while stack:
        for other in graph[stack.pop()]:
            if other not in seen:
                seen.add(other)
                stack.append(other)
    return seen


def is_prime(n):
    i = 2
    while i * i <= n:
        if n % i == 0:
            return False
        i += 1
    return n > 1
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("program") / "prog.py"
    path.write_text(PROGRAM)
    return path


@pytest.fixture(scope="module")
def runner(place: Path):  # type: ignore[no-untyped-def]
    opened = LocalRunner(root=str(place.parent))
    yield opened
    opened.close()


def gathered(place: Path, runner: LocalRunner, qualname: str, *calls: str) -> Evidence:
    module = parsing.parse(parsing.read_source(str(place)))
    runs = [Run(path=module.source.path, call=call) for call in calls]
    traces = list(runner.run(runs, Budget(30)))
    return gather(module, parsing.find(module, qualname), traces, runner, Budget(30), None)


def grown(place: Path, runner: LocalRunner, qualname: str, call: str) -> Complexity:
    module = parsing.parse(parsing.read_source(str(place)))
    found = measure(module, parsing.find(module, qualname), [call], runner, Budget(60))
    assert found is not None
    return found


def test_facts_and_invariants(place: Path, runner: LocalRunner) -> None:
    lists = ["[5, 2, 4, 1]", "[]", "[7]", "[3, 1, 2]", "[4, 2, 4, 1]", "[1, 2, 3]", "[9, 8, 7, 6]"]
    found = gathered(place, runner, "insertion", *(f"insertion({xs})" for xs in lists))
    assert found.mutated == {"xs": True}
    assert found.parameter_types == {"xs": ("list",)}
    assert found.result_types == ("list",)
    assert found.line_counts[6] == 4  # three elements taken, then exhausted
    assert {case.tag for case in found.edge_cases} >= {
        "empty",
        "one element",
        "duplicates",
        "sorted",
        "reversed",
    }
    outer = [invariant.expr for invariant in found.invariants if invariant.line == 6]
    assert outer[0] == "xs[:i] == sorted(xs[:i])"
    assert len(outer) <= 3
    assert found.complexity is not None
    assert found.complexity.call.cls == "n^2"


def test_a_run_that_raises_is_evidence_too(place: Path, runner: LocalRunner) -> None:
    found = gathered(place, runner, "search", "search([1, 3, 5], 3)", "search([3, 1, 2], 3)")
    assert found.raised == {"ValueError": "search([3, 1, 2], 3)"}
    assert found.cases[1].outcome == "ValueError: not sorted"


def test_a_guard_is_told_from_the_core(place: Path, runner: LocalRunner) -> None:
    found = grown(place, runner, "search", "search([1, 3, 5, 7, 9, 11], 9)")
    assert (found.call.cls, found.core.cls) == ("n", "log n")
    assert found.call.size == "len(xs)"


@pytest.mark.parametrize(
    ("qualname", "call", "cls"),
    [
        ("wrapped", "wrapped([1, 3, 5, 7], 5)", "log n"),
        ("slow", "slow(6)", "2^n"),
        ("distance", "distance('kitten', 'sitting')", "m*n"),
        ("visit", "visit({'a': ['b', 'c'], 'b': ['c'], 'c': []}, 'a')", "n + m"),
        ("is_prime", "is_prime(97)", "sqrt n"),
    ],
)
def test_growth_from_one_example(
    place: Path, runner: LocalRunner, qualname: str, call: str, cls: str
) -> None:
    assert grown(place, runner, qualname, call).call.cls == cls


def test_growth_from_given_inputs(place: Path, runner: LocalRunner) -> None:
    module = parsing.parse(parsing.read_source(str(place)))
    function = parsing.find(module, "insertion")
    falling = with_inputs(module, function, "lambda n: (list(range(n, 0, -1)),)", runner, Budget(30))
    rising = with_inputs(
        module, function, "lambda n: list(range(n))", runner, Budget(30)
    )  # no tuple: one argument
    mixed = with_inputs(module, function, "lambda n: (random.sample(range(n), n),)", runner, Budget(30))
    assert (falling.call.cls, rising.call.cls, mixed.call.cls) == ("n^2", "n", "n^2")
    assert falling.call.size == "n"


def test_inputs_that_cannot_be_made_support_nothing(place: Path, runner: LocalRunner) -> None:
    module = parsing.parse(parsing.read_source(str(place)))
    found = with_inputs(module, parsing.find(module, "slow"), "lambda n: (nowhere,)", runner, Budget(30))
    assert (found.call.cls, found.call.points) == ("", ())


@pytest.mark.parametrize(
    ("call", "result", "kind", "expected"),
    [
        ("f([3, 1, 2], 1)", 1, "returned", ""),
        ("f(g)", 1, "returned", ""),
        ("f([])", 0, "returned", "empty"),
        ("f([1])", 0, "returned", "one element"),
        ("f([1, 1])", 0, "returned", "all equal"),
        ("f([1, 3, 1])", 0, "returned", "duplicates"),
        ("f([1, 2, 5], 9)", -1, "returned", "not found"),
        ("f([1, 2, 5], 9)", None, "raised", "not found"),
        ("f(0)", 0, "returned", "zero"),
        ("f(-2)", 0, "returned", "negative"),
    ],
)
def test_what_is_special_about_an_input(call: str, result: object, kind: str, expected: str) -> None:
    assert tag(call, result, kind) == expected


def test_a_need_is_shown_by_a_call_that_breaks_it(tmp_path: Path) -> None:
    path = tmp_path / "mean.py"
    path.write_text("def mean(xs):\n    return sum(xs) / len(xs)\n\n\ndef safe(xs):\n    return len(xs)\n")
    with LocalRunner(root=str(tmp_path)) as runner:
        found = gathered(path, runner, "mean", "mean([3, 1, 2])", "mean([4, 4])")
        assert gathered(path, runner, "safe", "safe([3, 1, 2])").preconditions == ()
    (need,) = found.preconditions
    assert (need.expr, need.probe.call, need.probe.run) == ("len(xs) > 0", "mean([])", 2)
    assert found.runs[2].header.run.origin == "probe"


def test_a_coincidence_does_not_survive_fresh_inputs(tmp_path: Path) -> None:
    path = tmp_path / "walk.py"
    path.write_text("def walk(xs, top):\n    i = 0\n    while i < len(xs):\n        i += 1\n    return i\n")
    calls = [f"walk({list(range(k))}, 7)" for k in (3, 4, 5, 6)]
    with LocalRunner(root=str(tmp_path)) as runner:
        found = gathered(path, runner, "walk", *calls)
    exprs = [invariant.expr for invariant in found.invariants]
    assert "0 <= i < len(xs)" in exprs
    assert "i < top" not in exprs  # true of these four calls only


NOISE = '''
def table(source, target):
    """
    >>> table('cat', 'cart')
    [[0, 1], [1, 1]]
    """
    rows = [[0] * (len(target) + 1) for _ in range(len(source) + 1)]
    for i in range(len(source) + 1):
        rows[i][0] = i
    return rows


def first(xs, target):
    for i in range(len(xs)):
        if xs[i] == target:
            return i
    return -1


def holder(n):
    def inner(k):
        return k + 1
    return inner(n)
'''


def test_noise_is_not_an_invariant_and_a_search_is_told(tmp_path: Path) -> None:
    path = tmp_path / "noise.py"
    path.write_text(NOISE)
    words = ("cat", "cart", "", "a", "kitten", "sitting")
    with LocalRunner(root=str(tmp_path)) as runner:
        found = gathered(path, runner, "table", *(f"table({w!r}, {v!r})" for w in words for v in words[:3]))
        assert found.invariants == ()  # sorted rows and longer texts are the inputs' doing
        lists = ("[5, 2, 9, 1]", "[3, 1, 2]", "[4, 4, 2, 8, 6]")
        calls = [f"first({xs}, {t})" for xs in lists for t in (1, 2, 7)]
        assert [i.expr for i in gathered(path, runner, "first", *calls).invariants] == [
            "target not in xs[:i]"
        ]


def test_lines_of_nested_functions_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "nested.py"
    path.write_text(NOISE)
    with LocalRunner(root=str(tmp_path)) as runner:
        found = gathered(path, runner, "holder", "holder(2)")
    lines = NOISE.splitlines()
    assert found.line_counts[lines.index("        return k + 1") + 1] == 1
