"""Numerical methods, statistics and geometry."""

from __future__ import annotations

import itertools
import math
import random
import statistics
from typing import Any

from codeassist.evidence.algorithms.model import (
    Family,
    Problem,
    Signature,
    alike,
    answered,
    checked,
    laid_out,
    listed,
)
from codeassist.evidence.algorithms.trial import Source

NUMBERS, PLANE = "numerical methods", "geometry"


def _positive(rng: random.Random, k: int) -> list[Any]:
    return [(2.0, 9.0, 0.5, 144.0, 10.0, 3.0, 25.0)[k % 7]]


def _close(want: float, value: Any, by: float) -> bool:
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and abs(value - want) <= by * max(1.0, abs(want))
    )


def _root_check(instance: Any, value: Any) -> bool:
    return _close(math.sqrt(instance[0]), value, 1e-2) and isinstance(value, float)


_CURVES = (
    ("lambda x: x * x - 2", "lambda x: 2 * x", math.sqrt(2), 0.0, 2.0),
    ("lambda x: x ** 3 - 5", "lambda x: 3 * x ** 2", 5 ** (1 / 3), 1.0, 3.0),
    ("lambda x: x - 1.25", "lambda x: 1.0", 1.25, 0.0, 4.0),
    ("lambda x: x * x * x + x - 3", "lambda x: 3 * x * x + 1", 1.2134116627622296, 0.0, 2.0),
)


def _curve(rng: random.Random, k: int) -> list[Any]:
    f, d, x, low, high = _CURVES[k % 4]
    return [Source(f), Source(d), low, high, x]


def _zero(instance: Any, value: Any) -> bool:
    return _close(instance[4], value, 1e-2)


_AREAS = (
    ("lambda x: x * x", 0.0, 3.0, 9.0),
    ("lambda x: 2 * x + 1", 0.0, 2.0, 6.0),
    ("lambda x: x ** 3", 0.0, 2.0, 4.0),
    ("lambda x: 3.0", 1.0, 4.0, 9.0),
)


def _area(rng: random.Random, k: int) -> list[Any]:
    f, a, b, want = _AREAS[k % 4]
    return [Source(f), a, b, want]


def _integral(instance: Any, value: Any) -> bool:
    return _close(instance[3], value, 1e-2)


def _hump(rng: random.Random, k: int) -> list[Any]:
    top = (1.0, 2.5, 3.0, 0.75)[k % 4]
    sign = "-" if k % 2 else ""
    return [Source(f"lambda x: {sign}((x - {top}) ** 2)"), 0.0, 4.0, top]


def _hill(sign: str) -> Any:
    def make(rng: random.Random, k: int) -> list[Any]:
        top = (1.0, 2.5, 3.0, 0.75)[k % 4]
        return [Source(f"lambda x: {sign}((x - {top}) ** 2)"), 0.0, 4.0, top]

    return make


def _summit(instance: Any, value: Any) -> bool:
    return _close(instance[3], value, 1e-2)


def _polynomial(rng: random.Random, k: int) -> list[Any]:
    return [[rng.randint(-4, 5) for _ in range(2 + k % 4)], rng.randint(2, 4)]


def _rising(coefficients: list[int], x: int) -> int:
    return sum(c * x**i for i, c in enumerate(coefficients))


def _sample(rng: random.Random, k: int) -> list[Any]:
    return [[rng.randint(1, 40) for _ in range(4 + k % 5)]]


def _moded(rng: random.Random, k: int) -> list[Any]:
    xs = rng.sample(range(20), 3 + k % 3)
    rest = [*xs, xs[0], *xs[1:2], xs[0]]
    rng.shuffle(rest)
    return [rest]


def _moving(rng: random.Random, k: int) -> list[Any]:
    return [[rng.randint(0, 20) for _ in range(5 + k % 4)], 2 + k % 2]


def _two_samples(rng: random.Random, k: int) -> list[Any]:
    n = 4 + k % 4
    return [[rng.randint(0, 20) for _ in range(n)], [rng.randint(0, 20) for _ in range(n)]]


