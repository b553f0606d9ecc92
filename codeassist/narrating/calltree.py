"""A recursive run as a tree of calls with their values; a sub-problem is opened once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from codeassist.narrating.book import escape, slot
from codeassist.narrating.brief import brief
from codeassist.narrating.cells import Cell, cut, result_text, tellable
from codeassist.narrating.contract import became, handed_out
from codeassist.narrating.subject import Subject, code
from codeassist.narrating.walk import Walk, end_of, entry_values
from codeassist.records.answer import Sentence, Table
from codeassist.records.trace import Activation, ExceptionInfo, Trace
from codeassist.records.values import literal

MOST_ROWS = 14
MOST_CALLS = 400
"""activations up to which a tree is drawn"""


def recursive(subject: Subject) -> list[Activation]:
    """Activations in the explained run of the function, one defined inside it, or its helper, that nest."""
    if subject.walk is None:
        return []
    every = subject.walk.reader.activations()
    own = subject.function.id.qualname
    inner = dict.fromkeys(a.function.qualname for a in every if a.function.qualname.startswith(f"{own}."))
    for wanted in (own, *inner, *_helpers(subject, subject.walk)):
        found = [a for a in every if a.function.qualname == wanted]
        known = {a.id for a in found}
        if any(_above(a, subject.walk) in known for a in found):
            return found
    return []


def _helpers(subject: Subject, walk: Walk) -> list[str]:
    """Functions of the same file that the explained activation itself calls."""
    shown = walk.activation
    called = (a for a in walk.reader.activations() if a.parent == shown.id)
    names = (a.function.qualname for a in called if a.function.path == shown.function.path)
    return list(dict.fromkeys(names))


def _above(activation: Activation, walk: Walk) -> int | None:
    """The nearest activation of the same function around this one."""
    every = walk.reader.activations()
    above = activation.parent
    while above is not None and every[above].function.qualname != activation.function.qualname:
        above = every[above].parent
    return above


def sentence(subject: Subject, found: list[Activation]) -> Sentence:
    """How often and how deep it called itself in the explained run."""
    book, func = subject.book, found[0].function.qualname
    calls = book.add("calls", func=func, count=len(found))
    deepest = book.add("depth", func=func, max=_depth(found, subject.walk))
    text = subject.text(
        "worked.recursion", name=code(_name(found[0])), calls=slot(calls, "count"), depth=slot(deepest, "max")
    )
    return Sentence(text, (calls, deepest))


def _name(activation: Activation) -> str:
    return activation.function.qualname.rpartition(".")[2].partition("#")[0]


def _depth(found: list[Activation], walk: Walk | None) -> int:
    depths: dict[int, int] = {}
    for activation in found:
        above = _above(activation, walk) if walk else None
        depths[activation.id] = depths.get(above, 0) + 1 if above is not None else 1
    return max(depths.values())


def table(subject: Subject, found: list[Activation]) -> Table | None:
    """Calls from the outermost inwards, with results; None where no argument tells them apart."""
    trace = subject.evidence.runs[0]
    if len({_key(trace, activation) for activation in found}) == 1:
        return None
    rows: list[tuple[str, ...]] = []
    claims: list[tuple[str, ...]] = []
    for row in _rows(subject, found):
        if len(rows) == MOST_ROWS:
            rows.append(("...", subject.text("worked.calls_more")))
            claims.append(())
            break
        rows.append((row[0].text, row[1].text))
        claims.append((*row[0].claims, *row[1].claims))
    if len(rows) > 1 and all(_says_none(subject, cell) for cell in claims):
        return Table((subject.text("worked.call"),), tuple((row[0],) for row in rows), tuple(claims))
    heads = (subject.text("worked.call"), subject.text("worked.result"))
    return Table(heads, tuple(rows), tuple(claims))


def _says_none(subject: Subject, claims: tuple[str, ...]) -> bool:
    """Whether a row tells no more than that its call returned None."""
    return not claims or subject.book.fields(claims[-1]).get("value") == "None"


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
    told = {name: value for name, value in values.items() if name != subject.receiver}
    claims = _arguments_claim(subject, activation, told)
    inside = ", ".join(cut(brief(value), 24) for value in told.values())
    text = "  " * depth + escape(f"{_name(activation)}({inside})")
    return Cell(subject.text("worked.again", call=text) if again else text, claims)


def _arguments_claim(subject: Subject, activation: Activation, told: Mapping[str, Any]) -> tuple[str, ...]:
    args = {name: literal(value) for name, value in told.items() if tellable(value)}
    func = activation.function.qualname
    return (subject.book.add("call_args", func=func, args=args, call=activation.call),) if args else ()


def _effect(subject: Subject, activation: Activation) -> Cell | None:
    """What a call that returned None handed out or changed."""
    same = [o for o in subject.outcomes if o.run == 0 and o.call == activation.call]
    if activation.function.qualname != subject.function.id.qualname or not same:
        return None
    if subject.function.is_generator:
        told = handed_out(subject, same[0], None, call=activation.call)
    else:
        told = became(subject, same[0], None, call=activation.call) or ("", ())
    return Cell(*told) if told[0] else None


def _result_cell(subject: Subject, walk: Walk, activation: Activation) -> Cell:
    end = end_of(walk.reader, activation)
    if end is None:
        return Cell("")
    if isinstance(end.value, ExceptionInfo):
        func = activation.function.qualname
        claim = subject.book.add("raises", func=func, exception=end.value.cls, call=activation.call)
        return Cell(subject.text("worked.raising", exception=slot(claim, "exception")), (claim,))
    func = activation.function.qualname
    if end.value is None:
        told = _effect(subject, activation)
        if told is not None:
            return told
    return result_text(subject.book, end.value, call=activation.call, limit=40, func=func)
