"""The built-in functions that an expression may call."""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cmp_to_key
from math import log2
from typing import Any

from codeassist.records.values import EnumMember, Instance, NamedTuple, Opaque, Tensor, type_name
from codeassist.verifying.objects import Lazy, OpaqueValue, Raised, TypeName
from codeassist.verifying.operations import NUMBERS, Operations, guarded

TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, slice,
        deque, Counter, OrderedDict, defaultdict, array, Fraction, Decimal,
    )
}  # fmt: skip
_MISSING: Any = object()
_DIGITS = 4000
"""digits of a number that is turned into text or back"""


def is_a(value: Any, name: str) -> bool:
    """`isinstance(value, name)`; OpaqueValue where only the program's classes know."""
    kind = type(value)
    if type_name(value) == name or name == "object":
        return True
    if kind is Instance or kind in (EnumMember, Opaque, Tensor):
        raise OpaqueValue(value.cls)
    if kind is NamedTuple:
        return name == "tuple"
    if name in TYPES:
        return isinstance(value, TYPES[name])
    if name in ("NoneType", "type"):
        return False
    if name[:1].isupper():  # a class of the program: no built-in value is an instance of it
        return False
    raise OpaqueValue(name)


def _abs(sums: Operations, value: Any) -> Any:
    sums.refuse(value)
    return guarded(abs, value)


def _all(sums: Operations, items: Any) -> bool:
    return all(sums.truth(item) for item in sums.iterate(items))


def _any(sums: Operations, items: Any) -> bool:
    return any(sums.truth(item) for item in sums.iterate(items))


def _bool(sums: Operations, value: Any = False) -> bool:
    return sums.truth(value)


def _dict(sums: Operations, value: Any = (), **named: Any) -> Any:
    if isinstance(value, dict):
        return {**value, **named}
    pairs = [sums.listed(pair) for pair in sums.listed(value)]
    if any(len(pair) != 2 for pair in pairs):
        raise Raised(ValueError("dictionary update sequence element has another length than 2"))
    return {**sums.made(dict, pairs), **named}


def _enumerate(sums: Operations, items: Any, start: Any = 0) -> Lazy:
    inner = sums.iterate(items)
    ordered = sums.last_ordered
    if type(start) not in (int, bool):
        raise Raised(TypeError("start is not an integer"))
    return Lazy(enumerate(inner, start), ordered)


def _float(sums: Operations, value: Any = 0.0) -> float:
    sums.refuse(value)
    return float(guarded(float, value))


def _int(sums: Operations, value: Any = 0, base: Any = None) -> int:
    sums.refuse(value)
    if type(value) in (str, bytes, bytearray) and len(value) > _DIGITS:
        raise OpaqueValue("digits")
    if type(value) is Decimal and value.is_finite() and value.adjusted() > _DIGITS:
        raise OpaqueValue("digits")
    return int(guarded(int, value) if base is None else guarded(int, value, base))


def _iterable(kind: Callable[[Any], Any], ordered: bool) -> Callable[..., Any]:
    def make(sums: Operations, items: Any = ()) -> Any:
        listed = sums.listed(items, ordered)
        return kind(listed) if ordered else sums.made(kind, listed)

    return make


def _len(sums: Operations, value: Any) -> int:
    return sums.length(value)


def _best(pick: Callable[..., Any]) -> Callable[..., Any]:
    def best(sums: Operations, *args: Any, default: Any = _MISSING, key: str = "") -> Any:
        items = sums.listed(args[0], ordered=False) if len(args) == 1 else list(args)
        if not items and default is not _MISSING:
            return default
        keyed = [_keyed(sums, item, key) for item in items]
        index = guarded(pick, range(len(items)), lambda i: keyed[i])
        return items[index]

    return best


def _pick_max(indexes: range, key: Any) -> int:
    return max(indexes, key=key)


def _pick_min(indexes: range, key: Any) -> int:
    return min(indexes, key=key)


def _keyed(sums: Operations, item: Any, key: str) -> Any:
    item = sums.as_tuple(item)
    value = PURE[key](sums, item) if key else item
    sums.refuse(value)
    if not sums.plain(value):
        raise OpaqueValue("order of objects")
    return value


def _range(sums: Operations, *args: Any) -> Any:
    return guarded(range, *args)


def _repr(sums: Operations, value: Any) -> str:
    return _written(sums, value, repr)


def _str(sums: Operations, value: Any = "") -> str:
    return _written(sums, value, str)


def _written(sums: Operations, value: Any, write: Callable[[Any], str]) -> str:
    if not sums.plain(value) or _unordered(value) or _digits(value) > _DIGITS:
        raise OpaqueValue("text of an object")
    return str(guarded(write, value))


