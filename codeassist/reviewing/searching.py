"""Searching for inputs that tell old from new: what somebody wrote, typical calls, then what lies near.

Inputs that reach something new on either side are kept and varied further (coverage-guided, as in AFL).
All choices are seeded and all stops are counts, so that the same change gives the same findings.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from codeassist.records.trace import Observation
from codeassist.reviewing.calls import kept_of, kinds, target_call, tree_of
from codeassist.reviewing.changes import Changed
from codeassist.reviewing.comparing import ILL_TYPED, Difference, Rules, agree, difference
from codeassist.reviewing.neighbours import Constants, Neighbours
from codeassist.reviewing.signatures import problem, shape

Observe = Callable[[Sequence[str]], Sequence[tuple[Observation | None, Observation | None]]]
"""calls -> what both sides let a caller observe; None for a call that was not reached"""


@dataclass(frozen=True, slots=True)
class Effort:
    """How far a search goes, in calls; it stops earlier when there is nothing to learn."""

    scouts: int = 3
    """calls of each group of guesses that are tried first"""
    groups: int = 24
    round: int = 80
    least: int = 320
    most: int = 1200
    grid: int = 160
    chunk: int = 40
    """calls that are run before anything is looked at"""
    hangs: int = 2
    """calls without an end that are enough"""


@dataclass(slots=True)
class Found:
    """What a search learned of one function."""

    tried: int = 0
    usable: int = 0
    """calls that returned, or raised what the program itself raises, on one side at least"""
    differences: list[Difference] = field(default_factory=list)
    old_steps: dict[tuple[str, int], int] = field(default_factory=dict)
    new_steps: dict[tuple[str, int], int] = field(default_factory=dict)
    """(function, line) -> number of calls that reached it"""
    written: list[str] = field(default_factory=list)
    """calls that somebody wrote, and that worked"""
    pairs: dict[str, tuple[Observation, Observation]] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    corpus: list[str] = field(default_factory=list)
    same_paths: int = 0
    """calls that took the same steps on both sides, line by line of what both have"""
    out_of_time: bool = False
    name: str = ""

    def accepts(self, call: str) -> bool:
        """Whether a call passes only kinds of argument on which both sides work."""
        return kinds(call, self.name) <= self.accepted


class Search:
    """One function on both sides; `observe` runs it."""

    def __init__(
        self, changed: Changed, observe: Observe, rules: Rules, near: Constants, effort: Effort
    ) -> None:
        self.changed, self.observe, self.rules, self.effort = changed, observe, rules, effort
        self.name = called_name(changed)
        self.neighbours = Neighbours(self.name, near)
        self.found = Found(name=self.name)
        self.seen: set[str] = set()
        self.reached: set[tuple[object, ...]] = set()
        self.fallback: set[str] = set()
        self.changed_before: set[str] = set()
        """arguments that some call changes on the old side"""

    def run(self, written: Sequence[str], groups: Sequence[Sequence[str]]) -> Found:
        """Search until something differs, or until as much has been tried as `effort` says."""
        self._try(written, is_written=True)
        good = self._scout(groups)
        for group in good:
            self._try(group)
        self._accept()
        if self._is_stuck() and self._in_domain(self.found.differences):
            return self._finished()
        if not self._in_domain(self.found.differences):
            for text in self.found.corpus[:3]:
                self._try(self.neighbours.grid(text, self.effort.grid))
        self._vary()
        return self._finished()

    def _finished(self) -> Found:
        """What counts: differences on sensible calls; effects are fresh only if no call had any before."""
        had = {d.kind for d in self.found.differences if d.kind == "output"} and {
            "output" for old, _ in self.found.pairs.values() if old.output
        }
        self.found.differences = [
            replace(d, is_fresh=d.is_fresh and d.what not in self.changed_before and d.kind not in had)
            for d in self._in_domain(self.found.differences)
        ]
        return self.found

    # --- what is known without looking further ---------------------------------------------------------

    def _scout(self, groups: Sequence[Sequence[str]]) -> list[Sequence[str]]:
        """The groups of guesses that work on both sides, best first; of the others, the most typical."""
        chosen = groups[: self.effort.groups]
        self._try(text for group in chosen for text in group[: self.effort.scouts])
        scored = [(self._worth(group), -index) for index, group in enumerate(chosen)]
        best = sorted((item for item in scored if item[0] > 0), reverse=True)[:3]
        if not self.found.written and best:
            self.fallback = {k for i in best[:1] for text in chosen[-i[1]] for k in kinds(text, self.name)}
        return [chosen[-index] for _, index in best]

    def _worth(self, group: Sequence[str]) -> float:
        """Calls of the group that worked, on both sides or on one, and the steps that they made."""
        total = 0.0
        lines: set[tuple[str, int]] = set()
        for text in group[: self.effort.scouts]:
            pair = self.found.pairs.get(text)
            if pair is None:
                continue
            good = [self._is_good(pair[0], self.rules.old), self._is_good(pair[1], self.rules.new)]
            total += 0.5 * sum(good)
            if any(good):
                lines |= pair[0].steps.keys() | pair[1].steps.keys()
        return total + len(lines) / 10 if total else 0.0

    def _is_good(self, seen: Observation, explicit: Callable[..., bool]) -> bool:
        error = seen.outcome.exception
        meant = seen.outcome.kind == "raised" and error is not None and explicit(error)
        return seen.outcome.kind == "returned" or meant and error is not None and error.cls not in ILL_TYPED

    def _accept(self) -> None:
        """The kinds of argument on which both sides work: only there does a difference count."""
        both: set[str] = set()
        for text, (old, new) in self.found.pairs.items():
            if self._is_good(old, self.rules.old) and self._is_good(new, self.rules.new):
                both |= kinds(text, self.name)
        for text in self.found.written:
            both |= kinds(text, self.name)
        self.found.accepted = both or self.fallback

    def _in_domain(self, differences: Iterable[Difference]) -> list[Difference]:
        return [d for d in differences if kinds(d.call, self.name) <= self.found.accepted]

    # --- what lies near --------------------------------------------------------------------------------

    def _vary(self) -> None:
        """Rounds of neighbours of what reached something new, until nothing more is learned."""
        effort, quiet, turn = self.effort, 0, 0
        while self.found.corpus and self.found.tried < effort.most and not self.found.out_of_time:
            if self._in_domain(self.found.differences) and turn:
                return
            if self.found.tried >= effort.least and quiet >= 2:
                return
            before, known = self.found.tried, len(self.reached)
            self._try(self._near(turn))
            turn += 1
            quiet = quiet + 1 if len(self.reached) == known else 0
            if self.found.tried == before:
                quiet += 1
                if quiet > 3:
                    return

    def _near(self, turn: int) -> list[str]:
        """Neighbours of the whole corpus, more of what joined it last."""
        corpus = self.found.corpus
        texts: dict[str, None] = {}
        picks = [*corpus[-6:], *corpus[turn % len(corpus) :], *corpus]
        for text in picks[: self.effort.round // 4]:
            for near in self.neighbours.around(text, 6):
                if near not in self.seen and len(near) < 800:
                    texts[near] = None
        domain = [t for t in texts if kinds(t, self.name) <= self.found.accepted]
        return domain[: self.effort.round]

    # --- one batch -------------------------------------------------------------------------------------

    def _try(self, calls: Iterable[str], is_written: bool = False) -> None:
        fresh = [text for text in dict.fromkeys(calls) if text not in self.seen and self._fits(text)]
        self.seen.update(fresh)
        for start in range(0, len(fresh), self.effort.chunk):
            if self._is_stuck():
                return
            part = fresh[start : start + self.effort.chunk]
            for text, (old, new) in zip(part, self.observe(part), strict=False):
                if old is None or new is None:
                    self.found.out_of_time = True
                    continue
                self.found.tried += 1
                self._look(text, old, new, is_written)

    def _fits(self, text: str) -> bool:
        """Whether both signatures take the call; where the new one does not, its callers are told."""
        return not self.changed.is_signature_new or fits_both(text, self.name, self.changed)

    def _is_stuck(self) -> bool:
        """Whether enough calls did not end on one side: each costs as much as a thousand others."""
        return sum(d.kind in ("hangs", "ends") for d in self.found.differences) >= self.effort.hangs

    def _look(self, text: str, old: Observation, new: Observation, is_written: bool) -> None:
        good = self._is_good(old, self.rules.old) or self._is_good(new, self.rules.new)
        self.found.pairs[text] = (old, new)
        if good:
            self.found.usable += 1
            _count(self.found.old_steps, old)
            _count(self.found.new_steps, new)
            if is_written:
                self.found.written.append(text)
            self.found.same_paths += self._has_same_path(old, new)
            if self._is_news(old, new):
                self.found.corpus.append(text)
        kept = kept_of(text, self.name, parameter_names(self.changed))
        self.changed_before |= {
            k.label for k, now in zip(kept, old.kept, strict=False) if k.has_value and not agree(k.value, now)
        }
        found = difference(old, new, kept, self.rules)
        if found is not None:
            self.found.differences.append(found)

    def _has_same_path(self, old: Observation, new: Observation) -> bool:
        """Whether every statement that both sides have was executed equally often."""
        before, after = _by_line(old), _by_line(new)
        lines = self.changed.kept_lines
        return bool(lines) and all(before.get(a, 0) == after.get(b, 0) for a, b in lines.items())

    def _is_news(self, old: Observation, new: Observation) -> bool:
        """Whether either side did something that no earlier call made it do."""
        told: set[tuple[object, ...]] = {
            (side, *key, _bucket(count))
            for side, seen in ((0, old), (1, new))
            for key, count in seen.steps.items()
        }
        told |= {
            (side, seen.outcome.kind, _shape(seen.outcome.result)) for side, seen in ((0, old), (1, new))
        }
        is_new = not told <= self.reached
        self.reached |= told
        return is_new


def called_name(changed: Changed) -> str:
    """The name under which the old side is called."""
    function = changed.old
    if function.name in ("__init__", "__new__"):
        return function.parent.rpartition(".")[2]
    return function.name


def fits_both(text: str, name: str, changed: Changed) -> bool:
    """Whether the call in `text` can be bound to both signatures."""
    tree = tree_of(text)
    call = target_call(tree, name) if tree is not None else None
    given = shape([ast.unparse(a) for a in [*call.args, *call.keywords]], name) if call is not None else None
    if given is None:
        return True
    bound = changed.new.kind in ("method", "class-method", "property")
    return not problem(changed.new, given, bound) or bool(problem(changed.old, given, bound))


def parameter_names(changed: Changed) -> list[str]:
    """The names of the parameters that a call fills, by position."""
    names = [p.name for p in changed.old.parameters]
    return names[1:] if changed.old.kind in ("method", "class-method", "property") else names


def _by_line(seen: Observation) -> dict[int, int]:
    """Executions by line, of the function's own file."""
    counts: dict[int, int] = {}
    for (name, line), count in seen.steps.items():
        if "::" not in name:
            counts[line] = counts.get(line, 0) + count
    return counts


def _count(total: dict[tuple[str, int], int], seen: Observation) -> None:
    for key in seen.steps:
        total[key] = total.get(key, 0) + 1


def _bucket(count: int) -> int:
    """0, 1, 2, 3, 4-7, 8-15, 16-127, more: the buckets of AFL."""
    return count if count < 4 else 4 if count < 8 else 5 if count < 16 else 6 if count < 128 else 7


def _shape(value: object) -> object:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        return (value > 0) - (value < 0)
    try:
        return (type(value).__name__, min(len(value), 3))  # type: ignore[arg-type]
    except TypeError:
        return type(value).__name__
