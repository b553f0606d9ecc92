"""A review as JSON: findings, and the verdict of each changed function."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from codeassist.records.report import Finding
from codeassist.records.review import FunctionVerdict, Review


def render(review: Review) -> Iterator[str]:
    """One document, strict and ASCII."""
    document = {
        "format": "codeassist/review",
        "version": 1,
        "findings": [_finding(f, review.root) for f in review.findings],
        "functions": [_function(f, review.root) for f in review.functions],
        "notices": [
            {"slug": n.slug, "message": n.message, "path": n.path, "line": n.line} for n in review.notices
        ],
        "suppressed": review.suppressed,
        "opinions": list(review.opinions),
    }
    yield json.dumps(document, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _finding(found: Finding, root: str) -> dict[str, Any]:
    return {
        "rule": found.rule,
        "level": found.level,
        "message": found.message,
        "path": relative(found.path, root),
        "line": found.line,
        "function": found.function,
        "verified": found.verified,
        "counterexample": dict(found.counterexample) if found.counterexample else None,
        "fingerprint": found.fingerprint,
    }


def _function(found: FunctionVerdict, root: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "function": found.function,
        "path": relative(found.path, root),
        "line": found.line,
        "verdict": found.verdict,
        "inputs": found.inputs,
        "tests": list(found.tests),
    }
    extra = {"reason": found.reason, "was": found.was, "branches": found.branches}
    return told | {name: value for name, value in extra.items() if value}


def relative(path: str, root: str) -> str:
    """The path from the repository's root, with slashes, where it lies inside."""
    inside = root and path.startswith(root.rstrip(os.sep) + os.sep)
    return (os.path.relpath(path, root) if inside else path).replace(os.sep, "/")
