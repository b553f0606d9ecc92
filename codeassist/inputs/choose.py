"""Tries proposed runs and keeps the sensible ones, the typical one first.

Nothing is known of a function that is tried for the first time, so that the first guesses may be of the
wrong type. One call of each group of guesses is run; the group that works best gives the rest.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from codeassist.inputs import searching
from codeassist.inputs.alike import alike
from codeassist.inputs.propose import callable_part, generated, without_repeats, written
from codeassist.inputs.uses import interesting, uses
from codeassist.records.program import Function, Module
from codeassist.records.run import Budget, Limits, Run, Runner
from codeassist.records.trace import Trace
from codeassist.records.values import literal, type_name

_TRIAL = Limits(time=2.0, memory=1 << 29, events=100_000, output=100_000)
_SMALL = re.compile(r"\[\[?[^,\[\]]*\]|''")
"""an empty list or text, or a list of one item"""
_ENOUGH = 0.8
"""share of a function's statements that its runs should reach"""
_ENOUGH_TO_STOP = 0.9
"""share of the statements from which on no further inputs are searched for"""
_ROUNDS, _TRIES = 6, 16
_WRONG = frozenset(("TypeError", "AttributeError", "NameError", "UnboundLocalError"))
_SUSPECT = frozenset(
    ("KeyError", "IndexError", "ValueError", "RecursionError", "ZeroDivisionError", "OverflowError")
)
_EMPTY = frozenset(("None", "False", "-1", "[]", "{}", "()", "''", "set()", "deque([])"))


_LAZY = frozenset(
    "generator chain map filter zip enumerate reversed islice starmap takewhile dropwhile accumulate "
    "product permutations combinations combinations_with_replacement groupby zip_longest pairwise "
    "filterfalse compress callable_iterator list_iterator tuple_iterator set_iterator "
    "list_reverseiterator range_iterator str_iterator str_ascii_iterator dict_keyiterator "
    "dict_valueiterator dict_itemiterator".split()
)
"""types whose objects give their values one by one, and that may be drained (`count`, `cycle` may not)"""


@dataclass(frozen=True)
class Trial:
    """One run tried: which lines of the function it reached and how often."""

    run: Run
    kind: str
    exception: str
    lines: frozenset[int]
    most: int
    """steps of the line that was executed most"""
    steps: int
    is_lazy: bool = False
    """whether it returned something that gives its values only when it is asked for them"""
    is_empty: bool = False
    """whether it returned nothing to look at: None, False, -1 or something empty"""


def choose(
    module: Module,
    function: Function,
    runner: Runner,
    budget: Budget,
    *,
    calls: Sequence[str] = (),
    seed: int = 0,
    limit: int = 24,
    tests: Iterable[str] = (),
    saved: Sequence[str] = (),
    first: Sequence[str] = (),
    known: Sequence[str] = (),
) -> list[Run]:
    """Sensible runs of `function` with detail "full", the one to explain first; [] if there is none.

    `tests` are texts of test files, `saved` calls that somebody kept, `first` calls that the test asked
    for makes, `known` calls that other runs were seen to make. A given call stays where it is; of the rest,
    what was written down comes before what was generated.
    """
    runner = _Shared(runner, budget)
    function = _with_nested(module, function)
    given = written(module, function, calls=calls, first=first, saved=saved, tests=tests, seed=seed)
    trials = _try(given[:limit], runner, budget, function)
    kept = [trial for trial in trials if _is_kept(trial, function)]
    examples = [trial.run for trial in kept]
    others = _known(module, function, runner, budget, seed, known)
    guessed = _guess(module, function, runner, budget, seed, limit, examples + [t.run for t in others])
    guessed += _searched(module, function, runner, budget, seed, [*kept, *others, *guessed])
    ordered = arrange(kept, guessed, function, others)
    if ordered and ordered[0].is_lazy:
        ordered = _drained(ordered, runner, budget, function)
    runs = [replace(t.run, detail="full", limits=Limits()) for t in ordered]
    return without_repeats([replace(r, origin="test") if r.origin == "first" else r for r in runs])[:limit]


