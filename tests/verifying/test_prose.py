"""Prose as models write it: what says its claims passes, what adds a word of its own does not."""

from __future__ import annotations

from typing import Any

import pytest

from codeassist.records.answer import Claim
from codeassist.verifying.phrasing import licensed


def claim(kind: str, id: str = "m1", scope: Any = None, **fields: Any) -> Claim:
    return Claim(kind, {"func": "f", **fields}, id, scope=scope)


CLAIMS = {
    "R": claim("returns", value="3"),
    "K": claim("mutates", id="m2", param="xs", mutated=False),
    "I": claim("iterations", line=4, count=2),
    "B": claim("branch", line=7, taken=True),
    "E": claim("executes", line=6, count=2),
    "V1": claim("value", line=5, expr="low", value="2"),
    "V2": claim("value", id="m2", line=5, expr="high", value="7"),
    "INV": claim("invariant", line=4, expr="low <= high", scope="all"),
    "CX": claim("complexity", **{"class": "log n", "in": "len(xs)"}),
    "S": claim("sequence", line=4, var="x", values="[1, 2]"),
    "X": claim("raises", exception="KeyError"),
    "ROLE": claim("role", var="best", role="gatherer"),
    "D": claim("depth", max=3),
    "P": claim("post", expr="result in xs", scope="all"),
    "U": claim("unreachable", line=9, scope="all"),
    "EX": claim("exit_by", line=4, by="return"),
}

ADDS = [
    ("In the end, it returns {m1.value}.", "R"),
    ("The output is {m1.value}.", "R"),
    ("The input list xs is not modified.", "K"),
    ("It never modifies xs.", "K"),
    ("The while loop at line {m1.line} runs {m1.count} times.", "I"),
    ("low is {m1.value} and high is {m2.value} after line {m2.line}.", "V1 V2"),
    ("After line {m1.line}, low is {m1.value} and high is {m2.value}.", "V1 V2"),
    ("Line {m1.line} sets low to {m1.value}.", "V1"),
    ("{m1.expr} holds at every turn of the loop at line {m1.line}.", "INV"),
    ("The time complexity is {m1.class} in {m1.in}.", "CX"),
    ("The loop at line {m1.line} visits {m1.values}.", "S"),
    ("It returns 4.", "R"),
    ("It returns 30.", "R"),
    ("It returns 3.5.", "R"),
    ("It returns -3.", "R"),
    ("It returns 03.", "R"),
    ("Line 66 runs {m1.count} times.", "E"),
    ("Line 6 runs 20 times.", "E"),
    ("After line 5, low is 22.", "V1"),
    ("After line 5 low is 2 or so.", "V1"),
    ("It returns 3 sorted items.", "R"),
    ("The final sorted result is 3.", "R"),
]

SAYS = [
    ("The function returns {m1.value}.", "R"),
    ("The call returns 3.", "R"),
    ("It returns `3`.", "R"),
    ("This function returns {m1.value}.", "R"),
    ("The final result is {m1.value}.", "R"),
    ("For this input, the function returns {m1.value}.", "R"),
    ("In this example, it returns {m1.value}.", "R"),
    ("The returned value is {m1.value}.", "R"),
    ("It evaluates to {m1.value}.", "R"),
    ("It produces {m1.value}.", "R"),
    ("xs is left unchanged.", "K"),
    ("xs is not changed.", "K"),
    ("The argument xs stays unchanged.", "K"),
    ("It doesn't change xs.", "K"),
    ("The loop at line {m1.line} executes {m1.count} times.", "I"),
    ("The loop on line 4 runs 2 times.", "I"),
    ("The loop at line {m1.line} performs {m1.count} iterations.", "I"),
    ("The condition at line {m1.line} is true.", "B"),
    ("The condition on line {m1.line} holds.", "B"),
    ("The test on line {m1.line} is satisfied.", "B"),
    ("The if at line {m1.line} evaluates to true.", "B"),
    ("Line {m1.line} executes {m1.count} times.", "E"),
    ("Line {m1.line} is executed {m1.count} times.", "E"),
    ("At line {m1.line}, low is {m1.value}.", "V1"),
    ("After line {m1.line}, `low` equals {m1.value}.", "V1"),
    ("After line 5, low is 2.", "V1"),
    ("The invariant {m1.expr} held at every turn of the loop at line {m1.line}.", "INV"),
    ("{m1.expr} held at every iteration of the loop at line {m1.line}.", "INV"),
    ("Its running time grows like {m1.class} in {m1.in}.", "CX"),
    ("The cost grows as {m1.class} in {m1.in}.", "CX"),
    ("x takes the values {m1.values} in the loop at line {m1.line}.", "S"),
    ("It raises {m1.exception}.", "X"),
    ("It raises a KeyError.", "X"),
    ("A {m1.exception} is raised.", "X"),
    ("best is a {m1.role}.", "ROLE"),
    ("The variable best acts as a {m1.role}.", "ROLE"),
    ("The recursion is {m1.max} calls deep.", "D"),
    ("The recursion reaches a depth of {m1.max}.", "D"),
    ("{m1.expr} held at every return.", "P"),
    ("On return, {m1.expr} held.", "P"),
    ("Line {m1.line} was never reached.", "U"),
    ("The loop at line {m1.line} is left by return.", "EX"),
    ("The loop at line {m1.line} exits with a return.", "EX"),
]


@pytest.mark.parametrize(("text", "names"), ADDS)
def test_prose_that_adds_a_word_is_an_opinion(text: str, names: str) -> None:
    assert licensed(text, [CLAIMS[name] for name in names.split()], "f") is None


@pytest.mark.parametrize(("text", "names"), SAYS)
def test_plain_prose_over_true_claims_is_checked(text: str, names: str) -> None:
    assert licensed(text, [CLAIMS[name] for name in names.split()], "f") is not None
