"""Recorded values: plain data as real Python objects, everything else as one of five records.

`literal` writes a value as Python literal text, `equal` is the strict and deep equality of
claims.md, `opaque` tells whether anything inside is beyond plain data. None of them ever calls a
method of the traced program: recorded values hold no object of it.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any


@dataclass(eq=False, slots=True)
class Instance:
    """An object of a user's class: class name and all instance attributes, dict and slots."""

    cls: str
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class NamedTuple:
    """A namedtuple: its class name, field names and values."""

    cls: str
    fields: tuple[str, ...]
    items: tuple[Any, ...]


@dataclass(eq=False, slots=True)
class EnumMember:
    """A member of an enumeration, written as its constructor call."""

    cls: str
    name: str
    value: Any


@dataclass(eq=False, slots=True)
class Tensor:
    """A numpy array or torch tensor: shape, dtype, digest, and elements up to 64."""

    cls: str
    shape: tuple[int, ...]
    dtype: str
    digest: str
    elements: tuple[Any, ...] | None


@dataclass(eq=False, slots=True)
class Opaque:
    """Anything else: its type's name, and what a reader can be shown of it."""

    cls: str
    text: str = ""


ATOMS = (type(None), bool, int, float, complex, str, bytes, range, slice, type(Ellipsis))
_SEQUENCES = (list, tuple, deque)
_MAPPINGS = (dict, OrderedDict, Counter, defaultdict)
_SETS = (set, frozenset)


def type_name(value: Any) -> str:
    """The name of the recorded value's type, as `type(x).__name__` said in the run."""
    if type(value) in (Instance, NamedTuple, EnumMember, Tensor, Opaque):
        return str(value.cls)
    return type(value).__name__


def children(value: Any) -> Iterator[Any]:
    """The values directly inside `value`."""
    kind = type(value)
    if kind in _SEQUENCES or kind in _SETS:
        yield from value
    elif kind in _MAPPINGS:
        yield from value.keys()
        yield from value.values()
    elif kind is Instance:
        yield from value.attributes.values()
    elif kind is NamedTuple:
        yield from value.items
    elif kind is EnumMember:
        yield value.value
    elif kind is slice:
        yield from (value.start, value.stop, value.step)


def opaque(value: Any) -> Opaque | None:
    """The first value inside `value` that is not plain data, or None."""
    seen: set[int] = set()
    stack = [value]
    while stack:
        item = stack.pop()
        if type(item) is Opaque:
            return item
        if type(item) in ATOMS and type(item) is not slice or id(item) in seen:
            continue
        seen.add(id(item))
        stack.extend(children(item))
    return None


_DEEPEST = 100  # levels of nesting that are written out; Python's own stack ends at some hundreds
_MOST = 100_000  # containers that are written out; sharing can make a few lists look like 2**60


