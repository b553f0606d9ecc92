"""Algorithms that put a list in order, and those that find or partition by order."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from codeassist.evidence.algorithms.model import (
    Family,
    Problem,
    Signature,
    answered,
    checked,
    forms_of,
    laid_out,
    listed,
)  # fmt: skip


def _mixed(rng: random.Random, k: int) -> list[Any]:
    """Whole numbers with repetitions, none negative: counting and digits are for these."""
    return [[rng.randint(0, 40) if k % 3 else rng.randint(0, 4) for _ in range((2, 3, 4, 4, 5)[k % 5])]]


def _powers(rng: random.Random, k: int) -> list[Any]:
    return [[rng.randint(0, 40) for _ in range((1, 2, 4, 8)[k % 4])]]


def _fractions(rng: random.Random, k: int) -> list[Any]:
    return [[round(rng.random(), 3) for _ in range(2 + k % 6)]]


def _of_three(rng: random.Random, k: int) -> list[Any]:
    return [[rng.randint(0, 2) for _ in range(3 + k % 8)]]


def _in_order(instance: Any, value: Any) -> bool:
    """Sorted, upwards or downwards."""
    items = listed(value)
    return items is not None and sorted(instance[0]) in (items, items[::-1])


def _sort_problem(key: str, make: Any) -> Problem:
    more = [
        laid_out(make, lambda xs: (xs, 0, len(xs) - 1)),
        laid_out(make, lambda xs: (xs, len(xs))),
        laid_out(make, lambda xs: (xs, 0, len(xs))),
        laid_out(make, lambda xs: (xs, max(xs))),
        laid_out(make, lambda xs: (xs, 0, len(xs), 1)),
    ]
    above = ("sort powers of two", "sort fractions", "sort three values") if key == "sort" else ()
    return replace(checked(key, "sorting", make, _in_order, more=more), above=above)


def _kth(rng: random.Random, k: int) -> list[Any]:
    xs = rng.sample(range(50), 3 + k % 7)
    return [xs, rng.randrange(len(xs))]


def _kth_check(first: int, largest: bool) -> Any:
    def check(instance: Any, value: Any) -> bool:
        xs, k = instance
        return bool(value == sorted(xs, reverse=largest)[k - first])

    return check


def _kth_from(first: int) -> Any:
    def make(rng: random.Random, k: int) -> list[Any]:
        xs, place = _kth(rng, k)
        return [xs, place + first]

    return make


def _bounded(make: Any) -> list[Any]:
    return [
        *forms_of(make, True),
        laid_out(make, lambda xs, k: (xs, 0, len(xs) - 1, k)),
        laid_out(make, lambda xs, k: (xs, k, 0, len(xs) - 1)),
    ]


def _partitioned(instance: Any, value: Any) -> bool:
    return listed(value) == sorted(instance[0])


def _heap(instance: Any, value: Any) -> bool:
    items = listed(value)
    if items is None or sorted(items) != sorted(instance[0]):
        return False
    pairs = [(items[(i - 1) // 2], items[i]) for i in range(1, len(items))]
    return all(a <= b for a, b in pairs) or all(a >= b for a, b in pairs)


def _long(rng: random.Random, k: int) -> list[Any]:
    return [[rng.randint(0, 60) for _ in range(5 + k % 8)]]


def _two_sorted(rng: random.Random, k: int) -> list[Any]:
    return [
        sorted(rng.randint(0, 30) for _ in range(1 + k % 5)),
        sorted(rng.randint(0, 30) for _ in range(1 + k % 7)),
    ]


def _merged(instance: Any, value: Any) -> bool:
    return listed(value) == sorted([*instance[0], *instance[1]])


def _wiggle(instance: Any, value: Any) -> bool:
    items = listed(value)
    if items is None or sorted(items) != sorted(instance[0]) or len(items) < 3:
        return False
    pairs = list(zip(items, items[1:], strict=False))
    up = all((a <= b) == (i % 2 == 0) or a == b for i, (a, b) in enumerate(pairs))
    return up or all((a >= b) == (i % 2 == 0) or a == b for i, (a, b) in enumerate(pairs))


def _top_k(rng: random.Random, k: int) -> list[Any]:
    xs = rng.sample(range(60), 4 + k % 6)
    return [xs, 1 + k % 3]


def _inversions(xs: list[int]) -> int:
    return sum(a > b for i, a in enumerate(xs) for b in xs[i + 1 :])


PROBLEMS = (
    _sort_problem("sort", _mixed),
    _sort_problem("sort powers of two", _powers),
    _sort_problem("sort fractions", _fractions),
    checked("sort three values", "sorting", _of_three, _partitioned),
    checked("merge sorted", "sorting", _two_sorted, _merged, more=[
        laid_out(_two_sorted, lambda a, b: ([*a, *[0] * len(b)], len(a), b, len(b))),
    ]),
    Problem("kth smallest", "searching", tuple(_bounded(_kth_from(1))), _kth_check(1, False)),
    Problem("kth largest", "searching", tuple(_bounded(_kth_from(1))), _kth_check(1, True)),
    Problem("smallest at index", "searching", tuple(_bounded(_kth_from(0))), _kth_check(0, False)),
    checked("heapify", "data structures", _long, _heap),
    checked("wiggle", "sorting", _long, _wiggle),
    answered("inversions", "sorting", _long, _inversions),
)  # fmt: skip

_ANY_SORT = ("sort", "sort powers of two", "sort fractions")

SIGNATURES = (
    Signature("bogo sort", "sort", ("shuffle",), aliases=("bogosort", "permutation sort", "stupid sort")),
    Signature("stooge sort", "sort", ("three recursions", "swap", "_ // 3 | _ / 3"), aliases=("stoogesort",)),
    Signature("pancake sort", "sort", ("prefix reversal",), aliases=("pancake sorting",)),
    Signature("radix sort", "sort", ("digit of element", "scales up"), aliases=("LSD radix sort",)),
    Signature("counting sort", "sort", ("tally",), ("swap",), aliases=("pigeonhole sort",)),
    Signature("bucket sort", "sort", ("buckets", "two loops | nested loops"), ("tally", "recursion in a loop"), aliases=("bin sort",)),
    Signature("pigeonhole sort", "sort", ("H[X - M] = X | H[X - M] = _",), ("swap",), aliases=("counting sort",)),
    Signature("bead sort", "sort", ("nested loops", "B[I][J] | S[I] - S[I + 1] | T[I] - T[I + 1] | A[I] - A[I + 1]"), ("swap", "recursion", "merge heads"), aliases=("gravity sort",)),
    Signature("tree sort", "sort", ("recursion", "N.L; N.R", "V < N.K | V <= N.K | N.K < V | N.K <= V"), ("midpoint", "half of the length"), aliases=("binary tree sort",)),
    Signature("bitonic sort", "sort powers of two", ("recursion", "distant swap", "half of the length | midpoint | N // 2"), aliases=("bitonic sorter",)),
    Signature("heap sort", "sort", ("children by index", "swap"), aliases=("heapsort",)),
    Signature("heap sort", "sort", ("heap of the library", "loop"), ("merge heads",), aliases=("heapsort",)),
    Signature("merge sort", "sort", ("recursion", "merge heads", "midpoint | half of the length"), aliases=("top-down merge sort",)),
    Signature("merge sort", "sort", ("width doubles", "merge heads"), aliases=("bottom-up merge sort",)),
    Signature("merge sort", "sort", ("merge heads", "Q.pop(0) | Q.popleft() | [[X] for X in A]"), aliases=("bottom-up merge sort",)),
    Signature("strand sort", "sort", ("merge heads", "A.pop(I)"), ("midpoint",)),
    Signature("quick sort", "sort", ("recursion", "partition by comparison | partition in place"), ("merge heads",), aliases=("quicksort", "partition-exchange sort")),
    Signature("quick sort", "sort", ("stack", "partition in place"), aliases=("quicksort", "iterative quicksort")),
    Signature("cycle sort", "sort", ("p = p + 1", "A[p] < x | A[I] < x", "A[p], x = x, A[p] | x, A[p] = A[p], x"), aliases=("cyclesort",)),
    Signature("shell sort", "sort", ("gap shrinks | G in _", "distant shift | distant swap", "nested loops", "while loop"), ("adjacent swap", "S = True"), aliases=("shellsort", "diminishing increment sort")),
    Signature("comb sort", "sort", ("gap shrinks", "distant swap"), aliases=("combsort", "dobosiewicz sort")),
    Signature("cocktail shaker sort", "sort", ("two passes of adjacent swaps", "range(_, _, -1) | reversed(...) | J = J + -1"), ("range(_, _, 2)",), aliases=("cocktail sort", "shaker sort", "bidirectional bubble sort")),
    Signature("odd-even sort", "sort", ("adjacent swap", "range(_, _, 2) | range(I % 2, _, 2) | J = J + 2"), aliases=("brick sort", "odd-even transposition sort")),
    Signature("gnome sort", "sort", ("adjacent swap", "one loop", "I = I + 1", "I = I + -1"), aliases=("stupid sort",)),
    Signature("insertion sort", "sort", ("shift", "nested loops"), ("midpoint",), aliases=("linear insertion sort",)),
    Signature("binary insertion sort", "sort", ("midpoint", "shift | insert at place"), ("recursion", "merge heads"), aliases=("insertion sort",)),
    Signature("insertion sort", "sort", ("insertion into place", "loop"), aliases=("binary insertion sort",)),
    Signature("insertion sort", "sort", ("adjacent swap in an inner loop", "steps back while out of order"), aliases=("linear insertion sort",)),
    Signature("insertion sort", "sort", ("insert at place", "nested loops"), ("takes the smallest out", "midpoint"), aliases=("linear insertion sort",)),
    Signature("insertion sort", "sort", ("recursion", "shift"), aliases=("recursive insertion sort",)),
    Signature("bubble sort", "sort", ("adjacent swap in an inner loop",), aliases=("sinking sort",)),
    Signature("bubble sort", "sort", ("adjacent swap", "recursion"), aliases=("recursive bubble sort",)),
    Signature("selection sort", "sort", ("index of the extreme", "swap"), aliases=("straight selection",)),
    Signature("selection sort", "sort", ("index of the extreme | takes the smallest out", "A.pop(M) | A.remove(M) | A.pop(_) | A.remove(min(A))"), aliases=("straight selection",)),
    Signature("selection sort", "sort", ("swap", "min(A[I:]) | A.index(_, I) | min(range(...), key=_) | min(A[I:], key=_)"), aliases=("straight selection",)),
    Signature("exchange sort", "sort", ("nested loops", "swap", "A[J] < A[I] | A[I] < A[J]"), ("adjacent swap", "while loop"), aliases=("simple exchange sort", "selection sort")),
    Signature("bucket sort", "sort fractions", ("buckets",), aliases=("bin sort",)),
    Signature("Dutch national flag", "sort three values", ("swap", "loop"), ("nested loops",), aliases=("three-way partition", "sort colors", "dutch national flag partition")),
    Signature("Dutch national flag", "sort three values", ("loop",), ("nested loops", "recursion", "tally"), aliases=("sort colors",)),
    Signature("merge of two sorted lists", "merge sorted", ("merge heads | loop",), aliases=("merge", "merge sorted lists", "two-way merge")),
    *(
        Signature("quickselect", key, ("partition by comparison | partition in place",), aliases=("quick select", "Hoare's selection algorithm"))
        for key in ("kth smallest", "kth largest", "smallest at index")
    ),
    *(
        Signature("heap selection", key, ("heap of the library",), aliases=("kth element with a heap",))
        for key in ("kth smallest", "kth largest")
    ),
    Signature("heapify", "heapify", ("children by index",), aliases=("build heap", "heap construction")),
    Signature("wiggle sort", "wiggle", ("loop",), aliases=("zigzag sort",)),
    Signature("counting inversions", "inversions", ("loop",), aliases=("inversion count",)),
)  # fmt: skip

FAMILY = Family("sorting", PROBLEMS, SIGNATURES)
