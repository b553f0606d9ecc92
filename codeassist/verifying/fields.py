"""What each kind of claim must and may say: names, types, defaults; anything else is a bad claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from codeassist.records.answer import Claim
from codeassist.verifying.findings import Unchecked

REQUIRED: Any = object()
OPERATORS = ("==", "<", "<=", ">", ">=")
EXITS = ("exhausted", "condition", "break", "return", "exception")
MOMENTS = ("body_start", "body_end", "head", "exit")
ROLES = (
    "fixed value", "stepper", "most-recent holder", "most-wanted", "gatherer", "one-way flag", "follower",
    "walker", "container", "organizer", "temporary",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Type:
    """One type of field: a test, and the same in JSON Schema."""

    accepts: Callable[[Any], bool]
    schema: Mapping[str, Any]


def _is_int(value: Any, least: int) -> bool:
    return type(value) is int and value >= least


def _strings(value: Any, item: Callable[[Any], bool]) -> bool:
    return type(value) is dict and all(type(k) is str and item(v) for k, v in value.items())


def _pair(value: Any) -> bool:
    sides = type(value) in (list, tuple) and len(value) == 2
    return sides and all(side is None or type(side) is str for side in value)


def _choice(*names: str) -> Type:
    return Type(lambda v: type(v) is str and v in names, {"enum": list(names)})


_POSITIVE = {"type": "integer", "minimum": 1}
TEXT = Type(lambda v: type(v) is str and bool(v.strip()), {"type": "string", "minLength": 1})
ANY_TEXT = Type(lambda v: type(v) is str, {"type": "string"})
FLAG = Type(lambda v: type(v) is bool, {"type": "boolean"})
COUNT = Type(lambda v: _is_int(v, 0), {"type": "integer", "minimum": 0})
LINE = Type(lambda v: _is_int(v, 1), _POSITIVE)
CALL = LINE
CALLS = Type(lambda v: _is_int(v, 1) or v == "all", {"anyOf": [_POSITIVE, {"const": "all"}]})
ENTRY = LINE
ENTRIES = Type(lambda v: _is_int(v, 1) or v == "total", {"anyOf": [_POSITIVE, {"const": "total"}]})
OCCURRENCE = Type(
    lambda v: _is_int(v, 1) or type(v) is str and v in ("last", "every", "some"),
    {"anyOf": [_POSITIVE, {"enum": ["last", "every", "some"]}]},
)
NEXT = Type(lambda v: _is_int(v, 1) or v == "end", {"anyOf": [_POSITIVE, {"const": "end"}]})
WHEN, OP, BY, AT = _choice("before", "after"), _choice(*OPERATORS), _choice(*EXITS), _choice(*MOMENTS)
ROLE, MEASURE, PART = _choice(*ROLES), _choice("time", "calls", "space"), _choice("call", "core")
ARGS = Type(
    lambda v: _strings(v, lambda x: type(x) is str),
    {"type": "object", "additionalProperties": {"type": "string"}},
)
CHANGES = Type(
    lambda v: _strings(v, _pair),
    {
        "type": "object",
        "additionalProperties": {
            "type": "array", "items": {"type": ["string", "null"]}, "minItems": 2, "maxItems": 2
        },
    },
)  # fmt: skip
SOURCES = Type(
    lambda v: _strings(v, lambda x: _is_int(x, 1) or x == "argument") and bool(v),
    {
        "type": "object", "minProperties": 1,
        "additionalProperties": {"anyOf": [_POSITIVE, {"const": "argument"}]},
    },
)  # fmt: skip

_F, _FL = {"func": (TEXT, REQUIRED)}, {"func": (TEXT, REQUIRED), "line": (LINE, REQUIRED)}
_STEP = {"call": (CALL, 1), "occurrence": (OCCURRENCE, 1)}
_OP = {"op": (OP, "==")}

KINDS: dict[str, dict[str, tuple[Type, Any]]] = {
    "value": {**_FL, "expr": (TEXT, REQUIRED), "value": (TEXT, REQUIRED), **_STEP, "when": (WHEN, "after")},
    "type": {**_FL, "expr": (TEXT, REQUIRED), "type": (TEXT, REQUIRED), **_STEP, "when": (WHEN, "after")},
    "sequence": {
        **_FL, "var": (TEXT, None), "expr": (TEXT, None), "values": (TEXT, REQUIRED), "call": (CALL, 1),
        "entry": (ENTRY, 1),
    },
    "delta": {**_FL, "changes": (CHANGES, REQUIRED), **_STEP},
    "branch": {**_FL, "taken": (FLAG, REQUIRED), "occurrence": (OCCURRENCE, 1), "call": (CALLS, "all")},
    "next": {**_FL, "next": (NEXT, REQUIRED), **_STEP},
    "executes": {**_FL, "count": (COUNT, REQUIRED), **_OP, "call": (CALL, 1)},
    "iterations": {**_FL, "count": (COUNT, REQUIRED), "entry": (ENTRIES, 1), **_OP, "call": (CALL, 1)},
    "exit_by": {**_FL, "by": (BY, REQUIRED), "entry": (ENTRY, 1), "call": (CALL, 1)},
    "returns": {**_F, "value": (TEXT, REQUIRED), "call": (CALL, 1)},
    "yields": {**_F, "values": (TEXT, REQUIRED), "call": (CALL, 1)},
    "raises": {**_F, "exception": (TEXT, REQUIRED), "line": (LINE, None), "call": (CALL, 1)},
    "prints": {**_F, "text": (ANY_TEXT, REQUIRED), "call": (CALL, 1)},
    "calls": {**_F, "count": (COUNT, REQUIRED), **_OP, "caller": (TEXT, None), "args": (ARGS, None)},
    "call_args": {**_F, "args": (ARGS, REQUIRED), "call": (CALL, 1)},
    "depth": {**_F, "max": (COUNT, REQUIRED), **_OP},
    "mutates": {**_F, "param": (TEXT, REQUIRED), "mutated": (FLAG, REQUIRED), "call": (CALL, 1)},
    "aliases": {
        **_F, "a": (TEXT, REQUIRED), "b": (TEXT, REQUIRED), "aliased": (FLAG, True), "call": (CALL, 1)
    },
    "pure": {**_F, "pure": (FLAG, REQUIRED)},
    "depends": {**_FL, "on": (SOURCES, REQUIRED), **_STEP},
    "invariant": {**_FL, "expr": (TEXT, REQUIRED), "at": (AT, "body_start"), "call": (CALLS, "all")},
    "variant": {**_FL, "expr": (TEXT, REQUIRED), "call": (CALLS, "all")},
    "pre": {**_F, "expr": (TEXT, REQUIRED)},
    "post": {**_F, "expr": (TEXT, REQUIRED)},
    "equivalent": {**_F, "expr": (TEXT, REQUIRED)},
    "unreachable": {**_FL},
    "role": {**_F, "var": (TEXT, REQUIRED), "role": (ROLE, REQUIRED)},
    "complexity": {
        **_F, "class": (TEXT, REQUIRED), "in": (TEXT, REQUIRED), "measure": (MEASURE, "time"),
        "tight": (FLAG, True), "part": (PART, "call"),
    },
    "algorithm": {**_F, "name": (TEXT, REQUIRED), "family": (TEXT, None)},
}  # fmt: skip
"""kind -> field -> (type, default): REQUIRED must be there, None may be left out"""

UNIVERSAL = frozenset(
    {"invariant", "variant", "pre", "post", "pure", "complexity", "equivalent", "unreachable"}
)


def checked(claim: Claim) -> dict[str, Any]:
    """The claim's fields with defaults filled in. Raises Unchecked: unknown-kind, bad-claim."""
    wanted = KINDS.get(claim.kind) if isinstance(claim.kind, str) else None
    if wanted is None:
        raise Unchecked("unknown-kind")
    fields = {name: _field(claim, name, *spec) for name, spec in wanted.items()}
    fields["loose"] = claim.fields.get("loose", False)
    if type(fields["loose"]) is not bool or not _scope_is_good(claim.scope):
        raise Unchecked("bad-claim")
    if claim.kind == "sequence" and (fields["var"] is None) == (fields["expr"] is None):
        raise Unchecked("bad-claim")
    return fields


