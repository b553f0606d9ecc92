"""The JSON schema of a model's answer: the strict form that providers enforce, and the test of a reply.

Strict means: every field required, null instead of absent, no further fields. A mapping whose names
are free (the changes of a step, say) becomes a list of entries, since strict schemas have no such thing.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

_TEXT = {"type": "string"}
_IDS = {"type": "array", "items": _TEXT}
_NULL = {"type": "null"}
_ENTRIES = {
    "args": ("name", "value"),
    "changes": ("name", "old", "new"),
    "on": ("name", "line"),
}
"""field of a claim -> the parts of one of its entries"""
_KEPT = ("type", "enum", "const")


def _object(**fields: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


@cache
def answer_schema() -> dict[str, Any]:
    """What a provider is asked to enforce; made from the public vocabulary of claims."""
    sentence = _object(text=_TEXT, claims=_IDS)
    return _object(
        summary={"anyOf": [sentence, _NULL]},
        sections=_array(_object(id=_TEXT, sentences=_array(sentence))),
        annotations=_array(_object(line={"type": "integer"}, text=_TEXT, claims=_IDS)),
        claims=_array(_claim()),
    )


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _claim() -> dict[str, Any]:
    """All kinds in one object, since strict schemas want the same fields everywhere."""
    kinds = json.loads((files("codeassist.schemas") / "claims.json").read_text(encoding="utf-8"))["oneOf"]
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in kinds:
        for name, spec in kind["properties"].items():
            if name not in ("kind", "id", "text", "path", "scope", "loose"):
                found.setdefault(name, []).extend(_plain(name, spec))
    fields = {name: _nullable(specs) for name, specs in sorted(found.items())}
    names = [kind["properties"]["kind"]["const"] for kind in kinds]
    return _object(
        id=_TEXT,
        kind={"type": "string", "enum": names},
        scope=_nullable([{"type": "string", "enum": ["all"]}]),
        **fields,
    )


def _plain(name: str, spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The alternatives of one field, without bounds: the judge knows them."""
    if name in _ENTRIES:
        return [_array(_object(**{part: _part(name, part) for part in _ENTRIES[name]}))]
    if "anyOf" in spec:
        return [plain for each in spec["anyOf"] for plain in _plain(name, each)]
    kept = {key: spec[key] for key in _KEPT if key in spec}
    if "const" in kept:
        kept = {"enum": [kept["const"]]}
    return [{"type": "string", **kept}]


def _part(name: str, part: str) -> dict[str, Any]:
    if part in ("old", "new"):
        return {"type": ["string", "null"]}
    return {"type": ["integer", "string"]} if (name, part) == ("on", "line") else _TEXT


def _nullable(specs: list[dict[str, Any]]) -> dict[str, Any]:
    distinct = [spec for number, spec in enumerate(specs) if spec not in specs[:number]]
    return {"anyOf": [*distinct, _NULL]}


def misfit(document: Any, schema: dict[str, Any], place: str = "the answer") -> str:
    """Where `document` departs from `schema`, in words; empty when it fits.

    A field that may be null may be absent: servers that do not enforce a schema leave it out.
    """
    if "anyOf" in schema:
        if not any(not misfit(document, each) for each in schema["anyOf"]):
            return f"{place} is none of what it may be"
        return ""
    if not _is_typed(document, schema.get("type")):
        return f"{place} is no {schema['type']}"
    if "enum" in schema and document not in schema["enum"]:
        return f"{place} is none of {len(schema['enum'])} known words"
    if isinstance(document, dict):
        return _misfit_object(document, schema, place)
    if isinstance(document, list):
        found = (misfit(item, schema["items"], f"{place}[{n}]") for n, item in enumerate(document))
        return next((fault for fault in found if fault), "")
    return ""


def _misfit_object(document: dict[str, Any], schema: dict[str, Any], place: str) -> str:
    fields = schema["properties"]
    extra = [name for name in document if name not in fields]
    if extra:
        return f"{place} has a field that is not asked for"
    for name, spec in fields.items():
        if name not in document:
            if misfit(None, spec):
                return f"{place} lacks {name}"
            continue
        fault = misfit(document[name], spec, f"{place}.{name}")
        if fault:
            return fault
    return ""


_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def _is_typed(document: Any, wanted: str | list[str] | None) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted or []
    return not names or any(type(document) in _TYPES[name] for name in names)


def loosened(document: Any) -> Any:
    """An answer in the strict form as the plain one: nulls gone, lists of entries mappings again."""
    claims = [_loosened(claim) for claim in document["claims"]]
    return {**document, "claims": claims}


def _loosened(claim: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, value in claim.items():
        if value is None:
            continue
        found[name] = {e["name"]: _entry(name, e) for e in value} if name in _ENTRIES else value
    return found


def _entry(name: str, entry: dict[str, Any]) -> Any:
    if name == "changes":
        return [entry.get("old"), entry.get("new")]
    value = entry["value" if name == "args" else "line"]
    return int(value) if name == "on" and str(value).isdigit() else value
