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
from codeassist.callgraph.selecting import select
from codeassist.callgraph.units import imported_files, units_of
from codeassist.records.program import CallGraph, Module, Notice

__all__ = [
    "PYCG",
    "imported_files",
    "module_name",
    "name_in",
    "rename",
    "select",
    "solve",
    "to_networkx",
    "with_notices",
]


def solve(modules: Sequence[Module], root: str) -> CallGraph:
    """Who calls whom, for every function of `modules`; names are relative to the folder `root`.

    Modules without a flow (other languages) are left out. The result does not depend on the order
    of `modules`; a call that could not be resolved is kept as such.
    """
    with _no_collection():
        units = units_of(modules, root)
        solver = load(units)
        complete(solver, units)
        return assemble(solver, units, modules)


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