def _field(claim: Claim, name: str, kind: Type, default: Any) -> Any:
    value = claim.fields.get(name)
    if value is None:
        if default is REQUIRED:
            raise Unchecked("bad-claim")
        return default
    if not kind.accepts(value):
        raise Unchecked("bad-claim")
    return value


def _scope_is_good(scope: Any) -> bool:
    if scope is None or scope == "all":
        return True
    return type(scope) is dict and list(scope) == ["run"] and _is_int(scope["run"], 0)


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one claim, every kind; what `codeassist schema claims` prints."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://codeassist.invalid/schemas/claims-1.json",
        "title": "A claim of codeassist, version 1",
        "oneOf": [_kind_schema(kind, fields) for kind, fields in KINDS.items()],
    }


def _kind_schema(kind: str, fields: Mapping[str, tuple[Type, Any]]) -> dict[str, Any]:
    common: dict[str, Any] = {
        "kind": {"const": kind},
        "id": {"type": "string"},
        "text": {"type": "string"},
        "path": {"type": "string"},
        "scope": {
            "anyOf": [
                {"const": "all"},
                {
                    "type": "object", "required": ["run"], "additionalProperties": False,
                    "properties": {"run": {"type": "integer", "minimum": 0}},
                },
            ]
        },
        "loose": {"type": "boolean", "default": False},
    }  # fmt: skip
    required = ["kind", *(name for name, (_, default) in fields.items() if default is REQUIRED)]
    own = {name: _property(*spec) for name, spec in fields.items()}
    result: dict[str, Any] = {"type": "object", "properties": {**common, **own}, "required": required}
    if kind == "sequence":
        result["oneOf"] = [{"required": ["var"]}, {"required": ["expr"]}]
    return result


def _property(kind: Type, default: Any) -> dict[str, Any]:
    return (
        dict(kind.schema) if default is REQUIRED or default is None else {**kind.schema, "default": default}
    )
