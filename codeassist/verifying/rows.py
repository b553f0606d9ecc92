"""Rows of `codeassist verify`: JSON lines in, JSON objects out; a bad row is a row, not the end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from codeassist.records.answer import UNCHECKED, Claim, Verdict

MAX_ROW = 16_000_000
"""characters of one row"""
_ENVELOPE = ("kind", "id", "text", "scope", "path")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what to run and what is claimed of it. `fault` says why it cannot be judged at all."""

    id: Any
    code: str | None = None
    path: str | None = None
    call: str = ""
    inputs: str = ""
    """how to make inputs of size n, for claims of complexity in `n`"""
    claim: Claim | None = None
    fault: str = ""

    @property
    def key(self) -> tuple[str | None, str | None, str, str]:
        """Rows with the same key share one run."""
        return (self.code, self.path, self.call, self.inputs)


def read_row(text: str) -> Row:
    """The row that one line holds; never raises."""
    if len(text) > MAX_ROW:
        return Row(None, fault="the row is too long")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return Row(None, fault="the row is not JSON")
    if not isinstance(document, dict):
        return Row(None, fault="the row is not an object")
    return row_of(document)


def row_of(document: Mapping[str, Any]) -> Row:
    """The row that an object describes; never raises."""
    id_ = document.get("id")
    fault = _fault(document)
    if fault:
        return Row(_plain_id(id_), fault=fault)
    inputs = document.get("inputs")
    return Row(
        _plain_id(id_),
        document.get("code"),
        document.get("path"),
        document["call"],
        inputs if isinstance(inputs, str) else "",
        claim_of(document["claim"]),
    )


def _plain_id(id_: Any) -> Any:
    return id_ if isinstance(id_, (str, int)) and not isinstance(id_, bool) else None


def _fault(document: Mapping[str, Any]) -> str:
    code, path = document.get("code"), document.get("path")
    if (code is None) == (path is None):
        return "a row has either code or path"
    if not isinstance(code if path is None else path, str):
        return "code and path are texts"
    if not isinstance(document.get("call"), str):
        return "a row has a call"
    if not isinstance(document.get("claim"), dict):
        return "a row has a claim, which is an object"
    if not isinstance(document["claim"].get("kind"), str):
        return "a claim has a kind"
    return ""


def claim_of(document: Mapping[str, Any]) -> Claim:
    """A claim as claims.md writes it; wrong types are left for the judge to refuse."""
    own = ("text",) if document.get("kind") == "prints" else ()  # there it is what was printed
    fields = {name: value for name, value in document.items() if name in own or name not in _ENVELOPE}
    named = {name: document.get(name) for name in ("id", "text", "path") if name not in own}
    if any(value is not None and not isinstance(value, str) for value in named.values()):
        return Claim(str(document.get("kind")), {})  # no fields: a bad claim of any kind
    texts = {name: value or "" for name, value in named.items()}
    return Claim(str(document.get("kind")), fields, scope=document.get("scope"), **texts)


def unjudged(row: Row, reason: str, message: str) -> dict[str, Any]:
    """The answer to a row that could not be judged."""
    return {
        "id": row.id,
        "status": UNCHECKED,
        "reason": reason,
        "runs": 0,
        "witness": None,
        "message": message,
    }


def answered(row: Row, verdict: Verdict) -> dict[str, Any]:
    """The answer to a row, as cli.md and claims.md write it."""
    found = verdict.witness
    witness = None
    if found is not None:
        witness = {"run": found.run, "step": found.step, "line": found.line, "state": dict(found.state)}
    return {
        "id": row.id,
        "status": verdict.status,
        "reason": verdict.reason,
        "runs": verdict.runs,
        "exhaustive": verdict.exhaustive,
        "witness": witness,
        "actual": verdict.actual,
    }
