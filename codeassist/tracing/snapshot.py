"""Deep copies of recorded values that keep aliasing, made without recursion."""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from typing import Any

from codeassist.records.values import (
    EnumMember,
    Instance,
    NamedTuple,
    Opaque,
    Tensor,
    children,
    type_name,
)

_MAPPINGS = (dict, Counter, OrderedDict, defaultdict)
_FROZEN = (tuple, frozenset, NamedTuple, EnumMember, slice)


class Snapshot:
    """Copies values; everything copied by one Snapshot shares its objects as the originals did.

    With a `limit`, so many objects are copied, the nearest first; each one beyond is an Opaque `...`.
    """

    def __init__(self, limit: int = 0) -> None:
        self.left = limit or 1 << 60
        self.memo: dict[int, Any] = {}
        self.kept: list[Any] = []

    def copy(self, value: Any) -> Any:
        """A deep copy of `value`."""
        if not _is_container(value):
            return value
        if id(value) not in self.memo:
            self._copy_all(value)
        return self.memo[id(value)]

    def _copy_all(self, root: Any) -> None:
        """Shells for all that can change, then the frozen ones inner first, then the contents."""
        shells, frozen, work = [], [], deque([root])
        seen: set[int] = set()
        while work:
            item = work.popleft()
            if not _is_container(item) or id(item) in self.memo or id(item) in seen:
                continue
            self.kept.append(item)
            self.left -= 1
            if self.left < 0:
                self.memo[id(item)] = Opaque(type_name(item), f"{type_name(item)}(...)")
                continue
            seen.add(id(item))
            if type(item) in _FROZEN:
                frozen.append(item)
            else:
                self.memo[id(item)] = _shell(item)
                shells.append(item)
            work.extend(children(item))
        self._copy_frozen(frozen)
        for item in shells:
            self._fill(item, self.memo[id(item)])

    def _copy_frozen(self, items: list[Any]) -> None:
        work = items[::-1]
        while work:
            item = work[-1]
            if id(item) in self.memo:
                work.pop()
                continue
            missing = [c for c in children(item) if type(c) in _FROZEN and id(c) not in self.memo]
            if missing:
                work += missing
                continue
            self.memo[id(item)] = self._frozen(item)
            work.pop()

    def _get(self, item: Any) -> Any:
        return self.memo.get(id(item), item)

    def _frozen(self, item: Any) -> Any:
        parts = [self._get(child) for child in children(item)]
        kind = type(item)
        if all(a is b for a, b in zip(parts, children(item), strict=True)):
            return item
        if kind is NamedTuple:
            return NamedTuple(item.cls, item.fields, tuple(parts))
        if kind is EnumMember:
            return EnumMember(item.cls, item.name, parts[0])
        return slice(*parts) if kind is slice else kind(parts)

    def _fill(self, item: Any, copy: Any) -> None:
        kind = type(item)
        if kind in (list, deque):
            copy.extend(map(self._get, item))
        elif kind in _MAPPINGS:
            for key, value in item.items():
                copy[self._get(key)] = self._get(value)
        elif kind is set:
            copy.update(map(self._get, item))
        elif kind is Instance:
            copy.attributes.update({name: self._get(v) for name, v in item.attributes.items()})


def _is_container(value: Any) -> bool:
    kind = type(value)
    return kind in _FROZEN or kind in _MAPPINGS or kind in _SHELLS


def _shell(item: Any) -> Any:
    kind = type(item)
    if kind is defaultdict:
        return defaultdict(item.default_factory)
    return _SHELLS[kind](item) if kind in _SHELLS else kind()


_SHELLS: dict[type, Any] = {
    list: lambda item: [],
    set: lambda item: set(),
    deque: lambda item: deque(maxlen=item.maxlen),
    bytearray: bytearray,
    array: lambda item: array(item.typecode, item),
    Instance: lambda item: Instance(item.cls),
    Tensor: lambda item: Tensor(item.cls, item.shape, item.dtype, item.digest, item.elements),
}
