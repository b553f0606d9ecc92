"""Dynamic programming: best values over sub-problems that are solved once."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

from codeassist.evidence.algorithms.model import (
    Family,
    Problem,
    Signature,
    answered,
    checked,
    laid_out,
    listed,
)
from codeassist.evidence.algorithms.number_theory import fib

NAME = "dynamic programming"


def _texts(rng: random.Random, k: int) -> list[Any]:
    return [
        "".join(rng.choice("abc") for _ in range(2 + k % 5)),
        "".join(rng.choice("abc") for _ in range(2 + k % 4)),
    ]


def lcs(a: str, b: str) -> int:
    """Length of the longest common subsequence."""
    return max(n for n in range(len(a) + 1) for c in itertools.combinations(a, n) if is_subsequence(c, b))


def is_subsequence(part: Any, whole: Any) -> bool:
    """Whether the items of `part` stand in `whole` in this order."""
    rest = iter(whole)
    return all(item in rest for item in part)


def _lcs_check(instance: Any, value: Any) -> bool:
    a, b = instance
    if type(value) is int:
        return value == lcs(a, b)
    text = "".join(value)
    return len(text) == lcs(a, b) and is_subsequence(text, a) and is_subsequence(text, b)


def _common_substring(a: str, b: str) -> int:
    return max(j - i for i in range(len(a) + 1) for j in range(i, len(a) + 1) if a[i:j] in b)


def _substring_check(instance: Any, value: Any) -> bool:
    a, b = instance
    if type(value) is int:
        return value == _common_substring(a, b)
    text = "".join(value)
    return len(text) == _common_substring(a, b) and text in a and text in b


def edit_distance(a: str, b: str) -> int:
    """Least number of insertions, deletions and replacements."""
    if not a or not b:
        return len(a) + len(b)
    if a[0] == b[0]:
        return edit_distance(a[1:], b[1:])
    return 1 + min(edit_distance(a[1:], b), edit_distance(a, b[1:]), edit_distance(a[1:], b[1:]))


def _knapsack(rng: random.Random, k: int) -> list[Any]:
    n = 2 + k % 4
    return [[rng.randint(1, 30) for _ in range(n)], [rng.randint(1, 9) for _ in range(n)], rng.randint(5, 16)]


def _packed(values: list[int], weights: list[int], room: int) -> int:
    every = itertools.product((0, 1), repeat=len(values))
    sums = (
        (
            sum(t * w for t, w in zip(c, weights, strict=True)),
            sum(t * v for t, v in zip(c, values, strict=True)),
        )
        for c in every
    )
    return max(v for w, v in sums if w <= room)


def _unbounded(values: list[int], weights: list[int], room: int) -> int:
    best = [0] * (room + 1)
    for total in range(room + 1):
        for v, w in zip(values, weights, strict=True):
            if w <= total:
                best[total] = max(best[total], best[total - w] + v)
    return best[room]


def _sack_forms(make: Any) -> list[Any]:
    return [
        laid_out(make, lambda v, w, c: (w, v, c)), laid_out(make, lambda v, w, c: (c, w, v)),
        laid_out(make, lambda v, w, c: (c, v, w)), laid_out(make, lambda v, w, c: (c, w, v, len(v))),
        laid_out(make, lambda v, w, c: (w, v, c, len(v))), laid_out(make, lambda v, w, c: (v, w, c, len(v))),
        laid_out(make, lambda v, w, c: (len(v), c, w, v)), laid_out(make, lambda v, w, c: (list(zip(v, w, strict=True)), c)),
        laid_out(make, lambda v, w, c: (list(zip(w, v, strict=True)), c)), laid_out(make, lambda v, w, c: (w, v, len(v), c)),
        laid_out(make, lambda v, w, c: (v, w, len(v), c)),
    ]  # fmt: skip


def _numbers(rng: random.Random, k: int) -> list[Any]:
    return [[rng.randint(0, 30) for _ in range(3 + k % 6)]]


def _signed(rng: random.Random, k: int) -> list[Any]:
    xs = [rng.randint(-9, 9) for _ in range(4 + k % 6)]
    return [[*xs, 5] if max(xs) <= 0 else xs]


def _increasing(xs: list[int]) -> int:
    return max(
        n
        for n in range(1, len(xs) + 1)
        for c in itertools.combinations(xs, n)
        if all(a < b for a, b in itertools.pairwise(c))
    )


def _increasing_check(instance: Any, value: Any) -> bool:
    xs = instance[0]
    if type(value) is int:
        return value == _increasing(xs)
    items = listed(value) or []
    rising = all(a < b for a, b in itertools.pairwise(items))
    return len(items) == _increasing(xs) and rising and is_subsequence(items, xs)


def _best_part(xs: list[int]) -> int:
    return max(sum(xs[i:j]) for i in range(len(xs)) for j in range(i + 1, len(xs) + 1))


def _part_check(instance: Any, value: Any) -> bool:
    xs = instance[0]
    if type(value) is int:
        return value == _best_part(xs)
    items = listed(value)
    return (
        items is not None
        and sum(items) == _best_part(xs)
        and items in [xs[i:j] for i in range(len(xs)) for j in range(i, len(xs) + 1)]
    )


def _best_product(xs: list[int]) -> int:
    return max(math.prod(xs[i:j]) for i in range(len(xs)) for j in range(i + 1, len(xs) + 1))


def _coins(rng: random.Random, k: int) -> list[Any]:
    return [sorted({1, *rng.sample(range(2, 9), 2)}), rng.randint(3, 16)]


def _odd_coins(rng: random.Random, k: int) -> list[Any]:
    return [sorted(rng.sample(range(2, 9), 3)), rng.randint(4, 16)]


def ways(coins: list[int], total: int) -> int:
    """In how many ways coins make a total, order left out."""
    if not total:
        return 1
    return sum(ways(coins[i:], total - c) for i, c in enumerate(coins) if c <= total)


def fewest(coins: list[int], total: int) -> int:
    """The least number of coins; -1 if the total cannot be made."""
    best = [0] + [99] * total
    for t in range(1, total + 1):
        best[t] = min([best[t - c] + 1 for c in coins if c <= t], default=99)
    return best[total] if best[total] < 99 else -1


def _fewest_check(instance: Any, value: Any) -> bool:
    want = fewest(*instance)
    if isinstance(value, (list, tuple)):
        return len(value) == want and sum(value) == instance[1] and set(value) <= set(instance[0])
    return value == want and not isinstance(value, bool)


def _with_length(make: Any) -> list[Any]:
    return [
        laid_out(make, lambda xs, t: (xs, len(xs), t)),
        laid_out(make, lambda xs, t: (t, xs, len(xs))),
        laid_out(make, lambda xs, t: (xs, t, len(xs))),
    ]


def _chain(rng: random.Random, k: int) -> list[Any]:
    return [[rng.randint(2, 12) for _ in range(3 + k % 4)]]


def _chain_cost(dims: list[int]) -> int:
    if len(dims) < 3:
        return 0
    return min(
        _chain_cost(dims[: i + 1]) + _chain_cost(dims[i:]) + dims[0] * dims[i] * dims[-1]
        for i in range(1, len(dims) - 1)
    )


def _prices(rng: random.Random, k: int) -> list[Any]:
    return [[rng.randint(1, 25) for _ in range(2 + k % 5)]]


def _rod(prices: list[int], n: int) -> int:
    return max((prices[i - 1] + _rod(prices, n - i) for i in range(1, n + 1)), default=0)


def _subset(rng: random.Random, k: int) -> list[Any]:
    xs = [rng.randint(1, 15) for _ in range(2 + k % 5)]
    return [xs, sum(rng.sample(xs, 1 + len(xs) // 2)) if k % 2 else rng.randint(3, 40)]


def _halves(rng: random.Random, k: int) -> list[Any]:
    xs = [rng.randint(1, 12) for _ in range(2 + k % 3)]
    return [[*xs, sum(xs)] if k % 2 else [*xs, rng.randint(1, 12)]]


def _subset_sum(xs: list[int], total: int) -> bool:
    return any(sum(c) == total for n in range(len(xs) + 1) for c in itertools.combinations(xs, n))


def _words(rng: random.Random, k: int) -> list[Any]:
    words = rng.sample(["a", "ab", "ba", "bb", "abc", "c", "ca", "bc"], 3)
    text = (
        "".join(rng.choice(words) for _ in range(1 + k % 3))
        if k % 2
        else "".join(rng.choice("abc") for _ in range(4))
    )
    return [text, words]


def _breakable(text: str, words: list[str]) -> bool:
    return not text or any(text.startswith(w) and _breakable(text[len(w) :], words) for w in words)


def _houses(xs: list[int]) -> int:
    keep = take = 0
    for x in xs:
        keep, take = max(keep, take), keep + x
    return max(keep, take)


def _grid(rng: random.Random, k: int) -> list[Any]:
    return [[[rng.randint(1, 9) for _ in range(2 + k % 3)] for _ in range(2 + k % 2)]]


def _least_path(grid: list[list[int]]) -> int:
    if len(grid) == 1:
        return sum(grid[0])
    if len(grid[0]) == 1:
        return sum(row[0] for row in grid)
    return grid[-1][-1] + min(_least_path(grid[:-1]), _least_path([row[:-1] for row in grid]))


def _pal_text(rng: random.Random, k: int) -> list[Any]:
    return ["".join(rng.choice("abc") for _ in range(3 + k % 7))]


def _palindrome_subsequence(text: str) -> int:
    return max(n for n in range(1, len(text) + 1) for c in itertools.combinations(text, n) if c == c[::-1])


def _stock(xs: list[int]) -> int:
    return max([b - a for i, a in enumerate(xs) for b in xs[i + 1 :]] + [0])


def _jumps(rng: random.Random, k: int) -> list[Any]:
    return [[rng.randint(0, 3) for _ in range(3 + k % 5)]]


def _can_jump(xs: list[int]) -> bool:
    far = 0
    for i, x in enumerate(xs):
        if i > far:
            return False
        far = max(far, i + x)
    return True


def _eggs(eggs: int, floors: int) -> int:
    if floors < 2 or eggs == 1:
        return floors
    return 1 + min(max(_eggs(eggs - 1, f - 1), _eggs(eggs, floors - f)) for f in range(1, floors + 1))


def _decodings(text: str) -> int:
    if not text:
        return 1
    one = _decodings(text[1:]) if text[0] != "0" else 0
    return one + (_decodings(text[2:]) if len(text) > 1 and "10" <= text[:2] <= "26" else 0)


def _tribonacci(n: int) -> int:
    a, b, c = 0, 1, 1
    for _ in range(n):
        a, b, c = b, c, a + b + c
    return a


def _steps(rng: random.Random, k: int) -> list[Any]:
    return [2 + k % 12]


def _regex(rng: random.Random, k: int) -> list[Any]:
    return [
        "".join(rng.choice("ab") for _ in range(1 + k % 4)),
        ("a*b*", ".*", "a.", "ab*", "a*", ".b*a")[k % 6],
    ]


def _matches(text: str, pattern: str) -> bool:
    import re

    return re.fullmatch(pattern, text) is not None


def _jobs(rng: random.Random, k: int) -> list[Any]:
    starts = [rng.randint(0, 12) for _ in range(3 + k % 4)]
    return [starts, [s + rng.randint(1, 6) for s in starts]]


def _most_jobs(starts: list[int], ends: list[int]) -> int:
    count, free = 0, -1
    for end, start in sorted(zip(ends, starts, strict=True)):
        if start >= free:
            count, free = count + 1, end
    return count


def _activities(instance: Any, value: Any) -> bool:
    starts, ends = instance
    items = listed(value)
    if items is None:
        return type(value) is int and value == _most_jobs(starts, ends)
    if len(items) != _most_jobs(starts, ends):
        return False
    spans = [(starts[i], ends[i]) if type(i) is int else tuple(i) for i in items]
    spans.sort()
    return all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


def _intervals(rng: random.Random, k: int) -> list[Any]:
    return [[[s, s + rng.randint(1, 5)] for s in (rng.randint(0, 20) for _ in range(3 + k % 4))]]


def _merged(spans: list[list[int]]) -> list[list[int]]:
    done: list[list[int]] = []
    for start, end in sorted(spans):
        if done and start <= done[-1][1]:
            done[-1][1] = max(done[-1][1], end)
        else:
            done.append([start, end])
    return done


def _bars(rng: random.Random, k: int) -> list[Any]:
    return [[rng.randint(0, 6) for _ in range(4 + k % 6)]]


def _water(xs: list[int]) -> int:
    return sum(max(0, min(max(xs[: i + 1]), max(xs[i:])) - x) for i, x in enumerate(xs))


def _container(xs: list[int]) -> int:
    return max((j - i) * min(xs[i], xs[j]) for i in range(len(xs)) for j in range(i + 1, len(xs)))


def _histogram(xs: list[int]) -> int:
    return max(min(xs[i:j]) * (j - i) for i in range(len(xs)) for j in range(i + 1, len(xs) + 1))


PROBLEMS = (
    checked("common subsequence", NAME, _texts, _lcs_check, more=[laid_out(_texts, lambda a, b: (a, b, len(a), len(b)))]),
    checked("common substring", NAME, _texts, _substring_check),
    answered("edit distance", NAME, _texts, edit_distance, more=[laid_out(_texts, lambda a, b: (a, b, len(a), len(b)))]),
    Problem("knapsack", NAME, (laid_out(_knapsack, lambda v, w, c: (v, w, c)), *_sack_forms(_knapsack)), lambda i, v: type(v) is int and v == _packed(*i)),
    Problem("unbounded knapsack", NAME, (laid_out(_knapsack, lambda v, w, c: (v, w, c)), *_sack_forms(_knapsack)), lambda i, v: type(v) is int and v == _unbounded(*i)),
    checked("increasing subsequence", NAME, _numbers, _increasing_check),
    checked("best part", NAME, _signed, _part_check, more=[laid_out(_signed, lambda xs: (xs, 0, len(xs) - 1))]),
    answered("best product", NAME, _signed, _best_product),
    answered("coin ways", NAME, _coins, ways, orders=True, more=_with_length(_coins)),
    checked("fewest coins", NAME, _odd_coins, _fewest_check, orders=True, more=_with_length(_odd_coins)),
    answered("chain order", NAME, _chain, _chain_cost, more=[laid_out(_chain, lambda d: (d, 1, len(d) - 1)), laid_out(_chain, lambda d: (d, len(d)))]),
    answered("rod cutting", NAME, _prices, lambda p: _rod(p, len(p)), more=[laid_out(_prices, lambda p: (p, len(p))), laid_out(_prices, lambda p: (len(p), p))]),
    answered("subset sum", NAME, _subset, _subset_sum, orders=True, more=_with_length(_subset)),
    answered("equal partition", NAME, _halves, lambda xs: sum(xs) % 2 == 0 and _subset_sum(xs, sum(xs) // 2)),
    answered("word break", NAME, _words, _breakable, more=[laid_out(_words, lambda t, w: (t, set(w)))]),
    answered("no two neighbours", NAME, _numbers, _houses),
    answered("least path", NAME, _grid, _least_path),
    answered("lattice paths", NAME, lambda r, k: [2 + k % 4, 2 + k % 5], lambda m, n: math.comb(m + n - 2, m - 1)),
    answered("palindromic subsequence", NAME, _pal_text, _palindrome_subsequence),
    answered("best trade", NAME, _numbers, _stock),
    answered("can jump", NAME, _jumps, _can_jump),
    answered("egg drop", NAME, lambda r, k: [1 + k % 3, 1 + k % 7], _eggs, orders=True),
    answered("decodings", NAME, lambda r, k: ["".join(r.choice("1234") for _ in range(1 + k % 7))], _decodings),
    answered("stairs", NAME, _steps, lambda n: fib(n + 1)),
    answered("tribonacci", NAME, _steps, _tribonacci),
    answered("pattern with stars", NAME, _regex, _matches),
    checked("most activities", NAME, _jobs, _activities, more=[laid_out(_jobs, lambda s, e: (list(zip(s, e, strict=True)),))]),
    answered("merge intervals", NAME, _intervals, _merged),
    answered("rain water", NAME, _bars, _water),
    answered("container", NAME, _bars, _container),
    answered("largest rectangle", NAME, _bars, _histogram),
)  # fmt: skip

SIGNATURES = (
    Signature("longest common subsequence", "common subsequence", ("loop | recursion",), aliases=("lcs",)),
    Signature("longest common substring", "common substring", ("loop | recursion",), aliases=()),
    Signature("Levenshtein distance", "edit distance", ("loop | recursion",), aliases=("edit distance", "wagner-fischer", "wagner fischer algorithm", "levenshtein")),
    Signature("0/1 knapsack", "knapsack", ("loop | recursion",), aliases=("knapsack", "0-1 knapsack", "zero-one knapsack", "knapsack problem")),
    Signature("unbounded knapsack", "unbounded knapsack", ("loop | recursion",), aliases=("knapsack",)),
    Signature("longest increasing subsequence by patience", "increasing subsequence", ("midpoint | bisect.bisect_left(...) | bisect.bisect(...) | bisect.bisect_right(...)",), aliases=("longest increasing subsequence", "lis", "patience sorting")),
    Signature("longest increasing subsequence", "increasing subsequence", ("nested loops | recursion",), aliases=("lis",)),
    Signature("maximum subarray by divide and conquer", "best part", ("recursion", "midpoint | half of the length"), aliases=("maximum subarray", "maximum subarray sum", "divide and conquer")),
    Signature("maximum subarray by brute force", "best part", ("nested loops",), aliases=("maximum subarray", "maximum subarray sum")),
    Signature("Kadane's algorithm", "best part", ("loop",), aliases=("kadane", "maximum subarray", "maximum subarray sum", "max subarray", "maximum sum subarray")),
    Signature("maximum product subarray", "best product", ("loop",), aliases=("max product subarray",)),
    Signature("coin change, number of ways", "coin ways", ("loop | recursion",), aliases=("coin change", "coin change ways", "number of ways to make change", "counting change")),
    Signature("coin change, fewest coins", "fewest coins", ("loop | recursion",), aliases=("coin change", "minimum coins", "fewest coins", "minimum coin change", "change making")),
    Signature("matrix chain multiplication", "chain order", ("loop | recursion",), aliases=("matrix chain order", "matrix chain", "optimal matrix chain multiplication")),
    Signature("rod cutting", "rod cutting", ("loop | recursion",), aliases=("cut rod",)),
    Signature("subset sum", "subset sum", ("loop | recursion",), aliases=("subset sum problem",)),
    Signature("partition into equal sums", "equal partition", ("loop | recursion",), aliases=("partition problem", "equal subset sum", "partition equal subset sum")),
    Signature("word break", "word break", ("loop | recursion",), aliases=("text segmentation",)),
    Signature("house robber", "no two neighbours", ("loop | recursion",), aliases=("maximum sum of non-adjacent items", "maximum non-adjacent sum")),
    Signature("minimum path sum", "least path", ("loop | recursion",), aliases=("min cost path", "minimum cost path", "grid path")),
    Signature("lattice paths", "lattice paths", ("loop | recursion",), aliases=("unique paths", "grid paths", "count paths")),
    Signature("longest palindromic subsequence", "palindromic subsequence", ("loop | recursion",), aliases=("lps",)),
    Signature("best time to buy and sell", "best trade", ("loop",), aliases=("buy and sell stock", "maximum profit", "max profit", "best time to buy and sell stock")),
    Signature("jump game", "can jump", ("loop | recursion",), aliases=("can jump",)),
    Signature("egg drop", "egg drop", ("loop | recursion",), aliases=("egg dropping", "egg dropping puzzle")),
    Signature("decode ways", "decodings", ("loop | recursion",), aliases=("number of decodings", "num decodings")),
    Signature("climbing stairs", "stairs", ("loop | recursion", "_ + _"), ("two recursions",), aliases=("fibonacci", "fibonacci numbers", "staircase")),
    Signature("tribonacci numbers", "tribonacci", ("loop | recursion",), aliases=("tribonacci",)),
    Signature("regular expression matching", "pattern with stars", ("loop | recursion",), aliases=("regex matching",)),
    Signature("activity selection", "most activities", ("loop",), aliases=("interval scheduling", "greedy activity selection")),
    Signature("merging of intervals", "merge intervals", ("loop",), aliases=("merge intervals", "interval merging")),
    Signature("trapping rain water", "rain water", ("loop",), aliases=("rain water",)),
    Signature("container with most water", "container", ("loop",), aliases=("two pointers",)),
    Signature("largest rectangle in a histogram", "largest rectangle", ("loop",), aliases=("largest rectangle in histogram", "monotonic stack")),
)  # fmt: skip

FAMILY = Family(NAME, PROBLEMS, SIGNATURES)
