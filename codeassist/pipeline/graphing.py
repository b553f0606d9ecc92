"""`graph`, in the hall: files -> flows -> one call graph, with what the targets import beside them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from codeassist import targets as naming
from codeassist.records.errors import CodeassistError
from codeassist.records.program import CallGraph, Module, Notice

Progress = Callable[[int, int, str], None]

CHUNK = 16
"""files that one task of a worker reads"""

PAYS = 100
"""files from which several processes are quicker than one"""

MOST_JOBS = 8


@dataclass(frozen=True, slots=True)
class GraphOptions:
    """What `graph` was asked for beside its targets."""

    root: str = ""
    depth: int | None = None
    callers: bool = False
    internal_only: bool = False
    names: str = "own"
    jobs: int = 0
    """processes that read files; 0: as many as the machine has processors, where it pays"""


def graph(texts: Sequence[str], options: GraphOptions, progress: Progress | None = None) -> CallGraph:
    """The call graph of all that `texts` name; UsageError when nothing of it can be read."""
    return narrowed(whole(texts, options, progress), texts, options)


def whole(texts: Sequence[str], options: GraphOptions, progress: Progress | None = None) -> CallGraph:
    """Every edge of the files that `texts` name, whatever part of it was asked for."""
    from codeassist import callgraph

    root = _root(texts)
    modules, notices = _modules(_targets(texts), root, options.jobs, progress)
    solved = callgraph.solve(modules, root)
    return callgraph.rename(callgraph.with_notices(solved, notices), options.names)


def narrowed(solved: CallGraph, texts: Sequence[str], options: GraphOptions) -> CallGraph:
    """The part of a whole graph that was asked for."""
    from codeassist import callgraph

    asked = options.root or _asked(_targets(texts), _root(texts), options.names)
    return callgraph.select(
        solved,
        root=asked,
        depth=options.depth,
        callers=options.callers,
        internal_only=options.internal_only,
    )


def _targets(texts: Sequence[str]) -> list[naming.Target]:
    """The files that `texts` name, of every language; stubs say nothing of calls."""
    from codeassist import parsing

    return naming.resolve(texts, tuple(suffix for suffix in parsing.SUFFIXES if suffix != ".pyi"))


def _root(texts: Sequence[str]) -> str:
    """The folder that names are relative to: the one given, or that of the file given."""
    folders = []
    for text in texts:
        path = Path(naming.split(text)[0]).resolve()
        folders.append(str(path if path.is_dir() else path.parent))
    return Path(os.path.commonpath(folders)).as_posix()


def _asked(found: Sequence[naming.Target], root: str, names: str) -> str:
    """A single function named as target is where the graph starts."""
    from codeassist import callgraph

    if len(found) != 1 or not found[0].qualname:
        return ""
    module = callgraph.module_name(Path(found[0].path).resolve().as_posix(), root)
    return callgraph.name_in(f"{module}.{found[0].qualname}", names)


def _modules(
    found: Sequence[naming.Target], root: str, jobs: int, progress: Progress | None
) -> tuple[list[Module], list[Notice]]:
    modules: dict[str, Module] = {}
    notices: list[Notice] = []
    waiting = [target for target in found if target.from_folder]
    named = [target for target in found if not target.from_folder]
    for module in _read_all([target.path for target in waiting], jobs, progress):
        if isinstance(module, Notice):
            notices.append(module)
        else:
            modules[module.source.path] = module
    for target in named:
        module = _read_named(target)
        modules.setdefault(module.source.path, module)
    if named:
        _follow(modules, root, notices)
    if not modules:
        from codeassist.records.errors import UsageError

        raise UsageError(notices[0].message if notices else "nothing to read", slug="does-not-parse")
    return list(modules.values()), notices


def _read_named(target: naming.Target) -> Module:
    from codeassist import parsing

    return parsing.skim(parsing.read_source(target.path, target.text))


def _read_all(paths: Sequence[str], jobs: int, progress: Progress | None) -> Iterable[Module | Notice]:
    jobs = jobs or min(os.cpu_count() or 1, MOST_JOBS)
    done = 0
    if jobs > 1 and len(paths) >= PAYS:
        with ProcessPoolExecutor(jobs) as pool:
            try:
                for module in _spread(pool, paths, progress):
                    done += 1
                    yield module
            except BrokenProcessPool:  # a worker was killed: the rest is read here
                pass
    for index, path in enumerate(paths[done:], done):
        if progress:
            progress(index, len(paths), path)
        yield read_one(path)


def _spread(pool: Executor, paths: Sequence[str], progress: Progress | None) -> Iterable[Module | Notice]:
    """The files in their order, whoever read them."""
    for index, module in enumerate(pool.map(read_one, paths, chunksize=CHUNK)):
        if progress:
            progress(index, len(paths), paths[index])
        yield module


def read_one(path: str) -> Module | Notice:
    """The flow of one file of a folder; a file that cannot be used is a Notice."""
    from codeassist import parsing

    try:
        return parsing.skim(parsing.read_source(path))
    except CodeassistError as error:
        return Notice(error.slug, str(error), path)


def _follow(modules: dict[str, Module], root: str, notices: list[Notice]) -> None:
    """Read what the files import, as far as it lies below the root."""
    from codeassist import callgraph

    pending = list(modules.values())
    while pending:
        module = pending.pop()
        for path in callgraph.imported_files(module, root):
            if path in modules:
                continue
            read = read_one(path)
            if isinstance(read, Notice):
                notices.append(read)
                continue
            modules[path] = read
            pending.append(read)