def _drained(trials: Sequence[Trial], runner: Runner, budget: Budget, function: Function) -> list[Trial]:
    """The same calls with what they return drained, where that comes to an end."""
    given = [t for t in trials if t.run.origin == "call" or not t.is_lazy]
    lazy = [t for t in trials if t not in given]
    found = _try([replace(t.run, call=f"list({t.run.call})") for t in lazy], runner, budget, function)
    drained = {t.run.call: t for t in found if t.kind == "returned"}
    return [t if t in given else drained.get(f"list({t.run.call})", t) for t in trials]


def _searched(
    module: Module, function: Function, runner: Runner, budget: Budget, seed: int, trials: Sequence[Trial]
) -> list[Trial]:
    """Where too few lines are reached: trials of drawn calls that reach more, each made small."""
    reached = frozenset[int]().union(*(trial.lines for trial in trials))
    patterns = (searching.pattern(t.run.call) for t in trials if not t.run.setup)
    found = next((p for p in patterns if p is not None), None)
    if found is None or coverage(reached, function) >= _ENOUGH_TO_STOP or function.kind != "function":
        return []
    near = interesting(uses(module, function))
    calls = searching.drawn(
        found, [n for n in near["int"] if isinstance(n, int)], [str(t) for t in near["str"]]
    )
    kept: list[Trial] = []
    for trial in _try([_run(module, text, seed) for text in calls], runner, budget, function):
        if is_sensible(trial, function) and trial.lines - reached:
            kept.append(_smallest(module, trial, trial.lines - reached, runner, budget, function, seed))
            reached |= trial.lines
    return kept


def _smallest(
    module: Module, trial: Trial, wanted: frozenset[int], runner: Runner, budget: Budget, function: Function,
    seed: int,
) -> Trial:  # fmt: skip
    """A simpler call that still reaches the `wanted` lines; a few rounds, so that a reader can take it in."""
    for _ in range(_ROUNDS):
        runs = [_run(module, text, seed) for text in list(searching.simpler(trial.run.call))[:_TRIES]]
        tried = _try(runs, runner, budget, function)
        fitting = (t for t in tried if wanted <= t.lines and is_sensible(t, function))
        found = min(fitting, key=lambda t: len(t.run.call), default=None)
        if found is None or len(found.run.call) >= len(trial.run.call):
            break
        trial = found
    return trial


def _known(
    module: Module, function: Function, runner: Runner, budget: Budget, seed: int, calls: Sequence[str]
) -> list[Trial]:
    """Sensible trials of calls that other runs were seen to make."""
    found = _try([_run(module, text, seed) for text in calls], runner, budget, function)
    return [trial for trial in found if is_sensible(trial, function)]


def _is_kept(trial: Trial, function: Function) -> bool:
    """A given call serves the functions that it reaches; one that cannot be evaluated stays, to be told."""
    if trial.run.origin == "call":
        return bool(trial.lines) or trial.kind not in ("returned", "raised")
    return is_sensible(trial, function)


def is_sensible(trial: Trial, function: Function) -> bool:
    """Whether the function was entered and returned, or raised what it says it raises."""
    if not trial.lines:
        return False
    return trial.kind == "returned" or trial.kind == "raised" and documented(trial.exception, function)


def documented(exception: str, function: Function) -> bool:
    """Whether the function raises that class itself, or its docstring names it."""
    return bool(exception) and (
        any(exception == name.rsplit(".", 1)[-1] for name in function.raises)
        or re.search(rf"\b{re.escape(exception)}\b", function.docstring) is not None
    )


class _Shared:
    """A runner whose calls share one budget of seconds."""

    def __init__(self, runner: Runner, budget: Budget) -> None:
        self.runner, self.until = runner, time.monotonic() + budget.seconds

    def run(self, runs: Sequence[Run], budget: Budget) -> Iterator[Trace]:
        """Runs while anything of the shared budget is left."""
        left = max(0.0, self.until - time.monotonic())
        return self.runner.run(runs, Budget(min(left, budget.seconds)))

    def close(self) -> None:
        """The runner is not ours to close."""


