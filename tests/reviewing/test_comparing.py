"""What a caller would notice: nothing first, then every kind of difference."""

from __future__ import annotations

from typing import Any

import pytest

from codeassist.records.trace import ExceptionInfo, Observation, Outcome
from codeassist.records.values import Instance, Opaque
from codeassist.reviewing.calls import Kept
from codeassist.reviewing.comparing import Rules, agree, difference

RULES = Rules(lambda error: error.line == 1, lambda error: error.line == 1)
"""an exception at line 1 is one that the program itself raises"""


def gave(result: Any = None, **rest: Any) -> Observation:
    return Observation("f(1)", Outcome("returned", result), **rest)


def raised(cls: str, message: str = "", line: int = 0) -> Observation:
    return Observation("f(1)", Outcome("raised", exception=ExceptionInfo(cls, message, line)))


HANGS = Observation("f(1)", Outcome("limit_reached", limit="events"))
BAD = Observation("f(1)", Outcome("bad_input"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (gave([1, {2}]), gave([1, {2}])),
        (gave(0.1 + 0.2), gave(0.3)),
        (gave(float("nan")), gave(float("nan"))),
        (gave({"a": 1, "b": 2}), gave({"b": 2, "a": 1})),
        (gave(Opaque("function", "<f at 0x1>")), gave(Opaque("function", "<f at 0x2>"))),
        (
            gave(Instance("P", {"_x": 1})),
            gave(Instance("P", {"_hidden": 1})),
        ),  # its state is its own business
        (raised("IndexError", "list index out of range"), raised("KeyError", "3")),  # both fall over
        (raised("ValueError", "no", 1), raised("ValueError", "no", 1)),
        (HANGS, HANGS),
        (HANGS, raised("RecursionError")),
        (BAD, gave(1)),
    ],
)
def test_no_difference(old: Observation, new: Observation) -> None:
    assert difference(old, new, [], RULES) is None


@pytest.mark.parametrize(
    ("old", "new", "kind", "texts"),
    [
        (gave(1), gave(2), "value", ("1", "2")),
        (gave(1), gave(1.0), "value", ("1", "1.0")),
        (gave([1]), gave((1,)), "value", ("[1]", "(1,)")),
        (gave([1]), gave([1], iterates=True), "value", ("[1]", "iterator of [1]")),
        (gave(Instance("P", {"x": 1})), gave(Instance("P", {"x": 2})), "value", ("P(x=1)", "P(x=2)")),
        (gave(Instance("P", {"x": 1})), gave(Instance("P", {})), "value", ("P(x=1)", "P()")),
        (gave(5), raised("ValueError", "low > high", 1), "raises", ("5", "ValueError: low > high")),
        (gave(5), raised("IndexError"), "raises", ("5", "IndexError")),
        (raised("IndexError"), gave(None), "returns", ("IndexError", "None")),
        (
            raised("ValueError", "a", 1),
            raised("ValueError", "b", 1),
            "exception",
            ("ValueError: a", "ValueError: b"),
        ),
        (raised("ValueError", "a", 1), raised("KeyError", "3"), "raises", ("ValueError: a", "KeyError: 3")),
        (gave(1), HANGS, "hangs", ("1", "no end")),
        (HANGS, gave(1), "ends", ("no end", "1")),
        (gave(output="a\n"), gave(), "output", ("'a\\n'", "''")),
        (gave(watched={"N": 1}), gave(watched={"N": 2}), "state", ("1", "2")),
    ],
)
def test_every_kind_of_difference(
    old: Observation, new: Observation, kind: str, texts: tuple[str, str]
) -> None:
    found = difference(old, new, [], RULES)
    assert found is not None
    assert (found.kind, (found.old, found.new)) == (kind, texts)


@pytest.mark.parametrize(("before", "is_fresh"), [([3, 1], True), ([1, 3], False)])
def test_a_mutation_is_fresh_where_the_old_side_left_the_argument_alone(
    before: list[int], is_fresh: bool
) -> None:
    found = difference(gave(kept=([3, 1],)), gave(kept=([1, 3],)), [Kept("xs", before, True)], RULES)
    assert found is not None
    assert (found.kind, found.what, found.is_fresh) == ("mutation", "xs", is_fresh)


def test_values_that_hold_themselves_are_compared() -> None:
    a: list[Any] = [1]
    a.append(a)
    b: list[Any] = [1]
    b.append(b)
    assert agree(a, b)
    chain, other = Instance("N", {"v": 1}), Instance("N", {"v": 2})
    chain.attributes["next"], other.attributes["next"] = chain, other
    assert not agree(chain, other)
