"""What the code promises and does not keep: found, small, and never where it is kept."""

import pytest

from codeassist import parsing
from codeassist.evidence import breaking
from codeassist.records.run import Budget, Run
from codeassist.tracing import LocalRunner

# nothing may be said of these
KEPT = {
    "sorts": ("f([2, 1])", 'def f(xs: list[int]) -> list[int]:\n    """Return a sorted copy."""\n    return sorted(xs)\n'),
    "backwards": ("f([2, 1])", 'def f(xs):\n    """Sort in descending order."""\n    return sorted(xs, reverse=True)\n'),
    "announced": ("f([1])", "def f(xs: list[int]) -> int:\n    if not xs:\n        raise IndexError\n    return xs[0]\n"),
    "no promise": ("f(1)", 'def f(n):\n    """Do it."""\n    return [n]\n'),
    "wider type": ("f(1)", "def f(n: int) -> float:\n    return n\n"),
    "optional": ("f(1)", "def f(n: int) -> int | None:\n    return n if n > 0 else None\n"),
    "searches sorted lists": ("f([1, 2, 5], 2)", '''
def f(xs: list[int], x: int) -> int:
    """Return the index of x in a sorted list, or -1."""
    low, high = 0, len(xs)
    while low < high:
        mid = (low + high) // 2
        if xs[mid] < x:
            low = mid + 1
        else:
            high = mid
    return low if low < len(xs) and xs[low] == x else -1
'''),
    "truth": ("f(2)", 'def f(n: int) -> int:\n    """Return true if n is odd."""\n    return n & 1\n'),
    "example call without a value": ("f(2)", 'def f(n):\n    """\n    >>> f(2)\n    """\n    return 2 * n\n'),
    "a key that is not there": ("f({'a': 1}, 'a')", "def f(d: dict[str, int], k: str) -> int:\n    return d[k]\n"),
    "doctest kept": ("f(2)", 'def f(n):\n    """\n    >>> f(2)\n    4\n    """\n    return 2 * n\n'),
}  # fmt: skip

BROKEN = {
    "docstring: sorted": ("f([3, 1, 2])", "docstring", "f([1, 1, 0])", '''
def f(xs: list[int]) -> list[int]:
    """Return a sorted list of the numbers."""
    out = list(xs)
    for i in range(len(out) - 1):
        if out[i] > out[i + 1]:
            out[i], out[i + 1] = out[i + 1], out[i]
    return out
'''),
    "docstring: largest": ("f([3, 1])", "docstring", "f([-1])", '''
def f(xs: list[int]) -> int:
    """Return the largest number in xs."""
    best = 0
    for x in xs:
        best = max(best, x)
    return best
'''),
    "docstring without annotations": ("f([3, 1, 2])", "docstring", "", '''
def f(xs):
    """Remove duplicates from a list."""
    return [x for i, x in enumerate(xs) if not i or xs[i - 1] != x]
'''),
    "input changed": ("f([3, 1])", "docstring", "", '''
def f(xs: list[int]) -> int:
    """Return the median without modifying the list."""
    xs.sort()
    return xs[len(xs) // 2] if xs else 0
'''),
    "annotation": ("f(2)", "annotation", "f(1)", "def f(n: int) -> bool:\n    return n % 2 == 0 or None\n"),
    "items of the wrong type": ("f([2])", "annotation", "", "def f(xs: list[int]) -> list[int]:\n    return [x / 2 for x in xs]\n"),
    "crash": ("f([1])", "crash", "f([])", "def f(xs: list[int]) -> int:\n    return xs[0]\n"),
    "hang": ("f(2)", "hang", "f(1)", "def f(n: int) -> int:\n    while n != 0:\n        n -= 2\n    return n\n"),
    "doctest": ("f(3)", "doctest", "f(3)", 'def f(n):\n    """\n    >>> f(3)\n    7\n    """\n    return 2 * n\n'),
}  # fmt: skip


@pytest.fixture
def found(tmp_path):
    def of(call, text):
        path = tmp_path / "m.py"
        path.write_text(text)
        module = parsing.parse(parsing.read_source(str(path)))
        runner = LocalRunner(root=str(tmp_path))
        try:
            traces = list(runner.run([Run(str(path), call)], Budget(20)))
            function = parsing.find(module, "f")
            return breaking.broken(module, function, traces, runner, Budget(30), len(traces))
        finally:
            runner.close()

    return of


@pytest.mark.parametrize("what", KEPT)
def test_what_is_kept_is_not_spoken_of(found, what):
    assert found(*KEPT[what]) == ([], [])


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_shown_by_a_small_run(found, what):
    call, kind, shown, text = BROKEN[what]
    broken, traces = found(call, text)
    item = next(b for b in broken if b.kind == kind)
    assert not shown or item.probe.call == shown
    assert item.probe.run == 1 + broken.index(item)
    assert [t.header.run.call for t in traces] == [b.probe.call for b in broken]