def _try(runs: Sequence[Run], runner: Runner, budget: Budget, function: Function) -> list[Trial]:
    """What each run says; recorded in full where counting cannot even load the program in its time."""
    counted = [replace(run, detail="counts", limits=_TRIAL) for run in runs]
    traces = list(runner.run(counted, budget)) if counted else []
    if traces and all(t.header.outcome.kind == "limit_reached" and not t.counts for t in traces):
        traces = list(runner.run([replace(run, detail="full") for run in counted], budget))
    return [trial_of(trace, function) for trace in traces]


def _counts(trace: Trace) -> dict[tuple[str, int], int]:
    """(qualified name, line) -> steps, of a counted run or of a recorded one."""
    if trace.counts or trace.reader is None:
        return dict(trace.counts)
    lines = (event for event in trace.reader.events(0, _TRIAL.events) if event.kind == "line")
    return dict(Counter((event.function.qualname, event.line) for event in lines))


def trial_of(trace: Trace, function: Function) -> Trial:
    """What a counted run says of `function`."""
    names = (function.id.qualname, function.id.qualname + ".")
    counts = _counts(trace)
    own = {
        line: count
        for (name, line), count in counts.items()
        if name == names[0] or name.startswith(names[1]) and function.kind != "module"
    }
    outcome = trace.header.outcome
    exception = outcome.exception.cls if outcome.exception else ""
    own_lines = frozenset(line for line, count in own.items() if count)
    return Trial(
        trace.header.run,
        outcome.kind,
        exception,
        own_lines,
        max(own.values(), default=0),
        sum(counts.values()),
        outcome.kind == "returned" and type_name(outcome.result) in _LAZY and not function.is_generator,
        outcome.kind == "returned" and literal(outcome.result) in _EMPTY,
    )


def _with_nested(module: Module, function: Function) -> Function:
    """The function with the lines of those defined inside it: they are reached through it alone."""
    inside = f"{function.id.qualname}."
    nested = (f.body_lines for f in module.functions if f.id.qualname.startswith(inside))
    lines = (line for part in nested for line in part)
    if function.kind in ("module", "class"):
        return function
    return replace(function, body_lines=tuple(sorted({*function.body_lines, *lines})))


def _guess(
    module: Module, function: Function, runner: Runner, budget: Budget, seed: int, limit: int,
    examples: Sequence[Run],
) -> list[Trial]:  # fmt: skip
    """Trials of the group of generated calls that works best, and of others that reach what it does not.

    Beside written examples only calls of the same types are made, variations of the examples first.
    """
    groups = alike(generated(module, function, max(limit, 16)), examples)
    ranked = _scout(module, groups, runner, budget, function, seed)
    trials: list[Trial] = []
    for _, index in ranked[:3]:
        reached = frozenset[int]().union(*(trial.lines for trial in trials))
        if coverage(reached, function) >= _ENOUGH and trials:
            break
        found = _try([_run(module, text, seed) for text in groups[index]], runner, budget, function)
        sensible = [trial for trial in found if is_sensible(trial, function)]
        trials += [trial for trial in sensible if not trials or trial.lines - reached]
    return trials


def _scout(
    module: Module,
    groups: Sequence[Sequence[str]],
    runner: Runner,
    budget: Budget,
    function: Function,
    seed: int,
) -> list[tuple[float, int]]:
    """(score, index) of the groups whose first calls work, the best first; few if one works well."""
    scores: list[tuple[float, int]] = []
    for start, end in _portions(len(groups)):
        part = [(index, text) for index in range(start, end) for text in groups[index][:3]]
        trials = _try([_run(module, text, seed) for _, text in part], runner, budget, function)
        tried: dict[int, list[Trial]] = {}
        for (index, _), trial in zip(part, trials, strict=False):
            tried.setdefault(index, []).append(trial)
        scored = ((_score(found, function), index) for index, found in tried.items())
        scores += [(score - index / 10, index) for score, index in scored if score]
        if max(scores, default=(-9.0, 0))[0] >= (1.5 if not start else 1.2 - start / 10):
            break
    return sorted(scores, key=lambda item: (-item[0], item[1]))


