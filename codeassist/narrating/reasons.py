"""Why it works: what held at every turn of a loop, and what makes the loop end."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from codeassist.narrating.book import escape, slot
from codeassist.narrating.operands import Unknown, evaluate, parse
from codeassist.narrating.subject import Subject, code
from codeassist.narrating.walk import Walk
from codeassist.records.answer import Section, Sentence

MOST_A_LOOP = 3


def section(subject: Subject) -> Section | None:
    """Invariants ranked by evidence, at most three a loop, and termination measures."""
    sentences = [*_invariants(subject), *_measures(subject)]
    return subject.section("why", sentences) if sentences else None


def _invariants(subject: Subject) -> Iterator[Sentence]:
    seen: dict[int, int] = {}
    for invariant in subject.evidence.invariants:
        seen[invariant.line] = seen.get(invariant.line, 0) + 1
        if seen[invariant.line] > MOST_A_LOOP:
            continue
        claim = subject.book.add("invariant", scope="all", line=invariant.line, expr=invariant.expr)
        key = "why.invariant_in" if invariant.domain else "why.invariant"
        text = subject.say(
            key,
            expr=code(invariant.expr),
            line=slot(claim, "line"),
            runs=slot(claim, "runs"),
            domain=escape(invariant.domain),
        )
        yield Sentence(text, (claim,))


def _measures(subject: Subject) -> Iterator[Sentence]:
    """For each `while` with an ordering as its test: the gap that shrinks at every turn."""
    for loop in subject.body.loops():
        statement = subject.body.at(loop)
        expr = _gap(statement.test) if statement.kind == "while" else ""
        if expr and subject.walk is not None and _shrinks(subject.walk, loop, expr):
            claim = subject.book.add("variant", scope="all", line=statement.header.line, expr=expr)
            yield Sentence(subject.say("why.variant", expr=code(expr), line=slot(claim, "line")), (claim,))


def _gap(test: str) -> str:
    """`high - low` for a test such as `low <= high`; the plain name for `while n`, `while n > 0`."""
    node = parse(test)
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        gaps = [gap for gap in (_gap(ast.unparse(value)) for value in node.values) if gap]
        return gaps[0] if len(gaps) == 1 else ""
    if isinstance(node, ast.Name):
        return node.id
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return ""
    left, right = node.left, node.comparators[0]
    if isinstance(node.ops[0], (ast.Gt, ast.GtE, ast.NotEq)):
        left, right = right, left
    elif not isinstance(node.ops[0], (ast.Lt, ast.LtE)):
        return ""
    if isinstance(left, ast.Constant) and left.value in (0, 1):
        return ast.unparse(right)
    return ast.unparse(ast.BinOp(right, ast.Sub(), left))


def _shrinks(walk: Walk, loop: int, expr: str) -> bool:
    """Whether the measure fell at every turn of the explained run, of which some loop had two."""
    node = parse(expr)
    entries = [entry for entry in walk.of(loop) if len(entry.turns) <= 64]
    if node is None or not any(len(entry.turns) > 1 for entry in entries):
        return False
    try:
        for entry in entries:
            values = [evaluate(node, walk.before(turn.start)) for turn in entry.turns]
            if any(type(value) is not int or value < 0 for value in values):
                return False
            if any(b >= a for a, b in pairwise(values)):
                return False
    except Unknown:
        return False
    return True
