"""Algorithms that find where something stands, or which item is special."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections import Counter
from typing import Any

from codeassist.evidence.algorithms.model import (
    Family,
    Problem,
    Raised,
    Signature,
    answered,
    checked,
    forms_of,
    laid_out,
)


def _wanted(rng: random.Random, k: int, xs: list[int]) -> int:
    """Mostly something that is there: the first, the last, one between; now and then something that is not."""
    if k % 4 == 3:
        return rng.choice([x for x in range(-3, 64) if x not in xs])
    return xs[(0, len(xs) - 1, rng.randrange(len(xs)))[k % 3]]


def _sorted_list(rng: random.Random, k: int) -> list[Any]:
    xs = sorted(rng.sample(range(60), 2 + k % 9))
    return [xs, _wanted(rng, k, xs)]


def _unsorted_list(rng: random.Random, k: int) -> list[Any]:
    xs = rng.sample(range(60), 3 + k % 8)
    if xs == sorted(xs):
        xs.reverse()
    return [xs, _wanted(rng, k, xs)]


def _rotated_list(rng: random.Random, k: int) -> list[Any]:
    xs = sorted(rng.sample(range(60), 4 + k % 7))
    turn = 1 + rng.randrange(len(xs) - 1)
    xs = xs[turn:] + xs[:turn]
    return [xs, _wanted(rng, k, xs)]


def _repeating(rng: random.Random, k: int) -> list[Any]:
    xs = sorted(rng.randint(0, 6) for _ in range(4 + k % 8))
    return [xs, rng.choice(xs) if k % 4 < 3 else rng.choice([-1, 9, 3])]


def found(instance: Any, value: Any) -> bool:
    """An index at which it stands (or that it is there); where it is not, no such index."""
    xs, target = instance
    there = target in xs
    if isinstance(value, bool):
        return value == there
    if isinstance(value, int) and there:
        return 0 <= value < len(xs) and xs[value] == target
    return not there and (
        value is None or isinstance(value, (Raised, str)) or isinstance(value, int) and value < 0
    )


def _bounds(make: Any) -> list[Any]:
    return [
        *forms_of(make, True),
        laid_out(make, lambda xs, t: (xs, 0, len(xs) - 1, t)),
        laid_out(make, lambda xs, t: (xs, t, 0, len(xs) - 1)),
        laid_out(make, lambda xs, t: (xs, len(xs), t)),
        laid_out(make, lambda xs, t: (xs, t, len(xs))),
        laid_out(make, lambda xs, t: (0, len(xs) - 1, t, xs)),
        laid_out(make, lambda xs, t: (0, len(xs) - 1, xs, t)),
        laid_out(make, lambda xs, t: (t, xs, 0, len(xs) - 1)),
        laid_out(make, lambda xs, t: (xs, t, 0, len(xs))),
    ]


def _edge_of(pick: Any) -> Any:
    def check(instance: Any, value: Any) -> bool:
        xs, target = instance
        if target in xs:
            return not isinstance(value, bool) and value == pick(xs, target)
        return value is None or isinstance(value, Raised) or isinstance(value, int) and value < 0

    return check


def _range(instance: Any, value: Any) -> bool:
    xs, target = instance
    ends = [bisect_left(xs, target), bisect_right(xs, target) - 1] if target in xs else [-1, -1]
    return isinstance(value, (list, tuple)) and list(value) == ends


def _pair(rng: random.Random, k: int) -> list[Any]:
    xs = rng.sample(range(1, 60), 3 + k % 6)
    a, b = rng.sample(xs, 2)
    return [xs, a + b]


def _sorted_pair(rng: random.Random, k: int) -> list[Any]:
    xs, target = _pair(rng, k)
    return [sorted(xs), target]


def _two_sum(instance: Any, value: Any) -> bool:
    """Two positions (from 0 or 1), or the two items, that add up."""
    xs, target = instance
    if value is True or not isinstance(value, (list, tuple)) or len(value) != 2:
        return False
    a, b = value
    for first in (0, 1):
        i, j = a - first, b - first
        if min(i, j) >= 0 and max(i, j) < len(xs) and i != j and xs[i] + xs[j] == target:
            return True
    return a in xs and b in xs and a + b == target


def _majority(rng: random.Random, k: int) -> list[Any]:
    n = 2 + k % 5
    xs = [7] * (n + 1) + [rng.randint(0, 6) for _ in range(n)]
    rng.shuffle(xs)
    return [xs]


def _numbers(rng: random.Random, k: int) -> list[Any]:
    return [[rng.randint(-30, 60) for _ in range(3 + k % 7)]]


def _distinct(rng: random.Random, k: int) -> list[Any]:
    return [rng.sample(range(-20, 60), 3 + k % 7)]


def _missing(rng: random.Random, k: int) -> list[Any]:
    n = 3 + k % 6
    gone = rng.randint(1, n - 1)
    xs = [i for i in range(n + 1) if i != gone]
    rng.shuffle(xs)
    return [xs]


def _missing_from_one(rng: random.Random, k: int) -> list[Any]:
    n = 4 + k % 6
    gone = rng.randint(2, n - 1)
    xs = [i for i in range(1, n + 1) if i != gone]
    rng.shuffle(xs)
    return [xs]


def _duplicate(rng: random.Random, k: int) -> list[Any]:
    n = 3 + k % 6
    xs = [*range(1, n + 1), rng.randint(1, n)]
    rng.shuffle(xs)
    return [xs]


def _peak(instance: Any, value: Any) -> bool:
    xs = instance[0]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < len(xs):
        return False
    around = [xs[j] for j in (value - 1, value + 1) if 0 <= j < len(xs)]
    return all(xs[value] >= x for x in around)


def _hill(rng: random.Random, k: int) -> list[Any]:
    left, right = (
        sorted(rng.sample(range(40), 1 + k % 5)),
        sorted(rng.sample(range(40), 1 + k % 4), reverse=True),
    )
    return [[*left, 50, *right]]


def _table(rng: random.Random, k: int) -> list[Any]:
    rows, columns = 2 + k % 3, 2 + k % 4
    cells = sorted(rng.sample(range(80), rows * columns))
    grid = [cells[r * columns : (r + 1) * columns] for r in range(rows)]
    return [grid, rng.choice(cells) if k % 3 < 2 else 99 - k]


def _in_table(instance: Any, value: Any) -> bool:
    grid, target = instance
    there = any(target in row for row in grid)
    if isinstance(value, bool):
        return value == there
    if there:
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            return False
        i, j = value
        places = [(i, j), (i - 1, j - 1)]
        return any(0 <= r < len(grid) and 0 <= c < len(grid[0]) and grid[r][c] == target for r, c in places)
    return value in (None, -1) or isinstance(value, Raised) or value in ((-1, -1), [-1, -1])


def _three_zero(rng: random.Random, k: int) -> list[Any]:
    return [[rng.randint(-6, 6) for _ in range(5 + k % 5)]]


def _triples(xs: list[int]) -> set[tuple[int, ...]]:
    from itertools import combinations

    return {tuple(sorted(c)) for c in combinations(xs, 3) if sum(c) == 0}


def _triples_check(instance: Any, value: Any) -> bool:
    return {tuple(sorted(t)) for t in value} == _triples(instance[0]) and len(list(value)) == len(
        _triples(instance[0])
    )


def _second(xs: list[int]) -> int:
    return sorted(set(xs))[-2]


def _answer_sets(rng: random.Random, k: int) -> list[Any]:
    n = 1 + k % 9
    return [n * n if k % 2 else n * n + rng.randint(1, 2 * n)]


def _order(xs: list[int]) -> bool:
    return all(a <= b for a, b in zip(xs, xs[1:], strict=False))


def _sometimes_sorted(rng: random.Random, k: int) -> list[Any]:
    xs = [rng.randint(0, 20) for _ in range(3 + k % 5)]
    return [sorted(xs) if k % 2 else xs]


def _window(rng: random.Random, k: int) -> list[Any]:
    xs = [rng.randint(0, 30) for _ in range(4 + k % 6)]
    return [xs, 1 + k % 4]


def _greatest_after(xs: list[int]) -> list[int]:
    return [next((y for y in xs[i + 1 :] if y > x), -1) for i, x in enumerate(xs)]


_TINY: list[list[Any]] = [
    [xs, x] for xs in ([2, 1], [3, 1, 2], [2, 3, 1], [4, 1, 3, 2], [5, 4, 3, 2, 1]) for x in xs
]
"""lists out of order with each of their items"""
UNSORTED = Problem(
    "find in unsorted", "searching", tuple(_bounds(lambda rng, k: _TINY[k])), found, len(_TINY)
)
"""what a search of sorted lists does on others; laid out like `find in sorted`"""

PROBLEMS = (
    Problem("find anywhere", "searching", tuple(_bounds(_unsorted_list)), found, 20),
    Problem("find in rotated", "searching", tuple(_bounds(_rotated_list)), found, 20, ("find in sorted",)),
    Problem("first place", "searching", tuple(_bounds(_repeating)), _edge_of(bisect_left), 20, ("find in sorted",)),
    Problem("last place", "searching", tuple(_bounds(_repeating)), _edge_of(lambda xs, t: bisect_right(xs, t) - 1), 20, ("find in sorted",)),
    Problem("place before equals", "searching", tuple(_bounds(_repeating)), lambda i, v: type(v) is int and v == bisect_left(*i), 20),
    Problem("place after equals", "searching", tuple(_bounds(_repeating)), lambda i, v: type(v) is int and v == bisect_right(*i), 20),
    Problem("find in sorted", "searching", tuple(_bounds(_sorted_list)), found, 20),
    Problem("range of equals", "searching", tuple(_bounds(_repeating)), _range, 20),
    checked("two sum", "searching", _pair, _two_sum, orders=True),
    checked("two sum sorted", "searching", _sorted_pair, _two_sum, orders=True),
    answered("majority", "searching", _majority, lambda xs: Counter(xs).most_common(1)[0][0]),
    answered("largest", "searching", _numbers, max),
    answered("smallest", "searching", _numbers, min),
    answered("smallest and largest", "searching", _numbers, lambda xs: (min(xs), max(xs))),
    answered("second largest", "searching", _distinct, _second),
    answered("missing number", "searching", _missing, lambda xs: sum(range(len(xs) + 1)) - sum(xs)),
    answered("missing number from one", "searching", _missing_from_one, lambda xs: sum(range(len(xs) + 2)) - sum(xs)),
    answered("duplicate", "searching", _duplicate, lambda xs: Counter(xs).most_common(1)[0][0]),
    answered("smallest of rotated", "searching", lambda r, k: [_rotated_list(r, k)[0]], min),
    checked("peak", "searching", _hill, _peak),
    checked("find in table", "searching", _table, _in_table, orders=True),
    checked("three that cancel", "searching", _three_zero, _triples_check),
    answered("is sorted", "searching", _sometimes_sorted, _order),
    answered("largest of each window", "searching", _window, lambda xs, k: [max(xs[i : i + k]) for i in range(len(xs) - k + 1)], orders=True),
    answered("next greater", "searching", _distinct, _greatest_after),
)  # fmt: skip

SIGNATURES = (
    Signature("interpolation search", "find in sorted", ("T - A[L]", "A[H] - A[L]"), aliases=()),
    Signature("exponential search", "find in sorted", ("doubling", "midpoint"), aliases=("galloping search", "doubling search")),
    Signature("Fibonacci search", "find in sorted", ("fibonacci step",), aliases=("fibonacci search technique", "fibonaccian search")),
    Signature("ternary search", "find in sorted", ("(H - L) // 3 | L + (H - L) // 3 | (L + L + H) // 3 | (H - L) / 3 | (2 * L + H) // 3 | (L + H) // 3",)),
    Signature("jump search", "find in sorted", ("math.sqrt(...) | math.isqrt(...) | len(A) ** 0.5 | N ** 0.5",), aliases=("block search",)),
    Signature("sentinel search", "find anywhere", ("A.append(T) | A[-1] = T | A[N + -1] = T | A[len(A) + -1] = T",), aliases=("sentinel linear search", "linear search")),
    Signature("linear search", "find anywhere", ("loop | recursion",), ("sorted", "midpoint"), aliases=("sequential search",)),
    Signature("search in a rotated list", "find in rotated", ("midpoint",), aliases=("rotated binary search", "search in rotated sorted array", "modified binary search", "binary search")),
    Signature("binary search for the first occurrence", "first place", ("midpoint",), aliases=("first occurrence", "binary search", "lower bound", "leftmost binary search")),
    Signature("binary search for the last occurrence", "last place", ("midpoint",), aliases=("last occurrence", "binary search", "rightmost binary search", "upper bound")),
    Signature("binary search", "find in sorted", ("midpoint | half of the length",), ("three recursions",), aliases=("bisection search", "half-interval search", "logarithmic search")),
    Signature("lower bound", "place before equals", ("midpoint",), aliases=("bisect left", "binary search", "search insert position", "insertion point", "leftmost binary search")),
    Signature("upper bound", "place after equals", ("midpoint",), aliases=("bisect right", "bisect", "binary search", "insertion point", "rightmost binary search")),
    Signature("search for the range of equals", "range of equals", ("loop",), aliases=("search range", "equal range", "first and last occurrence")),
    Signature("two sum with a hash table", "two sum", ("T - X",), ("nested loops", "sorted"), aliases=("two sum", "two-sum")),
    Signature("two sum by brute force", "two sum", ("nested loops",), ("sorted",), aliases=("two sum", "two-sum")),
    Signature("two pointers", "two sum sorted", ("L = L + 1", "R = R + -1"), ("midpoint",), aliases=("two sum", "two-pointer two sum", "two sum in a sorted list")),
    Signature("two sum by binary search", "two sum sorted", ("midpoint",), aliases=("two sum", "binary search")),
    Signature("Boyer-Moore majority vote", "majority", ("loop", "C = C + 1", "C = C + -1"), ("tally",), aliases=("boyer moore voting", "majority vote", "moore's voting algorithm", "boyer-moore voting algorithm", "majority element")),
    Signature("linear maximum", "largest", ("loop | recursion",), ("sorted", "max(A)"), aliases=("maximum", "find maximum", "largest element")),
    Signature("linear minimum", "smallest", ("loop | recursion",), ("sorted", "min(A)", "midpoint"), aliases=("minimum", "find minimum", "smallest element")),
    Signature("minimum and maximum in one pass", "smallest and largest", ("loop | recursion",), ("sorted",), aliases=("min-max", "minimum and maximum")),
    Signature("second largest", "second largest", ("loop",), aliases=("second maximum", "runner-up")),
    *(
        sign
        for key in ("missing number", "missing number from one")
        for sign in (
            Signature("missing number by exclusive or", key, ("exclusive or",), aliases=("missing number", "xor missing number")),
            Signature("missing number by sum", key, ("sum(A) | S = S + X",), aliases=("missing number", "gauss sum")),
        )
    ),
    Signature("Floyd's cycle detection", "duplicate", ("A[A[F]]",), aliases=("tortoise and hare", "find the duplicate number", "floyd cycle finding")),
    Signature("minimum of a rotated list", "smallest of rotated", ("midpoint",), aliases=("find minimum in rotated sorted array", "binary search", "find rotation point")),
    Signature("peak finding", "peak", ("midpoint",), aliases=("find peak element", "binary search for a peak", "ternary search")),
    Signature("saddleback search", "find in table", ("I = I + 1; J = J + -1",), ("midpoint",), aliases=("search in a sorted matrix", "staircase search", "search a 2d matrix")),
    Signature("binary search in a matrix", "find in table", ("midpoint",), aliases=("binary search", "search a 2d matrix", "search in a sorted matrix")),
    Signature("three sum", "three that cancel", ("nested loops",), aliases=("3sum", "three-sum")),
    Signature("check for sortedness", "is sorted", ("loop | recursion",), ("sorted",), aliases=("is sorted",)),
    Signature("sliding window maximum", "largest of each window", ("loop",), aliases=("max sliding window", "monotonic queue")),
    Signature("next greater element", "next greater", ("stack | nested loops",), aliases=("monotonic stack",)),
)  # fmt: skip

FAMILY = Family("searching", PROBLEMS, SIGNATURES)
