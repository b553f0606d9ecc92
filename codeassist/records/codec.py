"""Records as JSON and back: what the cache and saved conversations hold, never pickle."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from codeassist.records import answer, conversation, evidence, found, location, program, report

_MODULES = (answer, conversation, evidence, found, location, program, report)
RECORDS = {
    name: kind
    for module in _MODULES
    for name, kind in vars(module).items()
    if dataclasses.is_dataclass(kind) and isinstance(kind, type)
}


def to_json(value: Any) -> Any:
    """`value` as JSON; a record becomes {"record": its name, its fields}, a tuple a list."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"record": type(value).__name__, "fields": fields}
    if isinstance(value, Mapping):
        return {"mapping": [[to_json(key), to_json(item)] for key, item in value.items()]}
    if isinstance(value, list):
        return {"list": [to_json(item) for item in value]}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    return value


def from_json(document: Any) -> Any:
    """The inverse of `to_json`. Raises ValueError, TypeError or KeyError for anything else."""
    if isinstance(document, list):
        return tuple(from_json(item) for item in document)
    if not isinstance(document, dict):
        return document
    if "record" in document:
        fields = {name: from_json(item) for name, item in document["fields"].items()}
        return RECORDS[document["record"]](**fields)
    if "list" in document:
        return [from_json(item) for item in document["list"]]
    return {from_json(key): from_json(item) for key, item in document["mapping"]}
