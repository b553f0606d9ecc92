"""Renderers of a review: name -> function, loaded when chosen."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import cast

from codeassist.records.review import Review

FORMATS = {
    "terminal": "codeassist.rendering.review_terminal:render",
    "markdown": "codeassist.rendering.review_markdown:render",
    "json": "codeassist.rendering.review_json:render",
    "sarif": "codeassist.rendering.sarif:render",
    "github": "codeassist.rendering.github:render",
}
"""format -> where its renderer stands"""


def render_review(review: Review, format: str, *, color: bool = False, width: int = 100) -> Iterator[str]:
    """The review in `format`, piece by piece. Raises KeyError for a format that the table lacks."""
    module, _, name = FORMATS[format].partition(":")
    function = getattr(importlib.import_module(module), name)
    pieces = function(review, color=color, width=width) if format == "terminal" else function(review)
    return cast("Iterator[str]", pieces)
