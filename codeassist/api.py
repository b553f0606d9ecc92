"""The Python door: the commands as functions that take targets and give records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from codeassist.checks import claims as claims
from codeassist.checks import verify as verify
from codeassist.records.program import CallGraph
from codeassist.records.report import Report, TraceView
from codeassist.records.review import Review

if TYPE_CHECKING:
    from codeassist.pipeline.session import Session


def explain(*targets: str, call: str | tuple[str, ...] = (), run: bool = True, **settings: Any) -> Report:
    """A Report on `targets`, written as on the command line (`path.py::function`, a folder).

    `call` is one call to explain, or several; `settings` are those of the command line
    (`lang="zh-CN"`, `time_limit=5.0`). Raises UsageError for unusable input.
    """
    from codeassist import pipeline
    from codeassist.pipeline.explaining import explain as explain_all

    calls = (call,) if isinstance(call, str) else tuple(call)
    with _opened(targets[0] if targets else ".", settings) as opened:
        return explain_all(targets, opened, pipeline.ExplainOptions(calls=calls, run=run))


@contextmanager
def trace(target: str, call: str = "", from_test: str = "", **settings: Any) -> Iterator[TraceView]:
    """A TraceView of one run, open for as long as the `with` block lasts.

    with codeassist.trace("sort.py::merge", "merge([1], [2])") as view:
        for event in view.trace.reader.events(): ...

    Raises UsageError for unusable input, ConsentError where nothing may run.
    """
    from codeassist.pipeline.recording import TraceOptions
    from codeassist.pipeline.recording import trace as trace_one

    with _opened(target, settings) as opened:
        yield trace_one(target, opened, TraceOptions(call=call, from_test=from_test))


def call_graph(*targets: str, root: str = "", names: str = "own", **settings: Any) -> CallGraph:
    """The call graph of files and folders; runs nothing. `callgraph.to_networkx` takes it further."""
    from codeassist.pipeline.graphing import GraphOptions, graph

    return graph(targets, GraphOptions(root=root, names=names, **settings))


def review(
    *files: str, staged: bool = False, diff: str = "", refactoring: bool = False, **settings: Any
) -> Review:
    """A Review of a change of the repository at the current folder, as `codeassist review` makes it.

    Raises UsageError where there is no repository, or no change to look at.
    """
    from codeassist.pipeline.reviewing import ReviewOptions
    from codeassist.pipeline.reviewing import review as review_all

    with _opened(".", settings) as opened:
        return review_all(".", opened, ReviewOptions(files, staged, diff, refactoring))


@contextmanager
def _opened(target: str, settings: dict[str, Any]) -> Iterator[Session]:
    from codeassist import pipeline

    with pipeline.session(target.partition("::")[0] or ".", **settings) as opened:
        yield opened
