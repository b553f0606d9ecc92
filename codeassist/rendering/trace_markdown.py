"""A trace as Markdown: one table of steps, with the program's output where it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codeassist.records.report import TraceView
from codeassist.records.text import inert
from codeassist.rendering.trace_rows import Note, Row, rows
from codeassist.rendering.trace_title import closing, subtitle, title

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!~])")


def render_markdown(view: TraceView) -> Iterator[str]:
    """GitHub-flavoured Markdown in which nothing of the program is markup."""
    left, (right, _) = title(view)
    yield f"## {code(left)} {escape(right)}\n\n{escape(subtitle(view))}\n\n"
    yield "| step | line | source | what happens |\n| ---: | ---: | --- | --- |\n"
    for row in rows(view):
        yield _row(row)
    for text, _ in closing(view):
        yield f"\n> {escape(text)}\n"


def _row(row: Row) -> str:
    step = "" if row.step is None else str(row.step)
    line = "" if row.line is None else str(row.line)
    if row.kind == "thread":
        return f"| | | **{escape(row.code)}** | |\n"
    if row.kind == "output":
        return f"| | | {row.notes[0].text} | {code(row.code)} |\n"
    turn = f"turn {row.turn}: " if row.turn is not None else ""
    happened = turn + ", ".join(_note(note) for note in row.notes)
    indent = "│ " * row.depth
    return f"| {step} | {line} | {code(indent + row.code) if row.code else ''} | {happened} |\n"


def _note(note: Note) -> str:
    if note.style == "dim":
        return escape(note.text)
    shown = code(note.text)
    return f"**{shown}**" if note.style in ("value", "returns", "raises") else shown


def code(text: str) -> str:
    """`text` as a code span inside a table cell; leading blanks kept."""
    text = inert(text)
    body = text.lstrip(" ")
    text = "\u00a0" * (len(text) - len(body)) + body.replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def escape(text: str) -> str:
    """`text` with everything escaped that Markdown or HTML would read as markup."""
    return _SPECIAL.sub(r"\\\1", inert(text)).replace("&", "&amp;").replace("@", "&#64;")
