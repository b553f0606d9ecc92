"""Other languages through tree-sitter: text -> Module, read in a process that may hang or die."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, fields

from codeassist.parsing.trees.grammars import GRAMMARS, SUFFIXES
from codeassist.parsing.trees.host import shared
from codeassist.parsing.trees.reading import Facts
from codeassist.records.codec import from_json
from codeassist.records.errors import UsageError
from codeassist.records.program import Module, Source

__all__ = ["SUFFIXES", "TreeLanguage"]


@dataclass(frozen=True, slots=True)
class TreeLanguage:
    """A language of the table; it keeps the `Language` contract."""

    name: str

    def available(self) -> str:
        """Empty, or which extra to install."""
        wheel = GRAMMARS[self.name].wheel
        missing = [each for each in ("tree_sitter", wheel) if importlib.util.find_spec(each) is None]
        return f"{self.name} needs {missing[0]}: pip install 'codeassist[languages]'" if missing else ""

    def parse(self, source: Source) -> Module:
        """All facts of one text. UsageError without the grammar, ParseError when it fails."""
        reason = self.available()
        if reason:
            raise UsageError(reason, slug="no-grammar")
        document = shared().ask(self.name, source.path, source.text)
        known = dict(zip((each.name for each in fields(Facts)), from_json(document), strict=True))
        return Module(source=source, language=self.name, scoping=GRAMMARS[self.name].scoping, **known)

    def skim(self, source: Source) -> Module:
        """The same: a syntax tree is cheap."""
        return self.parse(source)
