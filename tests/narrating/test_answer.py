"""The baseline answer: nothing refuted, nothing empty, numbers only through slots, values that are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from codeassist import narrating, parsing, verifying
from codeassist.records.answer import Answer
from codeassist.records.evidence import Evidence, Recognition
from codeassist.records.report import Explanation
from tests.support.telling import compose, explain, module_of

EXAMPLES = Path(__file__).parents[2] / "examples"
RUNS = [
    ("binary_search.py", "binary_search", ["binary_search([1, 3, 5, 7], 7)", "binary_search([], 1)",
                                           "binary_search([2], 3)"]),
    ("insertion_sort.py", "insertion_sort", ["insertion_sort([3, 1, 2, 5, 4])", "insertion_sort([])",
                                             "insertion_sort([2, 1])", "insertion_sort([5, 9])"]),
    ("merge_sort.py", "merge", ["merge([1, 4], [2, 3])", "merge([], [1])"]),
    ("merge_sort.py", "merge_sort", ["merge_sort([3, 1, 2])", "merge_sort([])"]),
    ("fibonacci.py", "fibonacci", ["list(fibonacci(20))", "list(fibonacci(0))"]),
    ("gcd.py", "extended_gcd", ["extended_gcd(12, 18)", "extended_gcd(7, 0)"]),
    ("n_queens.py", "n_queens", ["n_queens(4)", "n_queens(3)"]),
    ("kmp.py", "find", ["find('abcabd', 'abd')", "find('a', 'b')"]),
    ("kmp.py", "prefix_table", ["prefix_table('abab')", "prefix_table('')"]),
    ("sieve.py", "primes_up_to", ["primes_up_to(30)", "primes_up_to(1)"]),
    ("edit_distance.py", "edit_distance", ["edit_distance('kitten', 'sit')", "edit_distance('', '')"]),
    ("dijkstra.py", "dijkstra", ["dijkstra({'a': {'b': 7, 'c': 2}, 'b': {}, 'c': {'b': 3}}, 'a')"]),
    ("linked_list.py", "reverse", ["reverse(from_list([1, 2, 3]))", "reverse(None)"]),
]  # fmt: skip
IDS = [f"{name}:{qualname}" for name, qualname, _ in RUNS]


def of_example(folder: Path, name: str, qualname: str, calls: list[str]) -> Explanation:
    return explain(module_of(folder, (EXAMPLES / name).read_text(encoding="utf-8")), qualname, calls)


@pytest.mark.parametrize(("name", "qualname", "calls"), RUNS, ids=IDS)
def test_the_judge_agrees_with_every_claim(
    tmp_path: Path, name: str, qualname: str, calls: list[str]
) -> None:
    module = module_of(tmp_path, (EXAMPLES / name).read_text(encoding="utf-8"))
    answer, verdicts = compose(module, qualname, calls)
    assert [(c.kind, c.fields, v.reason) for c, v in zip(answer.claims, verdicts, strict=True)
            if v.status != "verified"] == []  # fmt: skip
    assert len(answer.claims) > 4


@pytest.mark.parametrize(("name", "qualname", "calls"), RUNS, ids=IDS)
def test_every_slot_is_filled_and_no_text_is_empty(
    tmp_path: Path, name: str, qualname: str, calls: list[str]
) -> None:
    explanation = of_example(tmp_path, name, qualname, calls)
    for section in explanation.sections:
        assert section.sentences or section.tables, section.id
        for text in [s.text for s in section.sentences] + [
            c for t in section.tables for r in t.rows for c in r
        ]:
            assert not re.search(r"\{c\d+\.", text)
    texts = [s.text for section in explanation.sections for s in section.sentences]
    assert all(text.strip() for text in texts)
    assert len(texts) == len(set(texts)), "nothing is said twice"


@pytest.mark.parametrize(("name", "qualname", "calls"), RUNS, ids=IDS)
def test_numbers_of_a_run_stand_in_sentences_only_as_slots(
    tmp_path: Path, name: str, qualname: str, calls: list[str]
) -> None:
    module = module_of(tmp_path, (EXAMPLES / name).read_text(encoding="utf-8"))
    answer, _ = compose(module, qualname, calls)
    for section in answer.sections:
        for sentence in section.sentences:
            if sentence.fact in ("docstring", "structure", "runs", "run", "counted", "graph"):
                continue
            outside = re.sub(r"`[^`]*`|\{c\d+\.\w+\}", "", sentence.text)
            assert not re.search(r"\d", outside), sentence.text


def test_a_table_is_never_long(tmp_path: Path) -> None:
    module = module_of(
        tmp_path, "def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n"
    )
    tables = [t for s in explain(module, "f", ["f(500)"]).sections for t in s.tables]
    assert max(len(table.rows) for table in tables) <= 11
    assert any(
        cell.startswith("... ") and cell.endswith(" more")
        for table in tables
        for row in table.rows
        for cell in row
    )


def section_text(explanation: Explanation, id: str) -> str:
    section = next((s for s in explanation.sections if s.id == id), None)
    if section is None:
        return ""
    rows = [" | ".join(row) for table in section.tables for row in table.rows]
    return "\n".join([*(s.text for s in section.sentences), *rows])


PURPOSES = [
    (
        "def f(xs):\n    return sorted(xs)",
        ["f([3, 1, 2])", "f([1])", "f([2, 2])", "f([5, 4, 9])"],
        "ascending order",
    ),
    (
        "def f(xs):\n    t = 0\n    for x in xs:\n        t += x\n    return t",
        ["f([3, 1, 2])", "f([1])", "f([4, 2])", "f([5, 4, 9])"],
        "Adds up the items of `xs`",
    ),
    (
        "def f(xs):\n    b = xs[0]\n    for x in xs:\n        if x > b:\n            b = x\n    return b",
        ["f([3, 1, 2])", "f([1])", "f([4, 2])", "f([5, 4, 9])"],
        "largest item",
    ),
    (
        "def f(xs):\n    xs.sort()",
        ["f([3, 1, 2])", "f([1])", "f([4, 2])", "f([5, 4, 9])"],
        "Sorts the list `xs` itself",
    ),
    ("def f(x):\n    '''Frobnicate the x.'''\n    return x", ["f(1)"], "Frobnicate the x."),
    (
        "def f(xs):\n    out = []\n    for x in xs:\n        if x: out.append(x)\n    return out",
        ["f([1, 2, 3])"],
        "Builds `out` from `xs`",
    ),
    (
        "def f(n):\n    if n < 2:\n        return 1\n    return n * f(n - 1)",
        ["f(3)"],
        "smaller ones of the same kind",
    ),
]


@pytest.mark.parametrize(("text", "calls", "said"), PURPOSES, ids=[row[2][:20] for row in PURPOSES])
def test_purpose_relates_the_result_to_the_input(
    tmp_path: Path, text: str, calls: list[str], said: str
) -> None:
    assert said in explain(module_of(tmp_path, text + "\n"), "f", calls).summary.text


NO_RELATION = [
    ("def f(xs):\n    return xs", ["f([3, 1, 2])", "f([1])", "f([2])"], "three runs are too few"),
    (
        "def f(xs):\n    return sorted(xs)",
        ["f([1, 2, 3])", "f([1])", "f([])", "f([4, 5])"],
        "only sorted lists were tried",
    ),
    (
        "def f(xs):\n    return 6",
        ["f([1, 2, 3])", "f([3, 3])", "f([6])", "f([4, 2])"],
        "always the same result",
    ),
]


@pytest.mark.parametrize(("text", "calls", "why"), NO_RELATION, ids=[row[2] for row in NO_RELATION])
def test_no_relation_is_claimed_from_runs_that_cannot_show_it(
    tmp_path: Path, text: str, calls: list[str], why: str
) -> None:
    answer, _ = compose(module_of(tmp_path, text + "\n"), "f", calls)
    posts = [str(claim.fields["expr"]) for claim in answer.claims if claim.kind == "post"]
    assert not any("old(" in expr for expr in posts)


def test_the_worked_run_shows_operands_and_only_what_changed(tmp_path: Path) -> None:
    told = section_text(of_example(tmp_path, *RUNS[0]), "worked-run")
    assert "`binary_search([1, 3, 5, 7], 7)` gives 3" in told
    assert "3 == 7  False" in told
    assert "7 == 7  True" in told
    assert "returns 3" in told


def test_recursion_is_a_tree_in_which_a_sub_problem_opens_once(tmp_path: Path) -> None:
    text = "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n"
    told = section_text(explain(module_of(tmp_path, text), "fib", ["fib(5)"]), "worked-run")
    assert "`fib` is called 15 times, at most 5 deep" in told
    assert told.count("fib(2)") == 2
    assert "fib(3)  again | 2" in told


def test_exceptions_are_told_with_the_test_that_guards_them(tmp_path: Path) -> None:
    text = "def f(n):\n    if n < 0:\n        raise ValueError(n)\n    return n\n"
    told = section_text(explain(module_of(tmp_path, text), "f", ["f(1)", "f(-1)"]), "contract")
    assert "raises | ValueError when `n < 0`, as for `f(-1)`" in told


def test_a_line_that_no_run_reached_is_said(tmp_path: Path) -> None:
    text = "def f(n):\n    if n:\n        return 1\n    return 2\n"
    explanation = explain(module_of(tmp_path, text), "f", ["f(0)"])
    assert "Line 3 was reached by no run." in section_text(explanation, "limits")
    assert [note.text for note in explanation.annotations if note.line == 3] == ["reached by no run"]


def test_recognition_is_told_with_its_reason(tmp_path: Path) -> None:
    module = module_of(tmp_path, "def f(x):\n    return x\n")
    known = Recognition("identity", "toy", 0.9, "it gives back what it gets")
    answer, _ = compose(module, "f", ["f(1)"], recognition=known)
    assert any("it gives back what it gets" in s.text for s in answer.sections[0].sentences)


def static(folder: Path, text: str, qualname: str) -> Answer:
    module = module_of(folder, text)
    function = parsing.find(module, qualname)
    evidence = Evidence(function.id, limits=("not run: --no-run",))
    return narrating.compose(module, function, evidence, None)


def test_without_a_run_nothing_is_claimed_and_the_reason_is_said(tmp_path: Path) -> None:
    answer = static(tmp_path, (EXAMPLES / "binary_search.py").read_text(encoding="utf-8"), "binary_search")
    assert [claim for claim in answer.claims if claim.kind != "algorithm"] == []
    assert {section.id for section in answer.sections} >= {"purpose", "plan", "structure", "limits"}
    assert "not run: --no-run" in [s.text for s in answer.sections[-1].sentences]


ODD = [
    "def f(): pass",
    "def f(): ...",
    "def f(*args, **kw):\n    return args",
    "f = lambda x: x",
    "class f:\n    x = 1",
    "def f(x):\n    match x:\n        case [1, *r]:\n            return r\n        case _:\n            pass",
    "async def f(x):\n    async for y in x:\n        await y",
    "def f(x):\n    with open(x) as g, g:\n        del x\n    assert g, 'no'",
    "def f(x, y=lambda: {}):\n    global z\n    z = x; y = 2; return z",
    "def f(a, /, b, *, c=1):\n    try:\n        return a\n    finally:\n        b = c",
    "def f(x):\n    '''{c1.value} `a` {} {{'''\n    return f'{x!r:>{10}}'",
]


@pytest.mark.parametrize("text", ODD)
def test_odd_functions_are_explained_without_a_run(tmp_path: Path, text: str) -> None:
    answer = static(tmp_path, text + "\n", "f" if "lambda x" not in text else "<lambda1>")
    settled = verifying.settle(answer, [])
    assert settled.summary.text
    assert settled.dropped == 0, "a brace of the program was taken for a slot"


def test_a_run_that_was_cut_off_is_told_without_numbers_that_it_does_not_know(tmp_path: Path) -> None:
    from codeassist.narrating import walk

    text = "def f(n):\n    t = 0\n    while n:\n        n -= 1\n        t += n\n    return t\n"
    module = module_of(tmp_path, text)
    kept, walk.MOST_EVENTS = walk.MOST_EVENTS, 30
    try:
        answer, verdicts = compose(module, "f", ["f(100)"])
    finally:
        walk.MOST_EVENTS = kept
    assert [v.status for v in verdicts if v.status != "verified"] == []
    assert not any(claim.kind == "iterations" for claim in answer.claims)


def test_a_method_that_calls_a_function_of_its_name_is_not_recursive(tmp_path: Path) -> None:
    text = "def find(x):\n    return x\nclass A:\n    def find(self, x):\n        x = find(x)\n"
    answer = static(tmp_path, text, "A.find")
    assert "smaller ones of the same kind" not in answer.summary.text


def test_a_guard_is_told_only_for_the_raise_that_the_run_came_to(tmp_path: Path) -> None:
    text = (
        "def f(n):\n    if n < 0:\n        raise ValueError(n)\n    if n == 7:\n        raise ValueError(n)\n"
    )
    told = section_text(explain(module_of(tmp_path, text), "f", ["f(1)", "f(7)"]), "contract")
    assert "raises | ValueError when `n == 7`, as for `f(7)`" in told
    assert "n < 0" not in told
