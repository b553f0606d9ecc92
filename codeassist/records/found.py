"""What a question to a trace found: steps with their lines and values, or a chain back to a birth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """One step; `value` is Python literal text, None where nothing is bound."""

    step: int
    line: int
    function: str
    value: str | None = None
    path: str = ""
    name: str = ""
    """what the value belongs to: the expression asked for, or the target that the step stored"""
    parts: tuple[tuple[str, str], ...] = ()
    """names and values inside `value`, where it holds several: variables, parameters"""
    because: str = ""
    """in a chain: why the step is part of it"""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to one question; `count` may exceed the matches where only the number was asked for."""

    question: str
    count: int
    matches: tuple[Match, ...]
    notes: tuple[str, ...] = ()
    is_number: bool = False
    """only the number was asked for"""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failing test told backwards: what was expected, what came, and where that was born."""

    test: str
    outcome: str
    """class and message of the exception, or what happened instead of a failure"""
    line: int = 0
    path: str = ""
    expression: str = ""
    expected: str | None = None
    got: str | None = None
    chain: tuple[Match, ...] = ()
    first_difference: Match | None = None
    """the first step whose value differs from a passing run of the same test function"""
    passing: str = ""
    """which passing run that was"""
    passing_value: str | None = None
    notes: tuple[str, ...] = ()