class _Path(list[int]):
    """Ids of the containers that are being written, and how many more may be."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        super().__init__()
        self.left = _MOST


def literal(value: Any, limit: int = 0) -> str:
    """`value` as Python literal text; with `limit` it is cut to that many characters, marked `...`."""
    text = _literal(value, _Path())
    return text if not limit or len(text) <= limit else text[: limit - 3] + "..."


def _literal(value: Any, path: _Path) -> str:
    kind = type(value)
    if kind is float:
        return _float_text(value)
    if kind is complex:
        return _complex_text(value)
    if kind is int:
        return _int_text(value)
    if kind in ATOMS and kind is not slice:
        return repr(value)
    path.left -= 1
    if id(value) in path or len(path) >= _DEEPEST or path.left < 0:
        return "..."
    path.append(id(value))
    try:
        return _container_text(value, path)
    finally:
        path.pop()


def _int_text(value: int) -> str:
    try:
        return repr(value)
    except ValueError:  # beyond sys.get_int_max_str_digits()
        return hex(value)


def _float_text(value: float) -> str:
    return repr(value) if math.isfinite(value) else f"float('{value!r}')"


def _complex_text(value: complex) -> str:
    if math.isfinite(value.real) and math.isfinite(value.imag):
        return repr(value)
    return f"complex({_float_text(value.real)}, {_float_text(value.imag)})"


def _container_text(value: Any, path: _Path) -> str:
    kind = type(value)
    if kind is list:
        return "[" + _items(value, path) + "]"
    if kind is tuple:
        return "(" + _items(value, path) + ("," if len(value) == 1 else "") + ")"
    if kind is dict:
        return "{" + _pairs(value, path) + "}"
    if kind is set:
        return "{" + _unordered(value, path) + "}" if value else "set()"
    if kind is frozenset:
        return "frozenset({" + _unordered(value, path) + "})" if value else "frozenset()"
    if kind is slice:
        return f"slice({_items((value.start, value.stop, value.step), path)})"
    return _constructor_text(value, path)


def _constructor_text(value: Any, path: _Path) -> str:
    kind = type(value)
    if kind is Instance:
        inner = [f"{name}={_literal(item, path)}" for name, item in value.attributes.items()]
        return f"{value.cls}({', '.join(inner)})"
    if kind is NamedTuple:
        named = zip(value.fields, value.items, strict=False)
        return f"{value.cls}({', '.join(f'{n}={_literal(v, path)}' for n, v in named)})"
    if kind is EnumMember:
        return f"{value.cls}({_literal(value.value, path)})"
    if kind is Tensor:
        return _tensor_text(value, path)
    if kind is Opaque:
        return value.text or f"<{value.cls}>"
    return _stdlib_text(value, path)


def _stdlib_text(value: Any, path: _Path) -> str:
    kind = type(value)
    if kind is deque:
        bound = "" if value.maxlen is None else f", maxlen={value.maxlen}"
        return f"deque([{_items(value, path)}]{bound})"
    if kind is defaultdict:
        factory = getattr(value.default_factory, "__name__", "None")
        return f"defaultdict({factory}, {{{_pairs(value, path)}}})"
    if kind in (Counter, OrderedDict):
        return f"{kind.__name__}({{{_pairs(value, path)}}})" if value else f"{kind.__name__}()"
    if kind in (array, Fraction, Decimal, bytearray):
        return repr(value)
    return f"<{kind.__name__}>"


def _tensor_text(value: Tensor, path: _Path) -> str:
    if value.elements is None:
        return f"{value.cls}(shape={value.shape}, dtype={value.dtype}, digest={value.digest})"
    return f"{value.cls}([{_items(value.elements, path)}], shape={value.shape}, dtype={value.dtype})"


def _items(values: Any, path: _Path) -> str:
    return ", ".join(_literal(item, path) for item in values)


def _pairs(value: Any, path: _Path) -> str:
    return ", ".join(f"{_literal(k, path)}: {_literal(v, path)}" for k, v in value.items())


def _unordered(value: Any, path: _Path) -> str:
    try:
        ordered = sorted(value)
    except TypeError:  # mixed types: any stable order will do
        ordered = sorted(value, key=lambda item: (type(item).__name__, _literal(item, path)))
    return _items(ordered, path)


_NUMBERS = (bool, int, float)


def equal(a: Any, b: Any, loose: bool = False) -> bool:
    """Strict, deep equality of claims.md; `loose` lets bool, int and float stand for one another."""
    return _equal(a, b, loose, set())


def _equal(a: Any, b: Any, loose: bool, pairs: set[tuple[int, int]]) -> bool:
    kind = type(a)
    if kind is not type(b):
        return loose and kind in _NUMBERS and type(b) in _NUMBERS and _close(a, b)
    if kind in (float, complex):
        return _close(a, b)
    if kind in ATOMS and kind is not slice or kind in (bytearray, Fraction, Decimal):
        return bool(a == b) or (kind is Decimal and a.is_nan() and b.is_nan())
    if a is b or (id(a), id(b)) in pairs:
        return True
    pairs.add((id(a), id(b)))
    if kind in _MAPPINGS:
        return len(a) == len(b) and _equal_mappings(a, b, loose, pairs)
    if kind in _SETS:
        return len(a) == len(b) and _match(list(a), list(b), loose, pairs) is not None
    return _equal_records(a, b, loose, pairs)


def _equal_records(a: Any, b: Any, loose: bool, pairs: set[tuple[int, int]]) -> bool:
    kind = type(a)
    if kind is Instance:
        same = a.cls == b.cls and a.attributes.keys() == b.attributes.keys()
        return same and all(
            _equal(item, b.attributes[name], loose, pairs) for name, item in a.attributes.items()
        )
    if kind is NamedTuple:
        return a.cls == b.cls and a.fields == b.fields and _equal(a.items, b.items, loose, pairs)
    if kind is EnumMember:
        return a.cls == b.cls and _equal(a.value, b.value, loose, pairs)
    if kind is Tensor:
        return (a.cls, a.shape, a.dtype, a.digest) == (b.cls, b.shape, b.dtype, b.digest)
    if kind is Opaque:
        return False
    if kind is array and a.typecode != b.typecode or kind is deque and a.maxlen != b.maxlen:
        return False
    if kind is slice:
        a, b = (a.start, a.stop, a.step), (b.start, b.stop, b.step)
    return len(a) == len(b) and all(_equal(x, y, loose, pairs) for x, y in zip(a, b, strict=True))


def _equal_mappings(a: Any, b: Any, loose: bool, pairs: set[tuple[int, int]]) -> bool:
    matched = _match(list(a), list(b), loose, pairs)
    return matched is not None and all(_equal(a[x], b[y], loose, pairs) for x, y in matched)


def _match(
    xs: list[Any], ys: list[Any], loose: bool, pairs: set[tuple[int, int]]
) -> list[tuple[Any, Any]] | None:
    """Pair each of `xs` with an equal one of `ys`, order ignored; None when one has no partner."""
    by_hash = {y: y for y in ys}
    result = []
    for x in xs:
        y = by_hash.get(x, _MISSING)
        if y is _MISSING or not _equal(x, y, loose, pairs):
            y = next((other for other in ys if _equal(x, other, loose, pairs)), _MISSING)
        if y is _MISSING:
            return None
        result.append((x, y))
    return result


_MISSING = object()


def _close(a: Any, b: Any) -> bool:
    if isinstance(a, complex):
        return _close(a.real, b.real) and _close(a.imag, b.imag)
    try:
        return math.isclose(a, b, rel_tol=1e-9) or (math.isnan(a) and math.isnan(b))
    except OverflowError:  # an int beyond the range of float
        return bool(a == b)
