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
    if len(kinds) == 1 and kinds[0] == "tuple" and fields(values):
        return f"({text('list.comma').join(fields(values))})"
    if len(kinds) == 1 and kinds[0] == "dict":
        return _mapping(text, values) or "dict"
    if len(kinds) == 1 and 0 < len(inner) <= 2 and inner != ["None"]:
        return text("type.of", outer=kinds[0], inner=text.listing(inner, "or"))
    return text.listing(kinds, "or")


def fields(values: Sequence[Any]) -> list[str]:
    """For tuples that are all of one length of two to four: the type at each place, if each has one."""
    lengths = {len(value) for value in values}
    if len(lengths) != 1 or not 2 <= next(iter(lengths)) <= 4:
        return []
    found = [names(place) for place in zip(*values, strict=True)]
    return [kinds[0] for kinds in found] if all(len(kinds) == 1 for kinds in found) else []


def _mapping(text: Catalogue, values: Sequence[Any]) -> str:
    keys = names(key for value in values for key in value)
    inner = names(item for value in values for item in value.values())
    if len(keys) != 1 or len(inner) != 1:
        return ""
    return text("type.map", outer="dict", key=keys[0], value=inner[0])


def check(expr: str, values: Sequence[Any]) -> str:
    """An expression that says of `expr` what `words` says; empty where the judge has no words for it."""
    kinds = names(values)
    plain = [kind for kind in kinds if kind != "None"]
    if not kinds or len(kinds) > 4 or any(kind not in CHECKED for kind in plain):
        return ""
    parts = [_instance(expr, plain)] if plain else []
    if kinds == ["tuple"] and fields(values):
        places = [k for k in enumerate(fields(values)) if k[1] in CHECKED]
        return " and ".join(
            [*parts, f"len({expr}) == {len(values[0])}", *(_instance(f"{expr}[{n}]", [k]) for n, k in places)]
        )
    if kinds == ["dict"]:
        return " and ".join([*parts, *_mapping_check(expr, values)])
    inner = items(values)
    if len(kinds) == 1 and 0 < len(inner) <= 2 and all(kind in CHECKED for kind in inner):
        parts.append(f"all({_instance('item', inner)} for item in {expr})")
    said = " and ".join(parts)
    if "None" not in kinds:
        return said
    return f"{expr} is None or {said}" if said else f"{expr} is None"


def _mapping_check(expr: str, values: Sequence[Any]) -> list[str]:
    keys = names(key for value in values for key in value)
    inner = names(item for value in values for item in value.values())
    if len(keys) != 1 or len(inner) != 1 or keys[0] not in CHECKED or inner[0] not in CHECKED:
        return []
    return [f"all(isinstance(key, {keys[0]}) and isinstance({expr}[key], {inner[0]}) for key in {expr})"]


def _instance(expr: str, kinds: Sequence[str]) -> str:
    if len(kinds) == 1:
        return f"isinstance({expr}, {kinds[0]})"
    return f"isinstance({expr}, ({', '.join(kinds)}))"
