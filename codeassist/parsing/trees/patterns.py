"""Patterns of a language: its `.scm` file, each line tried against the grammar that is installed."""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from codeassist.parsing.trees.grammars import GRAMMARS

_INHERITS = re.compile(r"; inherits: (\w+)\n")
_FOLDER = Path(__file__).parent / "queries"


@cache
def grammar(name: str) -> Any:
    """The compiled grammar of a language; ImportError when its wheel is not installed."""
    from tree_sitter import Language

    row = GRAMMARS[name]
    return Language(getattr(importlib.import_module(row.wheel), row.function)())


def lines(query: str) -> list[str]:
    """The patterns of a file and of the one that it inherits, one a line."""
    text = (_FOLDER / f"{query}.scm").read_text(encoding="utf-8")
    above = _INHERITS.match(text)
    own = [line for line in text.splitlines() if line.strip() and not line.startswith(";")]
    return [*(lines(above.group(1)) if above else ()), *own]


@cache
def patterns(name: str) -> Any:
    """All patterns of a language that its grammar knows, as one query."""
    from tree_sitter import Query

    language, every = grammar(name), lines(GRAMMARS[name].query)
    if not _fits(language, "\n".join(every)):
        every = [line for line in every if _fits(language, line)]
    return Query(language, "\n".join(every))


def _fits(language: Any, line: str) -> bool:
    """A grammar of another version may have renamed a node: that pattern is lost, not the language."""
    from tree_sitter import Query, QueryError

    try:
        Query(language, line)
    except QueryError:
        return False
    return True
