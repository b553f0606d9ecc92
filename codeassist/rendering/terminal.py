"""A report on a terminal: titles on the left, facts in columns, what the judge said on the right."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from codeassist.messages import Catalogue, catalogue
from codeassist.records.answer import Table
from codeassist.records.report import Explanation, Overview, Report, SettledSection
from codeassist.records.text import inert
from codeassist.rendering import source
from codeassist.rendering.marks import Mark, Marks, doubt
from codeassist.rendering.report import in_order, opening
from codeassist.rendering.trace_terminal import cells, clip, squeeze

MARGIN = 13
"""columns of the section titles"""
NARROWEST = 48
LEAD = 13
"""columns of line number and count beside the source"""
MOST_LINES = 80
"""source lines that are shown; of a longer function only those with something to say"""
STYLES = {"title": "1", "name": "1;36", "code": "36", "good": "32", "open": "33", "dim": "2", "head": "4"}


def render(report: Report, *, width: int = 100, color: bool = False) -> str:
    """The report in lines of at most `width` columns, except where a word alone is wider."""
    page = _Page(max(width, NARROWEST), color, catalogue(report.lang))
    return "".join(line.rstrip() + "\n" for line in page.report(report))


def untitled(
    section: SettledSection, marks: Marks, *, width: int, color: bool, text: Catalogue
) -> Iterator[str]:
    """The lines of one section that stands alone, without title and margin."""
    page = _Page(max(width, NARROWEST) + MARGIN, color, text)
    yield from (line.removeprefix(" " * MARGIN) for line in page.section(replace(section, title=""), marks))


class _Page:
    """Width, colour and language of one rendering."""

    def __init__(self, width: int, color: bool, text: Catalogue) -> None:
        self.width, self.color, self.text = width, color, text

    def report(self, report: Report) -> Iterator[str]:
        if report.overview is not None:
            yield from self.overview(report.overview)
        for number, explanation in enumerate(report.explanations):
            if number or report.overview is not None:
                yield ""
                yield self.paint("─" * self.width, "dim")
            yield from self.explanation(explanation)
        if report.notices:
            yield ""
        for notice in report.notices:
            where = (
                f"{notice.path}:{notice.line}: " if notice.line else f"{notice.path}: " if notice.path else ""
            )
            yield from self.wrapped(f"! {where}{notice.message}", "", 2, "open")
        if report.interrupted:
            yield self.paint(self.text("report.interrupted"), "open")

    def overview(self, overview: Overview) -> Iterator[str]:
        yield self.paint(inert(overview.title), "name")
        if overview.purpose:
            yield from self.wrapped(overview.purpose, "", 0)
        if overview.entry_points:
            yield ""
            yield from self.labelled(self.text("overview.entry"), ", ".join(overview.entry_points))
        if overview.reading_order:
            yield ""
        names = [inert(entry.function.qualname) for entry in overview.reading_order]
        room = min(max((cells(name) for name in names), default=0), 32)
        for number, entry in enumerate(overview.reading_order):
            title = self.text("overview.order") if not number else ""
            lead = self.title(title) + self.paint(self.pad(clip(names[number], room), room), "code") + "  "
            lines = self.fill(entry.text, self.width - MARGIN - room - 2)
            yield from self.hang(lead, lines, MARGIN + room + 2)

    def explanation(self, explanation: Explanation) -> Iterator[str]:
        marks = Marks(explanation)
        yield self.heading(explanation)
        for number, sentence in enumerate(opening(explanation)):
            mark = marks.of(sentence.claims, sentence.status)
            yield from self.wrapped(sentence.text, self.mark(mark), 0 if not number else 2, mark=mark)
        if explanation.is_static:
            yield self.paint(self.text("report.static"), "dim")
        for section in in_order(explanation):
            lines = list(self.source(explanation) if section is None else self.section(section, marks))
            if lines:
                yield ""
                yield from lines

    def heading(self, explanation: Explanation) -> str:
        """Signature on the left, place and algorithm on the right."""
        place = f"{explanation.function.path.rpartition('/')[2]}:{explanation.line}"
        known = explanation.algorithm or {}
        right = "   ".join(inert(str(part)) for part in (place, known.get("name")) if part)
        left = clip(inert(explanation.signature), max(self.width - cells(right) - 2, 20))
        space = max(self.width - cells(left) - cells(right), 2)
        return self.paint(left, "name") + " " * space + self.paint(right, "dim")

    def section(self, section: SettledSection, marks: Marks) -> Iterator[str]:
        """Sentences, then tables; the title stands beside the first line."""
        lines = [*self.sentences(section, marks)]
        for number, table in enumerate(section.tables):
            if table.columns == ("mermaid",):
                continue
            block = list(self.plain(table, marks) if not any(table.columns) else self.grid(table, marks))
            lines += ["", *block] if number and any(table.columns) and block else block
        for number, line in enumerate(lines):
            yield (self.title(section.title) if not number else " " * MARGIN) + line

    def sentences(self, section: SettledSection, marks: Marks) -> Iterator[str]:
        for sentence in section.sentences:
            mark = marks.of(sentence.claims, sentence.status)
            yield from self.beside(self.fill(sentence.text, self.room(self.mark(mark))), mark)

    def plain(self, table: Table, marks: Marks) -> Iterator[str]:
        """Rows of label and text; the last column wraps."""
        for number, (row, widths) in enumerate(self.measured(table)):
            claims = table.claims[number] if number < len(table.claims) else ()
            mark = marks.of(claims)
            used = sum(widths) + 2 * len(widths)
            heads = [self.folded(cell, size) for cell, size in zip(row[:-1], widths, strict=True)]
            lines = self.fill(row[-1], max(self.room(self.mark(mark)) - used, 16))
            lines += [""] * (max(map(len, heads), default=0) - len(lines))
            for line_number, line in enumerate(self.beside(lines, mark, used)):
                yield self.labels(heads, widths, line_number) + line

    def folded(self, cell: str, size: int) -> list[str]:
        """A label in lines of its column; what fits stays as it is, its leading blanks too."""
        text = self.bare(cell)
        return [text] if cells(text) <= size else [clip(line, size) for line in self.fill(text, size, False)]

    def labels(self, heads: Sequence[list[str]], widths: Sequence[int], number: int) -> str:
        parts = [lines[number] if number < len(lines) else "" for lines in heads]
        return "".join(
            self.paint(self.pad(part, width), "code") + "  "
            for part, width in zip(parts, widths, strict=True)
        )

    def measured(self, table: Table) -> Iterator[tuple[tuple[str, ...], list[int]]]:
        count = len(table.columns) - 1
        wanted = [max(cells(self.bare(row[n])) for row in table.rows) for n in range(count + 1)]
        available = self.width - MARGIN - 14 - min(wanted[-1], 36) - 2 * count
        widths = wanted[:-1]
        while sum(widths) > available and max(widths, default=0) > 8:
            widths[widths.index(max(widths))] -= 1
        for row in table.rows:
            yield row, widths

    def grid(self, table: Table, marks: Marks) -> Iterator[str]:
        """A table with headings; columns too wide for the terminal give way, the widest first."""
        if table.caption:
            yield from (
                self.paint(line, "dim") for line in self.fill(table.caption, self.width - MARGIN, False)
            )
        rows = [tuple(self.bare(cell) for cell in row) for row in table.rows]
        heads = tuple(self.bare(head) for head in table.columns)
        heads, rows = self.lightened(heads, rows)
        widths = self.shrunk([max(cells(row[n]) for row in (heads, *rows)) for n in range(len(heads))])
        yield self.paint(self.row(heads, widths), "title")
        for number, row in enumerate(rows):
            claims = table.claims[number] if number < len(table.claims) else ()
            doubt = "  ?" if marks.of(claims).status == "unchecked" else ""
            yield self.row(row, widths) + self.paint(doubt, "open")

    def lightened(
        self, heads: tuple[str, ...], rows: list[tuple[str, ...]]
    ) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Where the columns do not fit, tests without their operands, the widest first: the outcome stays."""
        room = self.width - MARGIN - 2 * (len(heads) - 1)
        wide = [max(cells(row[n]) for row in (heads, *rows)) for n in range(len(heads))]
        tests = [n for n in range(len(heads)) if any(row[n].endswith(_OUTCOMES) for row in rows)]
        for number in sorted(tests, key=lambda n: -wide[n]):
            if sum(min(width, _EASY) for width in wide) <= room:
                break
            rows = [
                (*row[:number], row[number].rpartition("  ")[2], *row[number + 1 :])
                if row[number].endswith(_OUTCOMES)
                else row
                for row in rows
            ]
            wide[number] = min(cells(heads[number]), _HEAD)
            heads = (*heads[:number], clip(heads[number], _HEAD), *heads[number + 1 :])
        return heads, rows

    def shrunk(self, widths: list[int]) -> list[int]:
        available = self.width - MARGIN - 2 * (len(widths) - 1)
        while sum(widths) > available and max(widths) > 3:
            widths[widths.index(max(widths))] -= 1
        return widths

    def row(self, row: Sequence[str], widths: Sequence[int]) -> str:
        return "  ".join(self.pad(_shorten(c, w), w) for c, w in zip(row, widths, strict=True)).rstrip()

    def source(self, explanation: Explanation) -> Iterator[str]:
        """Numbered lines with the count of steps, notes in the margin on the right."""
        lines = source.shown(explanation.source)
        notes = {note.line: note for note in explanation.annotations}
        if len(lines) > MOST_LINES:
            lines = [line for line in lines if line.number in notes]
        if not lines:
            return
        title = self.text("title.annotations")
        texts = [inert(line.text.expandtabs(4)) for line in lines]
        room, space = self.columns(texts, [self.bare(note.text) for note in notes.values()])
        for number, (line, text) in enumerate(zip(lines, texts, strict=True)):
            count = "" if line.count is None or explanation.is_static else f"{line.count}×"
            lead = self.title(title if not number else "") + self.paint(
                f"{line.number:>4} {count:>6}  ", "dim"
            )
            note = notes.get(line.number)
            told = self.note(note.text, space, "good" if line.count else "open") if note else ""
            if told and room:
                yield lead + self.pad(clip(text, room), room) + "  " + told
            else:
                yield lead + clip(text, self.width - MARGIN - LEAD)
                yield from [" " * (MARGIN + LEAD) + told] if told else []

    def columns(self, texts: Sequence[str], notes: Sequence[str]) -> tuple[int, int]:
        """Columns for source and for notes beside it; no room means: notes go below their lines."""
        available = self.width - MARGIN - LEAD
        longest = max(cells(text) for text in texts)
        wanted = min(max((cells(note) for note in notes), default=0) + 2, 32)
        room = min(longest, available - wanted - 2)
        return (room, available - room - 2) if room >= min(longest, 36) else (0, available)

    def note(self, text: str, space: int, style: str) -> str:
        return self.paint("← " + clip(self.bare(text), space - 2), style)

    def mark(self, mark: Mark) -> str:
        """`✓ 12 runs`, `?`, or nothing."""
        if mark.status == "verified":
            return f"✓ {self.text('mark.runs', count=mark.runs)}" if mark.runs > 1 else "✓"
        return {"unchecked": f"? {doubt(mark, self.text)}", "opinion": self.text("mark.opinion")}.get(
            mark.status, ""
        )

    def room(self, mark: str) -> int:
        """Columns for text between the titles and the mark."""
        return self.width - MARGIN - (self.mark_column(mark) + 2 if mark else 0)

    def mark_column(self, mark: str) -> int:
        """Columns for a mark: all begin at the same place where they fit."""
        return max(cells(mark), 10)

    def beside(self, lines: list[str], mark: Mark, used: int = 0) -> Iterator[str]:
        """Lines with the mark on the right of the first."""
        told = self.mark(mark)
        for number, line in enumerate(lines):
            space = self.width - MARGIN - used - cells(_plain(line)) - self.mark_column(told)
            yield line if number or not told else line + " " * max(space, 2) + self.marked(told, mark)

    def marked(self, told: str, mark: Mark) -> str:
        return self.paint(told, "good" if mark.status == "verified" else "open")

    def wrapped(
        self, text: str, told: str, indent: int, style: str = "", mark: Mark | None = None
    ) -> Iterator[str]:
        """Text over the whole width, its mark at the right of its last line or below it."""
        lines = [" " * indent + line for line in self.fill(text, self.width - indent, not style)]
        if told and lines:
            at = self.width - self.mark_column(told)
            if cells(_plain(lines[-1])) + 2 > at:
                lines.append("")
            lines[-1] += " " * (at - cells(_plain(lines[-1]))) + self.marked(told, mark or Mark())
        yield from (self.paint(line, style) if style else line for line in lines)

    def labelled(self, title: str, text: str) -> Iterator[str]:
        yield from self.hang(self.title(title), self.fill(text, self.width - MARGIN), MARGIN)

    def hang(self, lead: str, lines: list[str], indent: int) -> Iterator[str]:
        for number, line in enumerate(lines or [""]):
            yield (lead if not number else " " * indent) + line

    def fill(self, text: str, width: int, colored: bool = True) -> list[str]:
        """Inert text in lines; fragments of code coloured, their backticks gone."""
        flat = inert(" ".join(text.split()))
        lines = _wrap(flat.replace("`", "") if not (self.color and colored) else flat, width)
        if not (self.color and colored):
            return lines
        inside, painted = False, []
        for line in lines:
            parts = line.split("`")
            shown = []
            for number, part in enumerate(parts):
                if number:
                    inside = not inside
                shown.append(self.paint(part, "code") if inside else part)
            painted.append("".join(shown))
        return painted

    def bare(self, text: str) -> str:
        """Inert text of a cell without the marks of code; its leading blanks stay."""
        return inert(text.replace("\n", " ")).replace("`", "")

    def title(self, text: str) -> str:
        return self.paint(self.pad(clip(inert(text), MARGIN - 1), MARGIN), "title") if text else " " * MARGIN

    def pad(self, text: str, width: int) -> str:
        return text + " " * max(width - cells(text), 0)

    def paint(self, text: str, style: str) -> str:
        code = STYLES.get(style)
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and code and text.strip() else text


