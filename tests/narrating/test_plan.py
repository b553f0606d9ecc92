"""The plan says what each part is for; what it cannot say better than the code, it does not paraphrase."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.telling import explain, module_of

HEAD = "def f(xs, t=2):\n"


def plan(folder: Path, body: str, call: str = "f([3, 1, 2])") -> str:
    text = HEAD + "".join(f"    {line}\n" for line in body.splitlines())
    found = explain(module_of(folder, text), "f", [call])
    (table,) = (table for section in found.sections if section.id == "plan" for table in section.tables)
    return "\n".join(" | ".join(row) for row in table.rows)


SAID = [
    ("low, high = 0, len(xs) - 1\nwhile low <= high:\n    low += 1\nreturn low\n",
     "start with the whole of `xs`"),
    ("out = []\nfor x in xs:\n    out.append(x)\nreturn out", "start with an empty result `out`"),
    ("i = j = 0\nwhile i < len(xs):\n    i += 1\nreturn j", "set `i` to `0`"),
    ("q = [t]\nwhile q:\n    a = q.pop(0)\nreturn q", "put `t` into `q` to begin with"),
    ("q = [t]\nwhile q:\n    a = q.pop(0)\n    if a > 5:\n        t = a\nreturn q",
     "take `a` from the front of `q`"),
    ("q = [t]\nwhile q:\n    q.pop()\nreturn xs", "go on until `q` is empty"),
    ("n = len(xs)\nwhile n:\n    n -= 1\nreturn n", "go on until `n` is zero"),
    ("a = 0\nwhile a != 3:\n    a += 1\nreturn a", "go on until `a == 3`"),
    ("c = 0\nfor x in xs:\n    c += 1\nreturn c", "count one more in `c`"),
    ("c = 1\nfor x in xs:\n    c *= x\nreturn c", "multiply `c` by `x`"),
    ("b = xs[0]\nfor x in xs:\n    b = max(b, x)\nreturn b", "keep the larger of `b` and `x`"),
    ("out = []\nfor x in xs:\n    if x:\n        out.append(x)\n    else:\n        out.append(0)\nreturn 1",
     "add `x` or `0` to `out`"),
    ("out = []\nout.extend(xs[1:])\nout.sort()\nreturn out", "add what is left of `xs` to `out`"),
    ("for i in range(len(xs)):\n    xs[i] = 0\n    t = 1\nreturn xs", "go through the positions of `xs`"),
    ("for i in range(1, t + 1):\n    xs[0] = i\n    t = 1\nreturn xs", "for each `i` from `1` to `t`"),
    ("for x in reversed(xs):\n    t += x\n    t += 1\nreturn t", "go through `xs` from its end"),
    ("for x in xs:\n    if x == t:\n        return x\nreturn -1", "nothing found: give `-1`"),
    ("for x in xs:\n    if x == 9:\n        return False\nreturn True",
     "nothing spoke against it: give `True`"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "said"), SAID, ids=[said for _, said in SAID])
def test_parts_are_named_by_their_purpose(tmp_path: Path, body: str, said: str) -> None:
    assert said in plan(tmp_path, body)


@pytest.mark.parametrize(
    ("body", "unsaid"),
    [
        ("for x in xs:\n    t += x\nt += 1\nreturn -1", "nothing found"),  # no search: there was no other end
        (
            "c = 0\nwhile xs[c] != 2:\n    c += 1\nreturn c",
            "count one more",
        ),  # a position moves, nothing counts
        (
            "c, n = 0, len(xs)\nfor x in xs:\n    c += x\nreturn c / n",
            "start with the whole",
        ),  # a sum and a size
        ("n = t\nm = 1\nwhile n and m:\n    n -= 1\nreturn m", "is zero"),  # two reasons to stop
        (
            "b = xs[0]\nfor x in xs:\n    b = max(x, t)\nreturn b",
            "keep the larger",
        ),  # the old one is not kept
    ],
)
def test_what_is_not_so_is_not_said(tmp_path: Path, body: str, unsaid: str) -> None:
    told = plan(tmp_path, body)
    assert told
    assert unsaid not in told
