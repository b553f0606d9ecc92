"""Guesses are tried before they are trusted; the telling run leads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from codeassist import parsing
from codeassist.inputs import choose
from codeassist.records.program import Module
from codeassist.records.run import Budget, Run
from codeassist.tracing import LocalRunner

PROGRAM = '''
def halve(xs, target):
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


def shout(q):
    """Loud."""
    return q.upper() + "!"


def picky(level):
    if level not in ("low", "high"):
        raise ValueError(level)
    return level == "high"


def broken(x):
    return x.no_such_attribute_anywhere + undefined_name


def told(n):
    """
    >>> told(5)
    10
    >>> told(0)
    0
    """
    total = 0
    for i in range(n):
        total += i
    return total


class Counter2:
    def __init__(self):
        self.counts = {}

    def add(self, word):
        self.counts[word] = self.counts.get(word, 0) + 1

    def most(self):
        return max(self.counts, key=self.counts.get)
'''


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Module, LocalRunner]]:
    folder = tmp_path_factory.mktemp("program")
    path = folder / "prog.py"
    path.write_text(PROGRAM)
    runner = LocalRunner(root=str(folder))
    yield parsing.parse(parsing.read_source(str(path))), runner
    runner.close()


def chosen(program: tuple[Module, LocalRunner], qualname: str, *calls: str) -> list[Run]:
    module, runner = program
    return choose(module, parsing.find(module, qualname), runner, Budget(20), calls=calls)


def test_nothing_sensible_gives_nothing(program: tuple[Module, LocalRunner]) -> None:
    assert chosen(program, "broken") == []


def test_a_given_call_leads_whatever_it_does(program: tuple[Module, LocalRunner]) -> None:
    runs = chosen(program, "halve", "halve([], 1)", "halve(None, 1)")
    assert [run.call for run in runs[:2]] == ["halve([], 1)", "halve(None, 1)"]


def test_the_type_is_found_by_trying(program: tuple[Module, LocalRunner]) -> None:
    assert "'" in chosen(program, "shout")[0].call


def test_a_search_is_tried_on_a_sorted_list(program: tuple[Module, LocalRunner]) -> None:
    runs = chosen(program, "halve")
    assert runs[0].call.startswith("halve([1, 3, 5, 7, 9, 11], ")
    assert all(run.detail == "full" and run.origin == "generated" for run in runs)
    assert "halve([], " in " ".join(run.call for run in runs)


def test_a_telling_doctest_leads(program: tuple[Module, LocalRunner]) -> None:
    runs = chosen(program, "told")
    assert (runs[0].call, runs[0].origin) == ("told(5)", "doctest")
    assert (runs[1].call, runs[1].origin) == ("told(0)", "doctest")


def test_literals_of_the_body_reach_branches(program: tuple[Module, LocalRunner]) -> None:
    calls = [run.call for run in chosen(program, "picky")]
    assert any("'high'" in call or "'low'" in call for call in calls)


def test_methods_run_on_filled_objects(program: tuple[Module, LocalRunner]) -> None:
    assert ".add(" in chosen(program, "Counter2.most")[0].call


def test_what_is_written_leads_the_most_telling_first(tmp_path: Path) -> None:
    path = tmp_path / "queens.py"
    path.write_text(
        'def find(n):\n    """\n    >>> find(0)\n    >>> find(4)\n    [0, 2]\n    """\n'
        "    found = []\n\n    def place(k):\n        if k < n:\n            found.append(k)\n"
        "            place(k + 2)\n\n    place(0)\n    return found or None\n"
    )
    with LocalRunner(root=str(tmp_path)) as runner:
        module = parsing.parse(parsing.read_source(str(path)))
        runs = choose(module, parsing.find(module, "find"), runner, Budget(20))
    assert [(run.call, run.origin) for run in runs[:2]] == [("find(4)", "doctest"), ("find(0)", "doctest")]
    assert {run.origin for run in runs[2:]} == {"generated"}