def _unordered(value: Any) -> bool:
    """Whether the text would depend on a set's order or a default factory's name."""
    stack = [value]
    while stack:
        item = stack.pop()
        if type(item) in (set, frozenset) and len(item) > 1 or type(item) is defaultdict:
            return True
        if type(item) in (list, tuple, deque, dict, Counter, OrderedDict):
            stack.extend(item.values() if isinstance(item, dict) else item)
            stack.extend(item if isinstance(item, dict) else ())
    return False


def _digits(value: Any) -> int:
    if type(value) is int:
        return int(value.bit_length() * 0.302)
    if type(value) in (list, tuple, deque):
        return max((_digits(item) for item in value), default=0)
    return 0


def _reversed(sums: Operations, items: Any) -> Lazy:
    if type(items) in (set, frozenset, Lazy):
        raise Raised(TypeError("object is not reversible"))
    return Lazy(reversed(sums.listed(items)))


def _round(sums: Operations, value: Any, digits: Any = None) -> Any:
    sums.refuse(value, digits)
    if type(value) is Decimal and value.is_finite() and value.adjusted() > _DIGITS:
        raise OpaqueValue("digits")
    if type(digits) is int and abs(digits) > _DIGITS:
        raise OpaqueValue("digits")
    return guarded(round, value) if digits is None else guarded(round, value, digits)


def _sorted(sums: Operations, items: Any, key: str = "", reverse: Any = False) -> list[Any]:
    listed = sums.listed(items, ordered=False)
    sums.allowance.spend(int(len(listed) * log2(len(listed) + 1)))
    keyed = [(_keyed(sums, item, key), item) for item in listed]

    def order(a: tuple[Any, Any], b: tuple[Any, Any]) -> int:
        return -1 if a[0] < b[0] else 1 if b[0] < a[0] else 0

    pairs = guarded(lambda: sorted(keyed, key=cmp_to_key(order), reverse=sums.truth(reverse)))
    return [item for _, item in pairs]


def _sum(sums: Operations, items: Any, start: Any = 0) -> Any:
    import ast

    if type(start) in (str, bytes, bytearray):
        raise Raised(TypeError("sum() can't sum this"))
    total = start
    listed = sums.listed(items, ordered=False)
    if all(type(item) in NUMBERS for item in listed) and type(start) in NUMBERS:
        sums.allowance.spend(sum(sums.weight(item) // 64 for item in listed))
        return guarded(sum, listed, start)
    for item in listed:
        total = sums.binary(ast.Add, total, item)
    return total


def _type(sums: Operations, value: Any) -> TypeName:
    if type(value) is TypeName:
        return TypeName("type")
    return TypeName("generator" if type(value) is Lazy else type_name(value))


def _zip(sums: Operations, *args: Any, strict: Any = False) -> Lazy:
    ordered, parts = True, []
    for arg in args:
        parts.append(sums.iterate(arg))
        ordered = ordered and sums.last_ordered
    if not ordered:
        raise OpaqueValue("order of a set")
    if sums.truth(strict):
        return Lazy(_strictly(parts))
    return Lazy(zip(*parts, strict=False))


def _strictly(parts: list[Any]) -> Any:
    try:
        yield from zip(*parts, strict=True)
    except ValueError as error:
        raise Raised(error) from None


PURE: dict[str, Callable[..., Any]] = {
    "abs": _abs, "all": _all, "any": _any, "bool": _bool, "dict": _dict, "enumerate": _enumerate,
    "float": _float, "frozenset": _iterable(frozenset, False), "int": _int, "isinstance": is_a, "len": _len,
    "list": _iterable(list, True), "max": _best(_pick_max), "min": _best(_pick_min), "range": _range,
    "repr": _repr, "reversed": _reversed, "round": _round, "set": _iterable(set, False), "sorted": _sorted,
    "str": _str, "sum": _sum, "tuple": _iterable(tuple, True), "type": _type, "zip": _zip,
}  # fmt: skip
KEYWORDS: dict[str, frozenset[str]] = {
    "enumerate": frozenset({"start"}), "int": frozenset({"base"}), "max": frozenset({"key", "default"}),
    "min": frozenset({"key", "default"}), "sorted": frozenset({"key", "reverse"}),
    "sum": frozenset({"start"}), "zip": frozenset({"strict"}), "round": frozenset({"digits"}),
}  # fmt: skip
ARITY: dict[str, tuple[int, int]] = {
    "abs": (1, 1), "all": (1, 1), "any": (1, 1), "bool": (0, 1), "dict": (0, 1), "enumerate": (1, 2),
    "float": (0, 1), "frozenset": (0, 1), "int": (0, 2), "isinstance": (2, 2), "len": (1, 1), "list": (0, 1),
    "max": (1, 99), "min": (1, 99), "range": (1, 3), "repr": (1, 1), "reversed": (1, 1), "round": (1, 2),
    "set": (0, 1), "sorted": (1, 1), "str": (0, 1), "sum": (1, 2), "tuple": (0, 1), "type": (1, 1),
    "zip": (0, 99),
}  # fmt: skip
