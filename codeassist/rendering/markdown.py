"""A report as GitHub-flavoured Markdown, in which nothing of the program is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codeassist.messages import Catalogue, catalogue
from codeassist.records.answer import Table
from codeassist.records.report import Explanation, Overview, Report, SettledSection
from codeassist.records.text import inert
from codeassist.rendering import source
from codeassist.rendering.marks import Mark, Marks, doubt
from codeassist.rendering.report import in_order, opening
from codeassist.rendering.trace_markdown import code, escape

MOST_LINES = 150


def render(report: Report, *, width: int = 100, color: bool = False) -> str:
    """The report; `width` and `color` mean nothing here."""
    text = catalogue(report.lang)
    blocks = list(_overview(report.overview, text)) if report.overview is not None else []
    for explanation in report.explanations:
        blocks += _explanation(explanation, text)
    if report.notices:
        blocks.append(f"## {text('report.notices')}")
        blocks.append("\n".join(f"- {_where(n.path, n.line)}{escape(n.message)}" for n in report.notices))
    if report.interrupted:
        blocks.append(f"> {text('report.interrupted')}")
    return "\n\n".join(blocks) + "\n"


def _where(path: str, line: int) -> str:
    return f"{code(f'{path}:{line}' if line else path)}: " if path else ""


def _overview(overview: Overview, text: Catalogue) -> Iterator[str]:
    yield f"# {escape(overview.title)}"
    if overview.purpose:
        yield prose(overview.purpose)
    if overview.entry_points:
        yield f"**{text('overview.entry')}:** " + ", ".join(code(name) for name in overview.entry_points)
    if overview.reading_order:
        yield f"## {text('overview.order')}"
        yield "\n".join(
            f"{number}. {code(entry.function.qualname)}: {prose(entry.text)}"
            for number, entry in enumerate(overview.reading_order, 1)
        )


def _explanation(explanation: Explanation, text: Catalogue) -> Iterator[str]:
    marks = Marks(explanation)
    yield f"## {code(explanation.signature)}"
    known = (explanation.algorithm or {}).get("name")
    place = f"{explanation.function.path.rpartition('/')[2]}:{explanation.line}"
    yield " · ".join([code(place), *([escape(str(known))] if known else [])])
    for sentence in opening(explanation):
        yield prose(sentence.text) + _mark(marks.of(sentence.claims, sentence.status), text)
    if explanation.is_static:
        yield f"*{text('report.static')}*"
    for section in in_order(explanation):
        if section is None:
            yield from _source(explanation, text)
        else:
            yield f"### {escape(section.title)}"
            yield from _section(section, marks, text)


def _section(section: SettledSection, marks: Marks, text: Catalogue) -> Iterator[str]:
    if section.sentences:
        yield "\n\n".join(
            prose(s.text) + _mark(marks.of(s.claims, s.status), text) for s in section.sentences
        )
    for table in section.tables:
        if table.columns == ("mermaid",):
            yield _fenced("mermaid", table.rows[0][0])
        elif any(table.columns):
            yield _table(table)
        else:
            yield _list(table, marks, text)


def _list(table: Table, marks: Marks, text: Catalogue) -> str:
    """Rows of label and text as a list."""
    lines = []
    for number, row in enumerate(table.rows):
        claims = table.claims[number] if number < len(table.claims) else ()
        *labels, said = row
        depth = (len(labels[0]) - len(labels[0].lstrip())) if labels else 0
        head = ", ".join(_label(label) for label in labels if label.strip())
        lines.append(f"{' ' * depth}- {head}: {prose(said)}{_mark(marks.of(claims), text)}")
    return "\n".join(lines)


def _label(label: str) -> str:
    return prose(label.strip()) if "`" in label else f"**{escape(label.strip())}**"


def _table(table: Table) -> str:
    heads = "| " + " | ".join(_cell(head) for head in table.columns) + " |"
    rule = "| " + " | ".join("---" for _ in table.columns) + " |"
    rows = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in table.rows]
    grid = "\n".join([heads, rule, *rows])
    return f"{prose(table.caption)}\n\n{grid}" if table.caption else grid


def _cell(text: str) -> str:
    """A cell; leading blanks are kept, since they show the depth of a call."""
    body = text.lstrip(" ")
    return "&nbsp;" * (len(text) - len(body)) + prose(body).replace("\n", " ")


def _source(explanation: Explanation, text: Catalogue) -> Iterator[str]:
    """The lines with counts and notes as comments; nothing where no run stands behind them."""
    lines = source.shown(explanation.source)
    if not lines or len(lines) > MOST_LINES:
        return
    notes = {note.line: note.text.replace("`", "") for note in explanation.annotations}
    width = min(max(len(line.text) for line in lines), 72)
    shown = []
    for line in lines:
        count = "" if line.count is None else f"{line.count}×"
        note = f"  # {notes[line.number]}" if line.number in notes else ""
        shown.append(f"{line.number:>4} {count:>5}  {line.text:<{width if note else 0}}{note}".rstrip())
    yield f"### {text('title.annotations')}"
    yield _fenced("text", "\n".join(shown))


def _fenced(language: str, content: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", content)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{inert(content, keep=chr(10))}\n{fence}"


def prose(text: str) -> str:
    """A sentence: what stands between backticks becomes code, all the rest is escaped."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # an odd backtick is one of the text
        return escape(text)
    return "".join(code(part) if n % 2 and part else escape(part) for n, part in enumerate(parts))


def _mark(mark: Mark, text: Catalogue) -> str:
    if mark.status == "verified":
        return f" ✓ {text('mark.runs', count=mark.runs)}" if mark.runs > 1 else " ✓"
    return {"unchecked": f" *(? {doubt(mark, text)})*", "opinion": f" *({text('mark.opinion')})*"}.get(
        mark.status, ""
    )
