"""The grammar of queries (docs/query.md): a text becomes a question, or one line says why not."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass

from codeassist.records.errors import UsageError

FORMS = (
    "first CONDITION, last CONDITION, every CONDITION, when EXPRESSION changes, writes to TARGET, "
    "count line N, count CONDITION, calls to NAME [where CONDITION], max depth [of NAME], at step N, "
    "why EXPRESSION"
)
LONGEST = 2_000
_KINDS = (
    (r"(?P<kind>first|last|every|count)\s+line\s+(?:(?P<file>\S+):)?(?P<number>\d+)", "line"),
    (r"(?P<kind>max)\s+depth(?:\s+of\s+(?P<name>\S+))?", "depth"),
    (r"(?P<kind>at)\s+step\s+(?P<number>\d+)", "step"),
    (r"(?P<kind>calls)\s+to\s+(?P<name>[^\s]+)(?:\s+where\s+(?P<text>.+))?", "calls"),
    (r"(?P<kind>count)\s+calls\s+to\s+(?P<name>[^\s]+)(?:\s+where\s+(?P<text>.+))?", "calls"),
    (r"(?P<kind>writes)\s+to\s+(?P<text>.+)", "writes"),
    (r"(?P<kind>when)\s+(?P<text>.+?)\s+changes", "when"),
    (r"(?P<kind>why)\s+(?P<text>.+?)\s+at\s+step\s+(?P<number>\d+)", "why"),
    (r"(?P<kind>why)\s+(?P<text>.+)", "why"),
    (r"(?P<kind>first|last|every|count)\s+(?P<text>.+)", "condition"),
)
_PATTERNS = tuple((re.compile(text, re.DOTALL), form) for text, form in _KINDS)


@dataclass(frozen=True, slots=True)
class Question:
    """`form` says what is asked (condition, line, calls, writes, when, depth, step, why), `kind` the word."""

    form: str
    kind: str
    text: str = ""
    """the expression, condition or target"""
    names: frozenset[str] = frozenset()
    """free names of `text`"""
    number: int = -1
    name: str = ""
    """the function that is asked about"""
    file: str = ""
    scope: str = ""
    """only steps of this function"""


def parse_question(text: str, functions: Collection[str] = ()) -> Question:
    """Read `text`; a trailing `in NAME` is a scope when NAME is one of `functions`.

    Raises UsageError, saying what is wrong.
    """
    text = text.strip()
    if len(text) > LONGEST or "\0" in text:
        raise UsageError(f"a question may have {LONGEST} characters", slug="bad-query")
    scope, text = _scope(text, functions)
    for pattern, form in _PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            return _question(form, match.groupdict(), scope)
    raise UsageError(f"no such question: {text!r}", hint=f"ask {FORMS}", slug="bad-query")


def _scope(text: str, functions: Collection[str]) -> tuple[str, str]:
    head, found, tail = text.rpartition(" in ")
    name = tail.strip()
    if found and name in functions and len(head.split()) > 1:
        return name, head.strip()
    return "", text


def _question(form: str, found: dict[str, str | None], scope: str) -> Question:
    text = (found.get("text") or "").strip()
    return Question(
        form,
        found.get("kind") or "",
        text,
        free_names(text) if text else frozenset(),
        int(found.get("number") or -1),
        found.get("name") or "",
        found.get("file") or "",
        scope,
    )


def free_names(text: str) -> frozenset[str]:
    """Names that `text` takes from outside, built-ins called left out. UsageError when it does not parse."""
    tree = expression(text)
    bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    return frozenset(used - bound - called)


def expression(text: str) -> ast.expr:
    """The tree of one expression. UsageError when it does not parse."""
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UsageError(f"{text!r} is no expression", slug="bad-query") from None


def subject(text: str) -> str:
    """What the value of a condition is: the left side of a comparison; empty for anything else."""
    tree = expression(text)
    if not isinstance(tree, ast.Compare):
        return ""
    sides = [tree.left, *tree.comparators]
    chosen = next((side for side in sides if not isinstance(side, ast.Constant)), sides[0])
    return ast.get_source_segment(text, chosen) or ""
