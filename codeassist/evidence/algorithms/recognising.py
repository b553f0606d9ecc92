"""Which algorithm a function is: marks in its code, and answers to the inputs of a problem, both together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from codeassist.evidence.algorithms.code import Code, code_of
from codeassist.evidence.algorithms.marks import MARKS
from codeassist.evidence.algorithms.model import Problem, Raised, Signature
from codeassist.evidence.algorithms.table import PROBLEMS, SIGNATURES
from codeassist.evidence.algorithms.trial import (
    CHUNK,
    GLANCE,
    Outcome,
    Trial,
    first_input,
    inputs_of,
    largest,
    solved,
    takes,
    written,
)  # fmt: skip
from codeassist.messages import catalogue
from codeassist.messages.recognition import because
from codeassist.records.evidence import Recognition
from codeassist.records.program import Function, Module
from codeassist.records.run import Budget, Runner
from codeassist.records.values import literal

SECONDS = 6.0
"""what a caller should grant, at most, for one function"""
PLAIN = ("sum without adding",)
"""problems that say nothing of a function unless its marks say how"""
_SURE, _PLAIN, _UNLIKELY = 0.97, 0.9, 0.3


@dataclass(frozen=True, slots=True)
class _Solved:
    """A problem that the function solved on all inputs of one form."""

    problem: Problem
    inputs: int
    form: int


def recognise(
    module: Module, function: Function, runner: Runner, budget: Budget, example: Sequence[Any] = ()
) -> Recognition:
    """The algorithm by structure and behaviour; without one the family where it is known, and the reason.

    `example` are arguments with which the function was seen to return: problems that the marks of its code
    do not point to are tried only if their arguments look like these.
    """
    code = code_of(module.source.text, function.span.line, function.name)
    head = head_of(module, function)
    if code is None or not head:
        return _told(Recognition("", "", 0.0, reason="none.uncallable"))
    trial = Trial(module.source.path, function, head, runner, budget.seconds)
    likely = [s for s in SIGNATURES if _fits(s, code)]
    close: list[tuple[Signature, Outcome]] = []
    for problem in _worth_trying(_in_order(likely, function), trial, likely, example):
        own = [s for s in likely if s.solves in (problem.key, *problem.implies)]
        found, wrong = _try(problem, trial)
        if found is not None:
            if own or problem.key not in PLAIN:
                return _named(found, own, code) if own else _only_family(found)
        close += [(s, wrong) for s in own if wrong is not None and _is_special(s, code)]
        if trial.left() <= 0:
            break
    return _unknown(close)


_COMMON = frozenset(
    (
        "recursion",
        "two recursions",
        "recursion in a loop",
        "nested loops",
        "three nested loops",
        "stack",
        "queue",
        "memo",
    )
)
"""marks that much code has"""


def _is_special(signature: Signature, code: Code) -> bool:
    """Whether the code has a mark of it that few others have: only then it can be said to look like it."""
    told = (_shown(need, code) for need in signature.needs)
    return any(mark and mark not in _COMMON for mark in told)


def _told(found: Recognition) -> Recognition:
    """With its reason in English, as the JSON document holds it."""
    return replace(found, because=because(catalogue("en"), found))


def head_of(module: Module, function: Function) -> str:
    """The expression for the function itself; empty where it needs an object that is not simply made."""
    if function.kind == "function":
        return function.id.qualname if function.parent == "<module>" else ""
    owner = next((f for f in module.functions if f.id.qualname == function.parent), None)
    if function.kind in ("static", "class-method"):
        return function.id.qualname
    if function.kind != "method" or owner is None or owner.parent != "<module>" or function.name[:2] == "__":
        return ""
    made = next((f for f in module.functions if f.id.qualname == f"{function.parent}.__init__"), None)
    plain = made is None and not owner.bases or made is not None and takes(made, 0)
    return f"{function.parent}().{function.name}" if plain else ""


def _in_order(likely: Sequence[Signature], function: Function) -> list[Problem]:
    """Problems whose inputs the function can take; those that its code points to come first.

    Apart from that in the order of the table, where the harder of two like problems stands first.
    """
    wanted = {s.solves for s in likely}
    wanted |= {p.key for p in PROBLEMS if wanted & {*p.implies, *p.above}}
    every = [p for p in PROBLEMS if any(takes(function, _arity(p, i)) for i in range(len(p.forms)))]
    return sorted(every, key=lambda p: p.key not in wanted)


def _worth_trying(
    problems: Sequence[Problem], trial: Trial, likely: Sequence[Signature], example: Sequence[Any]
) -> Iterator[Problem]:
    """The problems in order, their runs prepared some at a time."""
    wanted = {s.solves for s in likely}
    wanted |= {p.key for p in problems if wanted & {*p.implies, *p.above}}
    kept = [p for p in problems if p.key in wanted or _looks_like(p, example)]
    kept.sort(key=lambda p: (bool(example) and not _looks_like(p, example), _bulk(p)))
    for start in range(0, len(kept), CHUNK):
        chunk = [p for p in kept[start : start + CHUNK] if _bulk(p) < trial.ceiling]
        trial.prepare([(p, form) for p in chunk for form in range(len(p.forms))], short=True)
        yield from (p for p in chunk if any(_promises(p, form, trial) for form in range(len(p.forms))))


def _bulk(problem: Problem) -> int:
    """The largest number with which a problem begins, where its arguments are numbers.

    Small ones are looked at first: what counts up to its number, or to a power of it, ends sooner.
    """
    return max(largest(given) for given, _ in inputs_of(problem, 0, GLANCE))


def _promises(problem: Problem, form: int, trial: Trial) -> bool:
    """Whether most of the first few inputs are solved."""
    seen = trial.glance(problem, form)
    return bool(seen) and 2 * solved(problem, seen)[1] > len(seen)


def _looks_like(problem: Problem, example: Sequence[Any]) -> bool:
    """Whether the arguments of a form are of the same kinds as the example."""
    kinds = [_kind(value) for value in example]
    return bool(kinds) and any(
        [_kind(value) for value in first_input(problem, form)] == kinds for form in range(len(problem.forms))
    )


def _kind(value: Any) -> str:
    if isinstance(value, (bool, int, float)):
        return "number"
    if isinstance(value, (list, tuple)):
        return f"list of {_kind(value[0])}" if value else "list"
    return type(value).__name__


def _arity(problem: Problem, form: int) -> int:
    return len(first_input(problem, form))


def _fits(signature: Signature, code: Code) -> bool:
    return all(_has(mark, code) for mark in signature.needs) and not any(
        _has(mark, code) for mark in signature.lacks
    )


def _has(mark: str, code: Code) -> bool:
    return any(_is(part.strip(), code) for part in mark.split(" | "))


def _is(mark: str, code: Code) -> bool:
    known = MARKS.get(mark)
    if known is None:
        return code.pool.has(mark)
    return known(code) if callable(known) else any(code.pool.has(pattern) for pattern in known)


def _try(problem: Problem, trial: Trial) -> tuple[_Solved | None, Outcome | None]:
    """The problem solved on every input of a form; else an outcome that is no solution, if most are."""
    wrong: Outcome | None = None
    for form in range(len(problem.forms)):
        if not takes(trial.function, _arity(problem, form)) or not _promises(problem, form, trial):
            continue
        outcomes = trial.outcomes(problem, form)
        _, right, failed = solved(problem, outcomes)
        if outcomes and right == len(outcomes):
            return _Solved(problem, right, form), None
        if 2 * right > len(outcomes):
            wrong = failed
    return None, wrong


def _named(found: _Solved, own: Sequence[Signature], code: Code) -> Recognition:
    first, family = own[0], found.problem.family
    marks = tuple(mark for need in first.needs for mark in [_shown(need, code)] if mark)
    sure = _SURE if first.needs else _PLAIN
    others = dict.fromkeys(s.name for s in own[1:] if s.name != first.name)
    return _told(
        Recognition(
            first.name, family, sure,
            candidates=((first.name, family, sure), *((name, family, _UNLIKELY) for name in others)),
            aliases=first.aliases, reason="because" if marks else "by",
            problem=found.problem.key, inputs=found.inputs, form=found.form, marks=marks,
        )
    )  # fmt: skip


def _shown(need: str, code: Code) -> str:
    """A mark that can be told in words; empty for what only a pattern says."""
    for part in (part.strip() for part in need.split(" | ")):
        if f"recognition.mark.{part}" in catalogue("en") and _is(part, code):
            return part
    return ""


def _only_family(found: _Solved) -> Recognition:
    problem = found.problem
    return _told(
        Recognition(
            "", problem.family, 0.0, reason="none.structure", problem=problem.key, inputs=found.inputs
        )
    )


def _unknown(close: Sequence[tuple[Signature, Outcome]]) -> Recognition:
    if not close:
        return _told(Recognition("", "", 0.0))
    signature, outcome = close[0]
    family = next(p.family for p in PROBLEMS if p.key == signature.solves)
    return _told(
        Recognition(
            "", "", 0.0, candidates=((signature.name, family, _UNLIKELY),), reason="none.behaviour",
            looks_like=signature.name, given=_call(outcome), gave=_gave(outcome.value),
        )
    )  # fmt: skip


def _gave(value: Any) -> str:
    return value.cls if isinstance(value, Raised) else literal(value, 60)


def _call(outcome: Outcome) -> str:
    text = ", ".join(written(value) for value in outcome.given)
    return text if len(text) <= 60 else text[:57] + "..."


def names() -> Iterator[tuple[str, str]]:
    """(name, family) of every algorithm that can be recognised."""
    families = {p.key: p.family for p in PROBLEMS}
    yield from ((s.name, families[s.solves]) for s in SIGNATURES)
