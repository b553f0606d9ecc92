"""The Python plugin: facts of a module from its syntax tree, the parts that do not parse left out."""

from __future__ import annotations

from codeassist.parsing.python.facts import read_facts
from codeassist.parsing.python.recover import parse_tree
from codeassist.records.errors import ParseError
from codeassist.records.program import Module, Source


def parse(source: Source) -> Module:
    """All facts of one Python text; ParseError when nothing in it parses or it is nested too deeply."""
    try:
        tree, notices = parse_tree(source)
        return read_facts(source, tree, notices)
    except RecursionError:
        raise ParseError(f"{source.path} is nested too deeply to be read") from None


def available() -> str:
    """Always: the parser is Python's own."""
    return ""
