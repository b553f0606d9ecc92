"""The Python plugin: facts of a module from its syntax tree, the parts that do not parse left out."""

from __future__ import annotations

from dataclasses import replace

from codeassist.parsing.python.facts import read_facts
from codeassist.parsing.python.flow import read_flow
from codeassist.parsing.python.recover import parse_tree
from codeassist.records.errors import ParseError
from codeassist.records.program import Module, Source


def parse(source: Source) -> Module:
    """All facts of one Python text; ParseError when nothing in it parses or it is nested too deeply."""
    try:
        tree, notices = parse_tree(source)
        return replace(read_facts(source, tree, notices), flow=read_flow(tree, source.text))
    except RecursionError:
        raise ParseError(f"{source.path} is nested too deeply to be read") from None


def skim(source: Source) -> Module:
    """Only what the call graph needs, several times faster: no statements, no functions."""
    try:
        tree, notices = parse_tree(source)
        return Module(source, "python", (), (), notices=notices, flow=read_flow(tree, source.text))
    except RecursionError:
        raise ParseError(f"{source.path} is nested too deeply to be read") from None


def available() -> str:
    """Always: the parser is Python's own."""
    return ""
