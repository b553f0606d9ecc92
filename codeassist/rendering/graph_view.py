"""Renderers of a call graph: name -> function, loaded when chosen."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any, cast

from codeassist.records.program import CallGraph

FORMATS = {
    "terminal": "codeassist.rendering.graph_terminal:render",
    "json": "codeassist.rendering.graph_json:render_json",
    "adjacency": "codeassist.rendering.graph_json:render_adjacency",
    "mermaid": "codeassist.rendering.graph_text:render_mermaid",
    "dot": "codeassist.rendering.graph_text:render_dot",
    "html": "codeassist.rendering.graph_page:render",
}
"""format -> where its renderer stands"""


def render_graph(
    graph: CallGraph,
    format: str,
    *,
    width: int = 100,
    color: bool = False,
    callers: bool = False,
    title: str = "",
) -> Iterator[str]:
    """The graph in `format`, piece by piece. Raises KeyError for a format that the table lacks."""
    module, _, name = FORMATS[format].partition(":")
    function = getattr(importlib.import_module(module), name)
    options: dict[str, dict[str, Any]] = {
        "terminal": {"width": width, "color": color, "callers": callers},
        "html": {"title": title},
    }
    return cast("Iterator[str]", function(graph, **options.get(format, {})))