def _vectors(rng: random.Random, k: int) -> list[Any]:
    n = 2 + k % 3
    return [[rng.randint(1, 9) for _ in range(n)], [rng.randint(1, 9) for _ in range(n)]]


def _cosine(a: list[int], b: list[int]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True)) / math.hypot(*a) / math.hypot(*b)


def _line(xs: list[int], ys: list[int]) -> tuple[float, float]:
    mx, my = statistics.fmean(xs), statistics.fmean(ys)
    slope = sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / sum((x - mx) ** 2 for x in xs)
    return slope, my - slope * mx


def _line_check(instance: Any, value: Any) -> bool:
    slope, height = _line(*instance)
    return alike([slope, height], listed(value)) or alike([height, slope], listed(value))


def _spread(rng: random.Random, k: int) -> list[Any]:
    xs = rng.sample(range(20), 4 + k % 3)
    return [xs, [rng.randint(0, 20) for _ in xs]]


# --- geometry ----------------------------------------------------------------------------------------


def _points(rng: random.Random, k: int) -> list[Any]:
    return [rng.sample([(x, y) for x in range(9) for y in range(9)], 5 + k % 6)]


def _turn(a: Any, b: Any, c: Any) -> int:
    return int((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def hull(points: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """Corners of the convex hull."""
    ordered = sorted(points)
    found: set[tuple[int, int]] = set()
    for row in (ordered, ordered[::-1]):
        chain: list[tuple[int, int]] = []
        for p in row:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], p) <= 0:
                chain.pop()
            chain.append(p)
        found.update(chain)
    return found


def _hull_check(instance: Any, value: Any) -> bool:
    corners = {tuple(p) for p in value}
    want = hull(instance[0])
    on_edge = {p for p in instance[0] if any(_turn(a, b, p) == 0 for a in want for b in want if a != b)}
    return want <= corners <= want | on_edge


def _listed_points(make: Any) -> Any:
    return laid_out(make, lambda ps: ([list(p) for p in ps],))


def _closest(points: list[tuple[int, int]]) -> float:
    return min(math.dist(a, b) for a, b in itertools.combinations(points, 2))


def _closest_check(instance: Any, value: Any) -> bool:
    want = _closest(instance[0])
    if isinstance(value, (int, float)):
        return _close(want, value, 1e-6) or value == round(want**2)
    a, b = list(value)[:2] if isinstance(next(iter(value)), (list, tuple)) else (value[0], value[1])
    return _close(want, math.dist(a, b), 1e-9) and tuple(a) in instance[0] and tuple(b) in instance[0]


_SHAPES = (
    [(0, 0), (4, 0), (4, 3), (0, 3)],
    [(0, 0), (5, 1), (6, 6), (1, 4)],
    [(0, 0), (4, 0), (2, 5)],
    [(1, 1), (6, 1), (6, 5), (3, 3), (1, 5)],
)


def _polygon(rng: random.Random, k: int) -> list[Any]:
    return [_SHAPES[k % 4]]


def _shoelace(points: list[tuple[int, int]]) -> float:
    turned = points[1:] + points[:1]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, turned, strict=True))) / 2


def _inside(polygon: list[tuple[int, int]], p: tuple[float, float]) -> bool:
    within = False
    for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (a[1] > p[1]) != (b[1] > p[1]) and p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0]:
            within = not within
    return within


def _placed(rng: random.Random, k: int) -> list[Any]:
    return [_SHAPES[k % 4], (rng.randint(0, 6) + 0.37, rng.randint(0, 5) + 0.41)]


def _segments(rng: random.Random, k: int) -> list[Any]:
    return [(rng.randint(0, 8), rng.randint(0, 8)) for _ in range(4)]


