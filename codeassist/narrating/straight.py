"""The worked run of a function without a loop: the few values that lead to its result."""

from __future__ import annotations

import ast

from codeassist.narrating.book import escape
from codeassist.narrating.cells import Cell, cut, tellable, value_cell
from codeassist.narrating.operands import parse
from codeassist.narrating.subject import Subject
from codeassist.narrating.walk import Walk
from codeassist.records.answer import Table

MOST = 6
_TRIVIAL = (ast.Constant, ast.Name, ast.List, ast.Dict, ast.Tuple, ast.Set)


def table(subject: Subject, walk: Walk) -> Table | None:
    """Assignments that work something out, each with the value it gave; None where there are none."""
    rows: list[tuple[str, ...]] = []
    claims: list[tuple[str, ...]] = []
    for position, step in enumerate(walk.steps[:-1]):
        statement = subject.body.at(step.statement)
        if statement.kind not in ("assign", "augassign", "annassign") or len(statement.writes) != 1:
            continue
        if not subject.body.alone(step.statement) or not _telling(statement.test):
            continue
        cell = _value(subject, walk, position, statement.writes[0])
        if cell.text and len(rows) < MOST:
            rows.append((str(step.line), escape(cut(subject.body.text(step.statement), 56)), cell.text))
            claims.append(cell.claims)
    if not rows:
        return None
    heads = (subject.text("worked.at"), subject.text("worked.statement"), subject.text("worked.value"))
    return Table(heads, tuple(rows), tuple(claims))


def _value(subject: Subject, walk: Walk, position: int, name: str) -> Cell:
    """The value just after the step: it is there just before the next one."""
    after = walk.before(position + 1)
    if name not in after or not tellable(after[name]):
        return Cell()
    call = walk.activation.call
    return value_cell(subject, walk.steps[position], name, after[name], when="after", limit=48, call=call)


def _telling(text: str) -> bool:
    """Whether the value is worked out: a constant or a copied name is plain to see."""
    node = parse(text)
    if (
        node is None
        or isinstance(node, _TRIVIAL)
        and not any(isinstance(n, ast.Call) for n in ast.walk(node))
    ):
        return False
    return not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name))
