"""A notebook's cells as one program: the statements that a function or a cell needs, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from codeassist.records.errors import CodeassistError
from codeassist.records.program import Module, Statement

DEFINES = ("def", "class", "import")
OURS = "get_ipython"
"""what a magic command becomes: no part of a program"""


@dataclass(frozen=True, slots=True)
class _Part:
    """A top-level statement of a cell: where it stands, what it binds, what it needs to be run."""

    place: tuple[int, int]
    kind: str
    text: str
    binds: frozenset[str]
    needs: frozenset[str]


def program(cells: Sequence[str], wanted: str, values: Mapping[str, str]) -> str:
    """The source text of all that the code `wanted` needs of `cells`, which ran in this order.

    `values` are literal texts of variables as they are now: they stand in for the statements that
    made them, so that nothing is read or asked for a second time. Definitions are always taken.
    """
    parts = [part for number, text in enumerate(cells) for part in _parts(text, number)]
    chosen: dict[tuple[int, int], str] = {}
    waiting = sorted(set().union(*(part.needs for part in _parts(wanted, len(cells)))))
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for part in _binding(name, parts, values):
            chosen[part.place] = part.text
            waiting += part.needs
    return "\n\n".join(chosen[place].strip("\n") for place in sorted(chosen)) + "\n"


def is_expression(text: str) -> bool:
    """Whether a cell is one expression, such as a call."""
    parts = _parts(text, 0)
    return len(parts) == 1 and parts[0].kind == "expr"


def _binding(name: str, parts: Sequence[_Part], values: Mapping[str, str]) -> Iterator[_Part]:
    """What has to run for `name` to be bound: its last definition, its value, or what stored it last."""
    known = [part for part in parts if name in part.binds]
    if known and known[-1].kind in DEFINES:
        yield known[-1]
    elif name in values:
        place = known[-1].place if known else (-1, hash(name))
        yield _Part(place, "assign", f"{name} = {values[name]}", frozenset({name}), frozenset())
    elif known:
        yield from (part for part in known if part.place[0] == known[-1].place[0])


def _parts(text: str, number: int) -> list[_Part]:
    """The top-level statements of one cell, magic commands left out."""
    from codeassist import parsing

    try:
        module = parsing.parse(parsing.read_source("cell.py", text))
    except CodeassistError:
        return []
    top = [s for s in module.statements if s.function == "<module>" and s.parent is None]
    found = [_part(module, statement, number) for statement in top]
    return [part for part in found if OURS not in part.needs]


def _part(module: Module, statement: Statement, number: int) -> _Part:
    span = statement.span
    inside = [s for s in module.statements if span.line <= s.span.line and s.span.end_line <= span.end_line]
    own = [s for s in inside if s.function == "<module>"]
    return _Part(
        (number, span.line * 10_000 + span.column),
        statement.kind,
        "\n".join(module.source.lines[span.line - 1 : span.end_line]),
        frozenset(name for s in own for name in s.writes),
        frozenset(name for s in inside for name in s.reads),
    )
