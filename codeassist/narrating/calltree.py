"""A recursive run as a tree of calls with their values; a sub-problem is opened once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from codeassist.narrating.book import escape, slot
from codeassist.narrating.cells import Cell, cut, result_text, tellable
from codeassist.narrating.subject import Subject
from codeassist.narrating.walk import Walk, end_of, entry_values
from codeassist.records.answer import Sentence, Table
from codeassist.records.trace import Activation, ExceptionInfo, Trace
from codeassist.records.values import literal

MOST_ROWS = 14
MOST_CALLS = 400
"""activations up to which a tree is drawn"""


def recursive(subject: Subject) -> list[Activation]:
    """The activations of the function in the explained run, where one lies inside another."""
    if subject.walk is None:
        return []
    wanted = subject.function.id.qualname
    found = [a for a in subject.walk.reader.activations() if a.function.qualname == wanted]
    known = {a.id for a in found}
    return found if any(_above(a, subject.walk) in known for a in found) else []


def _above(activation: Activation, walk: Walk) -> int | None:
    """The nearest activation of the same function around this one."""
    every = walk.reader.activations()
    above = activation.parent
    while above is not None and every[above].function.qualname != activation.function.qualname:
        above = every[above].parent
    return above


def sentence(subject: Subject, found: list[Activation]) -> Sentence:
    """How often and how deep it called itself in the explained run."""
    book = subject.book
    calls = book.add("calls", count=len(found))
    deepest = book.add("depth", max=_depth(found, subject.walk))
    return Sentence(
        subject.text("worked.recursion", calls=slot(calls, "count"), depth=slot(deepest, "max")),
        (calls, deepest),
    )


def _depth(found: list[Activation], walk: Walk | None) -> int:
    depths: dict[int, int] = {}
    for activation in found:
        above = _above(activation, walk) if walk else None
        depths[activation.id] = depths.get(above, 0) + 1 if above is not None else 1
    return max(depths.values())


def table(subject: Subject, found: list[Activation]) -> Table:
    """Calls from the outermost inwards, with arguments and results."""
    rows: list[tuple[str, ...]] = []
    claims: list[tuple[str, ...]] = []
    for row in _rows(subject, found):
        if len(rows) == MOST_ROWS:
            rows.append(("...", subject.text("worked.calls_more")))
            claims.append(())
            break
        rows.append((row[0].text, row[1].text))
        claims.append((*row[0].claims, *row[1].claims))
    heads = (subject.text("worked.call"), subject.text("worked.result"))
    return Table(heads, tuple(rows), tuple(claims), subject.text("worked.tree"))


def _rows(subject: Subject, found: list[Activation]) -> Iterator[tuple[Cell, Cell]]:
    walk, trace = subject.walk, subject.evidence.runs[0]
    if walk is None or len(found) > MOST_CALLS:
        return
    below: dict[int | None, list[Activation]] = {}
    for activation in found:
        below.setdefault(_above(activation, walk), []).append(activation)
    keys = {a.id: _key(trace, a) for a in found}
    repeats, opened = Counter(keys.values()), set()
    stack = [(activation, 0) for activation in reversed(below.get(None, []))]
    while stack:
        activation, depth = stack.pop()
        key = keys[activation.id]
        again = key in opened and bool(below.get(activation.id))
        yield _call_cell(subject, trace, activation, depth, again), _result_cell(subject, walk, activation)
        opened.add(key)
        if not again or repeats[key] == 1:
            stack += [(child, depth + 1) for child in reversed(below.get(activation.id, []))]


def _key(trace: Trace, activation: Activation) -> str:
    return literal(dict(entry_values(trace, activation)))


def _call_cell(subject: Subject, trace: Trace, activation: Activation, depth: int, again: bool) -> Cell:
    values = entry_values(trace, activation)
    told = {name: values[name] for name in subject.parameters if name in values}
    claims = _arguments_claim(subject, activation, told)
    inside = ", ".join(cut(literal(value), 24) for value in told.values())
    text = "  " * depth + escape(f"{subject.function.name}({inside})")
    return Cell(subject.text("worked.again", call=text) if again else text, claims)


def _arguments_claim(subject: Subject, activation: Activation, told: Mapping[str, Any]) -> tuple[str, ...]:
    args = {name: literal(value) for name, value in told.items() if tellable(value)}
    return (subject.book.add("call_args", args=args, call=activation.call),) if args else ()


def _result_cell(subject: Subject, walk: Walk, activation: Activation) -> Cell:
    end = end_of(walk.reader, activation)
    if end is None:
        return Cell("")
    if isinstance(end.value, ExceptionInfo):
        claim = subject.book.add("raises", exception=end.value.cls, call=activation.call)
        return Cell(subject.text("worked.raising", exception=slot(claim, "exception")), (claim,))
    return result_text(subject.book, end.value, call=activation.call, limit=40)
