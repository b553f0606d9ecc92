"""A file or folder at a glance: purpose, entry points, reading order with one line per function."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from codeassist.records.program import CallGraph, Function, Module
from codeassist.records.report import Explanation, Overview, OverviewEntry

Name = str


def overview(
    title: str,
    modules: Sequence[Module],
    jobs: Sequence[tuple[Module, Function]],
    explanations: Sequence[Explanation],
    graph: CallGraph,
) -> Overview:
    """What a reader wants first. `jobs` are all functions; those explained bring their summary line."""
    names = {str(identity): name for name, identity in graph.functions.items()}
    functions = {names.get(str(f.id), str(f.id)): f for _, f in jobs}
    calls = _calls(graph, functions)
    summaries = {str(e.function): e.summary.text for e in explanations}
    order = reading_order(functions, calls)
    entries = tuple(_entry(functions[name], summaries) for name in order)
    return Overview(title, purpose(modules), entry_points(functions, calls, modules), entries, graph)


def purpose(modules: Sequence[Module]) -> str:
    """The first sentence of the package's or only module's docstring; empty when there is none."""
    heads = [m for m in modules if Path(m.source.path).name == "__init__.py"] or list(modules)
    first = min(heads, key=lambda m: (len(Path(m.source.path).parts), m.source.path), default=None)
    if first is None or (len(modules) > 1 and not first.source.path.endswith("__init__.py")):
        return ""
    return first_sentence(first.docstring)


def first_sentence(text: str) -> str:
    """The first paragraph's first sentence, on one line."""
    paragraph = " ".join(text.strip().split("\n\n")[0].split())
    head, stop, _ = paragraph.partition(". ")
    return head + "." if stop else paragraph


def entry_points(
    functions: Mapping[Name, Function], calls: Mapping[Name, set[Name]], modules: Sequence[Module]
) -> tuple[str, ...]:
    """Functions that nothing inside calls, public ones first; a script's main guard counts."""
    called = {callee for caller, found in calls.items() for callee in found if callee != caller}
    free = [f for name, f in functions.items() if name not in called and not _is_private(f)]
    guards = [f"{Path(m.source.path).name} (run as a script)" for m in modules if m.has_main_guard]
    return (*guards, *(f.id.qualname for f in free))


def _is_private(function: Function) -> bool:
    return function.name.startswith("_")


def reading_order(functions: Mapping[Name, Function], calls: Mapping[Name, set[Name]]) -> list[Name]:
    """Callees before callers; among those that are ready, in source order."""
    order: list[Name] = []
    seen: set[Name] = set()
    for start in sorted(functions, key=lambda name: _place(functions[name])):
        _visit(start, functions, calls, seen, order)
    return order


def _visit(
    start: Name,
    functions: Mapping[Name, Function],
    calls: Mapping[Name, set[Name]],
    seen: set[Name],
    order: list[Name],
) -> None:
    """Depth first with a stack of our own: a call chain may be longer than Python's."""
    if start in seen:
        return
    seen.add(start)
    stack = [(start, _callees(start, functions, calls))]
    while stack:
        _name, rest = stack[-1]
        following = next((callee for callee in rest if callee not in seen), None)
        if following is None:
            order.append(stack.pop()[0])
        else:
            seen.add(following)
            stack.append((following, _callees(following, functions, calls)))


def _callees(
    name: Name, functions: Mapping[Name, Function], calls: Mapping[Name, set[Name]]
) -> Iterable[Name]:
    return iter(sorted(calls.get(name, ()), key=lambda callee: _place(functions[callee])))


def _place(function: Function) -> tuple[str, int]:
    return function.id.path, function.span.line


def _calls(graph: CallGraph, functions: Mapping[Name, Function]) -> dict[Name, set[Name]]:
    found: dict[Name, set[Name]] = defaultdict(set)
    for edge in graph.edges:
        if edge.caller in functions and edge.callee in functions:
            found[edge.caller].add(edge.callee)
    return found


def _entry(function: Function, summaries: Mapping[str, str]) -> OverviewEntry:
    text = summaries.get(str(function.id)) or first_sentence(function.docstring)
    return OverviewEntry(function.id, function.span.line, text)


def weights(functions: Sequence[Function], graph: CallGraph) -> dict[str, float]:
    """Importance by FunctionId text: size of the body, how many call it and how many it calls."""
    names = {str(identity): name for name, identity in graph.functions.items()}
    named = {names.get(str(f.id), str(f.id)): f for f in functions}
    calls = _calls(graph, named)
    callers = Counter(callee for found in calls.values() for callee in found)
    return {
        str(f.id): len(f.body_lines) + 3.0 * callers[name] + 2.0 * len(calls.get(name, ()))
        for name, f in named.items()
    }
