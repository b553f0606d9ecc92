"""A call graph as JSON: the whole of it, or callers with their callees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from codeassist.records.program import CallGraph

FORMAT = "codeassist/graph"
VERSION = 1
"""1: the first"""


def adjacency(graph: CallGraph) -> dict[str, list[str]]:
    """Caller -> callees, sorted; every function and every callee is a key."""
    callees: dict[str, set[str]] = {name: set() for name in graph.functions}
    for edge in graph.edges:
        callees.setdefault(edge.caller, set()).add(edge.callee)
        callees.setdefault(edge.callee, set())
    return {name: sorted(callees[name]) for name in sorted(callees)}


def render_adjacency(graph: CallGraph) -> Iterator[str]:
    """The adjacency of cli.md."""
    yield _dumped(adjacency(graph))


def render_json(graph: CallGraph) -> Iterator[str]:
    """Functions, edges with their resolution and confidence, calls that stayed open, notices."""
    yield _dumped(document(graph))


def document(graph: CallGraph) -> dict[str, Any]:
    """The graph as plain data."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "functions": [
            {"name": name, "path": identity.path, "qualname": identity.qualname}
            for name, identity in graph.functions.items()
        ],
        "edges": [
            {
                "caller": edge.caller,
                "callee": edge.callee,
                "path": edge.path,
                "line": edge.line,
                "resolution": edge.resolution,
                "confidence": edge.confidence,
            }
            for edge in graph.edges
        ],
        "unresolved": [
            {
                "function": site.function,
                "path": site.path,
                "line": site.span.line,
                "column": site.span.column,
                "callee": site.callee,
            }
            for site in graph.unresolved
        ],
        "notices": [
            {"slug": notice.slug, "message": notice.message, "path": notice.path, "line": notice.line}
            for notice in graph.notices
        ],
    }


def _dumped(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, indent=1)
    return text.replace("\x7f", "\\u007f") + "\n"
