"""Answers to questions and chains back to a birth, on a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from codeassist.records.found import Failure, Found, Match
from codeassist.records.text import inert
from codeassist.rendering.trace_terminal import cells, clip, paint, squeeze

Lines = Mapping[str, Sequence[str]]
"""path -> lines of its source"""
FORMAT, VERSION = "codeassist/answer", 1


def render_found(
    found: Found, format: str, lines: Lines, *, width: int = 100, color: bool = False
) -> Iterator[str]:
    """The answer to a query as `json` or for a terminal."""
    if format == "json":
        yield _dump({"count": found.count, "matches": _json(found.matches), "notes": list(found.notes)})
        return
    if found.is_number:
        yield f"{found.count}\n"
    elif not found.matches:
        yield "no step\n"
    yield from _table(found.matches, lines, width, color)
    for note in found.notes:
        yield paint(f"note: {inert(note)}", "dim", color) + "\n"


def _dump(fields: dict[str, Any]) -> str:
    document = {"format": FORMAT, "version": VERSION, **fields}
    return json.dumps(document, ensure_ascii=True, allow_nan=False, indent=1) + "\n"


def _json(matches: Sequence[Match]) -> list[dict[str, Any]]:
    return [match_json(match) for match in matches]


def match_json(match: Match) -> dict[str, Any]:
    """One match; `value` is Python literal text or null."""
    row = {
        "step": match.step,
        "line": match.line,
        "function": match.function,
        "value": match.value,
        "name": match.name,
        "path": match.path,
    }
    return {**row, "because": match.because} if match.because else row


def _table(matches: Sequence[Match], lines: Lines, width: int, color: bool) -> Iterator[str]:
    """One row a match: step, line, source, what was found there."""
    if not matches:
        return
    step = max(len(str(match.step)) for match in matches)
    place = max(cells(_where(match)) for match in matches)
    code = min(max(cells(_source(match, lines)) for match in matches), max(16, width * 2 // 5))
    left = step + place + code + 7
    for match in matches:
        told = "" if match.name == "variables" else squeeze(_told(match), max(16, width - left))
        style = "dim" if match.value is None else "value"
        inside = _inside(match, step + place + 4, width) if match.name == "variables" else []
        row = f"{match.step:>{step}}  {_where(match):<{place}}  "
        text = clip(_source(match, lines), code)
        yield (
            paint(row, "number", color) + text + " " * (code - cells(text)) + "  " + paint(told, style, color)
        ).rstrip() + "\n"
        yield from (paint(line, "value", color) + "\n" for line in inside)


def _inside(match: Match, left: int, width: int) -> list[str]:
    """The variables of a step, one a line."""
    size = max((cells(inert(name)) for name, _ in match.parts), default=0)
    rows = (f"{inert(name):<{size}} = {inert(value)}" for name, value in match.parts)
    return [" " * left + squeeze(row, max(16, width - left)) for row in rows]


def _where(match: Match) -> str:
    return inert(f"{match.path.rpartition('/')[2]}:{match.line} {match.function}")


def _source(match: Match, lines: Lines) -> str:
    known = lines.get(match.path, ())
    text = known[match.line - 1].strip() if 0 < match.line <= len(known) else ""
    return inert(text.expandtabs(4))


def _told(match: Match) -> str:
    if match.value is None:
        said = match.because
    elif match.name == "test":
        said = f"is {match.value.lower()}"
    elif match.name in ("return", "yield"):
        said = f"{match.name}s {match.value}"
    elif match.name == "arguments":
        said = f"({', '.join(f'{name}={value}' for name, value in match.parts)})"
    elif not match.name:
        said = match.value
    else:
        said = f"{match.name} = {match.value}"
    return inert(said)


def render_failure(
    failure: Failure, format: str, lines: Lines, *, width: int = 100, color: bool = False
) -> Iterator[str]:
    """A failing test told backwards, as `json` or for a terminal."""
    if format == "json":
        yield _dump(_failure_json(failure))
        return
    yield (
        paint(inert(failure.test), "title", color)
        + "  "
        + paint(inert(failure.outcome), "raises", color)
        + "\n"
    )
    if failure.expression:
        where = f"{failure.path.rpartition('/')[2]}:{failure.line}"
        yield f"{paint(where, 'number', color)}  {inert(failure.expression)}\n"
    if failure.expected is not None:
        yield f"expected  {paint(squeeze(inert(failure.expected), width - 10), 'returns', color)}\n"
    if failure.got is not None:
        yield f"got       {paint(squeeze(inert(failure.got), width - 10), 'raises', color)}\n"
    if failure.chain:
        yield "\nwhere it comes from, the latest step first\n"
        yield from _table(failure.chain, lines, width, color)
    if failure.first_difference is not None:
        yield f"\nfirst different from {inert(failure.passing)}\n"
        yield from _table([failure.first_difference], lines, width, color)
        if failure.passing_value is not None:
            yield f"there it was {inert(failure.passing_value)}\n"
    for note in failure.notes:
        yield paint(f"note: {inert(note)}", "dim", color) + "\n"


def _failure_json(failure: Failure) -> dict[str, Any]:
    first = failure.first_difference
    return {
        "test": failure.test,
        "outcome": failure.outcome,
        "line": failure.line,
        "path": failure.path,
        "expression": failure.expression,
        "expected": failure.expected,
        "got": failure.got,
        "count": len(failure.chain),
        "matches": _json(failure.chain),
        "first_difference": None if first is None else match_json(first),
        "passing": failure.passing,
        "passing_value": failure.passing_value,
        "notes": list(failure.notes),
    }
