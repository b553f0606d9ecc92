"""What recognition goes by: problems with inputs and a check, signatures with the marks of their code."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

Maker = Callable[[random.Random, int], tuple[Sequence[Any], Any]]
"""(random, k) -> (arguments, instance): the k-th input in one form of calling, and what the check needs of it"""
Check = Callable[[Any, Any], bool]
"""(instance, value) -> whether the value solves the instance; the value may be a `Raised`"""


@dataclass(frozen=True, slots=True)
class Raised:
    """The function raised an exception of this class instead of giving a value."""

    cls: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What a function can be for, however it does it: inputs in all the forms in which it may be called."""

    key: str
    family: str
    forms: tuple[Maker, ...]
    check: Check
    trials: int = 14
    implies: tuple[str, ...] = ()
    """problems that are solved too by whatever solves this one, in the same manner: their names fit as well"""
    above: tuple[str, ...] = ()
    """easier problems, which are looked at only if this one is not solved"""


@dataclass(frozen=True, slots=True)
class Signature:
    """One algorithm: the problem that it solves, and marks that its code has and lacks.

    A mark is the name of one in marks.py, or a pattern of patterns.py; `a | b` is either. All of
    `needs` must be there, none of `lacks`. Earlier signatures of a problem are tried first.
    """

    name: str
    solves: str
    needs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """One file of this folder."""

    name: str
    problems: tuple[Problem, ...] = ()
    signatures: tuple[Signature, ...] = field(default=())


def answered(
    key: str,
    family: str,
    make: Callable[[random.Random, int], Sequence[Any]],
    answer: Callable[..., Any],
    *,
    orders: bool = False,
    more: Sequence[Maker] = (),
    check: Callable[[Any, Any], bool] | None = None,
    trials: int = 14,
) -> Problem:
    """A problem with one answer, which `answer` (ours, plainly written) gives for the arguments of `make`.

    With `orders` the function may take its arguments in any order.
    """
    same = check or alike

    def judge(instance: Any, value: Any) -> bool:
        return same(answer(*instance), value)

    return Problem(key, family, (*forms_of(make, orders), *more), judge, trials)


def checked(
    key: str,
    family: str,
    make: Callable[[random.Random, int], Sequence[Any]],
    check: Callable[[Any, Any], bool],
    *,
    orders: bool = False,
    more: Sequence[Maker] = (),
    trials: int = 14,
) -> Problem:
    """A problem with several right answers: `check` gets the arguments and the value."""
    return Problem(key, family, (*forms_of(make, orders), *more), check, trials)


def forms_of(make: Callable[[random.Random, int], Sequence[Any]], orders: bool) -> list[Maker]:
    """The arguments as they are made, or in every order."""
    arity = len(make(random.Random(0), 0))
    ways = list(permutations(range(arity))) if orders else [tuple(range(arity))]

    def maker(way: Sequence[int]) -> Maker:
        def form(rng: random.Random, k: int) -> tuple[Sequence[Any], Any]:
            given = make(rng, k)
            return [given[i] for i in way], given

        return form

    return [maker(way) for way in ways]


def laid_out(
    make: Callable[[random.Random, int], Sequence[Any]], arrange: Callable[..., Sequence[Any]]
) -> Maker:
    """The arguments of `make` as `arrange` lays them out, such as with bounds or a length beside a list."""

    def form(rng: random.Random, k: int) -> tuple[Sequence[Any], Any]:
        given = make(rng, k)
        return arrange(*given), given

    return form


def alike(expected: Any, value: Any) -> bool:
    """Whether a value is what was expected, whatever the container: lists as tuples, floats closely."""
    if isinstance(expected, bool):
        return isinstance(value, (bool, int)) and value in (0, 1) and expected == bool(value)
    if isinstance(value, bool):
        return False
    if isinstance(expected, (int, float)) and isinstance(value, (int, float)):
        return expected == value or abs(expected - value) <= 1e-6 * max(1.0, abs(expected), abs(value))
    if isinstance(expected, str) or expected is None:
        joined = isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value)
        return value == expected or joined and expected is not None and "".join(value) == expected
    if isinstance(expected, (set, frozenset)):
        return isinstance(value, (set, frozenset, list, tuple)) and _as_set(value) == _as_set(expected)
    if isinstance(expected, dict):
        return isinstance(value, dict) and _same_mapping(expected, value)
    items = listed(value)
    if isinstance(expected, (list, tuple)) and items is not None and len(items) == len(expected):
        return all(alike(one, other) for one, other in zip(expected, items, strict=True))
    return bool(expected == value)


def _as_set(value: Any) -> set[Any]:
    return {frozen(item) for item in value}


def _same_mapping(one: dict[Any, Any], other: dict[Any, Any]) -> bool:
    return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)


def frozen(value: Any) -> Any:
    """A value that can be an element of a set: lists as tuples."""
    if isinstance(value, (list, tuple)):
        return tuple(frozen(item) for item in value)
    if isinstance(value, (set, frozenset)):
        return frozenset(frozen(item) for item in value)
    return value


def listed(value: Any) -> list[Any] | None:
    """The items of an ordered container; None for anything else."""
    if isinstance(value, (list, tuple, range)) or type(value).__name__ in ("deque", "array"):
        return list(value)
    return None


def numbers(rng: random.Random, k: int, low: int = 0, high: int = 30, least: int = 1) -> list[int]:
    """A list of whole numbers that grows with k."""
    return [rng.randint(low, high) for _ in range(least + k % 8)]
