"""Gathers all that is known about one function from its traces, and from runs proposed to know more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from codeassist.evidence import breaking
from codeassist.evidence.algorithms import SECONDS, needed_order, recognise
from codeassist.evidence.cases import UNKNOWN, arguments, case_of, cases, edge_cases
from codeassist.evidence.complexity import measure
from codeassist.evidence.facts import Facts, facts
from codeassist.evidence.fresh import Need, fresh, needs
from codeassist.evidence.invariants import invariants
from codeassist.records.evidence import Case, Evidence, Recognition
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
    known = recognise(module, function, runner, Budget(min(SECONDS, budget.seconds)), example(traces))
    for need, probe in _ordered(module, function, known, [*traces, *probes], runner, budget):
        wanted.append(need)
        probes.append(probe)
    allowed = Budget(min(breaking.SECONDS, budget.seconds))
    first = len(traces) + len(probes)
    unkept, shown = breaking.broken(module, function, traces, runner, allowed, first)
    probes += shown
    found = cases([*traces, *probes])
    seen = facts(function, traces)
    calls = [t.header.run.call for t in traces if t.header.run.call and not t.header.run.setup]
    growth = measure(module, function, _telling(calls), runner, budget) if calls else None
    return Evidence(
        function=function.id,
        runs=(*traces, *probes),
        cases=found,
        line_counts=dict(seen.line_counts),
        reached=frozenset(seen.reached),
        edge_cases=edge_cases(found),
        complexity=growth,
        invariants=invariants(module, function, traces, lambda: fresh(function, traces, runner, budget)),
        preconditions=tuple(wanted),
        broken=tuple(unkept),
        mutated=seen.mutated,
        parameter_types={name: tuple(types) for name, types in seen.parameter_types.items()},
        result_types=tuple(seen.result_types),
        raised=seen.raised,
        recognition=known,
        limits=_limits(function, traces, found, seen),
    )


def _ordered(
    module: Module,
    function: Function,
    known: Recognition,
    before: Sequence[Trace],
    runner: Runner,
    budget: Budget,
) -> Iterator[tuple[Need, Trace]]:
    """That a search needs its list sorted, with the run in which it misses what is there."""
    found = needed_order(module, function, known, runner, Budget(min(1.0, budget.seconds)))
    if found is None or not before:
        return
    name, call = found
    run = replace(before[0].header.run, call=call, setup=(), origin="probe")
    for trace in runner.run([run], budget):
        if trace.header.outcome.kind in ("returned", "raised"):
            yield Need(f"{name} == sorted({name})", case_of(len(before), trace)), trace


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
