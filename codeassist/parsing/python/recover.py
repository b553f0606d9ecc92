"""Parsing a text of which a part does not parse: the rest is kept, line numbers unchanged."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from itertools import groupby

from codeassist.records.errors import ParseError
from codeassist.records.program import Notice, Source

# a line that continues the statement above it although it starts in the first column
_CONTINUES = re.compile(r"(?:[ \t\f)\]}#]|$|(?:else|elif|except|finally)\b)")

LOOKAHEAD = 40
"""parts joined before one is given up: a string or bracket may hold lines that look like statements"""

_FAILURES = (SyntaxError, ValueError, MemoryError, OverflowError, RecursionError)


def parse_tree(source: Source) -> tuple[ast.Module, tuple[Notice, ...]]:
    """The tree of all that parses, and a Notice for each part that does not."""
    tree = _attempt(source.text)
    if isinstance(tree, ast.Module):
        return tree, ()
    return _without_bad_parts(source, tree)


def _attempt(text: str) -> ast.Module | Exception:
    with warnings.catch_warnings():  # an invalid escape in the user's file is not ours to announce
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except _FAILURES as error:
            return error


def _without_bad_parts(source: Source, first: Exception) -> tuple[ast.Module, tuple[Notice, ...]]:
    lines = list(source.lines)
    notices = []
    for start, stop, error in _bad_parts(lines):
        notices.append(_notice(source.path, start, stop, error))
        lines[start:stop] = [""] * (stop - start)
    tree = _attempt("\n".join(lines) + "\n")
    if not isinstance(tree, ast.Module) or not tree.body:
        raise ParseError(f"{source.path} does not parse: {_place(first, 0)}")
    return tree, tuple(notices)


def _bad_parts(lines: list[str]) -> Iterator[tuple[int, int, Exception]]:
    """Ranges of line indexes that do not parse, neighbours joined."""
    parts = _judge(lines, list(_starts(lines)))
    for is_bad, group in groupby(parts, key=lambda part: part[2] is not None):
        if is_bad:
            ranges = list(group)
            start, _, error = ranges[0]
            assert error is not None
            yield start, ranges[-1][1], error


def _judge(lines: list[str], starts: list[int]) -> Iterator[tuple[int, int, Exception | None]]:
    edges = [*starts, len(lines)]
    i = 0
    while i < len(starts):
        stop, error = _grow(lines, edges, i)
        yield edges[i], edges[stop], error
        i = stop


def _grow(lines: list[str], edges: list[int], i: int) -> tuple[int, Exception | None]:
    """Join parts from the i-th on until they parse; one part and its error when they never do."""
    first: Exception | None = None
    for j in range(i + 1, min(i + 1 + LOOKAHEAD, len(edges))):
        tree = _attempt("\n".join(lines[edges[i] : edges[j]]) + "\n")
        if isinstance(tree, ast.Module):
            return j, None
        first = first or tree
        if not _unfinished(tree, edges[j] - edges[i]):
            break
    return i + 1, first


def _unfinished(error: Exception, length: int) -> bool:
    """Whether more lines could mend it: an open string, an open bracket, an end in the middle."""
    text = str(error)
    return any(
        word in text for word in ("unterminated triple", "never closed", "EOF", "unexpected indent")
    ) or (isinstance(error, SyntaxError) and (error.lineno or 0) >= length)


def _starts(lines: list[str]) -> Iterator[int]:
    """Indexes of lines at which a top-level statement may begin; a decorator takes what follows along."""
    decorated = False
    for index, line in enumerate(lines):
        if _CONTINUES.match(line):
            continue
        if not decorated:
            yield index
        decorated = line.startswith("@")


def _notice(path: str, start: int, stop: int, error: Exception) -> Notice:
    where = f"line {start + 1}" if stop - start == 1 else f"lines {start + 1}-{stop}"
    message = f"{where} left out: {_place(error, start)}"
    return Notice("does-not-parse", message, path, start + (getattr(error, "lineno", None) or 1))


def _place(error: Exception, offset: int) -> str:
    if isinstance(error, (MemoryError, RecursionError)):
        return "nested too deeply"
    text = getattr(error, "msg", None) or str(error)
    line = getattr(error, "lineno", None)
    return f"{text} (line {line + offset})" if line else text
