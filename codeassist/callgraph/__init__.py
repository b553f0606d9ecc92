"""Facts -> CallGraph."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from codeassist.callgraph.assembling import assemble
from codeassist.callgraph.completing import complete
from codeassist.callgraph.exporting import to_networkx
from codeassist.callgraph.loading import load
from codeassist.callgraph.naming import PYCG, module_name, name_in, rename
from codeassist.callgraph.scoped import solve_scoped
from codeassist.callgraph.selecting import by_distance, resolve, select
from codeassist.callgraph.units import imported_files, units_of
from codeassist.records.program import CallGraph, Module, Notice

__all__ = [
    "PYCG",
    "by_distance",
    "imported_files",
    "module_name",
    "name_in",
    "rename",
    "resolve",
    "select",
    "solve",
    "to_networkx",
    "with_notices",
]


def solve(modules: Sequence[Module], root: str) -> CallGraph:
    """Who calls whom, for every function of `modules`; names are relative to the folder `root`.

    Modules of languages without a flow are resolved by scope, import and declared type. The result
    does not depend on the order of `modules`; a call that could not be resolved is kept as such.
    """
    flowing = [module for module in modules if module.flow is not None]
    others = [module for module in modules if module.scoping is not None]
    graph = _solve_flows(flowing, root)
    return _joined(graph, solve_scoped(others, root)) if others else graph


def _solve_flows(modules: Sequence[Module], root: str) -> CallGraph:
    with _no_collection():
        units = units_of(modules, root)
        solver = load(units)
        complete(solver, units)
        return assemble(solver, units, modules)


def _joined(first: CallGraph, second: CallGraph) -> CallGraph:
    edges = sorted((*first.edges, *second.edges), key=lambda edge: (edge.caller, edge.callee))
    return CallGraph(
        dict(sorted({**second.functions, **first.functions}.items())),
        tuple(edges),
        (*first.unresolved, *second.unresolved),
        (*first.notices, *second.notices),
    )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of objects are made and none is garbage: looking for some would take most of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def with_notices(graph: CallGraph, notices: Sequence[Notice]) -> CallGraph:
    """The graph with what could not be read beside it."""
    return replace(graph, notices=(*graph.notices, *notices))
