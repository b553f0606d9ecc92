"""Our own walker gives what Python gives, or says that it cannot tell; it is never talked into anything else."""

# ruff: noqa: E501 - tables read better unbroken
from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeassist.records.values import Instance, NamedTuple, equal
from codeassist.verifying.budget import Allowance, TooExpensive
from codeassist.verifying.expressions import Impure, Scope, evaluate, holds
from codeassist.verifying.objects import OpaqueValue, Raised

STATE = {"xs": [3, 1, 2], "n": 5, "d": {"a": 1, 2: [3]}, "t": "abc", "e": [], "s": {1, 2}, "z": None}
NODE = Instance("Node", {"value": 1, "next": None})


def value(expr: str, **more: object) -> object:
    return evaluate(expr, Scope({**STATE, **more}, entry={"n": 4, "xs": [9]}), Allowance())


HOSTILE = [
    ("__import__('os').system('true')", Impure),
    ("().__class__.__bases__[0].__subclasses__()", Impure),
    ("xs.append(4)", Impure),
    ("open('/etc/passwd')", Impure),
    ("(lambda: 1)()", Impure),
    ("[*xs]", Impure),
    ("f'{n}'", Impure),
    ("len", Impure),
    ("max(xs, key=z)", Impure),
    ("-" * 100_000 + "1", Impure),
    ("(" * 5000 + "1" + ")" * 5000, Impure),
    ("1+" * 50_000 + "1", Impure),
    ("not " * 5000 + "1", Impure),
    ("2 ** 10 ** 9", TooExpensive),
    ("1 << 10 ** 10", TooExpensive),
    ("'a' * 10 ** 10", TooExpensive),
    ("[0] * 10 ** 9", TooExpensive),
    ("list(range(10 ** 12))", TooExpensive),
    ("sum(range(10 ** 12))", TooExpensive),
    ("5.5 in range(10 ** 12)", TooExpensive),
    ("[x for x in xs for y in range(10 ** 9)]", TooExpensive),
    ("all(True for i in range(10 ** 12))", TooExpensive),
    ("sum([xs for i in range(10 ** 6)], [])", TooExpensive),
    ("'%1000000000d' % 1", OpaqueValue),
    ("str(10 ** 5000)", OpaqueValue),
    ("int('9' * 5000)", OpaqueValue),
    ("round(1.5, 10 ** 10)", OpaqueValue),
]


@pytest.mark.parametrize(("expr", "error"), HOSTILE, ids=[row[0][:30] for row in HOSTILE])
def test_hostile_expressions_end_soon(expr: str, error: type[Exception]) -> None:
    started = time.process_time()
    with pytest.raises(error):
        value(expr)
    assert time.process_time() - started < 5


UNSURE = [
    "list(s)",
    "[x for x in s]",
    "repr({1, 2})",
    "node == other",
    "node.missing",
    "not node",
    "node + 1",
    "zip(xs, s)",
]


@pytest.mark.parametrize("expr", UNSURE)
def test_what_a_snapshot_cannot_know_is_opaque(expr: str) -> None:
    with pytest.raises(OpaqueValue):
        value(expr, node=NODE, other=Instance("Node", {"value": 1, "next": None}))


RAISES = [("xs[7]", IndexError), ("d['b']", KeyError), ("1 / 0", ZeroDivisionError), ("missing", NameError),
          ("xs < 5", TypeError), ("n.real + z", Impure), ("min(e)", ValueError), ("z.value", AttributeError)]  # fmt: skip


@pytest.mark.parametrize(("expr", "error"), RAISES)
def test_what_raises_in_python_raises_here(expr: str, error: type[Exception]) -> None:
    with pytest.raises((Raised, Impure)) as caught:
        value(expr)
    assert isinstance(getattr(caught.value, "error", caught.value), error)


AGREE = [
    "xs[::-1]", "sorted(xs) == [1, 2, 3]", "0 <= n < len(t) or n == 5.0", "sum(x for x in xs if x > 1)",
    "[(i, x) for i, x in enumerate(xs)]", "dict(zip(t, xs))", "[k for k in d]",
    "max(xs, key=abs)", "min([], default=z)", "-n // 2 + n % 3 ** 2", "n & 4 | 1 ^ 2", "'b' in t and 2 in d",
    "all(xs[i] for i in range(len(xs)))", "any(x == 1 for x in xs)", "list(reversed(xs))", "z is None", "xs is xs",
    "'y' if xs else 'n'", "isinstance(n, (str, int))", "isinstance(True, int)", "type(n).__name__", "type(xs) is list",
    "s == {2, 1}", "s | {9}", "len(d[2])", "round(2.675, 2)", "int('12') + float('1.5')", "tuple(xs) + (1,)",
    "set(xs) - {1}", "xs[1:2] * 2", "[[y for y in xs if y != x] for x in xs]", "abs(-3) + bool([])", "str(n) + repr('a')",
    "sorted(xs, reverse=True)", "sorted(['bb', 'a'], key=len)", "sum([[1], [2]], [])", "not not xs", "1 < 2 < 3 > 2",
]  # fmt: skip


@pytest.mark.parametrize("expr", AGREE)
def test_the_walker_agrees_with_python(expr: str) -> None:
    assert equal(value(expr), eval(expr, dict(STATE)))


@given(st.lists(st.integers(-9, 9), max_size=6), st.integers(-3, 7), st.data())
@settings(max_examples=150, deadline=None)
def test_random_arithmetic_agrees_with_python(xs: list[int], n: int, data: st.DataObject) -> None:
    atoms = st.sampled_from(["n", "xs", "len(xs)", "sum(xs)", "2", "True", "xs[0]", "[1]", "0.5", "'a'"])
    signs = st.sampled_from("+ - * // % ** < <= == != and or in & |".split())
    expr = data.draw(
        st.recursive(
            atoms,
            lambda inner: st.tuples(inner, signs, inner).map(lambda p: f"({' '.join(p)})"),
            max_leaves=5,
        )
    )
    try:
        wanted: object = eval(expr, {"xs": xs, "n": n})
    except Exception as error:
        wanted = type(error)
    try:
        found: object = evaluate(expr, Scope({"xs": xs, "n": n}), Allowance())
    except Raised as error:
        found = type(error.error)
    except (TooExpensive, OpaqueValue):
        return
    assert found is wanted if isinstance(wanted, type) else equal(found, wanted)


def test_old_and_prev_speak_of_earlier_moments() -> None:
    assert value("old(n)") == 4
    assert value("n == old(n) + 1") is True
    scope = Scope({"n": 3}, previous={"n": 2})
    assert holds("n == prev(n) + 1", scope, Allowance())
    assert holds("n == prev(n) + 9", Scope({"n": 3}), Allowance())


def test_a_local_hides_a_builtin() -> None:
    with pytest.raises(Impure):
        value("max(xs)", max=3)
    assert value("max + 1", max=3) == 4


def test_namedtuples_are_tuples_with_names() -> None:
    point = NamedTuple("Point", ("x", "y"), (1, 2))
    assert value("p == (1, 2) and p.x < p[1] and len(p) == 2 and isinstance(p, tuple)", p=point) is True
