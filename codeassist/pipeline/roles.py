"""The roles of a function's variables: proposed in the order of what they tell, decided by the judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from codeassist.records.answer import REFUTED, VERIFIED, Claim, Verdict
from codeassist.records.evidence import Evidence
from codeassist.records.program import Function, Module

TELLING = (
    "organizer", "follower", "most-wanted", "gatherer", "one-way flag", "walker", "stepper", "container",
    "most-recent holder",
)  # fmt: skip
"""roles worth telling, those that say most first"""
MOST_NAMES, MOST_RUNS = 8, 3
"""variables that are looked at; runs in which a role may not be refuted"""
MOST_EVENTS = 4000
"""longest run that is looked at"""


def roles(
    evidence: Evidence, module: Module, function: Function, modules: Mapping[str, Module]
) -> dict[str, str]:
    """Variable -> the first role that the explained run shows and that the next runs do not refute."""
    from codeassist import verifying

    runs = [t for t in evidence.runs[:MOST_RUNS] if t.reader is not None and len(t.reader) <= MOST_EVENTS]
    names = _names(module, function)
    if not runs or runs[0] is not evidence.runs[0] or not names:
        return {}
    claims = list(_claims(function, names, len(runs)))
    verdicts = verifying.judge(claims, runs, modules)
    found: dict[str, str] = {}
    for start in range(0, len(claims), len(runs)):
        one, decided = claims[start].fields, verdicts[start : start + len(runs)]
        if _held(decided):
            found.setdefault(one["var"], one["role"])
    return found


def _names(module: Module, function: Function) -> list[str]:
    """Variables that the function itself binds, in source order."""
    own = (
        s for s in module.statements if s.function == function.id.qualname and s.kind not in ("def", "class")
    )
    return list(dict.fromkeys(name for s in own for name in s.writes))[:MOST_NAMES]


def _claims(function: Function, names: Sequence[str], runs: int) -> Iterator[Claim]:
    for name in names:
        for role in TELLING:
            fields = {"func": function.id.qualname, "var": name, "role": role}
            for run in range(runs):
                yield Claim("role", fields, f"{name} {role} {run}", scope={"run": run})


def _held(decided: Sequence[Verdict]) -> bool:
    return decided[0].status == VERIFIED and all(verdict.status != REFUTED for verdict in decided)
