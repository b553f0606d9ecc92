"""Values as short as a reader wants them: chains and trees by their values, long texts by their ends."""

from __future__ import annotations

from typing import Any

from codeassist.records.values import Instance, literal

MOST_LINKS = 12


def brief(value: Any) -> str:
    """`value` in one line: literal text, but a linked structure as `Node 1 -> 2 -> 3`."""
    if isinstance(value, Instance):
        return _instance(value)
    if isinstance(value, (list, tuple)) and any(isinstance(item, Instance) for item in value):
        inside = ", ".join(brief(item) for item in value)
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    return literal(value)


def whole(value: Any) -> bool:
    """Whether `brief` is the literal text itself."""
    return brief(value) == literal(value)


def _instance(value: Instance) -> str:
    links = [name for name, item in value.attributes.items() if _same_class(item, value)]
    data = [name for name, item in value.attributes.items() if not isinstance(item, Instance)]
    tellable = [name for name in data if value.attributes[name] is not None]
    if len(links) == 1 and len(tellable) == 1:
        return _chain(value, links[0], tellable[0])
    empty = [name for name in data if value.attributes[name] is None]
    if not links and len(tellable) == len(empty) == 1:
        return f"{value.cls} {literal(value.attributes[tellable[0]])}"
    inner = ", ".join(f"{name}={_attribute(value.attributes[name])}" for name in value.attributes)
    return f"{value.cls}({inner})"


def _same_class(item: Any, value: Instance) -> bool:
    return isinstance(item, Instance) and item.cls == value.cls


def _attribute(item: Any) -> str:
    return f"{item.cls}(...)" if isinstance(item, Instance) else literal(item)


def _chain(value: Instance, link: str, data: str) -> str:
    parts: list[str] = []
    at: Any = value
    seen: set[int] = set()
    while isinstance(at, Instance) and id(at) not in seen and len(parts) < MOST_LINKS:
        seen.add(id(at))
        parts.append(literal(at.attributes.get(data)))
        at = at.attributes.get(link)
    rest = "" if at is None else " -> ..."
    return f"{value.cls} {' -> '.join(parts)}{rest}"
