"""Whether a search needs its list sorted: a small list out of order on which it fails."""

from __future__ import annotations

from codeassist.evidence.algorithms.recognising import head_of
from codeassist.evidence.algorithms.searching import UNSORTED
from codeassist.evidence.algorithms.trial import Trial, written
from codeassist.records.evidence import Recognition
from codeassist.records.program import Function, Module
from codeassist.records.run import Budget, Runner

SEARCHES = ("find in sorted", "first place", "last place")
"""problems on sorted lists, laid out alike"""


def needed_order(
    module: Module, function: Function, known: Recognition, runner: Runner, budget: Budget
) -> tuple[str, str] | None:
    """(parameter that must be sorted, a call with a list out of order that misses an item); None if none does.

    Asked only of functions that find every item of sorted lists (`known.problem`).
    """
    if known.problem not in SEARCHES:
        return None
    head = head_of(module, function)
    trial = Trial(module.source.path, function, head, runner, budget.seconds)
    for outcome in trial.outcomes(UNSORTED, known.form):
        if isinstance(outcome.value, tuple) and outcome.value:
            right = UNSORTED.check(outcome.instance, outcome.value[0])
        else:
            right = UNSORTED.check(outcome.instance, outcome.value)
        place = next((i for i, v in enumerate(outcome.given) if isinstance(v, list)), -1)
        if not right and place >= 0:
            bound = function.kind in ("method", "class-method")
            call = f"{head}({', '.join(map(written, outcome.given))})"
            return function.parameters[place + bound].name, call
    return None
