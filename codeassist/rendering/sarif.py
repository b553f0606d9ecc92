"""A review as SARIF 2.1.0: rules with help, regions, fingerprints, and runs as code flows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from codeassist.messages import Catalogue, catalogue
from codeassist.records.report import Finding
from codeassist.records.review import Review
from codeassist.records.text import inert
from codeassist.rendering.review_json import relative

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 5000
MOST_STEPS = 100
"""limits of code scanning: results that are shown, and steps of a flow that stay readable"""
_LONGEST = 1000


def render(review: Review) -> Iterator[str]:
    """One SARIF log with one run."""
    say = catalogue(review.lang)
    found = review.findings[:MOST_RESULTS]
    rules = sorted({f.rule for f in found})
    notices = [{"level": "note", "message": {"text": _text(n.message)}} for n in review.notices]
    run: dict[str, Any] = {
        "tool": {"driver": {**_driver(review), "rules": [_rule(rule, found, say) for rule in rules]}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"uri": _folder(review.root)}},
        "results": [_result(f, rules, review.root) for f in found],
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notices}],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield json.dumps(document, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _driver(review: Review) -> dict[str, Any]:
    version = review.version or "0.0.0"
    return {"name": "codeassist", "version": version, "semanticVersion": version}


def _folder(root: str) -> str:
    return "file://" + quote(root.rstrip("/") + "/")


def _rule(rule: str, found: tuple[Finding, ...], say: Catalogue) -> dict[str, Any]:
    text = say(f"review.rule.{rule}")
    level = next(f.level for f in found if f.rule == rule)
    hint = f"To leave it out, write `# codeassist: ignore[{rule}]` on the line or on that of its `def`."
    return {
        "id": rule,
        "name": "".join(part.title() for part in rule.split("-")),
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {"text": f"{text} {hint.replace('`', '')}", "markdown": f"{text}\n\n{hint}"},
        "defaultConfiguration": {"level": level},
        "properties": {"precision": "very-high", "tags": ["behaviour"]},
    }


def _result(found: Finding, rules: list[str], root: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": found.rule,
        "ruleIndex": rules.index(found.rule),
        "level": found.level,
        "message": {"text": _text(found.message)},
        "locations": [{**_location(found.path, _region(found), root), **_logical(found)}],
        "partialFingerprints": {"codeassistFinding/v1": found.fingerprint},
    }
    if found.flow:
        result["codeFlows"] = [_flow(found, root)]
    if found.counterexample:
        result["properties"] = {"counterexample": {k: _text(v) for k, v in found.counterexample.items()}}
    return result


def _region(found: Finding) -> dict[str, int]:
    """All four coordinates, from 1, the end exclusive."""
    end_line = max(found.end_line, found.line)
    start = found.column + 1
    end = found.end_column + 1 if found.end_line else start + 1
    if end_line == found.line and end <= start:
        end = start + 1
    return {"startLine": found.line, "startColumn": start, "endLine": end_line, "endColumn": end}


def _location(path: str, region: dict[str, int], root: str) -> dict[str, Any]:
    place = {"uri": quote(relative(path, root)), "uriBaseId": "SRCROOT"}
    return {"physicalLocation": {"artifactLocation": place, "region": region}}


def _logical(found: Finding) -> dict[str, Any]:
    return {"logicalLocations": [{"fullyQualifiedName": found.function, "kind": "function"}]}


def _flow(found: Finding, root: str) -> dict[str, Any]:
    """The run on the new side, step by step."""
    steps = [
        {
            "location": {**_location(path, _line(line), root), "message": {"text": _text(words)}},
            "executionOrder": order,
        }
        for order, (path, line, words) in enumerate(found.flow[:MOST_STEPS], 1)
    ]
    return {"message": {"text": _text(found.message)}, "threadFlows": [{"locations": steps}]}


def _line(line: int) -> dict[str, int]:
    return {"startLine": line, "startColumn": 1, "endLine": line + 1, "endColumn": 1}


def _text(text: str) -> str:
    text = inert(text, keep="\n")
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
