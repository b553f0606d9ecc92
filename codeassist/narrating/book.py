"""The claims of one answer: numbered as they are made, the same one never twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codeassist.records.answer import Claim


def escape(text: str) -> str:
    """Text in which no brace can be taken for a slot."""
    return text.replace("{", "{{").replace("}", "}}")


def slot(claim: str, field: str) -> str:
    """The slot that `field` of `claim` will fill."""
    return f"{{{claim}.{field}}}"


class Book:
    """Collects claims about one function and hands out their ids (`c1`, `c2`, ...)."""

    def __init__(self, func: str, path: str = "") -> None:
        self.func, self.path = func, path
        self._claims: dict[str, Claim] = {}

    def add(self, kind: str, *, scope: Any = None, **fields: Any) -> str:
        """The id of this claim about the function, made now or before."""
        named = {"func": self.func, **fields}
        key = repr((kind, sorted(named.items(), key=lambda item: item[0]), scope))
        known = self._claims.get(key)
        if known is None:
            known = Claim(kind, named, f"c{len(self._claims) + 1}", scope=scope, path=self.path)
            self._claims[key] = known
        return known.id

    def value(self, kind: str, field: str = "value", *, scope: Any = None, **fields: Any) -> tuple[str, str]:
        """A claim's id and the slot of one of its fields."""
        claim = self.add(kind, scope=scope, **fields)
        return claim, slot(claim, field)

    def kind(self, id: str) -> str:
        """The kind of a claim made before."""
        return next(claim.kind for claim in self._claims.values() if claim.id == id)

    def fields(self, id: str) -> Mapping[str, Any]:
        """The fields of a claim made before."""
        return next(claim.fields for claim in self._claims.values() if claim.id == id)

    def claims(self) -> tuple[Claim, ...]:
        """All claims in the order in which they were made."""
        return tuple(self._claims.values())
