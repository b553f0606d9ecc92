"""Gathers all that is known about one function from its traces, and from runs proposed to know more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from codeassist.evidence import breaking
from codeassist.evidence.algorithms import SECONDS, recognise
from codeassist.evidence.cases import UNKNOWN, arguments, cases, edge_cases
from codeassist.evidence.complexity import measure
from codeassist.evidence.facts import Facts, facts
from codeassist.evidence.fresh import fresh, needs
from codeassist.evidence.invariants import invariants
from codeassist.records.evidence import Case, Evidence
from codeassist.records.program import CallGraph, Function, Module
from codeassist.records.run import Budget, Runner
from codeassist.records.trace import Trace


def gather(
    module: Module,
    function: Function,
    traces: Sequence[Trace],
    runner: Runner,
    budget: Budget,
    graph: CallGraph | None = None,
) -> Evidence:
    """Facts with the runs behind them; `traces[0]` is the run being explained.

    Runs made here, scaled or fresh, go through `runner` and stay within `budget`.
    """
    wanted, probes = needs(function, traces, runner, budget)
    allowed = Budget(min(breaking.SECONDS, budget.seconds))
    first = len(traces) + len(probes)
    unkept, shown = breaking.broken(module, function, traces, runner, allowed, first)
    probes += shown
    found = cases([*traces, *probes])
    known = facts(function, traces)
    calls = [t.header.run.call for t in traces if t.header.run.call and not t.header.run.setup]
    growth = measure(module, function, _telling(calls), runner, budget) if calls else None
    return Evidence(
        function=function.id,
        runs=(*traces, *probes),
        cases=found,
        line_counts=dict(known.line_counts),
        reached=frozenset(known.reached),
        edge_cases=edge_cases(found),
        complexity=growth,
        invariants=invariants(module, function, traces, lambda: fresh(function, traces, runner, budget)),
        preconditions=tuple(wanted),
        broken=tuple(unkept),
        mutated=known.mutated,
        parameter_types={name: tuple(types) for name, types in known.parameter_types.items()},
        result_types=tuple(known.result_types),
        raised=known.raised,
        recognition=recognise(
            module, function, runner, Budget(min(SECONDS, budget.seconds)), example(traces)
        ),
        limits=_limits(function, traces, found, known),
    )


def example(traces: Sequence[Trace]) -> list[Any]:
    """The literal arguments of the first call that returned; empty where one is no literal."""
    calls = (t.header.run.call for t in traces if t.header.outcome.kind == "returned")
    given = list(arguments(next(calls, "")))
    return [] if UNKNOWN in given else given


def _telling(calls: Sequence[str]) -> list[str]:
    """Calls to scale up: the run being explained, then longer ones, from which more of a pattern is seen."""
    return [*calls[:1], *sorted(calls[1:], key=len, reverse=True)[:2]]


def _limits(
    function: Function, traces: Sequence[Trace], found: Sequence[Case], known: Facts
) -> tuple[str, ...]:
    """What was not run and why, in words."""
    if not traces:
        return ("no input was found with which it runs",)
    limits = []
    missed = sorted(set(function.body_lines) - known.reached)
    if missed and known.reached:
        limits.append("not reached: line " + ", ".join(map(str, missed)))
    cut = [case for case in found if case.kind not in ("returned", "raised")]
    if cut:
        limits.append(f"{len(cut)} of {len(found)} runs were cut off")
    return tuple(limits)
