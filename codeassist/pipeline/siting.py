"""The hall's way to a site: a folder -> modules explained one by one -> pages; the unchanged is kept."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeassist import __version__
from codeassist import targets as naming
from codeassist.cache import digest
from codeassist.pipeline.explaining import explain
from codeassist.pipeline.graphing import GraphOptions, read_one, whole
from codeassist.pipeline.leaving import safe_text
from codeassist.pipeline.spreading import executor
from codeassist.records.errors import CodeassistError, UsageError
from codeassist.records.program import CallGraph, Module, Notice
from codeassist.records.report import Explanation
from codeassist.records.site import FunctionPart, ModulePart, Site

if TYPE_CHECKING:
    from codeassist.pipeline.session import ExplainOptions, Progress, Session

PARTS = ".codeassist"
"""folder inside the site that holds what was explained, by module"""
FORMAT = 1
OUTSIDE = ("jobs", "cluster", "cache", "cache_dir")
"""settings that do not change what is said"""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a site."""

    pages: int
    explained: int
    """modules explained now; the others were as they had been"""
    modules: int
    interrupted: bool
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Task:
    """One module that is to be explained: plain data, so that another process can do it."""

    path: str
    name: str
    relative: str
    key: str
    flags: Mapping[str, Any]
    options: ExplainOptions


def site(
    folder: str, output: str, opened: Session, options: ExplainOptions, progress: Progress | None = None
) -> Written:
    """Write a site about every module below `folder` into the folder `output`.

    Raises UsageError for a target that is no folder, and for an output folder that holds something else.
    """
    root, place = Path(folder).resolve(), _prepared(Path(output))
    tasks, notices = _tasks(root, opened, options)
    kept = {task.path: part for task in tasks if (part := _read(place, task)) is not None}
    waiting = [task for task in tasks if task.path not in kept]
    interrupted = False
    try:
        for number, (task, part) in enumerate(_explained(waiting, opened)):
            _keep(place, part)
            kept[task.path] = part
            if progress:
                progress(number, len(waiting), task.relative)
    except KeyboardInterrupt:
        interrupted = True
    parts = [kept[task.path] for task in tasks if task.path in kept]
    pages = _pages(place, root, parts, len(tasks) - len(parts), opened)
    told = tuple(f"{notice.path}: {notice.message}" for notice in notices)
    return Written(pages, sum(t.path in kept for t in waiting), len(tasks), interrupted, told)


