"""A review as GitHub-flavoured Markdown, for a pull request; nothing of the program is markup."""

from __future__ import annotations

from collections.abc import Iterator

from codeassist.messages import Catalogue, catalogue
from codeassist.records.report import Finding
from codeassist.records.review import Review
from codeassist.records.text import inert
from codeassist.rendering.review_json import relative
from codeassist.rendering.review_terminal import words

_SIGNS = {"error": "🔴", "warning": "🟠", "note": "🔵"}


def render(review: Review) -> Iterator[str]:
    """A heading, a list of findings with their counterexamples, a table of functions."""
    say = catalogue(review.lang)
    yield f"### {_text(say('review.head', title=review.title))}\n\n"
    for found in review.findings:
        yield from _finding(found, review, say)
    if not review.findings:
        yield f"{say('review.none')}\n\n"
    if review.functions:
        yield f"| {say('review.functions')} | |\n| --- | --- |\n"
        for verdict in review.functions:
            yield f"| {_code_cell(verdict.function)} | {_cell(words(verdict, say))} |\n"
        yield "\n"
    for notice in review.notices:
        place = f"{code(notice.path)}: " if notice.path else ""
        yield f"- {place}{_text(notice.message)}\n"


def _finding(found: Finding, review: Review, say: Catalogue) -> Iterator[str]:
    place = code(f"{relative(found.path, review.root)}:{found.line}")
    level = say(f"review.level.{found.level}")
    yield f"- {_SIGNS[found.level]} **{level}** {code(found.rule)} {place} {code(found.function)}\n"
    shown = found.counterexample
    if not shown:
        yield f"  {_text(found.message)}\n\n"
        return
    if found.rule not in ("result-differs", "new-exception", "exception-differs", "hangs"):
        yield f"\n  {_text(found.message.replace('`', chr(39)))}\n"
    heads = [say(f"review.column.{name}") for name in ("call", "old", "new")]
    yield f"\n  | {' | '.join(heads)} |\n  | --- | --- | --- |\n"
    yield f"  | {' | '.join(_code_cell(shown[name]) for name in ('call', 'old', 'new'))} |\n\n"


def code(text: str) -> str:
    """A code span, with as many backquotes as it takes."""
    text = inert(text.replace("\n", " ")) or " "
    fence = "`"
    while fence in text:
        fence += "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _code_cell(text: str) -> str:
    return code(text).replace("|", "\\|")


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


def _text(text: str) -> str:
    """Text in which nothing is markup."""
    for character in "\\`*_[]<>#@&!~":
        text = text.replace(character, "\\" + character)
    return inert(text.replace("\n", " "))
