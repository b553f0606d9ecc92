"""Classes fitted to counted operations: never one that the points do not support."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest

from codeassist.evidence.fit import fit

SIZES = (12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024, 2048, 4096)
SMALL = range(1, 17)

NO_CLASS: list[tuple[str, Callable[[int], int]]] = [
    ("n^1.5", lambda n: int(n**1.5)),
    ("n^2 log n", lambda n: int(n * n * math.log2(n))),
    ("n^4", lambda n: n**4),
    ("scattered", lambda n: random.Random(n).randrange(1, 10_000)),
]


@pytest.mark.parametrize(("name", "count"), NO_CLASS)
def test_no_class_is_named_where_none_fits(name: str, count: Callable[[int], int]) -> None:
    assert fit([(n, count(n)) for n in SIZES]).cls == "", name


@pytest.mark.parametrize("points", [[], [(1, 5)], [(1, 5), (2, 9), (3, 12)], [(4, 7)] * 9])
def test_too_few_sizes_support_nothing(points: list[tuple[int, int]]) -> None:
    assert fit(points).cls == ""


GROWTH: list[tuple[str, Callable[[int], int]]] = [
    ("1", lambda n: 7),
    ("log n", lambda n: 5 * n.bit_length() + 3),
    ("sqrt n", lambda n: 3 * math.isqrt(n) + 4),
    ("n", lambda n: 3 * n + 40),
    ("n", lambda n: 2 * n + 5 * n.bit_length()),
    ("n log n", lambda n: n * n.bit_length() + 4 * n),
    ("n^2", lambda n: n * (n - 1) // 2 + 30 * n),
    ("n^2", lambda n: n * n // 16 + 3 * n),  # a cheap copy in a loop still shows
    ("n^3", lambda n: n**3 // 6 + n * n),
]


@pytest.mark.parametrize(("cls", "count"), GROWTH)
def test_smooth_growth(cls: str, count: Callable[[int], int]) -> None:
    found = fit([(n, count(n)) for n in SIZES])
    assert found.cls == cls
    assert found.margin > 1


@pytest.mark.parametrize("cls", ["n", "n log n", "n^2"])
def test_counts_that_scatter_by_a_few_percent(cls: str) -> None:
    exact = {"n": lambda n: 4 * n, "n log n": lambda n: n * math.log2(n), "n^2": lambda n: n * n}[cls]
    rng = random.Random(1)
    assert fit([(n, round(exact(n) * rng.uniform(0.97, 1.03))) for n in SIZES]).cls == cls


def _fib(n: int) -> int:
    return 1 if n < 2 else _fib(n - 1) + _fib(n - 2) + 2


STEEP: list[tuple[str, Callable[[int], int]]] = [
    ("2^n", lambda n: 3 * 2**n - 1),
    ("2^n", _fib),  # any base is exponential
    ("2^n", lambda n: n * 2**n),
    ("n!", lambda n: sum(math.factorial(n) // math.factorial(k) for k in range(n + 1))),
    ("n!", lambda n: n * math.factorial(n)),
    ("n^3", lambda n: n**3 + 2),  # small sizes do not make a polynomial exponential
    ("n^2", lambda n: n * n + 3 * n),
    ("n", lambda n: 5 * n + 2),
]


@pytest.mark.parametrize(("cls", "count"), STEEP)
def test_growth_at_small_sizes(cls: str, count: Callable[[int], int]) -> None:
    sizes = range(1, 9) if cls == "n!" else SMALL
    assert fit([(n, count(n)) for n in sizes]).cls == cls


def test_where_the_worst_input_was_not_met_the_costliest_sizes_decide():
    from codeassist.evidence.complexity import _growth

    sizes = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024, 2048, 4096]
    missed = {384, 512}
    points = [(n, int((3 if n in missed else 6) * n**0.5) + 5) for n in sizes]
    assert _growth(points, "len(xs)").cls == "sqrt n"


def test_no_class_comes_of_a_few_record_sizes():
    from codeassist.evidence.complexity import _growth

    points = [(n, 100 if n % 3 else n * 7) for n in range(1, 20)]
    assert _growth(points, "n").cls == ""
