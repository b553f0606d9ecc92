"""What an expression can meet beside recorded values: types, lazy results, and classes of the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from codeassist.records.program import Module


class OpaqueValue(Exception):
    """The answer depends on something that a snapshot does not hold."""


class Raised(Exception):
    """The expression itself raised; `error` is what the program would have seen."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class TypeName:
    """The type of a recorded value, by name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Lazy:
    """A generator expression, `zip`, `enumerate` or `reversed`: items once, in an order or in none."""

    __slots__ = ("items", "ordered")

    def __init__(self, items: Iterator[Any], ordered: bool = True) -> None:
        self.items, self.ordered = items, ordered


class Classes:
    """Which classes of the program leave equality, truth and length as `object` has them."""

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self._facts: dict[str, tuple[tuple[str, ...], bool]] = {}
        self._methods: set[tuple[str, str]] = set()
        names: Counter[str] = Counter()
        for module in modules:
            for function in module.functions:
                if function.kind == "class":
                    names[function.name] += 1
                    self._facts[function.name] = (function.bases, bool(function.decorators))
                else:
                    owner = function.parent.rsplit(".", 1)[-1]
                    self._methods.add((owner, function.name))
            for statement in module.statements:  # `__eq__ = other` in a class body
                owner = statement.function.rsplit(".", 1)[-1]
                self._methods.update((owner, name) for name in statement.writes)
        self.names = frozenset(names)
        self._several = {name for name, count in names.items() if count > 1}

    def inherits(self, cls: str, *methods: str) -> bool:
        """Whether `cls` surely takes all of `methods` from `object`."""
        if cls == "object":
            return True
        if cls not in self._facts or cls in self._several:
            return False
        bases, decorated = self._facts[cls]
        if decorated or any((cls, method) in self._methods for method in methods):
            return False
        return all(self.inherits(base, *methods) for base in bases if base != cls)
