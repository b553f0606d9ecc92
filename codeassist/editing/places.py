"""Where notes can stand in a text, and where ours stand already: read from the concrete syntax tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from codeassist.editing.notes import MARK
from codeassist.records.errors import UsageError

Lines = tuple[int, int]
"""first and last line, both counted from 1 and included"""


@dataclass(slots=True)
class Places:
    """Of one text: statements that begin a line, bodies that lack a docstring, and our own notes."""

    statements: dict[int, str] = field(default_factory=dict)
    """line -> indentation of the statement that begins there"""
    bodies: dict[int, tuple[int, str]] = field(default_factory=dict)
    """line of a function without a docstring -> (last line of its header, indentation of its body)"""
    comments: list[int] = field(default_factory=list)
    docstrings: list[Lines] = field(default_factory=list)


def places(text: str, path: str = "") -> Places:
    """Read the places of `text`, whose lines end in a line feed; UsageError where it does not parse."""
    import libcst
    from libcst.metadata import MetadataWrapper, PositionProvider

    try:
        tree = libcst.parse_module(text)
    except (libcst.ParserSyntaxError, RecursionError, ValueError) as error:
        line = getattr(error, "raw_line", 0)
        where = f"{path}:{line}" if line else path
        raise UsageError(f"{where}: cannot be annotated, it does not parse", slug="does-not-parse") from None
    positions = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
    found = Places()
    lines = text.split("\n")
    for node, at in positions.items():
        _note(node, at, found)
        for line, column in _beginnings(node, at, positions):
            found.statements.setdefault(line, lines[line - 1][:column])
        if isinstance(node, libcst.FunctionDef):
            _function(node, at, positions, lines, found)
    return found


def _note(node: Any, at: Any, found: Places) -> None:
    """A comment line of ours."""
    import libcst

    if isinstance(node, libcst.EmptyLine) and node.comment is not None and is_ours(node.comment.value):
        found.comments.append(at.start.line)


def is_ours(comment: str) -> bool:
    """Whether a comment carries our mark."""
    return comment.lstrip("#").lstrip().startswith(MARK) and comment.startswith(f"# {MARK}")


def _beginnings(node: Any, at: Any, positions: Any) -> Iterator[tuple[int, int]]:
    """(line, column) where a comment line may stand before the node: a statement with lines of its own."""
    import libcst

    own = (libcst.SimpleStatementLine, libcst.BaseCompoundStatement)
    if not isinstance(node, own):
        return
    decorators = getattr(node, "decorators", ())
    start = positions[decorators[0]].start if decorators else at.start
    yield start.line, start.column


def _function(node: Any, at: Any, positions: Any, lines: list[str], found: Places) -> None:
    import libcst

    if not isinstance(node.body, libcst.IndentedBlock) or not node.body.body:
        return
    first = node.body.body[0]
    start = positions[first].start
    header = positions[node.body.header].start.line
    top = positions[node.decorators[0]].start.line if node.decorators else at.start.line
    string = _docstring(first)
    if string is None:
        beginning = next(_beginnings(first, positions[first], positions))
        found.bodies[top] = (header, lines[beginning[0] - 1][: beginning[1]])
    elif _ours(string):
        found.docstrings.append((start.line, positions[first].end.line))


def _docstring(first: Any) -> str | None:
    """The docstring that a body begins with, or None. A string in parts counts as one of theirs."""
    import libcst

    if not isinstance(first, libcst.SimpleStatementLine) or not isinstance(first.body[0], libcst.Expr):
        return None
    value = first.body[0].value
    if isinstance(value, libcst.SimpleString):
        text = value.evaluated_value
        return (text if isinstance(text, str) else "") if len(first.body) == 1 else ""
    return "" if isinstance(value, (libcst.ConcatenatedString, libcst.FormattedString)) else None


def _ours(docstring: str) -> bool:
    return docstring.rstrip().rpartition("\n")[2].strip().startswith(MARK)
