"""Values in table cells and sentences: each backed by a claim, short ones through its slot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from codeassist.narrating.book import Book, escape, slot
from codeassist.narrating.brief import brief
from codeassist.narrating.operands import spell
from codeassist.narrating.subject import Subject
from codeassist.narrating.walk import Step
from codeassist.records.values import Instance, literal, opaque

WIDE = 40
"""characters that a value may take in a cell"""
TEST = 30
"""characters that a test may take in a cell, beside its outcome"""
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
    """What a container became: all of it while it is short, else the one item that differs."""
    text = literal(new)
    if len(text) <= WIDE:
        return value_cell(subject, step, expr, new, when="before", call=call)
    path, item = _difference(expr, old, new)
    if path:
        cell = value_cell(subject, step, path, item, when="before", call=call)
        return Cell(f"{escape(path)} = {cell.text}", cell.claims) if cell.text else EMPTY
    return value_cell(subject, step, expr, new, when="before", call=call)


def _difference(expr: str, old: Any, new: Any) -> tuple[str, Any]:
    """The one item in which two containers differ, as a path; empty where there are several."""
    if type(old) is not type(new):
        return "", None
    if isinstance(new, list):
        return _list_difference(expr, old, new)
    if isinstance(new, dict):
        fresh = [key for key in new if key not in old or literal(old[key]) != literal(new[key])]
        if len(fresh) == 1 and len(old) <= len(new):
            return f"{expr}[{literal(fresh[0])}]", new[fresh[0]]
    return "", None


def _list_difference(expr: str, old: list[Any], new: list[Any]) -> tuple[str, Any]:
    if len(new) == len(old):
        places = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if literal(a) != literal(b)]
        return (f"{expr}[{places[0]}]", new[places[0]]) if len(places) == 1 else ("", None)
    if len(new) == len(old) + 1 and literal(new[:-1]) == literal(old):
        return f"{expr}[-1]", new[-1]
    return "", None


def test_cell(subject: Subject, step: Step, text: str, variables: Mapping[str, Any], taken: bool) -> Cell:
    """A test with its operands substituted and its outcome: `5 > 3  True`."""
    call = _call(subject)
    # `branch` pools all activations unless `call` says which one
    branch = subject.book.add(
        "branch", line=step.line, taken=taken, occurrence=step.occurrence, call=call
    )  # fmt: skip
    outcome = slot(branch, "taken")
    pieces = spell(text, variables) if subject.body.alone(step.statement) else []
    if not pieces or sum(len(value or source) for source, value in pieces) > TEST:
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
