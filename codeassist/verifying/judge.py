"""Claims + traces -> verdicts: verified, refuted or unchecked, each with its reason and its witness."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from codeassist.records.answer import REFUTED, UNCHECKED, VERIFIED, Claim, Verdict, Witness
from codeassist.records.program import Module
from codeassist.records.run import Budget, Runner
from codeassist.records.trace import Trace
from codeassist.verifying.budget import Allowance, TooExpensive
from codeassist.verifying.case import Case
from codeassist.verifying.compare import differs
from codeassist.verifying.expressions import FirstArrival, Impure
from codeassist.verifying.fields import UNIVERSAL, checked
from codeassist.verifying.findings import Finding, Refuted, Unchecked
from codeassist.verifying.objects import OpaqueValue
from codeassist.verifying.reading import Reading
from codeassist.verifying.rules import (
    activations,
    flow,
    growth,
    loops,
    objects,
    points,
    purity,
    reach,
    roles,
    steps,
    universal,
)

RULES: dict[str, Callable[[Case], Finding]] = {
    "value": points.value, "type": points.type_, "sequence": loops.sequence, "delta": steps.delta,
    "branch": steps.branch, "next": steps.next_, "executes": steps.executes, "iterations": loops.iterations,
    "exit_by": loops.exit_by, "returns": activations.returns, "yields": activations.yields,
    "raises": activations.raises, "prints": activations.prints, "calls": activations.calls,
    "call_args": activations.call_args, "depth": activations.depth, "mutates": objects.mutates,
    "aliases": objects.aliases, "depends": flow.depends, "invariant": universal.invariant,
    "variant": universal.variant, "pre": universal.pre, "post": universal.post,
    "equivalent": universal.equivalent, "unreachable": reach.unreachable, "role": roles.role,
}  # fmt: skip
"""kind -> the rule that decides it by one run"""


def judge(
    claims: Sequence[Claim],
    traces: Sequence[Trace],
    modules: Mapping[str, Module],
    *,
    runner: Runner | None = None,
    budget: Budget | None = None,
    oracles: growth.Oracles | None = None,
) -> list[Verdict]:
    """One verdict for each claim, in order.

    `traces[0]` is the run being explained; `modules` maps paths as the traces name them to facts.
    `runner` serves the kinds that need further runs (pure), within `budget`; `oracles` holds what
    evidence knows: `complexity` (claim, part -> Growth) and `algorithm` (claim -> Recognition).
    A verdict about every run says how many runs it held on, never that it is proved.
    """
    court = Court(traces, modules, runner, budget or Budget(), oracles or {})
    return [court.verdict(claim) for claim in claims]


class Court:
    """Readings of some traces, made when the first claim needs them, kept for the next."""

    def __init__(
        self,
        traces: Sequence[Trace],
        modules: Mapping[str, Module],
        runner: Runner | None = None,
        budget: Budget | None = None,
        oracles: growth.Oracles | None = None,
    ) -> None:
        self.traces, self.modules = traces, modules
        self.runner, self.budget, self.oracles = runner, budget or Budget(), oracles or {}
        self._readings: dict[int, Reading] = {}

    def verdict(self, claim: Claim) -> Verdict:
        """Decide one claim; whatever it holds, the answer is a verdict."""
        try:
            fields = checked(claim)
            return self._judged(claim, fields)
        except Refuted as error:
            return _verdict(claim, error.finding, None)
        except _GIVEN_UP as error:
            return Verdict(claim.id, UNCHECKED, reason_of(error))

    def _judged(self, claim: Claim, fields: Mapping[str, Any]) -> Verdict:
        if claim.kind == "complexity":
            return _verdict(claim, growth.complexity(claim, fields, self.oracles), None)
        if claim.kind == "algorithm":
            return _verdict(claim, growth.algorithm(claim, fields, self.oracles), None)
        numbers = self._scope(claim)
        answers = [(number, self._one(claim, fields, number)) for number in numbers]
        return _together(claim, answers)

    def _scope(self, claim: Claim) -> list[int]:
        """Numbers of the runs that the claim speaks of."""
        if not self.traces:
            raise Unchecked("not-run")
        if claim.scope == "all" or claim.kind == "unreachable":
            return list(range(len(self.traces)))
        number = claim.scope["run"] if claim.scope else 0
        if number >= len(self.traces):
            raise Unchecked("not-run")
        return [number]

    def _one(self, claim: Claim, fields: Mapping[str, Any], number: int) -> Finding | Unchecked:
        """The finding of one run, or why there is none."""
        try:
            reading = self.reading(number)
            case = Case(fields, self._path(claim, reading), reading, Allowance())
            if claim.kind == "pure":
                return purity.pure(case, lambda: self._again(number))
            return RULES[claim.kind](case)
        except Refuted as error:
            return error.finding
        except _GIVEN_UP as error:
            return Unchecked(reason_of(error))

    def reading(self, number: int) -> Reading:
        """The reading of one trace."""
        if number not in self._readings:
            self._readings[number] = Reading(self.traces[number], self.modules, number)
        return self._readings[number]

    def _path(self, claim: Claim, reading: Reading) -> str:
        """The file that the claim is about: its own, or the target's."""
        if claim.path and claim.path not in self.modules:
            tails = [path for path in self.modules if path.endswith("/" + claim.path.lstrip("./"))]
            return tails[0] if len(tails) == 1 else claim.path
        return claim.path or reading.trace.header.run.path

    def _again(self, number: int) -> bool | None:
        """Whether the same run ends in the same way a second time; None when it cannot be repeated."""
        if self.runner is None:
            return None
        first = self.traces[number].header
        second = next(iter(self.runner.run([first.run], self.budget)), None)
        if second is None:
            return None
        one, two = first.outcome, second.header.outcome
        if one.kind != two.kind or one.kind not in ("returned", "raised"):
            return one.kind == two.kind and None
        if one.kind == "raised":
            return (one.exception and one.exception.cls) == (two.exception and two.exception.cls)
        different = differs(one.result, two.result)
        return None if different is None else not different


