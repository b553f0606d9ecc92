"""Chains back to a birth: the lines that must stand in them, and those that must not."""

from __future__ import annotations

import pytest

from tests.support.runs import CALL, SEARCH, ask, asked, seen

PROGRAM = """\
def scale(x, factor):
    noise = 3
    return x * factor

def price(items, tax):
    total = 0
    unused = 9
    for item in items:
        total += item
    rate = 1 + tax
    return scale(total, rate)

def place(grid, r, value):
    grid[r][0] = value

def board():
    grid = [[0, 0], [0, 0]]
    other = [5]
    place(grid, 1, 7)
    other.append(6)
    return grid[1][0]

def best(xs):
    found = xs[0]
    for x in xs:
        if x > 10:
            found = x
    return found

class Account:
    def __init__(self):
        self.sum = 0
        self.name = "a"
    def add(self, n):
        self.sum = self.sum + n
    def get(self):
        return self.sum

def bank():
    account = Account()
    account.add(4)
    return account.get()
"""


def lines(call: str, question: str = "why result", text: str = PROGRAM) -> list[int]:
    return [line for line, _ in asked(text, call, question, really=True)]


CASES = [
    ("price([2, 3], 1)", {3, 9, 10, 11}, {2, 7}),
    ("board()", {14, 19, 21}, {18, 20}),
    ("best([1, 2, 3])", {24, 26, 28}, {27}),  # what did not happen: the test that stored nothing else
    ("bank()", {35, 37}, {33}),
]


@pytest.mark.parametrize(("call", "wanted", "foreign"), CASES, ids=[row[0] for row in CASES])
def test_a_chain_holds_what_the_value_comes_from(call: str, wanted: set[int], foreign: set[int]) -> None:
    found = set(lines(call))
    assert wanted <= found
    assert not foreign & found


def test_a_chain_goes_back_in_time_and_names_each_statement_once() -> None:
    matches = ask(seen(SEARCH, CALL), "why result").matches
    steps = [match.step for match in matches]
    assert steps == sorted(steps, reverse=True)
    assert len({match.line for match in matches}) == len(matches) <= 10


def test_a_chain_can_begin_at_a_step() -> None:
    assert lines(CALL, "why low at step 5", SEARCH)[-1] == 2
    assert 10 in lines(CALL, "why low at step 9", SEARCH)
    assert 10 not in lines(CALL, "why low at step 5", SEARCH)
