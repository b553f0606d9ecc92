"""Plan: three to seven sub-goals, each a line range with a goal verb, nested at most two deep."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from codeassist.narrating import goals
from codeassist.narrating.body import LOOPS, Body
from codeassist.narrating.cells import cut
from codeassist.narrating.operands import parse
from codeassist.narrating.shape import swapped
from codeassist.narrating.subject import Subject, code
from codeassist.records.answer import Section, Table
from codeassist.records.program import Statement

MOST = 7
MOST_GUARD = 3
"""statements up to which a branch that leaves counts as a simple case"""


@dataclass(frozen=True, slots=True)
class Goal:
    """A run of statements that serve one purpose."""

    kind: str
    indexes: tuple[int, ...]
    depth: int = 0
    header_only: bool = False


def section(subject: Subject) -> Section | None:
    """The sub-goals of a function that has at least three statements."""
    body = subject.body
    found = _goals(body, body.top(), 0)
    few = 4 if subject.walk is not None else 2
    if sum(1 for _ in body.statements()) < few or len(found) < 2 and not body.loops():
        return None
    opened = _opened(body, found) if subject.is_learner else _merged(found)
    rows = [(_lines(body, goal), _said(subject, goal)) for goal in opened]
    return subject.section("plan", tables=[Table(("", ""), tuple(rows))])


def _opened(body: Body, found: list[Goal]) -> list[Goal]:
    """Loops and branches opened, the heaviest first, while there is room."""
    heavy = sorted((g for g in found if _openable(body, g)), key=lambda g: -len(body.within(g.indexes[0])))
    for goal in heavy:
        inner = _goals(body, body.inside(goal.indexes[0]), goal.depth + 1)
        if 1 < len(inner) <= MOST - len(found):
            at = found.index(goal)
            found = [*found[:at], Goal(goal.kind, goal.indexes, goal.depth, True), *inner, *found[at + 1 :]]
    return found if len(found) <= MOST else _merged(found)


def _openable(body: Body, goal: Goal) -> bool:
    return goal.kind in LOOPS and len(body.within(goal.indexes[0])) > 2


def _merged(found: list[Goal]) -> list[Goal]:
    """Too many found: neighbours that are not loops become one."""
    while len(found) > MOST:
        pairs = [
            i for i in range(len(found) - 1) if found[i].kind not in LOOPS and found[i + 1].kind not in LOOPS
        ]
        if not pairs:
            return found[:MOST]
        at = min(pairs, key=lambda i: len(found[i].indexes) + len(found[i + 1].indexes))
        found[at : at + 2] = [Goal("steps", found[at].indexes + found[at + 1].indexes, found[at].depth)]
    return found


def _goals(body: Body, indexes: Sequence[int], depth: int) -> list[Goal]:
    """Neighbouring statements of the same kind of goal, joined."""
    found: list[Goal] = []
    for index in indexes:
        kind = _kind(body, index)
        if kind == "skip":
            continue
        joins = kind in ("prepare", "steps", "refuse", "answer", "define")
        if found and joins and found[-1].kind == kind:
            found[-1] = Goal(kind, (*found[-1].indexes, index), depth)
        else:
            found.append(Goal(kind, (index,), depth))
    return found


def _kind(body: Body, index: int) -> str:
    statement = body.at(index)
    if statement.kind in ("assign", "annassign"):
        return "swap" if swapped(statement) else "prepare"
    if statement.kind in ("import", "global", "nonlocal", "pass"):
        return "skip"
    if statement.kind == "if":
        return _branch_kind(body, index)
    if statement.kind in ("expr", "augassign", "del", "assert"):
        return "yield" if isinstance(parse(statement.test), (ast.Yield, ast.YieldFrom)) else "steps"
    return {"def": "define", "class": "define"}.get(statement.kind, statement.kind)


def _branch_kind(body: Body, index: int) -> str:
    inner = [body.at(i) for i in body.inside(index)]
    others = body.inside(index, "orelse")
    if inner and not others and inner[-1].kind == "raise":
        return "refuse"
    if (
        inner
        and not others
        and len(inner) <= MOST_GUARD
        and inner[-1].kind in ("return", "continue", "break")
    ):
        return {"return": "answer", "continue": "pass_over", "break": "stop"}[inner[-1].kind]
    return "choose" if others else "if"


def _lines(body: Body, goal: Goal) -> str:
    first = body.at(goal.indexes[0])
    last = body.at(goal.indexes[-1])
    end = first.header.end_line if goal.header_only else last.span.end_line
    start = first.header.line
    return "  " * goal.depth + (str(start) if start == end else f"{start}-{end}")


def _said(subject: Subject, goal: Goal) -> str:
    body, text = subject.body, subject.text
    first = body.at(goal.indexes[0])
    if goal.kind in ("prepare", "steps"):
        return _simple(subject, goal)
    if goal.kind in LOOPS:
        return _loop(subject, goal, first)
    if goal.kind == "try":
        return _try(subject, goal.indexes[0])
    if goal.kind == "choose":
        return _choose(subject, goal.indexes[0])
    if goal.kind == "swap":
        a, b = swapped(first)
        return text("plan.swap", first=code(cut(a, 40)), second=code(cut(b, 40)))
    if goal.kind in ("refuse", "answer") and len(goal.indexes) > 1:
        return text(f"plan.{goal.kind}_many", tests=_tests(subject, goal))
    if goal.kind == "yield":
        return goals.act(subject, goal.indexes[0])
    if goal.kind == "answer":
        given = [body.at(i).test for i in body.inside(goal.indexes[0]) if body.at(i).kind == "return"][-1]
        if not given:
            return text("goal.leave", test=code(cut(first.test, 50)))
        key = "goal.found" if body.loop_of(goal.indexes[0]) is not None else "plan.answer"
        return text(key, test=code(cut(first.test, 50)), value=code(cut(given, 40)))
    if goal.kind == "return" and goals.nothing_found(subject, goal.indexes[0]):
        return goals.nothing_found(subject, goal.indexes[0])
    if goal.kind == "define":
        named = [code(n) for n in body.written(list(goal.indexes))]
        return text("plan.define", count=len(named), names=text.listing(named))
    key = f"plan.{goal.kind}"
    if goal.kind == "return" and not first.test:
        key = "plan.return_none"
    if goal.kind == "if":
        return text("plan.if", test=code(cut(first.test, 50)), what=_what(subject, goal.indexes[0]))
    source = code(cut(first.test or body.text(goal.indexes[0]), 60))
    return text(key if key in text else "plan.run", test=source, value=source)


def _try(subject: Subject, index: int) -> str:
    """What is tried, and which exceptions it is ready for."""
    body = subject.body
    inner = body.inside(index)
    caught = [body.text(i).removeprefix("except").strip() for i in body.inside(index, "handlers")]
    errors = [name.partition(" as ")[0] or "Exception" for name in caught] or ["finally"]
    return subject.text(
        "plan.try",
        value=code(cut(body.text(inner[0]), 50)) if inner else "",
        errors=subject.text.listing([code(cut(name, 40)) for name in errors[:3]], "or"),
    )


def _choose(subject: Subject, index: int) -> str:
    """Two ways: each by its effect where that is short to say."""
    body, text = subject.body, subject.text
    ways = [body.within(index), body.within(index, "orelse")]
    test = code(cut(body.at(index).test, 50))
    below = body.inside(index, "orelse")
    if len(below) == 1 and body.at(below[0]).kind == "if":
        return text("plan.choose", test=_tests(subject, Goal("choose", (index, below[0]))))
    if all(way and len(way) <= MOST_GUARD + 1 for way in ways):
        return text(
            "plan.either", test=test, first=_what(subject, index), second=_what(subject, index, "orelse")
        )
    return text("plan.choose", test=test)


def _tests(subject: Subject, goal: Goal) -> str:
    shown = [code(cut(subject.body.at(i).test, 36)) for i in goal.indexes[:3]]
    return subject.text.listing(shown, "or")


def _simple(subject: Subject, goal: Goal) -> str:
    """Plain statements: what they begin with or bring about; of a mixed group, the cases it settles."""
    body, text = subject.body, subject.text
    tests = [body.at(i).test for i in goal.indexes if body.at(i).kind == "if"]
    if tests:
        shown = [code(cut(test, 36)) for test in tests[:2]]
        return text("plan.cases", count=len(shown), tests=text.listing(shown))
    assigned = all(body.at(i).kind in ("assign", "annassign") for i in goal.indexes)
    if assigned and not goal.depth and all(_is_start(body.at(i)) for i in goal.indexes):
        begun = goals.begins(subject, goal.indexes)
        if begun:
            return begun
    said = list(dict.fromkeys(filter(None, (goals.act(subject, i) for i in goal.indexes))))
    if said and len(said) + 1 >= len(goal.indexes):
        return text.listing(said[:4], "then")
    return _prepared(subject, goal) if assigned else said[0] if said else _run(subject, goal)


def _run(subject: Subject, goal: Goal) -> str:
    return subject.text("plan.run", value=code(cut(subject.body.text(goal.indexes[0]), 60)))


def _prepared(subject: Subject, goal: Goal) -> str:
    """One value is told with where it comes from; of several, what they begin with, or their names."""
    body, text = subject.body, subject.text
    first = body.at(goal.indexes[0])
    names = list(dict.fromkeys(body.written(list(goal.indexes)) + _stored(body, goal.indexes)))
    if len(goal.indexes) == 1 and first.test:
        return _worked_out(subject, goal.indexes[0], 50)
    if len(goal.indexes) == 2 and goal.depth and all(body.at(i).test for i in goal.indexes):
        each = [goals.act(subject, i) or _worked_out(subject, i, 36) for i in goal.indexes]
        return text.listing(each, "then")
    begun = goals.begins(subject, goal.indexes) if not goal.depth else ""
    if begun or not names:
        return begun or _run(subject, goal)
    return text("plan.set", names=text.listing([code(name) for name in names[:5]]))


def _worked_out(subject: Subject, index: int, room: int) -> str:
    statement = subject.body.at(index)
    target = statement.target or ", ".join(statement.writes)
    return subject.text("plan.work_out", name=code(cut(target, 40)), value=code(cut(statement.test, room)))


def _is_start(statement: Statement) -> bool:
    if statement.stores:
        return False
    node = parse(statement.test)
    plain = (ast.Constant, ast.List, ast.Dict, ast.Set, ast.Tuple, ast.Name, ast.UnaryOp, ast.ListComp)
    table = isinstance(node, ast.BinOp) and "[" in statement.test
    return isinstance(node, plain) or table or statement.test.replace(" ", "").endswith(("set()", "deque()"))


def _stored(body: Body, indexes: Sequence[int]) -> list[str]:
    return [store for i in indexes for store in body.at(i).stores if len(store) < 30]


def _loop(subject: Subject, goal: Goal, loop: Statement) -> str:
    text, body, index = subject.text, subject.body, goal.indexes[0]
    effect = "" if goal.header_only else _effect(subject, index)
    if loop.kind == "for":
        said = goals.goes_through(subject, index)
    elif isinstance(parse(loop.test), ast.Constant):
        ways = {body.at(i).kind for i in body.within(index, "body")} & {"return", "break"}
        said = text("plan.forever_until" if ways else "plan.forever")
    else:
        said = goals.goes_on(subject, index)
    return text("plan.with_effect", what=said, effect=effect) if effect else said


def _effect(subject: Subject, index: int) -> str:
    """What a loop leaves behind: a container filled, a value gathered, a best kept, an early answer."""
    inner = subject.body.inside(index)
    if (
        len(inner) == 1
        and subject.body.at(inner[0]).kind == "if"
        and _branch_kind(subject.body, inner[0]) == "answer"
    ):
        return _said(subject, Goal("answer", (inner[0],), 1))
    found = list(dict.fromkeys(goals.effects(subject, subject.body.within(index, "body"))))
    return subject.text.listing(found[:2], "then")


def _what(subject: Subject, index: int, block: str = "body") -> str:
    inner = subject.body.within(index, block)
    found = list(dict.fromkeys(goals.effects(subject, inner)))
    if not found:
        found = list(dict.fromkeys(filter(None, (goals.act(subject, i) for i in inner))))
    if found:
        return subject.text.listing(found[:2], "then")
    names = subject.body.written(inner) + _stored(subject.body, inner)
    if names:
        return subject.text(
            "effect.set", names=subject.text.listing([code(n) for n in dict.fromkeys(names[:3])])
        )
    first = subject.body.inside(index, block)
    return subject.text("effect.run", value=code(cut(subject.body.text(first[0]), 40))) if first else ""
