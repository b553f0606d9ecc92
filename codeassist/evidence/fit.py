"""Fits growth classes to counted operations: which class do the points support, and by what margin.

Each class is a leading term with the smaller terms that come with it. It is fitted by least squares of
relative errors, once on all points and once on the smaller ones to foretell the larger. The class that
errs least wins, a simpler one wins a tie, and no class wins when the best still errs too much.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Point = tuple[int, int]
Term = Callable[[float], float]

TOLERANCE = 0.12
"""relative error beyond which no class is said to fit"""
LOOSE = 0.25
"""the same where every other class errs much more: steps that follow the data scatter"""
_FLOOR = 0.004
_SIMPLER = 0.22
"""how much, in log error, one step to the next class must gain"""


def _log(n: float) -> float:
    return math.log2(n) if n > 1 else 0.0


_ONE: Term = lambda n: 1.0  # noqa: E731
_N: Term = lambda n: n  # noqa: E731
_NLOGN: Term = lambda n: n * _log(n)  # noqa: E731
_N2: Term = lambda n: n * n  # noqa: E731
_N3: Term = lambda n: n**3  # noqa: E731

CLASSES: tuple[tuple[str, tuple[Term, ...]], ...] = (
    ("1", (_ONE,)),
    ("log n", (_log, _ONE)),
    ("sqrt n", (math.sqrt, _ONE)),
    ("n", (_N, _ONE)),
    ("n log n", (_NLOGN, _N, _ONE)),
    ("n^2", (_N2, _N, _ONE)),
    ("n^3", (_N3, _N2, _N, _ONE)),
)
DECOYS: tuple[tuple[str, tuple[Term, ...]], ...] = (
    ("log^2 n", (lambda n: _log(n) ** 2, _log, _ONE)),
    ("n^1.5", (lambda n: n**1.5, _N, _ONE)),
    ("n log^2 n", (lambda n: n * _log(n) ** 2, _NLOGN, _N, _ONE)),
    ("n^2 log n", (lambda n: n * n * _log(n), _N2, _N, _ONE)),
    ("n^4", (lambda n: n**4, _N3, _N2, _N, _ONE)),
)
"""classes that are not written in the public face: where one fits much better, none of the written does"""


@dataclass(frozen=True)
class Fit:
    """The class that the points support ("" if none), its relative error, and the next best."""

    cls: str
    error: float
    margin: float = 0.0
    """error of the next best class divided by this one's"""
    runner_up: str = ""


def fit(points: Sequence[Point]) -> Fit:
    """The class that `points` (size, operations) support; needs four different sizes."""
    points = sorted(dict(points).items())
    if len(points) < 4:
        return Fit("", math.inf)
    if _is_constant(points):
        return Fit("1", 0.0, math.inf)
    tail = _tail(points)
    errors = {name: _error(terms, tail) for name, terms in CLASSES}
    if _rises(points):  # counts that scatter over the larger sizes hide a slow rise from the least squares
        errors["1"] = math.inf
    if points[-1][0] <= 64:
        errors |= {"2^n": _exponential(points), "n!": _factorial(points)}
    decoys = {name: _error(terms, tail) for name, terms in DECOYS}
    return _decide(errors, decoys)


