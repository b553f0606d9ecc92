"""A quiz over one run: what was about to happen, and what the trace says happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

KINDS = ("value", "branch", "return")


@dataclass(frozen=True, slots=True)
class Question:
    """Asked at one step of a run; `known` are the variables that the statement reads, as literal texts."""

    kind: str
    """value: what `name` becomes; branch: whether `name`, a test, holds; return: what `name` gives"""
    step: int
    path: str
    line: int
    function: str
    name: str
    known: tuple[tuple[str, str], ...]
    answer: Any
    """the recorded value; a bool for a branch"""
    turn: int = 1
    """which execution of its line in the run, from 1"""


@dataclass(frozen=True, slots=True)
class Quiz:
    """Questions in the order of the run, with the source beside them."""

    call: str
    questions: tuple[Question, ...]
    lines: dict[str, tuple[str, ...]]
