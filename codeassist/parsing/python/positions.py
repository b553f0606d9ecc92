"""From the parser's byte columns to spans in code points, and from spans to source text."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right

from codeassist.records.location import Span
from codeassist.records.program import Source

# what may stand between the last expression of a header and its colon
_TO_COLON = re.compile(r"(?:[\s\\(),/*]|#[^\n]*|as\s+\w+)*:")
_TO_COLON_FROM_START = re.compile(r"[^:#]*(?:#[^\n]*\n[^:#]*)*:")


class Positions:
    """Answers about places in one source text."""

    def __init__(self, source: Source) -> None:
        self.lines = source.lines
        self._text = source.text
        self._is_ascii = source.text.isascii()
        self._offsets: list[int] | None = None

    def column(self, line: int, byte: int) -> int:
        """The column in code points of a byte column."""
        if self._is_ascii:
            return byte
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return byte if text.isascii() else len(text.encode()[:byte].decode("utf-8", "replace"))

    def span(self, node: ast.expr | ast.stmt | ast.excepthandler) -> Span:
        """The whole node."""
        end_line = node.end_lineno or node.lineno
        end = self.column(end_line, node.end_col_offset or 0)
        return Span(node.lineno, self.column(node.lineno, node.col_offset), end_line, end)

    def slice(self, span: Span) -> str:
        """The text of a span, its own lines kept."""
        if span.line == span.end_line:
            return self.lines[span.line - 1][span.column : span.end_column]
        first = self.lines[span.line - 1][span.column :]
        middle = self.lines[span.line : span.end_line - 1]
        return "\n".join([first, *middle, self.lines[span.end_line - 1][: span.end_column]])

    def text(self, node: ast.expr | None) -> str:
        """An expression on one line: as written if it stands on one, else unparsed."""
        if node is None:
            return ""
        if node.lineno == node.end_lineno:
            return self.slice(self.span(node))
        try:
            return ast.unparse(node)
        except RecursionError:
            return " ".join(self.slice(self.span(node)).split())

    def after_colon(self, start: Span, last: Span | None) -> tuple[int, int]:
        """Line and column just behind the colon that ends a header.

        `start` is where the header begins, `last` its last expression.
        """
        offset = self._offset(*((last.end_line, last.end_column) if last else (start.line, start.column)))
        match = (_TO_COLON if last else _TO_COLON_FROM_START).match(self._text, offset)
        return self._place(match.end()) if match else (start.line, len(self.lines[start.line - 1]))

    def _offset(self, line: int, column: int) -> int:
        return self._starts()[line - 1] + column

    def _starts(self) -> list[int]:
        if self._offsets is None:
            self._offsets = [0]
            for line in self.lines:
                self._offsets.append(self._offsets[-1] + len(line) + 1)
        return self._offsets

    def _place(self, offset: int) -> tuple[int, int]:
        starts = self._starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1]