def _crosses(a: Any, b: Any, c: Any, d: Any) -> bool:
    def between(p: Any, q: Any, r: Any) -> bool:
        return all(min(p[i], q[i]) <= r[i] <= max(p[i], q[i]) for i in (0, 1))

    t = [_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)]
    if t[0] * t[1] < 0 and t[2] * t[3] < 0:
        return True
    return any(
        x == 0 and between(*p) for x, p in zip(t, ((a, b, c), (a, b, d), (c, d, a), (c, d, b)), strict=True)
    )


def _pair(rng: random.Random, k: int) -> list[Any]:
    return [(rng.randint(-9, 9), rng.randint(-9, 9)), (rng.randint(-9, 9), rng.randint(-9, 9))]


def _flat(a: Any, b: Any) -> Any:
    return [*a, *b]


def _rectangles(rng: random.Random, k: int) -> list[Any]:
    def one() -> list[int]:
        x, y = rng.randint(0, 8), rng.randint(0, 8)
        return [x, y, x + rng.randint(1, 5), y + rng.randint(1, 5)]

    return [one(), one()]


def _overlap(a: list[int], b: list[int]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


_F2 = [laid_out(_curve, lambda f, d, a, b, x: (f, a, b)), laid_out(_curve, lambda f, d, a, b, x: (a, b, f)), laid_out(_curve, lambda f, d, a, b, x: (f, a, b, 1e-6)), laid_out(_curve, lambda f, d, a, b, x: (f, a, b, 100)), laid_out(_curve, lambda f, d, a, b, x: (f, a, b, 1e-6, 100))]  # fmt: skip
_FD = [laid_out(_curve, lambda f, d, a, b, x: (f, d, b)), laid_out(_curve, lambda f, d, a, b, x: (f, d, b, 1e-8)), laid_out(_curve, lambda f, d, a, b, x: (f, d, b, 1e-8, 60)), laid_out(_curve, lambda f, d, a, b, x: (b, f, d)), laid_out(_curve, lambda f, d, a, b, x: (f, d, b, 60))]  # fmt: skip
_FA = [laid_out(_area, lambda f, a, b, w: (f, a, b)), laid_out(_area, lambda f, a, b, w: (f, a, b, 100)), laid_out(_area, lambda f, a, b, w: (a, b, 100, f)), laid_out(_area, lambda f, a, b, w: (a, b, f, 100))]  # fmt: skip

PROBLEMS = (
    checked("square root", NUMBERS, _positive, _root_check, trials=7),
    Problem("zero of a function", NUMBERS, tuple(_F2), _zero, 4),
    Problem("zero by slope", NUMBERS, tuple(_FD), _zero, 4),
    Problem("integral", NUMBERS, tuple(_FA), _integral, 4),
    Problem("top of a function", NUMBERS, (laid_out(_hill("-"), lambda f, a, b, t: (f, a, b)), laid_out(_hill("-"), lambda f, a, b, t: (f, a, b, 1e-6)), laid_out(_hill("-"), lambda f, a, b, t: (a, b, f))), _summit, 4),
    Problem("bottom of a function", NUMBERS, (laid_out(_hill(""), lambda f, a, b, t: (f, a, b)), laid_out(_hill(""), lambda f, a, b, t: (f, a, b, 1e-6)), laid_out(_hill(""), lambda f, a, b, t: (a, b, f))), _summit, 4),
    answered("polynomial", NUMBERS, _polynomial, _rising, orders=True),
    answered("polynomial from the top", NUMBERS, _polynomial, lambda c, x: _rising(c[::-1], x), orders=True),
    answered("mean", NUMBERS, _sample, statistics.fmean),
    answered("median", NUMBERS, _sample, statistics.median),
    answered("mode", NUMBERS, _moded, statistics.mode),
    answered("variance", NUMBERS, _sample, statistics.pvariance),
    answered("sample variance", NUMBERS, _sample, statistics.variance),
    answered("standard deviation", NUMBERS, _sample, statistics.pstdev),
    answered("sample standard deviation", NUMBERS, _sample, statistics.stdev),
    answered("moving average", NUMBERS, _moving, lambda xs, n: [sum(xs[i : i + n]) / n for i in range(len(xs) - n + 1)]),
    answered("running totals", NUMBERS, _sample, lambda xs: list(itertools.accumulate(xs))),
    answered("correlation", NUMBERS, _spread, statistics.correlation),
    checked("best line", NUMBERS, _spread, _line_check),
    answered("dot product", NUMBERS, _vectors, lambda a, b: sum(x * y for x, y in zip(a, b, strict=True))),
    answered("cosine similarity", NUMBERS, _vectors, _cosine),
    checked("convex hull", PLANE, _points, _hull_check, more=[_listed_points(_points), laid_out(_points, lambda ps: (ps, len(ps)))]),
    checked("closest pair", PLANE, _points, _closest_check, more=[_listed_points(_points), laid_out(_points, lambda ps: (ps, len(ps)))]),
    answered("polygon area", PLANE, _polygon, _shoelace, more=[_listed_points(_polygon)]),
    answered("inside a polygon", PLANE, _placed, _inside, orders=True, more=[laid_out(_placed, lambda s, p: (*p, s)), laid_out(_placed, lambda s, p: (s, *p))]),
    answered("segments cross", PLANE, _segments, _crosses, more=[laid_out(_segments, lambda a, b, c, d: ((a, b), (c, d)))], trials=20),
    answered("straight distance", PLANE, _pair, math.dist, more=[laid_out(_pair, _flat)]),
    answered("city distance", PLANE, _pair, lambda a, b: abs(a[0] - b[0]) + abs(a[1] - b[1]), more=[laid_out(_pair, _flat)]),
    answered("rectangles overlap", PLANE, _rectangles, _overlap),
)  # fmt: skip

SIGNATURES = (
    Signature("square root by Newton's method", "square root", ("(X + N / X) / 2 | 0.5 * (X + N / X) | (X + N / X) * 0.5 | X - (X * X - N) / (2 * X) | X - _ / (2 * X)",), aliases=("newton's method", "heron's method", "babylonian method", "newton-raphson", "square root")),
    Signature("square root by bisection", "square root", ("(L + H) / 2",), aliases=("bisection", "square root by binary search", "binary search", "square root")),
    Signature("square root by approximation", "square root", ("loop",), aliases=("square root",)),
    Signature("bisection", "zero of a function", ("(A + B) / 2 | A + (B - A) / 2 | (A + B) * 0.5",), aliases=("bisection method", "interval halving")),
    Signature("regula falsi", "zero of a function", ("F(A) * F(C) | F(C) * F(A)", "loop"), aliases=("false position", "method of false position")),
    Signature("secant method", "zero of a function", ("loop",), aliases=("secant",)),
    Signature("Newton's method", "zero by slope", ("F(X) / D(X) | A / B",), aliases=("newton-raphson", "newton raphson", "newton-raphson method")),
    Signature("Simpson's rule", "integral", ("4 * _ | _ * 4",), aliases=("simpson", "simpson's 1/3 rule")),
    Signature("trapezoidal rule", "integral", ("loop", "_ / 2 | 0.5 * _ | _ * 0.5", "F(A) + F(B) | F(B) + F(A) | 0.5 * F(A) | 0.5 * (F(A) + F(B)) | F(X) + F(X + H)"), aliases=("trapezoid rule", "trapezoidal integration")),
    Signature("midpoint rule", "integral", ("loop", "I + 0.5 | _ / 2 | H / 2"), aliases=("rectangle rule", "riemann sum")),
    Signature("Monte Carlo integration", "integral", ("random choice | random.uniform(...)",), aliases=("monte carlo",)),
    Signature("Riemann sum", "integral", ("loop",), aliases=("rectangle rule", "left riemann sum")),
    *(
        sign
        for key in ("top of a function", "bottom of a function")
        for sign in (
            Signature("golden-section search", key, ("math.sqrt(5) | 5 ** 0.5 | 0.618 * _ | math.sqrt(5.0)",), aliases=("golden section search",)),
            Signature("ternary search", key, ("(H - L) / 3 | _ / 3",), aliases=("ternary search of an extremum",)),
        )
    ),
    Signature("Horner's method", "polynomial", ("R * X + C | X * R + C",), aliases=("horner", "horner's rule", "polynomial evaluation")),
    Signature("Horner's method", "polynomial from the top", ("R * X + C",), aliases=("horner", "horner's rule", "polynomial evaluation")),
    Signature("polynomial evaluation", "polynomial", ("loop",), aliases=()),
    Signature("polynomial evaluation", "polynomial from the top", ("loop",), aliases=()),
    Signature("arithmetic mean", "mean", ("_ / _",), aliases=("mean", "average")),
    Signature("median", "median", (), ("statistics.median(...)",), aliases=()),
    Signature("mode", "mode", (), ("statistics.mode(...)",), aliases=("most frequent item", "most common item")),
    Signature("Welford's algorithm", "variance", ("M + D / N | M + (X - M) / N",), aliases=("variance", "online variance")),
    Signature("Welford's algorithm", "sample variance", ("M + D / N | M + (X - M) / N",), aliases=("variance", "online variance")),
    Signature("variance", "variance", ("loop",), aliases=("population variance",)),
    Signature("variance", "sample variance", ("loop",), aliases=("sample variance",)),
    Signature("standard deviation", "standard deviation", ("loop",), aliases=("population standard deviation",)),
    Signature("standard deviation", "sample standard deviation", ("loop",), aliases=("sample standard deviation",)),
    Signature("moving average", "moving average", ("loop",), aliases=("rolling mean", "sliding window", "simple moving average")),
    Signature("prefix sums", "running totals", ("loop",), aliases=("cumulative sum", "running sum", "running total", "prefix sum")),
    Signature("Pearson correlation", "correlation", ("loop",), aliases=("correlation", "pearson")),
    Signature("linear regression", "best line", ("loop",), aliases=("least squares", "ordinary least squares")),
    Signature("dot product", "dot product", ("loop",), aliases=("scalar product", "inner product")),
    Signature("cosine similarity", "cosine similarity", (), aliases=()),
    Signature("monotone chain", "convex hull", ("sorted", "while loop", "two loops", "stack | A.pop()"), ("math.atan2(...)", "functools.cmp_to_key(...)", "A.sort(key=_)"), aliases=("andrew's algorithm", "convex hull", "andrew's monotone chain")),
    Signature("Graham scan", "convex hull", ("sorted", "A.pop()"), aliases=("graham", "convex hull")),
    Signature("quickhull", "convex hull", ("recursion",), aliases=("quick hull", "convex hull")),
    Signature("Jarvis march", "convex hull", ("loop",), ("sorted",), aliases=("gift wrapping", "convex hull")),
    Signature("closest pair by divide and conquer", "closest pair", ("recursion",), aliases=("closest pair", "closest pair of points")),
    Signature("closest pair by brute force", "closest pair", ("nested loops | itertools.combinations(...)",), aliases=("closest pair", "closest pair of points")),
    Signature("shoelace formula", "polygon area", ("loop",), aliases=("polygon area", "gauss's area formula", "surveyor's formula")),
    Signature("ray casting", "inside a polygon", ("loop",), aliases=("point in polygon", "even-odd rule", "crossing number")),
    Signature("segment intersection", "segments cross", (), aliases=("line segment intersection", "orientation test")),
    Signature("Euclidean distance", "straight distance", (), ("math.dist(...)",), aliases=("distance between two points",)),
    Signature("Manhattan distance", "city distance", (), aliases=("taxicab distance", "city block distance")),
    Signature("rectangle overlap", "rectangles overlap", (), aliases=("axis-aligned bounding box collision", "rectangle intersection")),
)  # fmt: skip

FAMILY = Family(NUMBERS, PROBLEMS, SIGNATURES)
