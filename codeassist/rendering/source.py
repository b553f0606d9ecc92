"""The source lines of a function as they are shown: its docstring left out, its indentation removed."""

from __future__ import annotations

from collections.abc import Sequence

from codeassist.records.report import SourceLine


def shown(lines: Sequence[SourceLine]) -> list[SourceLine]:
    """The lines without the docstring and without the indentation that they share."""
    kept = [line for line in _undocumented(lines) if line.text.strip()]
    kept = [line for n, line in enumerate(kept) if not _in_long_comment(kept, n)]
    indent = min((len(line.text) - len(line.text.lstrip()) for line in kept), default=0)
    return [SourceLine(line.number, line.text[indent:].rstrip(), line.count) for line in kept]


def _in_long_comment(lines: Sequence[SourceLine], number: int) -> bool:
    """Whether the line is one of more than two comment lines in a row."""
    if not _comment(lines[number]):
        return False
    start = end = number
    while start and _comment(lines[start - 1]):
        start -= 1
    while end + 1 < len(lines) and _comment(lines[end + 1]):
        end += 1
    return end - start >= 2


def _comment(line: SourceLine) -> bool:
    return line.text.lstrip().startswith("#")


def _undocumented(lines: Sequence[SourceLine]) -> list[SourceLine]:
    start = _docstring_start(lines)
    if start is None:
        return list(lines)
    opening = lines[start].text.strip().lstrip("rRuUbB")
    quote = opening[:3]
    if opening.count(quote) >= 2:
        return [*lines[:start], *lines[start + 1 :]]
    end = next((n for n in range(start + 1, len(lines)) if quote in lines[n].text), None)
    return list(lines) if end is None else [*lines[:start], *lines[end + 1 :]]


def _docstring_start(lines: Sequence[SourceLine]) -> int | None:
    """Index of the line that opens a triple-quoted docstring: the first text after the header's colon."""
    for number, line in enumerate(lines[:-1]):
        text = line.text.strip()
        if text.lstrip("rRuUbB")[:3] in ('"""', "'''"):
            return number
        if number and lines[number - 1].text.rstrip().endswith(":") and text:
            return None
    return None
