"""Inputs that stand elsewhere: in the repository's tests, in one test's run, in what callers pass on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codeassist import parsing
from codeassist.inputs.examples import in_tests
from codeassist.inputs.seen import seen
from tests.support.command import codeassist
from tests.support.oracle import oracle_trace

PROGRAM = """\
def weave(left, right, pick):
    out = []
    for a, b in zip(left, right):
        out.append(a if pick else b)
    return out


def _best(rows, key):
    best = None
    for row in rows:
        if best is None or row[key]["w"] > best[key]["w"]:
            best = row
    return best


def heaviest(names, weights):
    rows = [{"k": {"w": weights[name]}, "name": name} for name in names]
    return _best(rows, "k")["name"]


class Bag:
    def __init__(self, items):
        self.items = list(items)

    def take(self, k):
        got = []
        while k and self.items:
            got.append(self.items.pop())
            k -= 1
        return got
"""
TESTS = """\
import sys, pathlib
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import pytest
from merge import weave, Bag, heaviest

@pytest.mark.parametrize("a, b, p, want", [([1, 2], [3, 4], True, [1, 2]), ("ab", "cd", False, ["c", "d"])])
def test_weave(a, b, p, want):
    assert weave(a, b, p) == want

def test_bag():
    bag = Bag([1, 2, 3])
    assert bag.take(2) == [3, 2]

def test_heaviest():
    assert heaviest(["a", "b"], {"a": 1, "b": 2}) == "b"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'p'\n")
    (tmp_path / "merge.py").write_text(PROGRAM)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_merge.py").write_text(TESTS)
    return tmp_path


def inputs_of(target: str, *words: str) -> list[tuple[str, str]]:
    done = codeassist("explain", target, "--format", "json", "--no-cache", *words)
    assert done.status == 0, done.err
    found = json.loads(done.out)["explanations"][0]
    assert all(claim["verdict"]["status"] == "verified" for claim in found["claims"])
    return [(made["call"], made["from"]) for made in found["inputs"]]


def calls(text: str, qualname: str, folder: Path) -> list[str]:
    path = folder / "merge.py"
    path.write_text(PROGRAM)
    module = parsing.parse(parsing.read_source(str(path)))
    return [example.call for example in in_tests(text, module, parsing.find(module, qualname))]


NOTHING = {
    "other names": "def test_x():\n    assert other(1) == 2\n",
    "no test": "def helper():\n    weave([1], [2], True)\n",
    "rows that are made": "@pytest.mark.parametrize('a', rows())\ndef test_x(a):\n    assert other(a)\n",
    "does not parse": "def test_x(:\n    weave([1], [2], True)\n",
    "in a string": "def test_x():\n    s = 'weave([1], [2], True)'\n",
}


@pytest.mark.parametrize("name", NOTHING)
def test_nothing_is_found_where_nothing_stands(name: str, tmp_path: Path) -> None:
    assert calls(NOTHING[name], "weave", tmp_path) == []


def test_a_parametrized_test_gives_a_call_for_each_row(tmp_path: Path) -> None:
    assert calls(TESTS, "weave", tmp_path) == ["weave([1, 2], [3, 4], True)", "weave('ab', 'cd', False)"]
    single = (
        "@pytest.mark.parametrize('n', [1, pytest.param(2, id='two'), x])\ndef test_x(n):\n    weave(n, n, n)"
    )
    assert calls(single, "weave", tmp_path) == ["weave(1, 1, 1)", "weave(2, 2, 2)"]


def test_an_object_is_built_as_the_test_builds_it(tmp_path: Path) -> None:
    assert calls(TESTS, "Bag.take", tmp_path) == ["(bag := Bag([1, 2, 3]), bag.take(2))[-1]"]


SEEN = """\
def f(a, *rest, k=1, **more):
    return a


def run():
    f(1)
    f([2], 3, 4, k=5)
    f("x", z=1)
    f(len)
    f(1)
"""


def test_calls_are_read_off_a_run(tmp_path: Path) -> None:
    path = tmp_path / "p.py"
    path.write_text(SEEN)
    module = parsing.parse(parsing.read_source(str(path)))
    trace = oracle_trace(SEEN, "run()", path=str(path))
    found = seen(trace, parsing.find(module, "f"))
    assert found[0].startswith("f(1")
    assert "f([2], 3, 4, k=5" in found[1]
    assert "len" not in "".join(found)
    assert len(found) == len(set(found)) == 3


def test_tests_of_the_repository_are_used(project: Path) -> None:
    found = inputs_of(f"{project / 'merge.py'}::weave")
    assert found[:2] == [("weave([1, 2], [3, 4], True)", "test"), ("weave('ab', 'cd', False)", "test")]
    assert inputs_of(f"{project / 'merge.py'}::Bag.take")[0][1] == "test"


def test_a_test_can_be_named(project: Path) -> None:
    node = f"{project / 'tests' / 'test_merge.py'}::test_weave"
    assert inputs_of(f"{project / 'merge.py'}::weave", "--from-test", node)[0] == (
        "weave([1, 2], [3, 4], True)",
        "test",
    )
    whole = f"{project / 'tests' / 'test_merge.py'}::test_bag"
    (only,) = inputs_of(f"{project / 'merge.py'}::Bag.take", "--from-test", whole)
    assert only == (whole, "test")


def test_a_test_that_does_not_reach_it_is_said(project: Path) -> None:
    node = f"{project / 'tests' / 'test_merge.py'}::test_bag"
    done = codeassist("explain", f"{project / 'merge.py'}::weave", "--from-test", node)
    assert done.status == 2
    assert done.err.endswith("does not reach weave\n")
    assert codeassist("explain", str(project / "merge.py"), "--from-test", "no.py::test_x").status == 2


def test_a_helper_is_run_with_what_its_caller_passes(project: Path) -> None:
    call, origin = inputs_of(f"{project / 'merge.py'}::_best")[0]
    assert call == "_best([{'k': {'w': 1}, 'name': 'a'}, {'k': {'w': 2}, 'name': 'b'}], 'k')"
    assert origin == "generated"


def test_a_call_that_reaches_none_of_several_functions_is_said(project: Path) -> None:
    done = codeassist("explain", str(project / "merge.py"), "--call", "len([1])", "--no-cache")
    assert done.status == 0
    assert "--call len([1]): reaches none of these functions" in done.out
