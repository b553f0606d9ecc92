"""A traced run of a small program for the tests of views and questions."""

from __future__ import annotations

import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from codeassist import parsing
from codeassist.pipeline.recording import evaluator
from codeassist.records.found import Found
from codeassist.records.program import Source
from codeassist.records.report import TraceView
from codeassist.tracing.query import query
from tests.support.oracle import oracle_trace

SEARCH = """\
def search(xs, target):
    low, high = 0, len(xs) - 1
    steps = []
    while low <= high:
        mid = (low + high) // 2
        steps.append(mid)
        if xs[mid] == target:
            return mid, steps
        if xs[mid] < target:
            low = mid + 1
        else:
            high = mid - 1
    raise KeyError(target)
"""
CALL = "search([1, 3, 5, 7, 9, 11], 9)"


def seen(text: str, call: str, watched: Mapping[int, tuple[str, ...]] | None = None) -> TraceView:
    """The view of `call` in a program of that text."""
    text = textwrap.dedent(text)
    path = "/prog.py"
    source = Source(path, text, "utf-8", "", tuple(text.split("\n")))
    return TraceView(
        oracle_trace(text, call, path),
        {path: source.lines},
        (),
        {path: parsing.parse(source)},
        watched or {},
    )


@contextmanager
def really_seen(text: str, call: str) -> Iterator[TraceView]:
    """The same by the recorder itself, in the sandbox; the trace lives as long as the block."""
    from codeassist.records.run import Budget, Run
    from codeassist.tracing import LocalRunner

    with tempfile.TemporaryDirectory(prefix="seen-") as folder:
        path = Path(folder).resolve() / "prog.py"
        path.write_text(textwrap.dedent(text))
        module = parsing.parse(parsing.read_source(str(path)))
        runner = LocalRunner(root=folder)
        try:
            (trace,) = runner.run([Run(str(path), call)], Budget(20))
            reader = trace.reader
            assert reader is not None
            assert len(reader), trace.header.outcome
            yield TraceView(trace, {str(path): module.source.lines}, (), {str(path): module}, {})
        finally:
            runner.close()


def ask(view: TraceView, question: str) -> Found:
    """The answer to a question about it."""
    return query(view.trace, question, evaluator(), lambda: view.modules)


def asked(text: str, call: str, question: str, really: bool = False) -> list[tuple[Any, ...]]:
    """(line, value) of every match, by the oracle or by the recorder."""
    if really:
        with really_seen(text, call) as view:
            return _told(ask(view, question))
    return _told(ask(seen(text, call), question))


def _told(found: Found) -> list[tuple[Any, ...]]:
    return [(match.line, match.value) for match in found.matches]
