"""A trace as one JSON document, or as JSON lines: header, one event a line, footer. Both are streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from codeassist.records.report import TraceView
from codeassist.records.run import Run
from codeassist.records.trace import Event, ExceptionInfo, TraceHeader
from codeassist.records.values import literal
from codeassist.rendering.trace_title import exception_text, exception_words

FORMAT, VERSION = "codeassist/trace", 1


def render_json(view: TraceView) -> Iterator[str]:
    """The document of docs/: strict JSON, ASCII only, its events written as they are read."""
    head = _dump({**_head(view), **_end(view), **_rest(view)})
    yield head[:-1] + ', "events": ['
    separator = "\n"
    for event in _events(view):
        yield separator + _dump(event)
        separator = ",\n"
    yield "\n]}\n"


def render_jsonl(view: TraceView) -> Iterator[str]:
    """Header, one event a line, footer; each line is a JSON object."""
    yield _dump(_head(view)) + "\n"
    for event in _events(view):
        yield _dump(event) + "\n"
    yield _dump({"footer": True, **_end(view), **_rest(view)}) + "\n"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False)


def _head(view: TraceView) -> dict[str, Any]:
    header = view.trace.header
    return {
        "format": FORMAT,
        "version": VERSION,
        "run": _run(header.run),
        "python": header.python,
        "sandbox": {name: {"on": layer.on, "reason": layer.reason} for name, layer in header.sandbox.items()},
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "path": run.path,
        "call": run.call,
        "setup": list(run.setup),
        "argv": None if run.argv is None else list(run.argv),
        "module": run.module,
        "test": run.test,
        "from": run.origin,
        "seed": run.seed,
    }


def _end(view: TraceView) -> dict[str, Any]:
    header = view.trace.header
    outcome = header.outcome
    return {
        "outcome": outcome.kind,
        "result": literal(outcome.result) if outcome.kind == "returned" else None,
        "exception": exception_text(outcome) or None,
        "limit": outcome.limit or None,
        "complete": header.complete,
    }


def _rest(view: TraceView) -> dict[str, Any]:
    reader = view.trace.reader
    output = [] if reader is None else reader.output()
    return {
        "notices": _notices(view, view.trace.header),
        "output": [{"index": o.index, "stream": o.stream, "text": o.text} for o in output],
    }


def _notices(view: TraceView, header: TraceHeader) -> list[str]:
    return [*header.notices, *(notice.message for notice in view.notices)]


def _events(view: TraceView) -> Iterator[dict[str, Any]]:
    if view.trace.reader is None:
        return
    for event in view.trace.reader.events():
        row = event_json(event)
        if event.index in view.watched:
            row["watch"] = list(view.watched[event.index])
        yield row


def event_json(event: Event) -> dict[str, Any]:
    """One event; changed targets and values are Python literal text, a deleted target is null."""
    return {
        "index": event.index,
        "kind": event.kind,
        "function": event.function.qualname,
        "path": event.function.path,
        "line": event.line,
        "depth": event.depth,
        "thread": event.thread,
        "activation": event.activation,
        "changes": {c.target: None if c.kind == "delete" else literal(c.value) for c in event.changes},
        "value": _value(event),
    }


def _value(event: Event) -> Any:
    """Of a call its parameters, of a return or yield the value, of an exception class and message."""
    if event.kind == "call":
        parameters = event.value if isinstance(event.value, dict) else {}
        return {name: literal(value) for name, value in parameters.items()}
    if isinstance(event.value, ExceptionInfo):
        return exception_words(event.value)
    if event.kind in ("return", "yield", "resume"):
        return literal(event.value)
    return None
