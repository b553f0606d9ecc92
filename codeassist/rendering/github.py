"""A review as GitHub annotations: workflow commands, one line a finding."""

from __future__ import annotations

from collections.abc import Iterator

from codeassist.records.report import Finding
from codeassist.records.review import Review
from codeassist.records.text import inert
from codeassist.rendering.review_json import relative

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
MOST = 10
"""annotations of one kind that GitHub shows for a step"""


def render(review: Review) -> Iterator[str]:
    """`::error file=...,line=...,title=...::message` for each finding; what GitHub would drop is counted."""
    for level, command in _COMMANDS.items():
        found = [f for f in review.findings if f.level == level]
        for item in found[: MOST if len(found) <= MOST else MOST - 1]:
            yield _line(command, item, review.root)
        if len(found) > MOST:
            yield f"::{command} title=codeassist::{len(found) - MOST + 1} more\n"
    for notice in review.notices:
        place = f" file={_property(notice.path)}" if notice.path else ""
        yield f"::debug{place}::{_data(notice.message)}\n"


def _line(command: str, found: Finding, root: str) -> str:
    properties = [f"file={_property(relative(found.path, root))}", f"line={found.line}"]
    if found.end_line:
        properties.append(f"endLine={found.end_line}")
    if found.end_line == found.line:
        properties += [f"col={found.column + 1}", f"endColumn={max(found.end_column, found.column + 1)}"]
    properties.append(f"title={_property(f'codeassist {found.rule}')}")
    return f"::{command} {','.join(properties)}::{_data(found.message)}\n"


def _data(text: str) -> str:
    """Escaped as the runner's toolkit does."""
    return inert(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