def _prepared(place: Path) -> Path:
    """The output folder; one that holds files of somebody else is left alone."""
    try:
        if place.exists() and not (place / PARTS).is_dir() and any(place.iterdir()):
            raise UsageError(f"{place} holds other files", hint="name an empty or a new folder")
        (place / PARTS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {place}: {error.strerror}", hint="choose another --output") from None
    return place


def _tasks(root: Path, opened: Session, options: ExplainOptions) -> tuple[list[_Task], list[Notice]]:
    if not root.is_dir():
        raise UsageError(f"{root} is no folder", hint="a site is about a folder; name a .html file otherwise")
    modules: dict[str, Module] = {}
    notices = []
    for target in naming.resolve([str(root)]):
        found = read_one(target.path)
        if isinstance(found, Notice):
            notices.append(found)
        else:
            modules[target.path] = found
    imported = _imports(modules, str(root))
    settings = {n: v for n, v in opened.settings.values.items() if n not in OUTSIDE}
    origins = opened.settings.origins
    given = {n: v for n, v in opened.settings.values.items() if origins[n] == "flag"}
    flags = {**given, "jobs": 1, "cluster": ""}  # a worker begins no workers of its own
    base = [str(FORMAT), __version__, repr(sorted(settings.items())), repr(options)]
    tasks = []
    for path in modules:
        key = digest([*base, *(modules[p].source.digest for p in sorted(_reached(path, imported)))])
        relative = Path(path).relative_to(root).as_posix()
        tasks.append(_Task(path, module_name(relative), relative, key, flags, options))
    return tasks, notices


def module_name(relative: str) -> str:
    """`pkg/mod.py` -> `pkg.mod`, `pkg/__init__.py` -> `pkg`."""
    name = relative.removesuffix(".py").replace("/", ".")
    return name.removesuffix(".__init__") or name


def _imports(modules: Mapping[str, Module], root: str) -> dict[str, set[str]]:
    """Path -> paths that it imports, of those below the root."""
    from codeassist import callgraph

    return {
        path: {found for found in callgraph.imported_files(module, root) if found in modules}
        for path, module in modules.items()
    }


def _reached(path: str, imported: Mapping[str, set[str]]) -> set[str]:
    """The file and all that it imports, directly or not: a change in any of them may change what it does."""
    found, waiting = {path}, [path]
    while waiting:
        for other in imported[waiting.pop()] - found:
            found.add(other)
            waiting.append(other)
    return found


def _explained(tasks: Sequence[_Task], opened: Session) -> Iterator[tuple[_Task, ModulePart]]:
    """Every task with what came of it, in the order in which they are done."""
    jobs = min(int(opened.settings["jobs"]), len(tasks))
    if jobs <= 1 and not opened.settings["cluster"]:
        yield from ((task, explained(task)) for task in tasks)
        return
    with executor(jobs, opened.settings["cluster"]) as pool:
        futures: dict[Future[ModulePart], _Task] = {pool.submit(explained, task): task for task in tasks}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise


def explained(task: _Task) -> ModulePart:
    """One module; what cannot be explained is a notice on its page."""
    from codeassist import pipeline

    with pipeline.session(task.path, **task.flags) as opened:
        try:
            report = explain([task.path], opened, task.options)
        except CodeassistError as error:
            return ModulePart(task.key, task.name, task.relative, "", (), (str(error),))
    purpose = report.overview.purpose if report.overview else ""
    functions = tuple(_part(each, report.lang, task.path) for each in report.explanations)
    notices = tuple(notice.message for notice in report.notices)
    return ModulePart(task.key, task.name, task.relative, purpose, functions, notices)


def _part(explanation: Explanation, lang: str, path: str) -> FunctionPart:
    from codeassist.records.report import Report
    from codeassist.rendering.html_fragment import body
    from codeassist.rendering.report import summary

    statuses = [verdict.status for _, verdict in explanation.claims]
    return FunctionPart(
        explanation.function.qualname,
        explanation.line,
        explanation.signature,
        safe_text(summary(explanation), [path]),
        safe_text(body(Report((explanation,), lang=lang)), [path]),
        statuses.count("verified"),
        statuses.count("unchecked"),
        explanation.is_static,
    )


def _place(place: Path, relative: str) -> Path:
    return place / PARTS / f"{digest([relative])[:24]}.json"


def _read(place: Path, task: _Task) -> ModulePart | None:
    """What was kept of the module, if it still holds; a damaged file is a miss."""
    try:
        document = json.loads(_place(place, task.relative).read_text(encoding="utf-8"))
        if document["key"] != task.key:
            return None
        functions = tuple(FunctionPart(**each) for each in document.pop("functions"))
        notices = tuple(document.pop("notices"))
        return ModulePart(functions=functions, notices=notices, **document)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(place: Path, part: ModulePart) -> None:
    path = _place(place, part.path)
    path.with_suffix(".new").write_text(json.dumps(asdict(part)), encoding="utf-8")
    os.replace(path.with_suffix(".new"), path)


def _pages(place: Path, root: Path, parts: Sequence[ModulePart], left: int, opened: Session) -> int:
    """Write every page anew, which is cheap, and drop pages of what is gone."""
    from codeassist.rendering.graph_view import render_graph
    from codeassist.rendering.site import render_site

    graph = whole([str(root)], GraphOptions())
    callees, callers = _calls(graph, root, parts)
    about = Site(root.name, opened.settings["lang"], tuple(parts), callees, callers, left, has_graph=True)
    shutil.rmtree(place / "pages", ignore_errors=True)
    count = 1
    _write(place / "graph.html", "".join(render_graph(replace(graph, unresolved=()), "html")))
    for name, text in render_site(about):
        _write(place / name, text)
        count += 1
    return count


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


Calls = dict[str, tuple[str, ...]]


def _calls(graph: CallGraph, root: Path, parts: Sequence[ModulePart]) -> tuple[Calls, Calls]:
    """Callees and callers of the functions that have a page."""
    known = {
        (part.path, each.qualname): f"{part.name}:{each.qualname}"
        for part in parts
        for each in part.functions
    }
    named = {}
    for name, function in graph.functions.items():
        relative = os.path.relpath(function.path, root).replace(os.sep, "/")
        if (relative, function.qualname) in known:
            named[name] = known[relative, function.qualname]
    callees: dict[str, set[str]] = {}
    callers: dict[str, set[str]] = {}
    for edge in graph.edges:
        if edge.caller in named and edge.callee in named and edge.caller != edge.callee:
            callees.setdefault(named[edge.caller], set()).add(named[edge.callee])
            callers.setdefault(named[edge.callee], set()).add(named[edge.caller])
    return (
        {name: tuple(sorted(found)) for name, found in callees.items()},
        {name: tuple(sorted(found)) for name, found in callers.items()},
    )
