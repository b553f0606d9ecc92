"""Old and new side by side: one runner each, the same calls on both, at the same time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from codeassist.records.program import Module
from codeassist.records.run import Budget, Limits, Run, Runner
from codeassist.records.trace import ExceptionInfo, Observation, Trace
from codeassist.reviewing.calls import kept_of, observed
from codeassist.reviewing.changes import Changed
from codeassist.reviewing.comparing import Difference, Rules, difference
from codeassist.reviewing.searching import parameter_names
from codeassist.settings import project_root

if TYPE_CHECKING:
    from codeassist.pipeline.session import Session

OPERATIONS = 60_000
SECONDS = 0.5
"""what one call may take while searching"""
PATIENCE = 4.0
"""how many times as long a call is given before it is said to hang; and the square of it in operations"""
TOGETHER = 40


@dataclass(slots=True)
class Sides:
    """Both versions of a project, ready to run; `until` is when the budget at hand is spent."""

    old: Runner
    new: Runner
    old_overlay: Mapping[str, str]
    new_overlay: Mapping[str, str]
    limits: Limits
    until: float = 0.0
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def left(self) -> Budget:
        """What is left of the budget."""
        return Budget(max(0.0, self.until - time.monotonic()))

    def both(self, old: Run, new: Run) -> tuple[Trace | None, Trace | None]:
        """One run on each side, at the same time."""
        waiting = self.pool.submit(self.one, self.old, replace(old, overlay=self.old_overlay))
        after = self.one(self.new, replace(new, overlay=self.new_overlay))
        return waiting.result(), after

    def one(self, runner: Runner, run: Run) -> Trace | None:
        """One run, or None when the budget is spent."""
        return next(iter(runner.run([run], self.left())), None)

    def close(self) -> None:
        """End the thread; the runners belong to the session."""
        self.pool.shutdown()


def sides(opened: Session, path: str, old: Mapping[str, str], new: Mapping[str, str]) -> Sides:
    """Runners of both sides of the project that holds `path`; raises ConsentError where nothing may run."""
    root = project_root(path)
    after = opened.runner(path)
    name = f"{root} before"
    if name not in opened.runners:
        opened.runners[name] = opened.new_runner(root)
    return Sides(opened.runners[name], after, old, new, opened.settings.limits())


class Pair:
    """One changed function, callable on both sides."""

    def __init__(self, changed: Changed, both: Sides, name: str) -> None:
        self.changed, self.sides, self.name = changed, both, name
        self.rules = Rules(_raised_by(changed.old_module), _raised_by(changed.new_module))
        self.watched = tuple(
            sorted(_variables(changed.old_module) & _variables(changed.new_module) & _named(changed))
        )

    def observe(
        self,
        calls: Sequence[str],
        *,
        together: int = TOGETHER,
        seed: int = 0,
        patience: float = 1.0,
        hangs: int = 2,
        varied: bool = False,
    ) -> list[tuple[Observation | None, Observation | None]]:
        """What each call shows on either side, until `hangs` ran out of time; `patience` lengthens that."""
        if not calls:
            return []
        limits = replace(
            self.sides.limits,
            time=min(SECONDS * patience, self.sides.limits.time),
            events=int(OPERATIONS * patience**2),
            output=100_000,
        )
        base = Run(
            "",
            together=together,
            hangs=hangs,
            varied=varied,
            seed=seed,
            detail="outcome",
            limits=limits,
            watched=self.watched,
            origin="generated",
        )
        old_calls = tuple(observed(call, self.name) for call in calls)
        names = self.changed.names
        new_calls = tuple(observed(call, self.name, names) for call in calls) if names else old_calls
        traces = self.sides.both(
            replace(base, path=self.changed.old.id.path, calls=old_calls),
            replace(base, path=self.changed.new.id.path, calls=new_calls),
        )
        old, new = (_by_place(trace, calls) for trace in traces)
        return list(zip(old, new, strict=True))

    def differences(self, calls: Sequence[str]) -> list[Difference | None]:
        """What differs at each call; the first that runs out of time is the last."""
        pairs = self.observe(calls, hangs=1)
        return [
            None if old is None or new is None else self.difference(call, old, new)
            for call, (old, new) in zip(calls, pairs, strict=False)
        ]

    def difference(self, call: str, old: Observation, new: Observation) -> Difference | None:
        """What differs between two observations of one call."""
        return difference(old, new, kept_of(call, self.name, parameter_names(self.changed)), self.rules)


def _by_place(trace: Trace | None, calls: Sequence[str]) -> list[Observation | None]:
    """The observations in the order of `calls`, under their plain texts."""
    seen = trace.observations if trace is not None else ()
    found: list[Observation | None] = [replace(o, call=c) for o, c in zip(seen, calls, strict=False)]
    return found + [None] * (len(calls) - len(found))


def _raised_by(module: Module) -> Callable[[ExceptionInfo], bool]:
    """Whether an exception comes from a `raise` or an `assert` of the module."""
    lines = {
        line
        for s in module.statements
        if s.kind in ("raise", "assert")
        for line in range(s.header.line, s.header.end_line + 1)
    }
    return lambda error: error.line in lines


def _variables(module: Module) -> set[str]:
    """Names bound by statements of the module's own body, definitions and imports left out."""
    kinds = ("assign", "augassign", "annassign")
    return {n for s in module.statements if s.function == "<module>" and s.kind in kinds for n in s.writes}


_WORD = re.compile(r"[^\W\d]\w*")


def _named(changed: Changed) -> set[str]:
    """Every identifier in the text of either version."""
    return {word for text in texts_of(changed) for word in _WORD.findall(text)}


def texts_of(changed: Changed) -> Iterator[str]:
    """The source text of the function before and after."""
    for module, function in ((changed.old_module, changed.old), (changed.new_module, changed.new)):
        yield "\n".join(module.source.lines[function.span.line - 1 : function.span.end_line])
