"""Inputs for lines that no guess reached: drawn by Hypothesis after a call that works, then shrunk."""

from __future__ import annotations

import ast
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MOST = 60
"""values that are drawn"""
_LETTERS = "ab "
_LONGEST = 200
"""characters of a call that is still worth a try"""


@dataclass(frozen=True)
class Pattern:
    """A call with literal arguments: the text before them, and the arguments by position and by name."""

    head: str
    values: tuple[Any, ...]
    names: tuple[str, ...]
    """"" for a positional argument"""

    def write(self, values: Sequence[Any]) -> str:
        """The call with these arguments."""
        given = [f"{n}={v!r}" if n else repr(v) for n, v in zip(self.names, values, strict=True)]
        return f"{self.head}({', '.join(given)})"


def pattern(call: str) -> Pattern | None:
    """The pattern of `f([3, 1], k=2)`; None for a call with anything but literal arguments."""
    try:
        node = ast.parse(call, mode="eval").body
        if not isinstance(node, ast.Call) or not (node.args or node.keywords):
            return None
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        values = tuple(ast.literal_eval(value) for value in given)
    except (SyntaxError, ValueError, RecursionError, TypeError, MemoryError):
        return None
    names = [*("" for _ in node.args), *(keyword.arg or "" for keyword in node.keywords)]
    plain = all(keyword.arg for keyword in node.keywords) and isinstance(node.func, (ast.Name, ast.Attribute))
    return Pattern(ast.unparse(node.func), values, tuple(names)) if plain else None


def drawn(found: Pattern, numbers: Sequence[int], words: Sequence[str]) -> list[str]:
    """Different calls of the pattern with other arguments of the same kinds, the same on every machine.

    `numbers` and `words` are constants of the body, near which values are drawn as well.
    """
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
    from hypothesis.configuration import set_hypothesis_home_dir

    calls: dict[str, None] = {}
    kinds = _Kinds(st, numbers, words)

    @settings(
        max_examples=MOST,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(*(kinds.of(value) for value in found.values)))
    def collect(values: tuple[Any, ...]) -> None:
        calls[found.write(values)] = None

    with tempfile.TemporaryDirectory(prefix="codeassist-") as folder:
        set_hypothesis_home_dir(folder)  # it keeps files beside the user's code otherwise
        collect()
    return [call for call in calls if len(call) <= _LONGEST]


class _Kinds:
    """Strategies for values like a given one."""

    def __init__(self, st: Any, numbers: Sequence[int], words: Sequence[str]) -> None:
        self.st = st
        near = sorted({n + d for n in numbers for d in (-1, 0, 1)})
        self.number = st.integers(-9, 30) | st.sampled_from(near) if near else st.integers(-9, 30)
        letters = sorted({*_LETTERS, *"".join(words)[:40]})
        self.letters = letters
        self.words = words

    def of(self, value: Any) -> Any:
        st = self.st
        if isinstance(value, bool):
            return st.booleans()
        if isinstance(value, int):
            return self.number
        if isinstance(value, float):
            return st.integers(-40, 40).map(lambda n: n / 4)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, (list, set, frozenset)):
            items = self._items(list(value))
            made = st.lists(items, max_size=8)
            return made if isinstance(value, list) else made.map(type(value))
        if isinstance(value, tuple):
            return st.tuples(*(self.of(item) for item in value))
        if isinstance(value, dict):
            keys, held = self._items(list(value)), self._items(list(value.values()))
            return st.dictionaries(keys, held, max_size=6)
        return st.just(value)

    def _text(self, value: str) -> Any:
        letters = sorted({*self.letters, *value[:40], *("\n\t" if " " in value or "\n" in value else "")})
        made = self.st.text(alphabet=letters, max_size=14)
        if len(set(value)) > 2:  # what its own letters spell is likelier to mean something
            made = self.st.text(alphabet=sorted(set(value)), min_size=1, max_size=6) | made
        return made | self.st.sampled_from([*self.words]) if self.words else made

    def _items(self, values: list[Any]) -> Any:
        hashable = [self.of(value) for value in values[:3]]
        return self.st.one_of(*hashable) if hashable else self.number


def simpler(call: str) -> Iterator[str]:
    """Calls like `call` with less in them, the smallest steps last."""
    found = pattern(call)
    if found is None:
        return
    for place, value in enumerate(found.values):
        for less in _less(value):
            yield found.write([*found.values[:place], less, *found.values[place + 1 :]])


def _without(value: Any, place: int) -> Any:
    return value[:place] + value[place + 1 :]


def _less(value: Any) -> Iterator[Any]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, (str, list)):
        yield from (value[: len(value) // 2], value[len(value) // 2 :]) if len(value) > 1 else ()
        yield from (_without(value, i) for i in range(min(len(value), 8)))
    elif isinstance(value, dict):
        yield from ({k: v for k, v in value.items() if k != gone} for gone in list(value)[:6])
    elif isinstance(value, (int, float)) and value not in (0, 1):
        yield from (1, 2, 3) if value > 3 else (1,) if value > 1 else (-1,) if value < -1 else ()
    if isinstance(value, list):
        for place, item in enumerate(value[:6]):
            yield from ([*value[:place], less, *value[place + 1 :]] for less in list(_less(item))[:3])
