"""What must stay unchecked, and why: false confidence is the worst fault a judge can have."""

# ruff: noqa: E501 - tables read better unbroken
from __future__ import annotations

import pytest

from codeassist.verifying.rows import claim_of
from tests.support.courtroom import court, verdict
from tests.support.oracle import oracle_trace

CODE = """
def f(xs, key=len):
    n = 0
    for x in xs:
        n += x
    else:
        n += 100
    a = 1; b = 2
    it = iter(xs)
    y = n if a else b
    return n

def g(xs):
    return f(xs)

def never():
    return 1
"""
AT = {"func": "f", "line": 5}

TABLE = [
    ("a kind that nobody knows", "unknown-kind", {"kind": "beauty", "func": "f"}),
    ("a field is missing", "bad-claim", {"kind": "returns", "func": "f"}),
    ("a field of another type", "bad-claim", {"kind": "returns", "func": "f", "value": 1}),
    ("a line that is a flag", "bad-claim", {"kind": "executes", "func": "f", "line": True, "count": 1}),
    ("an occurrence of zero", "bad-claim", {"kind": "value", **AT, "expr": "n", "value": "1", "occurrence": 0}),
    ("a negative count", "bad-claim", {"kind": "executes", **AT, "count": -1}),
    ("an operator that is none", "bad-claim", {"kind": "executes", **AT, "count": 1, "op": "!="}),
    ("a value that is no literal", "bad-claim", {"kind": "returns", "func": "f", "value": "n + 1"}),
    ("a value that does not parse", "bad-claim", {"kind": "returns", "func": "f", "value": "[1,"}),
    ("both var and expr", "bad-claim", {"kind": "sequence", "func": "f", "line": 4, "var": "n", "expr": "n", "values": "[]"}),
    ("a scope that is none", "bad-claim", {"kind": "returns", "func": "f", "value": "1", "scope": {"run": "x"}}),
    ("a call of all where one is meant", "bad-claim", {"kind": "returns", "func": "f", "value": "1", "call": "all"}),
    ("a run that was not made", "not-run", {"kind": "returns", "func": "f", "value": "1", "scope": {"run": 3}}),
    ("else: names nothing", "no-statement", {"kind": "executes", "func": "f", "line": 6, "count": 1}),
    ("a line beyond the end", "no-statement", {"kind": "executes", "func": "f", "line": 900, "count": 0}),
    ("a line of another function", "no-statement", {"kind": "executes", "func": "f", "line": 14, "count": 0}),
    ("a loop where there is none", "no-statement", {"kind": "iterations", "func": "f", "line": 5, "count": 1}),
    ("a test where there is none", "no-statement", {"kind": "branch", "func": "f", "line": 5, "taken": True}),
    ("two statements on the line", "ambiguous-line", {"kind": "executes", "func": "f", "line": 8, "count": 1}),
    ("a function never entered", "not-reached", {"kind": "calls", "func": "never", "count": 0}),
    ("a line in a function never entered", "not-reached", {"kind": "unreachable", "func": "never", "line": 17}),
    ("a function object as a value", "opaque", {"kind": "value", **AT, "expr": "key", "value": "1"}),
    ("an iterator that may have moved", "opaque", {"kind": "delta", "func": "f", "line": 10, "changes": {"y": [None, "106"]}}),
    ("the order of a set", "opaque", {"kind": "value", **AT, "expr": "list({1, 2, 3})", "value": "[1, 2, 3]"}),
    ("a method call", "impure-expression", {"kind": "value", **AT, "expr": "xs.copy()", "value": "[1]"}),
    ("a call of the program's function", "impure-expression", {"kind": "value", **AT, "expr": "g(xs)", "value": "1"}),
    ("a class behind the value", "impure-expression", {"kind": "value", **AT, "expr": "xs.__class__", "value": "1"}),
    ("an f-string", "impure-expression", {"kind": "value", **AT, "expr": "f'{n}'", "value": "'1'"}),
    ("an assignment", "impure-expression", {"kind": "value", **AT, "expr": "(n := 1)", "value": "1"}),
    ("an impure part that is not evaluated", "impure-expression", {"kind": "value", **AT, "expr": "n or open('x')", "value": "0"}),
    ("a power beyond memory", "too-expensive", {"kind": "value", **AT, "expr": "9 ** 9 ** 9", "value": "1"}),
    ("an endless comprehension", "too-expensive", {"kind": "value", **AT, "expr": "sum(i for i in range(10 ** 12))", "value": "1"}),
    ("growth that nobody measured", "not-run", {"kind": "complexity", "func": "f", "class": "n", "in": "len(xs)"}),
    ("a name that nobody recognised", "supported-only", {"kind": "algorithm", "func": "f", "name": "sum"}),
    ("purity without a second run", "not-run", {"kind": "pure", "func": "f", "pure": True}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "reason", "claim"), TABLE, ids=[row[0] for row in TABLE])
