"""Types of recorded values in words (`list of int`), and the expression by which the judge checks them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from codeassist.messages import Catalogue
from codeassist.records.values import type_name

CHECKED = ("bool", "int", "float", "str", "tuple", "list", "dict", "set", "frozenset")
CONTAINERS = ("list", "tuple", "set", "frozenset")
MUTABLE = ("list", "dict", "set", "bytearray", "deque", "defaultdict", "Counter", "OrderedDict", "array")


def names(values: Iterable[Any]) -> list[str]:
    """Type names in the order in which they were seen, `None` last."""
    found = list(dict.fromkeys(type_name(value) for value in values))
    return [name for name in found if name != "NoneType"] + ["None"] * ("NoneType" in found)


def items(values: Sequence[Any]) -> list[str]:
    """Type names of the items, where all values are lists, tuples or sets."""
    if not values or any(type_name(value) not in CONTAINERS for value in values):
        return []
    return names(item for value in values for item in value)


def words(text: Catalogue, values: Sequence[Any]) -> str:
    """`int`, `list of int`, `int or None`; empty where there is nothing to say."""
    kinds = names(values)
    if not kinds or len(kinds) > 4:
        return ""
    inner = items(values)
    if len(kinds) == 1 and 0 < len(inner) <= 2 and inner != ["None"]:
        return text("type.of", outer=kinds[0], inner=text.listing(inner, "or"))
    return text.listing(kinds, "or")


def check(expr: str, values: Sequence[Any]) -> str:
    """An expression that says of `expr` what `words` says; empty where the judge has no words for it."""
    kinds = names(values)
    plain = [kind for kind in kinds if kind != "None"]
    if not kinds or len(kinds) > 4 or any(kind not in CHECKED for kind in plain):
        return ""
    parts = [_instance(expr, plain)] if plain else []
    inner = items(values)
    if len(kinds) == 1 and 0 < len(inner) <= 2 and all(kind in CHECKED for kind in inner):
        parts.append(f"all({_instance('item', inner)} for item in {expr})")
    said = " and ".join(parts)
    if "None" not in kinds:
        return said
    return f"{expr} is None or {said}" if said else f"{expr} is None"


def _instance(expr: str, kinds: Sequence[str]) -> str:
    if len(kinds) == 1:
        return f"isinstance({expr}, {kinds[0]})"
    return f"isinstance({expr}, ({', '.join(kinds)}))"
