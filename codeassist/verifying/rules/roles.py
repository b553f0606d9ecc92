"""role: the part that a variable plays, by what its values do (Sajaniemi's roles)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from codeassist.records.program import Statement
from codeassist.records.trace import Activation
from codeassist.records.values import Instance, equal, opaque
from codeassist.verifying.case import Case
from codeassist.verifying.findings import Finding, Unchecked, no_such_step, refuted, verified
from codeassist.verifying.reading import Step

_NUMBERS = (int, float)
_CONTAINERS = ("list", "dict", "set", "deque", "Counter", "OrderedDict", "defaultdict", "bytearray", "array")
_UNBOUND: Any = object()


@dataclass(frozen=True)
class Write:
    """One binding of the variable: the statement, the value before and after, and the loops around."""

    statement: int
    facts: Statement
    old: Any
    new: Any
    step: Step
    loops: tuple[int, ...]
    tests: tuple[str, ...]
    """tests of the `if`s around it, inside its innermost loop"""

    @property
    def reads_itself(self) -> bool:
        """Whether the new value is made from the old one."""
        return self.facts.kind == "augassign" or bool(set(self.facts.reads) & set(self.facts.writes))


@dataclass(frozen=True)
class Life:
    """All that happens to one variable in one activation."""

    name: str
    writes: tuple[Write, ...]
    parameter: Any
    states: tuple[Any, ...]
    """its deep value just before each own step after which it changed, and at the end"""
    reads: tuple[int, ...]
    """places in the order of own steps that read it"""
    case: Case
    activation: Activation


def role(case: Case) -> Finding:
    """The dynamic rule of that role holds, in every activation of the run."""
    lives = [life(case, activation, case["var"]) for activation in case.reading.of(case.path, case.func)]
    lives = [one for one in lives if one.writes or one.parameter is not _UNBOUND]
    if not lives:
        raise no_such_step()
    if not case.reading.complete:
        raise Unchecked("incomplete-trace")
    answers = [RULES[case["role"]](one) for one in lives]
    if False in answers:
        bad = lives[answers.index(False)]
        step = bad.writes[-1].step.index if bad.writes else bad.activation.events[0]
        return refuted("counterexample", **case.where(step, bad.activation, ""))
    if True not in answers:
        raise Unchecked("too-few-runs")
    return verified("held")


def life(case: Case, activation: Activation, name: str) -> Life:
    """The history of one variable."""
    steps = case.reading.steps(activation)
    entry = case.reading.event(activation.events[0]).value
    given = entry.get(name, _UNBOUND) if isinstance(entry, dict) else _UNBOUND
    binding = [s for s in steps if s.statement >= 0 and case.reading.binds(activation, s, name)]
    writes = tuple(_write(case, activation, s, name) for s in binding)
    last = case.reading.exit(activation)
    moments = [s.index for s in steps] + ([last] if last is not None else [])
    case.reading.prepare([(index, activation.id) for index in moments])
    values = [case.reading.state(index, activation.id).get(name, _UNBOUND) for index in moments]
    reads = tuple(p for p, s in enumerate(steps) if s.statement >= 0 and _reads(case, s, name))
    return Life(name, writes, given, tuple(v for v in values if v is not _UNBOUND), reads, case, activation)


def _reads(case: Case, step: Step, name: str) -> bool:
    facts = case.reading.facts(case.path, step.statement)
    return name in facts.reads or facts.kind == "augassign" and name in facts.writes


def _write(case: Case, activation: Activation, step: Step, name: str) -> Write:
    facts = case.reading.facts(case.path, step.statement)
    structure = case.reading.structure(case.path)
    assert structure is not None  # the step's statement was found in it
    old = case.reading.state(step.index, activation.id).get(name, _UNBOUND)
    following = case.reading.following(activation, step)
    new = case.reading.state(following, activation.id).get(name, _UNBOUND) if following is not None else old
    loops = structure.loops(step.statement)
    tests = []
    for outer, _ in structure.ancestors(step.statement):
        if loops and outer == loops[-1]:
            break
        if structure.statement(outer).kind == "if":
            tests.append(structure.statement(outer).test)
    return Write(step.statement, facts, old, new, step, _own_loops(facts, step, loops), tuple(tests))


def _own_loops(facts: Statement, step: Step, loops: tuple[int, ...]) -> tuple[int, ...]:
    """The target of a `for` is written at each turn of that very loop."""
    return (*loops, step.statement) if facts.kind == "for" else loops


def _plain(values: Sequence[Any], *kinds: type) -> bool:
    return all(type(value) in kinds for value in values)


def _fixed(one: Life) -> bool | None:
    times = len(one.writes) + (one.parameter is not _UNBOUND)
    if times != 1:
        return False
    same = all(opaque(v) is None and equal(v, one.states[0]) for v in one.states[1:])
    return True if same else None  # assigned once, its content not fixed


def _stepper(one: Life) -> bool | None:
    turning = [w for w in one.writes if w.loops and (w.reads_itself or w.facts.kind == "for")]
    if not turning or any(w.loops and not (w.reads_itself or w.facts.kind == "for") for w in one.writes):
        return False if len(one.writes) > 2 else None
    if not _plain([w.new for w in turning], int, float):
        return False
    first = _restarts(one)
    moving = [w for w in turning if type(w.old) in _NUMBERS and w.step.index not in first]
    deltas = [w.new - w.old for w in moving]
    ratios = [w.new / w.old for w in moving if w.old]
    if len(deltas) < 2:
        return None
    steady = len(set(deltas)) == 1 and deltas[0] != 0
    return steady or len(ratios) == len(deltas) and len(set(ratios)) == 1


def _restarts(one: Life) -> set[int]:
    """Events at which a loop's target takes the first item of an entry: no step from the last one's end."""
    reading, activation = one.case.reading, one.activation
    loops = {w.statement for w in one.writes if w.facts.kind == "for"}
    return {entry.heads[0].index for loop in loops for entry in reading.entries(activation, loop)}


def _holder(one: Life) -> bool | None:
    turning = [w for w in one.writes if w.loops]
    if any(w.reads_itself for w in turning):
        return False
    return True if len(turning) >= 2 else None


def _wanted(one: Life) -> bool | None:
    turning = [w for w in one.writes if w.loops]
    if not turning:
        return False if len(one.writes) > 1 else None
    compared = all(any(_mentions(test, one.name) for test in w.tests) for w in turning)
    values = [v for w in turning for v in (w.old, w.new)]
    if not compared or not (_plain(values, int, float, bool) or _plain(values, str)):
        return False
    rising = all(w.old <= w.new for w in turning)
    return rising or all(w.old >= w.new for w in turning)


def _mentions(text: str, name: str) -> bool:
    try:
        nodes = list(ast.walk(ast.parse(text, mode="eval")))
    except (SyntaxError, ValueError, RecursionError):
        return False
    compares = [n for n in nodes if isinstance(n, ast.Compare)]
    return any(isinstance(m, ast.Name) and m.id == name for n in compares for m in ast.walk(n))


def _gatherer(one: Life) -> bool | None:
    turning = [w for w in one.writes if w.loops]
    if not turning or any(not w.reads_itself for w in turning):
        return False if one.writes else None
    if any(type(w.new) is Instance for w in turning):
        return False
    return True if len(turning) >= 2 else None


def _flag(one: Life) -> bool | None:
    values = [w.new for w in one.writes]
    if one.parameter is not _UNBOUND:
        values.insert(0, one.parameter)
    if not _plain(values, bool):
        return False
    return sum(a is not b for a, b in pairwise(values)) <= 1


def _follower(one: Life) -> bool | None:
    turning = [w for w in one.writes if w.loops]
    if len(turning) < 2:
        return None
    candidates: set[str] | None = None
    for write in turning:
        state = one.case.reading.state(write.step.index, one.activation.id)
        same = {n for n, v in state.items() if n != one.name and opaque(v) is None and equal(v, write.new)}
        candidates = same if candidates is None else candidates & same
    moving = {n for n in candidates or () if len(life(one.case, one.activation, n).writes) > 1}
    return bool(moving)


def _walker(one: Life) -> bool | None:
    turning = [w for w in one.writes if w.loops]
    if not turning:
        return None
    return all(_steps_through(w.facts, one.name) for w in turning)


def _steps_through(facts: Statement, name: str) -> bool:
    """`node = node.next`, `i = parent[i]`: the new value is reached through the old one."""
    try:
        nodes = list(ast.walk(ast.parse(facts.test, mode="eval")))
    except (SyntaxError, ValueError, RecursionError):
        return False
    parts = [n for n in nodes if isinstance(n, (ast.Attribute, ast.Subscript))]
    return any(isinstance(m, ast.Name) and m.id == name for n in parts for m in ast.walk(n))


def _changes(one: Life) -> list[tuple[Any, Any]]:
    """Successive deep values of a container that was not bound anew in between."""
    rebound = {id(w.new) for w in one.writes}
    pairs = pairwise(one.states)
    return [(a, b) for a, b in pairs if type(a) is type(b) and id(b) not in rebound and not equal(a, b)]


def _container(one: Life) -> bool | None:
    if not one.states or any(type(v).__name__ not in _CONTAINERS for v in one.states):
        return False
    return True if _changes(one) else None


def _organizer(one: Life) -> bool | None:
    if not one.states or any(
        type(v).__name__ not in ("list", "deque", "array", "bytearray") for v in one.states
    ):
        return False
    if not _changes(one):
        return None
    first, last = list(one.states[0]), list(one.states[-1])
    return len(first) == len(last) and _same_members(first, last)


def _same_members(first: list[Any], last: list[Any]) -> bool:
    left = list(last)
    for item in first:
        found = next((i for i, other in enumerate(left) if equal(item, other)), None)
        if found is None:
            return False
        del left[found]
    return True


def _temporary(one: Life) -> bool | None:
    if one.parameter is not _UNBOUND:
        return False
    order = {s.index: p for p, s in enumerate(one.case.reading.steps(one.activation))}
    starts = [order[w.step.index] for w in one.writes]
    ends = [*starts[1:], len(order)]
    spans = [[r - s for r in one.reads if s < r <= e] for s, e in zip(starts, ends, strict=True)]
    return all(span and max(span) <= 3 for span in spans)


RULES: dict[str, Callable[[Life], bool | None]] = {
    "fixed value": _fixed, "stepper": _stepper, "most-recent holder": _holder, "most-wanted": _wanted,
    "gatherer": _gatherer, "one-way flag": _flag, "follower": _follower, "walker": _walker,
    "container": _container, "organizer": _organizer, "temporary": _temporary,
}  # fmt: skip
"""role -> whether its rule holds for one life; None where the run shows too little"""
