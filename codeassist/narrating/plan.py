"""Plan: three to seven sub-goals, each a line range with a goal verb, nested at most two deep."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codeassist.narrating.body import LOOPS, Body
from codeassist.narrating.cells import cut
from codeassist.narrating.operands import parse
from codeassist.narrating.shape import added, swapped
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
    goals = _goals(body, body.top(), 0)
    if sum(1 for _ in body.statements()) < 4 or len(goals) < 2 and not body.loops():
        return None
    goals = _opened(body, goals)
    rows = [(_lines(body, goal), _said(subject, goal)) for goal in goals]
    return subject.section("plan", tables=[Table(("", ""), tuple(rows))])


def _opened(body: Body, goals: list[Goal]) -> list[Goal]:
    """Loops and branches opened, the heaviest first, while there is room."""
    heavy = sorted((g for g in goals if _openable(body, g)), key=lambda g: -len(body.within(g.indexes[0])))
    for goal in heavy:
        inner = _goals(body, body.inside(goal.indexes[0]), goal.depth + 1)
        if 1 < len(inner) <= MOST - len(goals):
            at = goals.index(goal)
            goals = [*goals[:at], Goal(goal.kind, goal.indexes, goal.depth, True), *inner, *goals[at + 1 :]]
    return goals if len(goals) <= MOST else _merged(goals)


def _openable(body: Body, goal: Goal) -> bool:
    return goal.kind in LOOPS and len(body.within(goal.indexes[0])) > 2


def _merged(goals: list[Goal]) -> list[Goal]:
    """Too many goals: neighbours that are not loops become one."""
    while len(goals) > MOST:
        pairs = [
            i for i in range(len(goals) - 1) if goals[i].kind not in LOOPS and goals[i + 1].kind not in LOOPS
        ]
        if not pairs:
            return goals[:MOST]
        at = min(pairs, key=lambda i: len(goals[i].indexes) + len(goals[i + 1].indexes))
        goals[at : at + 2] = [Goal("steps", goals[at].indexes + goals[at + 1].indexes, goals[at].depth)]
    return goals


def _goals(body: Body, indexes: Sequence[int], depth: int) -> list[Goal]:
    """Neighbouring statements of the same kind of goal, joined."""
    goals: list[Goal] = []
    for index in indexes:
        kind = _kind(body, index)
        if kind == "skip":
            continue
        joins = kind in ("prepare", "steps", "refuse", "answer", "define")
        if goals and joins and goals[-1].kind == kind:
            goals[-1] = Goal(kind, (*goals[-1].indexes, index), depth)
        else:
            goals.append(Goal(kind, (index,), depth))
    return goals


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
    if goal.kind == "answer":
        given = [body.at(i).test for i in body.inside(goal.indexes[0]) if body.at(i).kind == "return"][-1]
        return text("plan.answer", test=code(cut(first.test, 50)), value=code(cut(given or "None", 40)))
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
    ways = [body.inside(index), body.inside(index, "orelse")]
    test = code(cut(body.at(index).test, 50))
    if all(len(way) == 1 and body.at(way[0]).kind not in ("if", *LOOPS, "try", "with") for way in ways):
        first, second = (_said(subject, Goal(_kind(body, way[0]), (way[0],))) for way in ways)
        return text("plan.either", test=test, first=first, second=second)
    given = [[body.at(i).test for i in way if body.at(i).kind == "return"] for way in ways]
    if all(values and values[-1] for values in given):
        first, second = (text("effect.return", value=code(cut(values[-1], 40))) for values in given)
        return text("plan.either", test=test, first=first, second=second)
    return text("plan.choose", test=test)


def _tests(subject: Subject, goal: Goal) -> str:
    shown = [code(cut(subject.body.at(i).test, 36)) for i in goal.indexes[:3]]
    return subject.text.listing(shown, "or")


def _simple(subject: Subject, goal: Goal) -> str:
    """Plain statements: what they set, or the call they make; of a mixed group, the cases it settles."""
    body, text = subject.body, subject.text
    tests = [body.at(i).test for i in goal.indexes if body.at(i).kind == "if"]
    if tests:
        return text("plan.cases", tests=text.listing([code(cut(test, 36)) for test in tests[:2]]))
    names = body.written(list(goal.indexes)) + _stored(body, goal.indexes)
    if len(goal.indexes) == 1:
        statement = body.at(goal.indexes[0])
        if statement.kind in ("assign", "annassign") and statement.test and not _is_start(statement):
            return text(
                "plan.work_out",
                name=code(cut(statement.target or ", ".join(names), 40)),
                value=code(cut(statement.test, 50)),
            )
        copied = isinstance(parse(statement.test), ast.Name) or goal.depth > 0
        if statement.kind == "assign" and (statement.stores or copied and names):
            return text("plan.put", name=code(cut(statement.target, 40)), value=code(cut(statement.test, 50)))
        if statement.kind == "augassign":
            return text("effect.gather", name=code(cut(statement.target or names[0], 40)))
        if not names or statement.kind != "assign":
            return text("plan.run", value=code(cut(body.text(goal.indexes[0]), 60)))
    calls = [body.text(i) for i in goal.indexes if body.at(i).kind == "expr"]
    if not names:
        return text("plan.run", value=code(cut(calls[0] if calls else body.text(goal.indexes[0]), 60)))
    starts = all(_is_start(body.at(i)) for i in goal.indexes)
    shown = [code(name) for name in dict.fromkeys(names)][:5]
    return text("plan.start" if starts else "plan.set", names=text.listing(shown))


def _is_start(statement: Statement) -> bool:
    node = parse(statement.test)
    return isinstance(node, (ast.Constant, ast.List, ast.Dict, ast.Tuple, ast.Name, ast.UnaryOp))


def _stored(body: Body, indexes: Sequence[int]) -> list[str]:
    return [store for i in indexes for store in body.at(i).stores if len(store) < 30]


def _loop(subject: Subject, goal: Goal, loop: Statement) -> str:
    text, body = subject.text, subject.body
    effect = "" if goal.header_only else _effect(subject, goal.indexes[0])
    if loop.kind == "for":
        said = text(
            "plan.for",
            target=code(cut(loop.target or ", ".join(loop.writes), 30)),
            iterable=code(cut(loop.test, 40)),
        )
    elif isinstance(parse(loop.test), ast.Constant):
        ways = {body.at(i).kind for i in body.within(goal.indexes[0], "body")} & {"return", "break"}
        said = text("plan.forever_until" if ways else "plan.forever")
    else:
        said = text("plan.while", test=code(cut(loop.test, 50)))
    return text("plan.with_effect", what=said, effect=effect) if effect else said


def _effect(subject: Subject, index: int) -> str:
    """What a loop leaves behind: a container filled, a value gathered, a best kept, an early answer."""
    found = list(dict.fromkeys(_effects(subject, subject.body.within(index, "body"))))
    return subject.text.listing(found[:2], "then")


def _what(subject: Subject, index: int) -> str:
    inner = subject.body.within(index, "body")
    found = list(dict.fromkeys(_effects(subject, inner)))
    if found:
        return subject.text.listing(found[:2], "then")
    names = subject.body.written(inner) + _stored(subject.body, inner)
    if names:
        return subject.text(
            "effect.set", names=subject.text.listing([code(n) for n in dict.fromkeys(names[:3])])
        )
    first = subject.body.inside(index)
    return subject.text("effect.run", value=code(cut(subject.body.text(first[0]), 40))) if first else ""


def _effects(subject: Subject, indexes: Sequence[int]) -> Iterator[str]:
    body, text = subject.body, subject.text
    for index in indexes:
        statement = body.at(index)
        node = parse(statement.test) if statement.kind == "expr" else None
        if statement.kind == "augassign" and statement.writes:
            yield text("effect.gather", name=code(statement.writes[0]))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if added(statement.test, owner):
                yield text(
                    "effect.collect", name=code(owner), item=code(cut(added(statement.test, owner), 30))
                )
        elif isinstance(node, ast.Yield) and node.value is not None:
            yield text("effect.yield", value=code(cut(ast.unparse(node.value), 30)))
        elif swapped(statement):
            first, second = swapped(statement)
            yield text("effect.swap", first=code(cut(first, 30)), second=code(cut(second, 30)))
        elif statement.stores:
            yield text("effect.store", name=code(cut(statement.stores[0], 30)))
        elif statement.kind == "return" and statement.test:
            yield text("effect.return", value=code(cut(statement.test, 30)))
