"""The languages seam: which plugin reads which file."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import PurePath
from typing import Protocol, cast

from codeassist.parsing.trees import grammars as trees
from codeassist.records.errors import UsageError
from codeassist.records.program import Module, Source

GROUP = "codeassist.languages"

LANGUAGES: Mapping[str, str] = {
    "python": "codeassist.parsing.python",
}
"""name -> dotted path of a module that keeps the `Language` contract"""

SUFFIXES: Mapping[str, str] = {
    ".py": "python",
    ".pyi": "python",
    ".pyw": "python",
    **trees.SUFFIXES,
}


class Language(Protocol):
    """What a language plugin offers; a module satisfies it."""

    def parse(self, source: Source) -> Module:
        """All facts of one text; what does not parse is a Notice, nothing at all a ParseError."""
        ...

    def skim(self, source: Source) -> Module:
        """Only the facts that a call graph needs."""
        ...

    def available(self) -> str:
        """Empty, or in words why the plugin cannot work here and which extra to install."""
        ...


def language_of(path: str) -> str:
    """The language that the file's name says; Python for `-` and for names without a known suffix."""
    return SUFFIXES.get(PurePath(path).suffix.lower(), "python")


def load(name: str) -> Language:
    """The plugin called `name`; entry points are read only for a name that the table lacks."""
    if name in trees.GRAMMARS:
        from codeassist.parsing.trees import TreeLanguage

        return TreeLanguage(name)
    if name in LANGUAGES:
        return cast(Language, import_module(LANGUAGES[name]))
    for point in entry_points(group=GROUP):
        if point.name == name:
            return cast(Language, point.load())
    raise UsageError(f"no language plugin is called {name!r}", hint="known: " + ", ".join(LANGUAGES))