def _portions(count: int) -> list[tuple[int, int]]:
    """The first three groups, then eight at a time."""
    starts = [0, *range(3, count, 8)]
    return [(start, min(start + (8 if start else 3), count)) for start in starts]


def _score(trials: Sequence[Trial], function: Function) -> float:
    """How well a group works: its calls one by one, and what they reach together."""
    each = [_worth(trial, function) for trial in trials]
    reached = frozenset[int]().union(*(t.lines for t, worth in zip(trials, each, strict=True) if worth))
    return sum(each) / len(each) + coverage(reached, function) if any(each) else 0.0


def _worth(trial: Trial, function: Function) -> float:
    """How well one call works: 1 for reaching all lines and returning, less for less, 0 for a wrong type."""
    if trial.exception in _WRONG or not trial.lines or trial.kind not in ("returned", "raised"):
        return 0.0
    share = coverage(trial.lines, function)
    if trial.kind == "raised":
        return (
            0.4 if documented(trial.exception, function) else 0.1 if trial.exception in _SUSPECT else 0.0
        ) * share
    return 0.4 + 0.6 * share


def coverage(lines: frozenset[int], function: Function) -> float:
    """Share of the statements of its own body that `lines` reach."""
    own = set(function.body_lines)
    return len(own & lines) / len(own) if own else 1.0


def _run(module: Module, call: str, seed: int) -> Run:
    return Run(path=module.source.path, call=call, origin="generated", seed=seed)


def arrange(
    kept: Sequence[Trial], guessed: Sequence[Trial], function: Function, known: Sequence[Trial] = ()
) -> list[Trial]:
    """What was given, as given; then doctests, main guard and tests, the most telling of each first; then
    those seen in other runs; then the generated.

    The first is the one explained, so that of several written ones the most telling leads.
    """
    ordered: list[Trial] = [trial for trial in kept if trial.run.origin in ("call", "first")]
    for origin in ("doctest", "main", "test", "saved"):
        ordered += _telling_first([trial for trial in kept if trial.run.origin == origin], function)
    return [*ordered, *_telling_first(known, function), *_spread(_telling_first(guessed, function))]


def _telling_first(trials: Sequence[Trial], function: Function) -> list[Trial]:
    best = max(trials, key=lambda trial: _typical(trial, function), default=None)
    return [] if best is None else [best, *(trial for trial in trials if trial is not best)]


def _typical(trial: Trial, function: Function) -> float:
    """Three to seven turns of the busiest line, most lines reached, a short call, returned."""
    turns = trial.most
    pace = 1.0 if 3 <= turns <= 8 else 0.4 if turns < 3 else max(0.0, 0.9 - turns / 60)
    length = max(0, len(trial.run.call) - 60) / 200
    call = trial.run.call
    several = (call.count(",") >= 2 or call.count("(") > 2) and ("{" in call or not _SMALL.search(call))
    returned = 0.5 * (trial.kind == "returned") - 0.3 * trial.is_empty
    return 1.5 * coverage(trial.lines, function) + 0.5 * pace + returned + 0.2 * several - length


def _spread(trials: Sequence[Trial]) -> list[Trial]:
    """Those that reach lines that none before reached come first."""
    seen: set[int] = set()
    new: list[Trial] = []
    old: list[Trial] = []
    for trial in trials:
        (new if trial.lines - seen else old).append(trial)
        seen |= trial.lines
    return new + old


def is_reachable(module: Module, function: Function) -> bool:
    """Whether a call can be written for it: a module body is run as a script."""
    return callable_part(module, function).kind != "module"
