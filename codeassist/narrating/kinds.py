"""Types of recorded values in words (`list of int`), and the expression by which the judge checks them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from codeassist.messages import Catalogue
from codeassist.records.values import type_name

CHECKED = ("bool", "int", "float", "str", "tuple", "list", "dict", "set", "frozenset")
CONTAINERS = ("list", "tuple", "set", "frozenset")
MOST_KINDS = 3
MUTABLE = ("list", "dict", "set", "bytearray", "deque", "defaultdict", "Counter", "OrderedDict", "array")


def names(values: Iterable[Any]) -> list[str]:
    """Type names in the order in which they were seen, `None` last."""
    found = list(dict.fromkeys(type_name(value) for value in values))
    return [name for name in found if name != "NoneType"] + ["None"] * ("NoneType" in found)


def words(text: Catalogue, values: Sequence[Any]) -> str:
    """`int`, `list of int`, `(int, int) or None`; empty where there is nothing to say."""
    found = _by_kind(values)
    if not found or len(found) > MOST_KINDS:
        return ""
    return text.listing([_phrase(text, kind, of_kind) for kind, of_kind in found.items()], "or")


def check(expr: str, values: Sequence[Any]) -> str:
    """An expression that says of `expr` what `words` says; empty where the judge has no words for it."""
    found = _by_kind(values)
    if not found or len(found) > MOST_KINDS or any(kind not in (*CHECKED, "None") for kind in found):
        return ""
    parts = [_test(expr, kind, of_kind) for kind, of_kind in found.items()]
    return parts[0] if len(parts) == 1 else " or ".join(f"({part})" for part in parts)


def _by_kind(values: Sequence[Any]) -> dict[str, list[Any]]:
    return {kind: [v for v in values if names([v]) == [kind]] for kind in names(values)}


def _phrase(text: Catalogue, kind: str, values: Sequence[Any]) -> str:
    if kind == "tuple" and _fields(values):
        return f"({', '.join(_fields(values))})"
    if kind == "dict" and all(_entries(values)):
        keys, held = _entries(values)
        return text("type.map", outer=kind, key=keys, value=held)
    inner = _items(kind, values)
    if len(inner) == 1 and inner[0] in CONTAINERS:
        within = _phrase(text, inner[0], [item for value in values for item in value])
        return text("type.of", outer=kind, inner=within)
    return text("type.of", outer=kind, inner=text.listing(inner, "or")) if inner else kind


def _test(expr: str, kind: str, values: Sequence[Any], item: str = "item") -> str:
    if kind == "None":
        return f"{expr} is None"
    parts = [_instance(expr, [kind])]
    if kind == "tuple" and _fields(values):
        places = [place for place in enumerate(_fields(values)) if place[1] in CHECKED]
        parts += [f"len({expr}) == {len(values[0])}", *(_instance(f"{expr}[{n}]", [k]) for n, k in places)]
    elif kind == "dict" and all(name in CHECKED for name in _entries(values)):
        keys, held = _entries(values)
        parts.append(f"all(isinstance(key, {keys}) and isinstance({expr}[key], {held}) for key in {expr})")
    elif _items(kind, values) and all(name in CHECKED for name in _items(kind, values)):
        inner = _items(kind, values)
        if len(inner) == 1 and inner[0] in CONTAINERS:
            within = _test(item, inner[0], [i for value in values for i in value], f"{item}_")
        else:
            within = _instance(item, inner)
        parts.append(f"all({within} for {item} in {expr})")
    return " and ".join(parts)


def _items(kind: str, values: Sequence[Any]) -> list[str]:
    """Type names of the items of lists, tuples or sets: at most three, else none."""
    if kind not in CONTAINERS:
        return []
    found = names(item for value in values for item in value)
    return found if len(found) <= 3 and found != ["None"] else []


def _fields(values: Sequence[Any]) -> list[str]:
    """For tuples that are all of one length of two to four: the type at each place, if each has one."""
    lengths = {len(value) for value in values}
    if len(lengths) != 1 or not 2 <= next(iter(lengths)) <= 4:
        return []
    found = [names(place) for place in zip(*values, strict=True)]
    return [kinds[0] for kinds in found] if all(len(kinds) == 1 for kinds in found) else []


def _entries(values: Sequence[Any]) -> tuple[str, str]:
    """The one type of the keys and the one of the values; empty where there are several."""
    keys = names(key for value in values for key in value)
    inner = names(item for value in values for item in value.values())
    return (keys[0], inner[0]) if len(keys) == len(inner) == 1 else ("", "")


def _instance(expr: str, kinds: Sequence[str]) -> str:
    if len(kinds) == 1:
        return f"isinstance({expr}, {kinds[0]})"
    return f"isinstance({expr}, ({', '.join(kinds)}))"
