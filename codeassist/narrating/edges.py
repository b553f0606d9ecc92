"""Edge cases: empty, one element, duplicates and the like, as they were actually run."""

from __future__ import annotations

from codeassist.narrating.cells import called
from codeassist.narrating.contract import case_outcome
from codeassist.narrating.subject import Subject, code
from codeassist.records.answer import Section, Table

MOST = 6
MOST_CALL = 90
"""characters of a call; a longer one is cut"""


def section(subject: Subject) -> Section | None:
    """One row for each edge case: what is special, the call, what came out."""
    rows: list[tuple[str, ...]] = []
    claims: list[tuple[str, ...]] = []
    seen = set()
    for case in subject.evidence.edge_cases:
        said, backing = case_outcome(subject, case)
        if not said or case.call in seen or case.run == 0 or len(rows) == MOST:
            continue
        seen.add(case.call)
        rows.append((_tag(subject, case.tag), code(called(case.call, MOST_CALL)), said))
        claims.append(backing)
    if not rows:
        return None
    return subject.section("edge-cases", tables=[Table(("", "", ""), tuple(rows), tuple(claims))])


def _tag(subject: Subject, tag: str) -> str:
    key = f"edge.{tag.replace(' ', '-')}"
    return subject.text(key) if key in subject.text else tag
