"""Values in table cells and sentences: each backed by a claim, short ones through its slot."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codeassist.narrating.book import Book, escape, slot
from codeassist.narrating.brief import brief
from codeassist.narrating.operands import parse, spell
from codeassist.narrating.subject import Subject
from codeassist.narrating.walk import Step
from codeassist.records.values import Instance, literal, opaque

WIDE = 40
"""characters that a value may take in a cell"""
TEST = 30
"""characters that a test may take in a cell, beside its outcome"""
EASY = 26
"""characters up to which a container is shown whole where only some of its items changed"""
MOST_CHANGES = 2
"""changed items that a cell names; of more, the whole container is shown"""
NAMED = 12
"""characters of a value that stands alone as a test, such as the list of `while queue`"""
LONG = 60
"""characters that a value may take in a sentence"""


@dataclass(frozen=True, slots=True)
class Cell:
    """Text with slots and the claims behind it."""

    text: str = ""
    claims: tuple[str, ...] = ()


EMPTY = Cell()


def shown(claim: str, field: str, value: Any, limit: int = LONG) -> str:
    """A slot where the whole value is short enough to read, else what a reader wants of it."""
    text = brief(value)
    whole = len(text) <= limit and text == literal(value)
    return slot(claim, field) if whole else escape(cut(text, limit))


def cut(text: str, limit: int) -> str:
    """`text` in one line, at most `limit` characters, its end replaced by `...` where it is longer."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 3].rstrip() + "..."


def place(step: Step, call: int) -> dict[str, Any]:
    """The fields that say where a point claim looks."""
    fields: dict[str, Any] = {"line": step.line, "occurrence": step.occurrence}
    if call != 1:
        fields["call"] = call
    return fields


def called(call: str, limit: int) -> str:
    """A call in at most `limit` characters; of one with a long prelude, the last part tells most."""
    if len(call) > limit and call.startswith("(") and call.endswith(")[-1]"):
        node = parse(call)
        parts = (
            node.value.elts if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Tuple) else []
        )
        if parts:
            return f"..., {cut(ast.unparse(parts[-1]), limit - 5)}"
    return cut(call, limit)


def tellable(value: Any) -> bool:
    """Whether a claim can be decided about this value."""
    return opaque(value) is None


def value_cell(
    subject: Subject, step: Step, expr: str, value: Any, *, when: str, limit: int = WIDE, call: int = 1
) -> Cell:
    """The value of a variable or path just before or after a step."""
    if not tellable(value):
        return EMPTY
    claim = subject.book.add("value", expr=expr, value=literal(value), when=when, **place(step, call))
    return Cell(shown(claim, "value", value, limit), (claim,))


def change_cell(subject: Subject, step: Step, expr: str, old: Any, new: Any, *, call: int = 1) -> Cell:
    """What a container became: all of it while it is short, else the items that differ: `[2] = 7`."""
    whole = value_cell(subject, step, expr, new, when="before", call=call)
    if len(literal(new)) <= EASY:
        return whole
    cells = []
    for path, item in _differences(expr, old, new)[: MOST_CHANGES + 1]:
        cell = value_cell(subject, step, path, item, when="before", call=call)
        told = f"{escape(path.removeprefix(expr))} = {cell.text}" if cell.text else ""
        cells.append(Cell(told, cell.claims))
    if not 0 < len(cells) <= MOST_CHANGES or not all(cell.text for cell in cells):
        return whole
    return Cell(", ".join(c.text for c in cells), tuple(claim for c in cells for claim in c.claims))


def _differences(expr: str, old: Any, new: Any) -> list[tuple[str, Any]]:
    """The items in which two containers differ, as paths; none where items went or moved."""
    if type(old) is not type(new):
        return []
    if isinstance(new, list):
        return _list_differences(expr, old, new)
    if isinstance(new, dict) and all(key in new for key in old):
        fresh = [key for key in new if key not in old or literal(old[key]) != literal(new[key])]
        return [(f"{expr}[{literal(key)}]", new[key]) for key in fresh]
    return []


def _list_differences(expr: str, old: list[Any], new: list[Any]) -> list[tuple[str, Any]]:
    if len(new) == len(old):
        places = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if literal(a) != literal(b)]
        return [(f"{expr}[{place}]", new[place]) for place in places]
    if len(new) == len(old) + 1 and literal(new[:-1]) == literal(old):
        return [(f"{expr}[-1]", new[-1])]
    return []


def test_cell(subject: Subject, step: Step, text: str, variables: Mapping[str, Any], taken: bool) -> Cell:
    """A test with its operands substituted and its outcome: `5 > 3  True`."""
    call = _call(subject)
    # `branch` pools all activations unless `call` says which one
    branch = subject.book.add(
        "branch", line=step.line, taken=taken, occurrence=step.occurrence, call=call
    )  # fmt: skip
    outcome = slot(branch, "taken")
    pieces = spell(text, variables) if subject.body.alone(step.statement) else []
    pieces = _fitting(pieces)
    if not any(value for _, value in pieces):
        return Cell(outcome, (branch,))
    parts, claims = [], [branch]
    for source, value in pieces:
        if value:
            claim = subject.book.add("value", expr=source, value=value, when="before", **place(step, call))
            claims.append(claim)
            parts.append(slot(claim, "value"))
        else:
            parts.append(escape(source))
    return Cell(f"{''.join(parts)}  {outcome}", tuple(claims))


def _fitting(pieces: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The longest values back to their names until the test fits; nothing but a name: no value at all."""
    kept = list(pieces)
    if len(kept) == 1 and len(kept[0][1] or "") > NAMED:
        return [(kept[0][0], "")]
    while sum(len(value or source) for source, value in kept) > TEST:
        longest = max(range(len(kept)), key=lambda n: len(kept[n][1] or ""))
        source, value = kept[longest]
        if len(value or "") <= len(source):
            return []
        kept[longest] = (source, "")
    return kept


def _call(subject: Subject) -> int:
    return subject.walk.activation.call if subject.walk else 1


def flat(variables: Mapping[str, Any], receiver: str = "") -> Iterator[tuple[str, Any]]:
    """Variables by name; the object a method belongs to by its attributes (`self.head`)."""
    for name, value in variables.items():
        if name == receiver and isinstance(value, Instance):
            yield from ((f"{name}.{attribute}", item) for attribute, item in value.attributes.items())
        else:
            yield name, value


def result_text(
    book: Book, value: Any, *, scope: Any = None, call: int = 1, limit: int = LONG, func: str = ""
) -> Cell:
    """The value that an activation returned."""
    if not tellable(value):
        return EMPTY
    fields: dict[str, Any] = {"value": literal(value)}
    if call != 1:
        fields["call"] = call
    if func:
        fields["func"] = func
    claim = book.add("returns", scope=scope, **fields)
    return Cell(shown(claim, "value", value, limit), (claim,))
