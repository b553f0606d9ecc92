"""Reads what the counting probe wrote: a header line and a footer with the operations of each statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from codeassist.records.errors import TraceError

Counts = dict[tuple[str, int], int]
FORMAT = "codeassist/counts-log"


def read_counts(lines: Iterable[str], path: str) -> tuple[Mapping[str, Any] | None, Counts, Counts]:
    """(outcome as finish() got it, None for a run that was cut off; steps; cost), by (qualname, line).

    Functions of other files than `path` are keyed as `file::qualname`. TraceError for a foreign format.
    """
    header, *rest = [_document(line) for line in lines if line.strip()] or [{}]
    if header and header.get("format") != FORMAT:
        raise TraceError("not a log of counts", hint="was it written by another version?")
    footer = next((item["footer"] for item in rest if isinstance(item.get("footer"), dict)), None)
    if footer is None:
        return None, {}, {}
    steps: Counts = {}
    cost: Counts = {}
    for row in footer.get("counts", ()):
        add_row(row, path, steps, cost)
    outcome = footer.get("outcome")
    return (outcome if isinstance(outcome, dict) else None), steps, cost


def _document(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def add_row(row: Any, path: str, steps: Counts, cost: Counts) -> None:
    """One row of the footer; a row of another shape was not written by the probe and is left out."""
    match row:
        case [str(file), str(qualname), int(line), int(count), int(price)]:
            key = (qualname if file == path else f"{file}::{qualname}", line)
            steps[key] = steps.get(key, 0) + count
            cost[key] = cost.get(key, 0) + price
