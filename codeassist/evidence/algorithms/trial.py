"""Runs a function on the inputs of a problem, and says whether what came out solves it."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from codeassist.evidence.algorithms.model import Problem, Raised
from codeassist.records.program import Function
from codeassist.records.run import Budget, Limits, Run, Runner
from codeassist.records.trace import Observation

LIMITS = Limits(time=2.0, memory=1 << 29, events=60_000, output=100_000)
"""of one call; the cap on operations, the same on every machine, is what ends those that take too long"""
GLANCE = 3
"""inputs that tell at a glance whether a problem is worth all of its inputs"""
CHUNK = 16
"""problems that are looked at in one go"""
MOST_ITEMS = 800
"""a value with more is no answer: inputs are small"""
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
    made: dict[tuple[str, int, bool], list[Outcome]] = field(default_factory=dict)
    deadline: float = 0.0
    ceiling: int = 1 << 62
    """the least number with which a call took too long: larger ones are not tried"""

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.seconds

    def outcomes(self, problem: Problem, form: int) -> list[Outcome]:
        """What the function gave for the inputs of one form; empty where it does not take them."""
        self.prepare([(problem, form)])
        return self.made.get((problem.key, form, False), [])

    def glance(self, problem: Problem, form: int) -> list[Outcome]:
        """The same for the first few inputs."""
        self.prepare([(problem, form)], short=True)
        return self.made.get((problem.key, form, True), [])

    def prepare(self, wanted: Sequence[tuple[Problem, int]], short: bool = False) -> None:
        """Run several forms in one process: on their first few inputs only, or on all."""
        new = [(p, form) for p, form in wanted if (p.key, form, short) not in self.made]
        self.made.update({(p.key, form, short): [] for p, form in new})
        able = [(p, form) for p, form in new if takes(self.function, len(first_input(p, form)))]
        every = {(p.key, f, short): inputs_of(p, f, GLANCE if short else p.trials) for p, f in able}
        limits = replace(LIMITS, time=0.4, events=LIMITS.events // 6) if short else LIMITS
        for key, found in zip(every, self._run(list(every.values()), limits), strict=False):
            self.made[key] = list(_outcomes(every[key], found))
            self.ceiling = min([self.ceiling, *(largest(o.given) for o in self.made[key] if _is_cut(o))])

    def left(self) -> float:
        """Seconds that are left."""
        return self.deadline - time.monotonic()

    def _run(
        self, groups: Sequence[Sequence[tuple[Sequence[Any], Any]]], limits: Limits
    ) -> Iterator[list[Observation]]:
        """What was observed of the calls of each group."""
        if not groups or self.left() <= 0:
            return
        calls = tuple(f"{self.head}({_kept(given)})" for inputs in groups for given, _ in inputs)
        run = Run(
            path=self.path, calls=calls, together=len(calls), origin="probe", detail="outcome", limits=limits
        )
        trace = next(iter(self.runner.run([run], Budget(self.left()))), None)
        seen = {o.call: o for o in trace.observations} if trace is not None else {}
        every = iter(calls)
        for inputs in groups:
            own = [next(every) for _ in inputs]
            yield [seen[call] for call in own if call in seen]


@lru_cache(maxsize=4096)
def _input(problem: Problem, form: int, k: int) -> tuple[Sequence[Any], Any]:
    return problem.forms[form](random.Random(f"{problem.key} {k}"), k)


def inputs_of(problem: Problem, form: int, count: int) -> list[tuple[Sequence[Any], Any]]:
    """(arguments, instance) of the first `count` trials, the same on every machine."""
    return [_input(problem, form, k) for k in range(min(count, problem.trials))]


@lru_cache(maxsize=1024)
def first_input(problem: Problem, form: int) -> Sequence[Any]:
    """The arguments of the first trial."""
    return inputs_of(problem, form, 1)[0][0]


def largest(value: Any) -> int:
    """The largest whole number among arguments; 0 where they are anything but numbers."""
    numbers = [v for v in value if isinstance(v, int)]
    return max(numbers, default=0) if len(numbers) == len(value) else 0


def _is_cut(outcome: Outcome) -> bool:
    cut = isinstance(outcome.value, Raised) and outcome.value.cls in ("limit_reached", "died", "MemoryError")
    return cut and largest(outcome.given) > 8


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
    shown = view(name, outcome)
    if isinstance(shown, (list, tuple, dict, set, str)) and len(shown) > MOST_ITEMS:
        return False
    try:
        return bool(problem.check(outcome.instance, shown))
    except Exception:
        return False  # what came out is of another kind altogether


def _changed(name: str, outcome: Outcome) -> bool:
    """An argument counts as an answer only where nothing is returned, or the argument itself."""
    place = int(name[-1]) - 1
    if place >= len(outcome.after) or not isinstance(outcome.after[place], (list, dict, set)):
        return False
    return outcome.value is None or outcome.value == outcome.after[place]
