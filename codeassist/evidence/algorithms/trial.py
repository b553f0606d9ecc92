"""Runs a function on the inputs of a problem, and says whether what came out solves it."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from codeassist.evidence.algorithms.model import Problem, Raised
from codeassist.records.program import Function
from codeassist.records.run import Budget, Limits, Run, Runner
from codeassist.records.trace import Observation

LIMITS = Limits(time=2.0, memory=1 << 29, events=60_000, output=100_000)
"""of one call; the cap on operations, the same on every machine, is what ends those that take too long"""
CHUNK = 10
"""problems that are tried in one go"""
_KEEP = "__codeassist_keep__"
"""what the observer calls the arguments whose later value it tells"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one input gave: the value (or Raised), and the arguments as the function left them."""

    given: Sequence[Any]
    instance: Any
    value: Any
    after: Sequence[Any]


@dataclass
class Trial:
    """Runs of one function on generated inputs; each form is run once, all within the seconds given."""

    path: str
    function: Function
    head: str
    runner: Runner
    seconds: float
    made: dict[tuple[str, int], list[Outcome]] = field(default_factory=dict)
    deadline: float = 0.0

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.seconds

    def outcomes(self, problem: Problem, form: int) -> list[Outcome]:
        """What the function gave for the inputs of one form; empty where it does not take them."""
        if (problem.key, form) not in self.made:
            self.prepare([(problem, form)])
        return self.made.get((problem.key, form), [])

    def prepare(self, wanted: Sequence[tuple[Problem, int]]) -> None:
        """Run several forms in one process."""
        new = [(p, form) for p, form in wanted if (p.key, form) not in self.made]
        every = {(p.key, form): inputs_of(p, form) for p, form in new}
        able = [key for key, inputs in every.items() if all(takes(self.function, len(g)) for g, _ in inputs)]
        self.made.update({key: [] for key in every})
        for key, found in zip(able, self._run([every[key] for key in able]), strict=False):
            self.made[key] = list(_outcomes(every[key], found))

    def left(self) -> float:
        """Seconds that are left."""
        return self.deadline - time.monotonic()

    def _run(self, groups: Sequence[Sequence[tuple[Sequence[Any], Any]]]) -> Iterator[list[Observation]]:
        """What was observed of the calls of each group."""
        if not groups or self.left() <= 0:
            return
        calls = tuple(f"{self.head}({_kept(given)})" for inputs in groups for given, _ in inputs)
        run = Run(
            path=self.path, calls=calls, together=len(calls), origin="probe", detail="outcome", limits=LIMITS
        )
        trace = next(iter(self.runner.run([run], Budget(self.left()))), None)
        seen = {o.call: o for o in trace.observations} if trace is not None else {}
        every = iter(calls)
        for inputs in groups:
            own = [next(every) for _ in inputs]
            yield [seen[call] for call in own if call in seen]


@lru_cache(maxsize=1024)
def _inputs(problem: Problem, form: int) -> tuple[tuple[Sequence[Any], Any], ...]:
    return tuple(problem.forms[form](random.Random(f"{problem.key} {k}"), k) for k in range(problem.trials))


def inputs_of(problem: Problem, form: int) -> tuple[tuple[Sequence[Any], Any], ...]:
    """(arguments, instance) of every trial, the same on every machine."""
    return _inputs(problem, form)


def _outcomes(inputs: Sequence[tuple[Sequence[Any], Any]], seen: Sequence[Observation]) -> Iterator[Outcome]:
    if len(seen) != len(inputs):
        return
    for (given, instance), observed in zip(inputs, seen, strict=True):
        outcome = observed.outcome
        ended = Raised(outcome.exception.cls if outcome.exception else outcome.kind)
        value = outcome.result if outcome.kind == "returned" else ended
        yield Outcome(given, instance, value, observed.kept or given)


def _kept(given: Sequence[Any]) -> str:
    return ", ".join(
        f"{_KEEP}({written(v)})" if isinstance(v, (list, dict, set)) else written(v) for v in given
    )


def takes(function: Function, count: int) -> bool:
    """Whether the function can be called with so many positional arguments."""
    bound = function.kind in ("method", "class-method")
    every = function.parameters[bound:]
    places = [p for p in every if p.kind in ("positional", "positional-only")]
    if any(p.kind == "keyword-only" and not p.default for p in every):
        return False
    most = 99 if any(p.kind == "star" for p in every) else len(places)
    return len([p for p in places if not p.default]) <= count <= most and count > 0 or not every and not count


def written(value: Any) -> str:
    """Literal text of an argument; infinity included."""
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return "1e999" if value > 0 else "-1e999"
    if isinstance(value, Source):
        return value.text
    if isinstance(value, list):
        return f"[{', '.join(written(item) for item in value)}]"
    if isinstance(value, tuple):
        return f"({''.join(written(item) + ', ' for item in value)})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{written(k)}: {written(v)}' for k, v in value.items())}}}"
    return repr(value)


@dataclass(frozen=True, slots=True)
class Source:
    """An argument that is given as source text, such as a function."""

    text: str


VIEWS = ("result", "first", "second", "last", "argument 1", "argument 2", "attribute")


def view(name: str, outcome: Outcome) -> Any:
    """A part of what came out: the result, one item of a tuple, or an argument as the function left it."""
    value = outcome.value
    if name == "result" or isinstance(value, Raised):
        return value
    if name.startswith("argument"):
        place = int(name[-1]) - 1
        return outcome.after[place] if place < len(outcome.after) else Raised("no such argument")
    if not isinstance(value, tuple) or not value:
        return Raised("no such part")
    place = {"first": 0, "second": 1, "last": -1}.get(name, 99)
    return value[place] if -len(value) <= place < len(value) else Raised("no such part")


def solved(problem: Problem, outcomes: Sequence[Outcome]) -> tuple[str, int, Outcome | None]:
    """(view under which most inputs are solved, how many, the first outcome that is none)."""
    best: tuple[str, int, Outcome | None] = ("", 0, None)
    for name in VIEWS if outcomes else ():
        right = [_right(problem, name, outcome) for outcome in outcomes]
        if sum(right) > best[1]:
            wrong = next((o for o, ok in zip(outcomes, right, strict=True) if not ok), None)
            best = (name, sum(right), wrong)
    return best


def _right(problem: Problem, name: str, outcome: Outcome) -> bool:
    if name.startswith("argument") and not _changed(name, outcome):
        return False
    try:
        return bool(problem.check(outcome.instance, view(name, outcome)))
    except Exception:
        return False  # what came out is of another kind altogether


def _changed(name: str, outcome: Outcome) -> bool:
    """An argument counts as an answer only where nothing is returned, or the argument itself."""
    place = int(name[-1]) - 1
    if place >= len(outcome.after) or not isinstance(outcome.after[place], (list, dict, set)):
        return False
    return outcome.value is None or outcome.value == outcome.after[place]