def _is_constant(points: Sequence[Point]) -> bool:
    """Whether the count stays within a twentieth, or stops growing over the larger half."""
    counts = [count for _, count in points]
    late = counts[len(counts) // 2 :]
    flat = max(late) <= min(late) * 1.001
    return max(counts) - min(counts) <= 0.05 * max(counts) or flat and points[-1][0] >= 64


def _rises(points: Sequence[Point]) -> bool:
    """Whether the counts of the larger half lie well above those of the smaller one."""
    half = len(points) // 2
    middle = [sorted(count for _, count in part)[len(part) // 2] for part in (points[:half], points[half:])]
    return middle[1] > 1.3 * middle[0]


def _tail(points: Sequence[Point]) -> Sequence[Point]:
    """The larger sizes: small ones say little of growth."""
    large = [point for point in points if point[0] >= points[-1][0] / 70]
    return large if len(large) >= 5 else list(points)[-7:]


def _decide(errors: dict[str, float], decoys: dict[str, float]) -> Fit:
    order = {name: rank for rank, name in enumerate([*dict(CLASSES), "2^n", "n!"])}
    scores = {name: math.log(error + _FLOOR) + _SIMPLER * order[name] for name, error in errors.items()}
    best, *others = sorted(scores, key=lambda name: scores[name])
    strange = min(decoys, key=lambda name: decoys[name])
    clear = (errors[others[0]] + _FLOOR) / (errors[best] + _FLOOR)
    if (
        errors[best] > (LOOSE if clear >= 1.6 else TOLERANCE)
        or errors[best] > 0.012
        and decoys[strange] < errors[best] / 6
    ):
        return Fit("", errors[best], runner_up=best)
    second = others[0]
    return Fit(best, errors[best], (errors[second] + _FLOOR) / (errors[best] + _FLOOR), second)


def _error(terms: Sequence[Term], points: Sequence[Point]) -> float:
    """Relative error of the fit, and half that of the larger third foretold from the rest."""
    whole = solve(terms, points)
    largest, most = points[-1]
    if whole is None or whole[0] * terms[0](largest) < 0.02 * most:
        return math.inf  # the leading term says nothing: a smaller class says the same
    residual = _residual(terms, whole, points)
    cut = max(len(terms) + 1, len(points) * 2 // 3)
    if cut >= len(points):
        return residual
    part = solve(terms, points[:cut])
    foretold = 1.0 if part is None else _residual(terms, part, points[cut:])
    return max(residual, foretold / 2)


def _residual(terms: Sequence[Term], weights: Sequence[float], points: Sequence[Point]) -> float:
    errors = []
    for n, count in points:
        value = sum(w * term(n) for w, term in zip(weights, terms, strict=True))
        errors.append(((value - count) / max(count, 1)) ** 2)
    return math.sqrt(sum(errors) / len(errors))


def solve(terms: Sequence[Term], points: Sequence[Point]) -> list[float] | None:
    """Weights of the terms by least squares of relative errors; a term that others already say gets 0.

    The columns are made orthogonal one after the other (modified Gram-Schmidt), the leading term first,
    since terms such as n^3 and n^2 are too alike for the normal equations.
    """
    if len(points) < len(terms):
        return None
    columns = [[term(n) / max(count, 1) for n, count in points] for term in terms]
    target = [1.0 if count else 0.0 for _, count in points]
    base: list[list[float]] = []
    upper: list[list[float]] = []
    for column in columns:
        rest, shares = list(column), []
        for unit in base:
            share = _dot(unit, rest)
            rest = [r - share * u for r, u in zip(rest, unit, strict=True)]
            shares.append(share)
        length = math.sqrt(_dot(rest, rest))
        known = length <= 1e-11 * math.sqrt(_dot(column, column))
        base.append([0.0] * len(rest) if known else [r / length for r in rest])
        upper.append([*shares, 0.0 if known else length])
    return _backwards(upper, [_dot(unit, target) for unit in base])


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _backwards(upper: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Weights from the triangular system; `upper[j]` is column j down to its diagonal."""
    weights = [0.0] * len(right)
    for i in reversed(range(len(right))):
        left = right[i] - sum(upper[j][i] * weights[j] for j in range(i + 1, len(right)))
        weights[i] = left / upper[i][i] if upper[i][i] else 0.0
    return weights


def _exponential(points: Sequence[Point]) -> float:
    """The least error of a * b^n + c, or a * n * b^n + c, over bases 1.3 to 6."""
    tail = [point for point in points if point[0] >= 3][-10:]
    if len(tail) < 5 or tail[-1][1] < 60 or tail[-1][1] < 4 * tail[0][1]:
        return math.inf
    best = math.inf
    for step in range(26, 121):
        base = step / 20
        plain: Term = lambda n, b=base: b**n  # type: ignore[misc]  # noqa: E731
        times: Term = lambda n, b=base: n * b**n  # type: ignore[misc]  # noqa: E731
        best = min(best, _error((plain, _ONE), tail), _error((times, _ONE), tail))
    return best


def _factorial(points: Sequence[Point]) -> float:
    tail = [point for point in points if 3 <= point[0] <= 12][-8:]
    if len(tail) < 4 or tail[-1][1] < 60:
        return math.inf
    plain: Term = lambda n: math.factorial(int(n))  # noqa: E731
    times: Term = lambda n: n * math.factorial(int(n))  # noqa: E731
    less: Term = lambda n: math.factorial(int(n) - 1)  # noqa: E731
    bases = ((plain, _ONE), (times, _ONE), (less, _ONE), (plain, less, _ONE), (times, plain, _ONE))
    return min(_error(terms, tail) for terms in bases)
