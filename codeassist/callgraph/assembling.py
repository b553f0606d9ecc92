"""From what the solver found to a CallGraph: edges, guesses by unique name, and what stays open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codeassist.callgraph.modules import Unit
from codeassist.callgraph.solver import Site, Solver
from codeassist.callgraph.values import Body
from codeassist.records.location import FunctionId, Span
from codeassist.records.program import CallEdge, CallGraph, CallSite, Module, Notice, Source

UNIQUE_NAME = 0.4
"""confidence of a call resolved only because one class of the target has a method of that name"""

COMMON = frozenset(
    """add append clear close copy count decode encode endswith extend find format get index insert items join
    keys lower next open pop popitem put read remove replace reverse run seek send set setdefault sort split
    start startswith stop strip sub update upper values wait write match search group group""".split()
)
"""method names that objects from outside the target have too: never guessed"""

Key = tuple[str, str]


def assemble(s: Solver, units: Iterable[Unit], modules: Sequence[Module]) -> CallGraph:
    """The finished graph, sorted."""
    functions = _functions(s)
    edges: dict[Key, CallEdge] = {}
    open_sites: list[Site] = []
    for site in s.sites:
        _take(site, edges)
        if not site.targets and not site.is_hidden and not site.is_reached:
            open_sites.append(site)
    unresolved = _guess(s, open_sites, edges, modules)
    ordered = tuple(edges[key] for key in sorted(edges))
    notices = [notice for module in modules for notice in module.notices]
    if s.is_cut:
        notices.append(Notice("graph-cut", "the call graph is not complete: solving it took too long"))
    return CallGraph(dict(sorted(functions.items())), ordered, unresolved, tuple(notices))


def _functions(s: Solver) -> dict[str, FunctionId]:
    found = {}
    for unit in s.units.values():
        for scope in unit.flow.scopes:
            if scope.kind == "module":
                found[unit.name] = FunctionId(unit.path, "<module>")
            elif scope.kind != "class":
                found[f"{unit.name}.{scope.qualname}"] = FunctionId(unit.path, scope.qualname)
    return found


def _take(site: Site, edges: dict[Key, CallEdge]) -> None:
    inside = sum(site.targets.values())
    for name, is_inside in site.targets.items():
        if not is_inside:
            resolution, confidence = "external", 1.0
        elif inside > 1:
            resolution, confidence = "ambiguous", max(round(1 / inside, 2), 0.5)
        else:
            resolution, confidence = "static", 1.0
        _keep(edges, _edge(site, name, resolution, confidence))


def _edge(site: Site, callee: str, resolution: str, confidence: float) -> CallEdge:
    body = site.body
    return CallEdge(body.name, callee, body.unit.path, site.place[0], resolution, confidence)


def _keep(edges: dict[Key, CallEdge], edge: CallEdge) -> None:
    """The surest site of a pair stands for it, the first of equals."""
    key = (edge.caller, edge.callee)
    known = edges.get(key)
    if known is None or (-edge.confidence, edge.line) < (-known.confidence, known.line):
        edges[key] = edge


def _guess(
    s: Solver, sites: list[Site], edges: dict[Key, CallEdge], modules: Sequence[Module]
) -> tuple[CallSite, ...]:
    """Methods that only one class defines; the other sites stay open."""
    methods = _methods(s)
    sources = {module.source.path: module.source for module in modules}
    unresolved: dict[tuple[str, Span], CallSite] = {}
    for site in sites:
        named = methods.get(site.method, ()) if site.method not in COMMON else ()
        if len(named) == 1:
            _keep(edges, _edge(site, named[0].name, "ambiguous", UNIQUE_NAME))
            continue
        open_site = _open(site, sources[site.body.unit.path])
        unresolved.setdefault((open_site.path, open_site.span), open_site)
    return tuple(unresolved[key] for key in sorted(unresolved))


def _methods(s: Solver) -> dict[str, list[Body]]:
    methods: dict[str, list[Body]] = {}
    for cls in s.classes:
        for body in cls.methods:
            name = body.qualname.rpartition(".")[2]
            if not (name.startswith("__") and name.endswith("__")):
                methods.setdefault(name, []).append(body)
    return methods


def _open(site: Site, source: Source) -> CallSite:
    line, column, end_line, end_column = site.place
    text = source.lines[line - 1] if line <= len(source.lines) else ""
    last = source.lines[end_line - 1] if end_line <= len(source.lines) else ""
    start = len(text.encode()[:column].decode("utf-8", "replace"))
    end = len(last.encode()[:end_column].decode("utf-8", "replace"))
    shown = text[start : end if line == end_line else None]
    span = Span(line, start, end_line, end)
    return CallSite(site.body.qualname, span, _callee(shown), path=source.path)


def _callee(text: str) -> str:
    """The part of a call's text before its arguments, as far as it stands on the first line."""
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        depth += (text[index] in ")]}") - (text[index] in "([{")
        if depth == 0 and text[index] == "(":
            return text[:index]
    return text.partition("(")[0]