def test_stays_unchecked(why: str, reason: str, claim: dict[str, object]) -> None:
    assert verdict(CODE, "g([1, 2, 3])", claim) == f"unchecked {reason}"


ENDLESS = """
def spin(n):
    total = 0
    while True:
        total += n
        if total < 0:
            return total

def start():
    first = once(2)
    return spin(1)

def once(k):
    for i in range(k):
        pass
    return k
"""

CUT_OFF = [
    ("unchecked incomplete-trace", {"kind": "unreachable", "func": "spin", "line": 7}),
    ("unchecked incomplete-trace", {"kind": "executes", "func": "spin", "line": 7, "count": 0}),
    ("verified decided", {"kind": "executes", "func": "spin", "line": 5, "op": ">=", "count": 10}),
    ("refuted wrong-value", {"kind": "executes", "func": "spin", "line": 5, "op": "<", "count": 10}),
    ("refuted wrong-value", {"kind": "executes", "func": "spin", "line": 5, "count": 3}),
    ("unchecked incomplete-trace", {"kind": "returns", "func": "spin", "value": "1"}),
    ("unchecked incomplete-trace", {"kind": "iterations", "func": "spin", "line": 4, "count": 5000}),
    ("unchecked incomplete-trace", {"kind": "exit_by", "func": "spin", "line": 4, "by": "return"}),
    ("unchecked incomplete-trace", {"kind": "invariant", "func": "spin", "line": 4, "expr": "total >= 0"}),
    ("refuted counterexample", {"kind": "invariant", "func": "spin", "line": 4, "expr": "total < 5"}),
    ("unchecked incomplete-trace", {"kind": "calls", "func": "spin", "count": 1}),
    ("unchecked incomplete-trace", {"kind": "depth", "func": "spin", "max": 1}),
    ("verified decided", {"kind": "value", "func": "spin", "line": 5, "occurrence": 3, "expr": "total", "value": "3"}),
    ("unchecked incomplete-trace", {"kind": "value", "func": "spin", "line": 5, "occurrence": "last", "expr": "total", "value": "3"}),
    ("verified decided", {"kind": "iterations", "func": "once", "line": 14, "count": 2}),
    ("verified decided", {"kind": "returns", "func": "once", "value": "2"}),
    ("refuted no-such-step", {"kind": "value", "func": "once", "line": 15, "occurrence": 3, "expr": "i", "value": "3"}),
    ("unchecked incomplete-trace", {"kind": "value", "func": "once", "line": 15, "call": 2, "expr": "i", "value": "3"}),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "claim"), CUT_OFF)
def test_a_cut_off_trace_never_supports_never(wanted: str, claim: dict[str, object]) -> None:
    trace = oracle_trace(ENDLESS, "start()", max_events=200)
    found = court(ENDLESS, traces=[trace]).verdict(claim_of(claim))
    assert f"{found.status} {found.reason}" == wanted