_OUTCOMES = ("  True", "  False")
_HEAD = 20
"""columns of the heading of a test that is shown without its operands"""
_EASY = 30
"""columns that a cell is given before others lose something for it"""
_SGR = re.compile(r"\x1b\[[0-9;]*m")


def _shorten(cell: str, width: int) -> str:
    """A cell cut to `width`; the outcome of a test, which stands behind two blanks, is never cut."""
    body, gap, outcome = cell.rpartition("  ")
    if gap and body.strip() and cells(cell) > width > cells(outcome) + 6:
        return clip(body, width - cells(outcome) - 2) + gap + outcome
    return squeeze(cell, width)


def _plain(text: str) -> str:
    return _SGR.sub("", text).replace("`", "")


_CLOSERS = "[，。、；：？！）]*"
"""punctuation that must not begin a line"""


def _wrap(text: str, width: int) -> list[str]:
    """Words in lines of at most `width` columns; wide characters may break anywhere."""
    if text.isascii():
        return textwrap.wrap(text, width, break_on_hyphens=False) or [""]
    lines, current = [], ""
    for piece in re.findall(rf"[\u2e80-\uffef]{_CLOSERS}|[^\s\u2e80-\uffef]+{_CLOSERS}|\s+", text):
        if current.strip() and cells(current + piece.rstrip()) > width:
            lines.append(current.rstrip())
            current = ""
        current += piece if current or not piece.isspace() else ""
    return [*lines, current.rstrip()] if current.strip() or not lines else lines
