"""Parts of a call graph: what is reached from a function, who reaches it, only what lies inside."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import replace

from codeassist.records.errors import UsageError
from codeassist.records.program import CallEdge, CallGraph


def select(
    graph: CallGraph,
    *,
    root: str = "",
    depth: int | None = None,
    callers: bool = False,
    internal_only: bool = False,
) -> CallGraph:
    """The part within `depth` calls of the function `root` (against the calls with `callers`).

    UsageError, with near names, when the target has no such function.
    """
    if internal_only:
        graph = replace(graph, edges=tuple(e for e in graph.edges if e.callee in graph.functions))
    if not root:
        return graph
    start = resolve(graph, root)
    kept, reached = _reached(graph.edges, start, depth, callers)
    functions = {name: identity for name, identity in graph.functions.items() if name in reached}
    bodies = {(identity.path, identity.qualname) for identity in functions.values()}
    unresolved = tuple(site for site in graph.unresolved if (site.path, site.function) in bodies)
    return replace(graph, functions=functions, edges=tuple(kept), unresolved=unresolved)


def resolve(graph: CallGraph, name: str) -> str:
    """The graph name that `name` means: exact, or the only one that ends in it."""
    own = [known for known, identity in graph.functions.items() if identity.qualname == name]
    if len(own) == 1:  # before a module of that name
        return own[0]
    if name in graph.functions:
        return name
    ending = [known for known in graph.functions if known.endswith(f".{name}")]
    if len(ending) == 1:
        return ending[0]
    near = ending[:3] or difflib.get_close_matches(name, list(graph.functions), 3, 0.4)
    problem = "several functions are" if ending else "no function is"
    hint = "did you mean " + " or ".join(near) + "?" if near else ""
    raise UsageError(f"{problem} called {name!r}", hint=hint, slug="unknown-function")


def _reached(
    edges: Iterable[CallEdge], start: str, depth: int | None, callers: bool
) -> tuple[list[CallEdge], set[str]]:
    following: dict[str, list[CallEdge]] = {}
    for edge in edges:
        following.setdefault(edge.callee if callers else edge.caller, []).append(edge)
    reached, level, kept = {start}, [start], []
    steps = 0
    while level and (depth is None or steps < depth):
        found = [edge for name in level for edge in following.get(name, ())]
        kept.extend(found)
        ends = dict.fromkeys(edge.caller if callers else edge.callee for edge in found)
        level = [name for name in ends if name not in reached]
        reached.update(level)
        steps += 1
    return sorted(set(kept), key=lambda edge: (edge.caller, edge.callee)), reached


def by_distance(graph: CallGraph, start: str) -> list[str]:
    """Functions of the target by their distance from `start`, nearest first; callees before callers."""
    if start not in graph.functions:
        return []
    after: dict[str, list[str]] = {}
    before: dict[str, list[str]] = {}
    for edge in graph.edges:
        after.setdefault(edge.caller, []).append(edge.callee)
        before.setdefault(edge.callee, []).append(edge.caller)
    seen, level = {start: None}, [start]
    while level:
        found = [n for table in (after, before) for name in level for n in sorted(table.get(name, ()))]
        level = [name for name in dict.fromkeys(found) if name in graph.functions and name not in seen]
        seen.update(dict.fromkeys(level))
    return list(seen)[1:]
