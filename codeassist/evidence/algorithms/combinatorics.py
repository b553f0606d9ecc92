"""Algorithms that count or list arrangements."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

from codeassist.evidence.algorithms.model import (
    Family,
    Signature,
    answered,
    checked,
    laid_out,
    listed,
)  # fmt: skip

NAME = "combinatorics"


def _n(low: int, high: int) -> Any:
    return lambda rng, k: [low + k % (high - low + 1)]


def _choose(rng: random.Random, k: int) -> list[Any]:
    n = 2 + k % 6
    return [n, rng.randint(1, n - 1)]


def _items(rng: random.Random, k: int) -> list[Any]:
    return [rng.sample(range(1, 20), 1 + k % 4)]


def _bag(value: Any) -> list[Any] | None:
    """Rows as sorted tuples of their items; texts as tuples of characters."""
    rows = listed(value)
    if rows is None:
        return None
    return sorted((tuple(row) for row in rows), key=repr)


def _all_permutations(instance: Any, value: Any) -> bool:
    return _bag(value) == sorted(itertools.permutations(instance[0]), key=repr)


def _all_subsets(instance: Any, value: Any) -> bool:
    items = instance[0]
    rows = sorted(sorted(row) for row in value)
    return rows == sorted(sorted(c) for n in range(len(items) + 1) for c in itertools.combinations(items, n))


def _choice_of(rng: random.Random, k: int) -> list[Any]:
    items = rng.sample(range(1, 20), 3 + k % 3)
    return [items, 1 + k % 3]


def _all_combinations(instance: Any, value: Any) -> bool:
    items, r = instance
    return sorted(sorted(row) for row in value) == sorted(sorted(c) for c in itertools.combinations(items, r))


def _choose_numbers(instance: Any, value: Any) -> bool:
    n, r = instance
    return any(
        sorted(sorted(row) for row in value) == sorted(map(list, itertools.combinations(range(a, a + n), r)))
        for a in (0, 1)
    )


def _queens(n: int) -> list[tuple[int, ...]]:
    return [
        p for p in itertools.permutations(range(n))
        if len({p[i] + i for i in range(n)}) == n == len({p[i] - i for i in range(n)})
    ]  # fmt: skip


def _board(row: Any, n: int) -> tuple[int, ...]:
    """One solution as columns by row: from columns, places, texts or rows of 0 and 1."""
    row = listed(row) or []
    if all(type(x) is int for x in row):
        return tuple(x - min(row) if min(row) == 1 and max(row) == n else x for x in row)
    if all(isinstance(x, str) for x in row):
        return tuple(next(i for i, c in enumerate(x) if c == "Q") for x in row)
    if all(len(x) == n for x in row) and n != 2:
        return tuple(next(i for i, c in enumerate(x) if c in (1, "Q", True)) for x in row)
    return tuple(c for _, c in sorted(row))


def _queens_check(instance: Any, value: Any) -> bool:
    n = instance[0]
    solutions = _queens(n)
    if type(value) is int:
        return value == len(solutions)
    rows = listed(value)
    if rows is None:
        return False
    try:
        boards = [_board(row, n) for row in rows]
        if sorted(boards) == solutions:
            return True
    except (TypeError, StopIteration):
        pass
    return n > 3 and _board(rows, n) in solutions


def _hanoi(rng: random.Random, k: int) -> list[Any]:
    return [1 + k % 5, *("A", "B", "C")]


def _plays(moves: list[Any], n: int) -> bool:
    """Whether the moves (from, to), discs perhaps named too, bring the tower to another peg."""
    pegs: dict[Any, list[int]] = {}
    first = moves[0][-2]
    pegs[first] = list(range(n, 0, -1))
    for move in moves:
        source, target = move[-2], move[-1]
        disc = pegs.setdefault(source, []).pop()
        if pegs.setdefault(target, []) and pegs[target][-1] < disc:
            return False
        pegs[target].append(disc)
    return len(moves) == 2**n - 1 and sum(bool(p) for p in pegs.values()) == 1 and not pegs[first]


def _hanoi_check(instance: Any, value: Any) -> bool:
    n = instance[0]
    if type(value) is int:
        return bool(value == 2**n - 1)
    moves = listed(value)
    return moves is not None and bool(moves) and _plays(moves, n)


def _gray_check(instance: Any, value: Any) -> bool:
    n, codes = instance[0], listed(value)
    if codes is None or len(codes) != 2**n:
        return False
    whole = [int(c, 2) if isinstance(c, str) else c for c in codes]
    return sorted(whole) == list(range(2**n)) and all(
        (a ^ b).bit_count() == 1 for a, b in itertools.pairwise(whole)
    )


def _brackets(n: int) -> set[str]:
    def grow(text: str, left: int, right: int) -> list[str]:
        found = [text] if not right else []
        found += grow(text + "(", left - 1, right) if left else []
        return found + (grow(text + ")", left, right - 1) if right > left else [])

    return set(grow("", n, n))


def _brackets_check(instance: Any, value: Any) -> bool:
    rows = listed(value)
    return (
        rows is not None
        and {"".join(r) for r in rows} == _brackets(instance[0])
        and len(rows) == len(_brackets(instance[0]))
    )


def _next_permutation(xs: list[int]) -> list[int]:
    every = sorted(set(itertools.permutations(xs)))
    return list(every[every.index(tuple(xs)) + 1])


def _not_last(rng: random.Random, k: int) -> list[Any]:
    xs = [rng.randint(1, 6) for _ in range(3 + k % 3)]
    while xs == sorted(xs, reverse=True):
        xs = [rng.randint(1, 6) for _ in range(3 + k % 3)]
    return [xs]


def _josephus(n: int, k: int) -> int:
    circle, at = list(range(n)), 0
    while len(circle) > 1:
        at = (at + k - 1) % len(circle)
        circle.pop(at)
    return circle[0]


def _circle(rng: random.Random, k: int) -> list[Any]:
    return [3 + k % 9, 2 + k % 4]


def _order_out(n: int, k: int) -> list[int]:
    circle, at, out = list(range(1, n + 1)), 0, []
    while circle:
        at = (at + k - 1) % len(circle)
        out.append(circle.pop(at))
    return out


def _bell(n: int) -> int:
    row = [1]
    for _ in range(n):
        next_row = [row[-1]]
        for x in row:
            next_row.append(next_row[-1] + x)
        row = next_row
    return row[0]


def _partitions(n: int) -> int:
    ways = [1] + [0] * n
    for part in range(1, n + 1):
        for total in range(part, n + 1):
            ways[total] += ways[total - part]
    return ways[n]


def _derangements(n: int) -> int:
    return sum(all(i != x for i, x in enumerate(p)) for p in itertools.permutations(range(n)))


def _triangle(instance: Any, value: Any) -> bool:
    n, rows = instance[0], listed(value)
    if rows is None or len(rows) not in (n, n + 1):
        return False
    return all([x for x in row if x] == [math.comb(i, j) for j in range(i + 1)] for i, row in enumerate(rows))


def _candidates(rng: random.Random, k: int) -> list[Any]:
    return [sorted(rng.sample(range(2, 9), 3)), rng.randint(6, 12)]


def _sums(xs: list[int], total: int) -> list[list[int]]:
    found = []
    for n in range(1, total // min(xs) + 1):
        found += [list(c) for c in itertools.combinations_with_replacement(xs, n) if sum(c) == total]
    return sorted(found)


def _sums_check(instance: Any, value: Any) -> bool:
    return sorted(sorted(row) for row in value) == _sums(*instance)


_PHONE = {"2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz"}


def _phone_check(instance: Any, value: Any) -> bool:
    want = ["".join(p) for p in itertools.product(*(_PHONE[d] for d in instance[0]))]
    return sorted("".join(row) for row in value) == sorted(want)


def _shuffled(instance: Any, value: Any) -> bool:
    items = listed(value)
    return items is not None and sorted(items) == sorted(instance[0])


def _long(rng: random.Random, k: int) -> list[Any]:
    return [list(range(8 + k))]


def _sudoku(rng: random.Random, k: int) -> list[Any]:
    return [[[(3 * (r % 3) + r // 3 + c) % 9 + 1 for c in range(9)] for r in range(9)]]


def _gale(rng: random.Random, k: int) -> list[Any]:
    n = 2 + k % 3
    return [{f"m{i}": [f"w{j}" for j in rng.sample(range(n), n)] for i in range(n)},
            {f"w{i}": [f"m{j}" for j in rng.sample(range(n), n)] for i in range(n)}]  # fmt: skip


def _stable(instance: Any, value: Any) -> bool:
    men, women = instance
    pairs = dict(value)
    if set(pairs) == set(women):
        pairs = {m: w for w, m in pairs.items()}
    if set(pairs) != set(men) or set(pairs.values()) != set(women):
        return False
    holds = {w: m for m, w in pairs.items()}
    return not any(
        men[m].index(w) < men[m].index(pairs[m]) and women[w].index(m) < women[w].index(holds[w])
        for m in men for w in women
    )  # fmt: skip


PROBLEMS = (
    answered("factorial", NAME, _n(0, 9), math.factorial),
    answered("binomial", NAME, _choose, math.comb),
    answered("number of permutations", NAME, _choose, math.perm),
    answered("catalan", NAME, _n(1, 8), lambda n: math.comb(2 * n, n) // (n + 1)),
    answered("bell", NAME, _n(1, 7), _bell),
    answered("partitions", NAME, _n(2, 12), _partitions),
    answered("derangements", NAME, _n(2, 6), _derangements),
    checked("pascal", NAME, _n(2, 7), _triangle),
    answered("pascal row", NAME, _n(1, 7), lambda n: [math.comb(n, i) for i in range(n + 1)]),
    checked("all permutations", NAME, _items, _all_permutations, more=[
        laid_out(_items, lambda xs: ("".join(chr(96 + x) for x in xs),)), laid_out(_items, lambda xs: (xs, 0, len(xs) - 1)),
        laid_out(_items, lambda xs: (xs, 0)),
    ], trials=8),
    checked("all permutations of a text", NAME, lambda r, k: ["".join(r.sample("abcdefg", 1 + k % 4))], lambda i, v: sorted("".join(x) for x in v) == sorted("".join(p) for p in itertools.permutations(i[0])), trials=8),
    checked("all subsets", NAME, _items, _all_subsets, trials=8),
    checked("all combinations", NAME, _choice_of, _all_combinations, orders=True, trials=8),
    checked("combinations of numbers", NAME, _choose, _choose_numbers, trials=8),
    checked("queens", NAME, _n(4, 6), _queens_check, trials=3),
    checked("hanoi", NAME, _hanoi, _hanoi_check, more=[laid_out(_hanoi, lambda n, a, b, c: (n,)), laid_out(_hanoi, lambda n, a, b, c: (n, 1, 3)), laid_out(_hanoi, lambda n, a, b, c: (n, 1, 2, 3))], trials=5),
    checked("gray code", NAME, _n(1, 5), _gray_check, trials=5),
    checked("brackets", NAME, _n(1, 4), _brackets_check, trials=4),
    answered("next permutation", NAME, _not_last, _next_permutation),
    answered("josephus", NAME, _circle, _josephus),
    answered("josephus from one", NAME, _circle, lambda n, k: _josephus(n, k) + 1),
    answered("josephus order", NAME, _circle, lambda n, k: _order_out(n, k), more=[laid_out(_circle, lambda n, k: (list(range(1, n + 1)), k))]),
    checked("combination sum", NAME, _candidates, _sums_check),
    checked("phone letters", NAME, lambda r, k: ["".join(r.choice("23456789") for _ in range(1 + k % 3))], _phone_check),
    checked("stable marriage", NAME, _gale, _stable),
    checked("shuffle", NAME, _long, lambda i, v: _shuffled(i, v) and listed(v) not in (i[0], i[0][::-1])),
)  # fmt: skip

SIGNATURES = (
    Signature("factorial by recursion", "factorial", ("recursion",), aliases=("factorial", "recursive factorial")),
    Signature("factorial", "factorial", ("loop | functools.reduce(...)",), aliases=("iterative factorial", "factorial by iteration")),
    Signature("binomial coefficient by Pascal's rule", "binomial", ("two recursions | neighbouring cells",), aliases=("binomial coefficient", "n choose k", "combinations")),
    Signature("binomial coefficient", "binomial", (), ("math.comb(...)",), aliases=("n choose k", "combinations")),
    Signature("number of permutations", "number of permutations", (), ("math.perm(...)",), aliases=("k-permutations", "falling factorial")),
    Signature("Catalan numbers", "catalan", ("loop | recursion",), aliases=("catalan number", "catalan", "number of binary search trees", "unique bst")),
    Signature("Bell numbers", "bell", ("loop | recursion",), aliases=("bell triangle", "bell number")),
    Signature("integer partitions", "partitions", ("loop | recursion",), aliases=("partition numbers", "number of partitions", "partition function")),
    Signature("derangements", "derangements", ("loop | recursion",), aliases=("subfactorial",)),
    Signature("Pascal's triangle", "pascal", ("loop | recursion",), aliases=("pascal triangle",)),
    Signature("row of Pascal's triangle", "pascal row", ("loop | recursion",), aliases=("pascal triangle", "binomial coefficients")),
    Signature("Heap's algorithm", "all permutations", ("swap", "N % 2 | K % 2 == 0"), aliases=("heap's algorithm", "permutations", "all permutations")),
    *(
        Signature("permutations by backtracking", key, ("recursion | loop",), ("itertools.permutations(...)",), aliases=("permutations", "all permutations", "permute", "backtracking"))
        for key in ("all permutations", "all permutations of a text")
    ),
    Signature("power set", "all subsets", ("loop | recursion",), ("itertools.combinations(...)",), aliases=("subsets", "all subsets", "subsets by backtracking", "powerset")),
    Signature("combinations by backtracking", "all combinations", ("loop | recursion",), ("itertools.combinations(...)",), aliases=("combinations", "k-combinations")),
    Signature("combinations by backtracking", "combinations of numbers", ("loop | recursion",), ("itertools.combinations(...)",), aliases=("combinations", "k-combinations")),
    Signature("N-queens", "queens", ("recursion | nested loops",), aliases=("n queens", "eight queens", "queens by backtracking", "n-queens problem")),
    Signature("Tower of Hanoi", "hanoi", ("recursion | loop",), aliases=("towers of hanoi", "hanoi")),
    Signature("Gray code", "gray code", ("loop | recursion",), aliases=("reflected binary code",)),
    Signature("generation of balanced parentheses", "brackets", ("recursion | loop",), aliases=("generate parentheses", "balanced parentheses", "generate parenthesis", "backtracking")),
    Signature("next permutation", "next permutation", ("loop",), aliases=("next lexicographic permutation",)),
    *(
        Signature("Josephus problem", key, ("loop | recursion",), aliases=("josephus", "josephus permutation"))
        for key in ("josephus", "josephus from one", "josephus order")
    ),
    Signature("combination sum", "combination sum", ("recursion | loop",), aliases=("combination sum by backtracking", "backtracking")),
    Signature("letter combinations of a phone number", "phone letters", ("loop | recursion",), aliases=("letter combinations",)),
    Signature("Gale-Shapley", "stable marriage", ("loop",), aliases=("stable marriage", "stable matching", "deferred acceptance")),
    Signature("Fisher-Yates shuffle", "shuffle", ("random.randint(...) | random.randrange(...) | int(random.random() * _)", "swap"), aliases=("knuth shuffle", "shuffle")),
)  # fmt: skip

FAMILY = Family(NAME, PROBLEMS, SIGNATURES)
