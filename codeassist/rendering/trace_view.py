"""Renderers of a trace: name -> function, loaded when chosen."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import cast

from codeassist.records.report import TraceView

FORMATS = {
    "terminal": "codeassist.rendering.trace_terminal:render_terminal",
    "markdown": "codeassist.rendering.trace_markdown:render_markdown",
    "json": "codeassist.rendering.trace_json:render_json",
    "html": "codeassist.rendering.viewer_page:render_html",
    "jsonl": "codeassist.rendering.trace_json:render_jsonl",
}
"""format -> where its renderer stands"""


def render_trace(view: TraceView, format: str, *, width: int = 100, color: bool = False) -> Iterator[str]:
    """The view in `format`, piece by piece. Raises KeyError for a format that the table lacks."""
    module, _, name = FORMATS[format].partition(":")
    function = getattr(importlib.import_module(module), name)
    pieces = function(view, width=width, color=color) if format == "terminal" else function(view)
    return cast("Iterator[str]", pieces)
