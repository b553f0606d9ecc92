"""Text -> Module facts; the only room that holds syntax trees. Seam: languages."""

from __future__ import annotations

import difflib

from codeassist.parsing.languages import SUFFIXES, language_of, load
from codeassist.parsing.sources import read_source
from codeassist.records.errors import UsageError
from codeassist.records.program import Function, Module, Source

__all__ = ["SUFFIXES", "find", "language_of", "parse", "read_source", "skim"]


def parse(source: Source) -> Module:
    """All facts of one text, by the plugin of its language.

    A part that does not parse becomes a Notice; ParseError when nothing can be read.
    """
    return load(language_of(source.path)).parse(source)


def skim(source: Source) -> Module:
    """The facts that a call graph needs and no others, for going through whole repositories."""
    return load(language_of(source.path)).skim(source)


def find(module: Module, qualname: str) -> Function:
    """The function, class or module body with that qualified name; UsageError offers near names."""
    known = {function.id.qualname: function for function in module.functions}
    if qualname in known:
        return known[qualname]
    raise UsageError(
        f"{module.source.path} has no function {qualname!r}",
        hint=_hint(qualname, known),
        slug="unknown-function",
    )


def _hint(qualname: str, known: dict[str, Function]) -> str:
    names = [name for name in known if name != "<module>"]
    tail = qualname.rpartition(".")[2]
    same_tail = [name for name in names if name.rpartition(".")[2] == tail]
    near = same_tail[:3] or difflib.get_close_matches(qualname, names, 3, 0.5)
    if near:
        return "did you mean " + " or ".join(near) + "?"
    return "it has " + ", ".join(names[:5]) + (" ..." if len(names) > 5 else "") if names else ""
