"""Places and texts of syntax nodes: code points instead of bytes, comments without their marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from codeassist.records.location import Span

_MARKS = re.compile(r"^\s*(?:/\*\*?!?|\*/|\*(?!/)|//[/!]?|#+)?[ \t]?|\s*\*/\s*$")
_TAGS = re.compile(r"</?\w+[^<>]*>")


def text_of(node: Any) -> str:
    """Source text of a node."""
    return node.text.decode("utf-8", "replace") if node is not None and node.text else ""


def span_of(node: Any, lines: Sequence[str], end: Any = None) -> Span:
    """From the node's start to its end, or to the start of `end`."""
    row, column = node.start_point
    last, stop = end.start_point if end is not None else node.end_point
    return Span(row + 1, _column(lines, row, column), last + 1, _column(lines, last, stop))


def _column(lines: Sequence[str], row: int, column: int) -> int:
    line = lines[row] if row < len(lines) else ""
    return column if line.isascii() else len(line.encode()[:column].decode("utf-8", "replace"))


def doc_before(node: Any) -> str:
    """The comment that stands directly above a definition, without comment marks."""
    found: list[str] = []
    below = node
    while (above := _above(below)) is not None and "comment" in above.type:
        if below.start_point[0] - above.end_point[0] > 1:
            break
        found.append(text_of(above))
        below = above
    return clean("\n".join(reversed(found)))


def _above(node: Any) -> Any:
    """What stands before a definition, or before the statement that only wraps it."""
    while node.prev_named_sibling is None and node.parent is not None and _wraps(node.parent):
        node = node.parent
    return node.prev_named_sibling


def _wraps(node: Any) -> bool:
    return any(word in node.type for word in ("export", "declaration", "template", "decorated", "declarator"))


def clean(comment: str) -> str:
    """A comment's text."""
    kept = [_TAGS.sub("", _MARKS.sub("", line)).rstrip() for line in comment.splitlines()]
    return "\n".join(kept).strip()
