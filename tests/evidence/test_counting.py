"""The counting probe: steps by statement, a price for each built-in, the program itself unchanged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

PROBE = Path(__file__).parents[2] / "codeassist" / "probe"
DRIVER = """
import sys, os
sys.path.insert(0, {probe!r})
import counting
counting.install([{root!r}], {{}}, "counts")
module = counting.load({path!r}, "prog")
read, write = os.pipe()
counting.begin(write, {cap})
result = eval({call!r}, vars(module))
counting.finish({{"kind": "returned", "text": repr(result)}})
os.close(write)
print(os.fdopen(read).read())
"""


def counted(folder: Path, text: str, call: str, cap: int = 10**7) -> dict[str, Any]:
    """The footer of one counted call in a fresh interpreter."""
    path = folder / "prog.py"
    path.write_text(textwrap.dedent(text))
    script = DRIVER.format(probe=str(PROBE), root=str(folder), path=str(path), call=call, cap=cap)
    if cap < 10**7:  # the process ends itself: read what it wrote from a file
        script = script.replace(
            "read, write = os.pipe()", f"write = os.open({str(folder / 'log')!r}, os.O_RDWR | os.O_CREAT)"
        )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30)
    log = done.stdout if cap >= 10**7 else (folder / "log").read_text()
    assert log, done.stderr
    return dict(json.loads(log.strip().splitlines()[-1])["footer"])


def rows(footer: dict[str, Any]) -> dict[tuple[str, int], tuple[int, int]]:
    return {(name, line): (steps, cost) for _, name, line, steps, cost in footer["counts"]}


STEPS = """
def f(xs):
    total = 0
    for x in xs:
        if x > 1:
            total += x
        else:
            continue
    while True:
        total -= 1
        if total < 0:
            break
    for x in xs:
        break
    return total
"""


def test_steps_are_those_of_a_trace(tmp_path: Path) -> None:
    found = rows(counted(tmp_path, STEPS, "f([1, 2, 3])"))
    steps = {line: count for (_, line), (count, _) in found.items()}
    assert steps == {3: 1, 4: 4, 5: 3, 6: 2, 8: 1, 9: 6, 10: 6, 11: 6, 12: 1, 13: 1, 14: 1, 15: 1}


UNCHANGED = """
import functools
class A:
    __slots__ = ("v",)
    def __init__(self, v):
        super().__init__()
        self.v = v
    def __private(self):
        return self.v
    def twice(self):
        return [self.__private() for _ in range(2)]
    @functools.lru_cache(None)
    def fib(self, n):
        return n if n < 2 else self.fib(n - 1) + self.fib(n - 2)
def gen(n):
    got = yield n
    yield from [got, *range(n)]
def kinds(value):
    match value:
        case [a, *rest] if a:
            return ("list", rest)
        case {"k": v}:
            return v
        case _:
            return None
def names():
    a = 1
    return sorted(locals()), a in [1, 2], 3 not in (1, 2), "b" in "abc", [1] == [1], {*[1], 2}, {**{"a": 1}}
def tries(x):
    try:
        return 1 // x
    except ZeroDivisionError as error:
        return str(error)
    finally:
        x = 0
"""


@pytest.mark.parametrize(
    "call",
    ["A(3).twice()", "A(3).fib(20)", "list(gen(3))", "[kinds([1, 2]), kinds({'k': 5}), kinds(0)]", "names()",
     "[tries(0), tries(2)]", "sum(x for x in range(9))", "max([3, 1], key=lambda v: -v)",
     "'-'.join(str(i) for i in range(3))"],
)  # fmt: skip
def test_the_program_gives_what_it_gives_alone(tmp_path: Path, call: str) -> None:
    scope: dict[str, Any] = {"__name__": "prog"}
    exec(UNCHANGED, scope)
    assert counted(tmp_path, UNCHANGED, call)["outcome"]["text"] == repr(eval(call, scope))


PRICES = """
import heapq, bisect, collections
def copy(xs): return xs[:]
def sort(xs): return sorted(xs)
def inside(xs): return -1 in xs
def early(xs): return 0 in xs
def hashed(xs): return -1 in set_of
def first(xs): return xs.pop(0)
def last(xs): return xs.pop()
def total(xs): return sum(xs)
def each(xs): return [x for x in xs]
def any_(xs): return any(x == 3 for x in xs)
def push(xs): heapq.heappush(xs, 1)
def left(xs): return bisect.bisect_left(xs, 7)
def small(xs): return 3 * 4 + len(xs)
set_of = set(range(1024))
"""


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("small", 0, 0), ("last", 0, 0), ("hashed", 0, 0), ("early", 1, 1), ("any_", 4, 8), ("push", 8, 13),
        ("left", 8, 13), ("copy", 100, 200), ("first", 100, 200), ("total", 1024, 1100), ("each", 1024, 1100),
        ("inside", 1024, 1024), ("sort", 10_240, 10_240),
    ],
)  # fmt: skip
def test_prices_of_built_ins_on_1024_items(tmp_path: Path, name: str, least: int, most: int) -> None:
    found = rows(counted(tmp_path, PRICES, f"{name}(list(range(1024)))"))
    assert least <= sum(cost for (function, _), (_, cost) in found.items() if function == name) <= most


def test_an_endless_run_ends_at_the_cap(tmp_path: Path) -> None:
    footer = counted(tmp_path, "def f():\n    while True:\n        pass\n", "f()", cap=10_000)
    assert footer["outcome"] == {"kind": "limit_reached", "limit": "events"}
    assert 9_000 <= footer["operations"] <= 11_000


def test_names_that_are_defined_again(tmp_path: Path) -> None:
    text = "def f(x):\n    return 1\ndef f(x):\n    return 2\n"
    assert ("f#2", 4) in rows(counted(tmp_path, text, "f(0)"))
    assert os.path.exists(PROBE / "counting.py")
