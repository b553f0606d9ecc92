"""Algorithms on matrices."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

from codeassist.evidence.algorithms.model import (
    Family,
    Problem,
    Signature,
    alike,
    answered,
    checked,
    laid_out,
)

NAME = "matrices"


def _rows(rng: random.Random, r: int, c: int) -> list[list[int]]:
    return [[rng.randint(-5, 9) for _ in range(c)] for _ in range(r)]


def _pair(rng: random.Random, k: int) -> list[Any]:
    n, m, p = 1 + k % 3, 2 + k % 2, 1 + k % 4
    return [_rows(rng, n, m), _rows(rng, m, p)]


def _squares(rng: random.Random, k: int) -> list[Any]:
    n = (2, 4)[k % 2]
    return [_rows(rng, n, n), _rows(rng, n, n)]


def product(a: list[list[int]], b: list[list[int]]) -> list[list[int]]:
    """The matrix product."""
    return [
        [sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*b, strict=True)] for row in a
    ]


def _any(rng: random.Random, k: int) -> list[Any]:
    return [_rows(rng, 2 + k % 3, 2 + k % 2)]


def _square(rng: random.Random, k: int) -> list[Any]:
    n = 2 + k % 3
    return [_rows(rng, n, n)]


def _det(m: list[list[int]]) -> int:
    n = len(m)
    total = 0
    for p in itertools.permutations(range(n)):
        sign = (-1) ** sum(p[i] > p[j] for i in range(n) for j in range(i + 1, n))
        total += sign * math.prod(m[i][p[i]] for i in range(n))
    return total


def _spiral(m: list[list[int]]) -> list[int]:
    rest, out = [list(r) for r in m], []
    while rest:
        out += rest.pop(0)
        rest = [list(r) for r in zip(*rest, strict=True)][::-1]
    return out


def _system(rng: random.Random, k: int) -> list[Any]:
    n = 2 + k % 2
    m = _rows(rng, n, n)
    while _det(m) == 0 or not m[0][0]:
        m = _rows(rng, n, n)
    x = [rng.randint(-4, 4) for _ in range(n)]
    return [m, [sum(a * b for a, b in zip(row, x, strict=True)) for row in m], x]


def _floats(m: Any) -> Any:
    return [[float(x) for x in row] for row in m]


def _solution(instance: Any, value: Any) -> bool:
    x = instance[2]
    if value and isinstance(value[0], (list, tuple)):
        value = [row[-1] for row in value]
    return alike(x, list(value))


def _inverse_check(instance: Any, value: Any) -> bool:
    m = instance[0]
    return len(value) == len(m) and (alike([[float(i == j) for j in range(len(m))] for i in range(len(m))], product(m, [list(r) for r in value])) or all(
        abs(sum(a * b for a, b in zip(row, column, strict=True)) - (i == j)) < 1e-6
        for i, row in enumerate(m) for j, column in enumerate(zip(*value, strict=True))
    ))  # fmt: skip


def _power(rng: random.Random, k: int) -> list[Any]:
    return [_rows(rng, 2, 2), 1 + k % 5]


def _powered(m: list[list[int]], n: int) -> list[list[int]]:
    out = m
    for _ in range(n - 1):
        out = product(out, m)
    return out


def _life(grid: list[list[int]]) -> list[list[int]]:
    def alive(r: int, c: int) -> int:
        around = [(r + a, c + b) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b]
        n = sum(grid[y][x] for y, x in around if 0 <= y < len(grid) and 0 <= x < len(grid[0]))
        return int(n == 3 or n == 2 and grid[r][c])

    return [[alive(r, c) for c in range(len(grid[0]))] for r in range(len(grid))]


def _board(rng: random.Random, k: int) -> list[Any]:
    return [[[rng.randint(0, 1) for _ in range(4)] for _ in range(3 + k % 3)]]


def _zeroed(m: list[list[int]]) -> list[list[int]]:
    rows, columns = [0 in r for r in m], [0 in c for c in zip(*m, strict=True)]
    return [[0 if rows[i] or columns[j] else x for j, x in enumerate(r)] for i, r in enumerate(m)]


def _some_zeros(rng: random.Random, k: int) -> list[Any]:
    m = [[rng.randint(1, 9) for _ in range(3)] for _ in range(3 + k % 2)]
    m[rng.randrange(3)][rng.randrange(3)] = 0
    return [m]


def _grid(rng: random.Random, k: int) -> list[Any]:
    base = [[(3 * (r % 3) + r // 3 + c) % 9 + 1 for c in range(9)] for r in range(9)]
    rng.shuffle(base[0:3])
    if k % 2:
        r, c = rng.randrange(9), rng.randrange(9)
        base[r][c] = base[r][c] % 9 + 1
    return [base]


def _valid(m: list[list[int]]) -> bool:
    boxes = [[m[r + i][c + j] for i in range(3) for j in range(3)] for r in (0, 3, 6) for c in (0, 3, 6)]
    return all(len(set(line)) == 9 for line in [*m, *zip(*m, strict=True), *boxes])


def _solved(instance: Any, value: Any) -> bool:
    given = instance[0]
    rows = [list(r) for r in value]
    kept = all(g in (0, x) for a, b in zip(given, rows, strict=True) for g, x in zip(a, b, strict=True))
    return kept and _valid(rows)


def _holes(rng: random.Random, k: int) -> list[Any]:
    m = _grid(rng, 0)[0]
    for _ in range(8):
        m[rng.randrange(9)][rng.randrange(9)] = 0
    return [m]


PROBLEMS = (
    answered("matrix product", NAME, _pair, product),
    answered("square matrix product", NAME, _squares, product),
    answered("transpose", NAME, _any, lambda m: [list(c) for c in zip(*m, strict=True)]),
    answered("square transpose", NAME, _square, lambda m: [list(c) for c in zip(*m, strict=True)]),
    answered("quarter turn", NAME, _square, lambda m: [list(c) for c in zip(*m[::-1], strict=True)]),
    answered("quarter turn back", NAME, _square, lambda m: [list(c) for c in zip(*m, strict=True)][::-1]),
    answered("spiral", NAME, _any, _spiral),
    answered("determinant", NAME, _square, _det, more=[laid_out(_square, lambda m: (_floats(m),)), laid_out(_square, lambda m: (m, len(m)))]),
    Problem("linear system", NAME, (laid_out(_system, lambda m, b, x: (m, b)), laid_out(_system, lambda m, b, x: (_floats(m), [float(y) for y in b])), laid_out(_system, lambda m, b, x: ([[*map(float, r), float(y)] for r, y in zip(m, b, strict=True)],))), _solution),
    checked("inverse", NAME, lambda r, k: [_system(r, k)[0]], _inverse_check),
    answered("matrix power", NAME, _power, _powered, orders=True),
    answered("life", NAME, _board, _life, check=lambda want, got: [[int(x) for x in r] for r in got] == want),
    answered("zero rows and columns", NAME, _some_zeros, _zeroed),
    answered("valid sudoku", NAME, _grid, _valid),
    checked("sudoku", NAME, _holes, _solved, trials=3),
)  # fmt: skip

SIGNATURES = (
    Signature("Strassen's algorithm", "square matrix product", ("recursion", "half of the length | N // 2"), aliases=("strassen", "matrix multiplication")),
    Signature("matrix multiplication", "matrix product", ("nested loops",), aliases=("matrix product", "naive matrix multiplication")),
    Signature("matrix multiplication", "square matrix product", ("nested loops",), aliases=("matrix product", "naive matrix multiplication")),
    Signature("matrix transposition", "transpose", ("loop | zip(*A)",), aliases=("transpose", "matrix transpose")),
    Signature("matrix transposition", "square transpose", ("loop | zip(*A)",), aliases=("transpose", "matrix transpose")),
    Signature("rotation of a matrix", "quarter turn", (), aliases=("rotate image", "rotate matrix", "matrix rotation")),
    Signature("rotation of a matrix", "quarter turn back", (), aliases=("rotate image", "rotate matrix", "matrix rotation")),
    Signature("spiral traversal", "spiral", ("loop",), aliases=("spiral matrix", "spiral order")),
    Signature("determinant by Laplace expansion", "determinant", ("recursion",), aliases=("determinant", "laplace expansion", "cofactor expansion")),
    Signature("determinant by elimination", "determinant", ("three nested loops",), aliases=("determinant", "gaussian elimination")),
    Signature("Gaussian elimination", "linear system", ("nested loops",), aliases=("gauss-jordan elimination", "gauss elimination", "linear equations")),
    Signature("matrix inversion", "inverse", ("loop",), aliases=("gauss-jordan elimination", "inverse matrix", "matrix inverse")),
    Signature("matrix exponentiation by squaring", "matrix power", ("halving number | N % 2",), aliases=("matrix exponentiation", "matrix power", "exponentiation by squaring")),
    Signature("matrix power", "matrix power", ("loop",), aliases=("matrix exponentiation",)),
    Signature("game of life", "life", ("nested loops",), aliases=("conway's game of life",)),
    Signature("set matrix zeroes", "zero rows and columns", ("loop",), aliases=()),
    Signature("sudoku check", "valid sudoku", ("loop",), aliases=("valid sudoku", "sudoku validator")),
    Signature("sudoku by backtracking", "sudoku", ("recursion",), aliases=("sudoku solver", "backtracking")),
)  # fmt: skip

FAMILY = Family(NAME, PROBLEMS, SIGNATURES)
