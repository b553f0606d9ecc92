"""Several runs: held on N of them, refuted by one, never called proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from codeassist.records.answer import Verdict
from codeassist.records.evidence import Growth, Recognition
from codeassist.records.run import Budget, Run
from codeassist.records.trace import Trace
from codeassist.verifying.rows import claim_of
from tests.support.courtroom import court
from tests.support.oracle import oracle_trace

CODE = """
import random
SEEN = []

def add(xs):
    total = 0
    for x in xs:
        total += x
    if total < 0:
        return 0
    return total

def noisy(xs):
    print(xs)
    return add(xs)

def keeps(xs):
    SEEN.append(len(xs))
    return 1

def dice():
    return random.random()

def sort(xs):
    xs.sort()
    return xs
"""
CALLS = ("add([1, 2])", "add([])", "add([5])")


def judged(claim: dict[str, Any], *calls: str, **more: Any) -> Verdict:
    return court(CODE, *calls, **more).verdict(claim_of(claim))


def told(verdict: Verdict) -> tuple[str, str, int, bool]:
    return verdict.status, verdict.reason, verdict.runs, verdict.exhaustive


def test_a_held_universal_says_on_how_many_runs() -> None:
    claim = {"kind": "invariant", "func": "add", "line": 7, "expr": "x > 0", "scope": "all"}
    assert told(judged(claim, *CALLS)) == ("verified", "held", 2, False)  # the empty run asks nothing


def test_one_run_is_enough_to_refute() -> None:
    claim = {"kind": "post", "func": "add", "expr": "result > 0", "scope": "all"}
    verdict = judged(claim, *CALLS)
    assert told(verdict) == ("refuted", "counterexample", 3, True)
    assert verdict.witness is not None
    assert verdict.witness.run == 1
    assert verdict.witness.state["result"] == "0"


def test_a_claim_without_scope_speaks_of_the_first_run() -> None:
    assert judged({"kind": "returns", "func": "add", "value": "3"}, *CALLS).status == "verified"
    assert (
        judged({"kind": "returns", "func": "add", "value": "5", "scope": {"run": 2}}, *CALLS).status
        == "verified"
    )
    assert (
        judged({"kind": "returns", "func": "add", "value": "3", "scope": "all"}, *CALLS).status == "refuted"
    )


def test_unreachable_asks_every_run() -> None:
    claim = {"kind": "unreachable", "func": "add", "line": 10}
    assert told(judged(claim, *CALLS)) == ("verified", "held", 3, False)
    assert judged(claim, *CALLS, "add([-1])").status == "refuted"


def test_prev_holds_at_the_first_arrival() -> None:
    claim = {"kind": "invariant", "func": "add", "line": 7, "expr": "total >= prev(total)"}
    assert judged(claim, "add([1, 2, 3])").status == "verified"
    claim = {"kind": "invariant", "func": "add", "line": 7, "expr": "total < prev(total)"}
    assert judged(claim, "add([1])").status == "verified"
    assert judged(claim, "add([1, 2])").status == "refuted"


@pytest.mark.parametrize(
    ("at", "expr", "status"),
    [
        ("body_start", "total < 3", "verified"),
        ("body_end", "total < 3", "refuted"),
        ("head", "total <= 3", "verified"),
        ("exit", "total == 3", "verified"),
        ("exit", "total == 1", "refuted"),
        ("body_end", "total >= x", "verified"),
    ],
)
def test_where_an_invariant_is_asked(at: str, expr: str, status: str) -> None:
    claim = {"kind": "invariant", "func": "add", "line": 7, "expr": expr, "at": at}
    assert judged(claim, "add([1, 2])").status == status


class Again:
    """A runner that asks the oracle."""

    def run(self, runs: Sequence[Run], budget: Budget) -> Iterator[Trace]:
        return (oracle_trace(CODE, run.call, path=run.path) for run in runs)

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    ("call", "func", "pure", "wanted"),
    [
        ("add([1])", "add", True, "verified held"),
        ("add([1])", "add", False, "refuted counterexample"),
        ("noisy([1])", "noisy", True, "refuted counterexample"),
        ("noisy([1])", "noisy", False, "verified decided"),
        ("noisy([1])", "add", True, "verified held"),
        ("sort([2, 1])", "sort", True, "refuted counterexample"),
        ("sort([1, 2])", "sort", True, "verified held"),
        ("dice()", "dice", True, "refuted counterexample"),
        ("keeps([])", "keeps", True, "unchecked opaque"),
    ],
)
def test_pure_needs_clean_hands_and_a_second_run(call: str, func: str, pure: bool, wanted: str) -> None:
    found = judged({"kind": "pure", "func": func, "pure": pure}, call, runner=Again())
    assert f"{found.status} {found.reason}" == wanted


GROWTH = Growth("n log n", "len(xs)", ((8, 24), (16, 64), (32, 160)))


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        ({"class": "n log n", "in": "len(xs)"}, "verified held"),
        ({"class": "O(n log n)", "in": "len( xs )"}, "verified held"),
        ({"class": "n", "in": "len(xs)"}, "refuted counterexample"),
        ({"class": "n^2", "in": "len(xs)"}, "refuted counterexample"),
        ({"class": "n^2", "in": "len(xs)", "tight": False}, "verified held"),
        ({"class": "n", "in": "len(xs)", "tight": False}, "refuted counterexample"),
        ({"class": "n log n", "in": "n"}, "unchecked too-few-runs"),
        ({"class": "n log n", "in": "len(xs)", "measure": "space"}, "unchecked too-few-runs"),
        ({"class": "quick", "in": "len(xs)"}, "unchecked bad-claim"),
    ],
)
def test_complexity_is_what_was_counted(claim: dict[str, Any], wanted: str) -> None:
    oracles = {"complexity": lambda claim, part: GROWTH}
    found = judged({"kind": "complexity", "func": "add", **claim}, "add([1])", oracles=oracles)
    assert f"{found.status} {found.reason}" == wanted


def test_an_algorithm_is_at_most_supported() -> None:
    oracles = {"algorithm": lambda claim: Recognition("binary search", "searching", 0.9, "halves")}
    named = {"kind": "algorithm", "func": "add", "name": "Binary Search"}
    assert told(judged(named, "add([1])", oracles=oracles))[:2] == ("verified", "supported")
    other = {"kind": "algorithm", "func": "add", "name": "quicksort"}
    assert told(judged(other, "add([1])", oracles=oracles))[:2] == ("unchecked", "supported-only")
