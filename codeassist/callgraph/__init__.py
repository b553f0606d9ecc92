"""Facts -> CallGraph."""

from __future__ import annotations

from collections.abc import Sequence

from codeassist.callgraph.assembling import assemble
from codeassist.callgraph.completing import complete
from codeassist.callgraph.loading import load
from codeassist.callgraph.naming import PYCG, module_name, rename
from codeassist.callgraph.selecting import select
from codeassist.callgraph.units import units_of
from codeassist.records.program import CallGraph, Module

__all__ = ["PYCG", "module_name", "rename", "select", "solve"]


def solve(modules: Sequence[Module], root: str) -> CallGraph:
    """Who calls whom, for every function of `modules`; names are relative to the folder `root`.

    Modules without a flow (other languages) are left out. The result does not depend on the order
    of `modules`; a call that could not be resolved is kept as such.
    """
    units = units_of(modules, root)
    solver = load(units)
    complete(solver, units)
    return assemble(solver, units, modules)
