"""Comparing recorded values with claimed ones and with one another, never calling the program's methods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from codeassist.records.values import (
    EnumMember,
    Instance,
    NamedTuple,
    Opaque,
    Tensor,
    children,
    equal,
    literal,
    opaque,
)

MAPPINGS = ("dict", "OrderedDict", "Counter", "defaultdict")
SEQUENCES = ("list", "tuple", "deque")
SETS = ("set", "frozenset")


@dataclass(eq=False, slots=True)
class Pattern:
    """A constructor call in a claim whose class only the recorded value can tell: `Node(value=1)`."""

    cls: str
    positional: tuple[Any, ...]
    named: dict[str, Any]
    library: Any = None
    """the value of the standard library that the same text writes, if its class has one of that name"""


def has_pattern(value: Any) -> bool:
    """Whether a claimed value holds a constructor call of a class that is not built in."""
    stack, seen = [value], set()
    while stack:
        item = stack.pop()
        if type(item) is Pattern:
            return True
        if id(item) not in seen:
            seen.add(id(item))
            stack.extend(children(item))
    return False


def matches(actual: Any, claimed: Any, loose: bool = False) -> bool:
    """Strict, deep equality of claims.md between a recorded value and a claimed one."""
    if not has_pattern(claimed):
        return equal(actual, claimed, loose)
    if type(claimed) is Pattern:
        return _constructed(actual, claimed, loose)
    if type(actual) is not type(claimed):
        return False
    return _same_shape(actual, claimed, loose)


def _same_shape(actual: Any, claimed: Any, loose: bool) -> bool:
    kind = type(claimed).__name__
    if kind in SEQUENCES:
        if kind == "deque" and actual.maxlen != claimed.maxlen or len(actual) != len(claimed):
            return False
        return all(matches(a, c, loose) for a, c in zip(actual, claimed, strict=True))
    if kind in MAPPINGS:
        return _paired(list(actual.items()), list(claimed.items()), loose)
    return kind in SETS and _paired(list(actual), list(claimed), loose)


def _paired(actual: Sequence[Any], claimed: Sequence[Any], loose: bool) -> bool:
    left = list(actual)
    for item in claimed:
        found = next((i for i, other in enumerate(left) if matches(other, item, loose)), None)
        if found is None:
            return False
        del left[found]
    return not left


def _constructed(actual: Any, claimed: Pattern, loose: bool) -> bool:
    kind = type(actual)
    if claimed.library is not None and type(claimed.library) is kind:
        return equal(actual, claimed.library, loose)
    if kind not in (Instance, NamedTuple, EnumMember, Tensor) or actual.cls != claimed.cls:
        return False
    if kind is EnumMember:
        return not claimed.named and _all((actual.value,), claimed.positional, loose)
    if kind is NamedTuple:
        count = len(claimed.positional)
        rest = dict(zip(actual.fields[count:], actual.items[count:], strict=False))
        return _all(actual.items[:count], claimed.positional, loose) and _named(rest, claimed, loose)
    if kind is Instance:
        return not claimed.positional and _named(actual.attributes, claimed, loose)
    return literal(actual) == _tensor_text(claimed)


def _all(actual: Sequence[Any], claimed: Sequence[Any], loose: bool) -> bool:
    return len(actual) == len(claimed) and all(
        matches(a, c, loose) for a, c in zip(actual, claimed, strict=True)
    )


def _named(actual: dict[str, Any], claimed: Pattern, loose: bool) -> bool:
    same = actual.keys() == claimed.named.keys()
    return same and all(matches(actual[name], value, loose) for name, value in claimed.named.items())


def _tensor_text(claimed: Pattern) -> str:
    shown = {name: value for name, value in claimed.named.items() if name in ("shape", "dtype", "digest")}
    parts = [literal(value) for value in claimed.positional]
    parts += [f"{name}={value}" for name, value in shown.items()]
    return f"{claimed.cls}({', '.join(parts)})"


_IDENTITIES = ("function", "builtin_function_or_method", "type", "module", "ABCMeta", "EnumType", "EnumMeta")
"""opaque things without visible content: the same identity means nothing changed"""


def differs(before: Any, after: Any) -> bool | None:
    """Whether two snapshots of one variable differ; None when something opaque hides the answer."""
    if opaque(before) is None and opaque(after) is None:
        return not equal(before, after)
    return _differs(before, after, frozenset())


def _differs(a: Any, b: Any, path: frozenset[tuple[int, int]]) -> bool | None:
    if type(a) is Opaque or type(b) is Opaque:
        return _opaque_differs(a, b)
    if type(a) is not type(b):
        return True
    key = (id(a), id(b))
    if key in path:
        return False
    parts = _parts(a, b)
    if parts is None:
        return True
    if not parts:
        return not equal(a, b)
    return worst(_differs(x, y, path | {key}) for x, y in parts)


def worst(answers: Any) -> bool | None:
    """True if any is True, else None if any is None, else False."""
    unsure = False
    for answer in answers:
        if answer:
            return True
        unsure = unsure or answer is None
    return None if unsure else False


def _opaque_differs(a: Any, b: Any) -> bool | None:
    if type(a) is not type(b) or a.cls != b.cls:
        return True
    if a.cls in _IDENTITIES and a.text:
        return bool(a.text != b.text)
    return None


def _parts(a: Any, b: Any) -> list[tuple[Any, Any]] | None:
    """Pairs of inner values to compare; None when the outsides already differ."""
    kind = type(a)
    if kind is Instance:
        return _pairs(a.attributes, b.attributes) if a.cls == b.cls else None
    if kind is NamedTuple:
        same = a.cls == b.cls and a.fields == b.fields
        return list(zip(a.items, b.items, strict=True)) if same else None
    if kind.__name__ in SEQUENCES:
        return list(zip(a, b, strict=True)) if len(a) == len(b) else None
    if kind.__name__ in MAPPINGS:
        return _pairs(a, b)
    if kind.__name__ in SETS and (opaque(a) or opaque(b)):
        return [(Opaque("?"), Opaque("?"))] if len(a) == len(b) else None
    return []


def _pairs(a: dict[Any, Any], b: dict[Any, Any]) -> list[tuple[Any, Any]] | None:
    if len(a) != len(b):
        return None
    result = []
    for key, value in a.items():
        if key in b:
            result.append((value, b[key]))
        elif opaque(key) is not None or type(key) in (Instance, NamedTuple, EnumMember, tuple, frozenset):
            found = [other for k, other in b.items() if equal(key, k)]
            result.append((value, found[0]) if found else (Opaque("?"), Opaque("?")))
        else:
            return None
    return result


def same_object(a: Any, b: Any, unsure: Callable[[], Exception]) -> bool:
    """Whether two values of one snapshot are one object; raises `unsure()` where a copy cannot tell."""
    if a is b and type(a) not in (int, float, complex, str, bytes, range, tuple, frozenset, Opaque):
        return True
    if type(a) is not type(b) or not _may_be_one(a, b):
        return False
    if type(a) in (bool, type(None), type(Ellipsis)) or type(a) is int and -5 <= a <= 256:
        return True
    if type(a) in (list, dict, set, Instance, bytearray) or type(a).__name__ in ("deque", *MAPPINGS):
        return False
    if type(a) in (tuple, frozenset) and a and a is b:
        return True
    raise unsure()


def _may_be_one(a: Any, b: Any) -> bool:
    return differs(a, b) is not True
