"""A report as the JSON document of cli.md: strict, ASCII, every field of every explanation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from codeassist.records.answer import Claim, Table, Verdict, Witness
from codeassist.records.program import CallGraph, Notice
from codeassist.records.report import Explanation, Overview, Report, SettledSection
from codeassist.rendering.marks import Marks
from codeassist.rendering.report import summary

FORMAT = "codeassist/report"
VERSION = 1
"""1: the first"""


def render(report: Report, *, width: int = 100, color: bool = False) -> str:
    """The document, indented; no control character of the program gets through raw."""
    text = json.dumps(document(report), ensure_ascii=True, allow_nan=False, indent=2)
    return text.replace("\x7f", "\\u007f") + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "explanations": [_explanation(explanation) for explanation in report.explanations],
        "overview": _overview(report.overview) if report.overview else None,
        "notices": [_notice(notice) for notice in report.notices],
        "interrupted": report.interrupted,
    }


def _explanation(explanation: Explanation) -> dict[str, Any]:
    marks = Marks(explanation)
    return {
        "function": explanation.function.qualname,
        "path": explanation.function.path,
        "line": explanation.line,
        "signature": explanation.signature,
        "static": explanation.is_static,
        "summary": summary(explanation),
        "sections": [_section(section, marks) for section in explanation.sections],
        "annotations": [
            {"line": note.line, "text": note.text, "claims": list(note.claims)}
            for note in explanation.annotations
        ],
        "claims": [claim_json(claim, verdict) for claim, verdict in explanation.claims],
        "complexity": _strict(explanation.complexity),
        "algorithm": _strict(explanation.algorithm),
        "inputs": [{"call": given.call, "from": given.origin} for given in explanation.inputs],
        "limits": list(explanation.limits),
        "source": [
            {"line": line.number, "text": line.text, "count": line.count} for line in explanation.source
        ],
    }


def _section(section: SettledSection, marks: Marks) -> dict[str, Any]:
    """Sentences; rows of label and text are sentences too, tables with headings stand apart."""
    sentences = [{"text": s.text, "claims": list(s.claims), "status": s.status} for s in section.sentences]
    for table in section.tables:
        if not any(table.columns):
            sentences += _spoken(table, marks)
    return {
        "id": section.id,
        "title": section.title,
        "sentences": sentences,
        "tables": [_table(table, marks) for table in section.tables if any(table.columns)],
    }


def _spoken(table: Table, marks: Marks) -> list[dict[str, Any]]:
    spoken = []
    for number, row in enumerate(table.rows):
        claims = table.claims[number] if number < len(table.claims) else ()
        text = ": ".join(cell.strip() for cell in row if cell.strip())
        spoken.append(
            {"text": text, "claims": list(claims), "status": marks.of(claims).status or "unchecked"}
        )
    return spoken


def _table(table: Table, marks: Marks) -> dict[str, Any]:
    claims = [*table.claims, *(() for _ in range(len(table.rows) - len(table.claims)))]
    return {
        "caption": table.caption,
        "columns": list(table.columns),
        "rows": [
            {"cells": list(row), "claims": list(backing), "status": marks.of(backing).status or "unchecked"}
            for row, backing in zip(table.rows, claims, strict=True)
        ],
    }


def claim_json(claim: Claim, verdict: Verdict) -> dict[str, Any]:
    """A claim of claims.md with its verdict."""
    return {
        "id": claim.id,
        **_strict(claim.to_json()),
        "verdict": {
            "status": verdict.status,
            "reason": verdict.reason,
            "runs": verdict.runs,
            "exhaustive": verdict.exhaustive,
            "witness": _witness(verdict.witness),
        },
    }


def _witness(witness: Witness | None) -> dict[str, Any] | None:
    if witness is None:
        return None
    state = dict(witness.state)
    return {"run": witness.run, "step": witness.step, "line": witness.line, "state": state}


def _overview(overview: Overview) -> dict[str, Any]:
    return {
        "title": overview.title,
        "purpose": overview.purpose,
        "entry_points": list(overview.entry_points),
        "reading_order": [
            {
                "function": entry.function.qualname,
                "path": entry.function.path,
                "line": entry.line,
                "text": entry.text,
            }
            for entry in overview.reading_order
        ],
        "graph": _graph(overview.graph) if overview.graph else None,
    }


def _graph(graph: CallGraph) -> dict[str, list[str]]:
    callees: dict[str, set[str]] = {name: set() for name in graph.functions}
    for edge in graph.edges:
        callees.setdefault(edge.caller, set()).add(edge.callee)
    return {name: sorted(found) for name, found in sorted(callees.items())}


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "slug": notice.slug,
        "message": notice.message,
        "path": notice.path,
        "line": notice.line,
        "hint": notice.hint,
    }


def _strict(value: Any) -> Any:
    """Plain data with text where JSON has no number: infinities, NaN."""
    if isinstance(value, Mapping):
        return {str(key): _strict(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_strict(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value
