"""A review on a terminal: findings, gravest first, then a line for each changed function."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from codeassist.messages import Catalogue, catalogue
from codeassist.records.report import Finding
from codeassist.records.review import FunctionVerdict, Review
from codeassist.records.text import inert
from codeassist.rendering.review_json import relative

_COLORS = {"error": "31", "warning": "33", "note": "36", "same": "32", "different": "33", "unknown": "35"}
_SIGNS = {"same": "=", "different": "≠", "unknown": "?"}


def render(review: Review, *, color: bool = False, width: int = 100) -> Iterator[str]:
    """Findings with the place of each, then the verdicts, then what was left out."""
    say = catalogue(review.lang)
    for found in review.findings:
        yield from _finding(found, review, say, color, width)
    if review.findings:
        yield "\n"
    longest = max((len(f.function) for f in review.functions), default=0)
    for verdict in review.functions:
        yield _verdict(verdict, say, color, min(longest, 40))
    if not review.functions and not review.findings:
        yield say("review.nothing") + "\n"
    for notice in review.notices:
        place = f"{notice.path}:{notice.line}: " if notice.line else f"{notice.path}: " if notice.path else ""
        hint = f"; {notice.hint}" if notice.hint else ""
        yield inert(f"{place}{notice.message}{hint}") + "\n"
    yield _summary(review, say) + "\n"


def _finding(found: Finding, review: Review, say: Catalogue, color: bool, width: int) -> Iterator[str]:
    head = f"{relative(found.path, review.root)}:{found.line}: "
    level = _paint(say(f"review.level.{found.level}"), found.level, color)
    mark = "" if found.verified else f" ({say('review.static')})"
    yield inert(head) + level + inert(f" [{found.rule}]{mark}") + "\n"
    for line in textwrap.wrap(
        inert(found.message), max(40, width - 4), break_long_words=False, break_on_hyphens=False
    ):
        yield f"    {line}\n"


def _verdict(found: FunctionVerdict, say: Catalogue, color: bool, longest: int) -> str:
    name = found.function + (f" (was {found.was})" if found.was else "")
    sign = _paint(_SIGNS[found.verdict], found.verdict, color)
    return f"{sign} {inert(name).ljust(longest)}  {inert(words(found, say))}\n"


def words(found: FunctionVerdict, say: Catalogue) -> str:
    """The verdict of one function in words."""
    if found.verdict == "same":
        return say("review.same.branches" if found.branches else "review.same", count=found.inputs)
    if found.verdict == "different":
        return say("review.function.different")
    return say("review.function.unknown", reason=found.reason)


def _summary(review: Review, say: Catalogue) -> str:
    count = len(review.findings)
    text = say("review.summary", count=count) if count else say("review.none")
    levels = [
        level for level in ("error", "warning", "note") if any(f.level == level for f in review.findings)
    ]
    parts = [
        f"{sum(f.level == level for f in review.findings)} {say(f'review.level.{level}')}" for level in levels
    ]
    text += f": {', '.join(parts)}" if len(parts) > 1 or count > 1 else f" ({parts[0]})" if parts else ""
    return text + (f" ({say('review.suppressed', count=review.suppressed)})" if review.suppressed else "")


def _paint(text: str, kind: str, color: bool) -> str:
    return f"\x1b[{_COLORS[kind]}m{text}\x1b[0m" if color else text