_GIVEN_UP = (Unchecked, Impure, OpaqueValue, TooExpensive, FirstArrival, RecursionError, MemoryError)


def reason_of(error: BaseException) -> str:
    """The reason of claims.md for whatever stopped a rule."""
    if isinstance(error, Unchecked):
        return error.reason
    if isinstance(error, Impure):
        return "impure-expression"
    return "opaque" if isinstance(error, (OpaqueValue, FirstArrival)) else "too-expensive"


def _together(claim: Claim, answers: Sequence[tuple[int, Finding | Unchecked]]) -> Verdict:
    """One verdict for all runs of the scope: one refutation is enough, one doubt leaves it open."""
    reached = [(n, a) for n, a in answers if not _absent(a)] or list(answers)
    for number, answer in reached:
        if isinstance(answer, Finding) and not answer.verified:
            return _verdict(claim, answer, number, runs=len(reached))
    for _, answer in reached:
        if isinstance(answer, Unchecked):
            return Verdict(claim.id, UNCHECKED, answer.reason)
    number, first = reached[0]
    assert isinstance(first, Finding)  # the others have returned above
    runs = len(reached) if len(answers) > 1 else first.runs
    return _verdict(claim, first, number, runs=runs, many=len(answers) > 1)


def _absent(answer: Finding | Unchecked) -> bool:
    return isinstance(answer, Unchecked) and answer.reason == "not-reached"


def _verdict(
    claim: Claim, finding: Finding, number: int | None, *, runs: int = 0, many: bool = False
) -> Verdict:
    universal_ = claim.kind in UNIVERSAL or many
    reason = "held" if many and finding.verified and finding.reason == "decided" else finding.reason
    if finding.reason == "supported":
        reason = "supported"
    status = VERIFIED if finding.verified else REFUTED
    exhaustive = not (universal_ and finding.verified) and reason not in ("held", "supported")
    state = {name: str(value) for name, value in finding.state.items()}
    witness = Witness(number, finding.step, finding.line, state)
    return Verdict(claim.id, status, reason, runs or finding.runs, exhaustive, witness, finding.actual)
