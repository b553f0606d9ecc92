"""What items of named containers hold just now: the last store, where nothing can have come between."""

from __future__ import annotations

import ast

Place = tuple[str, tuple[str | int, ...]]
"""a name, and the constant keys behind it: `d["a"][0]` is `("d", ("a", 0))`"""


def place_of(node: ast.expr) -> Place | None:
    """The place that an expression names, or None where a part of it is not constant."""
    keys: list[str | int] = []
    while isinstance(node, ast.Subscript):
        key = node.slice
        if not isinstance(key, ast.Constant) or type(key.value) not in (str, int):
            return None
        keys.append(key.value)  # type: ignore[arg-type]
        node = node.value
    return (node.id, tuple(reversed(keys))) if keys and isinstance(node, ast.Name) else None


class Places:
    """Place -> node of what was stored there last, while that is certain."""

    def __init__(self) -> None:
        self.known: dict[Place, int] = {}

    def store(self, place: Place | None, node: int) -> None:
        """A store to an item: other names of the same container forget what they held under that key."""
        if place is None:
            self.forget()
            return
        if self.known:
            self._forget_aliases(place)
        self.known[place] = node

    def _forget_aliases(self, place: Place) -> None:
        keys = place[1]
        for other in tuple(self.known):
            if keys[-1] in other[1]:
                del self.known[other]

    def forget(self) -> None:
        """Anything may have been written."""
        self.known.clear()

    def forget_name(self, name: str) -> None:
        """The name means something else now."""
        for place in tuple(self.known):
            if place[0] == name:
                del self.known[place]

    def keep_common(self, before: dict[Place, int]) -> None:
        """Behind an alternative: only what it left as it was."""
        now = self.known
        self.known = {place: node for place, node in before.items() if now.get(place) == node}
