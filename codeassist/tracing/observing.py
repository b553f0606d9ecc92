"""What the probe tells of many calls, a line each -> observations. The lines are hostile input."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from codeassist.records.errors import CodeassistError
from codeassist.records.run import Run
from codeassist.records.trace import Observation, Outcome
from codeassist.records.values import Opaque
from codeassist.tracing.counts import add_row
from codeassist.tracing.decode import document
from codeassist.tracing.store import decode_outcome


def read_observations(lines: Iterable[str], run: Run, path: str) -> list[Observation]:
    """One observation for each line that is whole; `path` is the file whose functions go by bare names."""
    found = []
    for line in lines:
        told = _told(line)
        number = told.get("call")
        if isinstance(number, int) and 0 <= number < len(run.calls):
            found.append(_observation(run.calls[number], told, path))
    return found


def _told(line: str) -> Mapping[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _observation(call: str, told: Mapping[str, Any], path: str) -> Observation:
    outcome = told.get("outcome")
    ended = decode_outcome(outcome if isinstance(outcome, dict) else {})
    result, kept, watched = _values(told.get("told"))
    steps: dict[tuple[str, int], int] = {}
    cost: dict[tuple[str, int], int] = {}
    counts = told.get("counts")
    for row in counts if isinstance(counts, list) else ():
        add_row(row, path, steps, cost)
    ended = Outcome(
        ended.kind, result if ended.kind == "returned" else None, ended.exception, ended.limit, ended.status
    )
    output = told.get("output")
    return Observation(
        call, ended, told.get("iterates") is True, tuple(kept), watched,
        output if isinstance(output, str) else "", steps, sum(steps.values()) + sum(cost.values()),
    )  # fmt: skip


def _values(told: Any) -> tuple[Any, list[Any], dict[str, Any]]:
    """Result, what was kept, module variables; opaque where they could not be told."""
    try:
        match document(told):
            case [result, list(kept), dict(watched)]:
                return result, kept, watched
    except (CodeassistError, RecursionError):
        pass
    return Opaque("value"), [], {}
