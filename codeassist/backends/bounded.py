"""The schema of an answer with a bound on everything, so that what a model writes by it also ends.

Nothing constrains a small model but its grammar: a text without a bound goes on for ever, and a list
without one never closes. The bounds are chosen so that the longest answer still fits the room.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

KINDS = (
    "returns value type branch next executes iterations exit_by calls depth mutates post invariant raises"
).split()
"""kinds that a small model may claim: those whose fields are few and plain"""
_PLAIN = r"[ !#-\[\]-~]"
"""a character that costs at most one token and needs no escape in JSON"""
_WIDE = r"[ !#-\[\]-~\u4e00-\u9fff\u3001\u3002\uff0c\uff1b\uff1a\uff08\uff09]"
LARGEST = 99_999
"""of the numbers that a claim may hold"""
_SCALES = (
    (6, 2, 160, 8),
    (4, 2, 120, 6),
    (3, 2, 100, 4),
    (2, 1, 90, 3),
    (1, 1, 80, 2),
    (1, 1, 60, 1),
    (1, 1, 40, 0),
    (1, 1, 15, 0),
)
"""sections, sentences of each, characters of a sentence, claims: from rich to poor"""
LEAST = 280
"""tokens below which no answer is worth asking for"""


def bounded_schema(sections: Sequence[str], functions: Sequence[str], room: int, lang: str) -> dict[str, Any]:
    """The richest schema whose longest answer has at most `room` tokens, in the worst case."""
    for scale in _SCALES:
        schema = _schema(tuple(sections), tuple(functions), lang.startswith("zh"), *scale)
        if worst(schema) <= room:
            return schema
    return schema


def _schema(
    sections: tuple[str, ...],
    functions: tuple[str, ...],
    is_wide: bool,
    most: int,
    each: int,
    long: int,
    claims: int,
) -> dict[str, Any]:
    character = _WIDE if is_wide else _PLAIN
    ids = {"type": "array", "items": _text(r"[a-z]{1,2}[0-9]{1,3}", 5), "maxItems": 2}
    sentence = _object(text=_text(f"{character}{{1,{long}}}", long * (3 if is_wide else 1)), claims=ids)
    told = {"type": "array", "items": sentence, "minItems": 1, "maxItems": each}
    section = _object(id={"type": "string", "enum": list(sections) or ["purpose"]}, sentences=told)
    return _object(
        claims={"type": "array", "items": {"anyOf": _claims(functions)}, "maxItems": claims},
        summary={"anyOf": [sentence, {"type": "null"}]},
        sections={"type": "array", "items": section, "maxItems": most},
        annotations={"type": "array", "items": sentence, "maxItems": 0},
    )


def _object(**fields: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _text(pattern: str, tokens: int) -> dict[str, Any]:
    """A text by a pattern; `x-tokens` is what its longest form may cost."""
    return {"type": "string", "pattern": f"^{pattern}$", "x-tokens": tokens}


@cache
def _claims(functions: tuple[str, ...]) -> list[dict[str, Any]]:
    """One object for each kind: its required fields, each with a bound."""
    kinds = json.loads((files("codeassist.schemas") / "claims.json").read_text(encoding="utf-8"))["oneOf"]
    found = []
    for kind in kinds:
        name = kind["properties"]["kind"]["const"]
        if name in KINDS:
            own = {field: _field(field, kind["properties"][field], functions) for field in _required(kind)}
            found.append(_object(id=_text("m[1-9]", 4), kind={"type": "string", "enum": [name]}, **own))
    return found


def _required(kind: dict[str, Any]) -> list[str]:
    return [name for name in kind.get("required", ()) if name not in ("kind", "id")]


def _field(name: str, spec: dict[str, Any], functions: tuple[str, ...]) -> dict[str, Any]:
    if name == "func":
        return {"type": "string", "enum": list(functions)} if functions else _text(f"{_PLAIN}{{1,40}}", 40)
    if "enum" in spec:
        return {"type": "string", "enum": [each for each in spec["enum"] if isinstance(each, str)]}
    if spec.get("type") == "boolean":
        return {"type": "boolean"}
    if spec.get("type") == "integer" or name in ("line", "count", "max", "next"):
        return {"type": "integer", "minimum": 0, "maximum": LARGEST}
    return _text(f"{_PLAIN}{{1,40}}", 40)


def worst(schema: dict[str, Any]) -> int:
    """Tokens of the longest answer that fits, when each character is a token of its own."""
    if "anyOf" in schema:
        return max(worst(each) for each in schema["anyOf"])
    if "enum" in schema:
        return max(len(json.dumps(each)) for each in schema["enum"])
    kind = schema.get("type")
    if kind == "string":
        return int(schema["x-tokens"]) + 2
    if kind == "array":
        return 2 + int(schema["maxItems"]) * (worst(schema["items"]) + 1)
    if kind == "object":
        return 2 + sum(len(name) + 4 + worst(spec) for name, spec in schema["properties"].items())
    return {"integer": len(str(LARGEST)), "boolean": 5, "null": 4}.get(str(kind), 0)


def without_notes(schema: Any) -> Any:
    """The schema without our own marks, as an engine wants it."""
    if isinstance(schema, dict):
        return {name: without_notes(value) for name, value in schema.items() if name != "x-tokens"}
    return [without_notes(value) for value in schema] if isinstance(schema, list) else schema
