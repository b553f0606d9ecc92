"""Programs that Hypothesis makes up, recorded quickly and exactly, against sys.settrace."""

from __future__ import annotations

import tempfile
from itertools import chain
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.compare import compare

NAMES = ("a", "b", "xs", "ys", "d", "i")
NUMBERS = st.sampled_from(["a", "b", "i", "1", "2", "-3", "len(xs)", "a + b", "xs[0]", "d.get(i, 0)"])
LISTS = st.sampled_from(
    ["xs", "ys", "xs[1:]", "[a, b]", "[i] * 3", "[y for y in ys if y]", "sorted(xs + ys)"]
)
TESTS = st.sampled_from(["a < b", "i % 2", "xs", "not ys", "a in d", "a == b or i > 3", "(c := a) > 1"])
SIMPLE = st.one_of(
    st.builds("{} = {}".format, st.sampled_from(["a", "b", "i"]), NUMBERS),
    st.builds("{} += {}".format, st.sampled_from(["a", "b", "i", "xs[0]", "d['n']"]), NUMBERS),
    st.builds("{} = {}".format, st.sampled_from(["xs", "ys", "d[a]", "(b, *ys)"]), LISTS),
    st.builds("{}.{}".format, st.sampled_from(["xs", "ys"]), st.sampled_from([
        "append(a)", "append(xs)", "append([b])", "pop()", "pop(0)", "insert(1, b)", "reverse()",
        "extend(ys[:2])", "sort(key=str)", "clear()", "remove(a)",
    ])),
    st.sampled_from([
        "xs[0], xs[-1] = xs[-1], xs[0]", "d[i] = d", "d['n'] = i", "d.pop(i, None)", "del xs[0]",
        "a, b = b, a", "xs += ys", "ys *= 2", "xs[1:2] = ys", "box.items.append(a)", "box.total += 1",
        "box.next = [box]", "a = b if a > b else -b", "b = sum(x for x in (a, i) if x)", "t = (a, (i, xs))",
        "pass", "assert a != 99", "h = helper(a, xs)", "i = max(map(int, [a, b]))", "g = list(items(b))",
        "d.setdefault(a, []).append(i)",
    ]),
)  # fmt: skip


def indent(lines: list[str]) -> list[str]:
    """The lines of a body."""
    return ["    " + line for line in lines]


def blocks(bodies: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    """Compound statements around smaller bodies."""
    body = bodies.map(indent)
    return st.one_of(
        st.builds(lambda t, x: [f"if {t}:", *x], TESTS, body),
        st.builds(lambda t, x, y: [f"if {t}:", *x, "else:", *y], TESTS, body, body),
        st.builds(lambda x: ["for i, v in enumerate(xs[:3]):", *x], body),
        st.builds(lambda x: ["for k in range(3):", *x, "    if k:", "        continue", "    b = k"], body),
        st.builds(
            lambda x: ["n = 3", "while n > 0:", "    n -= 1", *x, "    if n == 1:", "        break"], body
        ),
        st.builds(lambda x, y: ["try:", *x, "except (IndexError, KeyError) as e:", *y], body, body),
        st.builds(lambda x, y: ["try:", *x, "finally:", *y], body, body),
        st.builds(lambda x: [*x, "    return xs"], st.just(["if len(xs) > 20:"])),
    )


BODIES = st.recursive(
    SIMPLE.map(lambda line: [line]),
    lambda inner: st.one_of(
        blocks(inner),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: [*chain.from_iterable(parts)]),
    ),
    max_leaves=12,
)

HEAD = """class Box:
    def __init__(self):
        self.items = []
        self.total = 0


def helper(a, xs):
    if a > 2:
        raise KeyError(a)
    xs.append(a)
    return xs


def items(n):
    for k in range(3):
        yield k + n


def f(a, b, xs, ys):
    d = {"n": 0, 1: [2]}
    i = 0
    box = Box()
"""
TAIL = """    return xs, d, box


for a, b, xs in ((0, 1, [3, 1, 2]), (5, 2, [[1], 2]), (1, 1, [])):
    try:
        f(a, b, xs, [4, 5, 6])
    except Exception as error:
        caught = type(error).__name__
"""


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(BODIES, min_size=3, max_size=6))
def test_generated_programs_replay_as_they_ran(parts: list[list[str]]) -> None:
    lines = indent([line for part in parts for line in part])
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "made.py"
        program.write_text(HEAD + "\n".join(lines) + "\n" + TAIL)
        assert compare(program) > 20
        assert compare(program, detail="exact") > 20
