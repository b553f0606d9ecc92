"""Calls read off a recorded run: the arguments that a function was given there, written as a call."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from codeassist.records.program import Function
from codeassist.records.trace import Activation, Trace
from codeassist.records.values import literal

MOST = 8
LONGEST = 300
"""characters of a call beyond which nobody reads it"""


def seen(trace: Trace, function: Function, most: int = MOST) -> list[str]:
    """Different calls of `function` in the run, in order, those with arguments that can be written down."""
    if trace.reader is None or function.kind not in ("function", "static"):
        return []
    found: dict[str, None] = {}
    for activation in trace.reader.activations():
        if activation.function.qualname != function.id.qualname or len(found) >= most:
            continue
        if activation.function.path not in ("", function.id.path):
            continue
        call = _call(trace, activation, function)
        if call and len(call) <= LONGEST:
            found[call] = None
    return list(found)


def _call(trace: Trace, activation: Activation, function: Function) -> str:
    assert trace.reader is not None
    first = activation.events[0] if activation.events else None
    event = next(iter(trace.reader.events(first, first + 1)), None) if first is not None else None
    given = event.value if event is not None and isinstance(event.value, Mapping) else None
    if given is None:
        return ""
    parts = [_argument(parameter.name, parameter.kind, given) for parameter in function.parameters]
    if None in parts:
        return ""
    return f"{function.id.qualname}({', '.join(part for part in parts if part)})"


def _argument(name: str, kind: str, given: Mapping[str, Any]) -> str | None:
    """One argument as it is written in a call; None where it cannot be."""
    if name not in given:
        return None
    text = literal(given[name])
    if not _is_plain(text):
        return None
    if kind == "star":
        return ", ".join(literal(item) for item in given[name])
    if kind == "double-star":
        return f"**{text}" if given[name] else ""
    return f"{name}={text}" if kind == "keyword-only" else text


def _is_plain(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return False
    return True
