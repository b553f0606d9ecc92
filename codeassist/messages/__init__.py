"""Texts as data: one JSON catalogue per language, and the small reader that fills them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
DEFAULT = "en"


class Catalogue:
    """The texts of one language: `text("key", name=...)` fills the named parts of an entry.

    An entry is a string, or an object of plural forms (`one`, `other`) chosen by `count`.
    """

    def __init__(self, lang: str, entries: Mapping[str, str | Mapping[str, str]]) -> None:
        self.lang = lang
        self._entries = entries

    def __call__(self, key: str, /, *, count: Any = None, **parts: Any) -> str:
        """The text of `key`, its `{parts}` filled; a missing key is a fault of ours (KeyError)."""
        entry = self._entries[key]
        if not isinstance(entry, str):
            entry = entry["one"] if count == 1 and "one" in entry else entry["other"]
        return entry.format_map({"count": count, **parts})

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def under(self, prefix: str) -> dict[str, str | Mapping[str, str]]:
        """The entries whose keys begin with `prefix`, without it, unfilled."""
        return {key[len(prefix) :]: entry for key, entry in self._entries.items() if key.startswith(prefix)}

    def listing(self, items: list[str], joint: str = "and") -> str:
        """Items as a list in words: `a, b and c`.

        `joint` is `and`, `or`, `then` (between actions) or `plus` (between amounts).
        """
        if len(items) < 2:
            return "".join(items)
        return self(f"list.{joint}", head=self("list.comma").join(items[:-1]), last=items[-1])


def languages() -> list[str]:
    """Languages that have a catalogue, such as `en`."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


def choose(lang: str) -> str:
    """The catalogue that serves `lang` best: itself, one of the same base language, else English."""
    wanted = lang.replace("_", "-").lower()
    names = {name.lower(): name for name in languages()}
    if wanted in names:
        return names[wanted]
    base = wanted.split("-")[0]
    return next((name for low, name in names.items() if low.split("-")[0] == base), DEFAULT)


@lru_cache(maxsize=8)
def catalogue(lang: str = DEFAULT) -> Catalogue:
    """The catalogue of `lang`, or of the nearest language that has one."""
    name = choose(lang)
    return Catalogue(name, json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8")))
