"""Variables: the role that each plays by what the runs did with it, and the values it went through."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from codeassist.narrating import goals
from codeassist.narrating.book import escape
from codeassist.narrating.cells import WIDE, cut, shown, tellable
from codeassist.narrating.operands import parse
from codeassist.narrating.subject import Subject, code
from codeassist.narrating.walk import Entry
from codeassist.records.answer import Section, Table
from codeassist.records.program import Statement
from codeassist.records.values import literal

MOST = 7
_DULL = {"fixed value", "temporary", "fixed-value"}


def section(subject: Subject) -> Section | None:
    """One row for each local variable whose role says something; a developer sees that in the source."""
    if not subject.is_learner:
        return None
    rows: list[tuple[str, ...]] = []
    claims: list[tuple[str, ...]] = []
    for name in _names(subject):
        words, backing = _row(subject, name)
        if words:
            rows.append((escape(name), words))
            claims.append(backing)
    if not rows:
        return None
    return subject.section("variables", tables=[Table(("", ""), tuple(rows), tuple(claims))])


def _names(subject: Subject) -> list[str]:
    """Locals in the order in which the source binds them; parameters only where they play a part."""
    written = subject.body.written(list(subject.body.indexes))
    ordered = [*written, *(name for name in subject.evidence.roles if name not in written)]
    return [name for name in ordered if name in subject.evidence.roles][:MOST]


def _row(subject: Subject, name: str) -> tuple[str, tuple[str, ...]]:
    role = subject.evidence.roles[name]
    key = f"role.{role.replace(' ', '-')}"
    if role in _DULL or key not in subject.text:
        return "", ()
    if role in ("stepper", "most-recent holder") and _counts(subject, name):
        return "", ()
    if role == "one-way flag" and _bindings(subject, name) < 2:
        return "", ()  # bound once: it is no flag, whatever its type
    if role == "gatherer" and not _gathers(subject, name):
        return "", ()  # its values fit the rule, but the source does something else with it
    words = _words(subject, name, role) or subject.text(key)
    if role in ("most-recent holder", "follower") and words == subject.text(key):
        return "", ()  # of every variable that is assigned; a follower by its values alone may be chance
    claim = subject.book.add("role", var=name, role=role)
    sequence, more = _sequence(subject, name)
    if sequence:
        words = subject.text("variables.through", role=words, values=sequence)
    return words, (claim, *more)


def _gathers(subject: Subject, name: str) -> bool:
    """Whether all that loops do with it is to add to it, or to keep the better of it and something."""
    body = subject.body
    changes = [(i, s) for i, s in body.statements() if name in s.writes and body.loop_of(i) is not None]
    return all(s.kind == "augassign" or _from_itself(s, name) for _, s in changes)


def _from_itself(statement: Statement, name: str) -> bool:
    """`total = total + x`, `best = max(best, x)`."""
    node = parse(statement.test)
    if statement.kind != "assign" or statement.writes != (name,):
        return False
    if isinstance(node, ast.BinOp):
        return name in (ast.unparse(node.left), ast.unparse(node.right))
    return isinstance(node, ast.Call) and name in [ast.unparse(item) for item in node.args]


def _bindings(subject: Subject, name: str) -> int:
    """How many statements bind it; a parameter has one binding more."""
    given = name in subject.parameters
    return given + sum(name in statement.writes for _, statement in subject.body.statements())


def _counts(subject: Subject, name: str) -> bool:
    """Whether nothing but the headers of `for` loops binds it: the tables show its values."""
    binding = [s for _, s in subject.body.statements() if name in s.writes]
    return all(statement.kind == "for" for statement in binding)


def _leader(subject: Subject, name: str) -> str:
    """The variable whose value is kept here before it moves on: `before = node`."""
    body = subject.body
    for index, statement in body.statements():
        if statement.kind != "assign" or name not in statement.writes or body.loop_of(index) is None:
            continue
        for target, value in goals.pairs(statement):
            if target == name and value.isidentifier() and _moves_on(subject, index, value):
                return value
    return ""


def _moves_on(subject: Subject, index: int, name: str) -> bool:
    """Whether the loop binds the name in this statement or a later one."""
    body = subject.body
    loop = body.loop_of(index)
    inner = body.within(loop, "body") if loop is not None else []
    return any(name in body.at(i).writes for i in inner if i >= index)


def _words(subject: Subject, name: str, role: str) -> str:
    """The role with what the source says it is about; empty where it says nothing."""
    body, text = subject.body, subject.text
    if role == "container":
        items = goals.collected(subject, list(body.indexes)).get(name, [])
        if items:
            return text(
                "role.collects", items=text.listing([code(cut(item, 30)) for item in items[:3]], "or")
            )
        stored = any(store.startswith(f"{name}[") for _, s in body.statements() for store in s.stores)
        return text("role.filled") if stored else ""
    if role == "follower":
        led = _leader(subject, name)
        return text("role.follows", name=code(led)) if led else ""
    if role == "gatherer":
        given = [s.test for _, s in body.statements() if s.kind == "assign" and s.writes == (name,)]
        return text("role.most-wanted") if any(v.startswith(("max(", "min(")) for v in given) else ""
    if role == "most-recent holder":
        given = [
            s.test for _, s in body.statements() if s.kind == "assign" and s.writes == (name,) and s.test
        ]
        return text("role.latest", value=code(cut(given[-1], 40))) if len(given) == 1 else ""
    return ""


def _sequence(subject: Subject, name: str) -> tuple[str, tuple[str, ...]]:
    """Its values at the body starts of the first loop that changes it, where they are short to read."""
    for entry in subject.walk.entries if subject.walk else ():
        if 2 <= len(entry.turns) <= 8 and name in subject.body.written(
            [entry.loop, *subject.body.within(entry.loop)]
        ):
            values = _values(subject, entry, name)
            if values is not None:
                return _told(subject, entry, name, values)
    return "", ()


def _values(subject: Subject, entry: Entry, name: str) -> Sequence[object] | None:
    walk = subject.walk
    if walk is None:
        return None
    states = [walk.before(turn.start) for turn in entry.turns]
    if any(name not in state or not tellable(state[name]) for state in states):
        return None
    values = [state[name] for state in states]
    return values if len({literal(value) for value in values}) > 1 else None


def _told(subject: Subject, entry: Entry, name: str, values: Sequence[object]) -> tuple[str, tuple[str, ...]]:
    text = literal(list(values))
    if len(text) > WIDE + 20 or subject.walk is None:
        return "", ()
    fields = {} if subject.walk.activation.call == 1 else {"call": subject.walk.activation.call}
    line = subject.body.at(entry.loop).header.line
    claim = subject.book.add("sequence", line=line, entry=entry.number, var=name, values=text, **fields)
    return shown(claim, "values", list(values), 100), (claim,)
