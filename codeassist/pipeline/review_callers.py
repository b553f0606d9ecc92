"""Callers of a function whose signature changed or that went away, in files that did not change too."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from codeassist import targets as naming
from codeassist.messages import catalogue
from codeassist.records.errors import CodeassistError
from codeassist.records.program import CallGraph, CallSite, Function, Module
from codeassist.records.report import Finding
from codeassist.reviewing.changes import Comparison
from codeassist.reviewing.findings import RULES
from codeassist.reviewing.repository import ChangeSet
from codeassist.reviewing.signatures import problem, shape

if TYPE_CHECKING:
    from codeassist.pipeline.session import Session

_LEVEL = RULES["breaks-caller"]
MOST_FILES = 300
"""files that mention a changed name and are read for their calls"""


def broken_callers(change: ChangeSet, comparisons: Sequence[Comparison], opened: Session) -> list[Finding]:
    """Call sites that fitted the old signature and do not fit the new one, or call what is gone."""
    moved = [c for item in comparisons for c in item.changed if c.is_signature_new]
    gone = [f for item in comparisons for f in item.removed]
    names = (
        {c.old.name for c in moved}
        | {f.name for f in gone}
        | {_owner(c.old) for c in moved if c.old.name == "__init__"}
    )
    if not names:
        return []
    modules = _mentioning(change, names)
    graph = _graph(change, modules)
    lang = opened.settings["lang"]
    found = [f for c in moved for f in _misfits(c.old, c.new, modules, graph, lang)]
    kept = {
        (f.id.path, f.name) for item in comparisons for f in (*item.added, *(c.new for c in item.changed))
    }
    for function in gone:
        if (function.id.path, function.name) not in kept:
            found += _orphans(function, modules, lang)
    return found


def _owner(function: Function) -> str:
    return function.parent.rpartition(".")[2]


def _mentioning(change: ChangeSet, names: set[str]) -> list[Module]:
    """Facts of every file of the new side that mentions one of the names."""
    from codeassist import parsing

    result: list[Module] = []
    changed = {file.new_path: file.new for file in change.files if file.new is not None}
    for path in dict.fromkeys([*changed, *sorted(naming.files_below(change.root, (".py",)))]):
        text = changed.get(path) or change.new_overlay.get(path) or _read(path)
        if not any(name in text for name in names) or not path.endswith(".py"):
            continue
        try:
            result.append(parsing.parse(parsing.read_source(path, text)))
        except CodeassistError:
            continue
        if len(result) >= MOST_FILES:
            break
    return result


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read(1 << 21)
    except OSError:
        return ""


def _graph(change: ChangeSet, modules: Sequence[Module]) -> CallGraph:
    from codeassist import callgraph

    return callgraph.solve(modules, change.root)


def _misfits(
    old: Function, new: Function, modules: Sequence[Module], graph: CallGraph, lang: str
) -> Iterator[Finding]:
    """Calls of `new` that its signature cannot take, though the old one could."""
    say = catalogue(lang)
    names = {name for name, id in graph.functions.items() if id == new.id}
    is_method = new.kind in ("method", "class-method")
    for module, site in _sites(modules, graph, names, new):
        given = shape(site.arguments, site.callee)
        if given is None:
            continue
        bound = is_method and ("." in site.callee or new.name == "__init__")
        bound = bound and not site.callee.startswith(f"{_owner(new)}.") or new.kind == "class-method"
        now = problem(new, given, bound)
        if now and not problem(old, given, bound):
            words = say("review.caller", call=f"`{given.text}`", function=new.id.qualname, why=now)
            shown = {"call": given.text, "old": "fits the signature", "new": f"TypeError: {new.name}() {now}"}
            yield _at(site, module, words, shown)


def _sites(
    modules: Sequence[Module], graph: CallGraph, names: set[str], function: Function
) -> Iterator[tuple[Module, CallSite]]:
    """Call sites that the graph leads to the function, none guessed."""
    sure = {
        (edge.path, edge.line)
        for edge in graph.edges
        if edge.callee in names and edge.resolution in ("static", "both") and edge.confidence >= 0.99
    }
    wanted = _owner(function) if function.name == "__init__" else function.name
    for module in modules:
        for site in module.call_sites:
            if site.callee.rpartition(".")[2] == wanted and (module.source.path, site.span.line) in sure:
                yield module, site


def _orphans(function: Function, modules: Sequence[Module], lang: str) -> Iterator[Finding]:
    """Calls and imports of a function that is no longer there."""
    say = catalogue(lang)
    for module in modules:
        lines = dict(_uses(function, module))
        for line, text in lines.items():
            words = say("review.gone", call=f"`{text}`", function=function.id.qualname)
            source = module.source.lines[line - 1]
            shown = {"call": text, "old": "is there", "new": "is gone"}
            yield Finding(
                "breaks-caller", _LEVEL, words, module.source.path, line, "<module>", True, shown,
                len(source) - len(source.lstrip()), line, len(source),
            )  # fmt: skip


def _uses(function: Function, module: Module) -> Iterator[tuple[int, str]]:
    """(line, text) of imports of the function by name, and of calls in its own file."""
    stem = os.path.splitext(os.path.basename(function.id.path))[0]
    known = {f.name for f in module.functions if f.parent == "<module>"} | {i.name for i in module.imports}
    for found in module.imports:
        if found.member == function.name and found.module.rpartition(".")[2] in (
            stem,
            _package(function.id.path),
        ):
            yield found.line, f"from {'.' * found.level}{found.module} import {found.member}"
    if module.source.path == function.id.path and function.name not in known:
        for site in module.call_sites:
            if site.callee == function.name:
                yield site.span.line, f"{site.callee}({', '.join(site.arguments)})"
    aliases = {i.name for i in module.imports if not i.member and i.module.rpartition(".")[2] == stem}
    aliases |= {i.name for i in module.imports if i.member == stem}
    for site in module.call_sites:
        head, _, last = site.callee.rpartition(".")
        if last == function.name and head in aliases:
            yield site.span.line, f"{site.callee}({', '.join(site.arguments)})"


def _package(path: str) -> str:
    return os.path.basename(os.path.dirname(path))


def _at(site: CallSite, module: Module, words: str, shown: Mapping[str, str]) -> Finding:
    span = site.span
    return Finding(
        "breaks-caller", _LEVEL, words, module.source.path, span.line, site.function, True, shown,
        span.column, span.end_line, span.end_column,
    )  # fmt: skip
